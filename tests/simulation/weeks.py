"""Simulates some weeks of a site and of the daily run that follows it, in both layouts.

Releases appear, appear late, are edited or removed, and their numbers are used again; one day the
site answers with a challenge, one day it is down, and some runs are killed. In the end the archive
must hold what its visits can have seen, and no page was requested more often than the schedule
allows. Real processes, real HTTP, and a real browser for the layout that needs one.
"""

from __future__ import annotations

import signal
import sqlite3
import time
from collections import defaultdict
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from scraper.archive.visit_schedule import VISIT_DELAYS
from scraper.clock import BANGKOK, to_iso
from scraper.practice.judge.histories import history_differences
from scraper.practice.server.http import Answer, Served
from scraper.practice.site.changes import Kind, invent_changes
from scraper.practice.site.living import LivingSite
from scraper.practice.site.still import PracticeSite
from scraper.sources import parse_address
from tests.archive_dump import assert_sound, content
from tests.commands import start, thaigov

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.model import Layout

FIRST_DAY = date(2026, 3, 2)
PER_DAY = 4
BEFORE = 20  # releases published before the first day
CHALLENGED_AFTER = 5  # requests
KILLED_AFTER = 6  # articles
SCRIPTED = 0.3  # share of the articles of layout news; all its listings are filled in by script
NOWHERE = "http://127.0.0.1:9"  # the port `discard`: nothing listens
STEPS = {visit.days for visit in VISIT_DELAYS}


class Calendar(NamedTuple):
    """How many days are simulated, and on which of them (from 0) something goes wrong."""

    days: int
    challenge: int
    down: int
    killed: frozenset[int]


class Day(NamedTuple):
    """A day's run: its exit code, and the numbers of the articles it requested and got."""

    exit_code: int
    requested: list[int]


class Weeks:
    """A site that changes from day to day, and what each daily run did."""

    def __init__(self, layout: Layout, calendar: Calendar, db: Path) -> None:
        self.db = db
        self.calendar = calendar
        size = BEFORE + calendar.days * PER_DAY
        last_day = FIRST_DAY + timedelta(days=calendar.days - 1)
        site = PracticeSite(size, 31, last_day, layout=layout, per_day=PER_DAY, scripted=SCRIPTED)
        self.changes = invent_changes(site, 31, FIRST_DAY, calendar.days)
        self.now = self.moment(0)
        self.site = LivingSite(site, self.changes, lambda: self.now)
        self.answers_left: int | None = None  # until the challenge
        self.days: list[Day] = []

    @staticmethod
    def moment(day: int) -> datetime:
        """Return when a day's run begins: 03:00 of the next morning in Bangkok."""
        morning = datetime.combine(FIRST_DAY + timedelta(days=day + 1), datetime.min.time())
        return morning.replace(hour=3, tzinfo=BANGKOK).astimezone(UTC)

    def challenge(self, path: str) -> Answer | None:
        """Return the challenge on the day on which it is in front of the site."""
        if self.answers_left is None or path == "/robots.txt":
            return None
        self.answers_left -= 1
        page = b"<html><head><title>Just a moment...</title></head><body></body></html>"
        return Answer(403, page) if self.answers_left < 0 else None

    def live(self, served: Served) -> None:
        """Run the crawl of each day."""
        for day in range(self.calendar.days):
            self.now = self.moment(day)
            challenged = day == self.calendar.challenge
            self.answers_left = CHALLENGED_AFTER if challenged else None
            before = len(served.requests)
            code = self.run(served, before, day)
            paths = served.requests[before:]
            if challenged:
                paths = [path for path in paths if path != "/robots.txt"][:CHALLENGED_AFTER]
            self.days.append(Day(code, numbers_in(paths)))

    def run(self, served: Served, before: int, day: int) -> int:
        """Run the daily crawl; return its exit code, or minus the signal that killed it."""
        command: list[str | Path] = [
            "crawl", "--scope", "all", "--db", self.db,
            "--site", NOWHERE if day == self.calendar.down else served.url,
            "-a", f"layout={self.site.layout}",
        ]  # fmt: skip
        clock = {"THAIGOV_CLOCK": to_iso(self.now)}
        if day not in self.calendar.killed:
            expected = {self.calendar.challenge: 4, self.calendar.down: 1}.get(day, 0)
            return thaigov(*command, expect=expected, **clock).returncode
        process = start(*command, **clock)
        deadline = time.monotonic() + 60
        while len(numbers_in(served.requests[before:])) < KILLED_AFTER:
            assert process.poll() is None, "the run ended before it could be killed"
            assert time.monotonic() < deadline, "the run does not reach its articles"
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        return process.wait()

    def visits(self) -> dict[int, list[int]]:
        """Return on which days each number was requested."""
        visits: defaultdict[int, list[int]] = defaultdict(list)
        for day, (_, requested) in enumerate(self.days):
            for number in requested:
                visits[number].append(day)
        return visits


def numbers_in(paths: list[str]) -> list[int]:
    """Return the article numbers among requested paths."""
    addresses = (parse_address(f"http://localhost{path}") for path in paths)
    return [address.number for address in addresses if address is not None]


