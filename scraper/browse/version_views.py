"""Superseded versions: the search for deleted text, each version's page, permanent addresses."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from datasette.utils import tilde_decode
from datasette.utils.asgi import NotFound, Response

from scraper.archive.article import find_articles
from scraper.archive.revision_index import MOST_REVISIONS
from scraper.browse.archive_database import cached, query
from scraper.browse.downloads import Listing, search_download
from scraper.browse.file_views import count_files
from scraper.browse.html_page import QUESTION_ERRORS, html_page, problem_of
from scraper.browse.permalinks import PERMALINK, absolute_address, at
from scraper.browse.search import (
    HITS_PER_PAGE,
    SearchQuery,
    explanation_of,
    is_whole,
    page_size,
    searched_words,
)
from scraper.browse.version_page import find_version, read_version, version_permalink
from scraper.search.versions import VersionHit, all_versions, current_matches, search_versions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datasette.app import Datasette
    from datasette.utils.asgi import AsgiStream, Request
    from sqlite_utils import Database

    from scraper.archive.versions import Row
    from scraper.search.engine import Results

CHOSEN = "&versions=1"
_BY_NUMBER = (
    "SELECT url FROM articles WHERE site = ? AND layout = ? AND site_id = ? ORDER BY language DESC"
)
_ROWS = """
    SELECT r.article_id AS id, a.url, a.site_id, r.published_on,
           a.ministry, a.category, a.first_seen_at, a.changed_at, r.revision, r.seen_at, c.digest,
           r.title
    FROM article_revisions r JOIN articles a ON a.id = r.article_id
    JOIN captures c ON c.id = r.capture_id WHERE (r.article_id, r.revision) IN (VALUES {})
"""
NO_VERSION = "ไม่มีฉบับนี้ในคลัง · No such version in this archive"


@dataclass(frozen=True)
class FoundVersions:
    """One page of versions, and what the search words mean, in Thai, unless that is plain."""

    results: Results
    explanation: str = ""


def find_versions(db: Database, search_query: SearchQuery, limit: int) -> Results:
    """Return the superseded versions of one page.

    Raises:
        QueryError: as for ``search_versions``.
        DayError: a date is invalid.
    """
    return search_versions(
        db,
        search_query.q or None,
        search_query.filters(),
        limit=limit,
        offset=0 if search_query.after else (search_query.page - 1) * limit,
        after=search_query.after or None,
    )


def read_versions(
    db: Database, search_query: SearchQuery, numbers: Sequence[int]
) -> dict[int, Row]:
    """Return the rows of some superseded versions, with the path of their ``page``, by number.

    Args:
        db: the archive.
        search_query: by which they were found.
        numbers: from ``all_versions``.
    """
    keys = ", ".join(str(divmod(number, MOST_REVISIONS)) for number in numbers)
    rows = list(db.query(_ROWS.format(keys)))
    current = current_matches(db, search_query.q or None, [row["id"] for row in rows])
    return {
        row["id"] * MOST_REVISIONS + row["revision"]: {
            **row,
            "article_id": row["id"],
            "is_current": row["id"] in current,
            "page": version_permalink(row["url"], row["digest"]),
        }
        for row in rows
    }


VERSIONS = Listing(
    "thaigov-versions",
    {"versions": "1"},
    ("article_id", "revision", "seen_at", "is_current", "published_on", "title", "page"),
    ("page",),
    has_marked_title=True,
    find=lambda db, asked: all_versions(db, asked.q or None, asked.filters()),
    read=read_versions,
)


async def versions(request: Request, datasette: Datasette) -> Response | AsgiStream:
    """Serve ``/-/search?versions=1``, as HTML, JSON or CSV."""
    search_query = SearchQuery.read(request.args)
    wanted = request.url_vars["format"]
    limit = page_size(request.args) if wanted else HITS_PER_PAGE
    context: dict[str, Any] = {"search_query": search_query, "chosen": CHOSEN}
    status = 200
    try:
        if wanted and is_whole(request.args, wanted):
            return await search_download(datasette, request, search_query, wanted, VERSIONS)
        results = await cached(datasette, find_versions, search_query, limit)
        context["found"] = FoundVersions(results, explanation_of(search_query))
        context["files"] = await count_files(datasette, search_query)
    except QUESTION_ERRORS as error:
        context["problem"], status = problem_of(error)
    if not wanted:
        return await html_page(datasette, request, "versions.html", context, status)
    if status != 200:
        return Response.json({"ok": False, "error": context["problem"]}, status=status)
    return _page_of_versions(datasette, request, search_query, results)


def _page_of_versions(
    site: Datasette, request: Request, search_query: SearchQuery, results: Results
) -> Response:
    absolute = partial(absolute_address, site, request)

    hits = [
        {**asdict(hit), "page": absolute(version_permalink(hit.url, hit.digest))}
        for hit in results.hits
        if isinstance(hit, VersionHit)
    ]
    following = f"/-/search.json{search_query.query_string(after=results.next)}{CHOSEN}"
    return Response.json(
        {
            "ok": True,
            **search_query.described(),
            "versions": "1",
            "searched": searched_words(search_query),
            "total": results.total,
            "hits": hits,
            "next": results.next,
            "next_url": absolute(f"{following}&size={len(hits)}") if results.next else None,
        }
    )


async def version(request: Request, datasette: Datasette) -> Response:
    """Serve the page of a superseded version; that of the present one is the article's."""
    if tilde_decode(request.url_vars["database"]) != datasette.get_database().route:
        raise NotFound("Database not found")
    article_id, revision = (int(request.url_vars[name]) for name in ("id", "revision"))
    q = (request.args.get("q") or "").strip()
    page = await cached(datasette, read_version, article_id, revision, q)
    if page is None:
        raise NotFound(NO_VERSION)
    permanent = version_permalink(page.article["url"], page.capture["digest"])
    context = {
        "page": page,
        "q": q,
        "permalink": datasette.absolute_url(request, datasette.urls.path(permanent)),
    }
    return await html_page(datasette, request, "version.html", context)


