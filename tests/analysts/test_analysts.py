"""Every block of docs/analysts.md gives what is written below it, and the notebook what it shows.

In one file, since they share an archive.
"""

from __future__ import annotations

import csv
import os
import subprocess
from functools import partial
from shutil import which
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from scraper.cli import main
from tests.analysts.document import PAGE, ask, normal, others_of, sql_of, with_answers
from tests.analysts.notebook import (
    PICTURES,
    pictures_of,
    prints_of,
    read_notebook,
    run_notebook,
    words_of,
)
from tests.analysts.picture import PICTURE, draw_tables

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    Rows = Sequence[Sequence[Any]]

TEXT = PAGE.read_text("utf-8")
SQL = sql_of(TEXT)
OTHERS = others_of(TEXT)
WRITE = """
write.table(answer, sep = "\\t", quote = FALSE, row.names = FALSE, col.names = FALSE)
cat("end of answer\\n")
"""


@pytest.fixture(scope="module")
def db(desk: Path) -> Path:
    """Return the archive."""
    return desk / "data" / "demo" / "thaigov.db"


@pytest.fixture
def _in_the_folder(desk: Path, db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in the folder of the archive, beside its Parquet files."""
    monkeypatch.chdir(desk)
    if not (desk / "demo-parquet").exists():
        arguments = ["export", "parquet", "demo-parquet", "--db", str(db)]
        main.main(arguments, standalone_mode=False)


def test_each_question_has_the_answer_of_the_practice_archive(db: Path) -> None:
    assert sorted(SQL) == list(range(1, 21))
    assert with_answers(TEXT, partial(ask, db)) == TEXT, "run python -m tests.analysts.reference"


def test_each_answer_has_rows(db: Path) -> None:
    assert [number for number, sql in SQL.items() if not ask(db, sql).rows] == []


def test_five_questions_are_asked_in_three_other_programs() -> None:
    programs = ("pandas", "DuckDB", "R")
    asked = [(other.number, other.program) for other in OTHERS]
    assert asked == [(number, program) for program in programs for number in range(1, 6)]


@pytest.mark.usefixtures("_in_the_folder")
@pytest.mark.parametrize("program", ["pandas", "DuckDB", "R"])
def test_another_program_gives_the_same_rows(program: str, db: Path) -> None:
    run = {"pandas": run_pandas, "DuckDB": run_duckdb, "R": run_r}[program]
    asked = [other for other in OTHERS if other.program == program]
    answers = run([other.code for other in asked])
    for other, rows in zip(asked, answers, strict=True):
        expected = list(normal(ask(db, SQL[other.number]).rows))
        assert list(normal(rows)) == expected, f"{other.number} in {program}"


def run_pandas(blocks: Sequence[str]) -> list[Rows]:
    answers = []
    for code in blocks:
        names: dict[str, Any] = {}
        exec(code, names)
        answers.append(names["answer"].to_numpy().tolist())
    return answers


def run_duckdb(blocks: Sequence[str]) -> list[Rows]:
    with duckdb.connect() as connection:
        return [connection.execute(code).fetchall() for code in blocks]


def run_r(blocks: Sequence[str]) -> list[Rows]:
    if which("Rscript") is None:
        pytest.skip("needs Rscript with RSQLite (on Debian, r-cran-rsqlite)")
    script = "".join(f"{code}{WRITE}" for code in blocks)
    done = subprocess.run(
        ["Rscript", "--vanilla", "-e", "if (!require(RSQLite)) quit(status = 77)", "-e", script],
        capture_output=True,
        text=True,
        check=False,
        env={"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]},
    )
    if done.returncode == 77:
        pytest.skip("R has no RSQLite (on Debian, r-cran-rsqlite)")
    assert done.returncode == 0, done.stderr
    *tables, rest = done.stdout.split("end of answer\n")
    assert not rest
    return [list(csv.reader(table.splitlines(), delimiter="\t")) for table in tables]


def test_the_picture_shows_the_tables_of_the_archive(db: Path) -> None:
    assert PICTURE.read_text("utf-8") == draw_tables(db), "run python -m tests.analysts.reference"


def test_the_notebook_runs_and_shows_what_it_and_the_page_show(db: Path) -> None:
    now, written = run_notebook(db), read_notebook()
    assert prints_of(now) == prints_of(written), "run python -m tests.analysts.reference"
    pictures = pictures_of(now)
    # Widths of letters depend on the version of the font, so pictures are compared by their texts.
    for stored in (pictures_of(written), [path.read_text("utf-8") for path in PICTURES]):
        assert [words_of(picture) for picture in stored] == [words_of(p) for p in pictures]
    for path in PICTURES:
        assert f"(images/{path.name})" in TEXT
