"""The archive as Datasette serves it, without what would read the whole file for a small answer."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from typing import TYPE_CHECKING, Any

from datasette.database import Database

from scraper.archive.opening import connect_to_read, real_path
from scraper.browse.memory import Memory
from scraper.browse.reads import recall
from scraper.browse.tables import count_rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from datasette.app import Datasette

    from scraper.archive.opening import ReadConnection
    from scraper.browse.facets import Facets


class Archive(Database):  # type: ignore[misc] # Datasette has no types
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
        self._own = threading.local()  # the connection of a thread
        self._opening = threading.Lock()
        self._begin()

    def _begin(self) -> None:
        """Forget what was known of the file, and watch it as it is now."""
        self._watch = self._open()
        self.facets: Facets | None = None
        self.memory = Memory(self._watch.connection)

    def _open(self) -> ReadConnection:
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

    def remembered(self) -> tuple[Memory, int]:
        """Return the memory of the file as it is now, and its state."""
        memory = self.memory
        return memory, memory.state()

    def _is_current(self, reader: ReadConnection) -> bool:
        return reader.is_current(real_path(self._file))

    def _reader(self) -> ReadConnection:
        """Return the connection of this thread, another one if the file is another."""
        reader: ReadConnection | None = getattr(self._own, "reader", None)
        if reader is not None and self._is_current(reader):
            return reader
        with self._opening:
            if not self._is_current(self._watch):
                self._all_file_connections.remove(self._watch.connection)
                self.memory.retire()
                self._begin()
        if reader is not None:  # else it would keep the room of a file that was replaced
            self._all_file_connections.remove(reader.connection)
            reader.connection.close()
        reader = self._open()
        self.ds._prepare_connection(reader.connection, self.name)  # noqa: SLF001 - as Datasette does
        self._own.reader = reader
        return reader

    async def table_counts(self, limit: int = 0) -> dict[str, int | None]:  # noqa: ARG002 - Datasette's signature
        """Return how many rows tables have, None for those that only a whole reading could tell.

        Datasette's own limits the time of each, but SQLite does not stop in the middle of a count.
        """
        counts = await recall(self.ds, count_rows)
        return {name: counts.get(name) for name in await self.table_names()}
