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
    llms_text,
    query_dates,
    security,
    tables,
    template,
    views,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from types import ModuleType

    from datasette.app import Datasette
    from datasette.filters import FilterArguments
    from datasette.utils.asgi import Request, Response
    from jinja2 import Environment
    from markupsafe import Markup
    from mcp.server.mcpserver import MCPServer

hookimpl = HookimplMarker("datasette")

STATIC = "-/thaigov"  # URL path of our style sheets


def _version() -> str:
    """Return a hash of our static files, for their URLs."""
    files = sorted((Path(__file__).parent / "static").iterdir())
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:8]


def _endpoint(datasette: Datasette) -> ModuleType | None:
    """Return what serves language-model clients; None for a site that does not."""
    if not datasette.plugin_config("thaigov")["mcp"]:
        return None
    from scraper.browse import mcp_endpoint  # noqa: PLC0415 - an extra

    return mcp_endpoint


def mcp_settings() -> dict[str, Any]:
    """Return the settings of datasette-mcp.

    Raises:
        ModuleNotFoundError: it is not installed.
    """
    from scraper.browse import mcp_endpoint  # noqa: PLC0415 - an extra

    return mcp_endpoint.settings()


@hookimpl
def prepare_connection(conn: sqlite3.Connection, datasette: Datasette) -> None:
    """Register our SQL functions."""
    functions.register(conn)
    if endpoint := _endpoint(datasette):
        endpoint.limit_values(conn)


@hookimpl
def prepare_jinja2_environment(env: Environment, datasette: Datasette) -> None:
    """Register our template filters and globals."""
    template.prepare_environment(env, datasette, STATIC, _version())


@hookimpl
def register_routes(datasette: Datasette) -> list[tuple[str, Callable[..., Any]]]:
    """Add our pages, which take precedence over Datasette's."""
    endpoint = _endpoint(datasette)
    others = endpoint.routes(datasette) if endpoint else []
    return [*views.routes(datasette), *llms_text.ROUTES, *others]


@hookimpl
def register_mcp_tools(datasette: Datasette, mcp: MCPServer) -> None:
    """Add the tools of language-model clients."""
    if endpoint := _endpoint(datasette):
        endpoint.register_tools(datasette, mcp)


@hookimpl
def skip_csrf(datasette: Datasette, scope: dict[str, Any]) -> bool:
    """Take requests of language-model clients, which have no form and no cookie."""
    endpoint = _endpoint(datasette)
    return endpoint is not None and endpoint.is_endpoint(scope, datasette)


@hookimpl(trylast=True)  # override Datasette's search, which reports that the table has none
def filters_from_request(
    request: Request, database: str, table: str, datasette: Datasette
) -> FilterArguments | None:
    """Use our query language in the search box of the table of articles."""
    return tables.search_filter(request, database, table, datasette)


@hookimpl
def render_cell(value: Any, column: str, table: str | None, datasette: Datasette) -> Markup | None:
    """Link URLs (without a referrer) and article ids in tables."""
    return tables.linked_cell(value, column, table, datasette)


@hookimpl
def handle_exception(
    datasette: Datasette, request: Request, exception: Exception
) -> Callable[[], Any]:
    """Show our error page."""

    async def respond() -> Response:
        return await views.error(datasette, request, exception)

    return respond


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[security.App], security.App]:
    """Add security and cache headers; reject invalid dates in canned queries."""
    robots = datasette.plugin_config("thaigov")["robots"]
    endpoint = _endpoint(datasette)

    def wrap(app: security.App) -> security.App:
        inner = endpoint.with_sessions(app, datasette) if endpoint else app
        checked = query_dates.refuse_invalid_dates(inner, datasette)
        return security.with_security_headers(http_cache.cache_static_files(checked), robots=robots)

    return wrap
