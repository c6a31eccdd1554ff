"""An archive of hostile texts: no command prints a control character of one."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import unicodedata
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from scraper.cli import main
from scraper.practice.site.still import PracticeSite
from scraper.terminal import printable
from tests.commands import thaigov
from tests.practice_corpus import write_corpus

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

POISON = "\x1b]0;pwned\a\x1b[2J\r\x9b31m\x7f\u202e\u2028[red]x[/red]\nRun 1 done: forged"
# Columns whose values the program itself writes.
OURS = {
    "fetched_at", "started_at", "finished_at", "arguments", "versions", "digest", "origin",
    "outcome", "layout", "published_on", "entered_on", "start_on", "end_on", "start_time",
    "end_time", "precision", "field", "state", "slug", "ministry", "agency", "warc_file",
    "content_hash", "text_hash", "first_seen_at", "last_seen_at", "changed_at", "seen_at",
    "due_at", "gone_at", "site",
}  # fmt: skip


def call(*arguments: str | Path, expect: int = 0) -> Result:
    cleared = dict.fromkeys(name for name in os.environ if name.startswith("THAIGOV_"))
    result = CliRunner().invoke(main, [str(argument) for argument in arguments], env=cleared)
    assert result.exit_code == expect, result.output
    return result


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("poison")
    write_corpus(PracticeSite(size=20), folder / "corpus")
    thaigov("import", "corpus", folder / "corpus", "--workers", "1", "--db", folder / "thaigov.db")
    return folder / "thaigov.db"


@pytest.fixture(scope="module")
def poisoned(sound: Path) -> Path:
    """Return an archive with the poison appended to every text from outside."""
    db = sound.with_name("poisoned.db")
    with closing(sqlite3.connect(sound)) as source:
        source.execute("VACUUM INTO ?", [str(db)])
    with closing(sqlite3.connect(db)) as archive, archive:
        archive.execute("PRAGMA ignore_check_constraints = ON")
        archive.execute("INSERT INTO problems (run_id, url, stage, kind, detail) "
                        "VALUES (1, 'http://a.example/', 'import', 'odd', 'detail')")  # fmt: skip
        tables = archive.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%fts%' "
            "AND name NOT IN ('_sqlite_migrations', 'article_words') AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        for (table,) in tables:
            columns = archive.execute(f"PRAGMA table_info({table})").fetchall()
            for column in (row[1] for row in columns if row[2] == "TEXT" and row[1] not in OURS):
                archive.execute(f"UPDATE {table} SET {column} = {column} || ?", [POISON])
    return db


def assert_safe(text: str) -> None:
    assert text == printable(text)
    controls = {char for char in text if unicodedata.category(char) == "Cc"}
    assert controls <= {"\n", "\t"}
    forged = [line for line in text.splitlines() if line.startswith("Run 1 done: forged")]
    assert not forged, text


COMMANDS = [
    ("search", "จังหวัด", "--limit", "20"),
    ("status",),
    ("reparse", "--dry-run", "--workers", "0"),
    ("check", "--free", "999999TB"),
    ("verify",),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_no_command_prints_it_unescaped(poisoned: Path, command: tuple[str, ...]) -> None:
    expect = 3 if command[0] in {"check", "verify"} else 0
    result = call(*command, "--db", poisoned, expect=expect)
    assert_safe(result.stdout)
    assert_safe(result.stderr)
    if command[0] in {"search", "status", "reparse"}:
        assert r"\x1b]0;pwned\x07" in result.stdout
    as_json = call(*command, "--json", "--db", poisoned, expect=expect).stdout
    assert as_json == printable(as_json)
    json.loads(as_json)


def test_show(poisoned: Path) -> None:
    with closing(sqlite3.connect(poisoned)) as archive:
        number, title = archive.execute("SELECT site_id, title FROM articles LIMIT 1").fetchone()
    shown = call("show", number, "--db", poisoned).stdout
    assert shown == printable(shown)
    first, *rest = shown.splitlines()
    assert first.startswith(printable(title.partition("\n")[0]))
    assert "[red]x[/red]" in first
    # Only the text of an article may have line breaks.
    heads = rest[rest.index("Dates") :] if "Dates" in rest else rest
    assert not [line for line in heads if line.startswith("Run 1 done")]
    as_json = call("show", number, "--json", "--db", poisoned).stdout
    assert as_json == printable(as_json)
    assert json.loads(as_json)["title"] == title


def test_names_of_files_and_of_pages(tmp_path: Path, sound: Path) -> None:
    db = shutil.copy(sound, tmp_path / "thaigov.db")
    name = "a\x1b[2J\nRun 1 done: forged\x9b.pdf"
    (tmp_path / name).write_text("no article")
    result = call("import", "corpus", tmp_path / name, "--workers", "1", "--db", db, expect=3)
    assert_safe(result.stdout + result.stderr)
    assert r"a\x1b[2J\nRun 1 done: forged\x9b.pdf" in result.stderr
    page = tmp_path / "page\x1b[2J.html"
    page.write_text(
        "<title>\x1b[2J</title><h1>a\x9b31m</h1><p>b\x1b]0;x\a</p>"
        "<a href='https://www.thaigov.go.th/news/contents/details/1\x1b[2J'>c</a>"
    )
    checked = call("check-page", page, expect=3)
    assert_safe(checked.stdout + checked.stderr)
    assert "\\x1b[2J.html" in checked.stdout
    assert_safe(call("check-page", "http://a.example/\x1b[2J", expect=2).stderr)
    assert_safe(call("show", "\x1b[2J\nRun 1 done: forged", "--db", db, expect=1).stderr)
    assert_safe(call("status", "--db", tmp_path / "\x1b[2J.db", expect=1).stderr)
