"""Output is safe to print, whatever strangers wrote."""

from __future__ import annotations

import ast
import io
import json
import logging
from pathlib import Path

import pytest

from scraper import cli
from scraper.terminal import (
    MAX_LINE_LENGTH,
    MAX_VALUE_LENGTH,
    Bold,
    Highlight,
    line,
    print_json,
    print_table,
    printable,
    printable_logs,
    say,
)

ESCAPED = {
    "\x00": r"\x00",
    "\a": r"\x07",
    "\b": r"\x08",
    "\r": r"\x0d",
    "\x1b[31m": r"\x1b[31m",
    "\x1b]0;title\a": r"\x1b]0;title\x07",
    "\x1b]8;;http://a.example\x1b\\": r"\x1b]8;;http://a.example\x1b" + "\\",
    "\x7f": r"\x7f",
    "\x85": r"\x85",
    "\x9b31m": r"\x9b31m",
    "\u061c": r"\u061c",
    "\u200e\u200f": r"\u200e\u200f",
    "\u2028\u2029": r"\u2028\u2029",
    "\u202a\u202b\u202c\u202d\u202e": r"\u202a\u202b\u202c\u202d\u202e",
    "\u2066\u2067\u2068\u2069": r"\u2066\u2067\u2068\u2069",
    "\ufeff": r"\ufeff",
    "\ud800": r"\ud800",
    "\udcff.html": r"\udcff.html",
    "\U000e0041": r"\U000e0041",
}
ORDINARY = "กำลังน้ำ ที่ ๒๕๖๘\u200b ก\u200dข “é” ½ 中文 👩\u200d🏭 [red]x[/red] :smile: \\x1b"


@pytest.mark.parametrize(("written", "shown"), ESCAPED.items(), ids=ascii)
def test_control_characters_are_escaped(written: str, shown: str) -> None:
    assert printable(f"ก{written}\nข") == f"ก{shown}\nข"
    assert line(f"ก{written}ข") == f"ก{shown}ข"


def test_ordinary_text_is_unchanged() -> None:
    assert printable(ORDINARY) == ORDINARY
    assert line("one\ntwo\r\nthree\tfour") == "one ⏎ two ⏎ three four"


def test_long_values_and_lines_are_shortened() -> None:
    assert line("ก" * MAX_VALUE_LENGTH) == "ก" * MAX_VALUE_LENGTH
    assert line("ก" * 5_000) == "ก" * MAX_VALUE_LENGTH + "… (5,000 characters)"
    text = printable("short\n" + "ก" * (MAX_LINE_LENGTH + 1))
    assert text == "short\n" + "ก" * MAX_LINE_LENGTH + "… (100,001 characters)"


class Terminal(io.StringIO):
    """A stream that claims to be a terminal."""

    def isatty(self) -> bool:
        return True


def test_only_the_printer_adds_styles(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = (Bold("ก\x1b["), "ข", Highlight("ค\x9b"))
    say(*parts)
    assert capsys.readouterr().out == "ก\\x1b[ข[ค\\x9b]\n"
    terminal = Terminal()
    monkeypatch.setattr("sys.stdout", terminal)
    say(*parts)
    assert terminal.getvalue() == "\x1b[1mก\\x1b[\x1b[0mข\x1b[33m\x1b[1mค\\x9b\x1b[0m\n"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp874", "utf-8"])
def test_a_locale_without_thai_or_accents_is_not_an_error(
    monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr("sys.stdout", stream)
    say("กé\ud800")
    print_json({"ก": "é\ud800\x9b"})
    stream.seek(0)
    first, *rest = stream.read().splitlines()
    assert first.endswith("\\ud800")
    assert json.loads("\n".join(rest)) == {"ก": "é\ud800\x9b"}


def test_json_has_the_same_value_and_no_control_characters(
    capsys: pytest.CaptureFixture[str],
) -> None:
    value = {name: name for name in [*ESCAPED, ORDINARY, "a\nb\tc"]}
    print_json(value)
    written = capsys.readouterr().out
    assert json.loads(written) == value
    assert printable(written) == written
    assert "กำลังน้ำ" in written


def test_table_cells_are_not_interpreted_as_markup(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_table("all [red]", [{"n[b]": 1234, "url": "[red]x[/red] :smile:\x1b[2J\nb"}])
    title, heads, cells = capsys.readouterr().out.splitlines()
    assert title == "all [red]"
    assert heads.split() == ["n[b]", "url"]
    assert cells == "1,234  [red]x[/red] :smile:\\x1b[2J ⏎ b"


def test_logs_are_escaped_with_their_tracebacks() -> None:
    stream = io.StringIO()
    handler, log = logging.StreamHandler(stream), logging.getLogger(__name__)
    log.addHandler(handler)
    with printable_logs():
        try:
            int("\x9d")
        except ValueError as error:
            error.add_note("\x1b[2J")
            log.exception("cannot read %s", "http://a/\x9b\nERROR: forged")
    log.removeHandler(handler)
    logged = stream.getvalue()
    assert logged.startswith("cannot read http://a/\\x9b\n  ERROR: forged\nTraceback ")
    assert logged.endswith("\n\\x1b[2J\n")
    log.addHandler(handler)
    log.error("\x1b")
    log.removeHandler(handler)
    assert stream.getvalue() == logged + "\x1b\n"


def outputs(tree: ast.AST) -> set[str]:
    """Return the calls in a module that print without escaping."""
    forbidden = {
        "print", "pprint", "echo", "secho", "echo_via_pager", "Console", "rprint",
        "stdout.write", "stderr.write", "stdout.buffer.write", "stderr.buffer.write",
        "stdout.writelines", "stderr.writelines",
    }  # fmt: skip
    called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return {name for name in called for bad in forbidden if name == bad or name.endswith("." + bad)}


def test_commands_print_only_through_this_module() -> None:
    folder = Path(cli.__file__).parent
    unescaped = {
        f"{path.relative_to(folder)}: {name}"
        for path in folder.rglob("*.py")
        for name in outputs(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert not unescaped
    assert outputs(ast.parse("click.echo(x); print(x); sys.stdout.write(x)")) == {
        "click.echo", "print", "sys.stdout.write",
    }  # fmt: skip
