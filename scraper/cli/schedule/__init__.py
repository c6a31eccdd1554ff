"""``thaigov schedule``: prints a crontab or systemd units that run the archive's daily work.

Nothing is installed: the operator reads the output and puts it in place. The jobs are in
``templates/jobs.csv``.
"""

from __future__ import annotations

import csv
import getpass
import re
import shlex
import shutil
import sys
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

import click

from scraper.cli.crawl import crawl as crawl_command
from scraper.cli.options import db_option
from scraper.clock import BANGKOK, now
from scraper.terminal import say

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, time

# job.service: only thaigov gets the signal to end (KillMode), and finishes the current page while
# its browser runs; that takes a third of 30 seconds. A oneshot service is "starting" as long as it
# runs (TimeoutStartSec). A page in the browser dies of too little memory, and the run continues
# (OOMPolicy). Chromium's sandbox gets what it needs in a user namespace (CapabilityBoundingSet); it
# compiles scripts, so MemoryDenyWriteExecute and a filter of system calls are left out. A checkout
# in /home stays readable.
TEMPLATES = Path(__file__).with_name("templates")
FILE = click.Path(path_type=Path, dir_okay=False)


def _fill(template: str, values: dict[str, Any]) -> str:
    return Template((TEMPLATES / template).read_text("utf-8")).substitute(values)


def listed_jobs() -> Iterable[dict[str, str]]:
    """Return the rows of ``jobs.csv``."""
    lines = (TEMPLATES / "jobs.csv").read_text("utf-8").splitlines()
    return csv.DictReader(line for line in lines if not line.startswith("#"))


def _jobs(
    crawl_options: tuple[str, ...],
    at: datetime,
    db: Path,
    env_file: Path | None,
    snapshot: Path | None,
    log: Path | None = None,
) -> list[dict[str, Any]]:
    """Return the jobs: the values of ``jobs.csv``, with all words of the command, and the paths.

    A warning is printed if their environment file does not exist.

    Raises:
        click.UsageError: an option or spider argument of the crawls is wrong.
        click.ClickException: a folder does not exist, or this program has no file to call.
    """
    given = {"db": db, "snapshot": snapshot, "log": log or db.with_name("thaigov.log")}
    given["env_file"] = env_file or db.with_name("thaigov.env")
    paths = {name: path.absolute() for name, path in given.items() if path}
    folders = dict.fromkeys(paths[name].parent for name in ("db", "snapshot") if name in paths)
    if missing := [folder for folder in folders if not folder.is_dir()]:
        raise click.ClickException(f"{missing[0]}: no such folder; run a first crawl by hand")
    program = Path(sys.executable).with_name("thaigov")
    if not (found := str(program) if program.exists() else shutil.which("thaigov")):
        raise click.ClickException(f"no program thaigov beside {sys.executable}; install it first")
    jobs: list[dict[str, Any]] = []
    for job in listed_jobs():
        name, *words = job["command"].split()
        last = job["last"].split()
        if name == "snapshot":
            if not snapshot:
                continue
            words.append(str(paths["snapshot"]))
        elif name == "crawl":  # the options and arguments are checked while they are parsed
            words.extend(crawl_options)
            crawl_command.make_context(name, ["--create", *words, *last]).close()
        command = [found, name, *words, "--db", str(paths["db"]), *last]
        begin = at.replace(hour=(at.hour + int(job["after"])) % 24).time()
        own = {"command": command, "at": begin, "folder": paths["db"].parent, "writable": folders}
        jobs.append(job | paths | own)
    if not paths["env_file"].exists():
        file = shlex.quote(str(paths["env_file"]))
        say(f"The environment file does not exist yet: thaigov schedule env > {file}", err=True)
    return jobs


