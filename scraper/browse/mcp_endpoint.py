"""The endpoint for language-model clients: datasette-mcp at ``/-/mcp``, with our tools and limits.

datasette-mcp registers itself with every Datasette of its Python. Here its hooks are called for
those sites alone that are served with ``--mcp``.
"""

from __future__ import annotations

import logging
import sqlite3
from typing import TYPE_CHECKING, Annotated, Any

import datasette_mcp
from datasette.utils import derive_named_parameters
from datasette.utils.asgi import Response
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult, TextContent
from pydantic import BaseModel, Field

from scraper.browse.mcp_tools import READS, add_tools

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from datasette.app import Datasette
    from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
    from mcp.server.mcpserver import MCPServer

    from scraper.browse.security import App, Message, Receive, Send

PATH = "/-/mcp"
# A model reads every character of an answer, and pays for it.
MOST_CHARACTERS = 200_000
TOO_LONG = (
    "The answer has {length:,} characters, more than {most:,}. Select fewer columns or rows; of a "
    "long text take substr(body, 1, 500), or read_article."
)
LONGEST_VALUE = 50_000_000  # bytes; SQL may compute values of a gigabyte within the time limit
# datasette-mcp's own name tools that are not served here.
INSTRUCTIONS = (
    "An archive of Thai government news. search_news finds articles, read_article reads one with "
    "its facts; cite the url. list_canned_queries and execute_canned_query answer common questions."
)
SQL_INSTRUCTIONS = (
    " For anything else: list_databases, describe_tables, then execute_sql (SQLite, read-only)."
)
NO_BROWSERS = "Web pages may not call this endpoint; connect an MCP client."


def settings() -> dict[str, Any]:
    """Return the settings of datasette-mcp, and keep the MCP library from logging every request.

    Sets Python's log level to WARNING, unless logging is configured already.
    """
    logging.basicConfig(level=logging.WARNING)
    return {datasette_mcp.PLUGIN_NAME: {"canned_queries": True}}


def routes(site: Datasette) -> list[tuple[str, Callable[..., Any]]]:
    """Return the URL pattern of the endpoint and its view."""
    found: list[tuple[str, Callable[..., Any]]] = datasette_mcp.register_routes(site)
    return found


def is_endpoint(scope: Message, site: Datasette) -> bool:
    """Whether a request is for the endpoint."""
    return scope["type"] == "http" and bool(scope["path"] == site.urls.path(PATH))


def with_sessions(app: App, site: Datasette) -> App:
    """Wrap an ASGI app to keep clients' sessions, and to refuse web pages.

    Otherwise a page of another host could read an archive on the reader's own machine through a
    host name that resolves there (DNS rebinding). Browsers send ``Origin``; clients do not.
    """
    served: App = datasette_mcp.asgi_wrapper(site)(app)

    async def guarded(scope: Message, receive: Receive, send: Send) -> None:
        if is_endpoint(scope, site) and any(name == b"origin" for name, _ in scope["headers"]):
            await Response.text(NO_BROWSERS, status=403).asgi_send(send)
        else:
            await served(scope, receive, send)

    return guarded


def limit_values(connection: sqlite3.Connection) -> None:
    """Bound the size of the values that SQL may compute."""
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)


def register_tools(site: Datasette, server: MCPServer) -> None:
    """Register datasette-mcp's tools that only read, and ours."""
    datasette_mcp.register_mcp_tools(site, server)
    server.remove_tool("execute_writable_canned_query")
    server.remove_tool("execute_canned_query")  # it takes an invalid date for none
    add_tools(site, server)
    instructions = INSTRUCTIONS
    if site.setting("default_allow_sql"):
        instructions += SQL_INSTRUCTIONS
    else:
        for name in ("execute_sql", "list_databases", "get_database_schema", "describe_tables"):
            server.remove_tool(name)

    async def amended(ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        if ctx.method == "tools/call" and (fault := await _unknown_arguments(server, ctx.params)):
            return CallToolResult(content=[TextContent(type="text", text=fault)], is_error=True)
        result = await call_next(ctx)
        if ctx.method in {"initialize", "server/discover"}:
            return _with(result, instructions=instructions)
        return _short(result) if ctx.method == "tools/call" else result

    server.middleware.append(amended)

    @server.tool(annotations=READS)
    async def execute_canned_query(
        query: Annotated[str, Field(description="A name from list_canned_queries")],
        parameters: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        """Ask a canned query; list_canned_queries tells their names, meanings and parameters.

        Parameters left out are at their defaults. Days are written in either era: 2568-08.
        """
        database = site.get_database()
        queries = await site.get_canned_queries(database.name, None)
        if query not in queries:
            raise ToolError(f"There is no canned query {query!r}; there are {', '.join(queries)}.")
        known = await derive_named_parameters(database, queries[query]["sql"])
        if unknown := set(parameters or {}) - set(known):
            raise ToolError(_refusal(query, unknown, known))
        answer = await site.client.get(
            site.urls.query(database.name, query, format="json"),
            params={"_shape": "objects", **(parameters or {})},
        )
        content: dict[str, Any] = answer.json()
        if answer.is_error or not content.get("ok", True):
            raise ToolError(str(content.get("error") or f"status {answer.status_code}"))
        return {"rows": content["rows"], "truncated": content["truncated"]}


async def _unknown_arguments(server: MCPServer, params: Mapping[str, Any] | None) -> str | None:
    """Return a refusal of arguments that a tool does not have, None if there are none.

    The library leaves them out: a model would take an answer without its filter for the right one.
    """
    name, given = (params or {}).get("name"), (params or {}).get("arguments")
    for tool in await server.list_tools():
        if tool.name == name and isinstance(given, dict):
            known = tool.input_schema.get("properties", {})
            if unknown := given.keys() - known.keys():
                return _refusal(name, unknown, known)
    return None


def _refusal(name: str, unknown: Iterable[str], known: Iterable[str]) -> str:
    return (
        f"{name} takes no {', '.join(sorted(unknown))}; it takes {', '.join(known) or 'nothing'}."
    )


def _with(result: HandlerResult, **values: str) -> HandlerResult:
    """Return a tool's answer with the given values."""
    if isinstance(result, BaseModel):
        return result.model_copy(update=values)
    return {**(result or {}), **values}


def _short(result: HandlerResult) -> HandlerResult:
    """Return the answer of a tool, or a refusal if it is too long for a model to read."""
    answer = CallToolResult.model_validate(result)
    length = sum(len(part.text) for part in answer.content if isinstance(part, TextContent))
    if length <= MOST_CHARACTERS:
        return result
    text = TOO_LONG.format(length=length, most=MOST_CHARACTERS)
    return CallToolResult(content=[TextContent(type="text", text=text)], is_error=True)
