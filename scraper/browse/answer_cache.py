"""Keeps answers for as long as nobody writes to the archive. Knows nothing of the questions."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Hashable

MAX_ANSWERS = 256  # answers that are kept; a page of hits takes some 50 kB


class AnswerCache:
    """Answers by question, those that were asked for last.

    ``state`` may be called from any thread, ``find`` and ``keep`` from one only.
    """

    def __init__(self, watch: sqlite3.Connection | None) -> None:
        """Take a connection that serves for nothing else, None for a file that nobody writes to."""
        self._watch = watch
        self._lock = Lock()
        self._state = 0
        self._answers: dict[Hashable, Any] = {}

    def state(self) -> int:
        """Return a number that is another one after any commit, of any process."""
        with self._lock:
            if self._watch is None:
                return 0
            ((version,),) = self._watch.execute("PRAGMA data_version").fetchall()
        return int(version)

    def close(self) -> None:
        """Close the connection; the file is another one now."""
        with self._lock:
            watch, self._watch = self._watch, None
        if watch is not None:
            watch.close()

    def get(self, state: int, question: Hashable) -> Any:
        """Return the answer that was kept in this state of the archive; None if there is none."""
        if state != self._state:
            self._state = state
            self._answers.clear()
        answer = self._answers.pop(question, None)
        if answer is not None:
            self._answers[question] = answer  # as the latest
        return answer

    def put(self, state: int, question: Hashable, answer: Any) -> None:
        """Keep an answer, which must not be None, that was read in this state or a later one."""
        if state == self._state:
            self._answers[question] = answer
        if len(self._answers) > MAX_ANSWERS:
            del self._answers[next(iter(self._answers))]
