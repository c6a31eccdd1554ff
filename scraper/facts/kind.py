"""The declaration of a kind of fact: its table, and how it is found, shown and compared.

Storing, `thaigov show`, search filters, facets, reparse reports, verify and the practice judge all
use these declarations, so a new kind requires no change in any of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from scraper.model import TextField
from scraper.thai.agencies import find_agencies
from scraper.thai.names import find_names_in, split_places
from scraper.thai.text import Folded, fold, fold_with_offsets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from scraper.model import Article
    from scraper.thai.agencies import AgencyName
    from scraper.thai.names import NameMention, PlaceText

FactRow = tuple[str | int | float | None, ...]
"""The SQL values of a row, in the order of ``FactKind.columns``."""


MENTION_COLUMNS = ("field", "position", "text")
"""The columns in which every table of mentions says where its passage is."""

_FIELD_RANKS = " ".join(f"WHEN '{field}' THEN {rank}" for rank, field in enumerate(TextField))
READING_ORDER = f"CASE t.field {_FIELD_RANKS} END, t.position"
"""SQL that sorts the mentions of one article in reading order."""

NONE = "none"
"""In place of a value of a facet: the articles that have none."""

MOST_FACET_VALUES = 1_000
"""Values of a facet of entities, the most frequent ones: each takes memory for all articles."""


class Mention(NamedTuple):
    """A passage of an article.

    Attributes:
        field: the field that contains it.
        position: its offset in the field, in characters from 0.
        text: the passage as written: ``field[position : position + len(text)]``.
    """

    field: TextField
    position: int
    text: str


class ArticleText:
    """An article, with values that several kinds of facts need, each computed once.

    The facts of kinds that come earlier in ``KINDS`` are in ``article.facts``.
    """

    def __init__(self, article: Article) -> None:
        self.article = article

    @cached_property
    def folded(self) -> dict[TextField, Folded]:
        """The fields that have a text, folded for matching, in reading order."""
        fields = ((field, getattr(self.article, field)) for field in TextField)
        return {field: fold_with_offsets(text) for field, text in fields if text}

    def mention(self, field: TextField, start: int, end: int) -> Mention:
        """Return the passage of a field from its offsets in ``folded[field].text``."""
        first, last = self.folded[field].original_span(start, end)
        return Mention(field, first, getattr(self.article, field)[first:last])

    @cached_property
    def places(self) -> tuple[PlaceText, ...]:
        """The folded places in which names are searched.

        The tail is followed by the hashtags that no field contains, because they were in place of a
        lead: offsets from its own end on are not in the article.
        """
        article = self.article
        written = f"{article.body}\n{article.tail}"
        tags = [f"#{tag}" for tag in article.hashtags if f"#{tag}" not in written]
        title, lead, body, tail = (
            self.folded[field].text if field in self.folded else ""
            for field in (TextField.TITLE, TextField.LEAD, TextField.BODY, TextField.TAIL)
        )
        return split_places(title, lead, body, "\n".join((tail, *map(fold, tags))))

    @cached_property
    def names(self) -> list[NameMention]:
        """The names of ministries and agencies, in reading order."""
        return find_names_in(self.places, self.article.published_on)

    @cached_property
    def agencies(self) -> tuple[AgencyName, ...]:
        """Every naming of an agency, in reading order."""
        return find_agencies(self.names, self.places)


@dataclass(frozen=True, kw_only=True)
class Entities:
    """The table of the things that a kind of fact mentions, such as people.

    Attributes:
        table: its table; the first column is the key.
        columns: its columns.
        rows: converts a value of the kind to rows; a row whose key is stored already is ignored.
        label: the column by which readers refer to a row, in filters and facets.
        key_of: returns the key of a label; None if the label is the key.
    """

    table: str
    columns: tuple[str, ...]
    rows: Callable[[Any], Iterable[FactRow]]
    label: str
    key_of: Callable[[str], str | int] | None = None

    @property
    def insert_sql(self) -> str:
        """The statement that stores a row unless its key is known."""
        places = ", ".join("?" * len(self.columns))
        return (
            f"INSERT INTO {self.table} ({', '.join(self.columns)}) VALUES ({places}) "
            "ON CONFLICT DO NOTHING"
        )


@dataclass(frozen=True, kw_only=True)
class FactKind:
    """One kind of fact that is found in articles.

    Attributes:
        name: key in ``Article.facts`` and in ``thaigov show --json``.
        table: its table; the first column is ``article_id``, with ON DELETE CASCADE.
        columns: the other columns.
        find: returns the values found in an article; None if the parser of the page sets them in
            the article's attribute ``name``.
        row: converts a value to a row.
        select: SELECT list and FROM clause that ``thaigov show`` uses, with the table as ``t``;
            defaults to the columns.
        order: SQL that sorts the rows of one article.
        heading: heading in ``thaigov show``; empty if only ``--json`` has the rows.
        line: formats a row read by ``select`` as one line of ``thaigov show``.
        group: columns by which rows are printed as one line, with their number and the first
            value of each column that is not NULL; empty for one line a row.
        brief: formats a value for Scrapy's feeds; empty values are left out.
        judged: columns that must match the truth of a practice page; empty if the truth is
            compared elsewhere.
        key: the column by which ``filter`` and ``facet`` find articles.
        filter: name of the search filter, if any.
        facet: name of the facet in `thaigov browse`, if any.
        entities: the table that the rows refer to, if the facts themselves fill it.
    """

    name: str
    table: str
    columns: tuple[str, ...]
    find: Callable[[ArticleText], Iterable[Any]] | None = None
    row: Callable[[Any], FactRow]
    select: str = ""
    order: str = "t.rowid"
    heading: str
    line: Callable[[dict[str, Any]], str]
    group: tuple[str, ...] = ()
    brief: Callable[[Any], str] = str
    judged: tuple[str, ...] = ()
    key: str = ""
    filter: str | None = None
    facet: str | None = None
    entities: Entities | None = None

    def values(self, article: Article) -> tuple[Any, ...]:
        """Return the values that the parser or the facts stage set on an article."""
        if self.find is None:
            return tuple(getattr(article, self.name))
        return article.facts.get(self.name, ())

    def rows(self, article: Article) -> list[FactRow]:
        """Return the rows of an article, without repeats."""
        return list(dict.fromkeys(map(self.row, self.values(article))))

    def entity_rows(self, article: Article) -> Iterator[FactRow]:
        """Yield the rows of the entities that an article mentions."""
        if self.entities is not None:
            for value in self.values(article):
                yield from self.entities.rows(value)

    @property
    def shown_sql(self) -> str:
        """The query by which ``thaigov show`` reads the facts of one article."""
        select = self.select or f"{', '.join(self.columns)} FROM {self.table} t"
        return f"SELECT {select} WHERE t.article_id = ? ORDER BY {self.order}"

    def lines(self, rows: Iterable[dict[str, Any]]) -> list[str]:
        """Return the lines of ``thaigov show`` for the rows of one article."""
        if not self.group:
            return list(map(self.line, rows))
        return [
            self.line(row) + (f" ×{row['times']}" if row["times"] > 1 else "")
            for row in merged_rows(rows, self.group)
        ]

    @property
    def stored_sql(self) -> str:
        """The query for the stored rows of one article, in the form of ``rows``."""
        columns = ", ".join(self.columns)
        return f"SELECT {columns} FROM {self.table} WHERE article_id = ? ORDER BY rowid"

    def condition(self, values: Iterable[str]) -> tuple[str, list[str | int]]:
        """Return a condition on ``articles a`` and its parameters: it has any of the values.

        Args:
            values: keys, or labels of ``entities``; ``NONE`` in a facet for articles without any.
        """
        asked = list(values)
        named = [value for value in asked if value != NONE or not self.facet]
        parts = []
        if named:
            # The plus prevents SQLite from looking up the article of each row, which for a frequent
            # value reads the whole table.
            places = ", ".join("?" * len(named))
            parts = [
                f"+a.id IN (SELECT article_id FROM {self.table} WHERE {self.key} IN ({places}))"
            ]
        if len(named) < len(asked):
            parts.append(self.absent_sql)
        return " OR ".join(parts), [self.key_of(value) for value in named]

    @property
    def absent_sql(self) -> str:
        """A condition on ``articles a``: the article has no fact of this kind."""
        return f"NOT EXISTS (SELECT 1 FROM {self.table} x WHERE x.article_id = a.id)"

    def key_of(self, given: str) -> str | int:
        """Return the ``key`` for what a reader typed, such as a name."""
        convert = self.entities and self.entities.key_of
        return convert(given) if convert else given

    @property
    def facet_sql(self) -> str:
        """The query for each value of the facet with the ids of its articles after ``:after``.

        The last row has the articles without a value.
        """
        if self.entities is None:
            value, source, condition = self.key, f"{self.table} t", ""
        else:
            key = self.entities.columns[0]
            value = f"e.{self.entities.label}"
            source = f"{self.table} t JOIN {self.entities.table} e ON e.{key} = t.{self.key}"
            condition = (
                f" AND t.{self.key} IN (SELECT {self.key} FROM {self.table} GROUP BY 1 "
                f"ORDER BY count(DISTINCT article_id) DESC LIMIT {MOST_FACET_VALUES})"
            )
        return (
            f"SELECT {value}, group_concat(t.article_id) FROM {source} "
            f"WHERE +t.article_id > :after{condition} GROUP BY 1 "
            f"UNION ALL SELECT '{NONE}', group_concat(a.id) FROM articles a "
            f"INDEXED BY articles_by_day WHERE +a.id > :after AND {self.absent_sql}"
        )

    def judged_row(self, value: Any) -> FactRow:
        """Return the judged columns of a value; for a string, the string itself."""
        if isinstance(value, str):
            return (value,)
        row = dict(zip(self.columns, self.row(value), strict=True))
        return tuple(row[column] for column in self.judged)


def merged_rows(rows: Iterable[dict[str, Any]], columns: Iterable[str]) -> list[dict[str, Any]]:
    """Merge the rows that share the values of some columns.

    Returns:
        The first value of each column that is not NULL, and the number of rows as ``times``.
    """
    merged: dict[tuple[Any, ...], dict[str, Any]] = {}
    keys = tuple(columns)
    for row in rows:
        one = merged.setdefault(tuple(row[key] for key in keys), {**row, "times": 0})
        one["times"] += 1
        one |= {name: value for name, value in row.items() if one[name] is None}
    return list(merged.values())
