"""``python -m scraper.practice``: serve a practice site until interrupted."""

from __future__ import annotations

import signal
from contextlib import suppress
from datetime import timedelta
from threading import Event

import click

from scraper.clock import BANGKOK, now
from scraper.model import Layout
from scraper.practice.base import PAGE_LENGTH, BaseSite
from scraper.practice.changes import invent_changes
from scraper.practice.living import LivingSite
from scraper.practice.server import serve
from scraper.practice.site import PracticeSite

_AHEAD = timedelta(days=30)  # for which a living site has articles that are still to come
_PER_DAY = 5


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
    """Return a site of which a part is published by now, and the rest in the days to come."""
    if size <= (ahead := _AHEAD.days * _PER_DAY):
        raise click.UsageError(f"a living site has {ahead} articles ahead of it; give it more")
    last_day = (now().astimezone(BANGKOK) + _AHEAD).date()
    site = PracticeSite(size, seed, last_day, layout=layout, per_day=_PER_DAY)
    first_day = last_day - 2 * _AHEAD
    return LivingSite(site, invent_changes(site, seed, first_day, 2 * _AHEAD.days), now)


if __name__ == "__main__":
    main(prog_name="python -m scraper.practice")
