"""Recognises shells: HTML with nothing to read until its scripts have run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.pages.contents import ContentsPage
from scraper.pages.detect import challenge_service
from scraper.pages.document import parse_html
from scraper.pages.fields import has_site_title, line_key
from scraper.pages.news.boilerplate import boilerplate_kind, statement
from scraper.pages.news.main_content import main_lines
from scraper.pages.news.markers import has_date_line, headline_in
from scraper.pages.news.structured_data import StructuredData
from scraper.pages.trace import SelectorTrace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SCRIPTS = "script[src], script:not([type]), script[type='module'], script[type='text/javascript']"
# Limits of menus and skeletons in plain elements. Even picture posts have a marker.
_MAX_SHELL_TEXT = 300  # characters
_MAX_SHELL_LINE = 80  # characters; menu labels are shorter, sentences of articles longer


def is_shell(text: str, number: int | None = None) -> bool:
    """Whether the scripts of a page still have to fill in its text.

    A shell has scripts, no marker of an article, nearly no text (menus, footers, spinners and
    ``noscript`` do not count) and no JSON with the whole article. Bot checks are not shells, nor
    are pages that say that an article does not exist or that something failed.

    Args:
        text: the HTML as served, not as rendered by a browser.
        number: the number of the article, to find it in JSON; None for other pages.
    """
    document = parse_html(text)
    if not document.css(_SCRIPTS) or challenge_service(text):
        return False
    title = document.css(ContentsPage.TITLE).xpath("string()").get("")
    # Pages of the older layout are served with their text; its missing pages have none.
    if has_site_title(title) or document.css(ContentsPage.BLOCK):
        return False
    lines, headline = main_lines(document), headline_in(title) or ""
    if statement(lines) or _shows_article(headline, lines) or not _is_scant(lines):
        return False
    return StructuredData(document, SelectorTrace()).article([headline], number) is None


def _shows_article(headline: str, lines: Sequence[str]) -> bool:
    """Whether lines contain a date line or the headline."""
    key = line_key(headline)
    return has_date_line("\n".join(lines)) or (bool(key) and key in map(line_key, lines))


def _is_scant(lines: Iterable[str]) -> bool:
    """Whether lines are few and short enough to be only menus and the like."""
    shown = [line for line in lines if not boilerplate_kind(line)]
    return sum(map(len, shown)) <= _MAX_SHELL_TEXT and all(
        len(line) <= _MAX_SHELL_LINE for line in shown
    )