async def at_version(request: Request, datasette: Datasette) -> Response:
    """Redirect the permanent address of a version to its page, or to that of its article."""
    parts: dict[str, str] = request.url_vars
    found = await query(
        datasette, _version_at, parts["site"], parts["layout"], parts["number"], parts["digest"]
    )
    return _redirect(datasette, found)


async def at_address(request: Request, datasette: Datasette) -> Response:
    """Redirect ``/-/at?url=…&digest=…`` to a version; without a digest, to the article."""
    digest = request.args.get("digest")
    if not digest:
        return await at(request, datasette)
    address = request.args.get("url") or ""
    return _redirect(datasette, await query(datasette, version_by_address, address, digest))


def _redirect(site: Datasette, found: tuple[int, int, bool] | None) -> Response:
    if found is None:
        raise NotFound(NO_VERSION)
    article_id, revision, is_superseded = found
    path = str(site.urls.row(site.get_database().name, "articles", str(article_id)))
    return Response.redirect(f"{path}/versions/{revision}" if is_superseded else path)


def _version_at(
    db: Database, site: str, layout: str, number: str, digest: str
) -> tuple[int, int, bool] | None:
    urls = [row[0] for row in db.execute(_BY_NUMBER, [site, layout, number])]
    return next(filter(None, (_version_of(db, url, digest) for url in urls)), None)


def version_by_address(db: Database, address: str, digest: str) -> tuple[int, int, bool] | None:
    """Return id, version and whether it is superseded, given any form of an article's address."""
    urls = [row["url"] for row in find_articles(db, address)]
    return next(filter(None, (_version_of(db, url, digest) for url in urls)), None)


def _version_of(db: Database, url: str, digest: str) -> tuple[int, int, bool] | None:
    if (found := find_version(db, url, digest)) is None:
        return None
    (last,) = db.execute("SELECT revision FROM articles WHERE url = ?", [url]).fetchone()
    return (*found, found[1] < last)


ROUTES = [
    (r"^/-/at$", at_address),
    (r"^/(?P<database>[^/.]+)/articles/(?P<id>\d{1,18})/versions/(?P<revision>\d{1,9})$", version),
    (f"{PERMALINK.removesuffix('$')}/(?P<digest>[0-9a-f]{{64}})$", at_version),
]
