"""Parsers, one module per layout: a capture in, a page with an article or named problems out.

Text in, values out: nothing here fetches, stores or knows of a crawl.
"""

from __future__ import annotations

import re

from scraper.model import Capture, Layout, Origin, Outcome, Page
from scraper.pages.charset import decode
from scraper.pages.contents import read_contents_page
from scraper.pages.corpus import read_corpus_page
from scraper.pages.detect import Form, block_reason, form_of, is_gone
from scraper.pages.news.parser import read_news_page
from scraper.pages.shell import is_shell
from scraper.pages.trace import SelectorTrace
from scraper.sources import parse_address

STAGE = "pages"
_LETTER = re.compile(r"\w")
_MOST_LOST = 0.1  # of the characters of an article may be U+FFFD
PARSERS = {Layout.CONTENTS: read_contents_page, Layout.NEWS: read_news_page}
"""The parser of each layout's HTML; ``(page, text, address, trace)`` in, the page filled in."""


def read(capture: Capture, trace: SelectorTrace | None = None) -> Page:
    """Return what a capture is: an article, a missing page, a refusal or something unparsed.

    A parser that fails is a bug of ours and costs one page, not an import: the page then has the
    problem ``parser-crashed``, and its capture can be read again later.

    Args:
        capture: with its bytes.
        trace: gets to know what the parser looked for and found; None for nobody.

    Raises:
        MemoryError: memory ran out, the machine's or that of the process that reads.
    """
    page = Page(capture=capture)
    try:
        _read(page, trace or SelectorTrace())
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  the one place that guards every parser
        page.article = None
        _give_up(page, "parser-crashed", f"{type(error).__name__}: {error}")
    return page


def _read(page: Page, trace: SelectorTrace) -> None:
    capture = page.capture
    form = form_of(capture)
    text = "" if form is Form.OTHER else _text(page)
    if capture.origin is not Origin.CORPUS and _is_no_answer(page, text):
        return
    if capture.doubt:
        page.add_problem(STAGE, "wrong-coding", capture.doubt)
    if capture.cut:
        _give_up(page, "truncated", f"a part of the page is missing: {capture.cut}")
        return
    address = parse_address(capture.url)
    if form is Form.TEXT:
        read_corpus_page(page, text)
        _check_readable(page)
    elif form is Form.OTHER:
        _give_up(page, "no-page", f"expected HTML or text, found {capture.content_type}")
    elif address is None:
        _give_up(page, "no-article-address", f"no layout has addresses like {capture.url}")
    else:
        PARSERS[address.layout](page, text, address, trace)
        _check_readable(page)
        if (
            page.outcome is Outcome.UNPARSED
            and not capture.rendered
            and is_shell(text, address.number)
        ):
            page.outcome, page.problems = Outcome.SHELL, []


def _text(page: Page) -> str:
    decoded = decode(page.capture.body, page.capture.content_type)
    if decoded.false_label:
        detail = f"the page claims to be in {decoded.false_label!r}, read as {decoded.charset}"
        page.add_problem(STAGE, "charset-mislabelled", detail)
    if count := decoded.undecodable:
        detail = f"{count} places could not be decoded as {decoded.charset} and hold U+FFFD"
        page.add_problem(STAGE, "undecodable-bytes", detail)
    return decoded.text


def _check_readable(page: Page) -> None:
    """Give up an article whose characters are lost: such a text is none."""
    if page.article is None:
        return
    text = f"{page.article.title}{page.article.lead or ''}{page.article.body}"
    lost = text.count("\ufffd")
    letters = len(_LETTER.findall(text)) if lost else 0
    if lost > _MOST_LOST * (lost + letters):
        page.article = None
        detail = f"expected a text, found {lost} U+FFFD among {letters} letters and digits"
        _give_up(page, "unreadable-text", detail)


def _is_no_answer(page: Page, text: str) -> bool:
    """Whether the server did not give the page that was asked for; the outcome is set if so."""
    capture = page.capture
    if is_gone(capture):
        page.outcome = Outcome.MISSING
    elif reason := block_reason(capture, text):
        page.outcome = Outcome.BLOCKED
        page.add_problem(STAGE, "blocked", reason)
    elif capture.status and 300 <= capture.status < 400:
        page.outcome = Outcome.REDIRECT
    elif capture.status and not 200 <= capture.status < 300:
        _give_up(page, "http-status", f"expected a page, found HTTP {capture.status}")
    return page.outcome is not None


def _give_up(page: Page, kind: str, detail: str) -> None:
    page.outcome = Outcome.UNPARSED
    page.add_problem(STAGE, kind, detail)
