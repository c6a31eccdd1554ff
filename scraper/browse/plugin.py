"""Datasette's plugin hooks, registered by an entry point; ``hooks`` has what they do.

Every Datasette in the environment loads this module. It imports the rest only for one that serves
an archive; all others are left alone. (The rest also imports Datasette, which is not ready while it
loads its plugins.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pluggy import HookimplMarker

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from datasette.app import Datasette
    from datasette.filters import FilterArguments
    from datasette.utils.asgi import Request
    from jinja2 import Environment
    from markupsafe import Markup
    from mcp.server.mcpserver import MCPServer

    from scraper.browse.hooks import Hooks
    from scraper.browse.security import App

hookimpl = HookimplMarker("datasette")


def _hooks(datasette: Datasette) -> Hooks | None:
    """Return what to do for a Datasette; None if it serves no archive."""
    from scraper.browse.adoption import adopted  # noqa: PLC0415 - see above
    from scraper.browse.hooks import Hooks  # noqa: PLC0415

    found = adopted(datasette)
    return Hooks(datasette, found) if found else None


@hookimpl
def prepare_connection(conn: sqlite3.Connection, database: str, datasette: Datasette) -> None:
    """Register our SQL functions with the archive."""
    if hooks := _hooks(datasette):
        hooks.prepare_connection(conn, database)


@hookimpl
def prepare_jinja2_environment(env: Environment, datasette: Datasette) -> None:
    """Register our templates, filters and globals."""
    if hooks := _hooks(datasette):
        hooks.prepare_environment(env)


@hookimpl
def register_routes(datasette: Datasette) -> list[tuple[str, Callable[..., Any]]]:
    """Add our pages, which take precedence over Datasette's."""
    return hooks.routes() if (hooks := _hooks(datasette)) else []


@hookimpl
def register_mcp_tools(datasette: Datasette, mcp: MCPServer) -> None:
    """Add the tools of language-model clients."""
    if (hooks := _hooks(datasette)) and (endpoint := hooks.endpoint):
        endpoint.register_tools(datasette, mcp)


@hookimpl
def skip_csrf(datasette: Datasette, scope: dict[str, Any]) -> bool:
    """Take requests of language-model clients, which have no form and no cookie."""
    hooks = _hooks(datasette)
    endpoint = hooks and hooks.endpoint
    return bool(endpoint and endpoint.is_endpoint(scope, datasette))


@hookimpl(trylast=True)  # override Datasette's search, which reports that the table has none
def filters_from_request(
    request: Request, database: str, table: str, datasette: Datasette
) -> FilterArguments | None:
    """Use our query language in the search box of the table of articles."""
    hooks = _hooks(datasette)
    return hooks.search_filter(request, database, table) if hooks else None


@hookimpl
def render_cell(  # noqa: PLR0913, PLR0917 - Datasette's
    row: Any, value: Any, column: str, table: str | None, database: str, datasette: Datasette
) -> Markup | None:
    """Link URLs (without a referrer), article ids, people, agencies and the like in tables."""
    hooks = _hooks(datasette)
    return hooks.linked_cell(row, value, column, table, database) if hooks else None


@hookimpl
def handle_exception(
    datasette: Datasette, request: Request, exception: Exception
) -> Callable[[], Any] | None:
    """Show our error page."""
    hooks = _hooks(datasette)
    return hooks.error_page(request, exception) if hooks else None


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[App], App]:
    """Wrap the app in what concerns every answer."""
    hooks = _hooks(datasette)
    return hooks.wrapped if hooks else lambda app: app
