"""Options that several commands share: dates as readers type them, folders that do not exist."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from datetime import date
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner

from scraper.cli import main
from scraper.cli.options import DateType
from scraper.thai.typed_dates import FORMS
from tests.commands import ENVIRONMENT, THAIGOV, thaigov, thaigov_json
from tests.factories import make_corpus_file

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result


def call(*arguments: str | Path) -> Result:
    cleared = dict.fromkeys(name for name in os.environ if name.startswith("THAIGOV_"))
    return CliRunner().invoke(main, [str(argument) for argument in arguments], env=cleared)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    for number in (1, 2):
        capture = make_corpus_file(number)
        path = folder / str(capture.source)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(capture.body)
    db = folder / "thaigov.db"
    thaigov("import", "corpus", folder / "data", "--workers", "1", "--db", db)
    return db


def test_a_day_a_month_and_a_year_have_a_first_and_a_last_day() -> None:
    assert DateType().convert("2568-08", None, None) == date(2025, 8, 1)
    assert DateType(last=True).convert("ส.ค. 2568", None, None) == date(2025, 8, 31)
    assert DateType(last=True).convert("๒๕๖๗", None, None) == date(2024, 12, 31)
    with pytest.raises(click.BadParameter, match="no day 31"):
        DateType().convert("31/2/2568", None, None)


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        ("2568", "2568", 2),
        ("2568-08", "08/2568", 2),
        ("21/8/68", "21 ส.ค. 2568", 2),
        ("๒๑/๘/๖๘", "2025", 2),
        ("22/8/68", "2569", 0),
        ("2567", "20/8/68", 0),
    ],
)
def test_search_between_typed_dates(archive: Path, since: str, until: str, found: int) -> None:
    printed = call("search", "โรงงาน", "--since", since, "--until", until, "--db", archive).output
    assert printed.splitlines()[-1].startswith(f"{found} found")


COMMANDS = [
    "search x --since {}",
    "search x --until {}",
    "recover wayback --from {}",
    "recover commoncrawl --to {}",
    "reparse --since {}",
    "export jsonl out --from {}",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_an_unreadable_date_is_a_usage_error_that_quotes_it(archive: Path, command: str) -> None:
    for typed in ("31/2/2568", "yesterday", ""):
        arguments = [word.replace("{}", typed) for word in command.split()]
        result = call(*arguments, "--db", archive)
        assert result.exit_code == 2
        assert f"{typed!r} is not a date" in result.stderr
        assert FORMS in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [("search", "x", "--since", "2569", "--until", "2568"),
     ("recover", "wayback", "--from", "2569", "--to", "2568"),
     ("export", "jsonl", "out", "--from", "2569", "--to", "2568")],
)  # fmt: skip
def test_dates_in_the_wrong_order_are_rejected(archive: Path, arguments: tuple[str, ...]) -> None:
    result = call(*arguments, "--db", archive)
    assert result.exit_code == 2
    assert "2026-01-01 is after 2025-12-31" in result.stderr


MAKERS = [
    "crawl --site http://127.0.0.1:9",
    "import corpus {here}",
    "import warc {here}",
    "recover wayback",
    "recover commoncrawl",
    "demo --size 20",
]


@pytest.mark.parametrize("command", MAKERS)
def test_a_mistyped_folder_is_not_made(tmp_path: Path, command: str) -> None:
    db = tmp_path / "archvie" / "thaigov.db"
    result = call(*command.format(here=tmp_path).split(), "--db", db)
    assert result.exit_code == 2
    assert f"the folder {db.parent} does not exist" in result.stderr
    assert "--create" in result.stderr
    assert not db.parent.exists()


def test_folders_that_are_made_without_asking(tmp_path: Path, archive: Path) -> None:
    corpus = archive.parent / "data"
    run = thaigov_json("import", "corpus", corpus, "--workers", "1", "--create",
                       "--db", tmp_path / "new" / "deep" / "thaigov.db")  # fmt: skip
    assert run["new"] == 2
    program = [*THAIGOV, "import", "corpus", str(corpus), "--workers", "1"]
    environment = {name: value for name, value in ENVIRONMENT.items() if name != "THAIGOV_CREATE"}
    subprocess.run(program, check=True, capture_output=True, cwd=tmp_path, env=environment)
    assert (tmp_path / "data" / "thaigov.db").is_file()
    named = environment | {"THAIGOV_DB": str(tmp_path / "none" / "thaigov.db")}
    done = subprocess.run(
        program, check=False, capture_output=True, env=named, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 2
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("out", ["-", "/dev/null"])
@pytest.mark.parametrize(
    "command",
    [["export", "jsonl"], ["export", "csv"], ["snapshot"], ["import", "corpus", ".", "--parts"]],
)
def test_a_pipe_or_device_cannot_be_written_to(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str, command: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, [*command, out, "--db", str(archive)])
    assert done.exit_code == 2
    assert f"'{out}' is no file or folder" in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_folder_or_pipe_is_no_archive(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    done = CliRunner().invoke(main, ["status", "--db", str(tmp_path / "pipe")])
    assert done.exit_code == 1
    assert "pipe: not a file" in done.stderr


@pytest.mark.parametrize(("answer", "made"), [(b"y\n", True), (b"\n", False), (b"n\n", False)])
def test_on_a_terminal_it_asks(tmp_path: Path, archive: Path, answer: bytes, made: bool) -> None:
    db = tmp_path / "new" / "thaigov.db"
    program = [*THAIGOV, "import", "corpus", str(archive.parent / "data"), "--db", str(db)]
    environment = {name: value for name, value in ENVIRONMENT.items() if name != "THAIGOV_CREATE"}
    ours, theirs = pty.openpty()
    os.write(ours, answer)
    done = subprocess.run(
        program, stdin=theirs, capture_output=True, env=environment, check=False, text=True
    )
    os.close(ours)
    os.close(theirs)
    assert "does not exist. Create it for a new archive? [y/N]" in done.stderr
    assert (done.returncode == 0) == made == db.is_file()
    assert sys.executable in program
