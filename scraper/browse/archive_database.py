"""The archive as Datasette serves it: queries in Datasette's threads, with time limit and cache.

Datasette's own ``Database`` hashes the whole file at the start, and keeps reading an old file after
another process has replaced it.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, TypeVarTuple

import datasette.database
from datasette.database import QueryInterrupted, Results
from datasette.views.base import DatasetteError
from sqlite_utils import Database

from scraper.archive.opening import connect_to_read, real_path
from scraper.browse.answer_cache import AnswerCache
from scraper.browse.row_bounds import MAX_FILE_ROWS, RowBound, bounded_rows
from scraper.browse.sheets import whole_answer
from scraper.browse.table_pages import with_tie_break
from scraper.browse.tables import SEARCHED, count_rows
from scraper.browse.time_limit import QueryTimeoutError, time_limit

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from datasette.app import Datasette

    from scraper.archive.opening import ReadConnection
    from scraper.browse.facets import Facets

P = ParamSpec("P")
T = TypeVar("T")
Ts = TypeVarTuple("Ts")


async def query(
    site: Datasette,
    function: Callable[Concatenate[Database, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Call a function with the archive and return its result.

    Raises:
        QueryTimeoutError: it took longer than the site's time limit.
    """
    return await _run(site, _time_limit_seconds(site), lambda db: function(db, *args, **kwargs))


async def cached(
    site: Datasette,
    function: Callable[[Database, *Ts], T],
    *args: *Ts,
    seconds: float | None = None,
) -> T:
    """Like ``query``, but return the cached result if the archive has not changed since.

    Args:
        site: the Datasette that serves the archive.
        function: called with the archive. Its result is shared and must not be modified; None is
            not cached.
        *args: further arguments, hashable.
        seconds: time limit, if not the site's.

    Raises:
        QueryTimeoutError: it took longer than the time limit.
    """
    archive: ArchiveDatabase = site.get_database()
    cache, state = await archive.execute_fn(lambda _: archive.cache_and_state())
    answer: T | None = cache.get(state, (function, *args))
    if answer is None:
        answer = await _run(
            site, seconds or _time_limit_seconds(site), lambda db: function(db, *args)
        )
        if answer is not None:
            cache.put(state, (function, *args), answer)
    return answer


def _time_limit_seconds(site: Datasette) -> float:
    milliseconds: int = site.sql_time_limit_ms
    return milliseconds / 1000


async def _run(site: Datasette, seconds: float, function: Callable[[Database], T]) -> T:
    def read(connection: sqlite3.Connection) -> T:
        with time_limit(connection, seconds):
            # Datasette configures its connections itself; a PRAGMA here would affect its queries.
            return function(Database(connection, recursive_triggers=False))

    answer: T = await site.get_database().execute_fn(read)
    return answer


