"""Three weeks of a site's life and of the daily run that follows it, in both layouts.

Releases appear, appear late, are edited, taken away, and give their number to others; one day the
site answers with a bot check, one day it is down, and two runs are killed. What the archive tells
in the end must be what its visits can have seen, and nothing was asked for more often than the
schedule allows. Real processes, real HTTP, and a real browser for the layout that needs one.
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
DAYS = 21
PER_DAY = 4
BEFORE = 20  # releases that are there on the first day
CHALLENGE, DOWN, KILLED = 9, 14, {5, 16}  # days on which a run meets with something
CHALLENGED_AFTER = 5  # requests
KILLED_AFTER = 6  # articles
SCRIPTED = 0.3  # of the articles of layout news; its listings are filled in by script, all of them
NOWHERE = "http://127.0.0.1:9"  # the port `discard`, where nobody listens
STEPS = {visit.days for visit in VISIT_DELAYS}


class Day(NamedTuple):
    """A day's run: how it ended, and the articles' numbers it asked for with an answer."""

    exit_code: int
    asked: list[int]


class Weeks:
    """A living site, its server's mood, and what the daily run did."""

    def __init__(self, layout: Layout, db: Path) -> None:
        self.db = db
        size = BEFORE + DAYS * PER_DAY
        last_day = FIRST_DAY + timedelta(days=DAYS - 1)
        site = PracticeSite(size, 31, last_day, layout=layout, per_day=PER_DAY, scripted=SCRIPTED)
        self.changes = invent_changes(site, 31, FIRST_DAY, DAYS)
        self.now = self.moment(0)
        self.site = LivingSite(site, self.changes, lambda: self.now)
        self.answers_left: int | None = None  # until the bot check comes
        self.days: list[Day] = []

    @staticmethod
    def moment(day: int) -> datetime:
        """Return when a day's run begins: 03:00 of the next morning in Bangkok."""
        morning = datetime.combine(FIRST_DAY + timedelta(days=day + 1), datetime.min.time())
        return morning.replace(hour=3, tzinfo=BANGKOK).astimezone(UTC)

    def weather(self, path: str) -> Answer | None:
        """Answer in the site's place where there is a bot check in front of it."""
        if self.answers_left is None or path == "/robots.txt":
            return None
        self.answers_left -= 1
        page = b"<html><head><title>Just a moment...</title></head><body></body></html>"
        return Answer(403, page) if self.answers_left < 0 else None

    def live(self, served: Served) -> None:
        """Let three weeks go by."""
        for day in range(DAYS):
            self.now = self.moment(day)
            self.answers_left = CHALLENGED_AFTER if day == CHALLENGE else None
            before = len(served.requests)
            code = self.run(served, before, day)
            paths = served.requests[before:]
            if day == CHALLENGE:
                paths = [path for path in paths if path != "/robots.txt"][:CHALLENGED_AFTER]
            self.days.append(Day(code, numbers_in(paths)))

    def run(self, served: Served, before: int, day: int) -> int:
        """Run the daily crawl; return its exit code, or minus the signal that killed it."""
        command: list[str | Path] = [
            "crawl", "--scope", "all", "--db", self.db,
            "--site", NOWHERE if day == DOWN else served.url,
            "-a", f"layout={self.site.layout}",
        ]  # fmt: skip
        clock = {"THAIGOV_CLOCK": to_iso(self.now)}
        if day not in KILLED:
            expected = {CHALLENGE: 4, DOWN: 1}.get(day, 0)
            return thaigov(*command, expect=expected, **clock).returncode
        process = start(*command, **clock)
        deadline = time.monotonic() + 60
        while len(numbers_in(served.requests[before:])) < KILLED_AFTER:
            assert process.poll() is None, "the run ended before it could be killed"
            assert time.monotonic() < deadline, "the run does not come to its articles"
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        return process.wait()

    def visits(self) -> dict[int, list[int]]:
        """Return on which days each number was asked for."""
        visits: defaultdict[int, list[int]] = defaultdict(list)
        for day, (_, asked) in enumerate(self.days):
            for number in asked:
                visits[number].append(day)
        return visits


def numbers_in(paths: list[str]) -> list[int]:
    """Return the article numbers among requested paths."""
    addresses = (parse_address(f"http://localhost{path}") for path in paths)
    return [address.number for address in addresses if address is not None]


def expected_visits(begin: int, days: list[int]) -> list[int]:
    """Return the days on which an article that was first seen on a day is visited."""
    visits = [begin]
    runs = [day for day in range(begin + 1, DAYS) if day != DOWN]
    for day in runs:
        step = min((s for s in STEPS if begin + s > visits[-1]), default=None)
        if step is None:
            break
        due = begin + step
        # A run that was cut short may not have come to it: then the next one has.
        if day >= due and (day not in {*KILLED, CHALLENGE} or day in days):
            visits.append(day)
    return visits


class SomeWeeks:
    """What must hold of three weeks; each layout has a module of its own, to run beside others."""

    layout: Layout

    def test_each_day_ends_as_it_should(self, weeks: Weeks) -> None:
        special = dict.fromkeys(KILLED, -signal.SIGKILL) | {CHALLENGE: 4, DOWN: 1}
        assert [day.exit_code for day in weeks.days] == [special.get(day, 0) for day in range(DAYS)]
        with closing(sqlite3.connect(weeks.db)) as db:
            outcomes = [
                outcome for (outcome,) in db.execute("SELECT outcome FROM runs ORDER BY id")
            ]
        told = dict.fromkeys(KILLED, "interrupted") | {CHALLENGE: "blocked", DOWN: "failed"}
        assert outcomes == [told.get(day, "done") for day in range(DAYS)]

    def test_the_archive_tells_what_its_visits_can_have_seen(self, weeks: Weeks) -> None:
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
        """A late release is found when its gap is visited next, two weeks later at the latest."""
        late = {change.number: change.at for change in weeks.changes if change.kind is Kind.LATE}
        yesterday, long_ago = weeks.moment(DAYS - 1), weeks.moment(DAYS - 1 - 15)
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
        told_gone = {change.number for change in weeks.changes if change.kind is Kind.REMOVED}
        gaps = {number for number in weeks.visits() if not weeks.site.exists(number)}
        disturbed = {number for day in (*KILLED, CHALLENGE) for number in weeks.days[day].asked}
        for number, days in weeks.visits().items():
            assert len(days) == len(set(days)) or number in disturbed, (number, days)
            if number in disturbed | told_gone | gaps:
                continue
            begin = days[0]
            late = [change for change in weeks.changes if change.number == number]
            if late and late[0].kind is Kind.LATE:
                continue  # the schedule of the gap, then that of the article
            assert days == expected_visits(begin, days), (number, days)

    def test_three_weeks_cost_few_requests(self, weeks: Weeks) -> None:
        """No address was asked for more than once a step of its schedule, faults apart."""
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
        # A run's own remarks, and sightings that a kill kept out of the table, are not in files.
        assert before.keys() - {"captures", "problems"}
        for table in before.keys() - {"captures", "problems"}:
            assert after[table] == before[table], table
