"""What the dashboard shows of an archive: volume, coverage, edits. Reads indexes, no texts.

Words and their trends are in ``trends``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple, Self
from urllib.parse import urlencode

from scraper.browse.charts import NONE, Chart, largest, round_step, stack
from scraper.browse.home import MINISTRIES, months_until
from scraper.clock import BANGKOK, now

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlite_utils import Database

Row = dict[str, Any]

PERIODS = (12, 24, 60, 120)  # months that one may choose
BY_YEAR = 120  # months from which on years are shown
SPANS = (30, 90)  # days over which words are compared
BLOCKS = 25  # numbers are counted in 25 to 100 blocks
EDITED, REMOVED = "edited", "removed"

# Each walks an index that holds all its columns. A ministry, where one is chosen, is the one an
# article is most about.
SPAN = "SELECT min(published_on) AS first, max(published_on) AS last FROM articles"
VOLUME = """
    SELECT substr(published_on, 1, :width) AS month, ministry, category, count(*) AS articles
    FROM articles WHERE published_on >= :since AND (:ministry = '' OR ministry = :ministry)
    GROUP BY 1, 2, 3
"""
DAYS = "SELECT count(DISTINCT published_on) AS days FROM articles WHERE published_on >= :since"
SOURCES = """
    SELECT c.origin, substr(a.published_on, 1, :width) AS month, count(*) AS articles
    FROM articles a INDEXED BY articles_by_capture CROSS JOIN captures c ON c.id = a.capture_id
    WHERE a.published_on >= :since GROUP BY 1, 2
"""
NUMBERED = """
    SELECT site, layout, count(*) AS articles, min(site_id) AS first, max(site_id) AS last
    FROM articles GROUP BY site, layout
"""
NUMBERS = """
    SELECT site_id / :size * :size AS first, count(*) AS articles
    FROM articles WHERE site = :site AND layout = :layout GROUP BY 1
"""
RUNS = "SELECT * FROM runs ORDER BY id DESC LIMIT 8"
# Of a revision but the first, its row tells when it was seen; of the last, the article's.
EDITS = """
    SELECT month, ministry, count(*) AS articles FROM (
        SELECT substr(changed_at, 1, :width) AS month, ministry FROM articles
        WHERE id IN (SELECT article_id FROM article_revisions)
        UNION ALL
        SELECT substr(r.seen_at, 1, :width), a.ministry
        FROM article_revisions r JOIN articles a ON a.id = r.article_id WHERE r.revision > 1
    ) WHERE month >= substr(:since, 1, :width) AND (:ministry = '' OR ministry = :ministry)
    GROUP BY 1, 2
"""
REMOVALS = """
    SELECT substr(gone_at, 1, :width) AS month, ministry, count(*) AS articles
    FROM articles WHERE gone_at >= :since AND (:ministry = '' OR ministry = :ministry)
    GROUP BY 1, 2
"""


@dataclass(frozen=True)
class Choice:
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
            months=next((n for n in PERIODS if str(n) == months), cls.months),
            ministry=ministry if ministry in MINISTRIES else "",
            days=next((n for n in SPANS if str(n) == days), cls.days),
            q=arguments.get("q", "").strip(),
        )

    def query_string(self, **changes: Any) -> str:
        """Return the address of this choice with some changes."""
        chosen = asdict(replace(self, **changes))
        return "?" + urlencode({name: value for name, value in chosen.items() if value != ""})


class Numbers(NamedTuple):
    """How many of the numbers of a site's layout are in the archive, per block of them."""

    site: str
    layout: str
    articles: int
    first: int
    last: int
    size: int
    chart: Chart


class Edited(NamedTuple):
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
    silent: int
    ministries: Chart
    categories: Chart
    sources: Chart
    numbers: list[Numbers]
    runs: list[Row]
    changes: Chart
    edited: list[Edited]

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
    span = next(db.query(SPAN))
    months = shown_months(span["first"], span["last"], count)
    asked = {"since": first_day(months), "width": width(count), "ministry": ministry}
    volume = list(db.query(VOLUME, asked))
    edits, removals = list(db.query(EDITS, asked)), list(db.query(REMOVALS, asked))
    changes = {EDITED: _total(edits, "month"), REMOVED: _total(removals, "month")}
    return Dashboard(
        months=months,
        articles=sum(row["articles"] for row in volume),
        **span,
        silent=_silent(db, span, asked),
        ministries=stack(months, _series(volume, "ministry")),
        categories=stack(months, _series(volume, "category")),
        sources=stack(months, _series(db.query(SOURCES, asked), "origin")),
        numbers=[_numbers(db, row) for row in db.query(NUMBERED)],
        runs=list(db.query(RUNS)),
        changes=stack(_until_last(months, count, changes), changes),
        edited=_edited(volume, edits, removals),
    )


def shown_months(first: str | None, last: str | None, count: int) -> list[str]:
    """Return the last months of a span of days, at most so many, or the years of ``BY_YEAR``."""
    if first is None or last is None:
        return []
    return [label for label in _until(last, count) if label >= first[: width(count)]]


def width(count: int) -> int:
    """Return how many characters of an ISO day name what is shown: its month, or its year."""
    return 4 if count >= BY_YEAR else 7


def first_day(months: list[str]) -> str:
    """Return the first day of the first month or year; one behind all others if there is none."""
    return (months[0] + "-01-01")[:10] if months else "9999"


def _until(last: str, count: int) -> list[str]:
    months = months_until(date.fromisoformat((last + "-01-01")[:10]), count)
    return list(dict.fromkeys(month[: width(count)] for month in months))


def _silent(db: Database, span: Row, asked: Row) -> int:
    """Return how many days of the period have no article."""
    if span["last"] is None:
        return 0
    begin = date.fromisoformat(max(asked["since"], span["first"]))
    days = (date.fromisoformat(span["last"]) - begin).days + 1
    return int(days - next(db.query(DAYS, asked))["days"])


def _series(rows: Iterable[Row], column: str) -> dict[str, Counter[str]]:
    """Return the largest series by the values of a column: articles per month."""
    values: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        values[row[column] or NONE][row["month"]] += row["articles"]
    return largest(values)


def _total(rows: Iterable[Row], column: str) -> Counter[str]:
    total: Counter[str] = Counter()
    for row in rows:
        total[row[column] or NONE] += row["articles"]
    return total


def _until_last(months: list[str], count: int, changes: Mapping[str, Counter[str]]) -> list[str]:
    """Return as many months up to the last change, which may be later than the last article."""
    latest = max((month for values in changes.values() for month in values), default="")
    if not months or latest <= months[-1]:
        return months
    return _until(latest, count)[-len(months) :]


def _numbers(db: Database, row: Row) -> Numbers:
    """Return how much of the range of a layout's numbers is there."""
    size = round_step((row["last"] - row["first"]) // BLOCKS)
    held = {
        str(block["first"]): block["articles"] for block in db.query(NUMBERS, {"size": size, **row})
    }
    start = row["first"] // size * size
    labels = [str(first) for first in range(start, row["last"] + 1, size)]
    return Numbers(**row, size=size, chart=stack(labels, {"held": held}))


def _edited(volume: list[Row], edits: list[Row], removals: list[Row]) -> list[Edited]:
    """Return for each ministry with an edit or a removal how many there were."""
    articles, edited, removed = (_total(rows, "ministry") for rows in (volume, edits, removals))
    found = [Edited(m, articles[m], edited[m], removed[m]) for m in edited.keys() | removed.keys()]
    return sorted(found, key=lambda e: (-e.edited - e.removed, e.ministry))
