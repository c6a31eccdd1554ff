"""What a kind of fact declares: its table, what fills it, and how it is shown and compared.

Storing, `thaigov show`, search filters, facets, reparse reports, verify and the practice judge all
work from these declarations, so a new kind needs no change in any of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from scraper.thai.names import find_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from scraper.model import Article
    from scraper.thai.names import NameMention

Row = tuple[str | int | float | None, ...]
"""The values of a row in the order of ``FactKind.columns``, ready to bind."""


class ArticleText:
    """An article whose facts are being found; what several kinds need is computed once."""

    def __init__(self, article: Article) -> None:
        self.article = article

    @cached_property
    def names(self) -> list[NameMention]:
        """Names of ministries and agencies, in reading order."""
        article = self.article
        # A hashtag that stood in place of a lead is in no text field.
        written = f"{article.body}\n{article.tail}"
        tags = (f"#{tag}" for tag in article.hashtags if f"#{tag}" not in written)
        return find_names(
            article.title,
            article.lead,
            article.body,
            tail="\n".join((article.tail, *tags)),
            published_on=article.published_on,
        )


@dataclass(frozen=True, kw_only=True)
class FactKind:
    """One kind of fact that is read out of an article.

    Attributes:
        name: key in ``Article.facts`` and in ``thaigov show --json``.
        table: its table; the first column is ``article_id``, with ON DELETE CASCADE.
        columns: the other columns.
        find: returns the values of an article. None for values that the parser of the page sets
            as an attribute of the article, called ``name``.
        row: turns a value into a row.
        select: what ``thaigov show`` reads of a row, and from where: the SELECT list and joins,
            with the table called ``t``. The columns themselves unless given.
        order: SQL to sort the rows of one article by.
        heading: title of its lines in ``thaigov show``.
        line: turns a row, as read by ``select``, into one of these lines.
        brief: turns a value into its text in Scrapy's feeds; an empty one is left out.
        judged: columns that must equal the truth of a practice page; none for a kind whose truth
            is compared elsewhere.
        key: column to look articles up by, for ``filter`` and ``facet``.
        filter: name of the search filter, if any.
        facet: name of the facet in `thaigov browse`, if any.
    """

    name: str
    table: str
    columns: tuple[str, ...]
    find: Callable[[ArticleText], Iterable[Any]] | None = None
    row: Callable[[Any], Row]
    select: str = ""
    order: str = "t.rowid"
    heading: str
    line: Callable[[dict[str, Any]], str]
    brief: Callable[[Any], str] = str
    judged: tuple[str, ...] = ()
    key: str = ""
    filter: str | None = None
    facet: str | None = None

    def values(self, article: Article) -> tuple[Any, ...]:
        """Return the values that the parser or the facts stage has set on an article."""
        if self.find is None:
            return tuple(getattr(article, self.name))
        return article.facts.get(self.name, ())

    def rows(self, article: Article) -> list[Row]:
        """Return the rows of an article, without repeats: the same tag twice is one row."""
        return list(dict.fromkeys(map(self.row, self.values(article))))

    @property
    def shown_sql(self) -> str:
        """The query that ``thaigov show`` reads the facts of one article with."""
        select = self.select or f"{', '.join(self.columns)} FROM {self.table} t"
        return f"SELECT {select} WHERE t.article_id = ? ORDER BY {self.order}"

    @property
    def stored_sql(self) -> str:
        """The query for the stored rows of one article, in the form of ``rows``."""
        columns = ", ".join(self.columns)
        return f"SELECT {columns} FROM {self.table} WHERE article_id = ? ORDER BY rowid"

    @property
    def filter_sql(self) -> str:
        """A condition on ``articles a`` that one value of the key fulfils."""
        # The plus keeps SQLite from looking up one article's row after another, which for a
        # frequent value reads the whole table.
        return f"+a.id IN (SELECT article_id FROM {self.table} WHERE {self.key} = ?)"

    def judged_row(self, value: Any) -> Row:
        """Return the judged columns of a value; of a plain string, the string itself."""
        if isinstance(value, str):
            return (value,)
        row = dict(zip(self.columns, self.row(value), strict=True))
        return tuple(row[column] for column in self.judged)
