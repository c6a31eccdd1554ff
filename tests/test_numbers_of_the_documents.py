"""Numbers in the documents are those of the code: each row is a piece of a document, made of values
of the code. If a value changes, the row fails and names the page to change.
"""

from __future__ import annotations

import inspect
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from scraper import settings
from scraper.archive import runs, visit_schedule
from scraper.archive.lock import ArchiveLockedError
from scraper.browse import app, dashboard
from scraper.browse import search as browse_search
from scraper.cli import on_failure, schedule
from scraper.cli.check import check as check_command
from scraper.crawl import backoff, robots
from scraper.crawl import signals as stop
from scraper.crawl.permission import RefusedError
from scraper.pages import detect
from scraper.practice.__main__ import main as practice
from scraper.sources import THAIGOV
from scraper.upkeep import health_checks, status
from scraper.warc import warc_files
from scraper.warc.content_encoding import MAX_BYTES
from scraper.warc.record import WarcError
from spiders import copies, latest, recovery
from spiders.arguments import ArgumentError
from spiders.base import ArchiveSpider
from tests.conftest import REPOSITORY

if TYPE_CHECKING:
    from click import Command

WORDS = {0.1: "tenth", 5: "five", 10: "ten"}
MIB = 1 << 20


def whole(value: float) -> str:
    """Return a number without ``.0``."""
    return f"{value:g}"


def default(command: Command, name: str) -> object:
    """Return the default of an option."""
    return next(option.default for option in command.params if option.name == name)


def days(moments: tuple[timedelta, ...]) -> str:
    *some, last = (str(moment.days) for moment in moments)
    return f"{', '.join(some)} and {last} days"


LIMITS = health_checks.CheckLimits()
VISITS = days(visit_schedule.VISIT_DELAYS)
DELAY = whole(settings.DOWNLOAD_DELAY)
JOBS = {job["name"]: job for job in schedule.listed_jobs()}
PACE = recovery.RecoverySpider.custom_settings["DOWNLOAD_DELAY"]
PAGES = inspect.signature(latest.LatestSpider.__init__).parameters["pages"].default

