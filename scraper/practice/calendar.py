"""The calendar of ``python -m scraper.practice --living``: the same whenever the server is started.

Which article appears on which day, and what happens to it, is fixed for eight years at a time. So a
server that is started again with another clock shows the same site, some days earlier or later.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from scraper.clock import BANGKOK
from scraper.practice.site.changes import invent_changes
from scraper.practice.site.living import LivingSite
from scraper.practice.site.still import PracticeSite

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from scraper.model import Layout
    from scraper.practice.site.changes import Change

YEARS = 8  # of one calendar; the first began in 2016
SIZE = 3340 * 5  # articles: five a day, from more than a year before the calendar's first day
PER_DAY = 5
BLOCK = 60  # days in which what happens to articles is decided together
BEFORE, AFTER = 5, 2  # blocks around the one of today for which that is worked out


def living_site(listed: int, seed: int, layout: Layout, now: Callable[[], datetime]) -> LivingSite:
    """Return the site that lives at a moment, with some days to come.

    Args:
        listed: how many articles its listings show at most.
        seed: another seed, another site.
        layout: of all pages.
        now: the clock, asked for every page.
    """
    today = now().astimezone(BANGKOK).date()
    begins = today.year - today.year % YEARS
    last_day = date(begins + YEARS, 3, 31)  # beyond its end: articles to come are there already
    site = PracticeSite(SIZE, seed, last_day, layout=layout, per_day=PER_DAY)
    return LivingSite(site, _changes(site, today, last_day), now, listed)


def _changes(site: PracticeSite, today: date, last_day: date) -> Iterator[Change]:
    """Yield what happens around a day; each block has articles of its own."""
    present = (today - date.min).days // BLOCK
    for block in range(present - BEFORE, present + AFTER + 1):
        first_day = date.min + timedelta(days=block * BLOCK)
        if first_day + timedelta(days=BLOCK) <= last_day:
            yield from invent_changes(site, f"{site.seed}:{block}", first_day, BLOCK, older=0)
