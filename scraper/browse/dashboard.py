"""What the dashboard shows of an archive: volume, coverage, edits. Reads indexes, no texts.

Words and their trends are in ``trends``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple, Self
from urllib.parse import urlencode

from scraper.browse.charts import NONE, Chart, largest_series, round_step, stacked_chart
from scraper.browse.home import MINISTRIES, months_until
from scraper.clock import BANGKOK, now

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlite_utils import Database

Row = dict[str, Any]

PERIOD_MONTHS = (12, 24, 60, 120)  # months that one may choose
YEARLY_FROM_MONTHS = 120  # months from which on years are shown
WORD_PERIOD_DAYS = (30, 90)  # days over which words are compared
MIN_BLOCKS = 25  # numbers are counted in 25 to 100 blocks
EDITED, REMOVED = "edited", "removed"

# Each walks an index that holds all its columns. A ministry, where one is chosen, is the one an
# article is most about.
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
# Of a revision but the first, its row tells when it was seen; of the last, the article's.
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
    """What a reader chose, as the query string holds it.

    Attributes:
        months: how many are shown, of ``PERIODS``.
        ministry: slug; empty for all.
        days: over which words are compared, of ``SPANS``.
        q: the term whose use is shown; in the query language of the search page.
    """

    months: int = 24
    ministry: str = ""
    days: int = 30
    q: str = ""

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> Self:
        """Return the choice in a query string; what is not on offer counts as not chosen."""
        months, days = arguments.get("months", ""), arguments.get("days", "")
        ministry = arguments.get("ministry", "")
        return cls(
            months=next((n for n in PERIOD_MONTHS if str(n) == months), cls.months),
            ministry=ministry if ministry in MINISTRIES else "",
            days=next((n for n in WORD_PERIOD_DAYS if str(n) == days), cls.days),
            q=arguments.get("q", "").strip(),
        )

    def query_string(self, **changes: Any) -> str:
        """Return the address of this choice with some changes."""
        chosen = asdict(replace(self, **changes))
        return "?" + urlencode({name: value for name, value in chosen.items() if value != ""})


class NumberCoverage(NamedTuple):
    """How many of the numbers of a site's layout are in the archive, per block of them."""

    site: str
    layout: str
    articles: int
    first: int
    last: int
    size: int
    chart: Chart


class EditCounts(NamedTuple):
    """What became of a ministry's articles in the period, beside how many were published."""

    ministry: str
    articles: int
    edited: int
    removed: int


@dataclass(frozen=True)
class Dashboard:
    """The figures of the dashboard but for words.

    Attributes:
        months: that are shown, ISO, the oldest first; years, where they would be too many.
        articles: published in them.
        first, last: days of the oldest and the newest article of all.
        silent: days without an article between the first shown and the last.
        ministries, categories: articles per month.
        sources: articles per month by the origin of the capture their text comes from.
        numbers: for each site and layout.
        runs: the last ones.
        changes: edits and removals per month in which they were seen.
        edited: the same by ministry, those that edit most first.
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
        """How many days ago, in Bangkok, the newest article was published."""
        today = now().astimezone(BANGKOK).date()
        return (today - date.fromisoformat(self.last)).days if self.last else None


def read_dashboard(db: Database, count: int, ministry: str) -> Dashboard:
    """Return what the dashboard shows of an archive.

    Args:
        db: the archive.
        count: months to show, at most.
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


def chart_months(first: str | None, last: str | None, count: int) -> list[str]:
    """Return the last months of a span of days, at most so many, or the years of ``BY_YEAR``."""
    if first is None or last is None:
        return []
    return [label for label in _months_until(last, count) if label >= first[: label_width(count)]]


def label_width(count: int) -> int:
    """Return how many characters of an ISO day name what is shown: its month, or its year."""
    return 4 if count >= YEARLY_FROM_MONTHS else 7


def first_day(months: list[str]) -> str:
    """Return the first day of the first month or year; one behind all others if there is none."""
    return (months[0] + "-01-01")[:10] if months else "9999"


def _months_until(last: str, count: int) -> list[str]:
    months = months_until(date.fromisoformat((last + "-01-01")[:10]), count)
    return list(dict.fromkeys(month[: label_width(count)] for month in months))


def _quiet_days(db: Database, span: Row, parameters: Row) -> int:
    """Return how many days of the period have no article."""
    if span["last"] is None:
        return 0
    begin = date.fromisoformat(max(parameters["since"], span["first"]))
    days = (date.fromisoformat(span["last"]) - begin).days + 1
    return int(days - next(db.query(DAYS_WITH_ARTICLES, parameters))["days"])


def _largest_series(rows: Iterable[Row], column: str) -> dict[str, Counter[str]]:
    """Return the largest series by the values of a column: articles per month."""
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
    """Return as many months up to the last change, which may be later than the last article."""
    latest = max((month for values in changes.values() for month in values), default="")
    if not months or latest <= months[-1]:
        return months
    return _months_until(latest, count)[-len(months) :]


def _number_coverage(db: Database, row: Row) -> NumberCoverage:
    """Return how much of the range of a layout's numbers is there."""
    size = round_step((row["last"] - row["first"]) // MIN_BLOCKS)
    held = {
        str(block["first"]): block["articles"]
        for block in db.query(NUMBERS_PER_BLOCK, {"size": size, **row})
    }
    start = row["first"] // size * size
    labels = [str(first) for first in range(start, row["last"] + 1, size)]
    return NumberCoverage(**row, size=size, chart=stacked_chart(labels, {"held": held}))


def _edit_counts(volume: list[Row], edits: list[Row], removals: list[Row]) -> list[EditCounts]:
    """Return for each ministry with an edit or a removal how many there were."""
    articles, edited, removed = (_totals(rows, "ministry") for rows in (volume, edits, removals))
    found = [
        EditCounts(m, articles[m], edited[m], removed[m]) for m in edited.keys() | removed.keys()
    ]
    return sorted(found, key=lambda e: (-e.edited - e.removed, e.ministry))
