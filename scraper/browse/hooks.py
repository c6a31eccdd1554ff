"""Our changes to a Datasette that serves an archive; ``plugin`` calls them."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from asgi_gzip import GZipMiddleware
from datasette.database import QueryInterrupted
from datasette.utils.asgi import asgi_static
from jinja2 import ChoiceLoader, FileSystemLoader

from scraper.browse import (
    base_path,
    discovery,
    functions,
    http_cache,
    llms_text,
    load,
    query_dates,
    replay,
    security,
    sharing,
    sheets,
    table_pages,
    tables,
    template,
    version_views,
    views,
    word_views,
)
from scraper.browse.html_page import environments, error_page
from scraper.browse.row_bounds import AnswerTooLargeError
from scraper.browse.time_limit import QueryTimeoutError
from scraper.thai.typed_dates import DayError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Awaitable, Callable
    from types import ModuleType

    from datasette.app import Datasette
    from datasette.filters import FilterArguments
    from datasette.utils.asgi import Request, Response
    from jinja2 import Environment
    from markupsafe import Markup

    from scraper.browse.adoption import Adopted
    from scraper.browse.security import App, Message, Receive, Send

HERE = Path(__file__).parent
STATIC = "-/thaigov"  # URL path of our style sheets
# Those that Datasette does not explain.
OUR_ERRORS = (QueryTimeoutError, QueryInterrupted, AnswerTooLargeError, DayError)


class Hooks(NamedTuple):
    """The hooks of one Datasette."""

    site: Datasette
    adopted: Adopted

    @property
    def endpoint(self) -> ModuleType | None:
        """What serves language-model clients; None for a site that does not."""
        if not self.adopted.mcp:
            return None
        from scraper.browse import mcp_endpoint  # noqa: PLC0415 - an extra

        return mcp_endpoint

    def prepare_connection(self, connection: sqlite3.Connection, database: str) -> None:
        """Register our SQL functions with the archive; hide from the public what is not for it."""
        if database == self.adopted.archive.name:
            functions.register(connection)
            # Snapshots are not in WAL mode, nor is an archive that cannot be written. SQLite knows;
            # opening the file here would drop our locks (opening.in_wal_mode).
            (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
            if self.adopted.is_public or mode != "wal":
                security.hide_private_columns(connection)
        if endpoint := self.endpoint:
            endpoint.limit_values(connection)

    def prepare_environment(self, env: Environment) -> None:
        """Register our templates, filters and globals.

        Where all of the site is ours, Datasette's own pages use our templates, too.
        """
        own = self.site.template_dir
        loaders = [FileSystemLoader(folder) for folder in (own, HERE / "templates") if folder]
        loader = ChoiceLoader([*loaders, *filter(None, [env.loader])])
        if self.adopted.is_alone:
            env.loader = loader
            pages = env
        else:
            pages = env.overlay(loader=loader)
        template.prepare_environment(pages, self.site, STATIC, _version())
        pages.globals["sharing"] = sharing
        environments[self.site] = pages

    def routes(self) -> list[tuple[str, Callable[..., Any]]]:
        """Return our pages; beside other databases, the home page is Datasette's."""
        static = [(rf"^/{STATIC}/(?P<path>.*)$", asgi_static(str(HERE / "static")))]
        endpoint = self.endpoint
        of_clients = [*llms_text.ROUTES, *(endpoint.routes(self.site) if endpoint else [])]
        of_words = [*version_views.ROUTES, *replay.ROUTES, *word_views.ROUTES]
        ours = [*static, *discovery.routes(), *of_words, *views.routes(self.site), *of_clients]
        beside = (r"^/$", r"^/robots\.txt$")
        return ours if self.adopted.is_alone else [r for r in ours if r[0] not in beside]

    def search_filter(self, request: Request, database: str, table: str) -> FilterArguments | None:
        """Use our query language in the search box of the table of articles."""
        return tables.search_filter(request, database, table, self.site)

    def linked_cell(
        self, row: Any, value: Any, column: str, table: str | None, database: str
    ) -> Markup | None:
        """Link URLs (without a referrer), article ids, people, agencies and the like in tables."""
        if database != self.adopted.archive.name:
            return None
        named = tables.entity_cell(row, value, column, table, self.site)
        return named or tables.linked_cell(value, column, table, self.site)

    def error_page(
        self, request: Request, exception: Exception
    ) -> Callable[[], Awaitable[Response]] | None:
        """Show our error page, beside other databases only for our own errors."""
        if not (self.adopted.is_alone or isinstance(exception, OUR_ERRORS)):
            return None

        async def respond() -> Response:
            return await error_page(self.site, request, exception)

        return respond

    def wrapped(self, app: App) -> App:
        """Wrap the app in the middleware for every answer, the outermost last."""
        plain = app
        if endpoint := self.endpoint:
            app = endpoint.with_sessions(app, self.site)
        if self.adopted.is_public:
            app = table_pages.with_bounded_pages(app)
        app = query_dates.refuse_invalid_dates(app, self.site)
        app = http_cache.cache_static_files(sheets.with_safe_sheets(app))
        if self.site.cors:
            app = security.with_open_data(app)
        app = GZipMiddleware(load.with_bounds(app), minimum_size=1000, compresslevel=5)
        if self.adopted.is_alone:
            app = security.with_security_headers(app, robots=self.adopted.robots)
        else:
            app = self._for_our_paths(app, plain)
        return base_path.with_base_path(app, self.site.setting("base_url"))

    def _for_our_paths(self, ours: App, plain: App) -> App:
        """Leave the pages of other databases as they are."""
        route = f"/{self.adopted.archive.route}"

        async def either(scope: Message, receive: Receive, send: Send) -> None:
            path = scope.get("path", "")
            is_ours = path.startswith((f"{route}/", f"{route}.", "/-/")) or path == route
            await (ours if is_ours else plain)(scope, receive, send)

        return either


def _version() -> str:
    """Return a hash of our static files, for their URLs."""
    files = sorted((HERE / "static").iterdir())
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:8]
