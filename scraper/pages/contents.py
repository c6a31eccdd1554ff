"""Parser of the ``contents`` layout: server-rendered pages of July 2016 to September 2025.

No raw page of that time is public. The classes of the category, the article block, the headline
and its column are known from other scrapers, the order of the text from the corpora. The rest of
each selector is assumed, so a selector that does not match exactly once becomes a problem.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from scraper.model import Article, Outcome, Page
from scraper.pages.assemble import to_article
from scraper.pages.attributes import reveal_emails
from scraper.pages.document import ends_inside, parse_page, set_cut, soup_of, strings_after
from scraper.pages.fields import PRINT, Fields, fields_of_lines, has_site_title, headline_of
from scraper.pages.html_repair import LETTER_OR_DIGIT
from scraper.pages.lines import TextLine, lines_and_faults, strings_before
from scraper.pages.links import attachments_of
from scraper.pages.press_release import read_press_release
from scraper.thai.text import clean_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bs4.element import Tag
    from parsel import Selector

    from scraper.pages.trace import SelectorTrace
    from scraper.sources import Address

# Bootstrap's class for elements that are not printed with the article.
_HIDDEN_PRINT = "hidden-print"
_BOILERPLATE_TAGS = frozenset({"nav", "aside", "footer"})
_BOILERPLATE_AFTER = (
    "following::*[self::nav or self::aside or self::footer or "
    f"contains(concat(' ', normalize-space(@class), ' '), ' {_HIDDEN_PRINT} ')]"
)
_MAX_BOILERPLATE = 20  # elements of it that are removed from the block
_PIECES = re.compile(rf"(\d\d/\d\d/\d{{4}}|{PRINT})")


class ContentsPage:
    """One page of the layout."""

    PARSER = "contents/2"
    STAGE = "contents"

    TITLE = "head > title"
    CATEGORY = "span.headtitle-2"
    BLOCK = "div.border-normal.clearfix"
    HEADLINE = "h3.news-1"
    LEAD = "h3.news-1 + p"

    def __init__(self, page: Page, text: str, address: Address, trace: SelectorTrace) -> None:
        self._page = page
        self._address = address
        self._trace = trace
        self._document = parse_page(page, text, self.STAGE)
        self._page_title = self._text("page title", self.TITLE)
        self._title = headline_of(self._page_title)
        self.is_cut = False
        self._block = self._article_block()

    @property
    def is_missing(self) -> bool:
        """Whether the page is the site's and has no headline."""
        return not self._title and has_site_title(self._page_title)

    def category(self) -> str | None:
        """Return the site's section that shows the page."""
        return clean_line(self._text("category", self.CATEGORY)) or None

    def article(self) -> Article | None:
        """Return the article, None if there is no block or it contains nothing but a date."""
        block = self._block
        if block is None:
            return None
        lines, faults = lines_and_faults(block)
        fields = self._fields(block, lines)
        release = read_press_release(fields)
        if release.is_empty:
            return None
        for kind, detail in faults:
            self._add_problem(kind, detail)
        self._page.problems.extend(release.problems)
        self._trace.note("header", "text above the headline", fields.header)
        self._trace.sources |= {
            "title": self.TITLE,
            "published_on": "header",
            "body": self.BLOCK,
        }
        return to_article(
            release,
            self._address,
            parser=self.PARSER,
            category=self.category(),
            lines=lines,
            attachments=attachments_of(block, self._address.url),
        )

    def _fields(self, block: Tag, lines: list[TextLine]) -> Fields:
        """Return the editors' fields by element, or by order if the headline is missing."""
        headline = self._element("headline", block, self.HEADLINE)
        at = next((n for n, line in enumerate(lines) if line.block is headline), None)
        if headline is None or at is None:
            return fields_of_lines(self._title, [line.text for line in lines])
        lead = self._element("lead", block, self.LEAD)
        below = lines[at:]
        shown = _texts_in(headline, below)
        return Fields(
            title=self._title or " ".join(shown),
            header=_header_pieces(block, headline),
            headline=shown,
            lead=_texts_in(lead, below),
            rest=tuple(
                line.text for line in below if line.block is not headline and line.block is not lead
            ),
        )

    def _article_block(self) -> Tag | None:
        found = self._document.css(self.BLOCK)
        self._expect_one("article block", self.BLOCK, found)
        if not found:
            return None
        self.is_cut = ends_inside(found[0])
        self._check_text_after(found[0])
        self._remove_boilerplate(found[0])
        block = soup_of(found[0])
        if block is not None:
            reveal_emails(block)
        return block

    def _check_text_after(self, block: Selector) -> None:
        """Report text right after the block: a stray end tag may have ended the block too early."""
        text = " ".join(strings_after(block, _is_boilerplate))
        if LETTER_OR_DIGIT.search(text):
            detail = f"expected no text right after the article block, found {text[:60]!r}"
            self._add_problem("text-outside-block", detail)

    def _remove_boilerplate(self, block: Selector) -> None:
        """Remove and report boilerplate in a block that a missing end tag left open."""
        found: list[Any] = []
        for headline in block.css(self.HEADLINE)[:1]:
            for element in headline.xpath(_BOILERPLATE_AFTER)[:_MAX_BOILERPLATE]:
                above = list(element.root.iterancestors())
                if block.root in above and not any(outer in above for outer in found):
                    found.append(element.root)
        for element in found:
            element.clear(keep_tail=True)
        if found:
            detail = "expected the article block to end before menus and footer, found it open"
            self._add_problem("frame-in-block", detail)

    def _text(self, name: str, selector: str) -> str:
        found = self._document.css(selector)
        self._expect_one(name, selector, found)
        return found[0].xpath("string()").get("") if found else ""

    def _element(self, name: str, scope: Tag, selector: str) -> Tag | None:
        found = scope.select(selector)
        self._expect_one(name, selector, found)
        return found[0] if found else None

    def _expect_one(self, name: str, selector: str, found: Sequence[Selector | Tag]) -> None:
        self._trace.note(name, selector, found)
        if (count := len(found)) != 1:
            kind = "selector-ambiguous" if count else "selector-missed"
            detail = f"expected one element {selector}, found {count or 'none'}"
            self._add_problem(kind, detail + ("; took the first" if count else ""))

    def _add_problem(self, kind: str, detail: str) -> None:
        self._page.add_problem(self.STAGE, kind, detail)


