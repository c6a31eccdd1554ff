"""Tells a shell from a page: HTML that holds nothing to read until its scripts have run.

Looks at no address and decides nothing else; whether a shell is worth a browser is the crawl's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.pages.contents import ContentsPage
from scraper.pages.detect import challenge_service
from scraper.pages.document import open_document
from scraper.pages.fields import has_site_title, line_key
from scraper.pages.news.boilerplate import boilerplate_kind, statement
from scraper.pages.news.main_content import main_lines
from scraper.pages.news.markers import has_stamp, headline_in
from scraper.pages.news.structured_data import StructuredData
from scraper.pages.trace import SelectorTrace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SCRIPTS = "script[src], script:not([type]), script[type='module'], script[type='text/javascript']"
_TITLE = "head > title"
# A menu or a skeleton in plain elements. The shortest articles, picture posts, have an anchor.
_MOST_TEXT = 300  # characters
_LONGEST_LINE = 80  # characters; a label of a menu, never a sentence of an article


def is_shell(text: str, number: int | None = None) -> bool:
    """Whether the text of a page is still to come, by its scripts.

    It has scripts, no anchor of an article, nearly no text of its own (menus, footers, spinners and
    what stands in ``noscript`` do not count), and no JSON with the whole article. A page that says
    that there is no such article, or that something failed, is none; nor is a bot check.

    Args:
        text: the HTML as the server gave it, not as a browser made it.
        number: of the article, by which JSON may name it; None for other pages.
    """
    document = open_document(text)
    if not document.css(_SCRIPTS) or challenge_service(text):
        return False
    title = document.css(_TITLE).xpath("string()").get("")
    # Pages of the older layout come with their text, missing ones with none.
    if has_site_title(title) or document.css(ContentsPage.BLOCK):
        return False
    lines, headline = main_lines(document), headline_in(title) or ""
    if statement(lines) or _shows(headline, lines) or not _is_scant(lines):
        return False
    return StructuredData(document, SelectorTrace()).article([headline], number) is None


def _shows(headline: str, lines: Sequence[str]) -> bool:
    """Whether lines show an article, by its headline or its date."""
    key = line_key(headline)
    return has_stamp("\n".join(lines)) or (bool(key) and key in map(line_key, lines))


def _is_scant(lines: Iterable[str]) -> bool:
    """Whether lines are no more than the bare frame of a page."""
    shown = [line for line in lines if not boilerplate_kind(line)]
    return sum(map(len, shown)) <= _MOST_TEXT and all(len(line) <= _LONGEST_LINE for line in shown)
