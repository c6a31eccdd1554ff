"""Stray markup in an article: no text is lost, or a problem reports it."""

from __future__ import annotations

import random
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from pipelines.clean import Clean
from scraper.model import Layout
from scraper.pages import read
from scraper.practice.site.still import PracticeSite
from scraper.thai.text import WORD, squash
from tests.factories import make_capture

if TYPE_CHECKING:
    from scraper.model import Page

PAGES = 10  # of each layout
STRAY = (
    "</body>",
    "</html>",
    "</body></html>",
    "</BODY >",
    "</html\n>",
    "</bo\0dy>",
    "</div>",
    "</div></div></div>",
    "<div>",
    '<div class="x">',
    "</p>",
    "<p>",
    "</article>",
    "<article>",
    "</main>",
    "<main>",
    "</section>",
    "<section>",
    "<plaintext>",
    "<!--",
    "<!-- x",
    "<![CDATA[",
    "<!",
    "<!x",
    "<!DOCTYPE",
    "<?",
    "<?xml",
    "</",
    "</ ",
    "<script>",
    "<script type='text/javascript'>var a = 1;",
    "<style>",
    "<title>",
    "<textarea>",
    "<xmp>",
    "<iframe>",
    "<noembed>",
    "<noframes>",
    "<base href='https://example.org/x/'>",
    "\0",
    "\x01",
    "<form>",
    "<form><form>",
    "<table>",
    "<table><tr><td>",
    "<td>",
    "<tr><td>",
    "</td>",
    "</table>",
    "<b><p>",
    "</b></p>",
    "<i><div></i>",
    "<frameset>",
    "<frameset><frame></frameset>",
    "<select>",
    "<option>",
    "<button>",
    "<noscript>",
    "<template>",
    "<object>",
    "<svg>",
    "<math>",
    "<svg><title>",
    "<head>",
    "<body class=x>",
    "<html>",
    "<nav>",
    "</nav>",
    "<aside>",
    "<footer>",
    "</footer>",
    "<a",
    "<b ",
    "<br",
    '<img src="a.jpg',
    '<a href="x',
    '<a href="x>',
    "<a href='x>",
    "<a href=",
    "<li>",
    "<h3>",
    "<ruby><rt>",
    "</script>",
    "</style>",
    "<div role=navigation>",
    "<div role='search'>",
    "<script><!--<script></script>",
    "<iframe><div></iframe>",
)
# Not the hashtags: a tag within one ends it.
_NO_WORDS = re.compile(rf"[^{WORD}]+|_+")
FIELDS = ("title", "lead", "published_on", "category", "attachments", "links")


def made_of(page: Page) -> dict[str, Any]:
    """Return the fields of a parsed page, with its text without spaces and punctuation."""
    article = Clean().process_item(page).article
    if article is None:
        return {"outcome": page.outcome}
    # A stray tag may end a line, as it does in a browser; a line of punctuation is a separator.
    text = _NO_WORDS.sub("", squash(f"{article.lead or ''}{article.body}{article.tail}"))
    return {**{name: getattr(article, name) for name in FIELDS}, "text": text}


def read_html(url: str, html: str) -> Page:
    return read(make_capture(url=url, body=html.encode()))


@cache
def read_sound(url: str, html: str) -> tuple[set[str], dict[str, Any]]:
    """Return the kinds of problems and the fields of an undamaged page."""
    page = read_html(url, html)
    return {problem.kind for problem in page.problems}, made_of(page)


@cache
def samples(layout: Layout) -> list[tuple[str, str, int, int]]:
    """Return URL, HTML, and start and end of the text of some practice pages."""
    site = PracticeSite(200, layout=layout, resume_length=3000)
    found = []
    for number in random.Random(9).sample(list(site.numbers()), 2 * PAGES):
        if layout is Layout.NEWS:
            html = site.rendered(number).decode()
            begin, end = html.index('class="content">') + 16, html.index('<ul class="documents">')
        else:
            html = site.html(number).decode()
            begin = html.index('<div class="clearfix"></div>')
            end = html.rindex("</div>", 0, html.index('<div class="col-sm-12 hidden-print">'))
        end = html.rindex("<", 0, end)
        if end - begin > 200:  # not a picture post
            found.append((site.url(number), html, begin, end))
    return found[:PAGES]


