"""The element of a page that contains the article, without boilerplate."""

from __future__ import annotations

from datetime import date

import pytest

from scraper.pages.document import parse_html
from scraper.pages.news.main_content import MainContent, find_main_content, main_lines
from scraper.pages.trace import SelectorTrace
from tests.pages.samples import BODY, HEADLINE, OFFICE, STAMP

ARTICLE = f"<article><h1>{HEADLINE}</h1><p>{STAMP}</p></article>"
CARD = "<article><h2>เรื่องอื่น</h2><p>วันที่ : 20/08/2568 09:00</p></article>"


def find(html: str) -> MainContent:
    content = find_main_content(parse_html(html), HEADLINE, SelectorTrace())
    assert content
    return content


@pytest.mark.parametrize(
    ("html", "source", "rivals"),
    [
        (f"<main>{CARD}{ARTICLE}{CARD}</main>", "article", 0),
        (f"<main>{ARTICLE}{ARTICLE}</main>", "article", 1),
        (f"<main><h1>{HEADLINE}</h1><article>{STAMP}</article></main>", "main", 0),
        (f"<main>เมนู</main><p>{HEADLINE}</p><p>{STAMP}</p>", "body", 0),
        ("<main>เมนู</main>", "main", 0),
    ],
)
def test_smallest_element_with_date_and_headline_is_chosen(
    html: str, source: str, rivals: int
) -> None:
    content = find(html)
    assert (content.source, content.rivals) == (source, rivals)


@pytest.mark.parametrize(
    ("footer", "lines", "excludes_footer"),
    [
        (f"<footer>{OFFICE}</footer>", [HEADLINE, STAMP], True),
        (f"<div>{OFFICE}</div>", [HEADLINE, STAMP, OFFICE], False),
        ("<footer>แชร์</footer>", [HEADLINE, STAMP], False),
    ],
)
def test_boilerplate_elements_are_removed(
    footer: str, lines: list[str], excludes_footer: bool
) -> None:
    content = find(f"<nav>เมนู</nav><p>{HEADLINE}</p><p>{STAMP}</p><aside>ข่าว</aside>{footer}")
    assert [line.text for line in content.lines] == lines
    assert content.excludes_footer is excludes_footer


def test_machine_readable_dates_belong_to_their_lines() -> None:
    content = find(f"<p>{HEADLINE}</p><p><time datetime='2025-08-21T20:00Z'>เมื่อวาน</time></p>")
    assert content.days == {"เมื่อวาน": date(2025, 8, 22)}


def test_text_right_after_the_article_is_a_fault() -> None:
    content = find(f"<main>{ARTICLE}<p>{BODY[0]}</p></main><footer>{OFFICE}</footer>")
    assert [kind for kind, _ in content.faults] == ["text-outside-article"]


def test_main_lines_are_those_of_the_main_element() -> None:
    assert main_lines(parse_html("<p>ก</p><main><nav>ข</nav><p>ค</p></main>")) == ["ค"]
    assert main_lines(parse_html("<p>ก</p><nav>ข</nav>")) == ["ก"]
    assert main_lines(parse_html("")) == []
