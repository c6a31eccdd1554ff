"""A living practice site has a fixed calendar, whenever its server is started."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scraper.model import Layout
from scraper.practice.calendar import living_site
from scraper.practice.server.http import serve
from scraper.practice.site.still import PracticeSite
from tests.commands import ENVIRONMENT, RUN_MAIN, thaigov_json

DOCUMENT = Path(__file__).parents[2] / "docs" / "practice.md"
MONDAY = datetime(2026, 3, 1, 20, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.mark.parametrize("layout", Layout)
def test_a_later_clock_shows_the_same_site_later(layout: Layout) -> None:
    moment = MONDAY + WEEK
    early = living_site(90, 2568, layout, lambda: MONDAY)
    early.now = lambda: moment  # the server that ran all the time
    late = living_site(90, 2568, layout, lambda: moment)  # the one that was started anew
    assert [*early.numbers()] == [*late.numbers()]
    for number in late.numbers():
        assert early.history(number) == late.history(number)


@pytest.mark.parametrize("day", ["2016-01-01", "2024-01-01", "2026-11-30", "2031-12-31"])
def test_at_every_time_something_is_listed_and_something_happens(day: str) -> None:
    moment = datetime.fromisoformat(day).replace(tzinfo=UTC)
    site = living_site(90, 1, Layout.CONTENTS, lambda: moment)
    numbers = [*site.numbers()]
    assert len(numbers) == 90
    assert any(len(site.history(number)) > 1 for number in numbers)


def test_the_week_of_the_document_can_be_played(tmp_path: Path) -> None:
    """Run the documented script, but only three of the seven nights."""
    (script,) = re.findall(r"```sh\n(for day in .*?)```", DOCUMENT.read_text(), re.DOTALL)
    (tmp_path / "data").mkdir()
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    (bin_folder / "thaigov").write_text(f'#!/bin/sh\nexec {sys.executable} -c "{RUN_MAIN}" "$@"\n')
    (bin_folder / "thaigov").chmod(0o755)
    (bin_folder / "python").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    (bin_folder / "python").chmod(0o755)
    if not shutil.which("curl"):
        pytest.fail("the document's loop needs curl")
    done = subprocess.run(
        ["/bin/sh", "-c", script.replace("02 03 04 05 06 07 08", "02 03 04")],
        cwd=tmp_path,
        env=ENVIRONMENT | {"PATH": f"{bin_folder}:{ENVIRONMENT['PATH']}"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with closing(sqlite3.connect(tmp_path / "data" / "week.db")) as archive:
        nights = archive.execute("SELECT new, changed, unchanged, outcome FROM runs").fetchall()
        articles = archive.execute("SELECT count(*) FROM articles").fetchone()[0]
        reused = archive.execute("SELECT count(*) FROM possible_reuse").fetchone()[0]
    assert [outcome for *_, outcome in nights] == ["done"] * 3
    assert nights[0][0] == 90
    for new, changed, unchanged, _ in nights[1:]:
        assert 0 < new < 20
        assert changed < 10
        assert unchanged > changed
    assert articles < 130
    assert reused <= 3


@pytest.mark.parametrize("spider", ["latest", "numbers"])
def test_the_layout_of_a_practice_site_is_found(tmp_path: Path, spider: str) -> None:
    site = PracticeSite(size=20, layout=Layout.NEWS, scripted=0)
    bounds = [] if spider == "latest" else ["-a", f"last={site.first + 3}"]
    if spider == "latest":  # its listing is a shell
        pytest.importorskip("scrapy_playwright")
    with serve(site) as served:
        command = ["crawl", spider, "--site", served.url, "--scope", "all", *bounds]
        run = thaigov_json(*command, "--db", tmp_path / "a.db")
        assert run["requests"] == len(served.requests)
    walked = [n for n in site.numbers() if n <= site.first + 3 and site.language(n) == "th"]
    assert run["new"] == (20 if spider == "latest" else len(walked)) > 0
