"""Lines of the crontab run in cron's bare environment; systemd accepts the units."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from scraper.cli import main

if TYPE_CHECKING:
    from click.testing import Result

# Characters that are special to a shell, a crontab and systemd.
ODD = "my archive 100% $HOME 'o' \\x"
CRON = {"HOME": "/", "LOGNAME": "cron", "PATH": "/usr/bin:/bin", "SHELL": "/bin/sh"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / ODD
    folder.mkdir()
    return folder


def jobs_of(text: str) -> dict[str, tuple[str, str]]:
    """Return the time and command of each job of a crontab, by name."""
    found, name = {}, ""
    for line in text.splitlines():
        if line.startswith("# "):
            name = line[2:].partition(":")[0]
        elif match := re.fullmatch(r"((?:\S+ ){5})(.*)", line):
            # cron ends a command at the first bare % and removes the backslash before others.
            assert not re.search(r"(?<!\\)%", match[2])
            found[name] = (match[1].strip(), match[2].replace(r"\%", "%"))
    return found


def call(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(main, list(map(str, arguments)))
    assert result.exit_code == 0, result.output
    return result


def as_cron(command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", "-c", command], env=CRON, cwd="/", capture_output=True, text=True, check=False
    )


def test_cron_jobs_run_in_the_environment_of_cron(folder: Path) -> None:
    db, out = folder / "thaigov.db", folder / "out.db"
    printed = call(
        "schedule", "cron", "--db", db, "--snapshot", out, "--at", "23:05", "--", "--scope", "all"
    )
    assert printed.stdout.startswith("# Printed by `thaigov schedule cron`")
    jobs = jobs_of(printed.stdout)
    assert {name: time for name, (time, _) in jobs.items()} == {
        "crawl": "5 23 * * 1-6",
        "weekly": "5 23 * * 0",
        "snapshot": "5 1 * * *",
        "check": "5 2 * * *",
    }

    # Without the environment file nothing runs, and cron mails the error of sh.
    assert "thaigov schedule env > " in printed.stderr
    done = as_cron(jobs["crawl"][1])
    assert done.returncode
    assert "thaigov.env" in done.stderr
    assert list(folder.iterdir()) == []

    report = folder / "report"
    environment = call("schedule", "env", "--db", db).stdout
    assert "THAIGOV_ON_FAILURE=''" in environment
    hook = "THAIGOV_ON_FAILURE='cat >> report; echo \"$THAIGOV_COMMAND\" >> report'"
    (folder / "thaigov.env").write_text(environment.replace("THAIGOV_ON_FAILURE=''", hook))

    done = as_cron(jobs["weekly"][1])
    assert (done.returncode, done.stdout, done.stderr) == (4, "", "")  # no permission
    first, second, *_ = (folder / "thaigov.log").read_text().splitlines()
    datetime.strptime(first, "%Y-%m-%d %H:%M:%S %z weekly")
    assert "bars automated access" in second
    assert report.read_text().endswith("\ncrawl\n")

    assert as_cron(jobs["check"][1]).returncode == 1  # no archive yet
    assert as_cron(jobs["snapshot"][1]).returncode == 1
    log = (folder / "thaigov.log").read_text()
    assert log.index(" weekly\n") < log.index(" check\n") < log.index(" snapshot\n")
    assert log.count(f"{db}: no archive there") == 2
    assert report.read_text().endswith("\nsnapshot\n")


@pytest.mark.parametrize(
    ("zone", "says"),
    [
        ("UTC0", "now UTC: 04:17 in Bangkok is 21:17 of the day before."),
        ("ICT-7", "now ICT: 04:17 in Bangkok is 04:17."),
        ("NZST-12", "now NZST: 04:17 in Bangkok is 09:17."),
    ],
)
def test_a_crontab_says_what_its_times_are_on_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zone: str, says: str
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        text = call("schedule", "cron", "--db", tmp_path / "a.db").stdout
    finally:
        monkeypatch.undo()
        time.tzset()
    assert says in text
    assert "CRON_TZ=Asia/Bangkok" in text


def read_unit(path: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=True)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(path)
    return parser


def test_systemd_accepts_the_units(folder: Path, tmp_path: Path) -> None:
    units, out = tmp_path / "units", tmp_path / "public"
    units.mkdir()
    out.mkdir()
    printed = call(
        "schedule", "systemd", "--db", folder / "thaigov.db", "--snapshot", out / "news.db",
        "--user", "daemon", "--into", units, "--", "--between", "22:00-06:00",
    ).stdout  # fmt: skip
    names = ["crawl", "weekly", "snapshot", "check"]
    files = {f"thaigov-{name}.{kind}" for name in names for kind in ("service", "timer")}
    assert {path.name for path in units.iterdir()} == files
    assert printed.endswith(" ".join(f"thaigov-{name}.timer" for name in names) + "\n")

    service = read_unit(units / "thaigov-weekly.service")["Service"]
    program = Path(sys.executable).with_name("thaigov")
    assert service["ExecStart"].startswith(f"{program} crawl latest --between 22:00-06:00 --db ")
    assert service["ExecStart"].endswith(" -a lookback=15")
    assert service["User"] == "daemon"
    assert int(service["TimeoutStopSec"]) > 10
    assert service["TimeoutStartSec"] == "1200min"
    assert (service["MemoryMax"], service["TasksMax"]) == ("3072M", "512")
    assert (service["UMask"], service["CapabilityBoundingSet"]) == ("0027", "")
    assert str(out) in service["ReadWritePaths"]
    timer = read_unit(units / "thaigov-weekly.timer")["Timer"]
    assert timer["OnCalendar"] == "Sun *-*-* 04:17:00 Asia/Bangkok"

    # A crawl that hangs keeps the snapshot waiting, but not the check.
    after = {name: read_unit(units / f"thaigov-{name}.service")["Unit"]["After"] for name in names}
    assert "thaigov-crawl.service thaigov-weekly.service" in after["snapshot"]
    assert after["check"] == "network-online.target"
    check = read_unit(units / "thaigov-check.service")["Service"]
    assert check["TimeoutStartSec"] == "15min"

    if shutil.which("systemd-analyze"):
        paths = sorted(map(str, units.iterdir()))
        done = subprocess.run(
            ["systemd-analyze", "verify", *paths], capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--", "--scop", "all"], "No such option"),
        (["--", "numbers"], "unexpected extra argument"),
        (["--", "-a", "lookback"], "NAME=VALUE"),
        (["--", "-a", "lookback=soon"], "lookback must be a whole number"),
        (["--", "-a", "lookbak=3"], "takes no argument lookbak"),
        (["--", "-a", "layout=old"], "layout must be one of"),
        (["--", "--site", "https://www.example.org"], "not a site this archive knows"),
        (["--", "-a", "site=https://www.example.org"], "not a site this archive knows"),
        (["--", "--between", "25:00-06:00"], "is not a time of day"),
        (["--db", "none/a.db"], "no such folder"),
        *(
            (["--at", time], "does not match the format")
            for time in ("24:00", "4", "4:60", "-1:00", "x")
        ),
    ],
)
def test_mistakes_are_reported_when_the_schedule_is_made(
    tmp_path: Path, options: list[str], says: str
) -> None:
    result = CliRunner().invoke(main, ["schedule", "cron", "--db", f"{tmp_path}/a.db", *options])
    assert result.exit_code in {1, 2}
    assert says in result.stderr


def test_a_hanging_cron_job_is_ended(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """cron has no time limit, so jobs run under ``timeout``."""
    timed = jobs_of(call("schedule", "cron", "--db", folder / "a.db").stdout)
    program = shutil.which("timeout")
    assert f"{program} --kill-after=60 1200m {Path(sys.executable).parent}" in timed["crawl"][1]
    assert f"{program} --kill-after=60 15m " in timed["check"][1]
    monkeypatch.setenv("PATH", "")
    assert "kill-after" not in call("schedule", "cron", "--db", folder / "a.db").stdout
