"""Caches query results until the next commit to the archive."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Hashable

MAX_RESULTS = 256  # a page of hits takes about 50 kB


class AnswerCache:
    """A cache of the most recently used results.

    ``state`` may be called from any thread, ``get`` and ``put`` from one thread only.
    """

    def __init__(self, watch: sqlite3.Connection | None) -> None:
        """Use a dedicated connection, or None if the file is immutable."""
        self._watch = watch
        self._lock = Lock()
        self._state = 0
        self._results: dict[Hashable, Any] = {}

    def state(self) -> int:
        """Return a number that changes with every commit of any process."""
        with self._lock:
            if self._watch is None:
                return 0
            ((version,),) = self._watch.execute("PRAGMA data_version").fetchall()
        return int(version)

    def close(self) -> None:
        """Close the connection, because the file was replaced."""
        with self._lock:
            watch, self._watch = self._watch, None
        if watch is not None:
            watch.close()

    def get(self, state: int, key: Hashable) -> Any:
        """Return the result cached in this state of the archive, or None."""
        if state != self._state:
            self._state = state
            self._results.clear()
        result = self._results.pop(key, None)
        if result is not None:
            self._results[key] = result  # now the most recently used
        return result

    def put(self, state: int, key: Hashable, result: Any) -> None:
        """Cache a result, not None, that was read in this state or a later one."""
        if state == self._state:
            self._results[key] = result
        if len(self._results) > MAX_RESULTS:
            del self._results[next(iter(self._results))]
