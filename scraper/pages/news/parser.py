"""Parser of the ``news`` layout: pages since October 2025, filled in by scripts in a browser.

Known are the page's title, the date line, and the name at the head of the footer
(`scraper.pages.news.markers`). Whether the site uses semantic elements, or has its articles as JSON
in the page, is unknown: elements bound the text if there are any, and JSON is compared with it. A
known marker that is absent is a problem; an assumed one only shows in ``thaigov check-page``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.model import Article, Attachment, Outcome, Page
from scraper.pages.assemble import to_article
from scraper.pages.document import parse_page, set_cut
from scraper.pages.fields import Fields, line_key
from scraper.pages.lines import lines_of
from scraper.pages.links import attachment_at, attachments_of
from scraper.pages.news.boilerplate import SAYS_MISSING, statement
from scraper.pages.news.main_content import (
    TIME,
    WHOLE_PAGE,
    MainContent,
    find_main_content,
    main_lines,
)
from scraper.pages.news.markers import OFFICE_NAME, DateLine, Parts, headline_in, split_page
from scraper.pages.news.structured_data import SCRIPTS, StructuredData, as_element, day_of
from scraper.pages.press_release import PressRelease, read_press_release
from scraper.thai.text import clean_line, squash

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from scraper.pages.trace import SelectorTrace
    from scraper.sources import Address

_UPLOADS = "/uploads/"  # part of the URL of every file of an article seen so far
_EXAMPLE_DATE_LINE = "a line 'วันที่ : 21/08/2568 14:30'"
_MAX_HEADINGS = 20  # a page of cards may have any number
_COMPARED = 200  # characters at the beginning of two texts


class NewsPage:
    """One page of the layout."""

    PARSER = "news/2"
    STAGE = "news"

    TITLE = "head > title"
    HEADLINE = "h1"
    CATEGORY = "meta[property='article:section']"

    def __init__(self, page: Page, text: str, address: Address, trace: SelectorTrace) -> None:
        self._page = page
        self._address = address
        self._trace = trace
        self._document = parse_page(page, text, self.STAGE)
        page_title = "".join(self._texts("page title", self.TITLE))
        self._in_title = headline_in(page_title)
        headings = self._texts("headings", self.HEADLINE, most=_MAX_HEADINGS)
        data = StructuredData(self._document, trace)
        for name in data.malformed:
            self._add_problem("malformed-json", f"expected JSON in {name}, found something else")
        self._json = data.article([self._in_title or "", *headings], address.number)
        self._has_date_line = False
        self.is_cut = False
        self._titles = self._title_candidates(headings)
        self._title = self._titles[0]

    def _title_candidates(self, headings: list[str]) -> list[str]:
        """Return the candidates for the headline, the best one (or an empty text) first."""
        in_json = clean_line(self._json.title) if self._json else ""
        # Title and heading of a missing page may say that it is missing.
        in_title = "" if self._title_says_missing() else self._in_title
        heading = next((text for text in headings if text and not statement([text])), "")
        return [in_title or in_json or heading, in_json, *headings]

    # --- outcome ---------------------------------------------------------------------------------

    def article(self) -> Article | None:
        """Return the article, None if neither the page nor its JSON contains one."""
        found = self._shown() or self._in_structured_data()
        if found is None or not self._title:
            return None
        content, parts = found
        is_shown = content.source not in SCRIPTS
        if not self._in_title and is_shown:
            detail = f"expected 'รัฐบาลไทย | HEADLINE' for the page's title; took {self._title!r}"
            self._add_problem("no-title", detail)
        self._trace.sources |= {
            "title": self.TITLE if self._in_title else "JSON or h1",
            "published_on": "date line" if is_shown else content.source,
            "body": content.source,
        }
        fields = Fields(self._title, parts.between, parts.headline, self._lead(), parts.text)
        release = read_press_release(fields, self._published(content, parts.date_line))
        self._page.problems.extend(release.problems)
        self._compare_with_json(content, parts)
        return self._assemble(content, release)

    def is_missing(self) -> bool:
        """Whether the page is the site's and says that the article does not exist."""
        is_untitled = self._in_title == "" or self._title_says_missing()
        return is_untitled and statement(main_lines(self._document)) == SAYS_MISSING

    def report_no_article(self) -> None:
        """Add problems that name the absent markers and quote the page."""
        if self._in_title and not self._has_date_line:
            self._add_problem("no-date-line", f"expected {_EXAMPLE_DATE_LINE}, found none")
        text = " / ".join(main_lines(self._document))[:_COMPARED]
        detail = f"expected an article, found a page that says: {text or 'nothing'}"
        self._add_problem("no-article", detail)

    # --- where the article is --------------------------------------------------------------------

    def _shown(self) -> tuple[MainContent, Parts] | None:
        """Return the article that the page shows, None if it shows none."""
        content = find_main_content(self._document, self._title, self._trace)
        if content is None:
            return None
        texts = [line.text for line in content.lines]
        parts = split_page(
            self._titles, texts, days=content.days, excludes_footer=content.excludes_footer
        )
        self._trace_markers(parts)
        self._has_date_line = parts.date_line is not None
        if parts.is_loading:
            detail = "expected a text, found only that it is being loaded"
            self._add_problem("still-loading", detail)
        if parts.date_line is None or parts.is_loading:
            return None
        if not content.excludes_footer and parts.footer is None:
            detail = f"expected a footer that begins {OFFICE_NAME}; found none"
            self._add_problem("no-footer", f"{detail}, so the text may contain it")
            self.is_cut = content.is_open
        if parts.has_related:
            detail = f"{len(parts.below)} lines from related news on were left out"
            self._add_problem("related-news-cut", detail)
        for kind, detail in content.faults:
            self._add_problem(kind, detail)
        if content.rivals:
            detail = f"{content.rivals} other elements {content.source} have a date"
            self._add_problem("selector-ambiguous", f"{detail}; took the first")
        return content, parts

    def _in_structured_data(self) -> tuple[MainContent, Parts] | None:
        """Return the article in the page's JSON, None if there is none."""
        if self._json is None:
            return None
        block = as_element(self._json.body)
        lines = lines_of(block)
        raw = clean_line(self._json.published)
        date_line = DateLine(0, 0, raw, day_of(self._json.published), labelled=True)
        text = tuple(line.text for line in lines)
        parts = Parts(headline=(self._title,), date_line=date_line if raw else None, text=text)
        return MainContent(self._json.source, block, lines, {}), parts

    # --- fields ----------------------------------------------------------------------------------

    def _published(
        self, content: MainContent, date_line: DateLine | None
    ) -> tuple[date | None, str | None]:
        """Return the date of publication, shown or machine-readable, and its date line."""
        if date_line is None:
            self._add_problem("no-date-line", f"expected {_EXAMPLE_DATE_LINE}, found none")
            return None, None
        days = {TIME: day} if (day := next(iter(content.days.values()), None)) else {}
        if self._json and (day := day_of(self._json.published)):
            days[self._json.source] = day
        differing = {name: day for name, day in days.items() if day != date_line.value}
        if date_line.value is None:
            self._add_problem("impossible-date", f"the date line reads {date_line.raw!r}")
        elif differing:
            others = ", ".join(f"{name} says {day}" for name, day in differing.items())
            detail = f"the date line reads {date_line.raw!r}, but {others}"
            self._add_problem("date-differs", detail)
        if not date_line.labelled:
            detail = f"expected วันที่ at the head of the date line, found {date_line.raw!r}"
            self._add_problem("unlabelled-date", detail)
        return date_line.value or next(iter(days.values()), None), date_line.raw

    def _lead(self) -> tuple[str, ...]:
        """Return the lead in JSON; pages of this layout are not known to show one."""
        if self._json is None:
            return ()
        return tuple(line.text for line in lines_of(as_element(self._json.lead)))

    def _compare_with_json(self, content: MainContent, parts: Parts) -> None:
        """Report differences between the shown article and the one in JSON."""
        if self._json is None or content.source == self._json.source:
            return
        name, title = self._json.source, clean_line(self._json.title)
        if line_key(title) != line_key(self._title):
            self._add_problem("title-differs", f"title {self._title!r}, {name} {title!r}")
        shown = squash("".join(parts.text))
        in_json = squash("".join(line.text for line in lines_of(as_element(self._json.body))))
        if in_json[:_COMPARED] not in shown:
            detail = f"the text in {name} is not the one that the page shows, which was taken"
            self._add_problem("text-differs", detail)

    def _assemble(self, content: MainContent, release: PressRelease) -> Article:
        address = self._address
        category = "".join(self._texts("category", self.CATEGORY, "@content"))
        article = to_article(
            release,
            address,
            parser=self.PARSER,
            category=category or (clean_line(self._json.category) if self._json else "") or None,
            lines=content.lines,
            attachments=self._files(content),
        )
        if article.language != address.language:
            detail = f"the address says {address.language}, the text looks like {article.language}"
            self._add_problem("language-differs", detail)
            article.language = address.language
        return article

    def _files(self, content: MainContent) -> Iterator[Attachment]:
        for file in attachments_of(content.block, self._address.url):
            # The whole page also contains logos and icons.
            if content.source != WHOLE_PAGE or _UPLOADS in file.url:
                yield file
        if self._json and content.source == self._json.source:
            files = (attachment_at(url, self._address.url) for url in self._json.files)
            yield from filter(None, files)

    # --- helpers ---------------------------------------------------------------------------------

    def _texts(self, name: str, selector: str, value: str = "string()", most: int = 1) -> list[str]:
        """Return the clean texts of the first elements that a selector finds, and trace them."""
        found = self._document.css(selector)[:most]
        texts = [clean_line(element.xpath(value).get("")) for element in found]
        self._trace.note(name, selector, texts)
        return texts

    def _title_says_missing(self) -> bool:
        return statement([self._in_title or ""]) == SAYS_MISSING

    def _trace_markers(self, parts: Parts) -> None:
        raw = [parts.date_line.raw] if parts.date_line else []
        self._trace.note("headline", "line equal to the title", parts.headline)
        self._trace.note("date line", "วันที่ : DD/MM/BBBB HH:MM", raw)
        self._trace.note("text", "lines from the date line to the footer", parts.text)
        found = [parts.footer] if parts.footer else []
        self._trace.note("footer line", f"last line that begins {OFFICE_NAME}", found)

    def _add_problem(self, kind: str, detail: str) -> None:
        self._page.add_problem(self.STAGE, kind, detail)


def read_news_page(page: Page, text: str, address: Address, trace: SelectorTrace) -> None:
    """Parse an HTML page of the layout; set the outcome, article and problems of ``page``.

    Args:
        page: a page whose capture is HTML as served or as rendered by a browser.
        text: its HTML.
        address: the article's.
        trace: records what was requested and found.
    """
    news = NewsPage(page, text, address, trace)
    page.article = news.article()
    if news.is_cut:
        page.article = None
        set_cut(page, news.STAGE)
    elif page.article:
        page.outcome = Outcome.ARTICLE
    elif news.is_missing():
        page.outcome = Outcome.MISSING
        # A missing page has no markers; that is not worth a problem.
        page.problems = [problem for problem in page.problems if problem.stage != news.STAGE]
    else:
        page.outcome = Outcome.UNPARSED
        news.report_no_article()
