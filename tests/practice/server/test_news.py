"""Layout news over real HTTP: shells, their JSON, and redirects from old addresses."""

from __future__ import annotations

import json
import re
from http.client import HTTPConnection
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from scraper.model import Layout
from scraper.practice.server.http import Served, serve
from scraper.practice.site.still import PracticeSite

if TYPE_CHECKING:
    from collections.abc import Iterator

OLD = PracticeSite(200, resume_length=5000)
SITE = PracticeSite(200, layout=Layout.NEWS, resume_length=5000)
GAP = SITE.number_of("missing-in-script")


class Page(NamedTuple):
    status: int
    headers: dict[str, str]
    text: str

    @property
    def data(self) -> Any:
        return json.loads(self.text)


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serve(SITE, crawl_delay=1) as server:
        yield server


def get(served: Served, path: str) -> Page:
    connection = HTTPConnection(served.url.removeprefix("http://"))
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return Page(answer.status, dict(answer.headers), answer.read().decode())
    finally:
        connection.close()


@pytest.mark.parametrize(
    "path", ["/", "/th", "/en", "/th/news", "/en/news?page=3", f"/th/news/{GAP}"]
)
def test_whatever_scripts_fill_in_is_a_shell(served: Served, path: str) -> None:
    page = get(served, path)
    assert page.status == 200
    assert '<div id="app"></div>' in page.text
    assert '<script src="/_app/app.js" defer></script>' in page.text


def test_the_json_of_an_article(served: Served) -> None:
    number = SITE.last
    language = SITE.language(number)
    page = get(served, f"/api/news/{number}?lang={language}")
    assert page.status == 200
    assert page.headers["Content-Type"] == "application/json; charset=UTF-8"
    assert page.data == SITE.data(number)


@pytest.mark.parametrize(
    "path",
    [
        f"/api/news/{GAP}?lang=th",
        f"/api/news/{SITE.number_of('english')}?lang=th",
        f"/api/news/{SITE.number_of('table')}?lang=en",
        f"/api/news/{OLD.last}",
        f"/th/news/{SITE.number_of('http-404')}",
        "/api/news?page=0",
        "/_app/practice.woff2",
        "/news/contents",
    ],
)
def test_what_there_is_not(served: Served, path: str) -> None:
    assert get(served, path).status == 404


def test_slow_json_takes_its_time(served: Served) -> None:
    number = SITE.number_of("slow-json")
    begin = perf_counter()
    assert get(served, f"/api/news/{number}?lang={SITE.language(number)}").status == 200
    assert perf_counter() - begin >= 0.3


@pytest.mark.parametrize("language", ["th", "en"])
def test_paging_meets_every_article_of_a_language_once(served: Served, language: str) -> None:
    seen: list[int] = []
    more, number = True, 0
    while more:
        number += 1
        listing = get(served, f"/api/news?lang={language}&page={number}").data
        assert listing["page"] == number
        more = listing["more"]
        seen += [int(article["path"].rpartition("/")[2]) for article in listing["articles"]]
        assert all(a["path"].startswith(f"/{language}/news/2") for a in listing["articles"])
    wanted = [n for n in SITE.numbers() if SITE.language(n) == language]
    assert seen == wanted[::-1]


def test_old_addresses_lead_to_the_new_ones(served: Served) -> None:
    for number, new in zip(OLD.numbers(), SITE.numbers(), strict=True):
        if number % 20:
            continue
        for details in ("details", "ministry_details"):
            page = get(served, f"/news/contents/{details}/{number}")
            target = f"/{SITE.language(new)}/news/{new}"
            assert (page.status, page.headers["Location"]) == (307, target)
    gap = next(n for n in range(OLD.first, OLD.last) if not OLD.exists(n))
    for number in (gap, 999_999):
        assert get(served, f"/news/contents/details/{number}").headers["Location"] == "/th/news"


def test_robots_txt_and_the_sitemap(served: Served) -> None:
    lines = get(served, "/robots.txt").text.splitlines()
    assert {"Allow: /th/", "Allow: /api/", "Crawl-delay: 1"} <= {*lines}
    assert lines[-1] == f"Sitemap: {served.url}/sitemap.xml"
    places = re.findall("<loc>(.+)</loc>", get(served, "/sitemap.xml").text)
    assert f"{served.url}/th/news" in places
    assert {get(served, place.removeprefix(served.url)).status for place in places} == {200}
