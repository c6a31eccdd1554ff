"""``thaigov browse``: serves the archive as a web site."""

from __future__ import annotations

import webbrowser
from typing import TYPE_CHECKING

import click

from scraper.cli.options import db_option
from scraper.install import install_command
from scraper.terminal import say

if TYPE_CHECKING:
    from pathlib import Path

DATASETTE_MISSING = (
    f"browse needs Datasette, which is not installed; run `{install_command('browse')}`"
)


@click.command()
@db_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    default=8001,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port to listen on; 0 takes any free port.",
)
@click.option("--open", "open_browser", is_flag=True, help="Open the site in a browser.")
@click.option(
    "--public",
    is_flag=True,
    help="For a public site: serve a snapshot, without SQL from visitors, with tight limits.",
)
@click.option("--robots", is_flag=True, help="Allow search engines to index the site.")
def browse(db: Path, host: str, port: int, open_browser: bool, public: bool, robots: bool) -> None:
    """Serve the archive as a web site: search, articles, tables, SQL and feeds.

    It only reads, and does not disturb a running crawl. Ctrl-C ends it.
    """
    try:
        from scraper.browse.app import Options, make_datasette, serve  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"datasette", "uvicorn"}:
            raise
        raise click.ClickException(DATASETTE_MISSING) from error

    def ready(address: str) -> None:
        say(f"{db} is at {address} (Ctrl-C ends it)")
        if open_browser:
            webbrowser.open(address)

    site = make_datasette(db, Options(public=public, robots=robots))
    try:
        serve(site, host, port, ready)
    except OSError as error:
        raise click.ClickException(
            f"cannot listen on {host}:{port} ({error.strerror}); choose another port with --port"
        ) from error
