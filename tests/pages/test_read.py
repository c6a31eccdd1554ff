"""Every capture gets an outcome, and no input crashes a parser."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper import pages
from scraper.model import Layout, Outcome, Page
from tests.pages.record import RECORDED
from tests.pages.samples import (
    BODY,
    HEADLINE,
    LONG,
    NEWS,
    OFFICE,
    PREFIX,
    STAMP,
    URL,
    capture,
    corpus_text,
    html_page,
    news_page,
    plain_news,
)

if TYPE_CHECKING:
    from scraper.pages.trace import SelectorTrace
    from scraper.sources import Address


@pytest.mark.parametrize(
    ("url", "status", "content_type", "outcome", "problem"),
    [
        (URL, 200, "text/html", Outcome.ARTICLE, None),
        (URL, None, "", Outcome.ARTICLE, None),
        (URL, 404, "text/html", Outcome.MISSING, None),
        (URL, 410, "text/html", Outcome.MISSING, None),
        (URL, 403, "text/html", Outcome.BLOCKED, "blocked"),
        (URL, 429, "text/html", Outcome.BLOCKED, "blocked"),
        (URL, 500, "text/html", Outcome.UNPARSED, "http-status"),
        (URL, 302, "text/html", Outcome.REDIRECT, None),
        (URL, 308, "text/plain", Outcome.REDIRECT, None),
        (URL, 403, "text/plain", Outcome.BLOCKED, "blocked"),
        (URL, 429, "application/json", Outcome.BLOCKED, "blocked"),
        (URL, 404, "application/pdf", Outcome.MISSING, None),
        (URL, 200, "application/pdf", Outcome.UNPARSED, "no-page"),
        (NEWS, 200, "text/html", Outcome.UNPARSED, "no-article"),
        ("https://example.org/1", 200, "text/html", Outcome.UNPARSED, "no-article-address"),
    ],
)
def test_every_capture_has_an_outcome(
    url: str, status: int | None, content_type: str, outcome: Outcome, problem: str | None
) -> None:
    page = pages.read(capture(html_page(), url=url, status=status, content_type=content_type))
    assert page.outcome is outcome
    assert (page.article is not None) == (outcome is Outcome.ARTICLE)
    assert [found.kind for found in page.problems] == ([problem] if problem else [])


def test_challenge_with_status_200_is_blocked() -> None:
    page = pages.read(capture("<html><head><title>Just a moment...</title></head></html>"))
    assert page.outcome is Outcome.BLOCKED
    assert "Cloudflare" in page.problems[0].detail


def test_page_in_windows_874() -> None:
    body = html_page().replace('<meta charset="utf-8">', "").encode("cp874")
    page = pages.read(capture(body, content_type="text/html; charset=windows-874"))
    assert page.article
    assert page.article.title == HEADLINE


def test_undecodable_bytes_are_reported_and_the_page_is_kept() -> None:
    page = pages.read(capture(html_page().encode().replace(b"</body>", b"\xff\xfe</body>")))
    assert page.outcome is Outcome.ARTICLE
    (problem,) = page.problems
    assert (problem.kind, problem.detail[:2]) == ("undecodable-bytes", "2 ")


def test_crash_of_a_parser_is_a_problem_of_one_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(page: Page, text: str, address: Address, _trace: SelectorTrace) -> None:
        raise LookupError(f"{page.outcome} {address.number} {text[:9]}")

    monkeypatch.setitem(pages.PARSERS, Layout.CONTENTS, crash)
    page = pages.read(capture(html_page()))
    assert page.outcome is Outcome.UNPARSED
    assert [problem.kind for problem in page.problems] == ["parser-crashed"]
    assert page.problems[0].detail == "LookupError: None 70001 <!DOCTYPE"


# fmt: off
SHREDS = [
    f"<title>{PREFIX}{HEADLINE}</title>", '<div class="border-normal clearfix">', "</div>",
    '<span class="headtitle-2">', '<h3 class="news-1">', "</h3>", "<p>", "</p>", "<br>", "<table>",
    "<tr>", "<td>", "</td>", "<a href='", "'>", "<img src='http://[", "<script>", "</script>",
    "<!--", "-->", "<![CDATA[", f" data-cfemail='{LONG}'", HEADLINE, LONG, "#ก", "อัลบั้มภาพ",
    f"<title>รัฐบาลไทย | {HEADLINE}</title>", f"<p>{STAMP}</p>", f"<div>{OFFICE}</div>", "<article>",
    "<main>", "</main>", "<nav>", "<footer>", "<h1>", "<time datetime='2025-08-21T25:00'>", "Next",
    "<script type='application/ld+json'>", '{"headline": "ก", "articleBody": "ข", "image": [[', "}",
    "<script src='/a.js'></script>", "ไม่พบหน้าที่ต้องการ", "กำลังโหลด…",
    "&#x0;", "&#55296;", "<?xml?>", "<svg><title>", "<template>", "<math><mi>", "\x00", "\ufffd",
]
# fmt: on
MARKUP = st.lists(st.sampled_from(SHREDS) | st.text(max_size=8), max_size=40).map("".join)


@pytest.mark.parametrize("tag", ["font", "div", "table><tr><td", "a href='/1'"])
def test_nesting_may_be_deep(tag: str) -> None:
    page = pages.read(capture(html_page(body=f"<{tag}>" * 600 + "ว่าว")))
    assert page.article
    assert "ว่าว" in page.article.body


@pytest.mark.parametrize("tag", ["font", "div", "table><tr><td"])
def test_text_lost_to_deep_nesting_is_reported(tag: str) -> None:
    page = pages.read(capture(html_page(body="<p>ว่าว</p>" + f"<{tag}>" * 3000 + "ลม")))
    assert page.article
    assert "ลม" not in page.article.body
    assert [problem.kind for problem in page.problems] == ["page-cut-off"]


@pytest.mark.parametrize("url", [URL, NEWS])
@given(MARKUP)
def test_any_html_gets_an_outcome(url: str, markup: str) -> None:
    page = pages.read(capture(markup.encode("utf-8", "surrogatepass"), url=url))
    assert page.outcome
    assert "parser-crashed" not in [problem.kind for problem in page.problems], page.problems


BAD_LINKS = (
    "<a href='\x01x.pdf'>ลม</a>",
    "<img src='\x02\x0b.jpg'>",
    "<img src='&#1;&#0;.jpg'>",
    "<a href='\x1b[2J.pdf'>ลม</a>",
    "<a href='http://['>ลม</a>",
    "<a href='http://[::1/x.pdf'>ลม</a>",
    "<a href='http://a:99999999/x.pdf'>ลม</a>",
    "<img src='http://a:b/x.jpg'>",
    "<a href='/%ff%fe.pdf'>ลม</a>",
    "<a href='//'>ลม</a>",
    "<a href='http:'>ลม</a>",
    "<img src='\ufffe\uffff.jpg'>",
    "<img src='&#55296;.jpg'>",
    f"<a href='{'a' * 70_000}.pdf'>ลม</a>",
    "<audio src='\x05'></audio>",
    "<a href='http://\u2100.example/x.pdf'>ลม</a>",
    "<base href='http://['>",
    "<p \x01=ลม></p>",
    "<p xml:lang='\x02'></p>",
    "<i data-cfemail='\x03'></i>",
    "<script>clip: {\nsrc: '\x01.mp4'\n src: 'http://['\n}</script>",
)


@pytest.mark.parametrize("link", BAD_LINKS)
@pytest.mark.parametrize("url", [URL, NEWS])
def test_article_with_a_bad_link_is_kept(url: str, link: str) -> None:
    body = f"<p>{BODY[0]}</p>{link}<p>{BODY[1]}</p>"
    html = html_page(body=body) if url == URL else news_page(plain_news(body=body))
    page = pages.read(capture(html, url=url))
    assert page.article, page.problems
    assert all(line in page.article.body for line in BODY)
    assert page.article.model_dump_json().encode()


@pytest.mark.parametrize("seed", range(4))
def test_damaged_pages_get_an_outcome(seed: int) -> None:
    """The damage is the same in every run, so that failures can be reproduced."""
    rng = random.Random(seed)
    shreds = [shred.encode("utf-8", "surrogatepass") for shred in (*SHREDS, *BAD_LINKS)]
    recorded = sorted(RECORDED.glob("*.html"))
    for _ in range(100):
        path = rng.choice(recorded)
        url = json.loads(path.with_suffix(".json").read_text("utf-8"))["url"]
        body = bytearray(path.read_bytes())
        for _ in range(rng.randint(1, 6)):
            at = rng.randrange(len(body) + 1)
            match rng.randrange(4):
                case 0 | 1:
                    body[at:at] = rng.choice(shreds)
                case 2:
                    del body[at : at + rng.randrange(400)]
                case _:
                    body[at : at + 3] = rng.randbytes(3)
        label = rng.choice(["utf-8", "tis-620", "utf-7", "gbk", "\0"])
        page = pages.read(capture(bytes(body), url=url, content_type=f"text/html; charset={label}"))
        assert page.outcome
        assert "parser-crashed" not in [problem.kind for problem in page.problems], page.problems
        assert page.model_dump_json(exclude={"capture"}).encode()


@pytest.mark.parametrize(
    "head",
    [
        f"<title>รัฐบาลไทย | &amp;#{'1' * 6000};</title>",
        r"""<script type='application/json'>{"title": "\ud800", "body": "\udfff",
        "image": ["/\ud83d.jpg"], "date": "\ud800"}</script>""",
        "<a:b role='main'>ลม</a:b>",
        "<x.y role='main'>ลม</x.y>",
    ],
)
def test_odd_heads_do_not_crash_a_parser(head: str) -> None:
    for url, html in ((NEWS, news_page(plain_news(), head=head)), (URL, head + html_page())):
        page = pages.read(capture(html, url=url))
        assert "parser-crashed" not in [problem.kind for problem in page.problems], page.problems


def test_thai_page_with_a_false_charset_label() -> None:
    page = pages.read(capture(html_page().encode("cp874")))
    assert page.article
    assert (page.article.title, page.article.body) == (HEADLINE, "\n".join(BODY))
    assert [problem.kind for problem in page.problems] == ["charset-mislabelled"]


def test_text_of_replacement_characters_is_not_an_article() -> None:
    lost = html_page().replace("ว่าว", "\ufffd" * 20)
    page = pages.read(capture(lost))
    assert (page.article, page.outcome) == (None, Outcome.UNPARSED)
    assert [problem.kind for problem in page.problems] == ["unreadable-text"]


@given(
    st.binary(max_size=200), st.sampled_from(["text/html", "text/plain", "text/html; charset=é"])
)
def test_any_bytes_get_an_outcome(body: bytes, content_type: str) -> None:
    page = pages.read(capture(body, content_type=content_type))
    assert page.outcome
    assert "parser-crashed" not in [problem.kind for problem in page.problems], page.problems


@given(st.lists(st.sampled_from([HEADLINE, LONG, "พิมพ์", "1", "..."]) | st.text(max_size=9)))
def test_any_corpus_text_is_accepted(lines: list[str]) -> None:
    text = corpus_text(*lines).encode("utf-8", "replace")
    page = pages.read(capture(text, source="ก_1.txt"))
    assert "parser-crashed" not in [problem.kind for problem in page.problems], page.problems
