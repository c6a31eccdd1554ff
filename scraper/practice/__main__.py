"""``python -m scraper.practice``: serve a practice site until interrupted."""

from __future__ import annotations

import signal
from contextlib import suppress
from threading import Event

import click

from scraper.clock import now
from scraper.model import Layout
from scraper.practice.calendar import living_site
from scraper.practice.server.http import serve
from scraper.practice.site.base import PAGE_LENGTH, BaseSite
from scraper.practice.site.still import PracticeSite

AHEAD = 150  # articles of a living site that are not published yet


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8568, show_default=True, help="Port to listen on; 0 for any.")
@click.option(
    "--size",
    default=240,
    show_default=True,
    type=click.IntRange(min=PAGE_LENGTH),
    help="Number of articles.",
)
@click.option("--seed", default=2568, show_default=True, help="Each seed gives a different site.")
@click.option(
    "--layout",
    default=Layout.CONTENTS.value,
    show_default=True,
    type=click.Choice([layout.value for layout in Layout]),
    help="Layout of all pages; news pages need a browser to fill them in.",
)
@click.option("--living", is_flag=True, help="Articles appear, change and disappear over time.")
@click.option("--validators", is_flag=True, help="Send ETag and Last-Modified with articles.")
@click.option("--crawl-delay", type=float, help="Crawl-delay in robots.txt, in seconds.")
def main(  # noqa: PLR0913  one argument for each option
    *,
    host: str,
    port: int,
    size: int,
    seed: int,
    layout: str,
    living: bool,
    validators: bool,
    crawl_delay: float | None,
) -> None:
    """Serve invented press releases in one of the layouts of the real site, on loopback."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    make = _living if living else _still
    site = make(size, seed, Layout(layout))
    numbers = [*site.numbers()]
    with (
        suppress(KeyboardInterrupt),
        serve(site, host, port, crawl_delay=crawl_delay, validators=validators) as served,
    ):
        span = f"numbers {numbers[0]} to {numbers[-1]}"
        click.echo(f"{len(numbers)} articles, {span}, at {served.url}/")
        click.echo("Press Ctrl-C to stop.")
        Event().wait()


def _still(size: int, seed: int, layout: Layout) -> BaseSite:
    return PracticeSite(size, seed, layout=layout)


def _living(size: int, seed: int, layout: Layout) -> BaseSite:
    """Return a site whose articles appear over time, with some already listed."""
    if size <= AHEAD:
        raise click.UsageError(f"--living needs a --size above {AHEAD}")
    return living_site(size - AHEAD, seed, layout, now)


if __name__ == "__main__":
    main(prog_name="python -m scraper.practice")
