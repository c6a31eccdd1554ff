"""``thaigov watch``: a question is told once, and told again if telling it failed."""

from __future__ import annotations

import json
import os
import shlex
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from scraper.archive.database import open_for_reading
from scraper.archive.lock import WriterLock
from scraper.cli import main
from scraper.export.tables import exported_tables
from scraper.upkeep.snapshot import make_snapshot
from tests.commands import ENVIRONMENT, THAIGOV, start, thaigov_json
from tests.watches.conftest import store_article

if TYPE_CHECKING:
    from click.testing import Result


@pytest.fixture
def db(db_path: Path) -> Path:
    """Return an archive with two factories, which is watched for factories and markets."""
    store_article(db_path, 1, body="โรงงานน้ำตาลเปิด")
    store_article(db_path, 2, body="ตลาดน้ำเปิด")
    call(db_path, "add", "factories", "โรงงาน")
    call(db_path, "add", "markets", "ตลาด", "เปิด")
    return db_path


def call(db: Path, *arguments: str, expect: int = 0, **environment: str) -> Result:
    unset = {name: None for name in os.environ if name.startswith("THAIGOV_")}
    command = ["watch", *arguments, "--db", str(db)]
    result = CliRunner().invoke(main, command, env={**unset, **environment})
    assert result.exit_code == expect, result.output
    return result


@pytest.fixture
def keep(tmp_path: Path) -> str:
    """Return a command that stores its input and environment, one file each per question."""
    folder = shlex.quote(str(tmp_path))
    return f'cd {folder} && cat > "$THAIGOV_WATCH.text" && env -0 > "$THAIGOV_WATCH.env"'


def test_a_question_is_told_once(db: Path) -> None:
    assert call(db, "run").output == ""
    store_article(db, 3, body="โรงงานแก้วเปิด", title="โรงงานแก้ว")
    told = call(db, "run").output
    assert told.startswith("factories: 1 new\nQuestion: โรงงาน\n\nNew\n  [โรงงาน]แก้ว\n")
    assert call(db, "run").output == ""
    store_article(db, 2, day=1, body="ตลาดน้ำเปิดแล้ว")
    assert "Changed (body)" in call(db, "run", "markets").output
    assert json.loads(call(db, "run", "--format", "json").output) == {"watches": []}


def test_the_command_gets_the_message_and_its_question(db: Path, tmp_path: Path, keep: str) -> None:
    store_article(db, 3, body="โรงงานแก้วเปิด")
    result = call(db, "run", "--notify", keep, THAIGOV_ON_FAILURE="true")
    assert result.output == "factories: 1 new\n"
    assert (tmp_path / "factories.text").read_text().startswith("factories: 1 new\n")
    assert not (tmp_path / "markets.text").exists()
    lines = (tmp_path / "factories.env").read_text().split("\0")
    given = dict(item.split("=", 1) for item in lines if item.startswith("THAIGOV_"))
    assert given == {
        "THAIGOV_WATCH": "factories",
        "THAIGOV_WATCH_QUESTION": "โรงงาน",
        "THAIGOV_WATCH_SUMMARY": "factories: 1 new",
        "THAIGOV_WATCH_NEW": "1",
        "THAIGOV_WATCH_CHANGED": "0",
        "THAIGOV_WATCH_FORMAT": "text",
        "THAIGOV_DB": str(db),
    }


@pytest.mark.parametrize("form", ["html", "json", "atom"])
def test_the_command_gets_the_format(db: Path, tmp_path: Path, keep: str, form: str) -> None:
    store_article(db, 3, body="โรงงานแก้วเปิด")
    call(db, "run", "--format", form, THAIGOV_NOTIFY=keep)
    begin = {"html": "<!DOCTYPE html>", "json": "{", "atom": "<?xml"}[form]
    assert (tmp_path / "factories.text").read_text().startswith(begin)


def test_a_failed_command_is_told_again_and_others_are_not(db: Path, keep: str) -> None:
    store_article(db, 3, body="โรงงานแก้วเปิด")
    store_article(db, 4, body="ตลาดบกเปิด")
    fails = f'[ "$THAIGOV_WATCH" = markets ] && {keep}'
    result = call(db, "run", "--notify", fails, expect=1)
    assert result.stdout == "markets: 1 new\n"
    assert result.stderr == (
        "factories: 1 new, not reported: the --notify command failed with exit code 1\n"
    )
    again = call(db, "run").output
    assert again.startswith("factories: 1 new\n")
    assert "markets" not in again


def test_a_fault_is_reported_to_the_failure_command(db: Path, tmp_path: Path) -> None:
    store_article(db, 3, body="โรงงานแก้วเปิด")
    keep = f"cat > {shlex.quote(str(tmp_path / 'failure'))}"
    call(db, "run", "--notify", "exit 3", "--on-failure", keep, expect=1)
    assert "factories: 1 new, not reported" in (tmp_path / "failure").read_text()


