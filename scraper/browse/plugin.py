"""Datasette's plugin hooks, which only call functions of other modules.

Registered by ``app.make_datasette`` rather than by an entry point, so that other Datasettes in the
same environment are not affected.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pluggy import HookimplMarker

from scraper.browse import (
    functions,
    http_cache,
    query_dates,
    responses,
    security,
    tables,
    template,
    views,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from datasette.app import Datasette
    from datasette.filters import FilterArguments
    from datasette.utils.asgi import Request, Response
    from jinja2 import Environment
    from markupsafe import Markup

hookimpl = HookimplMarker("datasette")

STATIC = "-/thaigov"  # URL path of our style sheets


def _version() -> str:
    """Return a hash of our static files, for their URLs."""
    files = sorted((Path(__file__).parent / "static").iterdir())
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:8]


@hookimpl
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Register our SQL functions."""
    functions.register(conn)


@hookimpl
def prepare_jinja2_environment(env: Environment, datasette: Datasette) -> None:
    """Register our template filters and globals."""
    template.prepare_environment(env, datasette, STATIC, _version())


@hookimpl
def register_routes(datasette: Datasette) -> list[tuple[str, Callable[..., Any]]]:
    """Add our pages, which take precedence over Datasette's."""
    return views.routes(datasette)


@hookimpl(trylast=True)  # override Datasette's search, which reports that the table has none
def filters_from_request(
    request: Request, database: str, table: str, datasette: Datasette
) -> FilterArguments | None:
    """Use our query language in the search box of the table of articles."""
    return tables.search_filter(request, database, table, datasette)


@hookimpl
def render_cell(
    row: Any, value: Any, column: str, table: str | None, datasette: Datasette
) -> Markup | None:
    """Link URLs (without a referrer), article ids, people, agencies and the like in tables."""
    named = tables.entity_cell(row, value, column, table, datasette)
    return named or tables.linked_cell(value, column, table, datasette)


@hookimpl
def handle_exception(
    datasette: Datasette, request: Request, exception: Exception
) -> Callable[[], Any]:
    """Show our error page."""

    async def respond() -> Response:
        return await responses.error_page(datasette, request, exception)

    return respond


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[security.App], security.App]:
    """Add security and cache headers; reject invalid dates in canned queries."""
    robots = datasette.plugin_config("thaigov")["robots"]
    return lambda app: security.with_security_headers(
        http_cache.cache_static_files(query_dates.refuse_invalid_dates(app, datasette)),
        robots=robots,
    )
