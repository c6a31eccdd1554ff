"""Creates and serves the site: Datasette with our plugin, templates, metadata and limits."""

from __future__ import annotations

import asyncio
import gc
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import uvicorn
from datasette.app import Datasette
from datasette.plugins import pm

from scraper.archive.database import ArchiveError, open_for_reading
from scraper.archive.opening import log_size, real_path
from scraper.browse import plugin
from scraper.browse.adoption import PLUGIN_NAME, adopted
from scraper.browse.archive_database import ArchiveDatabase
from scraper.browse.metadata import merged, metadata
from scraper.browse.options import (
    Options,
    normal_base_path,
    read_metadata,
    read_settings,
)
from scraper.thai.words import segment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["Options", "make_datasette", "serve_site", "warm_up"]

# The bodies of a page of rows would be megabytes.
SETTINGS = {
    "truncate_cells_html": 160,
    "default_page_size": 50,
    "suggest_facets": False,  # each suggestion scans the table
    "facet_time_limit_ms": 500,
    "max_csv_mb": 0,  # files are streamed
    "sql_time_limit_ms": 3000,
}
# What one request may cost, for visitors and for language-model clients.
LIMITS = {
    "max_returned_rows": 1000,
    "facet_time_limit_ms": 200,
    "sql_time_limit_ms": 1000,
}
PUBLIC_SETTINGS = {
    **LIMITS,
    "default_allow_sql": False,
    "allow_download": False,
    "default_cache_ttl": 300,
}


def make_datasette(path: Path, options: Options) -> Datasette:
    """Create a Datasette that serves an archive.

    Args:
        path: the database file. Another process may be writing to it unless ``public``.
        options: how to serve it.

    Raises:
        ArchiveError: not an archive, or being written to and ``public``.
        ModuleNotFoundError: ``mcp``, and its packages are not installed.
        OptionError: an option has a value that it cannot have.
    """
    open_for_reading(path).close()
    if options.public:
        _refuse_if_being_written(path)
    _register()
    files = [str(path)]
    settings = {
        **SETTINGS,
        **(LIMITS if options.mcp else {}),
        **(PUBLIC_SETTINGS if options.public else {}),
        "base_url": normal_base_path(options.base_path),
        **read_settings(options.settings),
    }
    ours = {"public": options.public, "robots": options.robots, "mcp": options.mcp}
    plugins = {PLUGIN_NAME: ours, **(mcp_settings() if options.mcp else {})}
    described = merged(metadata(path.stem), {"plugins": plugins})
    site = Datasette(
        files=[] if options.public else files,
        immutables=files if options.public else [],
        metadata=merged(described, read_metadata(options.metadata)),
        settings=settings,
        cors=options.cors,
        plugins_dir=None if options.plugins_dir is None else str(options.plugins_dir),
    )
    site.remove_database(site.get_database().name)
    site.add_database(ArchiveDatabase(site, path, is_mutable=not options.public))
    adopted(site)
    return site


def _register() -> None:
    """Register our hooks with Datasette, once per process, if no entry point did."""
    if not pm.has_plugin(PLUGIN_NAME):
        pm.register(plugin, PLUGIN_NAME)
    # It serves every Datasette of this Python; our hooks call it for those with ``mcp``.
    if getattr(pm.get_plugin("mcp"), "__name__", "") == "datasette_mcp":
        pm.unregister(name="mcp")


def mcp_settings() -> dict[str, Any]:
    """Return the settings of datasette-mcp.

    Raises:
        ModuleNotFoundError: it is not installed.
    """
    from scraper.browse import mcp_endpoint  # noqa: PLC0415 - an extra

    return mcp_endpoint.settings()


def _refuse_if_being_written(path: Path) -> None:
    """Raise ArchiveError if a writer has the file open: visitors' queries would block it."""
    if log_size(real_path(path)):
        raise ArchiveError(
            f"{path}: another process is writing to it ({path.name}-wal is not empty). "
            f"Publish a snapshot instead: `thaigov snapshot OUT`."
        )


def serve_site(site: Datasette, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve a site until the process is interrupted.

    Args:
        site: from ``make_datasette``.
        host: address to listen on.
        port: 0 for any free port.
        ready: called with the URL once the server accepts requests.

    Raises:
        OSError: cannot listen on the address.
    """
    with socket.create_server((host, port)) as listener:
        base = site.setting("base_url")
        address = f"http://{host}:{listener.getsockname()[1]}{base}"
        asyncio.run(warm_up(site))
        config = uvicorn.Config(site.app(), log_level="warning", server_header=False)
        server = _ReadyServer(config, lambda: ready(address))
        with suppress(KeyboardInterrupt):  # Ctrl-C
            server.run(sockets=[listener])


async def warm_up(site: Datasette) -> None:
    """Request two pages, so that errors show now and the first visitor does not wait.

    Also loads the segmenter's dictionary (about a second) and exempts its half a million strings
    from garbage collection (a third of a second each time).
    """
    segment("ข่าว")
    for path in ("/", "/-/search"):
        answer = await site.client.get(path)
        answer.raise_for_status()
    gc.collect()
    gc.freeze()


class _ReadyServer(uvicorn.Server):
    """A server that reports when it accepts requests."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start the server and report that it is ready."""
        await super().startup(sockets)
        if self.started:
            self._ready()
