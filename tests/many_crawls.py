"""Runs many crawls in one process, each with its own site, archive and settings.

A crawl in a separate process takes more than a second before its first request, and a worker that
parses its pages as much again. Tests of signals, exit codes and limits on a page need them
(``tests.commands``); tests of responses do not.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from scrapy.crawler import CrawlerProcess
from scrapy.settings import Settings

from tests.commands import ENVIRONMENT, assert_no_traceback

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class Crawl:
    """The arguments of a crawl.

    Attributes:
        site: home URL of the site.
        db: the archive.
        arguments: of the spider.
        settings: changes to the project's settings.
        spider: its name.
    """

    site: str
    db: str
    arguments: dict[str, str] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    spider: str = "numbers"


def crawl_all(crawls: list[Crawl]) -> str:
    """Run crawls concurrently and return their standard error."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.many_crawls"],
        input=json.dumps([asdict(crawl) for crawl in crawls]),
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert_no_traceback(done.stderr)
    return done.stderr


def query(db: Path | str, sql: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query on an archive."""
    with closing(sqlite3.connect(db)) as connection:
        return connection.execute(sql).fetchall()


def _main() -> None:
    settings = Settings()
    settings.setmodule("scraper.settings", priority="project")
    settings.set("LOG_LEVEL", "WARNING", priority="cmdline")
    process = CrawlerProcess(settings)
    for crawl in (Crawl(**given) for given in json.load(sys.stdin)):
        crawler = process.create_crawler(crawl.spider)
        own = {"THAIGOV_DB": crawl.db, "THAIGOV_SCOPE": "all", "PAGE_WORKERS": 0, **crawl.settings}
        crawler.settings.setdict(own, priority="cmdline")
        process.crawl(crawler, site=crawl.site, **crawl.arguments)
    process.start()


if __name__ == "__main__":
    _main()
