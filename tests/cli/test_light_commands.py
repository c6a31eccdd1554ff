"""Reading commands import neither the crawler nor the parsers."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest

from scraper.cli import COMMANDS, main
from scraper.practice.site.still import PracticeSite
from tests.commands import ENVIRONMENT, thaigov
from tests.practice_corpus import write_corpus

if TYPE_CHECKING:
    from pathlib import Path

SITE = PracticeSite(20)
HEAVY = (
    "scrapy", "twisted", "bs4", "lxml", "pythainlp", "nlpo3", "playwright", "datasette", "pyarrow",
    "xlsxwriter", "icalendar", "pandas", "numpy",
)  # fmt: skip
PROGRAM = f"""
import atexit, sys
from scraper.cli import main
atexit.register(lambda: print("loaded:", *({set(HEAVY)!r} & set(sys.modules)), file=sys.stderr))
main()
"""


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("light")
    write_corpus(SITE, folder / "corpus")
    thaigov("import", "corpus", folder / "corpus", "--db", folder / "news.db", "--workers", "1")
    return folder / "news.db"


@pytest.mark.parametrize(
    "arguments",
    [
        "--version",
        "--help",
        "search --help",
        "search กรม",
        "search กรม --agency diw --since 2568 --json",
        f"show {next(SITE.numbers())}",
        "status",
        "words กรม --by year --by ministry",
        "words กรม --collocations",
        "words --keyness 2568 2567",
        "concordance กรม",
        "check",
        "snapshot OUT",
        "watch list",
        "watch run --dry-run --format atom",
        "export --help",
        "export jsonl OUT",
        "export csv OUT",
        "export sqlite OUT",
    ],
)
def test_a_reading_command_loads_no_crawler_and_no_parser(arguments: str, db: Path) -> None:
    words = arguments.replace("OUT", str(db.with_name(f"out-{len(arguments)}"))).split()
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words],
        capture_output=True,
        text=True,
        env=ENVIRONMENT | {"THAIGOV_DB": str(db)},
        check=False,
    )
    assert done.stderr.endswith("loaded:\n"), done.stderr
    assert done.returncode in {0, 3}
    assert done.stdout


def test_the_probe_sees_what_a_crawl_loads() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "crawl", "--help"],
        capture_output=True, text=True, env=ENVIRONMENT, check=True,
    )  # fmt: skip
    assert "scrapy" in done.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_a_summary_is_the_first_sentence_of_its_command(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert command.name == name
    assert COMMANDS[name].summary == command.get_short_help_str(200)
