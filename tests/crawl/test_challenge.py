"""Challenges and refusals over real HTTP are kept as evidence and stop the run."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, NamedTuple

import pytest

from scraper.archive.capture_reader import CaptureReader
from scraper.archive.database import open_for_reading
from scraper.practice.server.http import Answer, Served, serve
from scraper.practice.site.still import PracticeSite
from tests.many_crawls import Crawl, crawl_all, query

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SITE = PracticeSite(size=20)
GOOD, BAD, REST = list(SITE.numbers())[:3]
IN_PROCESS = {"PAGE_WORKERS": 0}  # a worker for each crawl would take most of the time
DETAILS = "/news/contents/details/{}"
PORTAL = "<html><head><title>Hotel Wi-Fi</title></head><body><p>Room number?</p></body></html>"


def page(body: str, status: int = 200, **headers: str) -> Answer:
    return Answer(status, body.encode(), headers=tuple(headers.items()))


def moved(target: str) -> Answer:
    return Answer(302, b"", headers=(("Location", target),))


class Case(NamedTuple):
    """The answer for the second article, and a part of the message about it."""

    answer: Answer
    message: str


REJECTED = "The requested URL was rejected. Please consult with your administrator."
HTML = "<html><body>{}</body></html>"
CASES = {
    "challenge by header": Case(
        page(HTML.format("wait"), 503, **{"CF-Mitigated": "challenge"}), "ban of Cloudflare"
    ),
    "challenge with 202": Case(
        page("", 202, **{"x-amzn-waf-action": "challenge"}), "ban of AWS WAF"
    ),
    "ban": Case(page("no", 403, Server="AkamaiGHost"), "HTTP 403 from Akamai"),
    "plain ban": Case(page("no", 403), "HTTP 403 from the server"),
    "password wanted": Case(page("no", 401), "HTTP 401 from the server"),
    "busy for ever": Case(page("", 429, **{"Retry-After": "0"}), "HTTP 429 after 5 pauses"),
    "firewall with 200": Case(
        page("<html><head><title>Web Filter Violation</title></head></html>"), "ban of Fortinet"
    ),
    "firewall in a sentence": Case(
        page(HTML.format(REJECTED)),
        "ban of F5",
    ),
    "firewall with 406": Case(page("<title>Not Acceptable!</title>", 406), "ban of ModSecurity"),
    "cookie wanted": Case(moved(DETAILS.format(BAD)), "a redirect in a circle"),
    "login": Case(moved("/user/login?next=/news"), "a redirect to a login"),
    "login elsewhere": Case(moved("https://id.example/oauth2/authorize"), "a redirect to a login"),
    "consent": Case(moved("/cookie-consent.html"), "a redirect to a consent"),
    "another site": Case(page(PORTAL), "found another one, “Hotel Wi-Fi”"),
}


def instead_of_the_second(answer: Answer) -> Callable[[str], Answer | None]:
    return lambda path: answer if path == DETAILS.format(BAD) else None


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Served], str]:
    """Return the folder of the archives, the servers and the log."""
    folder = tmp_path_factory.mktemp("challenges")
    bounds = {"first": str(GOOD), "last": str(REST)}
    with ExitStack() as servers:
        served = {
            name: servers.enter_context(serve(SITE, intercept=instead_of_the_second(case.answer)))
            for name, case in CASES.items()
        }
        crawls = [
            Crawl(server.url, str(folder / name / "thaigov.db"), bounds, IN_PROCESS)
            for name, server in served.items()
        ]
        log = crawl_all(crawls)
    return folder, served, log


@pytest.mark.parametrize("name", CASES)
def test_a_challenge_or_refusal_stops_the_run(
    crawled: tuple[Path, dict[str, Served], str], name: str
) -> None:
    folder, served, log = crawled
    db, case = folder / name / "thaigov.db", CASES[name]
    assert query(db, "SELECT outcome, exit_code FROM runs") == [("blocked", 4)]
    assert DETAILS.format(REST) not in served[name].requests
    assert query(db, "SELECT site_id FROM articles") == [(GOOD,)]
    assert any(case.message in line for line in log.splitlines() if served[name].url in line)
    if name == "busy for ever":
        return  # a 429 is not kept
    ((capture_id, detail),) = query(
        db,
        "SELECT c.id, p.detail FROM captures c JOIN problems p ON p.capture_id = c.id "
        "WHERE c.outcome = 'blocked' AND p.kind = 'blocked'",
    )
    assert case.message in detail
    archive = open_for_reading(db)
    kept = CaptureReader(archive, db.parent / "warc").load(capture_id)
    archive.close()
    assert (kept.status, kept.body) == (case.answer.status, case.answer.body)


def test_a_listing_of_another_site_stops_the_run(tmp_path: Path) -> None:
    def portal(path: str) -> Answer | None:
        return None if "/details/" in path else page(PORTAL)

    def circle(path: str) -> Answer | None:
        there = path.partition("?")[0]
        other = {"/news/contents": "/main/contents", "/main/contents": "/news/contents?page=1"}
        return moved(other[there]) if there in other else None

    with serve(SITE, intercept=portal) as first, serve(SITE, intercept=circle) as second:
        sites = [first, second]
        dbs = [tmp_path / f"{number}.db" for number in range(2)]
        crawl_all(
            [Crawl(s.url, str(db), spider="latest") for s, db in zip(sites, dbs, strict=True)]
        )
    for db, site in zip(dbs, sites, strict=True):
        assert query(db, "SELECT outcome, exit_code, captures FROM runs") == [("blocked", 4, 1)]
        assert not any("/details/" in path for path in site.requests)
