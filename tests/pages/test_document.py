"""Parsing of pages, conversion to BeautifulSoup, and text after an element."""

from __future__ import annotations

import pytest

from scraper.model import Page
from scraper.pages.document import parse_html, parse_page, soup_of, strings_after
from tests.pages.samples import capture


@pytest.mark.parametrize(
    ("html", "kinds"),
    [
        ("<p>ลม</p>", []),
        ("<p>ลม</html>ก", ["broken-markup"]),
        ("<font>" * 3000, ["page-cut-off"]),
    ],
)
def test_faults_of_the_markup_become_problems(html: str, kinds: list[str]) -> None:
    page = Page(capture=capture(html))
    parse_page(page, html, "news")
    assert [(problem.stage, problem.kind) for problem in page.problems] == [
        ("news", kind) for kind in kinds
    ]


def test_soup_keeps_thai_in_urls() -> None:
    (selected,) = parse_html("<div><a href='/ว่าว 1.pdf'>ก</a><img src='ข.jpg'></div>").css("div")
    element = soup_of(selected)
    assert element
    assert [tag.get("href") or tag.get("src") for tag in element.find_all(["a", "img"])] == [
        "/ว่าว 1.pdf",
        "ข.jpg",
    ]


def test_strings_after_an_element_end_at_the_footer() -> None:
    html = "<main><p>ก</p>ข<!-- x --><i>ค<script>ง</script></i></main>จ<footer>ฉ</footer>ช"
    (selected,) = parse_html(html).css("p")
    assert strings_after(selected, lambda element: element.tag == "footer") == ["ข", "ค", "จ"]
