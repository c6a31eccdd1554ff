"""Counts a term per month, year or ministry, with the share of all articles."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from scraper.search.engine import Filters, matching
from scraper.statistics.likelihood import per_hundred
from scraper.statistics.terms import find_occurrences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlite_utils import Database

Group = Literal["month", "year", "ministry"]
# An index has both columns, so no article's own row is read.
GROUPS: dict[Group, str] = {
    "month": "substr(a.published_on, 1, 7)",
    "year": "substr(a.published_on, 1, 4)",
    "ministry": "a.ministry",
}


@dataclass(frozen=True)
class TermCount:
    """The use of a term in one group of articles.

    Attributes:
        group: values such as a month and a slug; None for articles without a date or a ministry.
        articles: articles with the term.
        of: all articles of the group.
        per_hundred: articles with the term in each hundred of the group.
        occurrences: of the term; an article may have many.
    """

    group: tuple[str | None, ...]
    articles: int
    of: int
    per_hundred: float
    occurrences: int


@dataclass(frozen=True)
class TermCounts:
    """The use of a term in all articles that pass the filters.

    Attributes:
        term: as given.
        words: the words counted; several if they must be in a row.
        by: what ``rows`` are grouped by.
        rows: in order; a group without the term is included, with zeros.
        total: all articles together.
    """

    term: str
    words: tuple[str, ...]
    by: tuple[Group, ...]
    rows: tuple[TermCount, ...]
    total: TermCount

    def as_dicts(self) -> list[dict[str, Any]]:
        """Return the rows with each group's values under their own names."""
        return [
            dict(zip(self.by, row.group, strict=True))
            | {name: value for name, value in asdict(row).items() if name != "group"}
            for row in self.rows
        ]


def count_term(
    db: Database, term: str, filters: Filters | None = None, by: Sequence[Group] = ("month",)
) -> TermCounts:
    """Count a term with the word index.

    Args:
        db: an archive.
        term: see ``find_occurrences``.
        filters: which articles.
        by: the groups; several make a row for each combination that has articles.

    Raises:
        QueryError: the term has no letter or digit, or is too long.
    """
    found = find_occurrences(db, term)
    db.execute(
        "CREATE TEMP TABLE IF NOT EXISTS term_articles "
        "(article_id INTEGER PRIMARY KEY, occurrences INTEGER NOT NULL)"
    )
    db.execute("DELETE FROM temp.term_articles")
    db.conn.executemany("INSERT INTO temp.term_articles VALUES (?, ?)", found.articles.items())
    chosen, values = matching(None, filters or Filters())
    columns = "".join(f"{GROUPS[group]}, " for group in by)
    numbers = ", ".join(str(number) for number in range(1, len(by) + 1)) or "NULL"
    sql = f"""
        SELECT {columns} count(t.article_id), count(*), coalesce(sum(t.occurrences), 0)
        FROM ({chosen}) c CROSS JOIN articles a ON a.id = c.id
        LEFT JOIN temp.term_articles t ON t.article_id = a.id
        GROUP BY {numbers} ORDER BY {numbers}
    """
    rows = tuple(
        _term_count(tuple(group), *counts)
        for *group, counts in (
            (*row[: len(by)], row[len(by) :]) for row in db.execute(sql, values).fetchall()
        )
    )
    total = _term_count(
        (),
        sum(row.articles for row in rows),
        sum(row.of for row in rows),
        sum(row.occurrences for row in rows),
    )
    return TermCounts(term, found.words, tuple(by), rows, total)


def _term_count(
    group: tuple[str | None, ...], articles: int, of: int, occurrences: int
) -> TermCount:
    return TermCount(group, articles, of, per_hundred(articles, of), occurrences)
