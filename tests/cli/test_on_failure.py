"""``--on-failure`` runs whatever failed and however early."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
from typing import TYPE_CHECKING, NamedTuple

import pytest
from click.testing import CliRunner

from scraper.archive.database import open_for_writing
from scraper.archive.lock import WriterLock
from scraper.cli import main, on_failure
from scraper.cli.on_failure import run_hook
from tests.commands import thaigov

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result


class Report(NamedTuple):
    """Standard input and environment of the ``--on-failure`` command."""

    text: str
    environment: dict[str, str]


def call(*arguments: str, expect: int = 0, **environment: str) -> Result:
    """Run a command in this process, ten times faster than in a new one."""
    others = {name: None for name in os.environ if name.startswith("THAIGOV_")}
    result = CliRunner().invoke(main, arguments, env={**others, **environment})
    assert result.exit_code == expect, result.output
    return result


@pytest.fixture
def hook(tmp_path: Path) -> str:
    """Return a command that stores its input and environment."""
    return f"cd {shlex.quote(str(tmp_path))} && cat > text && env -0 > environment"


def report(folder: Path) -> Report:
    lines = (folder / "environment").read_text().split("\0")
    environment = dict(line.split("=", 1) for line in lines if line.startswith("THAIGOV_"))
    return Report((folder / "text").read_text(), environment)


@pytest.fixture
def corpus_without_articles(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "notes.txt").write_text("no article\n")
    return folder


class Early(NamedTuple):
    """A command that fails before a run begins."""

    arguments: str
    exit_code: int
    says: str
    outcome: str


EARLY = [
    Early("recover wayback --numbers 9-1", 2, "is not a range", "usage"),
    Early("check --every never", 2, "is not a duration", "usage"),
    Early("check", 1, "no archive there", "failed"),
    Early("snapshot out.db", 1, "no archive there", "failed"),
    Early("export out.db", 2, "is not one of", "usage"),
]


@pytest.mark.parametrize("early", EARLY, ids=lambda early: early.arguments)
def test_errors_before_a_run_begins_are_reported(tmp_path: Path, hook: str, early: Early) -> None:
    db = tmp_path / "none" / "thaigov.db"
    options = ["--on-failure", hook, "--db", str(db)]
    result = call(*early.arguments.split(), *options, expect=early.exit_code)
    assert early.says in result.stderr
    text, environment = report(tmp_path)
    assert early.says in text
    assert environment == {
        "THAIGOV_EXIT_CODE": str(early.exit_code),
        "THAIGOV_COMMAND": re.split(r" -| out", early.arguments)[0],
        "THAIGOV_RUN": "",
        "THAIGOV_OUTCOME": early.outcome,
        "THAIGOV_DB": str(db),
    }


def test_a_refusal_and_logged_errors_are_reported(tmp_path: Path, hook: str) -> None:
    crawl = ["crawl", "--db", str(tmp_path / "thaigov.db"), "--on-failure", hook, "--site"]
    thaigov(*crawl, "https://www.thaigov.go.th", expect=4)
    text, environment = report(tmp_path)
    assert "bars automated access" in text
    assert (environment["THAIGOV_OUTCOME"], environment["THAIGOV_RUN"]) == ("refused", "")

    thaigov(*crawl, "http://127.0.0.1:9", expect=1)
    text, environment = report(tmp_path)
    first, *_, last = text.splitlines()
    assert "could not be read" in first
    assert last.startswith("Run 1 failed: ")
    assert environment["THAIGOV_OUTCOME"] == "failed"


def test_a_run_and_its_outcome_are_reported(
    tmp_path: Path, hook: str, corpus_without_articles: Path
) -> None:
    db = tmp_path / "thaigov.db"
    importing = [
        "import",
        "corpus",
        str(corpus_without_articles),
        "--workers",
        "1",
        "--db",
        str(db),
    ]
    result = call(*importing, "--json", expect=3, THAIGOV_ON_FAILURE=f"echo out; {hook}")
    # The hook's output is not in ours.
    assert json.loads(result.stdout)["outcome"] == "unmet"
    text, environment = report(tmp_path)
    assert text.startswith("Run 1 unmet: ")
    assert environment["THAIGOV_RUN"] == "1"
    assert environment["THAIGOV_OUTCOME"] == "unmet"
    # Otherwise a thaigov run by the hook would call the hook again.
    assert "THAIGOV_ON_FAILURE" not in environment

    lock = WriterLock(db)
    call(*importing, "--on-failure", hook, expect=5)
    lock.release()
    text, environment = report(tmp_path)
    assert "another run is writing to it (process " in text
    assert (environment["THAIGOV_OUTCOME"], environment["THAIGOV_RUN"]) == ("locked", "")


def test_success_is_not_reported(tmp_path: Path, hook: str) -> None:
    open_for_writing(tmp_path / "a.db").close()
    call(
        "check",
        "--free",
        "0MB",
        "--free-share",
        "0",
        "--db",
        str(tmp_path / "a.db"),
        THAIGOV_ON_FAILURE=hook,
    )
    call("check", "--help", THAIGOV_ON_FAILURE=hook)
    assert not (tmp_path / "text").exists()


def test_a_failing_hook_is_one_line_and_keeps_the_exit_code(tmp_path: Path) -> None:
    result = call("check", "--db", str(tmp_path / "a.db"), "--on-failure", "exit 9", expect=1)
    assert result.stderr.splitlines()[0] == "--on-failure: the command failed with exit code 9"


SECRETS = [
    "false https://hooks.example.org/T0KEN123/ghp_abcdef?key=s3cr3tvalue",
    "no-such-program-s3cr3tvalue",
    "echo 's3cr3tvalue",  # the shell quotes what it cannot parse
    "echo Bearer:s3cr3tvalue >&2; false",
    'curl_is_not_here_s3cr3tvalue -H "Authorization: s3cr3tvalue"',
    'echo "$MY_TOKEN"; false',
]


@pytest.mark.parametrize("command", SECRETS)
def test_no_word_of_the_hooks_command_line_is_printed(tmp_path: Path, command: str) -> None:
    options = ("check", "--db", str(tmp_path / "a.db"), "--on-failure", command)
    result = call(*options, expect=1, MY_TOKEN="s3cr3tvalue")
    assert "--on-failure: the command failed with exit code" in result.stderr
    assert not re.search("s3cr3tvalue|T0KEN123|ghp_abcdef", result.output)


def test_the_hooks_output_is_cut(tmp_path: Path) -> None:
    command = "yes '\x1b[31mno' | head -c 1000000; printf '\\033[2J' >&2"
    options = ("check", "--db", str(tmp_path / "a.db"), "--on-failure", command)
    result = call(*options, expect=1)
    assert "no" in result.stderr
    assert len(result.stderr) < on_failure.MOST_PRINTED + 600
    assert "\x1b" not in result.stderr


def test_a_hook_that_cannot_be_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(subprocess, "Popen", fail)
    options = ("check", "--db", str(tmp_path / "a.db"), "--on-failure", "true")
    result = call(*options, expect=1)
    assert "--on-failure: the command could not be run (Too many open files)" in result.stderr


def test_a_hook_that_hangs_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_failure, "HOOK_SECONDS", 0.2)
    assert run_hook("sleep 60 & sleep 60", "text", {}) == (
        "was killed because it took longer than 0.2 seconds"
    )
    assert run_hook("true", "not read " * 100_000, {}) is None
