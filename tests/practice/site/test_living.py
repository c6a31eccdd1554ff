"""A living site: articles appear, change and disappear on time, and history records it."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from scraper.clock import BANGKOK
from scraper.model import Layout
from scraper.practice.site.changes import Change, Kind, invent_changes
from scraper.practice.site.living import LivingSite, Sighting
from scraper.practice.site.still import PracticeSite

if TYPE_CHECKING:
    from collections.abc import Sequence

FIRST_DAY, DAYS = date(2025, 8, 10), 30
LAYOUTS = tuple(Layout)


@dataclass
class Clock:
    """A clock that only moves when it is set."""

    moment: datetime

    def __call__(self) -> datetime:
        return self.moment


def at(day: int, hour: int = 3) -> datetime:
    """Return an hour of a day of the month; days count from 0."""
    return datetime.combine(FIRST_DAY, time(hour), BANGKOK) + timedelta(days=day)


def still(layout: Layout = Layout.CONTENTS, size: int = 300) -> PracticeSite:
    last_day = FIRST_DAY + timedelta(days=DAYS - 1)
    return PracticeSite(size, 5, last_day, layout=layout, per_day=5, resume_length=3000)


SITES = {layout: still(layout) for layout in LAYOUTS}
CHANGES = {layout: invent_changes(SITES[layout], 9, FIRST_DAY, DAYS) for layout in LAYOUTS}


def living(
    layout: Layout = Layout.CONTENTS, changes: Sequence[Change] | None = None
) -> tuple[LivingSite, Clock]:
    clock = Clock(at(0))
    return LivingSite(SITES[layout], CHANGES[layout] if changes is None else changes, clock), clock


def plain(count: int) -> list[int]:
    """Return numbers of plain articles published in the first days of the month."""
    site = SITES[Layout.CONTENTS]
    numbers = [n for n in site.numbers() if site.changed_at(n) >= at(0)]
    return [n for n in numbers if site.truth(n).oddity == "plain" and site.language(n) == "th"][
        :count
    ]


# --- appearing ------------------------------------------------------------------------------------


def test_without_changes_each_article_appears_at_its_moment() -> None:
    site, clock = living(changes=())
    base = SITES[Layout.CONTENTS]
    for number in plain(3):
        clock.moment = base.changed_at(number) - timedelta(minutes=1)
        assert not site.exists(number)
        assert base.truth(number).title not in site.html(number).decode()
        with pytest.raises(LookupError, match=str(number)):
            site.truth(number)
        clock.moment = base.changed_at(number)
        assert site.exists(number)
        assert site.truth(number) == base.truth(number)
        assert site.html(number) == base.html(number)
        assert next(site.newest()) == number


def test_a_month_brings_four_to_six_releases_a_day_and_more_or_less_on_some() -> None:
    site, clock = living()
    counts = []
    for day in range(DAYS + 1):
        clock.moment = at(day)
        counts.append(len([*site.numbers()]))
    daily = [after - before for before, after in pairwise(counts)]
    assert 4 <= sum(daily) / DAYS <= 6
    assert min(daily) >= 0
    assert len({*daily}) > 3


@pytest.mark.parametrize("layout", LAYOUTS)
def test_listings_show_what_there_is_at_present_in_the_order_of_numbers(layout: Layout) -> None:
    site, clock = living(layout)
    for day in (3, 30):
        clock.moment = at(day)
        listed = [entry for page in range(1, 17) for entry in site.listing(page)]
        assert [number for number, _ in listed] == [*site.numbers()][::-1]
        assert all(site.truth(number).title == title for number, title in listed)
        by_language = [
            n for lang in ("th", "en") for p in range(1, 17) for n, _ in site.listing(p, None, lang)
        ]
        assert sorted(by_language) == [*site.numbers()]


def test_a_late_publication_has_the_place_of_its_number() -> None:
    (number, *_), late = plain(1), at(4, 12)
    site, clock = living(changes=[Change(number, late, Kind.LATE)])
    clock.moment = late - timedelta(minutes=1)
    before = [*site.numbers()]
    clock.moment = late
    assert {*site.numbers()} - {*before} == {number}
    assert [*site.newest()].index(number) > 10
    assert site.truth(number).published_on < late.date()
    assert site.changed_at(number) == late


# --- changing and going ---------------------------------------------------------------------------


def test_each_kind_of_change_changes_what_it_says() -> None:
    a, b, c, d, e = plain(5)
    changes = [
        Change(a, at(9), Kind.PARAGRAPH),
        Change(a, at(10), Kind.HEADLINE),
        Change(b, at(9), Kind.DATE),
        Change(c, at(9), Kind.REMOVED),
        Change(d, at(9), Kind.REMOVED),
        Change(d, at(10), Kind.REUSED),
        Change(e, at(9), Kind.PARAGRAPH),
        Change(e, at(9, 9), Kind.UNDONE),
    ]
    site, clock = living(changes=changes)
    first, longer, titled = (version.truth for version in site.history(a))
    assert first
    assert longer
    assert titled
    assert longer.body.startswith(f"{first.body}\n")
    assert longer.title == first.title != titled.title
    assert titled.title.endswith("(แก้ไข)")
    assert titled.body == longer.body

    before, after = (version.truth for version in site.history(b))
    assert before
    assert after
    assert after.published_on - before.published_on == timedelta(days=1)
    assert (after.title, after.body) == (before.title, before.body)
    assert after.published_raw != before.published_raw

    assert [version.truth is None for version in site.history(c)] == [False, True]
    assert (site.removed_at(c), site.removed_at(a), site.removed_at(d)) == (at(9), None, None)

    old, gap, new = site.history(d)
    assert old.truth
    assert gap.truth is None
    assert new.truth
    assert old.truth.url == new.truth.url
    assert old.truth.title != new.truth.title
    assert new.truth.published_on == at(10).date()

    one, _, again = site.history(e)
    assert one.truth == again.truth

    clock.moment = at(11)
    assert {c} == {a, b, c, d, e} - {*site.numbers()}
    with pytest.raises(LookupError):
        site.truth(c)
    assert site.changed_at(a) == at(10)
    assert [site.truth(n).title for n in (a, d)] == [titled.title, new.truth.title]


def test_an_edit_is_on_the_page_and_in_the_json() -> None:
    for layout in LAYOUTS:
        site, clock = living(layout)
        change = next(c for c in CHANGES[layout] if c.kind is Kind.HEADLINE)
        clock.moment = change.at
        assert "(แก้ไข)" in site.truth(change.number).title
        shown = site.data(change.number)["title"] if layout is Layout.NEWS else ""
        assert "(แก้ไข)" in (shown or site.html(change.number).decode())


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ([Change(3_000_000, at(1), Kind.DATE)], "no article 3000000"),
        ([Change(plain(1)[0], at(-1), Kind.DATE)], "before it appears"),
        ([Change(plain(1)[0], at(9), kind) for kind in (Kind.DATE, Kind.REMOVED)], "twice at a"),
        ([Change(plain(1)[0], at(9), Kind.UNDONE)], "cannot be undone"),
        (
            [Change(plain(1)[0], at(n), kind) for n, kind in ((8, Kind.DATE), (9, Kind.LATE))],
            "and then late",
        ),
    ],
)
def test_impossible_changes_are_refused(changes: list[Change], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        living(changes=changes)


# --- what can be seen -----------------------------------------------------------------------------


def test_a_visitor_sees_what_is_there_at_the_moment_of_a_visit() -> None:
    (number,) = plain(1)
    changes = [
        Change(number, at(5, 9), Kind.PARAGRAPH),
        Change(number, at(5, 15), Kind.UNDONE),  # nobody came in between
        Change(number, at(8, 9), Kind.HEADLINE),
        Change(number, at(20, 9), Kind.REMOVED),
    ]
    site, _ = living(changes=changes)
    first, _, _, titled, _ = (version.truth for version in site.history(number))
    visits = [at(day) for day in (0, 1, 2, 4, 6, 9, 15, 21, 22)]
    assert site.visible_history(number, reversed(visits)) == (
        Sighting(at(0), at(0), None),
        Sighting(at(1), at(6), first),
        Sighting(at(9), at(15), titled),
        Sighting(at(21), at(22), None),
    )
    assert site.visible_history(number, []) == ()
    assert site.visible_history(3_000_000, visits[:1]) == (Sighting(at(0), at(0), None),)


def test_an_old_number_leads_to_what_is_there_at_present() -> None:
    site, clock = living(Layout.NEWS)
    old = [*SITES[Layout.CONTENTS].numbers()][-1]
    assert site.successor(old) is None
    clock.moment = at(DAYS + 1)
    assert str(site.successor(old)).endswith(f"/news/{SITES[Layout.NEWS].last}")


# --- a month --------------------------------------------------------------------------------------


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_month_has_changes_of_every_kind_in_office_hours(layout: Layout) -> None:
    changes, site = CHANGES[layout], SITES[layout]
    kinds = Counter(change.kind for change in changes)
    assert {*kinds} == {*Kind}
    assert kinds[Kind.LATE] >= 8
    assert kinds[Kind.REMOVED] >= 8
    assert kinds[Kind.REUSED] >= 3
    edited = Counter(c.number for c in changes if c.kind in (Kind.PARAGRAPH, Kind.HEADLINE))
    assert [*edited.values()].count(2) >= 3
    assert all(at(0, 0) <= change.at < at(DAYS, 0) for change in changes)
    assert all(8 <= change.at.hour < 18 for change in changes)
    assert [*changes] == sorted(changes, key=lambda change: (change.at, change.number))
    assert all(site.language(change.number) == "th" for change in changes)
    assert all(site.changed_at(change.number) < change.at for change in changes)


def test_every_version_differs_from_the_one_before() -> None:
    site, _ = living()
    for number in {change.number for change in CHANGES[Layout.CONTENTS]}:
        truths = [version.truth for version in site.history(number)]
        assert all(one != other for one, other in pairwise(truths))


def told() -> str:
    site, _ = living()
    numbers = sorted({change.number for change in CHANGES[Layout.CONTENTS]})[:20]
    return sha256("".join(repr(site.history(number)) for number in numbers).encode()).hexdigest()


def test_another_process_lives_through_the_same_month() -> None:
    there = subprocess.run(
        [sys.executable, "-c", "from tests.practice.site.test_living import told; print(told())"],
        capture_output=True, check=True, text=True, env={"PYTHONHASHSEED": "9", "PYTHONPATH": "."},
    ).stdout  # fmt: skip
    assert told() == there.strip()
