"""Prints the output of all commands to a terminal, a pipe or a log.

Addresses, titles and file names come from strangers. A control sequence in them could clear the
screen, retitle the window or hide the rest of a line, so every text is escaped here.
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

MAX_VALUE_LENGTH = 1_000  # characters of a one-line value such as an address or a title
MAX_LINE_LENGTH = 100_000  # characters of a line of running text

# Never sent to a terminal: controls (C0, DEL, C1), formats (including bidi overrides), lone
# surrogates, line and paragraph separators.
_UNSAFE_CATEGORIES = {"Cc", "Cf", "Cs", "Zl", "Zp"}
# Exceptions, common in Thai text and emoji: soft hyphen, zero-width space, non-joiner and joiner,
# word joiner.
_SAFE = "\n\t\xad\u200b\u200c\u200d\u2060"

# Everything except ASCII and Thai characters, of which most texts consist.
_PERHAPS_UNSAFE = re.compile(r"[^ -~\n\u0e01-\u0e5b]")


class Bold(str):
    """Text that a terminal shows in bold."""

    __slots__ = ()


class Highlight(str):
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
    r"""Return a text with control characters escaped, as ``\x1b``, except newlines and tabs.

    Lines of more than ``MAX_LINE_LENGTH`` characters are shortened visibly.
    """
    if len(text) > MAX_LINE_LENGTH:
        text = "\n".join(_cut_visibly(line, MAX_LINE_LENGTH) for line in text.split("\n"))
    return _PERHAPS_UNSAFE.sub(lambda match: _escaped(match[0]), text)


def line(value: object, max_length: int = MAX_VALUE_LENGTH) -> str:
    """Return a value as one printable line, cut after ``max_length`` characters."""
    text = _cut_visibly(str(value), max_length)
    return printable(text.replace("\r\n", " ⏎ ").replace("\n", " ⏎ ").replace("\t", " "))


def _cut_visibly(text: str, max_length: int) -> str:
    return text if len(text) <= max_length else f"{text[:max_length]}… ({len(text):,} characters)"


def say(*parts: str, err: bool = False, end: str = "\n") -> None:
    """Print a text, escaped.

    Args:
        parts: printed one after the other; ``Bold`` and ``Highlight`` parts are styled.
        err: print to stderr.
        end: printed last.
    """
    on_terminal = _stream(err=err).isatty()
    _write("".join(_styled(part, on_terminal=on_terminal) for part in parts) + end, err=err)


def print_json(value: Any) -> None:
    r"""Print a value as JSON: Thai stays readable, control characters become ``\u001b``."""
    # Without UTF-8, Thai cannot be written unescaped.
    wide = (getattr(_stream(), "encoding", None) or "utf-8").lower().startswith("utf")
    _write(json_text(value, ascii_only=not wide) + "\n")


def json_text(value: Any, *, ascii_only: bool = False) -> str:
    """Return what ``print_json`` prints."""
    text = json.dumps(value, ensure_ascii=ascii_only, indent=2, default=_json_default)
    # json escapes C0 itself, so every match is inside a string.
    return _PERHAPS_UNSAFE.sub(lambda match: _json_escaped(match[0]), text)


def print_table(title: str, rows: Sequence[dict[str, Any]]) -> None:
    """Print one or more rows as a table: numbers aligned to the right, shares with two places."""
    from rich.console import Console  # noqa: PLC0415 - most commands print no table
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    heading = Text(line(title)) if title else None
    table = Table(title=heading, title_justify="left", box=None, pad_edge=False)
    for column, value in rows[0].items():
        table.add_column(
            Text(line(column)), justify="right" if isinstance(value, int | float) else "left"
        )
    for row in rows:
        cells = map(_cell, row.values())
        table.add_row(
            *map(Text, cells)
        )  # a Text, because rich interprets [red] and :smile: in a str
    # Nothing is wrapped in a cron mail or a pipe, which cannot be made wider.
    on_terminal = _stream().isatty()
    size = Console(file=_stream()).width if on_terminal else 10 * MAX_VALUE_LENGTH
    drawn = Console(file=io.StringIO(), width=size, force_terminal=on_terminal)
    with drawn.capture() as capture:
        drawn.print(table)
    lines = capture.get().splitlines()
    _write("".join(f"{text.rstrip()}\n" for text in lines))


def _cell(value: Any) -> str:
    if isinstance(value, int | float):
        return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"
    return line(value or "")


def _styled(part: str, *, on_terminal: bool) -> str:
    text = printable(part)
    if isinstance(part, Highlight):
        return click.style(text, fg="yellow", bold=True) if on_terminal else f"[{text}]"
    return click.style(text, bold=True) if isinstance(part, Bold) and on_terminal else text


def _json_default(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    return str(value)


def _stream(*, err: bool = False) -> Any:
    return sys.stderr if err else sys.stdout


def _write(text: str, *, err: bool = False) -> None:
    """Write a text that is already escaped."""
    stream = _stream(err=err)
    encoding = getattr(stream, "encoding", None) or "utf-8"
    # Escape what the locale cannot encode, such as Thai letters.
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
    stream.flush()


class _PrintableRecord(logging.LogRecord):
    """A log record whose message and traceback are escaped for every handler."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.exc_info and self.exc_info[0] is not None:
            # Formatters use this text instead of the exception.
            self.exc_text = printable("".join(traceback.format_exception(*self.exc_info)).rstrip())

    def getMessage(self) -> str:  # noqa: N802 - the name is logging's
        """Return the message, indented after the first line, so that no log line can be forged."""
        return printable(super().getMessage()).replace("\n", "\n  ")


@contextmanager
def printable_logs() -> Iterator[None]:
    """Escape all log records within the block."""
    factory = logging.getLogRecordFactory()
    logging.setLogRecordFactory(_PrintableRecord)
    try:
        yield
    finally:
        logging.setLogRecordFactory(factory)
