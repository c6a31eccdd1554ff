"""Writes docs/cli.md from the commands themselves: ``python -m tests.cli.reference``.

Help texts come from click, the shapes of ``--json`` from running each command on a small archive.
Paths, times and numbers appear as types only, so the page is the same on every machine.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import tempfile
from contextlib import closing
from functools import reduce
from pathlib import Path
from typing import Any

import click
from click.testing import CliRunner

from scraper.archive.writer import ArchiveWriter
from scraper.cli import main
from scraper.practice.site.still import PracticeSite
from tests.attachments.small_archive import document
from tests.attachments.stored import attachment_capture, store
from tests.conftest import REPOSITORY
from tests.practice_corpus import write_corpus

PAGE = REPOSITORY / "docs" / "cli.md"
HEAD = """# Command line

Written by `python -m tests.cli.reference` from the program itself; do not edit.

`--db PATH` names the archive, otherwise `THAIGOV_DB`, otherwise `data/thaigov.db`. Exit codes are
explained in [operate.md](operate.md#exit-codes).
"""
SHAPES = """## JSON

What each command prints with `--json`: `"…"` is a string, `0` a number, `true` a truth value,
`null` a value that this example does not have.

`crawl`, `recover` and `import` all print the row of their run.
"""
WIDTH = 96
SITE = PracticeSite(20)
# The archive differs from its captures, so that there is something to report.
DAMAGE = ("UPDATE articles SET category = 'x'", "DELETE FROM article_words")


def commands(group: click.Group, path: str = "thaigov") -> list[tuple[str, click.Command]]:
    """Return each command with the words that call it, in alphabetical order."""
    context = click.Context(group)
    found = []
    for name in sorted(group.list_commands(context)):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            found += commands(command, f"{path} {name}")
        elif command:
            found.append((f"{path} {name}", command))
    return found


def help_section(path: str, command: click.Command) -> str:
    """Return the section with a command's help, at a fixed width."""
    context = click.Context(command, info_name=path, terminal_width=WIDTH, **main.context_settings)
    return f"## {path}\n\n```text\n{command.get_help(context)}\n```\n"


def shape(value: Any) -> Any:
    """Replace every scalar of a JSON value by an example of its type, every list by one member."""
    if isinstance(value, dict):
        return {key: shape(member) for key, member in value.items()}
    if isinstance(value, list):
        return [reduce(merge, map(shape, value))] if value else []
    if isinstance(value, str):
        return "…"
    return value if value is None else True if isinstance(value, bool) else 0


def merge(one: Any, other: Any) -> Any:
    """Merge the shapes of two members of a list; one may have values that the other lacks."""
    if isinstance(one, dict) and isinstance(other, dict):
        keys = dict.fromkeys([*one, *other])
        return {key: merge(one.get(key), other.get(key)) for key in keys}
    if isinstance(one, list) and isinstance(other, list):
        return [reduce(merge, [*one, *other])] if one or other else []
    return other if one is None else one


def json_lines(value: Any, indent: str = "") -> list[str]:
    """Return a value as lines of JSON, short objects and lists on one line."""
    flat = json.dumps(value, ensure_ascii=False)
    if len(indent) + len(flat) <= WIDTH or not value or not isinstance(value, dict | list):
        return [flat]
    inner = indent + "  "
    if isinstance(value, dict):
        members = [(f"{json.dumps(key)}: ", member) for key, member in value.items()]
    else:
        members = [("", member) for member in value]
    blocks = []
    for key, member in members:
        first, *rest = json_lines(member, inner)
        blocks.append("\n".join([inner + key + first, *rest]))
    opening, closing_ = "{}" if isinstance(value, dict) else "[]"
    return [opening, *",\n".join(blocks).split("\n"), indent + closing_]


def run_json(*arguments: str | Path) -> Any:
    """Run a command with ``--json`` in this process and return what it prints."""
    unset = dict.fromkeys(name for name in os.environ if name.startswith("THAIGOV_"))
    result = CliRunner().invoke(main, [*map(str, arguments), "--json"], env=unset)
    assert result.exit_code in {0, 3}, result.output
    return json.loads(result.stdout)


def add_watch(db: Path) -> None:
    """Save a question with a filter."""
    question = ["watch", "add", "factories", "กรม", "--ministry", "industry", "--db", str(db)]
    result = CliRunner().invoke(main, question)
    assert result.exit_code == 0, result.output


def add_file(db: Path) -> None:
    """Give the first article a document that is stored."""
    with ArchiveWriter(db, "test", {}) as writer:
        writer.db.execute("INSERT INTO attachments VALUES (1, 'document', ?, NULL)", [document(16)])
        store(writer, attachment_capture(document(16)))


def shapes() -> dict[str, Any]:
    """Return the shape of the ``--json`` output of each command, by the words that call it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        db, page = folder / "news.db", folder / "page.html"
        write_corpus(SITE, folder / "corpus")
        page.write_bytes(SITE.html(SITE.first))
        to_db = ("--db", db)
        imported = run_json("import", "corpus", folder / "corpus", *to_db)
        add_watch(db)
        add_file(db)
        printed = {
            "import corpus": imported,
            "search": run_json("search", "กรม", "--limit", "1", *to_db),
            "search --attachments": run_json("search", "เอกสาร", "--attachments", *to_db),
            "words": run_json("words", "กรม", "--by", "month", "--by", "ministry", *to_db),
            "words --keyness": run_json("words", "--keyness", "2025-08", "2025-07", *to_db),
            "words --collocations": run_json("words", "กรม", "--collocations", *to_db),
            "concordance": run_json("concordance", "กรม", "--limit", "1", *to_db),
            "show": [run_json("show", str(number), *to_db) for number in SITE.numbers()],
            "status": run_json("status", *to_db),
            "export": run_json("export", "jsonl", folder / "out.jsonl", *to_db),
            "snapshot": run_json("snapshot", folder / "copy.db", *to_db),
            "check": run_json("check", "--every", "1h", "--free", "0MB", *to_db),
            "check-page": run_json("check-page", page, *to_db),
            "watch list": run_json("watch", "list", *to_db),
            "doctor": run_json("doctor", *to_db),
        }
        with closing(sqlite3.connect(db)) as connection, connection:
            for statement in DAMAGE:
                connection.execute(statement)
        printed["verify"] = run_json("verify", *to_db)
        printed["reparse"] = run_json("reparse", "--dry-run", "--workers", "0", *to_db)
    printed["import corpus"]["versions"] = {"thaigov": "and those of the libraries"}
    found = {f"thaigov {words}": shape(value) for words, value in sorted(printed.items())}
    (found["thaigov show"],) = found["thaigov show"]
    return found


def reference() -> str:
    """Return the text of docs/cli.md."""
    parts = [HEAD, *(help_section(path, command) for path, command in commands(main)), SHAPES]
    for path, value in shapes().items():
        body = "\n".join(json_lines(value))
        parts.append(f"### {path} --json\n\n```json\n{body}\n```\n")
    return "\n".join(parts)


if __name__ == "__main__":
    if sys.argv[1:] == ["--print"]:
        sys.stdout.write(reference())
    else:
        PAGE.write_text(reference(), encoding="utf-8")
