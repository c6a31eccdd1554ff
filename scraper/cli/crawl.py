"""``thaigov crawl``: runs a spider in this process and tells what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from scrapy.crawler import CrawlerProcess
from scrapy.settings import Settings

from scraper.cli.options import db_option, json_option, log_level_option, print_run, scope_option
from scraper.crawl.run import CrawlSession
from scraper.model import Scope

if TYPE_CHECKING:
    from pathlib import Path

    from twisted.python.failure import Failure


def run_spider(
    name: str, arguments: dict[str, str], db: Path, scope: str, log_level: str
) -> tuple[int, int]:
    """Run a spider to its end; return its run's id and exit code.

    Raises:
        Exception: whatever kept the crawl from beginning, such as a refusal or a lock.
    """
    settings = Settings()
    settings.setmodule("scraper.settings", priority="project")
    settings.setdict(
        {"THAIGOV_DB": str(db), "THAIGOV_SCOPE": scope, "LOG_LEVEL": log_level}, priority="cmdline"
    )
    process = CrawlerProcess(settings)
    crawler = process.create_crawler(name)
    failures: list[Failure] = []
    process.crawl(crawler, **arguments).addErrback(failures.append)
    process.start()
    if failures:
        failures[0].raiseException()
    session = crawler.get_extension(CrawlSession)
    if session is None:
        raise RuntimeError("the crawl opened no session; is CrawlSession among the EXTENSIONS?")
    return session.run_id, session.exit_code


def spider_arguments(pairs: tuple[str, ...]) -> dict[str, str]:
    """Return NAME=VALUE pairs as a dictionary.

    Raises:
        click.UsageError: a pair has no ``=``.
    """
    for pair in pairs:
        if "=" not in pair:
            raise click.UsageError(f"-a takes NAME=VALUE, not {pair!r}")
    return dict(pair.split("=", 1) for pair in pairs)


@click.command()
@click.argument("spider", default="latest", type=click.Choice(["latest", "numbers"]))
@click.option("--site", help="Home URL of the site; a loopback address is a practice site.")
@click.option("-a", "pairs", multiple=True, metavar="NAME=VALUE", help="An argument of the spider.")
@log_level_option
@scope_option(Scope.INDUSTRY)
@db_option
@json_option
@click.pass_context
def crawl(
    ctx: click.Context,
    spider: str,
    site: str | None,
    pairs: tuple[str, ...],
    log_level: str,
    scope: str,
    db: Path,
    as_json: bool,
) -> None:
    """Fetch what is new with the spider LATEST, or a range of numbers with NUMBERS."""
    arguments = spider_arguments(pairs) | ({"site": site} if site else {})
    run_id, exit_code = run_spider(spider, arguments, db, scope, log_level)
    print_run(db, run_id, as_json=as_json)
    ctx.exit(exit_code)