def _is_boilerplate(element: Any) -> bool:
    return element.tag in _BOILERPLATE_TAGS or _HIDDEN_PRINT in (element.get("class") or "").split()


def _texts_in(block: Tag | None, lines: Iterable[TextLine]) -> tuple[str, ...]:
    return tuple(line.text for line in lines if line.block is block)


def _header_pieces(block: Tag, headline: Tag) -> tuple[str, ...]:
    """Return the pieces of text above the headline; one text node may contain several."""
    runs = strings_before(block, headline)
    pieces = (piece.strip() for run in runs for piece in _PIECES.split(run))
    return tuple(filter(None, pieces))


def read_contents_page(page: Page, text: str, address: Address, trace: SelectorTrace) -> None:
    """Parse an HTML page of the layout; set the outcome, article and problems of ``page``."""
    contents = ContentsPage(page, text, address, trace)
    page.article = None if contents.is_cut else contents.article()
    if contents.is_cut:
        set_cut(page, contents.STAGE)
    elif page.article:
        page.outcome = Outcome.ARTICLE
    elif contents.is_missing:
        page.outcome = Outcome.MISSING
        # On a missing page no selector matches; that is not worth a problem.
        page.problems = [problem for problem in page.problems if problem.stage != contents.STAGE]
    else:
        page.outcome = Outcome.UNPARSED
        detail = "expected an article, found a page of another kind"
        page.add_problem(contents.STAGE, "no-article", detail)