ROWS: list[tuple[str, str]] = [
    ("README.md", f"revisits recent articles after {VISITS}"),
    ("README.md", "wait at least two seconds between requests" if DELAY == "2" else DELAY),
    ("README.md", f"| {ArchiveLockedError.exit_code} | another run is writing to the archive |"),
    ("README.md", f"| {RefusedError.exit_code} | refused or blocked"),
    ("README.md", f"| {ArgumentError.exit_code} | wrong usage: an unknown option or a bad value |"),
    ("README.md", f"| {WarcError.exit_code} | failed or stopped"),
    ("docs/browse.md", f"`months` is {', '.join(map(str, dashboard.PERIOD_MONTHS[:-1]))} or"),
    ("docs/browse.md", f"or {dashboard.PERIOD_MONTHS[-1]} (which is shown by year)"),
    ("docs/browse.md", f"`days` {' or '.join(map(str, dashboard.WORD_PERIOD_DAYS))}: the words"),
    ("docs/browse.md", f"or `size` up to {browse_search.MAX_HITS:,};"),
    (
        "docs/browse.md",
        f"one second and give {app.PUBLIC_SETTINGS['max_returned_rows']:,} rows"
        if app.PUBLIC_SETTINGS["sql_time_limit_ms"] == 1000
        else "another time",
    ),
    (
        "docs/maintain.md",
        (
            f"more than a {WORDS[runs.MOST_LOST]} of the articles "
            f"(of at least {WORDS[runs.ENOUGH_PAGES]}, else all of them)"
        ),
    ),
    ("docs/operate.md", f"visited again after {VISITS}"),
    ("docs/operate.md", f"reads up to {PAGES} pages of the listing"),
    (
        "docs/operate.md",
        f"{JOBS['weekly']['last'].partition('=')[2]} days deep into the listing",
    ),
    ("docs/operate.md", "two hours later" if JOBS["snapshot"]["after"] == "2" else "other hours"),
    ("docs/operate.md", "three hours later" if JOBS["check"]["after"] == "3" else "other hours"),
    ("docs/operate.md", f"It has {whole(on_failure.HOOK_SECONDS)} seconds."),
    ("docs/operate.md", f"the last {WORDS[status.RUNS_SHOWN]} runs"),
    ("docs/operate.md", f"ever silent: {THAIGOV.longest_silence} days"),
    ("docs/operate.md", f"of the last {health_checks.RECENT_FAILURE.days} days, failed"),
    (
        "docs/operate.md",
        f"of the last run, or of {health_checks.LAST_30_DAYS.days} days, are unparsed",
    ),
    ("docs/operate.md", f"`--unparsed {LIMITS.unparsed}`"),
    ("docs/operate.md", f"`--owed {LIMITS.owed}`"),
    ("docs/operate.md", "overdue by a week" if health_checks.OVERDUE.days == 7 else "other days"),
    ("docs/operate.md", f"`--every {health_checks.CRAWL_INTERVAL / timedelta(hours=1):g}h`"),
    ("docs/operate.md", f"`--free {default(check_command, 'free')}`"),
    ("docs/operate.md", f"`--free-share {LIMITS.free_share}`"),
    ("docs/operate.md", f"`--held {LIMITS.held / timedelta(hours=1):g}h`"),
    ("docs/operate.md", f"the last {health_checks.LAST_30_DAYS.days} days of crawls took"),
    (
        "docs/operate.md",
        f"at least {1000 * settings.DOWNLOAD_DELAY / 60:.0f} minutes, as long as",
    ),
    ("docs/politeness.md", f"| {DELAY} s at least"),
    ("docs/politeness.md", f"crawled without the {DELAY} s delay"),
    ("docs/politeness.md", f"or {whole(settings.BACKOFF_PAUSE)} s if it is missing"),
    ("docs/politeness.md", f"after {backoff.MAX_PAUSES} such answers"),
    ("docs/politeness.md", "more than an hour" if backoff.LONGEST_PAUSE == 3600 else "other hours"),
    ("docs/politeness.md", f"a page is tried {settings.RETRY_TIMES + 1} times in all"),
    ("docs/politeness.md", f"after {ArchiveSpider.most_failures} pages in a row"),
    ("docs/politeness.md", f"{ArchiveSpider.most_failures} articles in a row"),
    ("docs/politeness.md", f"first {robots.MAX_ROBOTS_BYTES // 1024} KiB are read"),
    ("docs/politeness.md", f"read again after {robots.MAX_ROBOTS_AGE / 3600:g} hours"),
    ("docs/politeness.md", f"followed up to {robots.MAX_ROBOTS_REDIRECTS} times"),
    ("docs/politeness.md", f"first {detect.CHALLENGE_REACH // 1024} KiB"),
    ("docs/politeness.md", f"longer than {settings.DOWNLOAD_TIMEOUT} s"),
    ("docs/politeness.md", f"larger than {settings.DOWNLOAD_MAXSIZE // MIB} MiB"),
    ("docs/politeness.md", f"current page gets {whole(stop.GRACE)} seconds"),
    ("docs/politeness.md", f"ends within {round(stop.GRACE + stop.CLOSING):g} seconds"),
    ("docs/practice.md", f"http://127.0.0.1:{default(practice, 'port')}/"),
    ("docs/recover.md", f"at least {PACE} s apart"),
    ("docs/recover.md", f"at least {1000 * PACE / 60:.0f} minutes"),
    ("docs/recover.md", f"40,000 at least {40_000 * PACE / 3600:.0f} hours"),
    ("docs/recover.md", f"that differs is, up to {WORDS[copies.MOST_COPIES]}."),
    ("docs/recover.md", f"a page of more than {MAX_BYTES // MIB} MiB"),
    ("docs/recover.md", f"(up to {WORDS[warc_files._MAX_DEPTH]} levels)"),
    (
        "docs/rendering.md",
        f"{settings.RENDER_TIMEOUT:g} s, {settings.RENDER_MAX_REQUESTS} requests",
    ),
    ("docs/rendering.md", f"{settings.RENDER_MAX_MEMORY >> 30} GB of memory"),
    ("docs/rendering.md", f"{settings.DOWNLOAD_MAXSIZE // MIB} MB of HTML"),
]


@pytest.mark.parametrize(("document", "piece"), ROWS)
def test_a_document_has_the_value_of_the_code(document: str, piece: str) -> None:
    text = " ".join((REPOSITORY / document).read_text("utf-8").split())
    assert piece in text, f"{document} should say: {piece}"


def test_the_table_covers_the_documents() -> None:
    assert len(ROWS) > 50
    assert len({document for document, _ in ROWS}) >= 8


def test_the_documented_time_of_the_crawl_is_the_default() -> None:
    page = (REPOSITORY / "docs" / "operate.md").read_text("utf-8")
    (at,) = set(re.findall(r"\| `crawl` \| (\d\d:\d\d)", page))
    assert default(schedule.cron, "at") == at
