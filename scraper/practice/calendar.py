"""The fixed calendar of ``python -m scraper.practice --living``.

The day on which each article appears, and its later changes, are fixed for eight years at a time. A
server restarted with a different clock shows the same site, some days earlier or later.
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

YEARS = 8  # length of a calendar; the first began in 2016
SIZE = 3340 * 5  # articles: five a day, starting over a year before the calendar does
PER_DAY = 5
BLOCK = 60  # days; changes to articles are drawn per block
BEFORE, AFTER = 5, 2  # blocks before and after the current one to draw changes for


def living_site(listed: int, seed: int, layout: Layout, now: Callable[[], datetime]) -> LivingSite:
    """Return the living site for the present, including changes of the coming days.

    Args:
        listed: maximum number of articles in its listings.
        seed: each seed gives a different site.
        layout: of all pages.
        now: the clock, read for every page.
    """
    today = now().astimezone(BANGKOK).date()
    begins = today.year - today.year % YEARS
    last_day = date(begins + YEARS, 3, 31)  # past its end, so that future articles exist already
    site = PracticeSite(SIZE, seed, last_day, layout=layout, per_day=PER_DAY)
    return LivingSite(site, _changes(site, today, last_day), now, listed)


def _changes(site: PracticeSite, today: date, last_day: date) -> Iterator[Change]:
    """Yield the changes around a day; no two blocks share an article."""
    present = (today - date.min).days // BLOCK
    for block in range(present - BEFORE, present + AFTER + 1):
        first_day = date.min + timedelta(days=block * BLOCK)
        if first_day + timedelta(days=BLOCK) <= last_day:
            yield from invent_changes(site, f"{site.seed}:{block}", first_day, BLOCK, older=0)
