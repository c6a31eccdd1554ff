"""The checks of an archive's health: each yields the cases in which it fails, as figures.

The archive is only read, and a run that is writing to it is not disturbed. Freshness and missed
crawls are checked only if ``crawl latest`` has run on the archive.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from scraper.archive.lock import active_run, lock_holder
from scraper.archive.opening import real_path, warc_folder
from scraper.archive.runs import ENOUGH_PAGES
from scraper.clock import BANGKOK, CLOCK_SKEW, to_iso
from scraper.upkeep.freshness import NEWS_CRAWL, crawled_sites, newest_news

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from sqlite_utils import Database

    from scraper.archive.versions import Row

CRAWL_INTERVAL = timedelta(hours=36)  # of a daily crawl, with room for a late or a long one
RECENT_FAILURE = timedelta(days=7)  # older failures are not reported any more
LAST_30_DAYS = timedelta(days=30)
OVERDUE = timedelta(days=7)
# Attachments are fetched by hand now and then, so a backlog of them is not a failure.
OF_PAGES = "command <> 'crawl attachments'"
NO_ATTACHMENT = "url NOT IN (SELECT coalesce(original, url) FROM attachments)"
PAGES_READ = "new + changed + unchanged + missing + out_of_scope"  # columns of ``runs``

# What to do about a run, by its outcome. Runs that were stopped or paused need nothing.
RUN_ADVICE = {
    "failed": "its log says why; run it again",
    "blocked": "the site refuses further requests: write to its operator before you run it again",
    "refused": "robots.txt or a missing permission forbids it",
    "interrupted": "it was killed or the machine went down; nothing is lost, run it again",
    "unmet": "pages could not be read, or no listing was found: `thaigov status` shows the "
    "problems",
}


@dataclass(frozen=True)
class CheckLimits:
    """When a check fails; named as the options of ``thaigov check``.

    Attributes:
        every: longest time between two crawls; None: 36 hours, if there ever was a crawl.
        silence: days without news; None: the longest silence ever measured on the site.
        unparsed: share of pages that could not be read, in the last run and in 30 days.
        owed: addresses that failed or are overdue by a week.
        free: bytes that must be free on the disk.
        free_share: share of the disk that must be free.
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
class CheckContext:
    """What every check gets: the archive, open for reading, its path, the limits, the time."""

    db: Database
    path: Path
    limits: CheckLimits
    now: datetime

    def rows(self, sql: str, **values: Any) -> Iterator[Row]:
        """Yield the rows of a query."""
        return self.db.query(sql, values)

    def ago(self, time: timedelta) -> str:
        """Return the moment that long ago, as ISO text."""
        return to_iso(self.now - time)


def stale_sites(context: CheckContext) -> Iterator[Row]:
    """Yield the crawled sites that have had no news for too long."""
    today = context.now.astimezone(BANGKOK).date()
    for site in crawled_sites(context.db):
        silence = context.limits.silence
        limit = site.longest_silence if silence is None else silence
        newest = newest_news(context.db, site, today)
        if newest is not None and (days := (today - newest).days) > limit:
            yield {"site": site.slug, "days": days, "newest": newest.isoformat(), "limit": limit}


def missed_crawls(context: CheckContext) -> Iterator[Row]:
    """Yield a case if the last crawl finished too long ago."""
    first_start, last_end = context.db.execute(
        "SELECT min(started_at), max(finished_at) FILTER "
        "(WHERE outcome IN ('done', 'unmet', 'paused')) FROM runs WHERE command = ?",
        [NEWS_CRAWL],
    ).fetchone()
    every = context.limits.every or (CRAWL_INTERVAL if first_start else None)
    if every is not None and (last_end or first_start or "") < context.ago(every):
        since = f"since {last_end}" if last_end else "yet"
        yield {"since": since, "hours": every / timedelta(hours=1)}


def failed_runs(context: CheckContext) -> Iterator[Row]:
    """Yield the last run of each command, if it ended with an outcome of ``RUN_ADVICE``."""
    rows = context.rows(
        f"""
        SELECT id, command, started_at, coalesce(outcome, 'interrupted') AS outcome FROM runs r
        WHERE started_at >= :since
          AND coalesce(outcome, 'interrupted') IN ({", ".join(f"'{name}'" for name in RUN_ADVICE)})
          AND id = (SELECT max(id) FROM runs WHERE command = r.command
                    AND (outcome IS NOT NULL OR id IS NOT :active_run))
        """,
        since=context.ago(RECENT_FAILURE),
        active_run=active_run(context.db, lock_holder(context.path)),
    )
    for row in rows:
        yield {**row, "advice": RUN_ADVICE[row["outcome"]]}


