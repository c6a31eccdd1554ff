"""``thaigov recover``: fetches missing articles from web archives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from scraper.cli.crawl import run_spider
from scraper.cli.on_failure import on_failure_option
from scraper.cli.options import (
    DateType,
    NumberRangeType,
    check_order,
    create_option,
    db_option,
    json_option,
    log_level_option,
    print_run,
    scope_option,
)
from scraper.crawl.backoff import LONGEST_PAUSE
from scraper.model import Scope
from scraper.thai.typed_dates import FORMS

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path


OPTIONS = (
    click.option(
        "--numbers", type=NumberRangeType(), help="Only these article numbers, such as 1-500."
    ),
    click.option(
        "--from", "since", type=DateType(), help=f"Only copies made on that day or later: {FORMS}."
    ),
    click.option(
        "--to", "until", type=DateType(last=True), help="Only copies made on that day or earlier."
    ),
    click.option(
        "--missing/--known-too",
        default=True,
        show_default=True,
        help="Only articles the archive lacks, or also those it has.",
    ),
    click.option(
        "--latest-per-url/--all-versions",
        "latest",
        default=True,
        show_default=True,
        help="The newest copy that has the article, or every copy that differs.",
    ),
    click.option("--site", help="Home URL of the site to recover."),
    click.option(
        "--pause",
        type=click.FloatRange(min=0, max=LONGEST_PAUSE),
        help="Seconds to wait when the archive asks us to slow down; default 60.",
    ),
    click.option(
        "--ignore-robots",
        multiple=True,
        metavar="HOST",
        help="Ignore robots.txt of this host of the archive, because the archive gave permission; "
        "THAIGOV_PERMISSION says who gave it. Can be repeated.",
    ),
    log_level_option,
    scope_option(Scope.ALL),
    on_failure_option,
    db_option,
    create_option,
    json_option,
    click.pass_context,
)


def recovery_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that every web archive takes."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


@click.group()
def recover() -> None:
    """Fetch articles from web archives; a stored copy is never fetched twice."""


@recover.command()
@click.option("--archive", help="Address of another Wayback Machine.")
@recovery_options
def wayback(ctx: click.Context, archive: str | None, **options: Any) -> None:
    """Recover from the Internet Archive."""
    _recover(ctx, "wayback", {"archive": archive}, **options)


@recover.command()
@click.option("--index", help="Address of another index server.")
@click.option("--data", help="Address of another file server.")
@recovery_options
def commoncrawl(ctx: click.Context, index: str | None, data: str | None, **options: Any) -> None:
    """Recover from Common Crawl."""
    _recover(ctx, "commoncrawl", {"index": index, "data": data}, **options)


def _recover(
    ctx: click.Context,
    spider: str,
    hosts: dict[str, str | None],
    *,
    numbers: tuple[int, int] | None,
    since: date | None,
    until: date | None,
    missing: bool,
    latest: bool,
    site: str | None,
    pause: float | None,
    ignore_robots: tuple[str, ...],
    log_level: str,
    scope: str,
    db: Path,
    as_json: bool,
) -> None:
    check_order(since, until)
    values = {
        **hosts,
        "first": numbers and numbers[0],
        "last": numbers and numbers[1],
        "since": since and f"{since:%Y%m%d}",
        "until": until and f"{until:%Y%m%d}",
        "missing": int(missing),
        "versions": "latest" if latest else "all",
        "site": site,
        "pause": pause,
        "ignore_robots": ",".join(ignore_robots) or None,
    }
    arguments = {name: str(value) for name, value in values.items() if value is not None}
    run_id, exit_code = run_spider(spider, arguments, db, scope, log_level)
    print_run(db, run_id, as_json=as_json)
    ctx.exit(exit_code)
