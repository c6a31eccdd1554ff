"""A plan as units of systemd: a service and a timer for each job."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.cli.schedule.plan import BUT_SUNDAY, DAILY, SUNDAY, ZONE

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.cli.schedule.plan import Job, Plan

PLAIN = re.compile(r"[\w./:=%@+-]+")
DAYS = {DAILY: "", BUT_SUNDAY: "Mon..Sat ", SUNDAY: "Sun "}

# KillMode: the signal to end goes to thaigov alone, which finishes the page in hand while its
# browser still runs; 30 seconds are three times what that may take. MemoryDenyWriteExecute and a
# filter of system calls are left out, since Chromium compiles scripts. A checkout in /home stays
# readable.
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
TimeoutStopSec=30
Nice=10
IOSchedulingClass=idle
NoNewPrivileges=yes
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

    A job waits for those before it in the plan, should both be due: after a night without power,
    the crawls of the week and of the day would otherwise meet at the lock.
    """
    files, before = {}, ""
    for job in plan.jobs:
        name = f"thaigov-{job.name}"
        files[f"{name}.service"] = _service(plan, job, user, before)
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
