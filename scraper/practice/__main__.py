"""``python -m scraper.practice``: serve a practice site until interrupted."""

from __future__ import annotations

from contextlib import suppress
from threading import Event

import click

from scraper.practice.server import serve
from scraper.practice.site import PAGE_LENGTH, PracticeSite


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8568, show_default=True, help="Port to listen on; 0 takes any.")
@click.option(
    "--size",
    default=240,
    show_default=True,
    type=click.IntRange(min=PAGE_LENGTH),
    help="Number of articles.",
)
@click.option("--seed", default=2568, show_default=True, help="Another seed, another site.")
@click.option("--crawl-delay", type=float, help="Seconds between requests asked for in robots.txt.")
def main(host: str, port: int, size: int, seed: int, crawl_delay: float | None) -> None:
    """Serve invented press releases in the layout of the real site, on loopback."""
    site = PracticeSite(size, seed)
    with suppress(KeyboardInterrupt), serve(site, host, port, crawl_delay=crawl_delay) as served:
        click.echo(f"{size} articles, numbers {site.first} to {site.last}, at {served.url}/")
        click.echo("Ctrl-C ends it.")
        Event().wait()


if __name__ == "__main__":
    main(prog_name="python -m scraper.practice")
