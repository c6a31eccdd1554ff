"""Parser of the ``news`` layout: pages since October 2025, filled in by scripts in a browser.

Known are the page's title, the date line, and the name at the head of the footer
(`scraper.pages.news.markers`). Whether the site uses elements that mean something, or carries its
articles as JSON, nobody has written down: where it does, they bound the text and are compared with
it. What is known and absent is a problem; what is merely assumed and absent is told by
``thaigov check-page`` alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from scraper.model import Article, Attachment, Outcome, Page
from scraper.pages.assemble import to_article
from scraper.pages.document import document_of
from scraper.pages.fields import Fields, line_key
from scraper.pages.markup import addresses_of, attachment, attachments_of, lines_of
from scraper.pages.news.boilerplate import MISSING, statement
from scraper.pages.news.main_content import TIME, WHOLE_PAGE, find_main_content, main_lines
from scraper.pages.news.markers import OFFICE, Parts, Stamp, headline_in, split_page
from scraper.pages.news.structured_data import SCRIPTS, StructuredData, as_element, day_of
from scraper.pages.press_release import Dates, PressRelease, read_press_release
from scraper.thai.text import clean_line, squash

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from bs4.element import Tag

    from scraper.pages.markup import Line
    from scraper.pages.trace import SelectorTrace
    from scraper.sources import Address

STAGE = "news"

_UPLOADS = "/uploads/"  # every file of an article that was ever seen lies below such a path
_DATE_LINE = "a line 'วันที่ : 21/08/2568 14:30'"
_MOST_HEADINGS = 20  # a page of cards may have any number
_COMPARED = 200  # characters at the beginning of two texts


class Source(NamedTuple):
    """Where a page has its article.

    Attributes:
        name: the selector of an element, or the kind of JSON.
        block: the element; of JSON, its text as one.
        lines: the lines of the element, with their links.
        parts: the lines, told apart.
        days: of publication, as machines are told, by where it stands.
    """

    name: str
    block: Tag
    lines: list[Line]
    parts: Parts
    days: dict[str, date]


class NewsPage:
    """One page of the layout, being read.

    Attributes:
        title: the headline: by the page's title, else by JSON or ``h1``; empty where it has none.
    """

    PARSER = "news/1"

    TITLE = "head > title"
    HEADLINE = "h1"
    CATEGORY = "meta[property='article:section']"

    def __init__(self, page: Page, text: str, address: Address, trace: SelectorTrace) -> None:
        self._page = page
        self._address = address
        self._trace = trace
        self._document = document_of(page, text, STAGE)
        page_title = "".join(self._texts("page title", self.TITLE))
        self._in_title = headline_in(page_title)
        headings = self._texts("headings", self.HEADLINE, most=_MOST_HEADINGS)
        carried = StructuredData(self._document, trace)
        for name in carried.malformed:
            self._problem("malformed-json", f"expected JSON in {name}, found something else")
        self._embedded = carried.article([self._in_title or "", *headings], address.number)
        self._has_date = False
        self._titles = self._headlines(headings)
        self.title = self._titles[0]

    def _headlines(self, headings: list[str]) -> list[str]:
        """Return what the headline may be, the first being the best of them, or empty."""
        carried = clean_line(self._embedded.title) if self._embedded else ""
        # Title and heading of a page that is not there may say so.
        in_title = "" if self._says_missing_in_title() else self._in_title
        heading = next((text for text in headings if text and not statement([text])), "")
        return [in_title or carried or heading, carried, *headings]

    # --- what the page is ------------------------------------------------------------------------

    def article(self) -> Article | None:
        """Return the article, None where the page neither shows nor carries one."""
        source = self._shown() or self._for_programs()
        if source is None or not self.title:
            return None
        if not self._in_title and source.name not in SCRIPTS:
            detail = f"expected 'รัฐบาลไทย | HEADLINE' for the page's title; took {self.title!r}"
            self._problem("no-title", detail)
        parts = source.parts
        self._trace.sources |= {
            "title": self.TITLE if self._in_title else "JSON or h1",
            "published_on": "date line" if source.name not in SCRIPTS else source.name,
            "body": source.name,
        }
        fields = Fields(self.title, parts.between, parts.headline, self._lead(), parts.text)
        release = read_press_release(fields, self._dates(source))
        self._page.problems.extend(release.problems)
        self._compare_with_json(source)
        return self._assemble(source, release)

    def is_missing(self) -> bool:
        """Whether the page is the site's own and says that there is no such article."""
        is_untitled = self._in_title == "" or self._says_missing_in_title()
        return is_untitled and statement(main_lines(self._document)) == MISSING

    def give_up(self) -> None:
        """Name what the page lacks, and quote what it shows in place of an article."""
        if self._in_title and not self._has_date:
            self._problem("no-date-line", f"expected {_DATE_LINE}, found none")
        said = " / ".join(main_lines(self._document))[:_COMPARED]
        detail = f"expected an article, found a page that says: {said or 'nothing'}"
        self._problem("no-article", detail)

    # --- where the article stands ----------------------------------------------------------------

    def _shown(self) -> Source | None:
        """Return the element that shows the article, None where no element does."""
        region = find_main_content(self._document, self.title, self._trace)
        if region is None:
            return None
        texts = [line.text for line in region.lines]
        parts = split_page(self._titles, texts, days=region.days, ends_apart=region.ends_apart)
        self._tell_parts(parts)
        self._has_date = parts.stamp is not None
        if parts.is_loading:
            self._problem("still-loading", "expected a text, found only that it is being loaded")
        if parts.stamp is None or parts.is_loading:
            return None
        if not region.ends_apart and parts.footer is None:
            detail = f"expected a footer that begins {OFFICE}; found none, so the text may hold it"
            self._problem("no-footer", detail)
        if parts.has_related:
            detail = f"{len(parts.below)} lines from related news on were left out"
            self._problem("related-news-cut", detail)
        for kind, detail in region.faults:
            self._problem(kind, detail)
        if region.rivals:
            detail = f"{region.rivals} other elements {region.name} have a date; took the first"
            self._problem("selector-ambiguous", detail)
        days = {TIME: day} if (day := next(iter(region.days.values()), None)) else {}
        return Source(region.name, region.block, region.lines, parts, days | self._carried_day())

    def _for_programs(self) -> Source | None:
        """Return the article that the page carries for programs, None where it carries none."""
        if self._embedded is None:
            return None
        block = as_element(self._embedded.body)
        lines = lines_of(block)
        days = self._carried_day()
        raw = clean_line(self._embedded.published)
        stamp = Stamp(0, 0, raw, next(iter(days.values()), None), labelled=True) if raw else None
        text = tuple(line.text for line in lines)
        parts = Parts(headline=(self.title,), stamp=stamp, text=text)
        return Source(self._embedded.source, block, lines, parts, days)

    def _carried_day(self) -> dict[str, date]:
        day = day_of(self._embedded.published) if self._embedded else None
        return {self._embedded.source: day} if self._embedded and day else {}

    # --- what it says ----------------------------------------------------------------------------

    def _dates(self, source: Source) -> Dates:
        """Return the day of publication: as shown, else as machines are told."""
        stamp, days = source.parts.stamp, source.days
        if stamp is None:
            self._problem("no-date-line", f"expected {_DATE_LINE}, found none")
            return Dates(None, None, None)
        differing = {name: day for name, day in days.items() if day != stamp.value}
        if stamp.value is None:
            self._problem("impossible-date", f"the date line reads {stamp.raw!r}")
        elif differing:
            told = ", ".join(f"{name} says {day}" for name, day in differing.items())
            self._problem("date-differs", f"the date line reads {stamp.raw!r}, but {told}")
        if not stamp.labelled:
            detail = f"expected วันที่ at the head of the date line, found {stamp.raw!r}"
            self._problem("unlabelled-date", detail)
        return Dates(stamp.value or next(iter(days.values()), None), stamp.raw, None)

    def _lead(self) -> tuple[str, ...]:
        """Return the lead, which pages of this layout are not known to show."""
        if self._embedded is None:
            return ()
        return tuple(line.text for line in lines_of(as_element(self._embedded.lead)))

    def _compare_with_json(self, source: Source) -> None:
        """Note where the page says one thing to people and another to programs."""
        if self._embedded is None or source.name == self._embedded.source:
            return
        name, title = self._embedded.source, clean_line(self._embedded.title)
        if line_key(title) != line_key(self.title):
            self._problem("title-differs", f"title {self.title!r}, {name} {title!r}")
        shown = squash("".join(source.parts.text))
        carried = squash("".join(line.text for line in lines_of(as_element(self._embedded.body))))
        if carried[:_COMPARED] not in shown:
            detail = f"the text that {name} has is not the one that the page shows"
            self._problem("text-differs", f"{detail}, which was taken")

    def _assemble(self, source: Source, release: PressRelease) -> Article:
        address, carried = self._address, self._embedded
        category = "".join(self._texts("category", self.CATEGORY, "@content"))
        article = to_article(
            release,
            address,
            parser=self.PARSER,
            category=category or (clean_line(carried.category) if carried else "") or None,
            addresses=addresses_of(release.text_lines, source.lines, address.url),
            attachments=self._files(source),
        )
        if article.language != address.language:
            detail = f"the address says {address.language}, the text looks like {article.language}"
            self._problem("language-differs", detail)
            article.language = address.language
        return article

    def _files(self, source: Source) -> Iterator[Attachment]:
        """Yield the files of the article."""
        for file in attachments_of(source.block, self._address.url):
            # Where nothing sets the article apart, logos and icons stand around it.
            if source.name != WHOLE_PAGE or _UPLOADS in file.url:
                yield file
        if self._embedded and source.name == self._embedded.source:
            files = (attachment(url, self._address.url) for url in self._embedded.files)
            yield from filter(None, files)

    # --- helpers ---------------------------------------------------------------------------------

    def _texts(self, name: str, selector: str, value: str = "string()", most: int = 1) -> list[str]:
        """Return the texts of the first elements that a selector finds, clean, and note them."""
        found = self._document.css(selector)[:most]
        texts = [clean_line(element.xpath(value).get("")) for element in found]
        self._trace.note(name, selector, texts)
        return texts

    def _says_missing_in_title(self) -> bool:
        return statement([self._in_title or ""]) == MISSING

    def _tell_parts(self, parts: Parts) -> None:
        """Note what the anchors found."""
        stamp = parts.stamp
        self._trace.note("headline", "line equal to the title", parts.headline)
        self._trace.note("date line", "วันที่ : DD/MM/BBBB HH:MM", [stamp.raw] if stamp else [])
        self._trace.note("text", "lines from the date line to the footer", parts.text)
        found = [parts.footer] if parts.footer else []
        self._trace.note("footer line", f"last line that begins {OFFICE}", found)

    def _problem(self, kind: str, detail: str) -> None:
        self._page.add_problem(STAGE, kind, detail)


def read_news_page(page: Page, text: str, address: Address, trace: SelectorTrace) -> None:
    """Read an HTML page of the layout into ``page``: its outcome, article and problems.

    Args:
        page: a page whose capture is what the site answered or what a browser made of it.
        text: its HTML.
        address: the article's.
        trace: gets to know what was looked for and found.
    """
    news = NewsPage(page, text, address, trace)
    page.article = news.article()
    if page.article:
        page.outcome = Outcome.ARTICLE
    elif news.is_missing():
        page.outcome = Outcome.MISSING
        # A missing page lacks everything.
        page.problems = [problem for problem in page.problems if problem.stage != STAGE]
    else:
        page.outcome = Outcome.UNPARSED
        news.give_up()
