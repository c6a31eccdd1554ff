"""``--on-failure COMMAND``: tells somebody that a command did not end well.

The option only remembers what to run. ``reporting``, around all commands, runs it, so that
refusals, locks and errors of before a run began are told too. Knows no command and no archive.
"""

from __future__ import annotations

import logging
import os
import re
import signal
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scraper.terminal import printable, say

if TYPE_CHECKING:
    from collections.abc import Iterator

META = "scraper.cli.failure"  # where click keeps the hook, for a command and the groups around it
VARIABLE = "THAIGOV_ON_FAILURE"
SECONDS = 60.0  # how long the command may take
MOST_ERRORS = 20  # of the log that are told
MOST_PRINTED = 1000  # bytes of what the command prints
# A word of a command line that may be a secret, or the part of an address that is.
SECRET = re.compile(r"[^\s'\"`|;&<>(){}$/=:?@,]{6,}")
# The outcome of a command that came to no run, by its exit code.
OUTCOMES = {1: "failed", 2: "usage", 3: "unmet", 4: "refused", 5: "locked"}


@dataclass
class Hook:
    """What to run on failure, and what it will be told.

    Attributes:
        command: for the shell.
        context: of the command that may fail.
        sentences: what went wrong, for its standard input.
        run: row of ``runs`` and how that run ended, where there was one.
        listener: adds what the log tells to the sentences.
    """

    command: str
    context: click.Context
    sentences: list[str] = field(default_factory=list)
    run: tuple[int, str] | None = None
    listener: logging.Handler = field(init=False)

    def __post_init__(self) -> None:
        self.listener = _Listener(self.sentences)

    def environment(self, exit_code: int) -> dict[str, str]:
        """Return what the command finds in its environment, beside our own."""
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
    """Keeps the errors that the log tells."""

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
    is_eager=True,  # before options whose values may be wrong
    expose_value=False,
    callback=_remember,
    help="Shell command to run if this one ends with another exit code than 0; it reads what went "
    f"wrong. {VARIABLE} sets it, too.",
)


def note(sentence: str, *, run: tuple[int, str] | None = None) -> None:
    """Keep a sentence for whoever is told of a failure of the running command.

    Args:
        sentence: what happened.
        run: id and outcome of the run that it is about.
    """
    hook: Hook | None = click.get_current_context().meta.get(META)
    if hook is not None:
        hook.sentences.append(sentence)
        hook.run = run or hook.run


@contextmanager
def reporting(context: click.Context) -> Iterator[None]:
    """Run what ``--on-failure`` names if the commands inside end with an exit code above 0."""
    try:
        yield
    except click.exceptions.Exit as ended:
        if ended.exit_code:
            _report(context, ended.exit_code)
        raise
    except click.ClickException as error:
        _report(context, error.exit_code, error.format_message())
        raise
    except Exception as error:
        _report(context, 1, f"{type(error).__name__}: {error}")
        raise
    finally:
        if META in context.meta:
            logging.getLogger().removeHandler(context.meta[META].listener)


def _report(context: click.Context, exit_code: int, *sentences: str) -> None:
    hook: Hook | None = context.meta.get(META)
    if hook is None:
        return
    told = [*hook.sentences, *sentences] or [f"thaigov ended with exit code {exit_code}."]
    fault = _run(hook.command, printable("\n".join(told) + "\n"), hook.environment(exit_code))
    if fault is not None:
        # Not the command itself: it may hold a token, and this goes into logs.
        say(f"--on-failure: the command {fault}", err=True)


def _run(command: str, text: str, environment: dict[str, str]) -> str | None:
    """Run a command of the operator's by the shell; return what went wrong with it, if anything.

    What it prints goes to stderr, as far as ``_cut`` lets it.
    """
    try:
        with tempfile.TemporaryFile() as printed:
            # The shell is the point of it: pipes, variables. A session of its own can be ended as
            # a whole.
            process = subprocess.Popen(  # noqa: S602
                command,
                shell=True,
                start_new_session=True,
                stdin=subprocess.PIPE,
                stdout=printed,
                stderr=printed,
                env=environment,
            )
            fault = _wait(process, text)
            printed.seek(0)
            if told := _cut(printed.read(MOST_PRINTED + 1), command, environment):
                say(told, err=True)
    except OSError as error:
        return f"could not be run ({error.strerror})"
    return fault


def _wait(process: subprocess.Popen[bytes], text: str) -> str | None:
    """Give a process its text and wait for its end; return what went wrong with it, if anything."""
    try:
        process.communicate(text.encode(errors="replace"), timeout=SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return f"was ended, since it took longer than {SECONDS:g} seconds"
    return f"failed with exit code {process.returncode}" if process.returncode else None


def _cut(printed: bytes, command: str, environment: dict[str, str]) -> str:
    """Return the beginning of what a command printed, without the words of its command line.

    A shell repeats them in its messages, and curl the address that holds a token; so are the
    values of the variables that it names.
    """
    values = [environment.get(name, "") for name in re.findall(r"\$\{?(\w+)", command)]
    secrets = {word for text in (command, *values) for word in SECRET.findall(text)}
    told = printed[:MOST_PRINTED].decode(errors="replace")
    for secret in sorted(secrets, key=len, reverse=True):
        told = told.replace(secret, "…")
    told = "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in told).rstrip("\n")
    return f"{told} … (cut)" if len(printed) > MOST_PRINTED else told
