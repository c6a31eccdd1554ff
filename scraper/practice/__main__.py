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

AHEAD = 150  # of the size of a living site: articles that are still to come


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
@click.option(
    "--layout",
    default=Layout.CONTENTS.value,
    show_default=True,
    type=click.Choice([layout.value for layout in Layout]),
    help="Of all pages; those of news are filled in by a browser.",
)
@click.option("--living", is_flag=True, help="Articles appear, change and go as time goes by.")
@click.option("--validators", is_flag=True, help="Send ETag and Last-Modified with articles.")
@click.option("--crawl-delay", type=float, help="Seconds between requests asked for in robots.txt.")
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
    """Serve invented press releases in a layout of the real site, on loopback."""
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
        click.echo("Ctrl-C ends it.")
        Event().wait()


def _still(size: int, seed: int, layout: Layout) -> BaseSite:
    return PracticeSite(size, seed, layout=layout)


def _living(size: int, seed: int, layout: Layout) -> BaseSite:
    """Return a site whose articles appear as time goes by, of which some are listed by now."""
    if size <= AHEAD:
        raise click.UsageError(f"a living site has {AHEAD} articles ahead of it; give it more")
    return living_site(size - AHEAD, seed, layout, now)


if __name__ == "__main__":
    main(prog_name="python -m scraper.practice")
