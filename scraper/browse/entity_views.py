"""The pages of people, agencies, ministries and provinces, and the lists of them all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from datasette.utils.asgi import NotFound, Response

from scraper.browse.archive_database import cached
from scraper.browse.entities import ENTITIES
from scraper.browse.entity_page import read_entity
from scraper.browse.html_page import html_page
from scraper.thai.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable

    from datasette.app import Datasette
    from datasette.utils.asgi import Request
    from sqlite_utils import Database

    from scraper.archive.versions import Row

ROWS_PER_PAGE = 200
_PATHS = {entity.path: entity for entity in ENTITIES.values()}
_PATH = "|".join(_PATHS)


@dataclass(frozen=True)
class EntityList:
    """A page of the list of all entities of a kind.

    Attributes:
        rows: those of this page, most articles first.
        total: how many have the text in their names.
        most: the number of articles of the first of all, for the bars.
        q: the text, in any of their names.
        page, pages: from 1.
    """

    rows: list[Row]
    total: int
    most: int
    q: str
    page: int
    pages: int


def routes() -> list[tuple[str, Callable[..., Any]]]:
    """Return URL patterns and their views."""
    return [
        (rf"^/-/(?P<path>{_PATH})$", entity_list),
        (rf"^/-/(?P<path>{_PATH})/(?P<key>[\w-]+)$", entity_page),
    ]


async def entity_list(request: Request, datasette: Datasette) -> Response:
    """Serve the list of all people, agencies, ministries or provinces."""
    entity = _PATHS[request.url_vars["path"]]
    rows = await cached(datasette, read_entities, entity.facet)
    page = request.args.get("page") or ""
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < 10 else 1
    listed = narrowed(rows, (request.args.get("q") or "").strip(), max(1, number))
    chosen = {name: value for name in ("q", "page") if (value := request.args.get(name))}
    own_query = f"?{urlencode(chosen)}" if chosen else ""
    context = {"entity": entity, "list": listed, "own_query": own_query}
    return await html_page(datasette, request, "entities.html", context)


async def entity_page(request: Request, datasette: Datasette) -> Response:
    """Serve the page of one of them."""
    entity = _PATHS[request.url_vars["path"]]
    page = await cached(datasette, read_entity, entity.facet, request.url_vars["key"])
    if page is None:
        raise NotFound(f"ไม่มีหน้านี้ในคลัง · This archive has nothing at {request.path[:80]}")
    return await html_page(datasette, request, "entity.html", {"page": page, "entity": entity})


def read_entities(db: Database, facet: str) -> list[Row]:
    """Return all entities of a kind, most articles first."""
    return list(db.query(ENTITIES[facet].list_sql))


def narrowed(rows: list[Row], q: str, page: int) -> EntityList:
    """Return a page of those rows whose name, other name or key contains a text."""
    wanted = fold(q)
    found = [row for row in rows if not q or wanted in fold(_names(row))]
    start = (page - 1) * ROWS_PER_PAGE
    return EntityList(
        rows=found[start : start + ROWS_PER_PAGE],
        total=len(found),
        most=rows[0]["articles"] if rows else 0,
        q=q,
        page=page,
        pages=-(-len(found) // ROWS_PER_PAGE),
    )


def _names(row: Row) -> str:
    return " ".join(str(row.get(name) or "") for name in ("name", "name_en", "note", "key"))
