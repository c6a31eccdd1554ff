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

# By the extra they belong to: the packages, and what needs them.
EXTRAS = {
    "browse": ({"datasette", "uvicorn"}, "browse needs Datasette"),
    "mcp": ({"datasette_mcp", "mcp"}, "browse --mcp needs datasette-mcp"),
}


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
@click.option(
    "--mcp",
    is_flag=True,
    help="Serve language-model clients at /-/mcp: search, articles, SQL, with tight limits.",
)
@click.option("--robots", is_flag=True, help="Allow search engines to index the site.")
def browse(
    db: Path, host: str, port: int, open_browser: bool, public: bool, mcp: bool, robots: bool
) -> None:
    """Serve the archive as a web site: search, articles, tables, SQL and feeds.

    It only reads, and does not disturb a running crawl. Ctrl-C ends it.
    """
    try:
        from scraper.browse.app import Options, make_datasette, serve  # noqa: PLC0415 - an extra

        site = make_datasette(db, Options(public=public, robots=robots, mcp=mcp))
    except ModuleNotFoundError as error:
        raise _missing(error) from error

    def ready(address: str) -> None:
        say(f"{db} is at {address} (Ctrl-C ends it)")
        if mcp:
            say(f"Language-model clients connect to {address}-/mcp")
        if open_browser:
            webbrowser.open(address)

    try:
        serve(site, host, port, ready)
    except OSError as error:
        raise click.ClickException(
            f"cannot listen on {host}:{port} ({error.strerror}); choose another port with --port"
        ) from error


def _missing(error: ModuleNotFoundError) -> Exception:
    """Return what to say for a module that is not installed."""
    package = (error.name or "").partition(".")[0]
    for extra, (packages, needs) in EXTRAS.items():
        if package in packages:
            return click.ClickException(
                f"{needs}, which is not installed; run `{install_command(extra)}`"
            )
    return error
