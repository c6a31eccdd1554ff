"""What is to run when: the jobs of one archive as a table, and the places they need.

Knows neither cron nor systemd; they are two ways to write a plan down.
"""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

ZONE = "Asia/Bangkok"
DAILY, BUT_SUNDAY, SUNDAY = "*", "1-6", "0"  # as cron writes days of the week
# Hours after the crawl at which the rest begins. A crawl of one day's news takes minutes.
SNAPSHOT_AFTER, CHECK_AFTER = 2, 3
DEEPER = ("-a", "lookback=15")  # days: one article in a hundred comes up to so much late


class At(NamedTuple):
    """A time of day in Bangkok."""

    hour: int
    minute: int

    def later(self, hours: int) -> At:
        """Return the time of day some hours later."""
        return At((self.hour + hours) % 24, self.minute)

    def __str__(self) -> str:
        return f"{self.hour:02}:{self.minute:02}"


class Bounds(NamedTuple):
    """What a job may take.

    Attributes:
        hours: until it is told to end; what is left is for the next run.
        megabytes: of memory, with its browser.
        tasks: processes and threads.
    """

    hours: float
    megabytes: int
    tasks: int


# A crawl ends before the next one begins. Chromium takes 0.7 GB and some 150 threads, a page up to
# 1 GB (RENDER_MAX_MEMORY).
CRAWL_BOUNDS = Bounds(hours=20, megabytes=3072, tasks=512)
COPY_BOUNDS = Bounds(hours=4, megabytes=2048, tasks=64)
CHECK_BOUNDS = Bounds(hours=0.25, megabytes=1024, tasks=64)


@dataclass(frozen=True)
class Job:
    """A command that is to run by itself.

    Attributes:
        name: for units and logs.
        what: a few words for people.
        command: program and arguments.
        at, days: when, in Bangkok.
        bounds: what it may take.
        waits: whether it waits for the jobs before it, should they be running. The check does not,
            or a crawl that hangs would silence it.
    """

    name: str
    what: str
    command: tuple[str, ...]
    at: At
    days: str = DAILY
    bounds: Bounds = CRAWL_BOUNDS
    waits: bool = True


@dataclass(frozen=True)
class Plan:
    """The jobs of one archive, and the places they need; all paths are absolute.

    Attributes:
        folder: where the archive is; the jobs start there.
        env_file: environment of the jobs, for sh and systemd alike.
        log: what they say is appended there, unless systemd keeps it.
        writes: folders they write to.
    """

    jobs: tuple[Job, ...]
    folder: Path
    env_file: Path
    log: Path
    writes: tuple[Path, ...]


def make_plan(
    db: Path,
    at: At,
    crawl_options: Sequence[str],
    env_file: Path | None = None,
    snapshot: Path | None = None,
    log: Path | None = None,
) -> Plan:
    """Return the plan for an archive: a daily crawl, deeper on Sundays, a check, a snapshot.

    Args:
        db: the archive.
        at: when the crawl begins.
        crawl_options: what is said to each crawl.
        env_file: default ``thaigov.env`` beside the archive.
        snapshot: where a snapshot goes every day, if wanted.
        log: default ``thaigov.log`` beside the archive.

    Raises:
        click.ClickException: a folder is not there, or this program has no file to call.
    """
    db, out = db.absolute(), snapshot and snapshot.absolute()
    writes = tuple(dict.fromkeys(path.parent for path in (db, out) if path))
    for folder in writes:
        if not folder.is_dir():
            raise click.ClickException(f"{folder}: no such folder; make a first crawl by hand")
    return Plan(
        jobs=_jobs(db, at, crawl_options, out),
        folder=db.parent,
        env_file=(env_file or db.with_name("thaigov.env")).absolute(),
        log=(log or db.with_name("thaigov.log")).absolute(),
        writes=writes,
    )


def _jobs(db: Path, at: At, crawl_options: Sequence[str], out: Path | None) -> tuple[Job, ...]:
    program = _program()

    def command(*arguments: str) -> tuple[str, ...]:
        return program, *arguments, "--db", str(db)

    crawl = command("crawl", "latest", *crawl_options)
    jobs = [
        Job("crawl", "fetch the day's news", crawl, at, BUT_SUNDAY),
        Job("weekly", "fetch the day's news and what came late", (*crawl, *DEEPER), at, SUNDAY),
    ]
    if out is not None:
        copy = command("snapshot", str(out))
        at_two = at.later(SNAPSHOT_AFTER)
        jobs.append(Job("snapshot", "copy it for publishing", copy, at_two, bounds=COPY_BOUNDS))
    check = command("check", "--every", "36h")
    what, at_three = "tell what is not as it should be", at.later(CHECK_AFTER)
    jobs.append(Job("check", what, check, at_three, bounds=CHECK_BOUNDS, waits=False))
    return tuple(jobs)


def _program() -> str:
    """Return the path of this installation's ``thaigov``."""
    beside = Path(sys.executable).with_name("thaigov")
    found = str(beside) if beside.exists() else shutil.which("thaigov")
    if found is None:
        raise click.ClickException(f"no program thaigov beside {sys.executable}; install it first")
    return found
