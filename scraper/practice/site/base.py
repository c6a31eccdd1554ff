"""Base class of practice sites.

Builds pages, listings, search results and ground truth from drafts. Subclasses decide which drafts
there are and whether they change over time.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from itertools import islice
from random import Random
from typing import TYPE_CHECKING

from scraper.model import Layout
from scraper.practice.html import contents, news
from scraper.practice.prose.oddities import EMPTY_PAGE, EPOCH_PAGE
from scraper.practice.site.deliveries import GONE_SHELL, GONE_STATUS
from scraper.practice.site.truth import truth_of
from scraper.sources import PRACTICE, article_url

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from scraper.practice.html.news import ArticleData
    from scraper.practice.prose.drafts import Draft
    from scraper.practice.site.truth import Truth

PAGE_LENGTH = 20  # articles on one page of a listing
_SEARCHED = 2000  # newest articles covered by a search
_MOVED = PRACTICE.first[Layout.NEWS] - PRACTICE.first[Layout.CONTENTS]


class BaseSite(ABC):
    """A site in one layout.

    Attributes:
        layout: of all its pages.
        seed: the same seed and size give the same bytes in every process.
    """

    def __init__(self, layout: Layout, seed: int) -> None:
        self.layout = layout
        self.seed = seed

    @abstractmethod
    def draft(self, number: int) -> Draft | None:
        """Return the draft of an article, None for a number without one."""

    @abstractmethod
    def newest(self, skipped: int = 0) -> Iterator[int]:
        """Yield the number of each article, newest first, without the first ``skipped``."""

    @abstractmethod
    def changed_at(self, number: int) -> datetime:
        """Return when an article's page last changed.

        Raises:
            LookupError: no article has this number.
        """

    def numbers(self) -> Iterator[int]:
        """Yield the numbers that have an article, ascending."""
        return reversed([*self.newest()])

    def exists(self, number: int) -> bool:
        """Whether a number has an article."""
        return self.draft(number) is not None

    def language(self, number: int) -> str:
        """Return the language of an article.

        Raises:
            LookupError: no article has this number.
        """
        return self._draft(number).language

    def url(self, number: int) -> str:
        """Return the canonical address of an article.

        Raises:
            LookupError: no article has this number.
        """
        return article_url(PRACTICE, self.layout, number, self.language(number))

    def truth(self, number: int) -> Truth:
        """Return the ground truth of an article.

        Raises:
            LookupError: no article has this number.
        """
        return truth_of(self._draft(number), number, self.layout)

    def html(self, number: int) -> bytes:
        """Return the HTML sent for a number: an article's page, a shell or a missing page.

        In the layout ``news`` a missing number gets the Thai shell.
        """
        draft, rng = self.draft(number), self._rng("page", number)
        if self.layout is Layout.NEWS:
            page = news.article_page(draft, number, rng) if draft else news.shell_page("th")
        elif draft:
            page = contents.article_page(draft, rng)
        else:
            page = contents.missing_page(epoch=self.gap(number) == EPOCH_PAGE)
        return page.encode()

    def rendered(self, number: int) -> bytes:
        """Return a ``news`` article's page as a browser would render it.

        Raises:
            LookupError: no article has this number.
        """
        return news.whole_page(self.data(number)).encode()

    def data(self, number: int) -> ArticleData:
        """Return the JSON that a script fills a ``news`` article's page with.

        Raises:
            LookupError: no article has this number.
        """
        return news.article_data(self._draft(number), number, self._rng("page", number))

    def listing(
        self, page: int, category: str | None = None, language: str | None = None
    ) -> list[tuple[int, str]]:
        """Return the number and headline of 20 articles, newest first.

        Args:
            page: counted from 1; pages past the last are empty.
            category: only articles in this category.
            language: only articles in this language.
        """
        start = (page - 1) * PAGE_LENGTH
        if category is None and language is None:
            return [*map(self._headline, islice(self.newest(start), PAGE_LENGTH))]
        found = (
            number
            for number in self.newest()
            if (language is None or self.language(number) == language)
            and (category is None or self._draft(number).category == category)
        )
        return [*map(self._headline, islice(found, start, start + PAGE_LENGTH))]

    def search(self, keyword: str) -> list[tuple[int, str]]:
        """Return the newest 20 articles with a keyword in headline or body.

        Searches only the newest 2,000 articles.
        """
        newest = islice(self.newest(), _SEARCHED)
        found = (number for number in newest if self._draft(number).mentions(keyword))
        return [*map(self._headline, islice(found, PAGE_LENGTH))]

    def gap(self, number: int) -> str:
        """Return the name of the kind of page shown for a number without an article."""
        is_rarer = self._rng("missing", number).random() < 0.3
        if self.layout is Layout.NEWS:
            return GONE_STATUS if is_rarer else GONE_SHELL
        return EPOCH_PAGE if is_rarer else EMPTY_PAGE

    def successor(self, number: int) -> str | None:
        """Return the ``news`` URL of an article, given its ``contents`` number."""
        moved = number + _MOVED
        return self.url(moved) if self.exists(moved) else None

    def _draft(self, number: int) -> Draft:
        draft = self.draft(number)
        if draft is None:
            raise LookupError(f"the practice site has no article {number}")
        return draft

    def _headline(self, number: int) -> tuple[int, str]:
        return number, self._draft(number).title

    def _rng(self, purpose: str, number: int) -> Random:
        # A string, because it seeds Random identically in every process.
        return Random(f"{self.seed}:{purpose}:{number}")