def expected_visits(calendar: Calendar, days: list[int]) -> list[int]:
    """Return the days on which an article is due, given the days on which it was visited."""
    begin = days[0]
    visits = [begin]
    runs = [day for day in range(begin + 1, calendar.days) if day != calendar.down]
    for day in runs:
        step = min((s for s in STEPS if begin + s > visits[-1]), default=None)
        if step is None:
            break
        due = begin + step
        # A run that was cut short may not have reached it: then the next one does.
        cut_short = {*calendar.killed, calendar.challenge}
        if day >= due and (day not in cut_short or day in days):
            visits.append(day)
    return visits


class SomeWeeks:
    """Tests of some weeks; each layout has a module of its own, so that they run in parallel."""

    layout: Layout
    calendar: Calendar

    def test_each_day_ends_as_it_should(self, weeks: Weeks) -> None:
        days, challenge, down, killed = weeks.calendar
        codes = dict.fromkeys(killed, -signal.SIGKILL) | {challenge: 4, down: 1}
        assert [day.exit_code for day in weeks.days] == [codes.get(day, 0) for day in range(days)]
        with closing(sqlite3.connect(weeks.db)) as db:
            outcomes = [
                outcome for (outcome,) in db.execute("SELECT outcome FROM runs ORDER BY id")
            ]
        expected = dict.fromkeys(killed, "interrupted") | {challenge: "blocked", down: "failed"}
        assert outcomes == [expected.get(day, "done") for day in range(days)]

    def test_the_archive_holds_what_its_visits_can_have_seen(self, weeks: Weeks) -> None:
        assert_sound(weeks.db)
        with closing(sqlite3.connect(weeks.db)) as db:
            assert list(history_differences(db, weeks.site)) == []
            revisions, gone = (
                db.execute(sql).fetchone()[0]
                for sql in (
                    "SELECT count(*) FROM article_revisions",
                    "SELECT count(*) FROM articles WHERE gone_at IS NOT NULL",
                )
            )
        assert revisions > 5
        assert gone > 0  # else the weeks were too quiet to prove anything

    def test_nothing_that_was_shown_is_missing(self, weeks: Weeks) -> None:
        """A late release is found when its gap is next visited, at most two weeks later."""
        late = {change.number: change.at for change in weeks.changes if change.kind is Kind.LATE}
        last_day = weeks.calendar.days - 1
        yesterday, long_ago = weeks.moment(last_day), weeks.moment(last_day - 15)
        due = {
            number
            for number in weeks.site.numbers()
            if (late[number] < long_ago if number in late else True)
            and weeks.site.history(number)[0].at < yesterday
        }
        with closing(sqlite3.connect(weeks.db)) as db:
            stored = {number for (number,) in db.execute("SELECT site_id FROM articles")}
        assert due - stored == set()
        assert set(late) & stored

    def test_used_numbers_are_flagged(self, weeks: Weeks) -> None:
        reused = {change.number for change in weeks.changes if change.kind is Kind.REUSED}
        with closing(sqlite3.connect(weeks.db)) as db:
            flagged = {
                address.number
                for (url,) in db.execute("SELECT url FROM possible_reuse")
                if (address := parse_address(url))
            }
            # One whose first release no visit has seen looks like any other.
            seen_twice = {
                number
                for (number,) in db.execute("SELECT site_id FROM articles WHERE revision > 1")
            }
        assert flagged == reused & seen_twice
        assert flagged

    def test_no_page_is_requested_more_often_than_the_schedule_allows(self, weeks: Weeks) -> None:
        removed = {change.number for change in weeks.changes if change.kind is Kind.REMOVED}
        gaps = {number for number in weeks.visits() if not weeks.site.exists(number)}
        cut_short = [weeks.days[day] for day in (*weeks.calendar.killed, weeks.calendar.challenge)]
        disturbed = {number for day in cut_short for number in day.requested}
        for number, days in weeks.visits().items():
            assert len(days) == len(set(days)) or number in disturbed, (number, days)
            if number in disturbed | removed | gaps:
                continue
            late = [change for change in weeks.changes if change.number == number]
            if late and late[0].kind is Kind.LATE:
                continue  # the schedule of the gap, then that of the article
            assert days == expected_visits(weeks.calendar, days), (number, days)

    def test_few_requests_are_needed(self, weeks: Weeks) -> None:
        """No address is requested more than once a step of its schedule, faults apart."""
        most = 1 + len(VISIT_DELAYS)
        for number, days in weeks.visits().items():
            lives = 2 if number in {c.number for c in weeks.changes} else 1
            assert len(days) <= most * lives + 1, (number, days)

    def test_archive_is_sound_and_reparses_unchanged(self, weeks: Weeks) -> None:
        thaigov("verify", "--db", weeks.db)
        assert "Nothing changed" in thaigov("reparse", "--dry-run", "--db", weeks.db).stdout

    def test_its_own_files_give_it_back(self, weeks: Weeks, tmp_path: Path) -> None:
        again = tmp_path / "again" / "thaigov.db"
        thaigov(
            "import", "warc", weeks.db.parent / "warc", "--own", "--scope", "all", "--db", again
        )
        before, after = content(weeks.db), content(again)
        # Problems of a run, and sightings that a kill kept out of the table, are not in the files.
        assert before.keys() - {"captures", "problems"}
        for table in before.keys() - {"captures", "problems"}:
            assert after[table] == before[table], table
