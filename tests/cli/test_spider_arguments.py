"""What follows ``-a`` is listed by ``--help`` and checked before anything is asked or scheduled."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner

from scraper.archive.database import open_for_writing
from scraper.cli import main
from scraper.cli.spider_arguments import SPIDERS, arguments_of, check_arguments, pairs_as_arguments
from spiders.commoncrawl import CommonCrawlSpider
from spiders.wayback import WaybackSpider

if TYPE_CHECKING:
    from pathlib import Path

    from spiders.base import ArchiveSpider

ALL = [*SPIDERS.values(), WaybackSpider, CommonCrawlSpider]


@pytest.mark.parametrize("spider", ALL, ids=lambda spider: spider.name)
def test_every_argument_is_described_where_it_is_taken(spider: type[ArchiveSpider]) -> None:
    found = {argument.name: argument.meaning for argument in arguments_of(spider)}
    assert {"site", "layout", "again"} <= set(found)
    own = (
        inspect.signature(vars(spider)["__init__"]).parameters if "__init__" in vars(spider) else {}
    )
    assert set(own) - {"self", "arguments"} <= set(found)
    assert all(meaning.endswith(".") and "``" not in meaning for meaning in found.values())


def test_help_lists_them() -> None:
    told = CliRunner().invoke(main, ["crawl", "--help"], terminal_width=100).output
    for name, spider in SPIDERS.items():
        _, _, section = told.partition(f"Arguments of {name}, each as -a NAME=VALUE:\n")
        listed = section.partition("\n\n")[0]
        for argument in arguments_of(spider):
            assert f"\n  {argument.name} " in f"\n{listed}"
    assert "stop after this many consecutive known articles, default 20." in told


WRONG = {
    "-a firts=1": "takes no argument firts; it takes known, lookback",
    "-a pages=many": "pages must be a whole number of at least 1, not 'many'",
    "-a layout=old": "layout must be one of contents, news, not 'old'",
    "-a site=x": "site=x is not a site this archive knows",
    "--site https://news.example": "site=https://news.example is not a site",
    "-a pages": "-a takes NAME=VALUE, not 'pages'",
}


@pytest.mark.parametrize(("options", "told"), WRONG.items(), ids=WRONG)
def test_a_mistake_is_told_by_crawl_and_on_the_day_of_scheduling(
    tmp_path: Path, options: str, told: str
) -> None:
    db = tmp_path / "thaigov.db"
    crawled = CliRunner().invoke(main, ["crawl", *options.split(), "--db", str(db)])
    assert (crawled.exit_code, told in crawled.stderr) == (2, True)
    assert not db.exists()
    open_for_writing(db).close()
    for kind in ("cron", "systemd"):
        arguments = ["schedule", kind, "--db", str(db), "--", *options.split()]
        scheduled = CliRunner().invoke(main, arguments)
        assert (scheduled.exit_code, told in scheduled.stderr) == (2, True)
        assert not scheduled.stdout


def test_what_is_right_is_scheduled_wherever_the_environment_points(tmp_path: Path) -> None:
    db = tmp_path / "thaigov.db"
    open_for_writing(db).close()
    options = ["--site", "http://127.0.0.1:9", "-a", "pages=5", "--scope", "all"]
    result = CliRunner().invoke(
        main,
        ["schedule", "cron", "--db", str(db), "--", *options],
        env={"THAIGOV_DB": str(tmp_path / "none" / "thaigov.db")},
    )
    assert result.exit_code == 0
    assert "-a pages=5 --scope all" in result.stdout


def test_values_between_arguments() -> None:
    check_arguments("numbers", {"first": "1", "last": "9", "direction": "down"})
    with pytest.raises(click.UsageError, match="last=3 is below first=9"):
        check_arguments("numbers", {"first": "9", "last": "3"})
    assert pairs_as_arguments(("a=b=c", "d="), "http://x") == {
        "a": "b=c",
        "d": "",
        "site": "http://x",
    }
