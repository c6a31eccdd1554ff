"""The archive as Datasette serves it: queries in Datasette's threads, bounded, and cached.

Datasette's own database would read the whole file for a small answer, and go on with an older
file after another process has written to it.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, TypeVarTuple

import datasette.database
from sqlite_utils import Database

from scraper.archive.opening import connect_to_read, real_path
from scraper.browse.answer_cache import AnswerCache
from scraper.browse.tables import count_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from datasette.app import Datasette

    from scraper.archive.opening import Reader
    from scraper.browse.facets import Facets

P = ParamSpec("P")
T = TypeVar("T")
Ts = TypeVarTuple("Ts")

STEPS_PER_CHECK = 10_000  # of SQLite's virtual machine between two looks at the clock, about 1 ms
WALL_CLOCK_FACTOR = (
    5  # times the limit may pass on the wall: a busy machine is not the question's fault
)


class QueryTimeoutError(Exception):
    """A question was broken off since it took longer than the site allows."""


@contextmanager
def time_limit(connection: sqlite3.Connection, seconds: float) -> Iterator[None]:
    """Break off what a connection does when it has worked so long, or waited for long.

    Raises:
        TooLongError: it was.
    """
    worked, end = time.thread_time() + seconds, time.monotonic() + seconds * WALL_CLOCK_FACTOR
    connection.set_progress_handler(
        lambda: time.thread_time() > worked or time.monotonic() > end, STEPS_PER_CHECK
    )
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            raise QueryTimeoutError from error
        raise
    finally:
        connection.set_progress_handler(None, STEPS_PER_CHECK)


async def query(
    site: Datasette,
    function: Callable[Concatenate[Database, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Return a function's answer from the archive.

    Raises:
        TooLongError: it took longer than the site allows.
    """
    return await _run(site, _time_limit_seconds(site), lambda db: function(db, *args, **kwargs))


async def cached(
    site: Datasette,
    function: Callable[[Database, *Ts], T],
    *args: *Ts,
    seconds: float | None = None,
) -> T:
    """Return a function's answer: the one it gave before, if nobody wrote to the archive since.

    Args:
        site: the Datasette that serves the archive.
        question: a function of the archive. Its answer is shared: it must not be changed. None is
            not kept.
        *args: further arguments, hashable.
        seconds: that it may take, if not what the site allows.

    Raises:
        TooLongError: it took longer.
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
    milliseconds: int = site.plugin_config("thaigov")["limit_ms"]
    return milliseconds / 1000


async def _run(site: Datasette, seconds: float, function: Callable[[Database], T]) -> T:
    def read(connection: sqlite3.Connection) -> T:
        with time_limit(connection, seconds):
            # Datasette sets its connections up itself; a PRAGMA of ours would reach its queries.
            return function(Database(connection, recursive_triggers=False))

    answer: T = await site.get_database().execute_fn(read)
    return answer


class ArchiveDatabase(datasette.database.Database):  # type: ignore[misc] # Datasette has no types
    """An archive.

    Where another process writes to the file, or puts another one in its place, the next question
    is answered from what is there then. Datasette's own connection to an immutable file would
    go on with pages of the older one, and fail until the server is started again.

    Attributes:
        memory: answers that were given since somebody wrote to it.
        hash: always None. Datasette would read the file whole, 3 GB where there are 100,000
            articles, while nobody else gets an answer.
        facets: of its articles, as they were last read.
    """

    hash = None

    def __init__(self, site: Datasette, path: Path, *, is_mutable: bool) -> None:
        """Open an archive for a site; ``is_mutable`` where another process may write to it."""
        super().__init__(site, str(path), is_mutable=is_mutable)
        self._file = path
        self._local = threading.local()  # the connection of a thread
        self._reopening = threading.Lock()
        self._reset()

    def _reset(self) -> None:
        """Forget what was known of the file, and watch it as it is now."""
        self._watch = self._open()
        self.facets: Facets | None = None
        self.cache = AnswerCache(self._watch.connection)

    def _open(self) -> Reader:
        reader = connect_to_read(real_path(self._file), check_same_thread=False)
        self._all_file_connections.append(reader.connection)
        return reader

    def connect(self, write: bool = False) -> sqlite3.Connection:
        """Return a connection; it is read-only."""
        if write:
            raise sqlite3.OperationalError("the archive is not written by its site")
        return self._open().connection

    async def execute_fn(self, fn: Callable[[sqlite3.Connection], Any]) -> Any:
        """Return what a function makes of a connection to the file as it is now."""

        def in_thread() -> Any:
            reader = self._reader()
            try:
                answer = fn(reader.connection)
            except sqlite3.DatabaseError:
                if self._is_current(reader):
                    raise
                return fn(self._reader().connection)
            # A connection without a lock may have read half of the one state, half of the other.
            if reader.is_frozen and not self._is_current(reader):
                return fn(self._reader().connection)
            return answer

        return await asyncio.get_running_loop().run_in_executor(self.ds.executor, in_thread)

    def cache_and_state(self) -> tuple[AnswerCache, int]:
        """Return the memory of the file as it is now, and its state."""
        cache = self.cache
        return cache, cache.state()

    def _is_current(self, reader: Reader) -> bool:
        return reader.is_current(real_path(self._file))

    def _reader(self) -> Reader:
        """Return the connection of this thread, another one if the file is another."""
        reader: Reader | None = getattr(self._local, "reader", None)
        if reader is not None and self._is_current(reader):
            return reader
        with self._reopening:
            if not self._is_current(self._watch):
                self._all_file_connections.remove(self._watch.connection)
                self.cache.close()
                self._reset()
        if reader is not None:  # else it would keep the room of a file that was replaced
            self._all_file_connections.remove(reader.connection)
            reader.connection.close()
        reader = self._open()
        self.ds._prepare_connection(reader.connection, self.name)  # noqa: SLF001 - as Datasette does
        self._local.reader = reader
        return reader

    async def table_counts(self, limit: int = 0) -> dict[str, int | None]:  # noqa: ARG002 - Datasette's signature
        """Return how many rows tables have, None for those that only a whole reading could tell.

        Datasette's own limits the time of each, but SQLite does not stop in the middle of a count.
        """
        counts = await cached(self.ds, count_rows)
        return {name: counts.get(name) for name in await self.table_names()}
