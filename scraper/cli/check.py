"""``thaigov check``: is the archive as its operator may expect it to be?"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from scraper.archive.database import explain_errors, open_for_reading
from scraper.cli.failure import note, on_failure_option
from scraper.cli.options import db_option, json_option
from scraper.clock import now
from scraper.terminal import line, print_json, say
from scraper.upkeep.health import HEALTH_CHECKS, failed_checks
from scraper.upkeep.health_checks import CheckLimits

if TYPE_CHECKING:
    from pathlib import Path

UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
SIZES = {"MB": 10**6, "GB": 10**9, "TB": 10**12}


class Duration(click.ParamType[timedelta]):
    """A length of time such as ``36h``, ``90m`` or ``2d``."""

    name = "duration"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """Return the length.

        Raises:
            click.BadParameter: no length, or none at all.
        """
        match = re.fullmatch(r"([1-9]\d{0,5})([mhd])", str(value))
        if match is None:
            self.fail(f"{value!r} is no length of time; write 36h, 90m or 2d", param, ctx)
        return int(match[1]) * UNITS[match[2]]


class Size(click.ParamType[int]):
    """An amount of bytes such as ``500MB`` or ``2GB``."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the bytes.

        Raises:
            click.BadParameter: no amount.
        """
        match = re.fullmatch(r"(\d{1,6})(MB|GB|TB)", str(value))
        if match is None:
            self.fail(f"{value!r} is no amount; write 500MB, 2GB or 1TB", param, ctx)
        return int(match[1]) * SIZES[match[2]]


SHARE = click.FloatRange(0, 1)


@click.command()
@click.option(
    "--every",
    type=Duration(),
    help="Longest time between two crawls; if not given: 36h, where there ever was a crawl.",
)
@click.option(
    "--silence",
    type=click.IntRange(0),
    metavar="DAYS",
    help="Longest time without news; if not given: the longest that was measured of the site.",
)
@click.option(
    "--unparsed",
    type=SHARE,
    default=CheckLimits.unparsed,
    show_default=True,
    help="Share of pages that may be unreadable, in the last run and in 30 days.",
)
@click.option(
    "--owed",
    type=click.IntRange(0),
    default=CheckLimits.owed,
    show_default=True,
    help="How many addresses may have failed, or be overdue by a week.",
)
@click.option(
    "--free",
    type=Size(),
    default="1GB",
    show_default=True,
    help="How much of the disk must be free; never less than the crawls of 30 days took.",
)
@click.option(
    "--free-share",
    type=SHARE,
    default=CheckLimits.free_share,
    show_default=True,
    help="Share of the disk that must be free.",
)
@click.option(
    "--held", type=Duration(), default="24h", show_default=True, help="How long one run may take."
)
@on_failure_option
@db_option
@json_option
@click.pass_context
def check(ctx: click.Context, /, db: Path, as_json: bool, **limits: Any) -> None:
    """Tell what is not as it should be, one sentence for each, and end with 3 if anything is.

    Only an archive that `crawl latest` fills is expected to be fresh; to be crawled again, that or
    any for which --every is given.
    """
    with explain_errors(db), open_for_reading(db) as archive:
        found = failed_checks(archive, db, CheckLimits(**limits), now())
    for fault in found:
        note(fault.sentence)
    if as_json:
        print_json(
            {
                "db": str(db),
                "met": not found,
                "expectations": [expected.name for expected in HEALTH_CHECKS],
                "unmet": [fault._asdict() for fault in found],
            }
        )
    elif found:
        say("\n".join(line(fault.sentence) for fault in found))
    else:
        say(f"{db}: all {len(HEALTH_CHECKS)} expectations are met.")
    ctx.exit(3 if found else 0)