def _local_zone(at: time) -> dict[str, str]:
    """Return the time zone of this machine, and what a time of day in Bangkok is in it."""
    there = now().astimezone(BANGKOK).replace(hour=at.hour, minute=at.minute)
    here = there.astimezone()
    days = {-1: " of the day before", 0: "", 1: " of the day after"}
    hint = f"{at:%H:%M} in Bangkok is {here:%H:%M}{days[(here.date() - there.date()).days]}"
    return {"zone": here.tzname() or "", "hint": hint}


def _unit_word(word: object) -> str:
    """Return a word of a list of systemd, with specifiers escaped, in quotes if it needs them."""
    text = str(word).replace("\\", "\\\\").replace('"', r"\"").replace("%", "%%")
    return text if re.fullmatch(r"[\w./:=%@+-]+", text) else f'"{text}"'


crawl_options_argument = click.argument("crawl_options", nargs=-1, type=click.UNPROCESSED)
at_option = click.option(
    "--at",
    type=click.DateTime(["%H:%M"]),
    metavar="HH:MM",
    default="04:17",
    show_default=True,
    help="When the crawl begins, in Asia/Bangkok.",
)
env_file_option = click.option(
    "--env-file", type=FILE, help="Environment; default thaigov.env beside the archive."
)
snapshot_option = click.option(
    "--snapshot", type=FILE, help="Also make a snapshot there every day."
)


@click.group()
def schedule() -> None:
    """Print a schedule: daily crawl, weekly deeper crawl, check, snapshot if wanted."""


@schedule.command()
@crawl_options_argument
@at_option
@env_file_option
@snapshot_option
@db_option
@click.option("--log", type=FILE, help="Log of the runs; default thaigov.log beside the archive.")
def cron(**options: Any) -> None:
    """Print lines for a crontab; options after -- are passed to each crawl."""
    jobs = _jobs(**options)
    say(_fill("crontab", _local_zone(jobs[0]["at"])))
    timeout = shutil.which("timeout")  # it ends a job in order, as systemd does
    for job in jobs:
        limit = (timeout, "--kill-after=60", f"{job['minutes']}m") if timeout else ()
        words = {name: [str(job[name])] for name in ("folder", "env_file", "log")}
        words["command"] = [*limit, *job["command"]]
        # A bare % would end the line. What fails before the log is open is mailed by cron.
        quoted = {name: shlex.join(some).replace("%", r"\%") for name, some in words.items()}
        at = {"minute": job["at"].minute, "hour": job["at"].hour}
        say(_fill("cron_job", job | at | quoted), end="")


@schedule.command()
@crawl_options_argument
@at_option
@env_file_option
@snapshot_option
@db_option
@click.option("--user", default=getpass.getuser, show_default="yours", help="User of the services.")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    metavar="FOLDER",
    help="Write the files to this folder, such as /etc/systemd/system, instead of printing them.",
)
def systemd(user: str, into: Path | None, **options: Any) -> None:
    """Print services and timers for systemd; options after -- are passed to each crawl."""
    timers, before = [], ""
    for job in _jobs(**options):
        values = job | {
            "user": user,
            "before": before if job["waits"] == "1" else "",
            "command": " ".join(map(_unit_word, job["command"])).replace("$", "$$"),
            "writable": " ".join(map(_unit_word, job["writable"])),
            **{name: str(job[name]).replace("%", "%%") for name in ("folder", "env_file")},
        }
        for kind in ("service", "timer"):
            name, text = f"thaigov-{job['name']}.{kind}", _fill(f"job.{kind}", values)
            if into is None:
                say(f"# /etc/systemd/system/{name}\n{text}")
            else:
                (into / name).write_text(text, encoding="utf-8")
        before += f" thaigov-{job['name']}.service"
        timers.append(name)
    begin = f"systemctl daemon-reload && systemctl enable --now {' '.join(timers)}"
    say(f"# To begin: {begin}")


@schedule.command()
@db_option
def env(db: Path) -> None:
    """Print a template of the environment file."""
    say(_fill("thaigov.env", {"db": shlex.quote(str(db.absolute()))}), end="")
