"""What the first page tells of an archive. Reads indexes only, no article's text."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from scraper.browse.charts import Chart, largest, stack
from scraper.reference import read_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlite_utils import Database

Row = dict[str, Any]

MONTHS = 24  # shown in the chart
NEVER = "9999"  # as a month, behind all others
# Rising: the last 30 days against the 180 before them, so that an election week is not the measure.
LATELY, BEFORE = timedelta(days=30), timedelta(days=180)
LEAST = 3  # mentions, below which a rise is chance
MINISTRIES = {row["slug"]: row for row in read_table("ministries.csv")}

COUNTS = """
    SELECT count(*) AS articles, min(published_on) AS first, max(published_on) AS last
    FROM articles
"""
RUN = "SELECT * FROM runs WHERE finished_at IS NOT NULL ORDER BY id DESC LIMIT 1"
SOURCES = """
    SELECT c.origin, count(*) AS articles
    FROM articles a CROSS JOIN captures c ON c.id = a.capture_id
    GROUP BY c.origin ORDER BY articles DESC
"""
NEWEST = """
    SELECT id, title, published_on, ministry, category
    FROM articles ORDER BY published_on DESC, id DESC LIMIT 10
"""
BY_MONTH = """
    SELECT coalesce(ministry, 'none') AS ministry, substr(published_on, 1, 7) AS month,
           count(*) AS articles
    FROM articles WHERE published_on >= ? GROUP BY 1, 2
"""
TAGS = """
    SELECT h.tag AS name, a.published_on > :lately AS lately
    FROM articles a CROSS JOIN hashtags h ON h.article_id = a.id
    WHERE a.published_on > :before
"""
NAMED = """
    SELECT g.agency AS name, a.published_on > :lately AS lately
    FROM articles a CROSS JOIN article_agencies g ON g.article_id = a.id
    WHERE a.published_on > :before
"""


class Rising(NamedTuple):
    """Something that is named more often than before.

    Attributes:
        name: the tag, or the slug of the agency.
        lately: articles of the last 30 days that name it.
        usual: articles that would have named it in as many days before.
    """

    name: str
    lately: int
    usual: float


@dataclass(frozen=True)
class Home:
    """The figures of the first page; ``sources`` have ``origin``, ``articles`` and ``share``."""

    articles: int
    first: str | None
    last: str | None
    run: Row | None
    sources: list[Row]
    newest: list[Row]
    chart: Chart
    tags: list[Rising]
    agencies: list[Rising]


def read_home(db: Database) -> Home:
    """Return what the first page shows."""
    counts = next(db.query(COUNTS))
    last = date.fromisoformat(counts["last"]) if counts["last"] else date.min + BEFORE + LATELY
    bounds = {"lately": str(last - LATELY), "before": str(last - LATELY - BEFORE)}
    sources = list(db.query(SOURCES))
    return Home(
        **counts,
        run=next(db.query(RUN), None),
        sources=[row | {"share": row["articles"] / counts["articles"]} for row in sources],
        newest=list(db.query(NEWEST)),
        chart=by_month(db, counts["first"] or NEVER, last),
        tags=rising((row["name"], row["lately"]) for row in db.query(TAGS, bounds)),
        agencies=rising((row["name"], row["lately"]) for row in db.query(NAMED, bounds)),
    )


def by_month(db: Database, first: str, last: date) -> Chart:
    """Return the articles of the last two years per month, stacked by ministry."""
    labels = [month for month in months_until(last, MONTHS) if month >= first[:7]]
    values: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in db.query(BY_MONTH, [min(labels, default=NEVER)]):
        values[row["ministry"]][row["month"]] += row["articles"]
    return stack(labels, largest(values))


def months_until(last: date, count: int) -> list[str]:
    """Return ISO months, the last of them that of a day."""
    latest = last.year * 12 + last.month - 1
    return [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(latest - count + 1, latest + 1)]


def rising(mentions: Iterable[tuple[str, int]], most: int = 8) -> list[Rising]:
    """Return what is named more often lately than usual, the steepest rise first.

    Args:
        mentions: a name and whether it was named lately, for each article that names it.
        most: how many to return.
    """
    lately: Counter[str] = Counter()
    earlier: Counter[str] = Counter()
    for name, is_late in mentions:
        (lately if is_late else earlier)[name] += 1
    found = [Rising(name, n, earlier[name] * (LATELY / BEFORE)) for name, n in lately.items()]
    risen = [r for r in found if r.lately >= LEAST and r.lately > r.usual]
    # One is added so that what was never named before does not outrank all else.
    return sorted(risen, key=lambda r: (-r.lately / (r.usual + 1), r.name))[:most]
