"""``thaigov schedule``: prints a crontab or systemd units that run the archive's daily work.

Nothing is installed: the operator reads the output and puts it in place.
"""

from __future__ import annotations

import getpass
import re
import shlex
import shutil
import sys
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from scraper.cli.crawl import crawl as crawl_command
from scraper.cli.options import db_option
from scraper.clock import BANGKOK, now
from scraper.terminal import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime, time

TEMPLATES = Path(__file__).with_name("templates")
FILE = click.Path(path_type=Path, dir_okay=False)
SNAPSHOT_AFTER, CHECK_AFTER = 2, 3  # hours; a crawl of one day's news takes minutes
DEEPER = ("-a", "lookback=15")  # days: one article in a hundred is published so late


class Job(NamedTuple):
    """A command to run at a time of day in Bangkok, on some days as cron and systemd write them.

    It may take so many hours, megabytes of memory, and processes and threads, with its browser. It
    ends in order when its time is up; the next run continues.
    """

    name: str
    summary: str
    command: tuple[str, ...]
    at: time
    days: tuple[str, str]
    hours: float
    megabytes: int
    tasks: int


class Plan(NamedTuple):
    """The jobs of an archive, its folder, and the files they use; all paths are absolute."""

    jobs: list[Job]
    folder: Path
    env_file: Path
    log: Path
    writable: tuple[Path, ...]


def make_plan(
    db: Path,
    at: time,
    crawl_options: tuple[str, ...] = (),
    env_file: Path | None = None,
    snapshot: Path | None = None,
    log: Path | None = None,
) -> Plan:
    """Plan a daily crawl, deeper on Sundays, a check, and a snapshot if a file is given for it.

    Raises:
        click.ClickException: a folder does not exist, or this program has no file to call.
    """
    db, out = db.absolute(), snapshot and snapshot.absolute()
    writable = tuple(dict.fromkeys(path.parent for path in (db, out) if path))
    for folder in writable:
        if not folder.is_dir():
            raise click.ClickException(f"{folder}: no such folder; run a first crawl by hand")
    beside = Path(sys.executable).with_name("thaigov")
    program = str(beside) if beside.exists() else shutil.which("thaigov")
    if program is None:
        raise click.ClickException(f"no program thaigov beside {sys.executable}; install it first")
    in_db, daily = ("--db", str(db)), ("*", "")
    crawl = (program, "crawl", "latest", *crawl_options, *in_db)
    copy = (program, "snapshot", str(out), *in_db)
    check = (program, "check", "--every", "36h", *in_db)
    # A crawl ends before the next one begins. Chromium takes 0.7 GB and some 150 threads, a page up
    # to 1 GB (RENDER_MAX_MEMORY).
    news, late = "fetch new articles", "fetch new and late articles"
    jobs = [
        Job("crawl", news, crawl, at, ("1-6", "Mon..Sat "), 20, 3072, 512),
        Job("weekly", late, (*crawl, *DEEPER), at, ("0", "Sun "), 20, 3072, 512),
        Job("snapshot", "copy the archive", copy, _later(at, SNAPSHOT_AFTER), daily, 4, 2048, 64),
        Job("check", "report problems", check, _later(at, CHECK_AFTER), daily, 0.25, 1024, 64),
    ]
    return Plan(
        [job for job in jobs if out or job.name != "snapshot"],
        db.parent,
        (env_file or db.with_name("thaigov.env")).absolute(),
        (log or db.with_name("thaigov.log")).absolute(),
        writable,
    )


def _later(at: time, hours: int) -> time:
    return at.replace(hour=(at.hour + hours) % 24)


def _fill(template: str, **values: object) -> str:
    return Template((TEMPLATES / template).read_text("utf-8")).substitute(values)


def crontab(plan: Plan) -> Iterator[str]:
    """Yield the lines of a crontab.

    What fails before the log is open goes to stderr, which cron mails.
    """
    yield _fill("crontab", **_local_zone(plan.jobs[0].at))
    timeout = shutil.which("timeout")  # it ends a job in order, as systemd does
    for job in plan.jobs:
        limit = (timeout, "--kill-after=60", f"{job.hours * 60:.0f}m") if timeout else ()
        script = _fill(
            "cron_job",
            name=job.name,
            command=shlex.join([*limit, *job.command]),
            env_file=shlex.quote(str(plan.env_file)),
            folder=shlex.quote(str(plan.folder)),
            log=shlex.quote(str(plan.log)),
        )
        escaped = script.rstrip().replace("%", r"\%")  # a bare % would end the line
        yield f"# {job.name}: {job.summary}"
        yield f"{job.at.minute} {job.at.hour} * * {job.days[0]} {escaped}"


