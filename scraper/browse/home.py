"""Reads what the home page shows. Reads indexes only, no texts."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from scraper.browse.charts import Chart, largest_series, stacked_chart

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlite_utils import Database

    from scraper.archive.versions import Row

CHART_MONTHS = 24  # in the chart
AFTER_ALL_MONTHS = "9999"  # sorts after all months
# The baseline is long, so that an exceptional week does not distort it.
RECENT, BASELINE = timedelta(days=30), timedelta(days=180)
MIN_MENTIONS = 3  # a rise of fewer mentions is chance

TOTALS = """
    SELECT count(*) AS articles, min(published_on) AS first, max(published_on) AS last
    FROM articles
"""
LAST_RUN = "SELECT * FROM runs WHERE finished_at IS NOT NULL ORDER BY id DESC LIMIT 1"
ARTICLES_BY_SOURCE = """
    SELECT c.origin, count(*) AS articles
    FROM articles a CROSS JOIN captures c ON c.id = a.capture_id
    GROUP BY c.origin ORDER BY articles DESC
"""
NEWEST_ARTICLES = """
    SELECT id, title, published_on, ministry, category
    FROM articles ORDER BY published_on DESC, id DESC LIMIT 10
"""
ARTICLES_BY_MONTH = """
    SELECT coalesce(ministry, 'none') AS ministry, substr(published_on, 1, 7) AS month,
           count(*) AS articles
    FROM articles WHERE published_on >= ? GROUP BY 1, 2
"""
TAG_MENTIONS = """
    SELECT h.tag AS name, a.published_on > :lately AS lately
    FROM articles a CROSS JOIN hashtags h ON h.article_id = a.id
    WHERE a.published_on > :before
"""
AGENCY_MENTIONS = """
    SELECT g.agency AS name, a.published_on > :lately AS lately
    FROM articles a CROSS JOIN article_agencies g ON g.article_id = a.id
    WHERE a.published_on > :before
"""


class RisingName(NamedTuple):
    """A hashtag or agency that is mentioned more often than before.

    Attributes:
        name: the tag, or the slug of the agency.
        lately: number of articles of the last 30 days that mention it.
        usual: average number of such articles per 30 days of the baseline.
    """

    name: str
    lately: int
    usual: float


@dataclass(frozen=True)
class Home:
    """What the home page shows; ``sources`` have ``origin``, ``articles`` and ``share``."""

    articles: int
    first: str | None
    last: str | None
    run: Row | None
    sources: list[Row]
    newest: list[Row]
    chart: Chart
    tags: list[RisingName]
    agencies: list[RisingName]


def read_home(db: Database) -> Home:
    """Read what the home page shows."""
    counts = next(db.query(TOTALS))
    last = date.fromisoformat(counts["last"]) if counts["last"] else date.min + BASELINE + RECENT
    bounds = {"lately": str(last - RECENT), "before": str(last - RECENT - BASELINE)}
    sources = list(db.query(ARTICLES_BY_SOURCE))
    return Home(
        **counts,
        run=next(db.query(LAST_RUN), None),
        sources=[row | {"share": row["articles"] / counts["articles"]} for row in sources],
        newest=list(db.query(NEWEST_ARTICLES)),
        chart=monthly_chart(db, counts["first"] or AFTER_ALL_MONTHS, last),
        tags=rising_names((row["name"], row["lately"]) for row in db.query(TAG_MENTIONS, bounds)),
        agencies=rising_names(
            (row["name"], row["lately"]) for row in db.query(AGENCY_MENTIONS, bounds)
        ),
    )


def monthly_chart(db: Database, first: str, last: date) -> Chart:
    """Return a chart of the articles per month of the last two years, by ministry."""
    labels = [month for month in months_until(last, CHART_MONTHS) if month >= first[:7]]
    values: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in db.query(ARTICLES_BY_MONTH, [min(labels, default=AFTER_ALL_MONTHS)]):
        values[row["ministry"]][row["month"]] += row["articles"]
    return stacked_chart(labels, largest_series(values))


def months_until(last: date, count: int) -> list[str]:
    """Return ``count`` ISO months, up to that of ``last``."""
    latest = last.year * 12 + last.month - 1
    return [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(latest - count + 1, latest + 1)]


def rising_names(mentions: Iterable[tuple[str, int]], most: int = 8) -> list[RisingName]:
    """Return the names mentioned more often recently than usual, steepest rise first.

    Args:
        mentions: for each article that mentions a name, the name and whether it is recent.
        most: maximum number of names to return.
    """
    lately: Counter[str] = Counter()
    earlier: Counter[str] = Counter()
    for name, is_late in mentions:
        (lately if is_late else earlier)[name] += 1
    found = [RisingName(name, n, earlier[name] * (RECENT / BASELINE)) for name, n in lately.items()]
    risen = [r for r in found if r.lately >= MIN_MENTIONS and r.lately > r.usual]
    # Add one, so that new names do not outrank all others.
    return sorted(risen, key=lambda r: (-r.lately / (r.usual + 1), r.name))[:most]
