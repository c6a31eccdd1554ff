"""Kills imports and crawls at random moments; the archive must be the same in the end."""

from __future__ import annotations

import random
import signal
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from scraper.practice.server.http import serve
from scraper.practice.site.still import PracticeSite
from tests.archive_dump import assert_sound, content
from tests.commands import start, thaigov
from tests.practice_corpus import write_corpus

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KILLS = 3
SITE = PracticeSite(size=200)


@contextmanager
def import_command(folder: Path) -> Iterator[list[str]]:
    write_corpus(SITE, folder / "corpus")
    yield ["import", "corpus", str(folder / "corpus"), "--workers", "2"]


@contextmanager
def crawl_command(_folder: Path) -> Iterator[list[str]]:
    with serve(SITE) as served:
        bounds = ["-a", f"first={SITE.first}", "-a", f"last={SITE.last}"]
        yield ["crawl", "numbers", "--site", served.url, "--scope", "all", *bounds]


@pytest.mark.parametrize("command", [import_command, crawl_command])
def test_killed_runs_end_with_the_same_archive(tmp_path: Path, command: object) -> None:
    assert callable(command)
    whole, broken = tmp_path / "whole" / "a.db", tmp_path / "broken" / "a.db"
    chance = random.Random(2568)
    with command(tmp_path) as arguments:
        begun = time.monotonic()
        thaigov(*arguments, "--db", whole)
        took = time.monotonic() - begun
        survived = 0
        for _ in range(KILLS):
            process = start(*arguments, "--db", broken)
            # Most of a run is start-up; the kills should come after it.
            time.sleep(took * chance.uniform(0.3, 0.8))
            process.send_signal(signal.SIGKILL)
            if process.wait() == 0:  # the machine was busier before: kill earlier
                survived, took = survived + 1, took * 0.7
        thaigov(*arguments, "--db", broken)
    assert survived < KILLS, "every run was over before its kill: nothing was tested"
    assert_sound(broken)
    assert content(broken) == content(whole)
