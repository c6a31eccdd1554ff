"""Crawls that get a signal end in an orderly way within ten seconds, whatever they wait for."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import time
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, NamedTuple

import pytest

from scraper.practice.judge.compare import differences
from scraper.practice.server.http import Answer, Served, serve
from scraper.practice.site.still import PracticeSite
from tests.archive_dump import assert_sound
from tests.commands import ENVIRONMENT, THAIGOV, thaigov
from tests.many_crawls import query

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SITE = PracticeSite(size=20)
ROBOTS = "/robots.txt"
PATIENCE = 60.0  # seconds, of the tests
# Seconds from the signal to the end: if nothing is waited for, at most, and an allowance for a busy
# machine.
AT_ONCE, AT_MOST, LATE = 5.0, 10.0, 2.0


def dripping() -> Iterator[bytes]:
    while True:
        yield b"x"
        time.sleep(0.1)


def drip(path: str) -> Answer | None:
    return None if path == ROBOTS else Answer(200, dripping())


def busy(path: str) -> Answer | None:
    return None if path == ROBOTS else Answer(503, b"", headers=(("Retry-After", "900"),))


def slow(_path: str) -> None:
    time.sleep(0.1)


def drip_rules(path: str) -> Answer | None:
    return Answer(200, dripping()) if path == ROBOTS else None


class Stop(NamedTuple):
    """A crawl that gets signals.

    Attributes:
        intercept: what the site does.
        crawl_delay: of the site, in seconds.
        requests: number of requests before the first signal.
        signals: names of the signals, sent half a second apart.
        least, most: seconds from the first signal to the end.
        failed: requests given up; those cancelled in time have not failed.
    """

    intercept: Callable[[str], Answer | None] | None
    crawl_delay: float | None
    requests: int
    signals: str
    least: float
    most: float
    failed: int


STOPS = {
    "a server that drips": Stop(drip, None, 2, "TERM", 7.5, AT_MOST, 1),
    "a robots.txt that drips": Stop(drip_rules, None, 1, "TERM", 7.5, AT_MOST, 1),
    "a second signal": Stop(drip, None, 2, "INT INT", 0.4, AT_ONCE, 1),
    "a pause requested by the server": Stop(busy, None, 2, "TERM", 0, AT_ONCE, 0),
    "a site that answers at once": Stop(slow, None, 6, "TERM", 0, AT_ONCE, 0),
    "the delay between requests": Stop(None, 60, 1, "INT", 0, AT_ONCE, 0),
}


def command(served: Served, db: Path) -> list[str]:
    crawl = ["crawl", "numbers", "--site", served.url, "--scope", "all", "--db", str(db)]
    return [*crawl, "-a", f"last={SITE.last}"]


def start(arguments: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*THAIGOV, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
    )


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


class Stopped(NamedTuple):
    """A crawl that has ended: its log and output."""

    db: Path
    seconds: float
    exit_code: int
    log: str
    output: str


Running = dict[str, tuple[Served, subprocess.Popen[str]]]


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Stopped]:
    """Start all crawls, stop them together and return each."""
    folder = tmp_path_factory.mktemp("stopped")
    running: Running = {}
    with ExitStack() as servers:
        for name, stop in STOPS.items():
            site = serve(SITE, crawl_delay=stop.crawl_delay, intercept=stop.intercept)
            served = servers.enter_context(site)
            running[name] = served, start(command(served, folder / name / "thaigov.db"))
        wait_for(lambda: all(len(running[n][0].requests) >= s.requests for n, s in STOPS.items()))
        time.sleep(0.5)  # from the request to the wait for its answer
        signalled = send_signals(running)
        ended = wait_for_ends(running)
        for name, (served, _) in running.items():
            if STOPS[name].intercept is slow:
                thaigov(*command(served, folder / name / "thaigov.db"))
    found = {}
    for name, (_, process) in running.items():
        output, log = process.communicate()
        db, seconds = folder / name / "thaigov.db", ended[name] - signalled
        found[name] = Stopped(db, seconds, process.returncode, log, output)
    return found


def send_signals(running: Running) -> float:
    """Send every crawl its signals; return the time of the first."""
    begun = time.monotonic()
    for step in range(2):
        for name, (_, process) in running.items():
            for number in STOPS[name].signals.split()[step : step + 1]:
                process.send_signal(signal.Signals[f"SIG{number}"])
        time.sleep(0.5)
    return begun


def wait_for_ends(running: Running) -> dict[str, float]:
    """Wait for all crawls; return the time each ended."""
    ended: dict[str, float] = {}

    def all_ended() -> bool:
        for name, (_, process) in running.items():
            if process.poll() is not None:
                ended.setdefault(name, time.monotonic())
        return len(ended) == len(running)

    wait_for(all_ended)
    return ended


@pytest.mark.parametrize("name", STOPS)
def test_a_signal_ends_a_crawl_within_ten_seconds(stopped: dict[str, Stopped], name: str) -> None:
    stop, found = STOPS[name], stopped[name]
    assert stop.least <= found.seconds <= stop.most + LATE
    assert found.exit_code == 1
    assert "the current page is finished first" in found.log
    assert "Run 1 stopped" in found.output
    assert "Traceback" not in found.log
    first, *others = query(found.db, "SELECT outcome, exit_code, failed FROM runs")
    assert first == ("stopped", 1, stop.failed)
    for ending in others:  # the next run continues
        assert ending == ("done", 0, 0)
        with closing(sqlite3.connect(found.db)) as connection:
            assert list(differences(connection, SITE)) == []
    assert_sound(found.db)
    assert not list(found.db.parent.glob("*.json"))  # the lock is released


def test_a_run_that_cannot_end_is_cut_off(db_path: Path) -> None:
    """Another process locks the archive: the main thread waits, the watchdog does not."""
    with serve(SITE, intercept=lambda _: time.sleep(0.05)) as served:
        process = start(command(served, db_path))
        wait_for(lambda: len(served.requests) > 5)
        with closing(sqlite3.connect(db_path, timeout=PATIENCE, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            asked = len(served.requests)
            signalled = time.monotonic()
            process.terminate()
            _, err = process.communicate(timeout=PATIENCE)
            assert time.monotonic() - signalled < AT_MOST + LATE
            other.execute("ROLLBACK")
        assert process.returncode == 1
        assert "was cut off; what was captured is kept" in err
        assert len(served.requests) <= asked + 1
        thaigov(*command(served, db_path))
    assert query(db_path, "SELECT outcome FROM runs") == [("interrupted",), ("done",)]
    assert_sound(db_path)
