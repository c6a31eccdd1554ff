"""Changes to the releases of a living site: late publication, edits, removal, reuse.

A change has a kind, a number and a time; its effect on a draft depends on these and the seed alone.
This module invents a plausible month of changes, as a ministry's press office might make them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from scraper.clock import BANGKOK
from scraper.practice.prose.drafts import TITLE_LIMIT
from scraper.practice.prose.releases import compose
from scraper.practice.prose.scenes import Scene
from scraper.practice.prose.written import join

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from scraper.practice.prose.drafts import Draft, Entry
    from scraper.practice.site.still import PracticeSite

_CORRECTED = " (แก้ไข)"


class Kind(StrEnum):
    """What can happen to a number.

    ``LATE``: the number was assigned in order, but the page appears only now. ``UNDONE``: the last
    change is reverted. ``REUSED``: another release gets the number.
    """

    LATE = "late"
    PARAGRAPH = "paragraph-added"
    HEADLINE = "headline-corrected"
    DATE = "date-corrected"
    UNDONE = "undone"
    REMOVED = "removed"
    REUSED = "reused"


class Change(NamedTuple):
    """A change to a number at a timezone-aware time."""

    number: int
    at: datetime
    kind: Kind


def add_paragraph(rng: Random, entry: Entry, draft: Draft) -> Draft:
    """Append a paragraph."""
    scene = Scene(rng, draft.ministry or "", entry.published_on)
    return replace(draft, paragraphs=(*draft.paragraphs, scene.sentence("body")))


def correct_headline(_rng: Random, _entry: Entry, draft: Draft) -> Draft:
    """Mark the headline as corrected, everywhere it appears."""
    headline = join((draft.headline.cut(TITLE_LIMIT - len(_CORRECTED)), _CORRECTED))

    def corrected(lines: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(headline.string if line == draft.title else line for line in lines)

    return replace(
        draft,
        headline=headline,
        lead_lines=corrected(draft.lead_lines),
        copies=corrected(draft.copies),
        page_title=None,
    )


def correct_date(_rng: Random, _entry: Entry, draft: Draft) -> Draft:
    """Move the publication date one day later, which keeps any "today" in the text valid."""
    return replace(draft, published_on=draft.published_on + timedelta(days=1))


def reuse_number(rng: Random, entry: Entry, _draft: Draft) -> Draft:
    """Replace the release with another one."""
    return compose(rng, entry)


EDITS: dict[Kind, Callable[[Random, Entry, Draft], Draft]] = {
    Kind.PARAGRAPH: add_paragraph,
    Kind.HEADLINE: correct_headline,
    Kind.DATE: correct_date,
    Kind.REUSED: reuse_number,
}

_STORIES: tuple[tuple[tuple[Kind, ...], float], ...] = (
    # The changes to one release, and the share of a month's releases that get them.
    ((Kind.LATE,), 0.06),
    ((Kind.LATE, Kind.PARAGRAPH), 0.02),
    ((Kind.PARAGRAPH,), 0.05),
    ((Kind.HEADLINE,), 0.03),
    ((Kind.DATE,), 0.02),
    ((Kind.PARAGRAPH, Kind.HEADLINE), 0.03),
    ((Kind.PARAGRAPH, Kind.UNDONE), 0.02),
    ((Kind.REMOVED,), 0.04),
    ((Kind.HEADLINE, Kind.REMOVED), 0.01),
    ((Kind.REMOVED, Kind.UNDONE), 0.01),
    ((Kind.REUSED,), 0.02),
    ((Kind.REMOVED, Kind.REUSED), 0.01),
)
_OLDER = 20  # days
_HOURS = {
    # Hours since the previous event.
    Kind.LATE: (20, 200),
    Kind.UNDONE: (2, 60),
}
_USUAL_HOURS = (5, 190)
_OFFICE_HOURS = range(8, 18)


def invent_changes(
    site: PracticeSite, seed: int | str, first_day: date, days: int = 30, older: int = _OLDER
) -> tuple[Change, ...]:
    """Return the changes to a site over some days, in time order.

    They affect about a third of the plain Thai releases that appear in these days or shortly
    before. Each story occurs at least once if there are enough releases.

    Args:
        site: the site to change; its articles appear by themselves.
        seed: the same seed gives the same changes.
        first_day: the first day, in Bangkok.
        days: number of days.
        older: releases published up to this many days before the first day can change, too.
    """
    rng = Random(f"{seed}:changes")
    begin = datetime.combine(first_day, time(), BANGKOK)
    end = begin + timedelta(days=days)
    free = [*_changeable(site, begin - timedelta(days=older), end)]
    counts = [(story, max(1, round(share * len(free)))) for story, share in _STORIES]
    rng.shuffle(free)
    changes: list[Change] = []
    # Longest stories first: they need the releases with the most time left.
    for story, count in sorted(counts, key=lambda item: -len(item[0])):
        told = 0
        for number in [*free]:
            if told == count:
                break
            if happened := _tell(rng, story, number, (site.changed_at(number), begin, end)):
                changes += happened
                free.remove(number)
                told += 1
    return tuple(sorted(changes, key=lambda change: (change.at, change.number)))


def _changeable(site: PracticeSite, begin: datetime, end: datetime) -> Iterator[int]:
    for number in site.newest(site.size - site.published_by(end)):
        if site.changed_at(number) < begin:
            return
        draft = site.draft(number)
        if draft and draft.oddity == "plain" and draft.language == "th" and draft.ministry:
            yield number


def _tell(
    rng: Random, story: tuple[Kind, ...], number: int, bounds: tuple[datetime, datetime, datetime]
) -> list[Change]:
    """Return the changes of a story, or none if they do not all fit within the bounds."""
    published, begin, end = bounds
    if Kind.LATE in story and published < begin:
        return []
    changes: list[Change] = []
    at = max(published, begin)
    for kind in story:
        least, most = _HOURS.get(kind, _USUAL_HOURS)
        at = _at_work(at + timedelta(minutes=rng.randint(least * 60, most * 60)))
        changes.append(Change(number, at, kind))
    return changes if at < end else []


def _at_work(moment: datetime) -> datetime:
    """Move a time into office hours, if needed: nothing changes at night, when crawls run."""
    if moment.hour >= _OFFICE_HOURS.stop:
        moment += timedelta(days=1)
    if moment.hour in _OFFICE_HOURS:
        return moment
    return moment.replace(hour=_OFFICE_HOURS.start)
