"""A plan as units of systemd: a service and a timer for each job."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.cli.schedule.plan import BUT_SUNDAY, DAILY, SUNDAY, ZONE

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.cli.schedule.plan import Job, Plan

PUBLIC, PRIVATE = "0022", "0027"
PLAIN = re.compile(r"[\w./:=%@+-]+")
DAYS = {DAILY: "", BUT_SUNDAY: "Mon..Sat ", SUNDAY: "Sun "}

# KillMode: the signal to end goes to thaigov alone, which finishes the page in hand while its
# browser still runs; 30 seconds are three times what that may take. TimeoutStartSec: a oneshot
# service is "starting" for as long as it runs. OOMPolicy: of too little memory it is a page in the
# browser that dies, and the run goes on. CapabilityBoundingSet: none; Chromium's sandbox gets what
# it needs inside a user namespace. MemoryDenyWriteExecute and a filter of system calls are left
# out, since Chromium compiles scripts. A checkout in /home stays readable.
SERVICE = """\
[Unit]
Description=thaigov: {what}
Documentation=https://github.com/thaigov-archive/thaigov
Wants=network-online.target
After=network-online.target{after}

[Service]
Type=oneshot
User={user}
WorkingDirectory={folder}
EnvironmentFile={env_file}
ExecStart={command}
KillMode=mixed
TimeoutStartSec={minutes}min
TimeoutStopSec=30
MemoryMax={megabytes}M
TasksMax={tasks}
OOMPolicy=continue
UMask={umask}
Nice=10
IOSchedulingClass=idle
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
PrivateTmp=yes
PrivateDevices=yes
ProtectSystem=strict
ProtectHome=read-only
ProtectControlGroups=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
RestrictSUIDSGID=yes
LockPersonality=yes
ReadWritePaths={writes}
"""

TIMER = """\
[Unit]
Description=thaigov: {what}

[Timer]
OnCalendar={days}*-*-* {at}:00 {zone}
Persistent=yes

[Install]
WantedBy=timers.target
"""


def units(plan: Plan, user: str) -> dict[str, str]:
    """Return the text of each unit file, by its name.

    After a night without power several jobs are due at once. Those that wait for the ones before
    them do not meet at the lock.
    """
    files, before = {}, ""
    for job in plan.jobs:
        name = f"thaigov-{job.name}"
        files[f"{name}.service"] = _service(plan, job, user, before if job.waits else "")
        files[f"{name}.timer"] = TIMER.format(
            what=job.what, days=DAYS[job.days], at=job.at, zone=ZONE
        )
        before += f" {name}.service"
    return files


def _service(plan: Plan, job: Job, user: str, before: str) -> str:
    return SERVICE.format(
        what=job.what,
        after=before,
        user=user,
        folder=_path(plan.folder),
        env_file=_path(plan.env_file),
        command=" ".join(map(_argument, job.command)),
        writes=" ".join(_word(path) for path in plan.writes),
        minutes=round(job.bounds.hours * 60),
        megabytes=job.bounds.megabytes,
        tasks=job.bounds.tasks,
        # A snapshot is for others to read, such as a web server's user. The archive is not.
        umask=PUBLIC if job.name == "snapshot" else PRIVATE,
    )


def _path(path: Path) -> str:
    """Return a path where a setting takes one alone, to the end of the line."""
    return str(path).replace("%", "%%")


def _word(path: Path | str) -> str:
    """Return one of several words: specifiers undone, in quotation marks where it needs them."""
    text = str(path).replace("\\", "\\\\").replace('"', r"\"").replace("%", "%%")
    return text if PLAIN.fullmatch(text) else f'"{text}"'


def _argument(text: str) -> str:
    """Return a word of a command, in which also a dollar sign means something."""
    return _word(text).replace("$", "$$")
