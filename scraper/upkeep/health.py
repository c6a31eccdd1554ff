"""Runs the health checks of ``thaigov check`` and puts each failure into a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from scraper.upkeep import health_checks as checks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from sqlite_utils import Database

    from scraper.archive.versions import Row


class HealthCheck(NamedTuple):
    """A check: its name, the function that yields its failures, the sentence about each."""

    name: str
    cases: Callable[[checks.CheckContext], Iterator[Row]]
    sentence: str


class FailedCheck(NamedTuple):
    """A check that failed: its name, the sentence, and the figures in it."""

    name: str
    sentence: str
    case: Row


def failed_checks(
    db: Database, path: Path, limits: checks.CheckLimits, now: datetime
) -> list[FailedCheck]:
    """Run ``HEALTH_CHECKS`` and return those that failed.

    Args:
        db: the archive; read-only is enough.
        path: its file.
        limits: when a check fails.
        now: the present.
    """
    context = checks.CheckContext(db, path, limits, now)
    return [
        FailedCheck(check.name, check.sentence.format_map(case), case)
        for check in HEALTH_CHECKS
        for case in check.cases(context)
    ]


HEALTH_CHECKS = (
    HealthCheck(
        "fresh",
        checks.stale_sites,
        "{site}: the latest news is from {newest}, {days} days ago; the limit is {limit} days. "
        "Check whether the site or its markup has changed.",
    ),
    HealthCheck(
        "crawled",
        checks.missed_crawls,
        "No `thaigov crawl` has finished {since}; one is expected every {hours:g} hours. "
        "Check whether the schedule runs, and read its log.",
    ),
    HealthCheck(
        "ended-well",
        checks.failed_runs,
        "Run {id} (`thaigov {command}`, {started_at}) is {outcome}: {advice}.",
    ),
    HealthCheck(
        "readable",
        checks.unparsed_pages,
        "{unparsed:,} of {pages:,} pages ({percent:.0f} %) of {what} could not be read; they are "
        "kept. See `thaigov status`, fix the parser, and run `thaigov reparse`.",
    ),
    HealthCheck(
        "keeps-up",
        checks.backlog,
        "{failed:,} addresses failed and {late:,} are overdue by a week; `thaigov status` shows "
        "an example of the errors. The crawl may have too little time, or the site may fail often.",
    ),
    HealthCheck(
        "disk",
        checks.full_disk,
        "Only {free} are free at {folder}, and {needed} should be (30 days of crawls took "
        "{growth}). Move the archive or make room.",
    ),
    HealthCheck(
        "lock",
        checks.long_run,
        "Process {pid} has been writing since {since}, {hours:.0f} hours. If it hangs, stop it "
        "with `kill {pid}`: nothing is lost.",
    ),
    HealthCheck(
        "writable",
        checks.unwritable_paths,
        "{path} cannot be written by this user; the next crawl would fail.",
    ),
    HealthCheck(
        "clock",
        checks.future_captures,
        "The newest capture is dated {newest}, which is in the future: this machine's clock is "
        "or was wrong.",
    ),
)
