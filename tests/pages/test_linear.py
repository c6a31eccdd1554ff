"""Parsing takes linear time, even for hostile pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from scraper import pages
from scraper.pages.charset import decode_page
from scraper.pages.corpus import category_of, source_address
from scraper.pages.detect import challenge_service, has_article_marker, is_site_page
from scraper.pages.fields import header_kind, headline_of, line_key
from scraper.pages.html_repair import repair_html, unescape
from scraper.pages.links import absolute_url, attachment_at
from scraper.pages.news.boilerplate import boilerplate_kind, statement
from scraper.pages.news.markers import has_date_line, headline_in
from scraper.pages.news.structured_data import as_element, day_of
from scraper.pages.references import hashtags, urls
from scraper.pages.tail import tail_kind
from tests.hostile import TAGS, UNITS, assert_linear, cpu_time, repeated
from tests.pages.samples import (
    HEADLINE,
    LONG,
    NEWS,
    OFFICE,
    STAMP,
    URL,
    capture,
    corpus_text,
    html_page,
    news_page,
    plain_news,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.model import Page

FUNCTIONS: dict[str, Callable[[str], Any]] = {
    "has_date_line": has_date_line,
    "headline_in": headline_in,
    "headline_of": headline_of,
    "header_kind": header_kind,
    "line_key": line_key,
    "boilerplate_kind": boilerplate_kind,
    "statement": lambda text: statement([text]),
    "tail_kind": tail_kind,
    "hashtags": lambda text: hashtags([text]),
    "urls": urls,
    "has_article_marker": has_article_marker,
    "is_site_page": is_site_page,
    "challenge_service": challenge_service,
    "decode_page": lambda text: decode_page(b"\xff" + text.encode(), f"text/html; {text}"),
    "day_of": day_of,
    "as_element": as_element,
    "source_address": source_address,
    "category_of": category_of,
    "absolute_url": lambda text: absolute_url(text, URL),
    "attachment_at": lambda text: attachment_at(f"http://a/{text}", URL),
    "repair_html": repair_html,
    "unescape": unescape,
}
# For each layout an address, and a function that builds a page around hostile text.
LAYOUTS: dict[str, tuple[str, Callable[[str], str]]] = {
    "contents": (URL, lambda body: html_page(body=body)),
    "news": (NEWS, lambda body: news_page(plain_news(body=body))),
    "news-article": (
        NEWS,
        lambda body: news_page(f"<article><h1>{HEADLINE}</h1><p>{STAMP}</p>{body}</article>"),
    ),
    "bare-contents": (URL, lambda body: body),
    "bare-news": (NEWS, lambda body: body),
}


def read(html: str, url: str) -> Page:
    return pages.read(capture(html, url=url))


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("begin", ["", "<title>รัฐบาลไทย | วันที่ "])
def test_functions_take_linear_time(name: str, begin: str) -> None:
    for unit in (*UNITS, *TAGS):
        assert_linear(FUNCTIONS[name], repeated(unit, begin), 6_000)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_pages_take_linear_time(layout: str) -> None:
    url, build = LAYOUTS[layout]
    for unit in (*TAGS, "ุ่", "\u0301\u0323", "วันที่ ", f"<h1>{HEADLINE}</h1>", f"{HEADLINE}<br>"):
        assert_linear(lambda body: read(build(body), url), repeated(unit), 2_500)


@pytest.mark.parametrize(
    "unit",
    ['{"a":', "[", '{"image":{"url":', '{"title":"a","body":"b"},', '"', "\\u0000", "1", "&amp;"],
)
@pytest.mark.parametrize("kind", ["application/json", "application/ld+json"])
def test_json_takes_linear_time(unit: str, kind: str) -> None:
    def build(length: int) -> str:
        data = unit * (length // len(unit))
        return news_page(plain_news(), head=f"<script type='{kind}'>{data}</script>")

    assert_linear(lambda html: read(html, NEWS), build, 6_000)
    assert cpu_time(lambda html: read(html, NEWS), build(100_000 * len(unit))) < 4


@pytest.mark.parametrize(
    ("url", "html"),
    [
        (NEWS, news_page(f"<pre>วันที่{' ' * 600_000}</pre>")),
        (NEWS, f"<pre>วันที่{' ' * 600_000}"),
        (NEWS, news_page(f"<h1>{HEADLINE}</h1>" * 400 + "<p>ลม</p>" * 3000)),
        (URL, html_page(body="<a href='/1'>ลม</a><br>" * 1500)),
        (URL, html_page(body="ก" + "ุ่" * 60_000)),
        (URL, "<title " * 10_000),
        (URL, html_page(body="<td>ลม" * 3000)),
        (URL, html_page(body=f"<script>{chr(10) * 60_000}</script>")),
    ],
)
def test_once_slow_pages_are_parsed_quickly(url: str, html: str) -> None:
    assert cpu_time(lambda text: read(text, url), html) < 1.5


def test_number_of_lines_is_limited_without_loss() -> None:
    page = read(html_page(body="".join(f"{n}<br>" for n in range(12_000))), URL)
    assert page.article
    lines = page.article.body.split("\n")
    assert len(lines) < 10_005
    assert lines[-1].endswith(" 11998 11999")
    assert [problem.kind for problem in page.problems] == ["too-many-lines"]


def test_corpus_files_take_linear_time() -> None:
    def build(length: int) -> str:
        return corpus_text(LONG, HEADLINE, *[OFFICE[:3]] * (length // 4))

    assert_linear(lambda text: pages.read(capture(text, source="ก_1.txt")), build, 6_000)
