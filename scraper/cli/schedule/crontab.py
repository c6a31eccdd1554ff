"""A plan as lines of a crontab."""

from __future__ import annotations

import shlex
import shutil
from typing import TYPE_CHECKING

from scraper.cli.schedule.plan import ZONE
from scraper.clock import BANGKOK, now

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.cli.schedule.plan import At, Job, Plan

HEAD = f"""\
# Printed by `thaigov schedule cron`, for `crontab -e`. Times of day are those of {ZONE}.
# cronie (Fedora, RHEL, Arch) obeys CRON_TZ; the cron of Debian and Ubuntu takes no notice of it and
# goes by the zone of the machine, now {{zone}}{{advice}}.
CRON_TZ={ZONE}
SHELL=/bin/sh
"""

# What goes wrong before the log is open is told on stderr, which cron mails. A log line begins each
# job, since what follows may be nothing.
SCRIPT = (
    "set -a; . {env_file}; set +a; cd {folder} && "
    "{{ date '+%Y-%m-%d %H:%M:%S %z {name}'; {command}; }} >> {log} 2>&1"
)


def crontab(plan: Plan) -> Iterator[str]:
    """Yield the lines of a crontab."""
    yield HEAD.format(**_here(plan.jobs[0].at))
    for job in plan.jobs:
        yield f"# {job.name}: {job.what}"
        yield _line(plan, job)


def _line(plan: Plan, job: Job) -> str:
    script = SCRIPT.format(
        env_file=shlex.quote(str(plan.env_file)),
        folder=shlex.quote(str(plan.folder)),
        log=shlex.quote(str(plan.log)),
        name=job.name,
        command=shlex.join([*_limit(job), *job.command]),
    )
    escaped = script.replace("%", r"\%")  # else it would end the line
    return f"{job.at.minute} {job.at.hour} * * {job.days} {escaped}"


def _limit(job: Job) -> tuple[str, ...]:
    """Return what ends a job that takes too long, where the machine has such a program."""
    program = shutil.which("timeout")
    if program is None:
        return ()
    # It asks first, as systemd does, and a job that was asked ends in order.
    return (program, "--kill-after=60", f"{round(job.bounds.hours * 60)}m")


def _here(at: At) -> dict[str, str]:
    """Return the zone of this machine, and what a time of day in Bangkok is there."""
    there = now().astimezone(BANGKOK).replace(hour=at.hour, minute=at.minute)
    here = there.astimezone()
    if here.utcoffset() == there.utcoffset():
        return {"zone": here.tzname() or "", "advice": ", where it is as late as in Bangkok"}
    day = {-1: " of the day before", 0: "", 1: " of the day after"}[
        (here.date() - there.date()).days
    ]
    advice = f": {at} in Bangkok is {here:%H:%M}{day} there"
    return {"zone": here.tzname() or "", "advice": advice}