def _local_zone(at: time) -> dict[str, str]:
    """Return the time zone of this machine, and what a time of day in Bangkok is in it."""
    there = now().astimezone(BANGKOK).replace(hour=at.hour, minute=at.minute)
    here = there.astimezone()
    days = {-1: " of the day before", 0: "", 1: " of the day after"}
    day = days[(here.date() - there.date()).days]
    hint = f"{at:%H:%M} in Bangkok is {here:%H:%M}{day}"
    return {"zone": here.tzname() or "", "hint": hint}


def units(plan: Plan, user: str) -> dict[str, str]:
    """Return a service and a timer of systemd for each job, by file name.

    KillMode: only thaigov gets the signal to end, and finishes the current page while its browser
    runs; that takes a third of 30 seconds. TimeoutStartSec: a oneshot service is "starting" as long
    as it runs. OOMPolicy: a page in the browser dies of too little memory, and the run continues.
    CapabilityBoundingSet: Chromium's sandbox gets what it needs in a user namespace.
    MemoryDenyWriteExecute and a filter of system calls are left out, since Chromium compiles
    scripts. A checkout in /home stays readable.
    """
    files, before = {}, ""
    for job in plan.jobs:
        name = f"thaigov-{job.name}"
        files[f"{name}.service"] = _fill(
            "job.service",
            summary=job.summary,
            # After a night without power, jobs are due at once: they must not meet at the lock.
            # The check does not wait, or a hanging crawl would silence it.
            after=before if job.name != "check" else "",
            user=user,
            folder=str(plan.folder).replace("%", "%%"),
            env_file=str(plan.env_file).replace("%", "%%"),
            command=" ".join(_quoted(word).replace("$", "$$") for word in job.command),
            writes=" ".join(map(_quoted, map(str, plan.writable))),
            minutes=f"{job.hours * 60:.0f}",
            megabytes=job.megabytes,
            tasks=job.tasks,
            # A snapshot is for others to read, such as a web server's user. The archive is not.
            umask="0022" if job.name == "snapshot" else "0027",
        )
        files[f"{name}.timer"] = _fill(
            "job.timer", summary=job.summary, days=job.days[1], at=f"{job.at:%H:%M}"
        )
        before += f" {name}.service"
    return files


def _quoted(word: str) -> str:
    """Return a word of a list of systemd, with specifiers escaped, in quotes if it needs them."""
    text = word.replace("\\", "\\\\").replace('"', r"\"").replace("%", "%%")
    return text if re.fullmatch(r"[\w./:=%@+-]+", text) else f'"{text}"'


def plan_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the arguments and options of ``cron`` and ``systemd``."""
    options = (
        click.argument("crawl_options", nargs=-1, type=click.UNPROCESSED),
        click.option(
            "--at",
            type=click.DateTime(["%H:%M"]),
            metavar="HH:MM",
            default="04:17",
            show_default=True,
            help="When the crawl begins, in Asia/Bangkok.",
        ),
        click.option(
            "--env-file", type=FILE, help="Environment; default thaigov.env beside the archive."
        ),
        click.option("--snapshot", type=FILE, help="Also make a snapshot there every day."),
        db_option,
    )
    for option in reversed(options):
        command = option(command)
    return command


def _plan(crawl_options: tuple[str, ...], at: datetime, **options: Any) -> Plan:
    """Return a plan; warn if its environment file does not exist.

    Raises:
        click.UsageError: an option or spider argument of the crawls is wrong.
    """
    for deeper in ((), DEEPER):  # the options and arguments are checked while they are parsed
        crawl_command.make_context("crawl", ["--create", "latest", *crawl_options, *deeper]).close()
    plan = make_plan(at=at.time(), crawl_options=crawl_options, **options)
    if not plan.env_file.exists():
        file = shlex.quote(str(plan.env_file))
        say(f"The environment file does not exist yet: thaigov schedule env > {file}", err=True)
    return plan


@click.group()
def schedule() -> None:
    """Print a schedule: daily crawl, weekly deeper crawl, check, snapshot if wanted."""


@schedule.command()
@plan_options
@click.option("--log", type=FILE, help="Log of the runs; default thaigov.log beside the archive.")
def cron(**options: Any) -> None:
    """Print lines for a crontab; options after -- are passed to each crawl."""
    for line in crontab(_plan(**options)):
        say(line)


@schedule.command()
@plan_options
@click.option("--user", default=getpass.getuser, show_default="yours", help="User of the services.")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    metavar="FOLDER",
    help="Write the files to this folder, such as /etc/systemd/system, instead of printing them.",
)
def systemd(user: str, into: Path | None, **options: Any) -> None:
    """Print services and timers for systemd; options after -- are passed to each crawl."""
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
    say(_fill("thaigov.env", db=shlex.quote(str(db.absolute()))), end="")
