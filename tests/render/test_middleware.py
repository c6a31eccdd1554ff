"""Shells rendered by a real Chromium, from a server with hostile pages."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scraper import __version__
from scraper.archive.capture_reader import CaptureReader
from scraper.archive.database import open_for_reading
from scraper.install import install_command
from scraper.model import Layout
from scraper.practice.judge.compare import differences
from scraper.practice.server.http import Answer, Served, serve
from scraper.practice.site.still import PracticeSite
from tests.commands import ENVIRONMENT, THAIGOV, start, thaigov_json
from tests.render.hostile_pages import (
    ARTICLE,
    BOUNDS,
    CHECK,
    FORBIDDEN,
    LOOPS,
    PAGES,
    Hostile,
    only_shells,
)

if not os.environ.get("CI"):
    pytest.importorskip("scrapy_playwright", reason="the extra `render` is not installed")
    if not shutil.which("chromium"):
        pytest.skip("Debian's package chromium is not installed", allow_module_level=True)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SITE = PracticeSite(size=20)
TIMEOUT = 120.0  # seconds until ``wait_until`` fails
SCRAPY = [sys.executable, "-W", "error", "-m", "scrapy"]
WITHOUT_EXTRA = "import sys; sys.modules['scrapy_playwright'] = None; "
NOT_A_BROWSER = {"THAIGOV_CHROMIUM": "false"}  # a program that exits with an error


class Run:
    """A finished crawl: its archive, its log and its requests by path."""

    def __init__(self, db: Path, served: Served, log: str) -> None:
        self.db, self.home, self.log = db, served.url, log
        self.requests = Counter(served.requests)

    def rows(self, sql: str, *values: Any) -> list[Any]:
        with closing(sqlite3.connect(self.db)) as connection:
            return connection.execute(sql, values).fetchall()


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """Crawl all pages once."""
    db = tmp_path_factory.mktemp("hostile") / "a.db"
    settings = [f"-s{name}={value}" for name, value in BOUNDS.items()]
    with serve(SITE, intercept=Hostile()) as served:
        bounds = ("layout=news", "first=1", f"last={max(PAGES)}")
        walk = [f"-a{pair}" for pair in (f"site={served.url}", *bounds)]
        done = subprocess.run(
            [*SCRAPY, "crawl", "numbers", *walk, *settings, "-sTHAIGOV_SCOPE=all"],
            capture_output=True,
            text=True,
            env=ENVIRONMENT | {"THAIGOV_DB": str(db)},
            timeout=300,
            check=True,
        )
        yield Run(db, served, done.stderr)


@pytest.mark.parametrize("number", PAGES)
def test_each_page_is_rendered_or_fails_for_its_reason(run: Run, number: int) -> None:
    url, (_, reason) = f"%/th/news/{number}", PAGES[number]
    captures = run.rows("SELECT rendered, status FROM captures WHERE url LIKE ?", url)
    failed = run.rows("SELECT last_error FROM frontier WHERE state = 'failed' AND url LIKE ?", url)
    assert captures[0] == (0, 200)  # the shell, in any case
    assert run.requests[f"/th/news/{number}"] == 1, "the browser fetched the document again"
    if reason is None:
        assert (captures[1:], failed) == ([(1, None)], [])
    elif reason is FORBIDDEN:
        assert (captures[1:], failed) == ([], [])
        assert f"robots.txt forbids {run.home}/th/news/{number}" in run.log
    else:
        assert captures[1:] == []
        assert len(failed) == 1
        assert reason in failed[0][0]


def test_the_run_counts_its_requests_and_ends_as_unmet(run: Run) -> None:
    outcomes = run.rows("SELECT DISTINCT outcome FROM captures WHERE NOT rendered")
    assert outcomes == [("shell",)]
    assert "Traceback" not in run.log
    ((requests, outcome, code),) = run.rows("SELECT requests, outcome, exit_code FROM runs")
    assert (outcome, code) == ("unmet", 3)
    # Requests of page 10 are counted, though not all arrived before it was closed.
    assert run.requests.total() <= requests <= run.requests.total() + 60


def test_a_page_gets_its_scripts_and_data_and_nothing_else(run: Run) -> None:
    own = {path for path in run.requests if path.startswith("/own/") and not path[5:].isdigit()}
    assert own == {"/own/a.js", "/own/redirect"}
    assert not [path for path in run.requests if "foreign" in path or "elsewhere" in path]
    assert run.requests["/search?keyword=x"] == 0
    assert 0 < sum(path[5:].isdigit() for path in run.requests if path.startswith("/own/")) <= 60


def test_scripts_see_our_user_agent_and_a_thai_reader(run: Run) -> None:
    ((capture_id,),) = run.rows("SELECT id FROM captures WHERE rendered AND url LIKE '%/news/2'")
    archive = open_for_reading(run.db)
    dom = CaptureReader(archive, run.db.parent / "warc").load(capture_id).body.decode()
    archive.close()
    assert f'data-agent="thaigov/{__version__} ' in dom
    assert 'data-languages="th-TH"' in dom
    assert 'data-day="21/8/2568"' in dom  # 20 August 18:00 UTC


@pytest.mark.parametrize("script", [CHECK, ARTICLE], ids=["in the page", "for its script"])
def test_a_challenge_in_the_browser_stops_the_run(db_path: Path, script: str) -> None:
    """It is in the rendered page, or it is the answer to the page's script."""

    def intercept(path: str) -> Answer | None:
        return Answer(403, b"{}") if path.startswith("/api/") else only_shells(script)(path)

    with serve(SITE, intercept=intercept) as served:
        run = thaigov_json(*crawl(served), "--db", db_path, expect=4)
        assert run["requests"] == len(served.requests)
    assert (run["outcome"], run["blocked"], run["captures"]) == ("blocked", 1, 2)


