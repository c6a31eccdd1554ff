"""What an operator may expect of an archive, and which of it is not so: behind ``thaigov check``.

Each expectation is a row of ``EXPECTATIONS``: its name, the question whose answers are the cases
in which it is not met, and the sentence that tells such a case. Nothing is written, no run
disturbed.

Only an archive that `crawl latest` fills is expected to be fresh and to be crawled again: one made
of imports has no runs to miss.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from scraper.archive.lock import active_run, lock_holder
from scraper.archive.opening import real_path, warc_folder
from scraper.archive.runs import ENOUGH_PAGES
from scraper.clock import BANGKOK, to_iso
from scraper.upkeep.freshness import CRAWL, crawled_sites, newest_news

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from sqlite_utils import Database

Case = dict[str, Any]

EVERY = timedelta(hours=36)  # of a daily crawl: one may take long, or begin late
RECENT = timedelta(days=7)  # older failures have been seen, or nobody looks
MONTH = timedelta(days=30)
LATE = timedelta(days=7)  # a visit that was due so long ago is owed
SKEW = timedelta(minutes=5)  # clocks of the same machine do differ over a reboot
READ = "new + changed + unchanged + missing + out_of_scope"  # pages of a run that were understood


@dataclass(frozen=True)
class Limits:
    """What is still well.

    Attributes:
        every: longest time between two crawls; None: 36 hours, if there ever was a crawl.
        silence: days without news; None: as many as the site was ever seen to be silent.
        unparsed: share of the pages of a run, or of 30 days, that could not be read.
        owed: addresses that failed or are overdue by a week.
        free: bytes that must be free on the disk, at least.
        free_share: share of the disk that must be free, at least.
        held: longest time that one run may take.
    """

    every: timedelta | None = None
    silence: int | None = None
    unparsed: float = 0.1
    owed: int = 200
    free: int = 10**9
    free_share: float = 0.02
    held: timedelta = timedelta(hours=24)


@dataclass(frozen=True)
class Look:
    """One look at an archive: the database, open for reading, where it is, what is well, when."""

    db: Database
    path: Path
    limits: Limits
    moment: datetime

    def rows(self, sql: str, **values: Any) -> Iterator[Case]:
        """Yield the rows of a query."""
        return self.db.query(sql, values)

    def ago(self, time: timedelta) -> str:
        """Return the moment so long ago, as the archive writes it."""
        return to_iso(self.moment - time)


class Expectation(NamedTuple):
    """What should be so: its name, the question for cases where it is not, and how to tell one."""

    name: str
    question: Callable[[Look], Iterator[Case]]
    sentence: str


class Unmet(NamedTuple):
    """An expectation that is not met: its name, the sentence, and the figures in it."""

    name: str
    sentence: str
    case: Case


def failed_checks(db: Database, path: Path, limits: Limits, moment: datetime) -> list[Unmet]:
    """Return what is not as it should be; see ``EXPECTATIONS`` for what is asked.

    Args:
        db: the archive, which may be open for reading only.
        path: its file.
        limits: what is still well.
        moment: the present.
    """
    look = Look(db, path, limits, moment)
    return [
        Unmet(expected.name, expected.sentence.format_map(case), case)
        for expected in EXPECTATIONS
        for case in expected.question(look)
    ]


def _silence(look: Look) -> Iterator[Case]:
    today = look.moment.astimezone(BANGKOK).date()
    for site in crawled_sites(look.db):
        limit = site.longest_silence if look.limits.silence is None else look.limits.silence
        newest = newest_news(look.db, site, today)
        if newest is not None and (days := (today - newest).days) > limit:
            yield {"site": site.slug, "days": days, "newest": newest.isoformat(), "limit": limit}


def _missed(look: Look) -> Iterator[Case]:
    begun, ended = look.db.execute(
        "SELECT min(started_at), max(finished_at) FILTER "
        "(WHERE outcome IN ('done', 'unmet', 'paused')) FROM runs WHERE command = ?",
        [CRAWL],
    ).fetchone()
    every = look.limits.every or (EVERY if begun else None)
    if every is not None and (ended or begun or "") < look.ago(every):
        told = f"since {ended}" if ended else "yet"
        yield {"since": told, "hours": every / timedelta(hours=1)}


def _ended_badly(look: Look) -> Iterator[Case]:
    rows = look.rows(
        f"""
        SELECT id, command, started_at, coalesce(outcome, 'interrupted') AS outcome FROM runs r
        WHERE started_at >= :since
          AND coalesce(outcome, 'interrupted') IN ({", ".join(f"'{name}'" for name in ADVICE)})
          AND id = (SELECT max(id) FROM runs WHERE command = r.command
                    AND (outcome IS NOT NULL OR id IS NOT :running))
        """,
        since=look.ago(RECENT),
        running=active_run(look.db, lock_holder(look.path)),
    )
    for row in rows:
        yield {**row, "advice": ADVICE[row["outcome"]]}


def _unreadable(look: Look) -> Iterator[Case]:
    return look.rows(
        f"""
        SELECT what, unparsed, pages, 100.0 * unparsed / pages AS percent FROM (
            SELECT * FROM (SELECT 'run ' || id AS what, unparsed, {READ} + unparsed AS pages
                FROM runs WHERE finished_at >= :recent ORDER BY id DESC LIMIT 1)
            UNION ALL
            SELECT 'the last 30 days', sum(unparsed), sum({READ} + unparsed)
                FROM runs WHERE started_at >= :month)
        WHERE pages >= :enough AND unparsed > :share * pages
        """,
        recent=look.ago(RECENT),
        month=look.ago(MONTH),
        enough=ENOUGH_PAGES,
        share=look.limits.unparsed,
    )


def _owed(look: Look) -> Iterator[Case]:
    return look.rows(
        """
        SELECT failed, late FROM (
            SELECT (SELECT count(*) FROM frontier WHERE state = 'failed') AS failed,
                   (SELECT count(*) FROM frontier WHERE state = 'waiting' AND due_at < :late)
                   AS late)
        WHERE failed + late > :limit
        """,
        late=look.ago(LATE),
        limit=look.limits.owed,
    )


def _disk(look: Look) -> Iterator[Case]:
    usage = shutil.disk_usage(real_path(look.path).parent)
    growth = _growth(look)
    needed = max(look.limits.free, growth, int(look.limits.free_share * usage.total))
    if usage.free < needed:
        yield {
            "folder": str(real_path(look.path).parent),
            "free": _size(usage.free),
            "needed": _size(needed),
            "growth": _size(growth),
        }


def _growth(look: Look) -> int:
    """Return how many bytes the crawls of the last 30 days took up: pages, texts and indexes."""
    recent, ever = look.db.execute(
        "SELECT total(bytes) FILTER (WHERE command = ? AND started_at >= ?), total(bytes) "
        "FROM runs",
        [CRAWL, look.ago(MONTH)],
    ).fetchone()
    stored = look.path.stat().st_size
    for file in warc_folder(look.path).glob("*.warc*"):
        with suppress(FileNotFoundError):  # a run has just finished it, under another name
            stored += file.stat().st_size
    return int(stored * recent / ever) if ever else 0


def _held(look: Look) -> Iterator[Case]:
    found = lock_holder(look.path)
    if found is not None and look.moment - found.since > look.limits.held:
        hours = (look.moment - found.since) / timedelta(hours=1)
        yield {"pid": found.pid, "since": to_iso(found.since), "hours": hours}


def _unwritable(look: Look) -> Iterator[Case]:
    file = real_path(look.path)
    if not crawled_sites(look.db):
        return
    for path in (file, file.parent, warc_folder(file)):
        if path.exists() and not os.access(path, os.W_OK):
            yield {"path": str(path)}


def _clock(look: Look) -> Iterator[Case]:
    return look.rows(
        """
        SELECT newest FROM (
            SELECT max(fetched_at) AS newest FROM (
                SELECT fetched_at, origin FROM captures ORDER BY id DESC LIMIT 1000)
            WHERE origin = 'live')
        WHERE newest > :soon
        """,
        soon=look.ago(-SKEW),
    )


def _size(count: float) -> str:
    """Return a number of bytes for people."""
    return f"{count / 1e9:,.1f} GB" if count >= 1e9 else f"{count / 1e6:,.1f} MB"


# How a run may end that somebody should see to, and what to do. A run that was stopped was
# stopped by somebody, and one that paused goes on by itself.
ADVICE = {
    "failed": "its log tells why; run it again",
    "blocked": "the site wants no more requests: write to it before you run it again",
    "refused": "robots.txt or a missing permission forbids it",
    "interrupted": "it was killed or the machine went down; nothing is lost, run it again",
    "unmet": "pages could not be read, or nothing was listed: `thaigov status` names the problems",
}

EXPECTATIONS = (
    Expectation(
        "fresh",
        _silence,
        "{site}: the newest news is of {newest}, {days} days ago; a silence of more than {limit} "
        "days was never seen. Look whether the site or its markup has changed.",
    ),
    Expectation(
        "crawled",
        _missed,
        "No `thaigov crawl` has come to its end {since}; one is expected every {hours:g} hours. "
        "Look whether the schedule runs, and at its log.",
    ),
    Expectation(
        "ended-well",
        _ended_badly,
        "Run {id} (`thaigov {command}`, {started_at}) is {outcome}: {advice}.",
    ),
    Expectation(
        "readable",
        _unreadable,
        "{unparsed:,} of {pages:,} pages ({percent:.0f} %) of {what} could not be read; they are "
        "kept. Look at `thaigov status`, mend the parser, and run `thaigov reparse`.",
    ),
    Expectation(
        "keeps-up",
        _owed,
        "{failed:,} addresses failed and {late:,} are overdue by a week; `thaigov status` has an "
        "error of them. The crawl may have too little time, or the site too many faults.",
    ),
    Expectation(
        "disk",
        _disk,
        "Only {free} are free at {folder}, and {needed} should be (30 days of crawls took "
        "{growth}). Move the archive or make room.",
    ),
    Expectation(
        "lock",
        _held,
        "Process {pid} has been writing since {since}, {hours:.0f} hours. If it does nothing any "
        "more, end it with `kill {pid}`: nothing is lost.",
    ),
    Expectation(
        "writable",
        _unwritable,
        "{path} cannot be written by this user; the next crawl would fail.",
    ),
    Expectation(
        "clock",
        _clock,
        "The newest capture is of {newest}, which is still to come: the clock of this machine is, "
        "or was, wrong.",
    ),
)
