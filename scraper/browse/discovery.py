"""What other programs ask a site for: robots.txt, sitemap, OpenSearch description, health."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from datasette.utils.asgi import NotFound, Response

from scraper.browse.adoption import adopted
from scraper.browse.archive_database import cached, query
from scraper.browse.http_cache import with_etag
from scraper.browse.permalinks import absolute_address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from datasette.app import Datasette
    from datasette.utils.asgi import Request
    from sqlite_utils import Database

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
PAGES_PER_SITEMAP = 10_000  # by id; the protocol allows 50,000 and 50 MB
LAST = "SELECT max(id) FROM articles"
CHANGES = "SELECT id, changed_at FROM articles WHERE id > ? AND id <= ? ORDER BY id"
OURS = ("/", "/-/search", "/-/dashboard", "/-/tables")


def routes() -> list[tuple[str, Callable[..., Any]]]:
    """Return URL patterns and their views."""
    return [
        (r"^/robots\.txt$", robots),
        (r"^/sitemap(?:-(?P<number>\d{1,9}))?\.xml$", sitemap),
        (r"^/-/opensearch\.xml$", opensearch),
        (r"^/-/healthz$", healthz),
    ]


async def robots(request: Request, datasette: Datasette) -> Response:
    """Serve ``/robots.txt``: disallow all, or only the endless combinations of filters."""
    found = adopted(datasette)
    if found is None or not found.robots:
        return Response.text("User-agent: *\nDisallow: /\n")
    root = datasette.urls.instance()
    closed = "".join(f"Disallow: {root}{path}\n" for path in ("-/", "*?"))
    lists = datasette.absolute_url(request, datasette.urls.path("/sitemap.xml"))
    return Response.text(f"User-agent: *\n{closed}Allow: {root}-/thaigov/\n\nSitemap: {lists}\n")


async def sitemap(request: Request, datasette: Datasette) -> Response:
    """Serve ``/sitemap.xml``: all articles, or for many a list of ``/sitemap-1.xml`` and so on."""
    (last,) = await cached(datasette, _first_row, LAST)
    parts = -(-(last or 0) // PAGES_PER_SITEMAP)
    number = int(request.url_vars["number"] or 0)
    if number > parts or (request.url_vars["number"] and not number):
        raise NotFound("There is no such sitemap")

    absolute = partial(absolute_address, datasette, request)

    if not number and parts > 1:
        files = ((absolute(f"/sitemap-{part}.xml"), None) for part in range(1, parts + 1))
        return _xml(datasette, request, _locations("sitemapindex", "sitemap", files))
    begin = max(number - 1, 0) * PAGES_PER_SITEMAP
    rows = await query(datasette, _all_rows, CHANGES, begin, begin + PAGES_PER_SITEMAP)
    archive = datasette.get_database().route
    pages: list[tuple[str, str | None]] = [] if number > 1 else [(absolute(p), None) for p in OURS]
    pages += [(absolute(f"/{archive}/articles/{row}"), changed) for row, changed in rows]
    return _xml(datasette, request, _locations("urlset", "url", pages))


def _first_row(db: Database, sql: str) -> tuple[Any, ...]:
    row: tuple[Any, ...] = db.execute(sql).fetchone()
    return row


def _all_rows(db: Database, sql: str, *values: int) -> list[tuple[int, str]]:
    return list(db.execute(sql, values))


def _locations(root: str, entry: str, urls: Iterable[tuple[str, str | None]]) -> ET.Element:
    """Return a sitemap: URLs, and when each was changed if that is known."""
    found = ET.Element(root, xmlns=SITEMAP)
    for url, changed in urls:
        one = ET.SubElement(found, entry)
        ET.SubElement(one, "loc").text = url
        if changed:
            ET.SubElement(one, "lastmod").text = changed
    return found


async def opensearch(request: Request, datasette: Datasette) -> Response:
    """Serve ``/-/opensearch.xml``, by which browsers offer the site as a search engine."""
    found = ET.Element("OpenSearchDescription", xmlns=OPENSEARCH)
    for name, text in (
        ("ShortName", "ข่าวรัฐบาลไทย"),  # 16 characters at most
        ("Description", "ค้นข่าวรัฐบาลไทย · Search Thai government news"),
        ("InputEncoding", "UTF-8"),
        ("Language", "th"),
    ):
        ET.SubElement(found, name).text = text
    for kind, path, more in (
        ("text/html", "/-/search", ""),
        ("application/atom+xml", "/-/feed.atom", ""),
        ("application/json", "/-/search.json", "&size={count?}"),
    ):
        page = datasette.absolute_url(request, datasette.urls.path(path))
        template = f"{page}?q={{searchTerms}}{more}"
        ET.SubElement(found, "Url", type=kind, template=template)
    icon = datasette.absolute_url(request, datasette.urls.path("/-/thaigov/icon.svg"))
    ET.SubElement(found, "Image", type="image/svg+xml").text = icon
    return _xml(datasette, request, found, "application/opensearchdescription+xml")


def _xml(
    site: Datasette, request: Request, root: ET.Element, kind: str = "application/xml"
) -> Response:
    body = '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode")
    return with_etag(site, request, Response(body, content_type=f"{kind}; charset=utf-8"))


async def healthz(datasette: Datasette) -> Response:
    """Serve ``/-/healthz``: whether the archive can be read now; status 500 or 503 if not."""
    (last,) = await query(datasette, _first_row, LAST)
    return Response.json({"ok": True, "last_article": last}, headers={"cache-control": "no-store"})
