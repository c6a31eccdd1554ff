"""openpyxl and LibreOffice find Thai, dates and long texts in the workbook and the CSV files."""

from __future__ import annotations

import csv
import shutil
import subprocess
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from scraper.export import workbook
from scraper.export.cells import CELL_LIMIT, CUT_MARK
from tests.export.sample import LONG, ODD, export

if TYPE_CHECKING:
    from pathlib import Path


def sheet(path: Path, name: str) -> list[dict[str, Any]]:
    book = load_workbook(path)
    try:
        head, *rows = book[name].iter_rows(values_only=True)
        return [dict(zip(head, row, strict=True)) for row in rows]
    finally:
        book.close()


@pytest.fixture(scope="module")
def made(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export(sample, "xlsx", tmp_path_factory.mktemp("xlsx") / "out.xlsx").path


def test_the_workbook_has_a_sheet_for_each_table(made: Path) -> None:
    book = load_workbook(made)
    names = book.sheetnames
    formulas = [c for s in book for row in s for c in row if c.data_type == "f"]
    book.close()
    assert names[:2] == ["columns", "articles"]
    assert {"date_mentions", "people", "events", "ministries"} <= set(names)
    assert formulas == []


def test_cells_keep_thai_dates_and_texts(made: Path) -> None:
    articles = {a["site_id"]: a for a in sheet(made, "articles")}
    assert articles[5]["title"] == "=1+1 หัวข้อสูตร"
    assert articles[5]["body"] == ODD
    assert articles[5]["published_on"] == datetime(2024, 12, 31)  # noqa: DTZ001
    assert articles[5]["hashtags"] == "น้ำตาล; อ้อย"
    assert articles[7]["published_on"] is None
    cut = articles[9]["body"]
    assert len(cut.encode("utf-16-le")) // 2 in {CELL_LIMIT, CELL_LIMIT - 1}
    assert LONG.startswith(cut.removesuffix(CUT_MARK))
    old, impossible = sheet(made, "date_mentions")
    assert old["start_on"] == "1868-10-01"  # before Excel's calendar
    assert impossible["start_on"] is None
    assert {row["column"]: row["ความหมาย"] for row in sheet(made, "columns")}["published_on"]


def test_a_long_table_continues_on_another_sheet(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MAX_ROWS", 3)
    path = export(sample, "xlsx", tmp_path / "out.xlsx").path
    ids = [row["site_id"] for name in ("articles", "articles 2") for row in sheet(path, name)]
    assert ids == [5, 3, 9, 7]


# Commas, quotation marks, UTF-8, from line 1, cells as shown, every sheet to a file of its own.
TO_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"


def libreoffice(source: Path, target: Path, *more: str) -> None:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    profile = f"-env:UserInstallation={(target / 'profile').as_uri()}"
    subprocess.run(
        [program, profile, "--headless", *more, "--convert-to", TO_CSV, "--outdir", target, source],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip


def converted(path: Path) -> dict[str, dict[str, str]]:
    csv.field_size_limit(10**7)
    with path.open(encoding="utf-8", newline="") as file:
        return {row["site_id"]: row for row in csv.DictReader(file)}


def test_libreoffice_opens_the_workbook(made: Path, tmp_path: Path) -> None:
    libreoffice(made, tmp_path)
    articles = converted(tmp_path / "out-articles.csv")
    assert articles["5"]["title"] == "=1+1 หัวข้อสูตร"
    assert articles["5"]["body"] == ODD
    assert articles["5"]["published_on"] == "2024-12-31"
    assert LONG.startswith(articles["9"]["body"].removesuffix(CUT_MARK))
    assert len(articles["9"]["body"]) > 20_000


def test_libreoffice_opens_the_csv_files(sample: Path, tmp_path: Path) -> None:
    out = export(sample, "csv", tmp_path / "out", excel=True).path
    libreoffice(out / "articles.csv", tmp_path, "--infilter=Text - txt - csv (StarCalc):44,34,76,1")
    articles = converted(tmp_path / "articles-articles.csv")
    assert articles["5"]["title"].endswith("=1+1 หัวข้อสูตร")
    assert articles["5"]["body"] == ODD
    assert articles["3"]["published_on"] in {"2025-01-01", date(2025, 1, 1).strftime("%m/%d/%Y")}
    assert LONG.startswith(articles["9"]["body"].removesuffix(CUT_MARK))
