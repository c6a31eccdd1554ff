"""Interrupts queries that take too long, by the CPU time of their thread."""

from __future__ import annotations

import sqlite3
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

STEPS_PER_CHECK = 10_000  # SQLite instructions between two checks of the clock, about 1 ms
# Times the limit may pass on the wall: a busy machine is not the question's fault.
WALL_CLOCK_FACTOR = 5


class QueryTimeoutError(Exception):
    """A query was interrupted because it exceeded the time limit."""


@contextmanager
def time_limit(connection: sqlite3.Connection, seconds: float) -> Iterator[None]:
    """Interrupt the queries of a connection after a time of CPU use, or five times as long in all.

    Raises:
        QueryTimeoutError: a query was interrupted.
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
