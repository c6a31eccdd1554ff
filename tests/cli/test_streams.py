"""Closed pipes, closed descriptors and full disks, as shells make them."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from scraper.cli.streams import READER_GONE, SurvivingOutput
from tests.commands import ENVIRONMENT, THAIGOV, assert_no_traceback, thaigov
from tests.factories import make_corpus_file

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    for number in range(1, 4):
        capture = make_corpus_file(number, f"โรงงานแห่งที่ {number} เปิด " * 2_000)
        path = folder / str(capture.source)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(capture.body)
    return folder


@pytest.fixture(scope="module")
def archive(corpus: Path) -> Path:
    db = corpus.parent / "streams" / "thaigov.db"
    thaigov("import", "corpus", corpus, "--workers", "1", "--db", db)
    return db


def shell(command: str, redirection: str) -> subprocess.CompletedProcess[str]:
    """Run a command in bash with a redirection or pipe; return its own exit code."""
    program = shlex.join(THAIGOV)
    return subprocess.run(
        ["bash", "-c", f"{program} {command} {redirection}; exit ${{PIPESTATUS[0]}}"],
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        timeout=120,
        check=False,
    )


COMMANDS = {
    "help": "--help",
    "help of a command": "crawl --help",
    "version": "--version",
    "search": "search โรงงาน --db {db}",
    "json": "search โรงงาน --json --db {db}",
    "show": "show 1 --db {db}",
    "show json": "show 1 --json --db {db}",
    "status": "status --db {db}",
    "status json": "status --json --db {db}",
    "verify": "verify --db {db}",
    "reparse": "reparse --dry-run --workers 0 --db {db}",
    "check": "check --free 0MB --free-share 0 --db {db} --on-failure 'touch {hook}'",
    "snapshot": "snapshot {out} --db {db} --on-failure 'touch {hook}'",
    "import": "import corpus {corpus} --workers 1 --db {db} --on-failure 'touch {hook}'",
    "schedule": "schedule cron --db {db}",
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_closed_pipe_is_not_a_failure(
    archive: Path, corpus: Path, tmp_path: Path, command: str
) -> None:
    hook = tmp_path / "hook"
    line = command.format(db=archive, hook=hook, corpus=corpus, out=tmp_path / "out.db")
    done = shell(line, "| true")
    assert done.returncode == READER_GONE
    assert "Error" not in done.stderr
    assert_no_traceback(done.stderr)
    assert not hook.exists()


@pytest.mark.parametrize(
    ("command", "redirection"),
    [
        ("help", ">&-"),
        ("json", ">&- 2>&- <&-"),
        ("show", "2>&-"),
        ("status", ">&-"),
        ("status", "2>/dev/full"),
        ("check", ">&-"),
        ("check", "2>&- <&-"),
        ("import", ">&-"),
        ("import", ">&- 2>&- <&-"),
    ],
)
def test_closed_descriptors_change_nothing(
    archive: Path, corpus: Path, tmp_path: Path, command: str, redirection: str
) -> None:
    hook = tmp_path / "hook"
    done = shell(COMMANDS[command].format(db=archive, hook=hook, corpus=corpus), redirection)
    assert (done.returncode, done.stderr) == (0, "")
    assert bool(done.stdout) == (">&-" not in redirection.split())
    assert not hook.exists()


@pytest.mark.parametrize(
    ("redirection", "expected"), [("| true", 3), (">&-", 3), ("2>&1 | true", 3), ("2>&-", 3)]
)
def test_a_failure_is_reported_even_if_the_output_is_closed(
    archive: Path, tmp_path: Path, redirection: str, expected: int
) -> None:
    hook = tmp_path / "hook"
    done = shell(f"check --free 999999TB --db {archive} --on-failure 'cat > {hook}'", redirection)
    assert done.returncode == expected
    assert "free" in hook.read_text()


@pytest.mark.parametrize("command", ["help", "json", "check"])
def test_a_full_disk_is_one_message(archive: Path, tmp_path: Path, command: str) -> None:
    hook = tmp_path / "hook"
    done = shell(COMMANDS[command].format(db=archive, hook=hook), ">/dev/full")
    assert done.returncode == 1
    assert done.stderr == "Error: standard output cannot be written: No space left on device\n"
    assert hook.exists() == (command == "check")


def test_a_pipe_closed_in_the_middle_of_a_long_output(archive: Path) -> None:
    done = shell(f"show 1 --json --db {archive}", "| head -c 100")
    assert (done.returncode, done.stderr, bool(done.stdout)) == (READER_GONE, "", True)


def test_no_file_gets_the_number_of_a_closed_descriptor() -> None:
    program = (
        "import os, sys; from scraper.cli.streams import Streams; Streams();"
        "file = open(sys.argv[1], 'w'); print('lost'); os.write(2, b'lost');"
        "sys.exit(file.fileno())"
    )
    done = subprocess.run(
        ["bash", "-c", f'{sys.executable} -c "{program}" /dev/null >&- 2>&- <&-'], check=False
    )
    assert done.returncode > 2


def test_a_slow_reader_of_a_non_blocking_pipe() -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    text = b"x" * 300_000
    child = subprocess.Popen(["wc", "-c"], stdin=reading, stdout=subprocess.PIPE)
    output, left = SurvivingOutput(writing), memoryview(text)
    while left:
        left = left[output.write(left) :]
    os.close(writing)
    os.close(reading)
    assert child.communicate()[0].strip() == b"300000"
    assert (output.gone, output.fault) == (False, None)
