"""``thaigov schedule``: prints what makes cron or systemd run the archive's daily work.

Nothing is installed: the operator reads it and puts it where it belongs.
"""

from __future__ import annotations

import getpass
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scraper.cli.crawl import crawl
from scraper.cli.options import db_option
from scraper.cli.schedule.crontab import crontab
from scraper.cli.schedule.plan import DEEPER, ZONE, At, make_plan
from scraper.cli.schedule.units import units
from scraper.terminal import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.cli.schedule.plan import Plan

ENVIRONMENT = """\
# The environment of thaigov's scheduled runs, for sh and for systemd: NAME='value', one a line.
THAIGOV_DB={db}
# Who you are, so that the site can reach you; who allowed you to crawl it, and when.
THAIGOV_CONTACT=''
THAIGOV_PERMISSION=''
# What to run when something ends badly; it reads on standard input what went wrong.
THAIGOV_ON_FAILURE=''
"""


class TimeOfDay(click.ParamType[At]):
    """A time of day such as ``04:17``."""

    name = "hh:mm"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> At:
        """Return the time.

        Raises:
            click.BadParameter: no such time.
        """
        hour, _, minute = str(value).partition(":")
        fine = all(part.isascii() and part.isdigit() and len(part) <= 2 for part in (hour, minute))
        if not fine or int(hour) > 23 or int(minute) > 59:
            self.fail(f"{value!r} is no time of day; write 04:17", param, ctx)
        return At(int(hour), int(minute))


def file_option(name: str, metavar: str, text: str) -> Callable[..., Any]:
    """Return an option that names a file, which need not be there yet."""
    kind = click.Path(path_type=Path, dir_okay=False)
    return click.option(name, type=kind, metavar=metavar, help=text)


def planning(command: Callable[..., None]) -> Callable[..., None]:
    """Add the arguments and options of every way to schedule."""
    options = (
        click.argument("crawl_options", nargs=-1, type=click.UNPROCESSED),
        click.option(
            "--at",
            type=TimeOfDay(),
            default="04:17",
            show_default=True,
            help=f"When the crawl begins, in {ZONE}.",
        ),
        file_option("--env-file", "PATH", "Environment; default thaigov.env beside the archive."),
        file_option("--snapshot", "OUT", "Make a snapshot there every day, too."),
        db_option,
    )
    for option in reversed(options):
        command = option(command)
    return command


def _plan(crawl_options: tuple[str, ...], **options: Any) -> Plan:
    """Return a plan; say what is still missing for it.

    Raises:
        click.UsageError: `thaigov crawl` would not understand its options, or the spider its
            arguments.
    """
    for deeper in ((), DEEPER):  # the options and arguments are checked while they are parsed
        crawl.make_context("crawl", ["--create", "latest", *crawl_options, *deeper]).close()
    plan = make_plan(crawl_options=crawl_options, **options)
    if not plan.env_file.exists():
        file = shlex.quote(str(plan.env_file))
        say(f"The environment file is not there yet: thaigov schedule env > {file}", err=True)
    return plan


@click.group()
def schedule() -> None:
    """Print a schedule: daily crawl, weekly deeper look, check, snapshot if wanted."""


@schedule.command()
@planning
@file_option("--log", "PATH", "What runs say is appended there; default thaigov.log beside it.")
def cron(**options: Any) -> None:
    """Print lines for a crontab; what follows -- is said to each crawl."""
    for line in crontab(_plan(**options)):
        say(line)


@schedule.command()
@planning
@click.option("--user", default=getpass.getuser, show_default="yours", help="Who runs it.")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    metavar="FOLDER",
    help="Write the files there, such as /etc/systemd/system, instead of printing them.",
)
def systemd(user: str, into: Path | None, **options: Any) -> None:
    """Print services and timers for systemd; what follows -- is said to each crawl."""
    files = units(_plan(**options), user)
    for name, text in files.items():
        if into is None:
            say(f"# /etc/systemd/system/{name}\n{text}")
        else:
            (into / name).write_text(text, encoding="utf-8")
    timers = " ".join(name for name in files if name.endswith(".timer"))
    say(f"# To begin: systemctl daemon-reload && systemctl enable --now {timers}")


@schedule.command()
@db_option
def env(db: Path) -> None:
    """Print a template of the environment file."""
    say(ENVIRONMENT.format(db=shlex.quote(str(db.absolute()))), end="")
