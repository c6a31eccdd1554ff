"""Reads the figures of the dashboard: volume, coverage, edits. Reads indexes only, no texts.

Word trends are in ``trends``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple, Self
from urllib.parse import urlencode

from scraper.archive.lock import active_run, lock_holder
from scraper.browse.charts import NONE, Chart, largest_series, round_step, stacked_chart
from scraper.browse.home import months_until
from scraper.browse.template import MINISTRIES
from scraper.clock import BANGKOK, now

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from sqlite_utils import Database

    from scraper.archive.versions import Row

PERIOD_MONTHS = (12, 24, 60, 120)  # to choose from
YEARLY_FROM_MONTHS = 120  # from this period on, charts are by year
WORD_PERIOD_DAYS = (30, 90)  # to choose from, for word trends
MIN_BLOCKS = 25  # article numbers are counted in 25 to 100 blocks
EDITED, REMOVED = "edited", "removed"

# Each query is answered by a covering index. ``ministry`` is the first ministry of an article.
PUBLICATION_SPAN = "SELECT min(published_on) AS first, max(published_on) AS last FROM articles"
ARTICLES_PER_MONTH = """
    SELECT substr(published_on, 1, :width) AS month, ministry, category, count(*) AS articles
    FROM articles WHERE published_on >= :since AND (:ministry = '' OR ministry = :ministry)
    GROUP BY 1, 2, 3
"""
DAYS_WITH_ARTICLES = (
    "SELECT count(DISTINCT published_on) AS days FROM articles WHERE published_on >= :since"
)
SOURCES_PER_MONTH = """
    SELECT c.origin, substr(a.published_on, 1, :width) AS month, count(*) AS articles
    FROM articles a INDEXED BY articles_by_capture CROSS JOIN captures c ON c.id = a.capture_id
    WHERE a.published_on >= :since GROUP BY 1, 2
"""
NUMBER_RANGES = """
    SELECT site, layout, count(*) AS articles, min(site_id) AS first, max(site_id) AS last
    FROM articles GROUP BY site, layout
"""
NUMBERS_PER_BLOCK = """
    SELECT site_id / :size * :size AS first, count(*) AS articles
    FROM articles WHERE site = :site AND layout = :layout GROUP BY 1
"""
LATEST_RUNS = "SELECT * FROM runs ORDER BY id DESC LIMIT 8"
# When each revision but the first was seen: the latest is in articles, the others in
# article_revisions.
EDITS_PER_MONTH = """
    SELECT month, ministry, count(*) AS articles FROM (
        SELECT substr(changed_at, 1, :width) AS month, ministry FROM articles
        WHERE id IN (SELECT article_id FROM article_revisions)
        UNION ALL
        SELECT substr(r.seen_at, 1, :width), a.ministry
        FROM article_revisions r JOIN articles a ON a.id = r.article_id WHERE r.revision > 1
    ) WHERE month >= substr(:since, 1, :width) AND (:ministry = '' OR ministry = :ministry)
    GROUP BY 1, 2
"""
REMOVALS_PER_MONTH = """
    SELECT substr(gone_at, 1, :width) AS month, ministry, count(*) AS articles
    FROM articles WHERE gone_at >= :since AND (:ministry = '' OR ministry = :ministry)
    GROUP BY 1, 2
