"""Short memory, few open files and failing disks: one message, and the run is closed."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

from scraper.cli.messages import failure_message
from scraper.practice.server.http import serve
from scraper.practice.site.still import PracticeSite
from tests.archive_dump import assert_sound
from tests.cli.test_poison import write_warc
from tests.commands import ENVIRONMENT, RUN_MAIN, thaigov
from tests.many_crawls import query

if TYPE_CHECKING:
    from pathlib import Path

SITE = PracticeSite(size=20)
# The disk reports an error at the third fsync of a WARC file.
FAILING_DISK = """
import os
fsync, calls = os.fsync, []
def failing(descriptor):
    calls.append(1)
    if len(calls) > 2 and ".warc" in os.readlink(f"/proc/self/fd/{descriptor}"):
        raise OSError(5, "Input/output error")
    fsync(descriptor)
os.fsync = failing
"""
SHORT_MEMORY = """
from scraper.archive.captures import CaptureStore
write, calls = CaptureStore.write, []
def failing(self, *arguments):
    calls.append(1)
    if len(calls) > 2:
        raise MemoryError
    return write(self, *arguments)
CaptureStore.write = failing
"""


class Ended(NamedTuple):
    """The result of a command, and what ``--on-failure`` got to read."""

    exit_code: int
    stderr: str
    report: str


def run(
    folder: Path, arguments: list[str], *, first: str = "", limit: tuple[int, int] | None = None
) -> Ended:
    """Run a command after some Python statements, under a resource limit."""
    report = folder / "report"

    def set_limit() -> None:
        if limit is not None:
            resource.setrlimit(limit[0], (limit[1], limit[1]))

    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", first + RUN_MAIN, *arguments,
         "--db", str(folder / "a" / "thaigov.db"), "--on-failure", f"cat > {report}"],
        capture_output=True, text=True, env=ENVIRONMENT, timeout=200, check=False,
        preexec_fn=set_limit,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return Ended(done.returncode, done.stderr, report.read_text() if report.exists() else "")


def assert_closed(folder: Path) -> None:
    db = folder / "a" / "thaigov.db"
    assert query(db, "SELECT outcome, exit_code FROM runs") == [("failed", 1)]
    assert not (db.parent / "thaigov.db.lock.json").exists()


def importing(folder: Path) -> list[str]:
    warc = write_warc(folder / "w.warc.gz", {}, 120)
    return ["import", "warc", str(warc), "--workers", "1"]


@pytest.mark.parametrize(
    ("limit", "says"),
    [
        ((resource.RLIMIT_NOFILE, 12), "Too many open files"),
        ((resource.RLIMIT_AS, 115 << 20), "too little memory"),
    ],
)
def test_an_import_that_cannot_start_a_worker(
    tmp_path: Path, limit: tuple[int, int], says: str
) -> None:
    arguments = importing(tmp_path)
    ended = run(tmp_path, arguments, limit=limit)
    assert ended.exit_code == 1
    assert says in ended.stderr
    assert says in ended.report
    assert_closed(tmp_path)
    assert not list(tmp_path.glob("a/warc/*.open"))
    thaigov(*arguments, "--db", tmp_path / "a" / "thaigov.db")
    assert query(tmp_path / "a" / "thaigov.db", "SELECT count(*) FROM articles") == [(120,)]


FAULTS = [(FAILING_DISK, "Input/output error"), (SHORT_MEMORY, "not enough memory")]


@pytest.mark.skipif(sys.platform != "linux", reason="/proc says which file a descriptor is")
@pytest.mark.parametrize(("fault", "says"), FAULTS)
def test_an_import_on_a_failing_machine(tmp_path: Path, fault: str, says: str) -> None:
    arguments = importing(tmp_path)
    ended = run(tmp_path, arguments, first=fault)
    assert ended.exit_code == 1
    assert says in ended.stderr
    assert "run the command again" in ended.stderr
    assert says in ended.report
    assert_closed(tmp_path)
    thaigov(*arguments, "--db", tmp_path / "a" / "thaigov.db")
    assert query(tmp_path / "a" / "thaigov.db", "SELECT count(*) FROM articles") == [(120,)]
    assert_sound(tmp_path / "a" / "thaigov.db")


@pytest.mark.skipif(sys.platform != "linux", reason="/proc says which file a descriptor is")
@pytest.mark.parametrize(
    ("fault", "says"), [(FAILING_DISK, ".warc.gz.open"), (SHORT_MEMORY, "not enough memory")]
)
def test_a_crawl_on_a_failing_machine(tmp_path: Path, fault: str, says: str) -> None:
    with serve(SITE) as served:
        walk = ["crawl", "numbers", "--site", served.url, "--scope", "all", "-a", "last=20"]
        ended = run(tmp_path, walk, first=fault)
        assert ended.exit_code == 1
        assert says in ended.stderr
        assert says in ended.report
        assert len(served.requests) < 10
        assert_closed(tmp_path)
        thaigov(*walk, "--db", tmp_path / "a" / "thaigov.db")
    assert_sound(tmp_path / "a" / "thaigov.db")


# Long commands, made to wait for a signal.
HELD = {
    "verify": """
import time, scraper.cli.verify as module
module.verify = lambda *_: print("held", flush=True) or time.sleep(60)
""",
    "snapshot": """
import time, scraper.cli.snapshot as module
module.make_snapshot = lambda *_: print("held", flush=True) or time.sleep(60)
""",
}


@pytest.mark.parametrize("command", HELD)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_every_long_command(
    tmp_path: Path, command: str, number: signal.Signals
) -> None:
    db, report = tmp_path / "a" / "thaigov.db", tmp_path / "report"
    thaigov(*importing(tmp_path), "--db", db)
    out = [str(tmp_path / "out.db")] if command == "snapshot" else []
    with subprocess.Popen(
        [sys.executable, "-c", HELD[command] + RUN_MAIN, command, *out, "--db", str(db),
         "--on-failure", f"cat > {report}"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert err.count("run the same command to continue") == 1
    assert "Traceback" not in err
    assert "run the same command to continue" in report.read_text()
    assert not db.with_name("thaigov.db.lock.json").exists()


def test_nohup_keeps_a_command_running(tmp_path: Path) -> None:
    db = tmp_path / "a" / "thaigov.db"
    thaigov(*importing(tmp_path), "--db", db)
    first = HELD["verify"].replace("sleep(60)", "sleep(2) or ([], [])")
    with subprocess.Popen(
        ["nohup", sys.executable, "-c", first + RUN_MAIN, "verify", "--db", str(db)],
        stdout=subprocess.PIPE, text=True, env=ENVIRONMENT,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        os.kill(process.pid, signal.SIGHUP)
        process.communicate(timeout=60)
    assert process.returncode == 0


def test_messages_of_errors() -> None:
    full = OSError(28, "No space left on device", "/srv/a.warc.gz")
    assert failure_message(full).startswith(
        "/srv/a.warc.gz: No space left on device. What was captured"
    )
    assert failure_message(full).endswith("the disk is full")
    assert failure_message(MemoryError()).startswith("memory ran out. ")
    assert (
        failure_message(FileNotFoundError(2, "No such file", "x")) == "[Errno 2] No such file: 'x'"
    )
