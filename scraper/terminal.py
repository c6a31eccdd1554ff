"""Prints to a terminal, a pipe or a log: the only module through which the commands speak.

Addresses, titles and file names come from strangers. A control sequence in one of them could clear
the screen, retitle the window or hide the rest of a line, so every text is escaped here before it
is written.
"""

from __future__ import annotations

import dataclasses
import io
import json
import logging
import re
import sys
import traceback
import unicodedata
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LONGEST_VALUE = 1_000  # characters of a value that belongs on one line: an address, a title
LONGEST_LINE = 100_000  # characters of a line of running text

# What no terminal should get: controls (C0, DEL, C1), formats (the bidi overrides are among them),
# lone surrogates, line and paragraph separators.
_UNSAFE_CATEGORIES = {"Cc", "Cf", "Cs", "Zl", "Zp"}
# Safe all the same, and usual in Thai text and emoji: soft hyphen, zero-width space, non-joiner and
# joiner, word joiner.
_SAFE = "\n\t\xad\u200b\u200c\u200d\u2060"

# All but what nearly every text is made of: ASCII and Thai letters.
_PERHAPS_UNSAFE = re.compile(r"[^ -~\n\u0e01-\u0e5b]")


class Bold(str):
    """A part of a line that a terminal shows in bold."""

    __slots__ = ()


class Hit(str):
    """A search hit: bold and yellow on a terminal, in brackets elsewhere."""

    __slots__ = ()


@cache
def _escaped(char: str) -> str:
    """Return a character, escaped unless it is safe."""
    if char in _SAFE or unicodedata.category(char) not in _UNSAFE_CATEGORIES:
        return char
    return ascii(char)[1:-1] if char > "\x7f" else f"\\x{ord(char):02x}"


@cache
def _json_escaped(char: str) -> str:
    return char if _escaped(char) == char else json.dumps(char)[1:-1]


def printable(text: str) -> str:
    r"""Return a text with every control character escaped, such as ``\x1b``; lines and tabs stay.

    A line of more than ``LONGEST_LINE`` characters is cut, and the cut says so.
    """
    if len(text) > LONGEST_LINE:
        text = "\n".join(_cut(line, LONGEST_LINE) for line in text.split("\n"))
    return _PERHAPS_UNSAFE.sub(lambda match: _escaped(match[0]), text)


def line(value: object, most: int = LONGEST_VALUE) -> str:
    """Return a value as one printable line, cut after ``most`` characters."""
    text = _cut(str(value), most)
    return printable(text.replace("\r\n", " ⏎ ").replace("\n", " ⏎ ").replace("\t", " "))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}… ({len(text):,} characters)"


def say(*parts: str, err: bool = False, end: str = "\n") -> None:
    """Print a text, escaped.

    Args:
        parts: printed one after the other; ``Bold`` and ``Hit`` parts are set off.
        err: on stderr.
        end: printed last.
    """
    on_terminal = _stream(err=err).isatty()
    _write("".join(_styled(part, on_terminal=on_terminal) for part in parts) + end, err=err)


def print_json(value: Any) -> None:
    r"""Print a value as JSON: Thai stays readable, control characters become ``\u001b``."""
    # A lone surrogate, or Thai in a Latin-1 locale, cannot be written as it is.
    wide = (getattr(_stream(), "encoding", None) or "utf-8").lower().startswith("utf")
    text = json.dumps(value, ensure_ascii=not wide, indent=2, default=_plain)
    # json escapes C0 itself, so that what is found here stands inside a string.
    _write(_PERHAPS_UNSAFE.sub(lambda match: _json_escaped(match[0]), text) + "\n")


def print_table(title: str, rows: Sequence[dict[str, Any]]) -> None:
    """Print rows, of which there is at least one, as a table; numbers stand to the right."""
    from rich.console import Console  # noqa: PLC0415 - most commands print no table
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(title=Text(line(title)), title_justify="left", box=None, pad_edge=False)
    for column, value in rows[0].items():
        table.add_column(Text(line(column)), justify="right" if isinstance(value, int) else "left")
    for row in rows:
        cells = (f"{v:,}" if isinstance(v, int) else line(v or "") for v in row.values())
        table.add_row(*map(Text, cells))  # a Text, since rich reads [red] and :smile: in a str
    # Off a terminal (a cron mail, a pipe) nobody can make the window wider: nothing is wrapped.
    on_terminal = _stream().isatty()
    size = Console(file=_stream()).width if on_terminal else 10 * LONGEST_VALUE
    drawn = Console(file=io.StringIO(), width=size, force_terminal=on_terminal)
    with drawn.capture() as capture:
        drawn.print(table)
    lines = capture.get().splitlines()
    _write("".join(f"{text.rstrip()}\n" for text in lines))


def _styled(part: str, *, on_terminal: bool) -> str:
    text = printable(part)
    if isinstance(part, Hit):
        return click.style(text, fg="yellow", bold=True) if on_terminal else f"[{text}]"
    return click.style(text, bold=True) if isinstance(part, Bold) and on_terminal else text


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    return str(value)


def _stream(*, err: bool = False) -> Any:
    return sys.stderr if err else sys.stdout


def _write(text: str, *, err: bool = False) -> None:
    """Write what is escaped already."""
    stream = _stream(err=err)
    encoding = getattr(stream, "encoding", None) or "utf-8"
    # A locale without Thai letters is no reason to fail.
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
    stream.flush()


class _PrintableRecord(logging.LogRecord):
    """A log record whose message and traceback are escaped, whatever handler shows it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.exc_info and self.exc_info[0] is not None:
            # The formatters of logging show this instead of the exception.
            self.exc_text = printable("".join(traceback.format_exception(*self.exc_info)).rstrip())

    def getMessage(self) -> str:  # noqa: N802 - the name is logging's
        """Return the message; lines after the first are indented, so that none can be forged."""
        return printable(super().getMessage()).replace("\n", "\n  ")


@contextmanager
def printable_logs() -> Iterator[None]:
    """Escape what the log says meanwhile."""
    before = logging.getLogRecordFactory()
    logging.setLogRecordFactory(_PrintableRecord)
    try:
        yield
    finally:
        logging.setLogRecordFactory(before)
