"""``thaigov reparse`` as a user runs it, with changed parsers and tables."""

from __future__ import annotations

import random
import shutil
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from scraper.practice.site.still import PracticeSite
from scraper.reference import read_table, table_path
from tests.archive_dump import assert_sound, content
from tests.changed import OTHER_PARSER, OTHER_TABLES, changed, fields, program
from tests.commands import ENVIRONMENT, thaigov, thaigov_json
from tests.practice_corpus import write_corpus

if TYPE_CHECKING:
    from pathlib import Path

SITE = PracticeSite(size=120)
KILLS = 3


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    corpus = tmp_path_factory.mktemp("corpus")
    write_corpus(SITE, corpus)
    db = corpus.parent / "whole" / "thaigov.db"
    thaigov("import", "corpus", corpus, "--db", db)
    return db


@pytest.fixture
def db(imported: Path, tmp_path: Path) -> Path:
    shutil.copytree(imported.parent, tmp_path / "copy")
    return tmp_path / "copy" / imported.name


def runs(db: Path) -> int:
    with closing(sqlite3.connect(db)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM runs").fetchone()
    return int(count)


def test_a_dry_run_writes_nothing_and_predicts_the_run(db: Path, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in db.parent.rglob("*") if path.is_file()}
    predicted = changed(tmp_path, OTHER_PARSER, "--dry-run", "--db", db)
    assert {path: path.read_bytes() for path in before} == before
    assert runs(db) == 1
    done = changed(tmp_path, OTHER_PARSER, "--db", db, "--workers", "1")
    assert {**predicted, "dry_run": False} == done
    assert fields(done)["category"] == fields(done)["parser"] == 120
    assert 0 < fields(done)["body"] < 120
    assert "versions" not in fields(done)
    assert len(done["fields"][0]["examples"]) == 3
    again = changed(tmp_path, OTHER_PARSER, "--db", db)
    assert (again["fields"], again["articles"]["unchanged"]) == ([], 120)
    assert_sound(db)


def test_a_changed_table_changes_the_facts_found_with_it(db: Path, tmp_path: Path) -> None:
    tables = tmp_path / "reference"
    shutil.copytree(table_path("months.csv").parent, tables)
    names = tables / "ministry_names.csv"
    kept = [line for line in names.read_text().splitlines() if ",industry," not in line]
    invented = [row["name"] for row in read_table("practice/agencies.csv")]
    texts = "".join(SITE.truth(number).body for number in SITE.numbers())
    agency = next(name for name in invented if name in texts)
    names.write_text("\n".join([*kept, f"{agency},diprom,agency,1,,,,"]) + "\n")
    report = changed(tmp_path, OTHER_TABLES.format(folder=str(tables)), "--db", db)
    assert {"article_ministries", "article_agencies", "ministry"} <= set(fields(report))
    assert not {"title", "body", "versions"} & set(fields(report))
    back = thaigov_json("reparse", "--db", db)
    assert fields(back) == fields(report)
    assert fields(thaigov_json("reparse", "--dry-run", "--db", db)) == {}
    assert_sound(db)


def test_killed_reparses_end_with_the_same_archive(
    imported: Path, db: Path, tmp_path: Path
) -> None:
    whole = tmp_path / "whole" / db.name
    shutil.copytree(imported.parent, whole.parent)
    begun = time.monotonic()
    changed(tmp_path, OTHER_PARSER, "--db", whole, "--workers", "1")
    took = time.monotonic() - begun
    chance = random.Random(2568)
    arguments = [*program(tmp_path, OTHER_PARSER), "reparse", "--db", str(db), "--workers", "1"]
    survived = 0
    for _ in range(KILLS):
        process = subprocess.Popen(
            arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT
        )
        time.sleep(took * chance.uniform(0.5, 0.95))  # most of it is start-up
        process.send_signal(signal.SIGKILL)
        if process.wait() == 0:  # the machine was busier before: kill earlier
            survived, took = survived + 1, took * 0.7
    assert survived < KILLS, "every run was over before its kill: nothing was tested"
    changed(tmp_path, OTHER_PARSER, "--db", db)
    assert content(db) == content(whole)
    assert_sound(db)


def test_the_printed_report(db: Path, tmp_path: Path) -> None:
    printed = thaigov("reparse", "--numbers", f"{SITE.first}-{SITE.last}", "--db", db).stdout
    assert printed.startswith("120 captures read again; articles: 0 new, 0 changed, 120 unchanged.")
    assert "Nothing changed." in printed
    command = [*program(tmp_path, OTHER_PARSER), "reparse", "--db", str(db), "--examples", "1"]
    done = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, check=True)
    assert "category: 120\n  https://practice.example/news/contents/details/" in done.stdout
    assert "\n    + ด้านใหม่\n" in done.stdout


def test_unreadable_captures_give_exit_code_3(db: Path) -> None:
    for path in (db.parent / "warc").iterdir():
        path.unlink()
    before = content(db)["articles"]
    report = thaigov_json("reparse", "--db", db, expect=3)
    assert len(report["damaged"]) == 120
    assert content(db)["articles"] == before
    printed = thaigov("reparse", "--dry-run", "--db", db, expect=3).stdout
    assert "120 captures whose bytes cannot be read" in printed
    assert "… and 100 more" in printed


@pytest.mark.parametrize("numbers", ["9-1", "x", "1-", "-5"])
def test_numbers_that_are_not_a_range(imported: Path, numbers: str) -> None:
    done = thaigov("reparse", f"--numbers={numbers}", "--db", imported, expect=2)
    assert "is not a range; write 19444-21653" in done.stderr


def test_no_archive(tmp_path: Path) -> None:
    db = tmp_path / "none" / "thaigov.db"
    assert "no archive there" in thaigov("reparse", "--db", db, expect=1).stderr
    assert "no archive there" in thaigov("verify", "--db", db, expect=1).stderr
    assert not db.parent.exists()
