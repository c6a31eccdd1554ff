"""An archive opened from Python, read-only: search, articles, SQL."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

from scraper.api.errors import ArticleNotFoundError, SqlError
from scraper.api.frames import make_frame
from scraper.api.results import archived_article, to_search_page
from scraper.archive.article import article_details, find_articles
from scraper.archive.database import open_for_reading
from scraper.archive.errors import ArchiveError, explain_errors
from scraper.errors import FilterError
from scraper.search.engine import search as search_archive
from scraper.search.given_filters import checked_filters, storable
from scraper.search.paging import Order

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    import pandas as pd
    from sqlite_utils import Database

    from scraper.api.results import ArchivedArticle, SearchPage
    from scraper.search.given_filters import Choices

_ALL = 2**31 - 1  # more articles than any archive has
# VACUUM INTO attaches its file, too; an open transaction would keep old pages from being reused.
_REFUSED = {
    sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH, sqlite3.SQLITE_TRANSACTION,
    sqlite3.SQLITE_SAVEPOINT,
}  # fmt: skip


class OpenArchive:
    """An archive that is open for reading. ``open_archive`` returns it.

    It is a context manager; leaving the block closes it. A running crawl does not disturb it, and
    no query can change the file. Use it in the thread that opened it.

    Attributes:
        path: the file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._db: Database | None = open_for_reading(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<OpenArchive {self.path}{' (closed)' if self._db is None else ''}>"

    def close(self) -> None:
        """Close the archive; closing it again does nothing.

        Raises:
            ArchiveError: the file was replaced meanwhile, in a folder where it cannot be locked.
        """
        db, self._db = self._db, None
        if db is not None:
            db.close()

    def search(  # noqa: PLR0913 - all are options of the reader
        self,
        query: str | None = None,
        *,
        ministry: Choices = None,
        agency: Choices = None,
        person: Choices = None,
        province: Choices = None,
        not_ministry: Choices = None,
        not_agency: Choices = None,
        not_person: Choices = None,
        not_province: Choices = None,
        category: str | None = None,
        tag: str | None = None,
        since: date | str | None = None,
        until: date | str | None = None,
        by_date: bool = False,
        limit: int | None = 20,
        offset: int = 0,
        after: str | None = None,
    ) -> SearchPage:
        """Return the articles that match a query and all filters, as ``thaigov search`` does.

        Args:
            query: pieces of text, "phrases", AND, OR, NOT, brackets, =words; None for all articles.
            ministry: slug, such as ``industry``.
            agency: slug, abbreviation or official name.
            person: first name and surname, without title.
            province: code or name. Of each of these four, a list means any of several, and
                ``none`` articles without one.
            not_ministry: leave out the articles of these ministries.
            not_agency: leave out those that name any of these agencies.
            not_person: likewise, persons.
            not_province: likewise, provinces.
            category: as the site names it.
            tag: a hashtag without ``#``.
            since: first day of publication; a day, or what people type: 2567, 21/8/68.
            until: last day of publication; a typed month or year means its last day.
            by_date: newest first; otherwise best match first.
            limit: articles of the page; None for all. Excerpts take about 10 ms an article: for
                thousands, ``frame`` with SQL is faster.
            offset: articles to skip.
            after: ``SearchPage.next`` of the page before.

        Raises:
            QueryError: the query is empty, or ``after`` is not from a page in this order.
            FilterError: a filter has a value that no article can have.
            ArchiveError: the archive is closed, or cannot be read.

        >>> page = archive.search("โรงงาน", ministry="industry", since="2568", limit=5)
        >>> page.total, page.articles[0].published_on
        (1, datetime.date(2025, 8, 21))
        >>> [found.title for found in page]
        ['กรมโรงงานอุตสาหกรรมตรวจโรงงานน้ำตาล']
        """
        filters = checked_filters(
            ministry=ministry,
            agency=agency,
            person=person,
            province=province,
            not_ministry=not_ministry,
            not_agency=not_agency,
            not_person=not_person,
            not_province=not_province,
            category=category,
            tag=tag,
            since=since,
            until=until,
        )
        if (limit is not None and limit < 1) or offset < 0:
            raise FilterError(f"limit must be 1 or more, offset 0 or more: {limit}, {offset}")
        with self._reading() as db:
            return to_search_page(
                search_archive(
                    db,
                    query,
                    filters,
                    order=Order.NEW if by_date else Order.BEST,
                    limit=_ALL if limit is None else min(limit, _ALL),
                    offset=min(offset, _ALL),
                    after=after,
                )
            )

    def article(self, address: int | str) -> ArchivedArticle:
        """Return an article with its facts.

        Args:
            address: any form of its address, or the number in it.

        Raises:
            ArticleNotFoundError: there is none; or several have the number, as sites and
                generations of the site count for themselves: then give the address.
            ArchiveError: the archive is closed, or cannot be read.

        >>> article = archive.article(87574)
        >>> article.title
        'กรมโรงงานอุตสาหกรรมตรวจโรงงานน้ำตาล'
        >>> [(person.name, person.post) for person in article.people]
        [('สมใจ ใจดี', 'อธิบดีกรมโรงงานอุตสาหกรรม')]
        >>> [amount.low for amount in article.money]
        [1500000.0]
        """
        with self._reading() as db:
            rows = find_articles(db, storable(str(address)))
            if len(rows) != 1:
                several = "; ".join(row["url"] for row in rows)
                raise ArticleNotFoundError(
                    f"{len(rows)} articles have the number {address}; give the address of one: "
                    f"{several}"
                    if rows
                    else f"{self.path} has no article {address}"
                )
            return archived_article(article_details(db, rows[0]))

    def rows(
        self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()
    ) -> Iterator[dict[str, Any]]:
        """Return the rows of a table, a view or a query, by column, one at a time.

        Args:
            sql: the name of a table or view (docs/schema.md), or one SELECT statement.
            parameters: values for ``?`` or ``:name`` in it.

        Raises:
            SqlError: there is no such table, the SQL has a mistake, or it would write.
            ArchiveError: the archive is closed.

        >>> next(archive.rows("SELECT name, articles FROM people_seen WHERE articles >= ?", [1]))
        {'name': 'สมใจ ใจดี', 'articles': 1}
        """
        columns, rows = self._select(sql, parameters)
        return (dict(zip(columns, row, strict=True)) for row in rows)

    def frame(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> pd.DataFrame:
        """Return a table, a view or the result of a query as a pandas frame.

        Columns named ``…_on`` become days (``datetime64[s]``), columns named ``…_at`` moments in
        UTC. A whole table ``articles`` takes about 13 KB of memory an article.

        Args:
            sql: the name of a table or view (docs/schema.md), or one SELECT statement.
            parameters: values for ``?`` or ``:name`` in it.

        Raises:
            SqlError: there is no such table, the SQL has a mistake, or it would write.
            PandasMissingError: pandas is not installed.
            ArchiveError: the archive is closed.

        >>> frame = archive.frame("SELECT published_on, ministry FROM articles ORDER BY 1")
        >>> frame.groupby(frame.published_on.dt.year).size().to_dict()
        {2025: 2}
        """
        columns, rows = self._select(sql, parameters)
        return make_frame(columns, rows)

    def _select(
        self, sql: str, parameters: Sequence[Any] | Mapping[str, Any]
    ) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
        """Return the names of the columns of a table or query, and its rows."""
        with self._reading() as db, _explained_sql():
            if sql.isidentifier():
                tables = [*db.table_names(), *db.view_names()]
                if sql not in tables:
                    raise SqlError(f"no table or view {sql}; there are {', '.join(sorted(tables))}")
                sql = f"SELECT * FROM {sql}"
            db.conn.set_authorizer(_authorize)
            try:
                cursor = db.conn.execute(sql, parameters)
            finally:
                db.conn.set_authorizer(None)
            if cursor.description is None:
                raise SqlError("not a SELECT: the library only reads")
            return [name for name, *_ in cursor.description], self._each(cursor)

    def _each(self, cursor: sqlite3.Cursor) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a cursor as long as the archive is open."""
        while True:
            with self._reading(), _explained_sql():
                row = cursor.fetchone()
            if row is None:
                return
            yield row

    @contextmanager
    def _reading(self) -> Iterator[Database]:
        if self._db is None:
            raise ArchiveError(f"{self.path}: this archive has been closed; open it again")
        with explain_errors(self.path):
            yield self._db


@contextmanager
def _explained_sql() -> Iterator[None]:
    """Convert errors that the SQL is to blame for; others concern the file."""
    try:
        yield
    except (OverflowError, UnicodeEncodeError) as error:
        raise SqlError(f"this SQL or a parameter cannot be stored: {error}") from error
    except (sqlite3.OperationalError, sqlite3.ProgrammingError, sqlite3.Warning) as error:
        name = getattr(error, "sqlite_errorname", None) or "SQLITE_MISUSE"
        if name.startswith("SQLITE_READONLY"):
            raise SqlError("the library only reads; this statement would write") from error
        if name in {"SQLITE_ERROR", "SQLITE_MISUSE"}:
            raise SqlError(f"this SQL failed: {error}") from error
        raise
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorname", None) == "SQLITE_AUTH":
            raise SqlError(
                "the library only reads this file; no ATTACH, VACUUM or BEGIN"
            ) from error
        raise


def _authorize(action: int, *_: str | None) -> int:
    return sqlite3.SQLITE_DENY if action in _REFUSED else sqlite3.SQLITE_OK
