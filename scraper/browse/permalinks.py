"""Addresses of article pages that do not depend on the order of import, /-/at/thaigov/news/12.

The row URL of an article, which they redirect to, contains the archive's own id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from datasette.utils.asgi import NotFound, Response

from scraper.archive.article import find_articles
from scraper.browse.archive_database import query
from scraper.sources import parse_address

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request
    from sqlite_utils import Database

    from scraper.archive.versions import Row

PERMALINK = r"^/-/at/(?P<site>[a-z]+)/(?P<layout>[a-z]+)/(?P<number>\d{1,18})$"
BY_NUMBER = (
    "SELECT id, url, title FROM articles WHERE site = ? AND layout = ? AND site_id = ? "
    "ORDER BY language DESC"
)


def permalink(url: str) -> str:
    """Return the path of an article's permanent address, given its canonical URL."""
    address = parse_address(url)
    if address is None or address.language != "th":
        return "/-/at?" + urlencode({"url": url})
    return f"/-/at/{address.site.slug}/{address.layout}/{address.number}"


def absolute_address(site: Datasette, request: Request, path: str) -> str:
    """Return the absolute URL of a path of the site, which has no base path yet."""
    return str(site.absolute_url(request, site.urls.path(path)))


def absolute_permalink(site: Datasette, request: Request, url: str) -> str:
    """Return the absolute permanent address of an article's page, given its canonical URL."""
    return absolute_address(site, request, permalink(url))


def find_address(db: Database, text: str) -> list[Row]:
    """Return ``id``, ``url`` and ``title`` of the articles with an address or number."""
    given = text.strip()
    is_number = given.isascii() and given.isdigit() and len(given) <= 18
    if not is_number and parse_address(given) is None:
        return []
    return [
        {"id": row["id"], "url": row["url"], "title": row["title"]}
        for row in find_articles(db, given)
    ]


def _find_number(db: Database, *values: str) -> list[Row]:
    return list(db.query(BY_NUMBER, values))


async def at(request: Request, datasette: Datasette) -> Response:
    """Redirect ``/-/at?url=…`` to the page of an article, given any form of its address."""
    found = await query(datasette, find_address, request.args.get("url") or "")
    return _redirect(datasette, found)


async def at_number(request: Request, datasette: Datasette) -> Response:
    """Redirect a permanent address to the page of its article."""
    parts: dict[str, Any] = request.url_vars
    values = (parts["site"], parts["layout"], parts["number"])
    return _redirect(datasette, await query(datasette, _find_number, *values))


def _redirect(site: Datasette, found: list[Row]) -> Response:
    if not found:
        raise NotFound("ไม่มีข่าวนี้ในคลัง · No such article in this archive")
    path = site.urls.row(site.get_database().name, "articles", str(found[0]["id"]))
    return Response.redirect(str(path))
