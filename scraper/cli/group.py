"""The group of all commands: loads each when it is called, and turns errors into exit codes."""

from __future__ import annotations

import io
import sqlite3
import sys
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from scraper.cli.messages import DB, failure_message
from scraper.cli.on_failure import reporting
from scraper.cli.streams import OutputError, Streams
from scraper.errors import ReportedError
from scraper.terminal import printable_logs, say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

STOPPED = "stopped. Progress is saved; run the same command to continue"


class LazyCommand(NamedTuple):
    """A command that is imported when it is called.

    Attributes:
        target: where it is, as ``module:attribute``.
        summary: the first sentence of its help, for the list of commands.
    """

    target: str
    summary: str

    def load(self) -> click.Command:
        """Import the command."""
        _import_without("sqlite_utils", unused=("pandas", "numpy"))
        module, _, attribute = self.target.partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command


def _import_without(name: str, unused: tuple[str, ...]) -> None:
    """Import a module while hiding optional libraries that it would load.

    sqlite_utils looks for pandas, whose import takes longer than most commands.
    """
    hidden = [library for library in unused if library not in sys.modules]
    sys.modules |= dict.fromkeys(hidden)  # type: ignore[arg-type] # None is allowed
    try:
        import_module(name)
    finally:
        for library in hidden:
            del sys.modules[library]


class CommandFailedError(click.ClickException):
    """The error of a command, with its exit code."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[misc] # click declares a class variable


class ThaigovGroup(click.Group):
    """A lazy group whose commands end with a message and an exit code, not with a traceback."""

    def __init__(self, *args: Any, lazy: Mapping[str, LazyCommand], **settings: Any) -> None:
        super().__init__(*args, **settings)
        self._lazy = lazy
        # click looks here for names and summaries.
        self.commands = {
            name: click.Command(name, help=command.summary) for name, command in lazy.items()
        }

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command and return it, None if there is no such command."""
        del ctx
        return self._lazy[cmd_name].load() if cmd_name in self._lazy else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, self._lazy[name].summary) for name in sorted(self._lazy)])

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command line and exit with its code."""
        run = partial(super().main, args, prog_name, complete_var, standalone_mode=False, **extra)
        if not standalone_mode:
            return run()
        streams = Streams()
        with printable_logs():
            code = _exit_code(partial(run, obj=streams), streams)
        sys.exit(streams.exit_code(code))

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command.

        Raises:
            CommandFailedError: the command failed in a way that its user can fix.
        """
        with reporting(ctx):
            try:
                return _with_checked_output(ctx, lambda: super(ThaigovGroup, self).invoke(ctx))
            except ReportedError as error:
                raise CommandFailedError(failure_message(error), error.exit_code) from error
            except (sqlite3.Error, OSError, MemoryError) as error:
                raise CommandFailedError(failure_message(error, ctx.meta.get(DB)), 1) from error
            except KeyboardInterrupt:
                raise CommandFailedError(STOPPED, 1) from None


def _exit_code(run: Callable[[], Any], streams: Streams) -> int:
    """Run a command line, print its error if it fails, and return its exit code."""
    try:
        code = run() or 0  # commands return None; a number is the code of ``ctx.exit``
        streams.check()
        return int(code)
    except click.ClickException as error:
        shown = io.StringIO()
        error.show(shown)
        # Lines of a message after its first are indented, so that none can be forged.
        usage, mark, message = shown.getvalue().rstrip("\n").partition("Error: ")
        say(usage + mark + message.replace("\n", "\n  "), err=True)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        say("Aborted!", err=True)
        return 1
    except OutputError as error:
        say(f"Error: {error}", err=True)
        return 1


def _with_checked_output(ctx: click.Context, run: Callable[[], Any]) -> Any:
    """Run a command; if it succeeds, check that its output was written.

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
