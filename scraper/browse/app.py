"""Makes and serves the site: a Datasette with our plugin, templates, metadata and limits."""

from __future__ import annotations

import asyncio
import gc
import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from datasette.app import Datasette
from datasette.plugins import pm

from scraper.archive.database import ArchiveError, open_for_reading
from scraper.archive.opening import log_size, real_path
from scraper.browse import plugin
from scraper.browse.archive_database import ArchiveDatabase
from scraper.browse.metadata import metadata
from scraper.thai.words import segment

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
PLUGIN_NAME = "thaigov"  # of the plugin: its settings in the metadata are under this name

# Bodies of a whole page of rows are megabytes; the article's own page has them in full.
SETTINGS = {
    "truncate_cells_html": 160,
    "default_page_size": 50,
    "suggest_facets": False,  # each suggestion is a scan of the table
    "facet_time_limit_ms": 500,
    "sql_time_limit_ms": 3000,
}
PUBLIC_SETTINGS = {
    "default_allow_sql": False,
    "allow_csv_stream": False,
    "allow_download": False,
    "max_returned_rows": 1000,
    "max_csv_mb": 20,
    "facet_time_limit_ms": 200,
    "sql_time_limit_ms": 1000,
    "default_cache_ttl": 300,
}


@dataclass(frozen=True)
class Options:
    """How the site is served.

    Attributes:
        public: for strangers: a snapshot that nobody writes to, no SQL of their own, tight limits.
        robots: whether search engines may index it.
    """

    public: bool = False
    robots: bool = False


def make_datasette(path: Path, options: Options) -> Datasette:
    """Return a Datasette that serves an archive.

    Args:
        path: the database file. Unless public, another process may be writing to it.
        options: how it is served.

    Raises:
        ArchiveError: no archive there, or one that may not be served in public.
    """
    open_for_reading(path).close()
    if options.public:
        _refuse_if_being_written(path)
    _register()
    files = [str(path)]
    settings = {**SETTINGS, **(PUBLIC_SETTINGS if options.public else {})}
    site = Datasette(
        files=[] if options.public else files,
        immutables=files if options.public else [],
        metadata={
            **metadata(path.stem),
            "plugins": {
                PLUGIN_NAME: {
                    "public": options.public,
                    "robots": options.robots,
                    "limit_ms": settings["sql_time_limit_ms"],
                }
            },
        },
        settings=settings,
        template_dir=str(HERE / "templates"),
        static_mounts=[(plugin.STATIC, str(HERE / "static"))],
    )
    site.remove_database(site.get_database().name)
    site.add_database(ArchiveDatabase(site, path, is_mutable=not options.public))
    return site


def _register() -> None:
    """Give Datasette our hooks, once in a process."""
    if not pm.has_plugin(PLUGIN_NAME):
        pm.register(plugin, PLUGIN_NAME)
        # Datasette asks every plugin about an error, even after one has answered it. Its own prints
        # each page that is not found to the log, with the local variables of the whole stack.
        pm.unregister(name="datasette.handle_exception")


def _refuse_if_being_written(path: Path) -> None:
    """Raise ArchiveError for a file that a writer has open: visitors' queries would hold it up."""
    if log_size(real_path(path)):
        raise ArchiveError(
            f"{path}: something is writing to it (its log {path.name}-wal is not empty). Publish a "
            f"copy that stays as it is: `thaigov snapshot OUT` makes one."
        )


def serve(site: Datasette, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve a site until the process is told to end.

    Args:
        site: from ``make_datasette``.
        host: address to listen at.
        port: 0 takes any free one.
        ready: called with the address as soon as it answers.

    Raises:
        OSError: the address cannot be listened at.
    """
    with socket.create_server((host, port)) as listener:
        address = f"http://{host}:{listener.getsockname()[1]}/"
        asyncio.run(warm_up(site))
        config = uvicorn.Config(site.app(), log_level="warning", server_header=False)
        server = _ReadyServer(config, lambda: ready(address))
        with suppress(KeyboardInterrupt):  # the way a server ends
            server.run(sockets=[listener])


async def warm_up(site: Datasette) -> None:
    """Ask for two pages, so that what is wrong shows now, and no visitor waits for the first.

    Nor for the dictionary, which the first edited article would load in about a second, nor for
    Python to look through its half a million strings for garbage, a third of a second each time.
    """
    segment("ข่าว")
    for path in ("/", "/-/search"):
        answer = await site.client.get(path)
        answer.raise_for_status()
    gc.collect()
    gc.freeze()


class _ReadyServer(uvicorn.Server):
    """A server that tells when it answers."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to answer, and say so."""
        await super().startup(sockets)
        if self.started:
            self._ready()