@pytest.mark.parametrize(
    ("before", "environment"),
    [("", {"THAIGOV_CHROMIUM": "/nowhere/chromium"}), (WITHOUT_EXTRA, {}), ("", NOT_A_BROWSER)],
    ids=["no browser", "no extra", "a program that is not a browser"],
)
def test_without_a_browser_the_error_says_what_to_install(
    db_path: Path, before: str, environment: dict[str, str]
) -> None:
    program = [*THAIGOV[:-1], before + THAIGOV[-1]]
    with serve(SITE, intercept=only_shells(ARTICLE)) as served:
        done = subprocess.run(
            [*program, *crawl(served), "--db", str(db_path)],
            capture_output=True,
            text=True,
            env=ENVIRONMENT | environment,
            check=False,
        )
        assert served.requests == ["/robots.txt", "/th/news/1"]
    assert done.returncode == 3, done.stderr
    assert install_command("render") in done.stderr
    assert "Traceback" not in done.stderr
    with closing(sqlite3.connect(db_path)) as archive:
        assert archive.execute("SELECT outcome FROM captures").fetchall() == [("shell",)]
        assert archive.execute("SELECT state FROM frontier").fetchall() == [("failed",)]
        assert archive.execute("SELECT outcome FROM runs").fetchall() == [("unmet",)]


def test_pages_with_their_text_need_no_browser(db_path: Path) -> None:
    program = [*THAIGOV[:-1], WITHOUT_EXTRA + THAIGOV[-1]]
    with serve(SITE) as served:
        bounds = ["-a", f"first={SITE.first}", "-a", f"last={SITE.first + 2}"]
        walk = ["crawl", "numbers", "--site", served.url, "-a", "layout=contents", *bounds]
        options = ["--scope", "all", "--db", str(db_path)]
        subprocess.run([*program, *walk, *options], env=ENVIRONMENT, check=True)
    with closing(sqlite3.connect(db_path)) as archive:
        captures = archive.execute("SELECT outcome, rendered FROM captures").fetchall()
    assert captures == [("article", 0)] * 3


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_the_browser_ends_with_a_killed_run(db_path: Path, number: signal.Signals) -> None:
    with serve(SITE, intercept=only_shells(LOOPS)) as served:
        process = start(*crawl(served), "--db", db_path)
        wait_until(lambda: "renderer" in " ".join(map(command_of, descendants(process.pid))))
        time.sleep(1)  # until the page loops
        processes = descendants(process.pid)
        process.send_signal(number)
        process.wait(TIMEOUT)
        wait_until(lambda: not any(map(command_of, processes)))


def test_rendered_pages_are_parsed_as_the_site_wrote_them(db_path: Path) -> None:
    site = PracticeSite(size=20, layout=Layout.NEWS)
    with serve(site) as served:
        latest = ("crawl", "latest", "--site", served.url, "-a", "layout=news")
        run = thaigov_json(*latest, "--scope", "all", "--db", db_path)
        assert run["requests"] == len(served.requests)
        assert served.requests.count("/_app/app.js") == 1
    with closing(sqlite3.connect(db_path)) as archive:
        assert list(differences(archive, site)) == []
        ((rendered,),) = archive.execute("SELECT sum(rendered) FROM captures").fetchall()
    assert site.size // 2 < rendered < site.size  # some pages have their text


def test_playwright_is_not_loaded_before_the_first_shell() -> None:
    code = "import sys, scraper.render.middleware; print(*sys.modules)"
    loaded = subprocess.check_output([sys.executable, "-c", code], text=True).split()
    assert "scraper.render.shell" in loaded
    assert not {"playwright", "scrapy_playwright", "scraper.render.browser"} & {*loaded}


def crawl(served: Served) -> list[str]:
    site = ["crawl", "numbers", "--site", served.url, "-a", "layout=news"]
    return [*site, "-a", "first=1", "-a", "last=3"]


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + TIMEOUT
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def descendants(pid: int) -> list[int]:
    """Return the ids of the child processes of a process, and of theirs."""
    table = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True)
    pairs = [tuple(map(int, line.split())) for line in table.stdout.splitlines()]
    children = [child for child, parent in pairs if parent == pid]
    return [*children, *(found for child in children for found in descendants(child))]


def command_of(pid: int) -> str:
    """Return the command line of a process, empty if it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()  # of a zombie it is empty
    except OSError:
        return ""
