"""``thaigov browse``: serves the archive as a web site."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import TypedDict, Unpack

import click

from scraper.cli.options import db_option
from scraper.install import install_command
from scraper.terminal import say

# By the extra they belong to: the packages, and what needs them.
EXTRAS = {
    "browse": ({"datasette", "uvicorn", "asgi_gzip"}, "browse needs Datasette"),
    "mcp": ({"datasette_mcp", "mcp"}, "browse --mcp needs datasette-mcp"),
}


class _OptionValues(TypedDict):
    """Those of ``scraper.browse.options.Options``, which needs Datasette."""

    public: bool
    robots: bool
    mcp: bool
    base_path: str
    cors: bool
    settings: tuple[tuple[str, str], ...]
    metadata: Path | None
    plugins_dir: Path | None


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
@click.option(
    "--base-path",
    default="/",
    metavar="PATH",
    help="URL path under which a proxy serves the site, such as /news/.",
)
@click.option("--cors", is_flag=True, help="Let pages of other sites read JSON, CSV and feeds.")
@click.option(
    "--setting",
    "settings",
    nargs=2,
    type=(str, str),
    multiple=True,
    metavar="NAME VALUE",
    help="A setting of Datasette, such as max_returned_rows 500.",
)
@click.option(
    "--metadata",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Datasette's metadata, JSON or YAML: titles, descriptions and queries in place of ours.",
)
@click.option(
    "--plugins-dir",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of additional Datasette plugins.",
)
def browse(
    db: Path, host: str, port: int, open_browser: bool, **options: Unpack[_OptionValues]
) -> None:
    """Serve the archive as a web site: search, articles, tables, SQL and feeds.

    It is read-only and does not disturb a running crawl. Ctrl-C stops it.
    """
    try:
        from scraper.browse.app import Options, make_datasette, serve_site  # noqa: PLC0415 - an extra

        site = make_datasette(db, Options(**options))
    except ModuleNotFoundError as error:
        raise _missing(error) from error

    def ready(address: str) -> None:
        say(f"{db} is at {address} (Ctrl-C stops it)")
        if options["mcp"]:
            say(f"Language-model clients connect to {address}-/mcp")
        if open_browser:
            webbrowser.open(address)

    try:
        serve_site(site, host, port, ready)
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
