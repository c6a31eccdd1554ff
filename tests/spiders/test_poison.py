"""Crawls of pages that crash or hang the worker that reads them."""

from __future__ import annotations

import signal
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from scraper.practice.server.http import Answer, serve
from scraper.practice.site.still import PracticeSite
from tests import poison
from tests.archive_dump import assert_sound
from tests.commands import thaigov
from tests.many_crawls import query

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scraper.practice.server.http import Served

SITE = PracticeSite(size=20)
AT_MOST, LATE = 10.0, 3.0  # seconds to the end, and an allowance for a busy machine


def poisoning(acts: dict[int, str]) -> Callable[[str], Answer | None]:
    """Return an interceptor that poisons some pages of the site."""

    def intercept(path: str) -> Answer | None:
        act = acts.get(int(path.rpartition("/")[2])) if "/details/" in path else None
        page = f"<html><!-- {poison.MARK}{act} --><title>ข่าว</title>"
        return None if act is None else Answer(200, page.encode())

    return intercept


def crawl(served: Served, db: Path) -> list[str]:
    walk = ["crawl", "numbers", "--site", served.url, "--scope", "all", "--db", str(db)]
    return [*walk, "-a", f"first={SITE.first}", "-a", f"last={SITE.last}"]


def start(arguments: list[str], **bounds: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*poison.poisoned(**bounds), *arguments],
        env=poison.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_only_the_poisoned_pages_are_lost(db_path: Path) -> None:
    first = SITE.first
    acts = {first + 1: "spin_in_c", first + 2: "crash", first + 4: "allocate"}
    with serve(SITE, intercept=poisoning(acts)) as served:
        process = start(crawl(served, db_path))
        _, log = process.communicate(timeout=200)
        assert process.returncode == 3, log
        assert "Traceback" not in log
        found = query(
            db_path,
            "SELECT c.outcome, p.kind FROM captures c JOIN problems p ON p.capture_id = c.id "
            "WHERE c.outcome = 'unparsed' ORDER BY c.url",
        )
        kinds = [poison.KINDS[act][0] for _, act in sorted(acts.items())]
        assert found == [("unparsed", kind) for kind in kinds]
        (articles,) = query(db_path, "SELECT count(*) FROM articles")[0]
        assert articles == sum(SITE.exists(n) for n in SITE.numbers() if n not in acts)
        assert_sound(db_path)


@pytest.mark.parametrize(
    ("act", "number"), [("spin_in_c", signal.SIGTERM), ("hang", signal.SIGHUP)]
)
def test_a_signal_during_a_poisoned_page_ends_the_crawl_in_time(
    db_path: Path, act: str, number: signal.Signals
) -> None:
    """First with the page from the site, then with the one left over from the run before."""
    with serve(SITE, intercept=poisoning({SITE.first + 2: act})) as served:
        for run in (1, 2):
            process = start(crawl(served, db_path), cpu=600, wall=600)
            captured = "SELECT count(*) FROM captures WHERE outcome IS NULL"
            runs = "SELECT count(*) FROM runs"
            until = time.monotonic() + 120
            while not (
                db_path.exists()
                and len(served.requests) > 2
                and query(db_path, runs) == [(run,)]
                and query(db_path, captured) == [(1,)]
            ):
                assert time.monotonic() < until
                assert process.poll() is None, process.communicate()
                time.sleep(0.1)
            time.sleep(3)
            asked, signalled = len(served.requests), time.monotonic()
            process.send_signal(number)
            _, err = process.communicate(timeout=60)
            assert time.monotonic() - signalled < AT_MOST + LATE
            assert process.returncode == 1, err
            assert "Traceback" not in err
            assert len(served.requests) == asked
            ended = query(
                db_path, "SELECT outcome, exit_code FROM runs WHERE id = (SELECT max(id) FROM runs)"
            )
            assert ended == [("stopped", 1)], err
            assert not list(db_path.parent.glob("warc/*.open"))
        thaigov(*crawl(served, db_path), expect=3)  # too many of few pages are unparsed
    assert query(db_path, captured) == [(0,)]
    assert_sound(db_path)


def test_a_killed_worker_loses_nothing(db_path: Path) -> None:
    with serve(SITE, intercept=poisoning({SITE.first: "be_killed"})) as served:
        process = start(crawl(served, db_path))
        _, log = process.communicate(timeout=200)
    assert process.returncode == 0, log
    assert query(db_path, "SELECT kind FROM problems WHERE stage = 'reading'") == [("worker-died",)]
