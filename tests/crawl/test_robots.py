"""robots.txt over real HTTP: which pages are requested afterwards, and what is logged."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, NamedTuple

import pytest

from scraper.crawl.robots import MAX_ROBOTS_BYTES
from scraper.practice.server.http import Answer, Served, serve
from scraper.practice.site.still import PracticeSite
from tests.many_crawls import Crawl, crawl_all, query

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SITE = PracticeSite(size=20)
BOUNDS = {"first": str(SITE.first), "last": str(SITE.first + 3)}
FORBIDDING = b"User-agent: *\nDisallow: /news/\n"
IN_PROCESS = {"PAGE_WORKERS": 0}  # a worker for each crawl would take most of the time
PLAIN = "text/plain"


def always(answer: Answer) -> Callable[[str], Answer | None]:
    return lambda path: answer if path.startswith("/robots.txt") else None


def moved(times: int, answer: Answer) -> Callable[[str], Answer | None]:
    """Answer for robots.txt after a number of redirects."""

    def intercept(path: str) -> Answer | None:
        if not path.startswith("/robots.txt"):
            return None
        if path.count("+") == times:
            return answer
        return Answer(302, b"", headers=(("Location", f"{path}+"),))

    return intercept


class Case(NamedTuple):
    """The answer for robots.txt, and its expected effect.

    Attributes:
        pages: number of articles that are requested.
        message: a part of the log; empty for any.
    """

    intercept: Callable[[str], Answer | None]
    outcome: str
    exit_code: int
    pages: int
    message: str


CASES = {
    "no rules": Case(always(Answer(404, FORBIDDING, PLAIN)), "done", 0, 4, ""),
    "rules of others": Case(
        always(Answer(200, b"User-agent: other\nDisallow: /\n", PLAIN)), "done", 0, 4, ""
    ),
    "forbidden to read": Case(always(Answer(403, FORBIDDING, PLAIN)), "done", 0, 4, ""),
    "out of order": Case(
        always(Answer(500, b"", PLAIN)), "failed", 1, 0, "robots.txt could not be read (HTTP 500)"
    ),
    "cut off": Case(
        always(Answer(200, FORBIDDING, PLAIN, headers=(("Content-Length", "999"),))),
        "failed",
        1,
        0,
        "robots.txt could not be read (the answer broke off)",
    ),
    "a challenge": Case(
        always(Answer(200, b"<title>Just a moment...</title>")), "blocked", 4, 0, "Cloudflare"
    ),
    "a ban": Case(
        always(Answer(403, b"", headers=(("Server", "cloudflare"),))), "blocked", 4, 0, "Cloudflare"
    ),
    "moved five times": Case(moved(5, Answer(200, FORBIDDING, PLAIN)), "refused", 4, 0, ""),
    "moved six times": Case(
        moved(6, Answer(200, b"", PLAIN)), "failed", 1, 0, "robots.txt could not be read"
    ),
    "moved in a circle": Case(
        always(Answer(302, b"", headers=(("Location", "/robots.txt"),))), "blocked", 4, 0, "circle"
    ),
    "moved to another host": Case(
        always(Answer(302, b"", headers=(("Location", "http://other.example/robots.txt"),))),
        "failed",
        1,
        0,
        "robots.txt could not be read",
    ),
    "forbidding far down": Case(
        always(Answer(200, b"#\n" * (MAX_ROBOTS_BYTES // 2) + FORBIDDING, PLAIN)), "done", 0, 4, ""
    ),
    "forbidding within reach": Case(
        always(Answer(200, b"#\n" * (MAX_ROBOTS_BYTES // 2 - 50) + FORBIDDING, PLAIN)),
        "refused",
        4,
        0,
        "",
    ),
    "moved nowhere": Case(
        always(Answer(302, b"", PLAIN)), "failed", 1, 0, "robots.txt could not be read (HTTP 302)"
    ),
    "our name with a version": Case(
        always(Answer(200, b"User-agent: thaigov/2 x\nDisallow: /news/\n", PLAIN)),
        "refused",
        4,
        0,
        "",
    ),
    "a part of our name": Case(
        always(Answer(200, b"User-agent: thai\nDisallow: /\n", PLAIN)), "done", 0, 4, ""
    ),
    "UTF-16": Case(
        always(Answer(200, FORBIDDING.decode().encode("utf-16"), PLAIN)), "refused", 4, 0, ""
    ),
    "a delay of a day": Case(
        always(Answer(200, b"User-agent: *\nCrawl-delay: 86400\n", PLAIN)),
        "refused",
        4,
        0,
        "asks for 86400 s between two requests (Crawl-delay), and a run waits 600 s at most",
    ),
    "patience without end": Case(
        always(Answer(503, b"", headers=(("Retry-After", "86400"),))), "blocked", 4, 0, "86400 s"
    ),
}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Served], str]:
    """Return the folder of the archives, the servers and the log."""
    folder = tmp_path_factory.mktemp("robots")
    with ExitStack() as servers:
        served = {
            name: servers.enter_context(serve(SITE, intercept=case.intercept))
            for name, case in CASES.items()
        }
        log = crawl_all(
            [
                Crawl(server.url, str(folder / name / "thaigov.db"), BOUNDS, IN_PROCESS)
                for name, server in served.items()
            ]
        )
    return folder, served, log


@pytest.mark.parametrize("name", CASES)
def test_effect_of_robots_txt(crawled: tuple[Path, dict[str, Served], str], name: str) -> None:
    folder, served, log = crawled
    case = CASES[name]
    (ending,) = query(folder / name / "thaigov.db", "SELECT outcome, exit_code FROM runs")
    assert ending == (case.outcome, case.exit_code)
    asked = [path for path in served[name].requests if "/details/" in path]
    assert len(asked) == case.pages
    lines = [line for line in log.splitlines() if served[name].url in line]
    assert not case.message or any(case.message in line for line in lines)