def place(html: str, begin: int, end: int, rng: random.Random) -> int:
    """Return a position in a text that is not inside a tag, script or entity."""
    pieces = re.finditer(r"<script.*?</script>|<[^>]*>|&#?\w+;|[^<&]", html[begin:end], re.DOTALL)
    return begin + rng.choice([piece.start() for piece in pieces])


@pytest.mark.parametrize("layout", Layout)
@pytest.mark.parametrize("stray", STRAY)
def test_article_is_complete_or_has_a_problem(layout: Layout, stray: str) -> None:
    rng = random.Random(stray)
    for url, html, begin, end in samples(layout):
        kinds, fields = read_sound(url, html)
        at = place(html, begin, end, rng)
        page = read_html(url, html[:at] + stray + html[at:])
        new_kinds = {problem.kind for problem in page.problems} - kinds
        assert new_kinds or made_of(page) == fields, (url, html[at - 40 : at + 40])


@pytest.mark.parametrize("layout", Layout)
@pytest.mark.parametrize(
    "stray", ["</body>", "</html>", "</body></html>", "<![CDATA[", "<textarea>"]
)
def test_repairable_markup_loses_no_text(layout: Layout, stray: str) -> None:
    rng = random.Random(stray)
    for url, html, begin, end in samples(layout):
        at = place(html, begin, end, rng)
        page = read_html(url, html[:at] + stray + html[at:])
        assert made_of(page) == read_sound(url, html)[1]


@pytest.mark.parametrize("layout", Layout)
def test_sound_pages_have_no_markup_problems(layout: Layout) -> None:
    for url, html, _, _ in samples(layout):
        kinds = {problem.kind for problem in read_html(url, html).problems}
        assert not kinds & {"broken-markup", "text-outside-block", "text-outside-article"}
        assert not kinds & {"frame-in-block", "text-left-out", "page-cut-off"}


@pytest.mark.parametrize("layout", Layout)
def test_a_page_cut_anywhere_is_whole_or_cut(layout: Layout) -> None:
    """Without a declared length; the cut may be inside a tag or a character."""
    for url, html, begin, end in samples(layout)[:4]:
        kinds, fields = read_sound(url, html)
        first, last = len(html[:begin].encode()), len(html[:end].encode())
        for at in random.Random(url).sample(range(first, last), 20):
            page = read(make_capture(url=url, body=html.encode()[:at]))
            assert page.article is None
            assert "truncated" in {problem.kind for problem in page.problems}
        for length in random.Random(url).sample(range(len(html) - end), 10):
            page = read_html(url, html[: end + length])
            new_kinds = {problem.kind for problem in page.problems} - kinds
            assert new_kinds or made_of(page) == fields


def test_digits_outside_the_article_are_text() -> None:
    """And so are lines that could be a footer's."""
    for layout, line in ((Layout.CONTENTS, "2568"), (Layout.NEWS, "โทร. 0 2000 1234")):
        url, html, _, end = samples(layout)[0]
        page = read_html(url, f"{html[:end]}</div></div></article></main><p>{line}</p>{html[end:]}")
        assert {p.kind for p in page.problems} & {"text-outside-block", "text-outside-article"}


@pytest.mark.parametrize("layout", Layout)
def test_text_after_the_document_is_reported(layout: Layout) -> None:
    url, html, _, _ = samples(layout)[0]
    page = read_html(url, f"{html}<!-- saved --><script>1</script><p>ข้อความต่อท้าย</p>")
    details = [problem.detail for problem in page.problems if problem.kind == "broken-markup"]
    assert details == ["expected well-formed HTML; there is text after </html>: 'ข้อความต่อท้าย'"]
    sound = read_html(url, f"{html}\n<!-- saved by an archive --><script>1</script>\n")
    assert "broken-markup" not in {problem.kind for problem in sound.problems}