def unparsed_pages(context: CheckContext) -> Iterator[Row]:
    """Yield the last run, and the last 30 days, if too many pages could not be read."""
    return context.rows(
        f"""
        SELECT what, unparsed, pages, 100.0 * unparsed / pages AS percent FROM (
            SELECT * FROM (SELECT 'run ' || id AS what, unparsed, {PAGES_READ} + unparsed AS pages
                FROM runs WHERE finished_at >= :recent AND {OF_PAGES} ORDER BY id DESC LIMIT 1)
            UNION ALL
            SELECT 'the last 30 days', sum(unparsed), sum({PAGES_READ} + unparsed)
                FROM runs WHERE started_at >= :month AND {OF_PAGES})
        WHERE pages >= :enough AND unparsed > :share * pages
        """,
        recent=context.ago(RECENT_FAILURE),
        month=context.ago(LAST_30_DAYS),
        enough=ENOUGH_PAGES,
        share=context.limits.unparsed,
    )


def backlog(context: CheckContext) -> Iterator[Row]:
    """Yield a case if too many addresses failed or are overdue."""
    return context.rows(
        f"""
        SELECT failed, late FROM (
            SELECT count(*) FILTER (WHERE state = 'failed') AS failed,
                   count(*) FILTER (WHERE state = 'waiting' AND due_at < :late) AS late
            FROM frontier WHERE state IN ('failed', 'waiting') AND {NO_ATTACHMENT})
        WHERE failed + late > :limit
        """,
        late=context.ago(OVERDUE),
        limit=context.limits.owed,
    )


def full_disk(context: CheckContext) -> Iterator[Row]:
    """Yield a case if the disk has too little room."""
    folder = real_path(context.path).parent
    usage = shutil.disk_usage(folder)
    growth = monthly_growth(context)
    needed = max(context.limits.free, growth, int(context.limits.free_share * usage.total))
    if usage.free < needed:
        yield {
            "folder": str(folder),
            "free": _readable_size(usage.free),
            "needed": _readable_size(needed),
            "growth": _readable_size(growth),
        }


def monthly_growth(context: CheckContext) -> int:
    """Return the bytes that the crawls of the last 30 days added: pages, texts and indexes."""
    recent, ever = context.db.execute(
        "SELECT total(bytes) FILTER (WHERE command = ? AND started_at >= ?), total(bytes) "
        "FROM runs",
        [NEWS_CRAWL, context.ago(LAST_30_DAYS)],
    ).fetchone()
    stored = context.path.stat().st_size
    for file in warc_folder(context.path).glob("*.warc*"):
        with suppress(FileNotFoundError):  # a run has just closed and renamed it
            stored += file.stat().st_size
    return int(stored * recent / ever) if ever else 0


def long_run(context: CheckContext) -> Iterator[Row]:
    """Yield the process that has held the lock for too long."""
    found = lock_holder(context.path)
    if found is not None and context.now - found.since > context.limits.held:
        hours = (context.now - found.since) / timedelta(hours=1)
        yield {"pid": found.pid, "since": to_iso(found.since), "hours": hours}


def unwritable_paths(context: CheckContext) -> Iterator[Row]:
    """Yield the paths that the next crawl could not write to."""
    file = real_path(context.path)
    if not crawled_sites(context.db):
        return
    for path in (file, file.parent, warc_folder(file)):
        if path.exists() and not os.access(path, os.W_OK):
            yield {"path": str(path)}


def future_captures(context: CheckContext) -> Iterator[Row]:
    """Yield the newest live capture if its time is in the future."""
    return context.rows(
        """
        SELECT newest FROM (
            SELECT max(fetched_at) AS newest FROM (
                SELECT fetched_at, origin FROM captures ORDER BY id DESC LIMIT 1000)
            WHERE origin = 'live')
        WHERE newest > :soon
        """,
        soon=context.ago(-CLOCK_SKEW),
    )


def _readable_size(count: float) -> str:
    return f"{count / 1e9:,.1f} GB" if count >= 1e9 else f"{count / 1e6:,.1f} MB"
