"""``thaigov browse``: the archive as a web site, for oneself or for everyone."""

from __future__ import annotations

import webbrowser
from typing import TYPE_CHECKING

import click

from scraper.cli.options import db_option
from scraper.install import install_command
from scraper.terminal import say

if TYPE_CHECKING:
    from pathlib import Path

MISSING = f"browse needs Datasette, which is not installed; `{install_command('browse')}` brings it"


@click.command()
@db_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--port",
    default=8001,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port to listen at; 0 takes any free one.",
)
@click.option("--open", "open_browser", is_flag=True, help="Open it in a browser.")
@click.option(
    "--public",
    is_flag=True,
    help="For strangers: a snapshot, read-only for good; no SQL of their own; tight limits.",
)
@click.option("--robots", is_flag=True, help="Let search engines index it; otherwise they may not.")
def browse(db: Path, host: str, port: int, open_browser: bool, public: bool, robots: bool) -> None:
    """Serve the archive as a web site: search, articles, tables, SQL, feeds.

    Nothing is ever written, and a crawl that is running is not disturbed. Ctrl-C ends it.
    """
    try:
        from scraper.browse.app import Options, make_datasette, serve  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"datasette", "uvicorn"}:
            raise
        raise click.ClickException(MISSING) from error

    def ready(address: str) -> None:
        say(f"{db} is at {address} (Ctrl-C ends it)")
        if open_browser:
            webbrowser.open(address)

    site = make_datasette(db, Options(public=public, robots=robots))
    try:
        serve(site, host, port, ready)
    except OSError as error:
        raise click.ClickException(
            f"cannot listen at {host}:{port} ({error.strerror}); --port names another port"
        ) from error
