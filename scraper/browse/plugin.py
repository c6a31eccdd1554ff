"""Datasette's hooks: which function answers which question. The answers are in other modules.

Registered by ``app.make_datasette``, not by an entry point, so that it touches no other Datasette
that happens to be installed beside this program.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pluggy import HookimplMarker

from scraper.browse import functions, http_cache, query_dates, security, tables, template, views

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from datasette.app import Datasette
    from datasette.filters import FilterArguments
    from datasette.utils.asgi import Request, Response
    from jinja2 import Environment
    from markupsafe import Markup

hookimpl = HookimplMarker("datasette")

STATIC = "-/thaigov"  # where our style sheet and script are served


def _version() -> str:
    """Return a name for the state of our static files, so that browsers may keep them."""
    files = sorted((Path(__file__).parent / "static").iterdir())
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:8]


@hookimpl
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Give every connection our SQL functions."""
    functions.register(conn)


@hookimpl
def prepare_jinja2_environment(env: Environment, datasette: Datasette) -> None:
    """Give the templates our filters, and the nonce that the policy asks for."""
    template.prepare_environment(env, datasette, STATIC, _version())


@hookimpl
def register_routes(datasette: Datasette) -> list[tuple[str, Callable[..., Any]]]:
    """Answer our own addresses, before Datasette's."""
    return views.routes(datasette)


@hookimpl(trylast=True)  # Datasette's own search says the table has none; ours has the last word
def filters_from_request(
    request: Request, database: str, table: str, datasette: Datasette
) -> FilterArguments | None:
    """Make the search box on the table of articles understand Thai as it is typed."""
    return tables.search_filter(request, database, table, datasette)


@hookimpl
def render_cell(value: Any, column: str, table: str | None, datasette: Datasette) -> Markup | None:
    """Make addresses in tables links that give nothing away, and ids of articles lead to them."""
    return tables.linked_cell(value, column, table, datasette)


@hookimpl
def handle_exception(
    datasette: Datasette, request: Request, exception: Exception
) -> Callable[[], Any]:
    """Answer errors with a page of ours."""

    async def respond() -> Response:
        return await views.error(datasette, request, exception)

    return respond


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[security.App], security.App]:
    """Put security headers on every answer, and a term on files; refuse unreadable dates."""
    robots = datasette.plugin_config("thaigov")["robots"]
    return lambda app: security.with_security_headers(
        http_cache.cache_static_files(query_dates.refuse_invalid_dates(app, datasette)),
        robots=robots,
    )
