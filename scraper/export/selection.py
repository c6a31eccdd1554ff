"""Selects the articles of an export and reads their rows, in one transaction and small batches.

Only the ids of the selected articles are kept in memory: 8 bytes each.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from dataclasses import dataclass, field, fields
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from scraper.errors import ReportedError
from scraper.export.model import Role
from scraper.export.tables import exported_tables, is_reference_table
from scraper.search.engine import Filters, matching
from scraper.search.query import parse_query

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlite_utils import Database

    from scraper.export.model import Row, Table

BATCH = 500  # articles, of about 8 KB each
FIRST_YEAR_DIGITS = 4


class NothingFoundError(ReportedError):
    """No article matches the query and the filters."""


@dataclass(frozen=True)
class ExportQuery:
    """Which articles are exported.

    Attributes:
        text: in the language of ``scraper.search.query``; None for all.
        filters: further conditions, as in a search.
        numbers: lowest and highest number in the URL.
    """

    text: str | None = None
    filters: Filters = field(default_factory=Filters)
    numbers: tuple[int, int] | None = None

    def described(self) -> dict[str, Any]:
        """Return the given conditions by name."""
        given: dict[str, Any] = {"query": self.text}
        for name in (entry.name for entry in fields(self.filters)):
            value = getattr(self.filters, name)
            given[name] = value.isoformat() if isinstance(value, date) else value
        given["numbers"] = self.numbers and "{}-{}".format(*self.numbers)
        return {name: value for name, value in given.items() if value is not None}


class ArticleBatch(NamedTuple):
    """Some articles of one year of publication, by their ids in the archive."""

    year: int | None
    ids: Sequence[int]


class Selection:
    """Selected articles, read from a consistent view of the archive.

    Args:
        db: an archive opened for reading, in a transaction.
        query: which articles.
        on_article: called with the number of articles after each batch.

    Attributes:
        db: the archive.
        tables: articles, facts, entities.
        counts: rows read so far, by table.
        first_on, last_on: first and last day of publication; None if no article has one.

    Raises:
        QueryError: the query has a syntax error.
        NothingFoundError: no article matches.
    """

    def __init__(
        self,
        db: Database,
        query: ExportQuery,
        on_article: Callable[[int], object] = lambda _count: None,
    ) -> None:
        self.db = db
        self.tables = exported_tables(db)
        self.counts: Counter[str] = Counter()
        self._on_article = on_article
        self.first_on: str | None = None
        self.last_on: str | None = None
        self._years: list[tuple[int | None, array[int]]] = []
        for article_id, day in _chosen(db, query):
            year = int(day[:FIRST_YEAR_DIGITS]) if day else None
            if not self._years or self._years[-1][0] != year:
                self._years.append((year, array("q")))
            self._years[-1][1].append(article_id)
            self.first_on = self.first_on or day
            self.last_on = day or self.last_on
        if not self._years:
            raise NothingFoundError("no article matches the filters, so nothing was written")

    def __len__(self) -> int:
        return sum(len(ids) for _, ids in self._years)

    @property
    def articles(self) -> Table:
        """The table of the articles."""
        return self.tables[0]

    @property
    def facts(self) -> tuple[Table, ...]:
        """The tables of facts."""
        return tuple(table for table in self.tables if table.role is Role.FACTS)

    @property
    def entities(self) -> tuple[Table, ...]:
        """The tables that articles and facts refer to."""
        return tuple(table for table in self.tables if table.role is Role.ENTITIES)

    def table(self, name: str) -> Table | None:
        """Return the table with a name, None if the archive has none."""
        return next((table for table in self.tables if table.name == name), None)

    def articles_by_year(self) -> dict[int | None, int]:
        """Return the number of articles of each year, None for those without a date."""
        return {year: len(ids) for year, ids in self._years}

    def batches(self) -> Iterator[ArticleBatch]:
        """Yield the articles in order of publication, those without a date last."""
        for year, ids in self._years:
            for start in range(0, len(ids), BATCH):
                batch = ArticleBatch(year, ids[start : start + BATCH])
                yield batch
                self._on_article(len(batch.ids))

    def rows(self, table: Table, batch: ArticleBatch) -> list[Row]:
        """Return the typed rows of articles or of their facts, in the order of the articles."""
        ids = ", ".join(map(str, batch.ids))
        if table.role is Role.ARTICLES:
            sql = f"SELECT {table.source} WHERE t.id IN ({ids}) ORDER BY {table.order}"
            lists = [self._lists(listed.sql.format(ids=ids)) for listed in table.listed]
            rows = [
                (*table.typed(row), *(values.get(row[0], ()) for values in lists))
                for row in self.db.execute(sql)
            ]
        else:
            sql = (
                f"SELECT {table.source} WHERE t.article_id IN ({ids}) "
                f"ORDER BY t.article_id, {table.order}"
            )
            rows = [table.typed(row) for row in self.db.execute(sql)]
            at, ranks = table.names.index("article_id"), {n: i for i, n in enumerate(batch.ids)}
            rows.sort(key=lambda row: ranks[row[at]])
        self.counts[table.name] += len(rows)
        return rows

    def facts_by_article(
        self, table: Table, batch: ArticleBatch
    ) -> dict[int, list[dict[str, Any]]]:
        """Return the facts of each article as dictionaries without its id."""
        found: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for row in self.rows(table, batch):
            fact = dict(zip(table.names, row, strict=True))
            found[fact.pop("article_id")].append(fact)
        return found

    def article_rows(self, batch: ArticleBatch) -> list[dict[str, Any]]:
        """Return the articles of a batch as dictionaries."""
        names = self.articles.names
        return [dict(zip(names, row, strict=True)) for row in self.rows(self.articles, batch)]

    def entities_by_key(self, name: str) -> dict[Any, dict[str, Any]]:
        """Return the rows of a table of entities as dictionaries; empty if there is none."""
        if (table := self.table(name)) is None:
            return {}
        rows = (dict(zip(table.names, row, strict=True)) for row in self.entity_rows(table))
        return {row[table.key[0]]: row for row in rows}

    def names(self, name: str) -> dict[Any, str]:
        """Return the Thai or only name of each row of a table of entities."""
        return {
            key: row.get("name_th") or row.get("name", "")
            for key, row in self.entities_by_key(name).items()
        }

    def entity_rows(self, table: Table) -> Iterator[Row]:
        """Yield the rows of a table of entities, by key.

        A table that comes from the reference tables is read whole, any other, such as people, only
        as far as the chosen articles refer to it.
        """
        wanted = None if is_reference_table(table.name) else self._referred(table)
        (key,) = table.key
        at = table.names.index(key)
        for row in self.db.execute(f"SELECT {table.source} ORDER BY {table.order}"):
            if wanted is None or row[at] in wanted:
                self.counts[table.name] += 1
                yield table.typed(row)

    def _referred(self, target: Table) -> set[Any]:
        """Return the keys of entities that the chosen articles and their facts refer to."""
        found: set[Any] = set()
        for table in (self.articles, *self.facts):
            for column in (c.name for c in table.columns if c.refers == target.name):
                key = "id" if table.role is Role.ARTICLES else "article_id"
                for _, ids in self._years:
                    for start in range(0, len(ids), BATCH):
                        some = ", ".join(map(str, ids[start : start + BATCH]))
                        sql = f"SELECT DISTINCT {column} FROM {table.name} WHERE {key} IN ({some})"
                        found.update(value for (value,) in self.db.execute(sql))
        return found

    def _lists(self, sql: str) -> dict[int, tuple[str, ...]]:
        """Return the distinct values of a list column, by article."""
        found: dict[int, dict[str, None]] = defaultdict(dict)
        for article_id, value in self.db.execute(sql):
            found[article_id][str(value)] = None
        return {article_id: tuple(values) for article_id, values in found.items()}


def _chosen(db: Database, query: ExportQuery) -> Iterator[tuple[int, str | None]]:
    """Yield id and day of the chosen articles, in the order of the export."""
    tree = None if query.text is None else parse_query(query.text)
    sql, values = matching(tree, query.filters)
    if query.numbers:
        sql += " AND +a.id IN (SELECT id FROM articles WHERE site_id BETWEEN ? AND ?)"
        values += query.numbers
    ordered = f"SELECT * FROM ({sql}) ORDER BY published_on IS NULL, published_on, id"
    yield from db.execute(ordered, values)