def test_a_question_that_cannot_be_asked_does_not_stop_the_others(db: Path) -> None:
    with closing(sqlite3.connect(db)) as connection, connection:
        connection.execute("""UPDATE watches SET filters = '{"planet": "x"}' WHERE id = 1""")
    store_article(db, 4, body="ตลาดบกเปิด")
    result = call(db, "run", expect=1)
    assert "factories could not be searched" in result.stderr
    assert result.stdout.startswith("markets: 1 new")


def test_a_dry_run_tells_it_again_and_catching_up_never(db: Path) -> None:
    store_article(db, 3, body="โรงงานแก้วเปิด")
    first = call(db, "run", "--dry-run").output
    assert call(db, "run", "--dry-run").output == first != ""
    assert "factories: 1 new, not reported" in call(db, "run", "--catch-up").output
    assert call(db, "run").output == ""
    call(db, "run", "--catch-up", "--dry-run", expect=2)


def test_existing_articles_are_told_if_wanted(db: Path) -> None:
    added = call(db, "add", "all", "เปิด", "--existing").output
    assert added == "Watching all: 2 articles that match today will be reported at the next run\n"
    assert call(db, "run").output.startswith("all: 2 new\n")


def test_output_that_is_lost_is_told_again(db: Path) -> None:
    store_article(db, 3, body="โรงงานแก้วเปิด")
    run = [*THAIGOV, "watch", "run", "--db", str(db)]
    with Path("/dev/full").open("wb") as full:
        assert subprocess.run(run, stdout=full, env=ENVIRONMENT, check=False).returncode == 1
    reading, writing = os.pipe()
    os.close(reading)  # the reader is gone
    assert subprocess.run(run, stdout=writing, env=ENVIRONMENT, check=False).returncode == 141
    os.close(writing)
    assert call(db, "run").output.startswith("factories: 1 new\n")


def test_a_killed_run_tells_again(db: Path, tmp_path: Path) -> None:
    store_article(db, 3, body="โรงงานแก้วเปิด")
    mark = tmp_path / "begun"
    command = f"cat > /dev/null; touch {shlex.quote(str(mark))}; exec sleep 60"
    for number in (signal.SIGKILL, signal.SIGTERM):
        process = start("watch", "run", "--notify", command, "--db", db)
        while not mark.exists():
            time.sleep(0.05)
        call(db, "run", expect=5)  # two runs at once
        process.send_signal(number)
        process.wait()
        mark.unlink()
    assert call(db, "run").output.startswith("factories: 1 new\n")


def test_a_running_writer_excludes_all_but_reading(db: Path) -> None:
    lock = WriterLock(db)
    call(db, "run", expect=5)
    call(db, "add", "more", "น้ำ", expect=5)
    call(db, "remove", "factories", expect=5)
    assert "factories" in call(db, "list").output
    call(db, "run", "--dry-run")
    lock.release()


def test_the_list(db: Path, tmp_path: Path) -> None:
    call(db, "add", "some", "--ministry", "industry", "--since", "2568")
    (factories, markets, some) = thaigov_json("watch", "list", "--db", db)
    assert (factories["name"], factories["query"], factories["told_at"]) == (
        "factories", "โรงงาน", None,
    )  # fmt: skip
    assert markets["query"] == "ตลาด เปิด"
    assert (some["query"], some["filters"]) == (
        None, {"ministry": "industry", "since": "2025-01-01"},
    )  # fmt: skip
    for name in ("factories", "markets", "some"):
        call(db, "remove", name)
    assert call(db, "list").output.startswith("No question is saved")
    call(tmp_path / "none.db", "list", expect=1)


WRONG = {
    ("add", "none"): (2, "which QUERY?"),
    ("add", "empty", " "): (2, "empty"),
    ("add", "factories", "น้ำ"): (1, "exists"),
    ("add", "a\nb", "น้ำ"): (1, "cannot name a watch"),
    ("add", "bad", "\udcff"): (2, "not valid UTF-8"),
    ("remove", "none"): (1, "no watch is named 'none'"),
    ("run", "none"): (1, "no watch is named 'none'"),
    ("run", "--format", "pdf"): (2, "is not one of"),
}


@pytest.mark.parametrize("arguments", WRONG, ids=lambda words: ascii(" ".join(words)))
def test_a_mistake_is_a_sentence(db: Path, arguments: tuple[str, ...]) -> None:
    exit_code, says = WRONG[arguments]
    assert says in call(db, *arguments, expect=exit_code).stderr
    assert len(json.loads(call(db, "list", "--json").output)) == 2


def test_no_archive_is_created(tmp_path: Path) -> None:
    call(tmp_path / "none" / "news.db", "add", "factories", "โรงงาน", expect=1)
    assert not (tmp_path / "none").exists()


def test_questions_are_private(db: Path, tmp_path: Path) -> None:
    call(db, "add", "s3cret-name", "s3cret-query")
    copy = make_snapshot(db, tmp_path / "copy.db")
    assert b"s3cret" not in copy.read_bytes()
    with closing(sqlite3.connect(copy)) as connection:
        for table in ("watches", "watch_seen"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_questions_are_not_exported(db: Path) -> None:
    with open_for_reading(db) as archive:
        names = {table.name for table in exported_tables(archive)}
    assert not {"watches", "watch_seen"} & names