class ArchiveDatabase(datasette.database.Database):  # type: ignore[misc] # Datasette has no types
    """A database that always reads the current file.

    After another process has written to the file or replaced it, the next query reads the new
    state. Datasette's own connection to an immutable file would mix in old pages and fail until the
    server is restarted.

    Attributes:
        cache: results since the last commit.
        hash: always None. Datasette would read the whole file (3 GB for 100,000 articles) and block
            all requests meanwhile.
        facets: those last read, or None.
    """

    hash = None

    def __init__(self, site: Datasette, path: Path, *, is_mutable: bool) -> None:
        """Open an archive; ``is_mutable`` if another process may be writing to it."""
        super().__init__(site, str(path), is_mutable=is_mutable)
        self._file = path
        self._opened: list[sqlite3.Connection] = []
        self._local = threading.local()  # one connection per thread
        self._reopening = threading.Lock()
        self._reset()

    async def fts_table(self, table: str) -> str | None:
        """Return the full-text index of a table; None for articles, which we search ourselves."""
        return None if table in SEARCHED else await super().fts_table(table)

    def _reset(self) -> None:
        """Drop everything cached and watch the current file."""
        self._watch = self._open()
        self.facets: Facets | None = None
        self.cache = AnswerCache(self._watch.connection)

    def _open(self) -> ReadConnection:
        reader = connect_to_read(real_path(self._file), check_same_thread=False)
        self._opened.append(reader.connection)
        return reader

    def connect(self, write: bool = False) -> sqlite3.Connection:
        """Return a read-only connection."""
        if write:
            raise sqlite3.OperationalError("the site opens the archive read-only")
        return self._open().connection

    async def execute_fn(self, fn: Callable[[sqlite3.Connection], Any]) -> Any:
        """Call a function with a connection to the current file and return its result."""

        def in_thread() -> Any:
            reader = self._reader()
            try:
                answer = fn(reader.connection)
            except sqlite3.DatabaseError:
                if self._is_current(reader):
                    raise
                return fn(self._reader().connection)
            # Without a lock, the connection may have read a mixture of both states.
            if reader.is_frozen and not self._is_current(reader):
                return fn(self._reader().connection)
            return answer

        return await asyncio.get_running_loop().run_in_executor(self.ds.executor, in_thread)

    @asynccontextmanager
    async def apart(self) -> AsyncIterator[Callable[[Callable[[Database], T]], Awaitable[T]]]:
        """Yield what calls functions with a connection of its own, which stays at the same file.

        For answers that are sent while they are read: a newer file that replaces this one is not
        mixed into them. No lock is held between two calls.
        """
        loop = asyncio.get_running_loop()
        reader = await loop.run_in_executor(self.ds.executor, self._open)

        async def call(function: Callable[[Database], T]) -> T:
            def in_thread() -> T:
                with time_limit(reader.connection, _time_limit_seconds(self.ds)):
                    return function(Database(reader.connection, recursive_triggers=False))

            return await loop.run_in_executor(self.ds.executor, in_thread)

        try:
            yield call
        finally:
            self._opened.remove(reader.connection)
            reader.connection.close()

    def file_state(self) -> str:
        """Return a text that changes whenever another process writes to the file."""
        path = real_path(self._file)
        found = [path, path.with_name(path.name + "-wal")]
        stats = [file.stat() for file in found if file.exists()]
        return " ".join(f"{stat.st_ino} {stat.st_size} {stat.st_mtime_ns}" for stat in stats)

    async def execute(  # noqa: PLR0913, PLR0917 - Datasette's signature
        self,
        sql: str,
        params: Any = None,
        truncate: bool = False,
        custom_time_limit: int | None = None,
        page_size: int | None = None,
        log_sql_errors: bool = True,  # noqa: ARG002
    ) -> Results:
        """Run a statement of Datasette's pages and of canned queries, within a time of CPU use.

        Datasette's own method counts the time on the wall, so that a busy machine fails queries
        that are quick, and bounds the rows, but not their size.

        Raises:
            QueryInterrupted: it took longer than the time limit.
            AnswerTooLargeError: its rows are too large.
        """
        limit = min(filter(None, (self.ds.sql_time_limit_ms, custom_time_limit))) / 1000
        most = self.ds.max_returned_rows + (self.ds.max_returned_rows == page_size)
        bound = RowBound(most, is_cut=True) if truncate else None
        if truncate and whole_answer.get():
            bound = RowBound(MAX_FILE_ROWS, is_cut=False)

        def run(connection: sqlite3.Connection) -> Results:
            try:
                with time_limit(connection, limit):
                    statement = with_tie_break(connection, sql) if truncate else sql
                    cursor = connection.execute(statement, {} if params is None else params)
                    return Results(*bounded_rows(cursor, bound), cursor.description)
            except QueryTimeoutError as error:
                raise QueryInterrupted(error, sql, params) from error

        try:
            return await self.execute_fn(run)
        except sqlite3.DatabaseError as error:
            if whole_answer.get():  # Datasette would send an empty file
                raise DatasetteError(str(error), title="Invalid SQL", status=400) from error
            raise

    def close(self) -> None:
        """Close all connections."""
        while self._opened:
            self._opened.pop().close()
        super().close()

    def cache_and_state(self) -> tuple[AnswerCache, int]:
        """Return the cache of the current file, and the file's state."""
        cache = self.cache
        return cache, cache.state()

    def _is_current(self, reader: ReadConnection) -> bool:
        return reader.is_current(real_path(self._file))

    def _reader(self) -> ReadConnection:
        """Return this thread's connection, a new one if the file was replaced."""
        reader: ReadConnection | None = getattr(self._local, "reader", None)
        if reader is not None and self._is_current(reader):
            return reader
        with self._reopening:
            if not self._is_current(self._watch):
                self._opened.remove(self._watch.connection)
                self.cache.close()
                self._reset()
        if reader is not None:  # an open connection would keep the replaced file on the disk
            self._opened.remove(reader.connection)
            reader.connection.close()
        reader = self._open()
        self.ds._prepare_connection(reader.connection, self.name)  # noqa: SLF001 - as in Datasette
        self._local.reader = reader
        return reader

    async def table_counts(self, limit: int = 0) -> dict[str, int | None]:  # noqa: ARG002 - Datasette's signature
        """Return the number of rows per table, None where counting would scan a table of texts.

        Datasette's own method sets a time limit, but SQLite cannot interrupt a count.
        """
        counts = await cached(self.ds, count_rows)
        return {name: counts.get(name) for name in await self.table_names()}
