"""Asks the archive questions from the server: in Datasette's threads, briefly, and not twice."""

from __future__ import annotations

import sqlite3
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar, TypeVarTuple

from sqlite_utils import Database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from datasette.app import Datasette

    from scraper.browse.served import Archive

P = ParamSpec("P")
T = TypeVar("T")
Ts = TypeVarTuple("Ts")

STEPS = 10_000  # of SQLite's virtual machine between two looks at the clock, about 1 ms
PATIENCE = 5  # times the limit may pass on the wall: a busy machine is not the question's fault


class TooLongError(Exception):
    """A question was broken off since it took longer than the site allows."""


@contextmanager
def within(connection: sqlite3.Connection, seconds: float) -> Iterator[None]:
    """Break off what a connection does when it has worked so long, or waited for long.

    Raises:
        TooLongError: it was.
    """
    worked, end = time.thread_time() + seconds, time.monotonic() + seconds * PATIENCE
    connection.set_progress_handler(
        lambda: time.thread_time() > worked or time.monotonic() > end, STEPS
    )
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
    return await _read(site, _limit(site), lambda db: question(db, *args, **kwargs))


async def recall(
    site: Datasette,
    question: Callable[[Database, *Ts], T],
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
    archive: Archive = site.get_database()
    memory, state = await archive.execute_fn(lambda _: archive.remembered())
    answer: T | None = memory.find(state, (question, *args))
    if answer is None:
        answer = await _read(site, seconds or _limit(site), lambda db: question(db, *args))
        if answer is not None:
            memory.keep(state, (question, *args), answer)
    return answer


def _limit(site: Datasette) -> float:
    milliseconds: int = site.plugin_config("thaigov")["limit_ms"]
    return milliseconds / 1000


async def _read(site: Datasette, seconds: float, question: Callable[[Database], T]) -> T:
    def read(connection: sqlite3.Connection) -> T:
        with within(connection, seconds):
            # Datasette sets its connections up itself; a PRAGMA of ours would reach its queries.
            return question(Database(connection, recursive_triggers=False))

    answer: T = await site.get_database().execute_fn(read)
    return answer
