"""Asks the archive questions from the server: in Datasette's threads, and not for too long."""

from __future__ import annotations

import sqlite3
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from sqlite_utils import Database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from datasette.app import Datasette

P = ParamSpec("P")
T = TypeVar("T")

STEPS = 10_000  # of SQLite's virtual machine between two looks at the clock, about 1 ms


class TooLongError(Exception):
    """A question was broken off since it took longer than the site allows."""


@contextmanager
def within(connection: sqlite3.Connection, seconds: float) -> Iterator[None]:
    """Break off what a connection does when the time is up.

    Raises:
        TooLongError: it was.
    """
    end = time.monotonic() + seconds
    connection.set_progress_handler(lambda: time.monotonic() > end, STEPS)
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            raise TooLongError from error
        raise
    finally:
        connection.set_progress_handler(None, STEPS)


async def ask(
    site: Datasette,
    question: Callable[Concatenate[Database, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Return a function's answer from the archive.

    Raises:
        TooLongError: it took longer than the site allows.
    """
    seconds = site.plugin_config("thaigov")["limit_ms"] / 1000

    def read(connection: sqlite3.Connection) -> T:
        with within(connection, seconds):
            # Datasette sets its connections up itself; a PRAGMA of ours would reach its queries.
            return question(Database(connection, recursive_triggers=False), *args, **kwargs)

    return await site.get_database().execute_fn(read)  # type: ignore[no-any-return]
