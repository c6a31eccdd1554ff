"""Pages of layout news in a browser match the ground truth, however they are delivered."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import pytest
from parsel import Selector

from scraper.model import Layout
from scraper.practice.server.http import Answer, Served, serve
from scraper.practice.site.still import PracticeSite
from scraper.thai.text import clean_line
from tests.practice.browser import dump_dom

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SITE = PracticeSite(200, layout=Layout.NEWS, resume_length=5000, scripted=1)
FAILING = SITE.last
BLANK = re.compile(r"\s+")


def out_of_order(path: str) -> Answer | None:
    return Answer(500, b"{}") if path.startswith(f"/api/news/{FAILING}") else None


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serve(SITE, intercept=out_of_order) as server:
        yield server


@pytest.fixture(scope="module")
def render(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Selector]:
    profile = tmp_path_factory.mktemp("chromium")
    return cache(lambda path: Selector(dump_dom(served.url + path, profile)))


def texts(page: Selector, xpath: str = "//body") -> str:
    """Return the text of an element without spaces, because those between elements vary."""
    found = page.xpath(f"{xpath}//text()[not(ancestor::script or ancestor::noscript)]").getall()
    return BLANK.sub("", clean_line(" ".join(found)))


def title_of(page: Selector) -> str:
    return clean_line(page.css("head > title::text").get(""))


def path_of(number: int) -> str:
    return SITE.truth(number).url.removeprefix("https://practice.example")


@pytest.mark.parametrize("oddity", ["table", "slow-json", "plain-divs", "next-data"])
def test_an_article_shows_what_the_truth_says(
    render: Callable[[str], Selector], oddity: str
) -> None:
    number = SITE.number_of(oddity)
    truth = SITE.truth(number)
    page = render(path_of(number))
    assert title_of(page) == f"รัฐบาลไทย | {truth.title}"
    shown = texts(page)
    for text in (truth.title, truth.published_raw, *truth.body.split("\n"), truth.tail):
        assert BLANK.sub("", text) in shown
    assert {file.url for file in truth.attachments} <= {
        *page.css("img::attr(src)").getall(),
        *page.css("a::attr(href)").getall(),
    }
    assert shown.index("สำนักเลขาธิการนายกรัฐมนตรี") > shown.index(BLANK.sub("", truth.body)[-40:])
    assert bool(page.css("main article h1")) is (oddity != "plain-divs")


@pytest.mark.parametrize("oddity", ["table", "plain-divs"])
def test_the_script_and_the_server_make_the_same_page(
    render: Callable[[str], Selector], oddity: str
) -> None:
    number = SITE.number_of(oddity)
    by_server = Selector(SITE.rendered(number).decode())
    by_script = render(path_of(number))
    assert texts(by_server) == texts(by_script)
    assert title_of(by_server) == title_of(by_script)
    for things in ("img::attr(src)", "a::attr(href)", "::attr(datetime)"):
        assert by_server.css(things).getall() == by_script.css(things).getall()
    names = [[node.root.tag for node in page.css("#app *")] for page in (by_server, by_script)]
    assert names[0] == names[1]


def test_a_number_without_an_article_says_so(render: Callable[[str], Selector]) -> None:
    page = render(f"/th/news/{SITE.number_of('missing-in-script')}")
    assert title_of(page) == "รัฐบาลไทย"
    assert page.css("main h1::text").getall() == ["ไม่พบหน้าที่ต้องการ"]


def test_json_that_fails_looks_like_no_missing_article(render: Callable[[str], Selector]) -> None:
    page = render(path_of(FAILING))
    assert title_of(page) == "รัฐบาลไทย"
    assert "ขัดข้อง" in texts(page, "//main")
    assert "ไม่พบ" not in texts(page, "//main")


def test_a_listing_leads_to_its_articles(render: Callable[[str], Selector], served: Served) -> None:
    served.log.clear()
    page = render("/th/news?page=2")
    listed = SITE.listing(2, language="th")
    assert page.css("main li a::attr(href)").getall() == [path_of(number) for number, _ in listed]
    assert [*map(clean_line, page.css("main li a::text").getall())] == [t for _, t in listed]
    pager = page.css("main nav ::text").getall()
    assert [word.strip() for word in pager if word.strip()] == ["‹", "2", "(current)", "Next"]
    assert page.css("main nav a::attr(href)").getall() == ["/th/news?page=1", "/th/news?page=3"]
    # What a browser asks for beside the page: a crawler's should leave most of it alone.
    asked = {request.path: request.headers["Host"] for request in served.log}
    assert {"/_app/app.css", "/_app/practice.woff2", "/_app/logo.svg"} <= asked.keys()
    assert asked["/_analytics/collect.js"].startswith("localhost:")  # a foreign host
