"""A crawl of practice pages without delay, beside a spider that only downloads them."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.processes import ROOT, THAIGOV, run
from benchmarks.results import Comparison, Target

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from benchmarks.results import Results

TOLD = re.compile(r"numbers (\d+) to (\d+), at (\S+)/")


class Site(NamedTuple):
    """A practice site that is served: its address and its first and last number."""

    url: str
    first: str
    last: str


@contextmanager
def served(size: int) -> Iterator[Site]:
    """Serve a practice site in a process of its own."""
    command = [sys.executable, "-m", "scraper.practice", "--size", str(size), "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        if process.stdout is None:
            raise ValueError("no pipe")
        try:
            told = TOLD.search(process.stdout.readline())
            if told is None:
                raise ValueError("the practice site did not say where it is")
            yield Site(told[3], told[1], told[2])
        finally:
            process.terminate()


def measure(size: int, folder: Path, results: Results) -> None:
    """Crawl the same numbers with both."""
    with served(size) as site:
        bare = run(sys.executable, "-m", "benchmarks.bare_spider", *site)
        ours = run(
            *THAIGOV, "crawl", "numbers", "--site", site.url, "--scope", "all",
            "-a", f"first={site.first}", "-a", f"last={site.last}",
            "--db", folder / "crawl.db", "--create",
        )  # fmt: skip
    found = int(bare.output)
    pages = int(site.last) - int(site.first) + 1
    results.unit["crawl"] = 1000 * ours.cpu / pages
    results.targets += [
        Target(
            f"crawl of {found:,} practice pages without delay: pages a second / a bare Scrapy "
            "spider's", bare.wall / ours.wall, 0.7, "×",
            f"{pages / ours.wall:.0f} / {pages / bare.wall:.0f} pages a second",
            at_least=True,
        ),
    ]  # fmt: skip
    results.comparisons.append(
        Comparison(f"crawl of {found:,} practice pages; the other stores nothing",
                   "ms of CPU a page, all processes", 1000 * ours.cpu / pages,
                   "bare Scrapy spider", 1000 * bare.cpu / pages)
    )  # fmt: skip
