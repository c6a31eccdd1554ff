"""Spider arguments are listed by ``--help`` and checked before a crawl or a schedule begins."""

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
def test_every_argument_is_described_in_its_class(spider: type[ArchiveSpider]) -> None:
    found = {argument.name: argument.meaning for argument in arguments_of(spider)}
    assert {"site", "layout", "again"} <= set(found)
    own = (
        inspect.signature(vars(spider)["__init__"]).parameters if "__init__" in vars(spider) else {}
    )
    assert set(own) - {"self", "arguments"} <= set(found)
    assert all(meaning.endswith(".") and "``" not in meaning for meaning in found.values())


def test_help_lists_them() -> None:
    printed = CliRunner().invoke(main, ["crawl", "--help"], terminal_width=100).output
    for name, spider in SPIDERS.items():
        _, _, section = printed.partition(f"Arguments of {name}, each as -a NAME=VALUE:\n")
        listed = section.partition("\n\n")[0]
        for argument in arguments_of(spider):
            assert f"\n  {argument.name} " in f"\n{listed}"
    assert "stop after this many consecutive known articles, default 20." in printed


WRONG = {
    "-a firts=1": "takes no argument firts; it takes known, lookback",
    "-a pages=many": "pages must be a whole number of at least 1, not 'many'",
    "-a layout=old": "layout must be one of contents, news, not 'old'",
    "-a site=x": "site=x is not a site this archive knows",
    "--site https://news.example": "site=https://news.example is not a site",
    "-a pages": "-a takes NAME=VALUE, not 'pages'",
}


@pytest.mark.parametrize(("options", "message"), WRONG.items(), ids=WRONG)
def test_a_mistake_is_reported_by_crawl_and_by_schedule(
    tmp_path: Path, options: str, message: str
) -> None:
    db = tmp_path / "thaigov.db"
    crawled = CliRunner().invoke(main, ["crawl", *options.split(), "--db", str(db)])
    assert (crawled.exit_code, message in crawled.stderr) == (2, True)
    assert not db.exists()
    open_for_writing(db).close()
    for kind in ("cron", "systemd"):
        arguments = ["schedule", kind, "--db", str(db), "--", *options.split()]
        scheduled = CliRunner().invoke(main, arguments)
        assert (scheduled.exit_code, message in scheduled.stderr) == (2, True)
        assert not scheduled.stdout


def test_a_schedule_is_for_the_given_archive_and_not_for_that_of_the_environment(
    tmp_path: Path,
) -> None:
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


def test_check_arguments_and_pairs_as_arguments() -> None:
    check_arguments("numbers", {"first": "1", "last": "9", "direction": "down"})
    with pytest.raises(click.UsageError, match="last=3 is below first=9"):
        check_arguments("numbers", {"first": "9", "last": "3"})
    assert pairs_as_arguments(("a=b=c", "d="), "http://x") == {
        "a": "b=c",
        "d": "",
        "site": "http://x",
    }
