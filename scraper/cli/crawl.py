"""``thaigov crawl``: runs a spider in this process."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click
from scrapy.crawler import CrawlerProcess
from scrapy.settings import Settings

from scraper.cli.on_failure import on_failure_option
from scraper.cli.options import (
    create_option,
    db_option,
    json_option,
    log_level_option,
    print_run,
    scope_option,
)
from scraper.cli.spider_arguments import SPIDERS, CrawlCommand, pairs_as_arguments
from scraper.crawl.limits import Window
from scraper.crawl.run import CrawlWriter
from scraper.crawl.signals import StopOnSignal
from scraper.model import Scope

if TYPE_CHECKING:
    from pathlib import Path

    from twisted.python.failure import Failure


def run_spider(
    name: str,
    arguments: dict[str, str],
    db: Path,
    scope: str,
    log_level: str,
    **limits: str | int,
) -> tuple[int, int]:
    """Run a spider to its end or until a signal; return the id and exit code of its run.

    Args:
        name: of the spider.
        arguments: of the spider.
        db: the archive.
        scope: which articles are kept.
        log_level: least level of log lines that are shown.
        limits: settings that bound the run (``scraper.crawl.limits``).

    Raises:
        Exception: what kept the crawl from starting, such as a refusal or a lock.
    """
    settings = Settings()
    settings.setmodule("scraper.settings", priority="project")
    settings.setdict(
        {"THAIGOV_DB": str(db), "THAIGOV_SCOPE": scope, "LOG_LEVEL": log_level, **limits},
        priority="cmdline",
    )
    process = CrawlerProcess(settings)
    crawler = process.create_crawler(name)
    failures: list[Failure] = []
    with StopOnSignal(crawler):
        process.crawl(crawler, **arguments).addErrback(failures.append)
        process.start(install_signal_handlers=False)
    writer = None
    with suppress(RuntimeError):  # it failed before there were extensions
        writer = crawler.get_extension(CrawlWriter)
    if failures:
        if writer is not None and not writer.is_closed:  # opened, but failed before the crawl began
            writer.close("failed", 1)
        failures[0].raiseException()
    if writer is None:
        raise RuntimeError("the crawl opened no archive; is CrawlWriter among the EXTENSIONS?")
    if writer.unclosed is not None:
        raise writer.unclosed
    return writer.run_id, writer.exit_code


class HoursType(click.ParamType[str]):
    """A night window such as ``22:00-06:00``, in Asia/Bangkok."""

    name = "hours"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the hours unchanged.

        Raises:
            click.BadParameter: they are not two times of day.
        """
        try:
            Window.parse(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)
        return str(value)


@click.command(cls=CrawlCommand)
@click.argument("spider", default="latest", type=click.Choice([*SPIDERS]))
@click.option("--site", help="Home URL of the site; a loopback address is a practice site.")
@click.option(
    "-a",
    "pairs",
    multiple=True,
    metavar="NAME=VALUE",
    help="Argument of the spider, see below.",
)
@click.option(
    "--between",
    type=HoursType(),
    metavar="HH:MM-HH:MM",
    help="Send requests only in these hours (Asia/Bangkok), such as 22:00-06:00; the rest is left "
    "to the next run.",
)
@click.option(
    "--max-requests",
    type=click.IntRange(min=1),
    help="Pause after this many requests; the rest is left to the next run.",
)
@log_level_option
@scope_option(Scope.INDUSTRY)
@on_failure_option
@db_option
@create_option
@json_option
@click.pass_context
def crawl(
    ctx: click.Context,
    spider: str,
    site: str | None,
    pairs: tuple[str, ...],
    between: str | None,
    max_requests: int | None,
    log_level: str,
    scope: str,
    db: Path,
    as_json: bool,
) -> None:
    """Fetch new articles with the spider LATEST, or a range of numbers with NUMBERS.

    ATTACHMENTS fetches the PDF, Word and Excel files of stored articles.
    """
    arguments = pairs_as_arguments(pairs, site)
    limits: dict[str, str | int] = {
        "THAIGOV_BETWEEN": between or "",
        "THAIGOV_MAX_REQUESTS": max_requests or 0,
    }
    run_id, exit_code = run_spider(spider, arguments, db, scope, log_level, **limits)
    print_run(db, run_id, as_json=as_json)
    ctx.exit(exit_code)
