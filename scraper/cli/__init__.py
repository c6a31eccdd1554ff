"""The ``thaigov`` command: one module per group of commands, errors turned into exit codes.

0 done                     3 done, but an expectation was not met
1 failed                   4 refused or blocked
2 usage                    5 another run holds the lock
141 what reads our output closed it; the work itself is done
"""

from __future__ import annotations

import io
import sqlite3
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from scraper import __version__
from scraper.archive.database import ArchiveError
from scraper.archive.lock import ArchiveLockedError
from scraper.cli import (
    browse,
    check,
    check_page,
    crawl,
    demo,
    doctor,
    importing,
    recover,
    reparse,
    schedule,
    search,
    show,
    snapshot,
    status,
    verify,
)
from scraper.cli.errors import sentence
from scraper.cli.failure import reporting
from scraper.cli.stopping import stop_on_signals
from scraper.cli.streams import OutputError, Streams
from scraper.clock import ClockError
from scraper.crawl.permission import RefusedError
from scraper.reference import ReferenceTableError
from scraper.search.query import QueryError
from scraper.stages.worker import WorkerError
from scraper.terminal import printable_logs, say
from scraper.warc.writer import WarcError
from spiders.arguments import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# The first class that fits decides.
EXIT_CODES: tuple[tuple[type[Exception], int], ...] = (
    (ArchiveLockedError, 5),
    (RefusedError, 4),
    (ArgumentError, 2),
    (ClockError, 2),
    (QueryError, 2),
    (ArchiveError, 1),
    (WarcError, 1),
    (ReferenceTableError, 1),
    (WorkerError, 1),
    (sqlite3.Error, 1),
    (OSError, 1),
    (MemoryError, 1),
)


class Failure(click.ClickException):
    """An error that its user can mend, with the exit code that says of which sort it is."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[misc] # click declares a class variable


class Commands(click.Group):
    """A group whose commands end with a sentence and an exit code, not with a traceback."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command line and exit with its code; a closed pipe is no failure (``Streams``)."""
        run = partial(super().main, args, prog_name, complete_var, standalone_mode=False, **extra)
        if not standalone_mode:
            return run()
        streams = Streams()
        with printable_logs():
            code = _code(partial(run, obj=streams), streams)
        sys.exit(streams.exit_code(code))

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command.

        Raises:
            Failure: the command failed in a way its user can mend.
        """
        with reporting(ctx):
            try:
                return _checked(ctx, lambda: super(Commands, self).invoke(ctx))
            except tuple(kind for kind, _ in EXIT_CODES) as error:
                code = next(code for kind, code in EXIT_CODES if isinstance(error, kind))
                raise Failure(sentence(error), code) from error
            except KeyboardInterrupt:
                raise Failure(
                    "stopped; what was done is kept, and the same command goes on", 1
                ) from None


def _code(run: Callable[[], Any], streams: Streams) -> int:
    """Run a command line, tell of its failure, and return its exit code."""
    try:
        code = run() or 0  # commands return None; a number is the code of ``ctx.exit``
        streams.check()
        return int(code)
    except click.ClickException as error:
        told = io.StringIO()
        error.show(told)
        # Lines of a message after its first are indented, so that none can be forged.
        usage, mark, message = told.getvalue().rstrip("\n").partition("Error: ")
        say(usage + mark + message.replace("\n", "\n  "), err=True)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        say("Aborted!", err=True)
        return 1
    except OutputError as error:
        say(f"Error: {error}", err=True)
        return 1


def _checked(ctx: click.Context, run: Callable[[], Any]) -> Any:
    """Run a command; where it did well, see that its output was written, too.

    Raises:
        OutputError: it was not.
    """
    ended, result = None, None
    try:
        result = run()
    except click.exceptions.Exit as error:
        ended = error
    if isinstance(ctx.obj, Streams) and not (ended and ended.exit_code):
        ctx.obj.check()
    if ended:
        raise ended
    return result


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Build, search and read an archive of Thai government industry news."""
    stop_on_signals()


@main.group("import")
def import_group() -> None:
    """Bring in what others collected."""


import_group.add_command(importing.corpus)
import_group.add_command(importing.warc)
main.add_command(demo.demo)
main.add_command(browse.browse)
main.add_command(check.check)
main.add_command(check_page.check_page)
main.add_command(crawl.crawl)
main.add_command(doctor.doctor)
main.add_command(recover.recover)
main.add_command(reparse.reparse_command)
main.add_command(search.search)
main.add_command(schedule.schedule)
main.add_command(show.show)
main.add_command(snapshot.snapshot)
main.add_command(status.status)
main.add_command(verify.verify_command)
