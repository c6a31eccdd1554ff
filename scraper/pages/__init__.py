"""Parsers, one per layout: a capture in, a page with an article or with named problems out.

Nothing here fetches or stores.
"""

from __future__ import annotations

import re
from http import HTTPStatus

from scraper.model import Capture, Layout, Origin, Outcome, Page
from scraper.pages.charset import decode_page
from scraper.pages.contents import read_contents_page
from scraper.pages.corpus import read_corpus_page
from scraper.pages.detect import Form, block_reason, form_of
from scraper.pages.news.parser import read_news_page
from scraper.pages.shell import is_shell
from scraper.pages.trace import SelectorTrace
from scraper.sources import parse_address

_WORD_CHARACTER = re.compile(r"\w")
_MAX_LOST = 0.1  # share of an article's characters that may be U+FFFD
PARSERS = {Layout.CONTENTS: read_contents_page, Layout.NEWS: read_news_page}
"""Parsers of HTML by layout; each takes ``(page, text, address, trace)`` and fills the page."""


def read(capture: Capture, trace: SelectorTrace | None = None) -> Page:
    """Parse a capture into a page with its outcome, article and problems.

    An exception in a parser is a bug and costs one page, not an import: the page gets the problem
    ``parser-crashed``, and its capture can be read again later.

    Args:
        capture: with its bytes.
        trace: records what the parser looked for and found.

    Raises:
        MemoryError: the machine or the process is out of memory.
    """
    page = Page(capture=capture)
    try:
        _read_into(page, trace or SelectorTrace())
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  the one place that guards every parser
        page.article = None
        _set_unparsed(page, "parser-crashed", f"{type(error).__name__}: {error}")
    return page


def _read_into(page: Page, trace: SelectorTrace) -> None:
    capture = page.capture
    form = form_of(capture)
    text = "" if form is Form.OTHER else _decode_body(page)
    if capture.origin is not Origin.CORPUS and _set_http_outcome(page, text):
        return
    if capture.doubt:
        _add_problem(page, "wrong-coding", capture.doubt)
    if capture.cut:
        _set_unparsed(page, "truncated", f"a part of the page is missing: {capture.cut}")
        return
    address = parse_address(capture.url)
    if form is Form.TEXT:
        read_corpus_page(page, text)
        _check_readable(page)
    elif form is Form.OTHER:
        _set_unparsed(page, "no-page", f"expected HTML or text, found {capture.content_type}")
    elif address is None:
        _set_unparsed(page, "no-article-address", f"no layout has addresses like {capture.url}")
    else:
        PARSERS[address.layout](page, text, address, trace)
        _check_readable(page)
        if (
            page.outcome is Outcome.UNPARSED
            and not capture.rendered
            and is_shell(text, address.number)
        ):
            page.outcome, page.problems = Outcome.SHELL, []


def _decode_body(page: Page) -> str:
    decoded = decode_page(page.capture.body, page.capture.content_type)
    if decoded.false_label:
        detail = f"the page claims to be in {decoded.false_label!r}, read as {decoded.charset}"
        _add_problem(page, "charset-mislabelled", detail)
    if count := decoded.undecodable:
        detail = f"{count} places could not be decoded as {decoded.charset} and hold U+FFFD"
        _add_problem(page, "undecodable-bytes", detail)
    return decoded.text


def _check_readable(page: Page) -> None:
    """Drop an article that lost too many of its characters in decoding."""
    if page.article is None:
        return
    text = f"{page.article.title}{page.article.lead or ''}{page.article.body}"
    lost = text.count("\ufffd")
    if not lost:
        return
    letters = len(_WORD_CHARACTER.findall(text))
    if lost > _MAX_LOST * (lost + letters):
        page.article = None
        detail = f"expected a text, found {lost} U+FFFD among {letters} letters and digits"
        _set_unparsed(page, "unreadable-text", detail)


def _set_http_outcome(page: Page, text: str) -> bool:
    """Set the outcome if the answer is not the requested page; return whether it was set."""
    capture = page.capture
    if capture.status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        page.outcome = Outcome.MISSING
    elif reason := block_reason(capture, text):
        page.outcome = Outcome.BLOCKED
        _add_problem(page, "blocked", reason)
    elif capture.status and 300 <= capture.status < 400:
        page.outcome = Outcome.REDIRECT
    elif capture.status and not 200 <= capture.status < 300:
        _set_unparsed(page, "http-status", f"expected a page, found HTTP {capture.status}")
    return page.outcome is not None


def _set_unparsed(page: Page, kind: str, detail: str) -> None:
    page.outcome = Outcome.UNPARSED
    _add_problem(page, kind, detail)


def _add_problem(page: Page, kind: str, detail: str) -> None:
    page.add_problem("pages", kind, detail)
