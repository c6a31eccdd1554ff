"""``thaigov check``: is the archive healthy?"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from scraper.archive.database import explain_errors, open_for_reading
from scraper.cli.on_failure import note, on_failure_option
from scraper.cli.options import db_option, json_option
from scraper.clock import now
from scraper.terminal import line, print_json, say
from scraper.upkeep.health import HEALTH_CHECKS, failed_checks
from scraper.upkeep.health_checks import CheckLimits

if TYPE_CHECKING:
    from pathlib import Path

UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
SIZES = {"MB": 10**6, "GB": 10**9, "TB": 10**12}


class DurationType(click.ParamType[timedelta]):
    """A length of time such as ``36h``, ``90m`` or ``2d``."""

    name = "duration"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """Return the duration.

        Raises:
            click.BadParameter: it is not a duration, or it is zero.
        """
        match = re.fullmatch(r"([1-9]\d{0,5})([mhd])", str(value))
        if match is None:
            self.fail(f"{value!r} is not a duration; write 36h, 90m or 2d", param, ctx)
        return int(match[1]) * UNITS[match[2]]


class SizeType(click.ParamType[int]):
    """A number of bytes such as ``500MB`` or ``2GB``."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the bytes.

        Raises:
            click.BadParameter: it is not a size.
        """
        match = re.fullmatch(r"(\d{1,6})(MB|GB|TB)", str(value))
        if match is None:
            self.fail(f"{value!r} is not a size; write 500MB, 2GB or 1TB", param, ctx)
        return int(match[1]) * SIZES[match[2]]


SHARE = click.FloatRange(0, 1)


@click.command()
@click.option(
    "--every",
    type=DurationType(),
    help="Longest time between two crawls; by default 36h, if there ever was a crawl.",
)
@click.option(
    "--silence",
    type=click.IntRange(0),
    metavar="DAYS",
    help="Longest time without news; by default the longest ever measured for the site.",
)
@click.option(
    "--unparsed",
    type=SHARE,
    default=CheckLimits.unparsed,
    show_default=True,
    help="Share of pages that may be unparsed, in the last run and in 30 days.",
)
@click.option(
    "--owed",
    type=click.IntRange(0),
    default=CheckLimits.owed,
    show_default=True,
    help="Number of addresses allowed to have failed or be a week overdue.",
)
@click.option(
    "--free",
    type=SizeType(),
    default="1GB",
    show_default=True,
    help="Disk space that must be free; at least what 30 days of crawls took.",
)
@click.option(
    "--free-share",
    type=SHARE,
    default=CheckLimits.free_share,
    show_default=True,
    help="Share of the disk that must be free.",
)
@click.option(
    "--held",
    type=DurationType(),
    default="24h",
    show_default=True,
    help="How long one run may take.",
)
@on_failure_option
@db_option
@json_option
@click.pass_context
def check(ctx: click.Context, /, db: Path, as_json: bool, **limits: Any) -> None:
    """Report what is wrong with the archive, one sentence each; exit code 3 if anything is.

    Only an archive that `crawl latest` fills must be fresh. With --every, any archive must be
    crawled that often.
    """
    with explain_errors(db), open_for_reading(db) as archive:
        failed = failed_checks(archive, db, CheckLimits(**limits), now())
    for fault in failed:
        note(fault.sentence)
    if as_json:
        print_json(
            {
                "db": str(db),
                "met": not failed,
                "expectations": [expected.name for expected in HEALTH_CHECKS],
                "unmet": [fault._asdict() for fault in failed],
            }
        )
    elif failed:
        say("\n".join(line(fault.sentence) for fault in failed))
    else:
        say(f"{db}: all {len(HEALTH_CHECKS)} expectations are met.")
    ctx.exit(3 if failed else 0)