"""


@dataclass(frozen=True)
class DashboardQuery:
    """What a reader chose, from the query string.

    Attributes:
        months: one of ``PERIOD_MONTHS``.
        ministry: slug; empty for all.
        days: one of ``WORD_PERIOD_DAYS``.
        q: the term whose use is shown, in the query language of the search page.
    """

    months: int = 24
    ministry: str = ""
    days: int = 30
    q: str = ""

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> Self:
        """Parse a query string; replace values that are not on offer by the defaults."""
        months, days = arguments.get("months", ""), arguments.get("days", "")
        ministry = arguments.get("ministry", "")
        return cls(
            months=next((n for n in PERIOD_MONTHS if str(n) == months), cls.months),
            ministry=ministry if ministry in MINISTRIES else "",
            days=next((n for n in WORD_PERIOD_DAYS if str(n) == days), cls.days),
            q=arguments.get("q", "").strip(),
        )

    def query_string(self, **changes: Any) -> str:
        """Return the query string of this choice, with some changes."""
        chosen = asdict(replace(self, **changes))
        return "?" + urlencode({name: value for name, value in chosen.items() if value != ""})


class NumberCoverage(NamedTuple):
    """Share of the article numbers of a layout that are archived, per block of numbers."""

    site: str
    layout: str
    articles: int
    first: int
    last: int
    size: int
    chart: Chart


class EditCounts(NamedTuple):
    """How many articles a ministry published, edited and removed in the period."""

    ministry: str
    articles: int
    edited: int
    removed: int


@dataclass(frozen=True)
class Dashboard:
    """The figures of the dashboard, except for word trends.

    Attributes:
        months: those shown, ISO, oldest first; years if the period is long.
        articles: number published in these months.
        first, last: publication days of the oldest and newest article in the archive.
        quiet_days: number of days without an article.
        ministries, categories: articles per month.
        sources: articles per month by origin of the current capture.
        numbers: one for each site and layout.
        runs: the latest, newest first.
        changes: edits and removals per month in which they were seen.
        edited: the same by ministry, most first.
    """

    months: list[str]
    articles: int
    first: str | None
    last: str | None
    quiet_days: int
    ministries: Chart
    categories: Chart
    sources: Chart
    numbers: list[NumberCoverage]
    runs: list[Row]
    changes: Chart
    edited: list[EditCounts]

    @property
    def days_ago(self) -> int | None:
        """Days since the newest article was published, in Bangkok time."""
        today = now().astimezone(BANGKOK).date()
        return (today - date.fromisoformat(self.last)).days if self.last else None


def read_dashboard(db: Database, count: int, ministry: str) -> Dashboard:
    """Read the figures of the dashboard.

    Args:
        db: the archive.
        count: maximum number of months to show.
        ministry: slug; empty for all.
    """
    span = next(db.query(PUBLICATION_SPAN))
    months = chart_months(span["first"], span["last"], count)
    parameters = {"since": first_day(months), "width": label_width(count), "ministry": ministry}
    volume = list(db.query(ARTICLES_PER_MONTH, parameters))
    edits, removals = (
        list(db.query(EDITS_PER_MONTH, parameters)),
        list(db.query(REMOVALS_PER_MONTH, parameters)),
    )
    changes = {EDITED: _totals(edits, "month"), REMOVED: _totals(removals, "month")}
    return Dashboard(
        months=months,
        articles=sum(row["articles"] for row in volume),
        **span,
        quiet_days=_quiet_days(db, span, parameters),
        ministries=stacked_chart(months, _largest_series(volume, "ministry")),
        categories=stacked_chart(months, _largest_series(volume, "category")),
        sources=stacked_chart(
            months, _largest_series(db.query(SOURCES_PER_MONTH, parameters), "origin")
        ),
        numbers=[_number_coverage(db, row) for row in db.query(NUMBER_RANGES)],
        runs=list(db.query(LATEST_RUNS)),
        changes=stacked_chart(_months_to_last_change(months, count, changes), changes),
        edited=_edit_counts(volume, edits, removals),
    )


def find_live_run(db: Database, path: Path) -> int | None:
    """Return the id of the run that is writing to the archive now; None if there is none."""
    return active_run(db, lock_holder(path))


def chart_months(first: str | None, last: str | None, count: int) -> list[str]:
    """Return the labels of the last ``count`` months of a span of days, or of its years."""
    if first is None or last is None:
        return []
    return [label for label in _months_until(last, count) if label >= first[: label_width(count)]]


def label_width(count: int) -> int:
    """Return the length of an ISO label: 7 for a month, 4 for a year."""
    return 4 if count >= YEARLY_FROM_MONTHS else 7


def first_day(months: list[str]) -> str:
    """Return the first day of the first month or year; after all dates if there is none."""
    return (months[0] + "-01-01")[:10] if months else "9999"


def _months_until(last: str, count: int) -> list[str]:
    months = months_until(date.fromisoformat((last + "-01-01")[:10]), count)
    return list(dict.fromkeys(month[: label_width(count)] for month in months))


def _quiet_days(db: Database, span: Row, parameters: Row) -> int:
    """Count the days of the period without an article."""
    if span["last"] is None:
        return 0
    begin = date.fromisoformat(max(parameters["since"], span["first"]))
    days = (date.fromisoformat(span["last"]) - begin).days + 1
    return int(days - next(db.query(DAYS_WITH_ARTICLES, parameters))["days"])


def _largest_series(rows: Iterable[Row], column: str) -> dict[str, Counter[str]]:
    """Return articles per month, by the most frequent values of a column."""
    values: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        values[row[column] or NONE][row["month"]] += row["articles"]
    return largest_series(values)


def _totals(rows: Iterable[Row], column: str) -> Counter[str]:
    total: Counter[str] = Counter()
    for row in rows:
        total[row[column] or NONE] += row["articles"]
    return total


def _months_to_last_change(
    months: list[str], count: int, changes: Mapping[str, Counter[str]]
) -> list[str]:
    """Shift the months so that they end with the last change, which may follow the last article."""
    latest = max((month for values in changes.values() for month in values), default="")
    if not months or latest <= months[-1]:
        return months
    return _months_until(latest, count)[-len(months) :]


def _number_coverage(db: Database, row: Row) -> NumberCoverage:
    """Count the archived numbers of a layout per block."""
    size = round_step((row["last"] - row["first"]) // MIN_BLOCKS)
    held = {
        str(block["first"]): block["articles"]
        for block in db.query(NUMBERS_PER_BLOCK, {"size": size, **row})
    }
    start = row["first"] // size * size
    labels = [str(first) for first in range(start, row["last"] + 1, size)]
    return NumberCoverage(**row, size=size, chart=stacked_chart(labels, {"held": held}))


def _edit_counts(volume: list[Row], edits: list[Row], removals: list[Row]) -> list[EditCounts]:
    """Return the counts of each ministry with an edit or a removal."""
    articles, edited, removed = (_totals(rows, "ministry") for rows in (volume, edits, removals))
    found = [
        EditCounts(m, articles[m], edited[m], removed[m]) for m in edited.keys() | removed.keys()
    ]
    return sorted(found, key=lambda e: (-e.edited - e.removed, e.ministry))
