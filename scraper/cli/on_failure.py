"""``--on-failure COMMAND``: runs a command of the operator's when one of ours ends badly.

The option only stores the command. ``reporting``, around all commands, runs it, so that refusals,
locks and errors before a run began are reported too.
"""

from __future__ import annotations

import logging
import os
import re
import signal
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scraper.terminal import printable, say

if TYPE_CHECKING:
    from collections.abc import Iterator

META = "scraper.cli.on_failure"  # key of the hook in click's context and those around it
VARIABLE = "THAIGOV_ON_FAILURE"
HOOK_SECONDS = 60.0  # how long the command may take
MOST_ERRORS = 20  # of the log that are reported
MOST_PRINTED = 1000  # bytes of what the command prints
# A word of a command line that may be a secret, or the part of an address that is.
SECRET = re.compile(r"[^\s'\"`|;&<>(){}$/=:?@,]{6,}")
# Outcome of a command that ended before a run began, by its exit code.
OUTCOMES = {1: "failed", 2: "usage", 3: "unmet", 4: "refused", 5: "locked"}


@dataclass
class Hook:
    """The command to run on failure, and what it gets to read.

    Attributes:
        command: the shell runs it.
        context: of the command that may fail.
        sentences: what went wrong, for its standard input.
        run: id and outcome of the run, if there was one.
        listener: adds the errors of the log to the sentences.
    """

    command: str
    context: click.Context
    sentences: list[str] = field(default_factory=list)
    run: tuple[int, str] | None = None
    listener: logging.Handler = field(init=False)

    def __post_init__(self) -> None:
        self.listener = _Listener(self.sentences)

    def environment(self, exit_code: int) -> dict[str, str]:
        """Return the command's environment: ours and what it may want to know."""
        run, outcome = self.run or ("", OUTCOMES.get(exit_code, "failed"))
        db = self.context.params.get("db") or os.environ.get("THAIGOV_DB", "")
        # Were it left there, a thaigov that the command runs would call the command again.
        inherited = {name: value for name, value in os.environ.items() if name != VARIABLE}
        return inherited | {
            "THAIGOV_EXIT_CODE": str(exit_code),
            "THAIGOV_COMMAND": self.context.command_path.partition(" ")[2],
            "THAIGOV_RUN": str(run),
            "THAIGOV_OUTCOME": outcome,
            "THAIGOV_DB": str(Path(db).absolute()) if db else "",
        }


class _Listener(logging.Handler):
    """Collects the errors of the log."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._sentences = sentences

    def emit(self, record: logging.LogRecord) -> None:
        if len(self._sentences) < MOST_ERRORS:
            # Scrapy puts the traceback of a failed start into the message.
            self._sentences.append(record.getMessage().partition("Traceback (")[0].rstrip())


def _remember(context: click.Context, _: click.Parameter, command: str | None) -> None:
    if command:
        hook = context.meta[META] = Hook(command, context)
        logging.getLogger().addHandler(hook.listener)


on_failure_option = click.option(
    "--on-failure",
    metavar="COMMAND",
    envvar=VARIABLE,
    is_eager=True,  # so that a wrong value of another option is reported, too
    expose_value=False,
    callback=_remember,
    help="Shell command to run if the exit code is not 0; it gets the errors on standard input. "
    f"{VARIABLE} also sets it.",
)


def note(sentence: str, *, run: tuple[int, str] | None = None) -> None:
    """Add a sentence to what ``--on-failure`` gets to read if this command fails.

    Args:
        sentence: what happened.
        run: id and outcome of the run it is about.
    """
    hook: Hook | None = click.get_current_context().meta.get(META)
    if hook is not None:
        hook.sentences.append(sentence)
        hook.run = run or hook.run


@contextmanager
def reporting(context: click.Context) -> Iterator[None]:
    """Run the ``--on-failure`` command if the code inside ends with an exit code above 0."""
    try:
        yield
    except click.exceptions.Exit as ended:
        if ended.exit_code:
            _notify(context, ended.exit_code)
        raise
    except click.ClickException as error:
        _notify(context, error.exit_code, error.format_message())
        raise
    except Exception as error:
        _notify(context, 1, f"{type(error).__name__}: {error}")
        raise
    finally:
        if META in context.meta:
            logging.getLogger().removeHandler(context.meta[META].listener)


def _notify(context: click.Context, exit_code: int, *sentences: str) -> None:
    hook: Hook | None = context.meta.get(META)
    if hook is None:
        return
    lines = [*hook.sentences, *sentences] or [f"thaigov ended with exit code {exit_code}."]
    fault = run_hook(hook.command, printable("\n".join(lines) + "\n"), hook.environment(exit_code))
    if fault is not None:
        # Not the command itself: it may hold a token, and this goes into logs.
        say(f"--on-failure: the command {fault}", err=True)


def run_hook(command: str, report: str, environment: dict[str, str]) -> str | None:
    """Run the operator's command in a shell; return how it failed, None if it did not.

    Its output goes to stderr, shortened by ``_redacted``.
    """
    try:
        with tempfile.TemporaryFile() as printed:
            # A shell, for pipes and variables; a new session, so that all of it can be killed.
            process = subprocess.Popen(  # noqa: S602
                command,
                shell=True,
                start_new_session=True,
                stdin=subprocess.PIPE,
                stdout=printed,
                stderr=printed,
                env=environment,
            )
            fault = _wait(process, report)
            printed.seek(0)
            if text := _redacted(printed.read(MOST_PRINTED + 1), command, environment):
                say(text, err=True)
    except OSError as error:
        return f"could not be run ({error.strerror})"
    return fault


def _wait(process: subprocess.Popen[bytes], report: str) -> str | None:
    """Write the report to a process and wait for it; return how it failed, None if it did not."""
    try:
        process.communicate(report.encode(errors="replace"), timeout=HOOK_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return f"was killed because it took longer than {HOOK_SECONDS:g} seconds"
    except BaseException:  # a signal that ends us ends the command, too
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise
    return f"failed with exit code {process.returncode}" if process.returncode else None


def _redacted(printed: bytes, command: str, environment: dict[str, str]) -> str:
    """Return the beginning of a command's output, without the words of its command line.

    These and the variables it names may hold a token, which shells and curl repeat in messages.
    """
    values = [environment.get(name, "") for name in re.findall(r"\$\{?(\w+)", command)]
    secrets = {word for text in (command, *values) for word in SECRET.findall(text)}
    shown = printed[:MOST_PRINTED].decode(errors="replace")
    for secret in sorted(secrets, key=len, reverse=True):
        shown = shown.replace(secret, "…")
    shown = "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in shown).rstrip("\n")
    return f"{shown} … (cut)" if len(printed) > MOST_PRINTED else shown
