"""The library loads neither the crawler nor the command line, and other things when needed."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.api.small_archive import write_archive
from tests.commands import ENVIRONMENT

if TYPE_CHECKING:
    from pathlib import Path

NEVER = {
    "scrapy", "twisted", "bs4", "lxml", "playwright", "datasette", "pyarrow", "xlsxwriter",
    "icalendar", "warcio",
}  # fmt: skip
LATER = {"pythainlp", "nlpo3", "pandas", "numpy", "sqlite_utils", "click", "rich"}


def loaded(code: str) -> set[str]:
    """Return the packages that a program has loaded at its end."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", f"import sys\n{code}\nprint(*sys.modules)"],
        capture_output=True, text=True, env=ENVIRONMENT, check=True,
    )  # fmt: skip
    return {name.partition(".")[0] for name in done.stdout.split()} | {
        name for name in done.stdout.split() if name.startswith("scraper.")
    }


def test_importing_loads_rules_only() -> None:
    assert loaded("import scraper.api") & (NEVER | LATER) == set()


@pytest.mark.parametrize("name", ["find_dates", "find_agencies", "find_money"])
def test_finding_loads_neither_a_dictionary_nor_a_database(name: str) -> None:
    found = loaded(f"from scraper.api import {name}\n{name}('นายสมใจ ใจดี 3 เมษายน 2568')")
    assert found & (NEVER | LATER) == set()


@pytest.mark.parametrize("name", ["segment", "find_people"])
def test_words_and_names_of_persons_load_a_dictionary(name: str) -> None:
    found = loaded(f"from scraper.api import {name}\n{name}('นายสมใจ ใจดี')")
    assert "pythainlp" in found
    assert found & NEVER == set()


def test_the_library_knows_no_commands() -> None:
    modules = loaded("import scraper.api")
    assert not {name for name in modules if name.startswith(("scraper.cli", "scraper.crawl"))}


def test_opening_and_searching_load_no_crawler_and_no_dictionary(tmp_path: Path) -> None:
    write_archive(tmp_path / "news.db")
    found = loaded(
        f"from scraper.api import open_archive\n"
        f"with open_archive({str(tmp_path / 'news.db')!r}) as archive:\n"
        f"    archive.search('โรงงาน', agency='diw')\n"
        f"    archive.article(87574)\n"
        f"    list(archive.rows('articles'))"
    )
    # sqlite-utils loads click, and pandas with pyarrow where they are installed.
    assert "sqlite_utils" in found
    assert found & (NEVER - {"pyarrow"} | {"pythainlp", "nlpo3", "rich"}) == set()
