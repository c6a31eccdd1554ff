"""The practice site: its articles and their drafts.

Article N is computed from the seed and N alone, so a site of a million pages takes no memory and
no time to create. ``base`` turns drafts into pages.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from scraper.model import Layout
from scraper.practice.prose.drafts import Draft, Entry
from scraper.practice.prose.english import compose_english
from scraper.practice.prose.oddities import ENGLISH, MISSING, ODDITIES, PAIRS, RESUME
from scraper.practice.prose.releases import compose
from scraper.practice.prose.resume import compose_resume
from scraper.practice.prose.traps import compose_trap, english_traps, trap_names
from scraper.practice.site.base import PAGE_LENGTH, BaseSite
from scraper.practice.site.deliveries import NEWS_MISSING, NEWS_ODDITIES, without_script
from scraper.practice.site.numbers import Numbering
from scraper.sources import PRACTICE, article_url

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from random import Random

_WITH_EVERY_ODDITY = 200  # minimum size
_NAMES = (RESUME, *PAIRS, *ODDITIES)
_SHARE_ODD = 0.025
_SHARE_ENGLISH = 0.024
_SHARE_TRAPS = 0.02
_PLAIN_ENGLISH = "english-release"  # only used in plans: such a page has no oddity


class PracticeSite(BaseSite):
    """A site of invented press releases.

    Sites that differ only in layout have the same releases in the same order, under different
    numbers.

    Args:
        size: number of articles, at least 20.
        seed: the same size and seed give the same bytes in every process.
        last_day: publication day of the last article.
        layout: of all pages.
        per_day: articles published per day.
        resume_length: characters in the summary of a cabinet meeting.
        scripted: share of ``news`` pages that scripts fill in; the others are sent with their
            text.

    Raises:
        ValueError: the size is below 20.
    """

    def __init__(  # noqa: PLR0913  each sets one property of the site
        self,
        size: int = 240,
        seed: int = 2568,
        last_day: date = date(2025, 9, 8),
        *,
        layout: Layout = Layout.CONTENTS,
        per_day: int = 2,
        resume_length: int = 240_000,
        scripted: float = 0.95,
    ) -> None:
        if size < PAGE_LENGTH:
            raise ValueError(f"a practice site has {PAGE_LENGTH} pages or more, not {size}")
        super().__init__(layout, seed)
        self.size = size
        self._resume_length = resume_length
        self._scripted = scripted
        self._numbering = Numbering(size, seed, last_day, per_day, PRACTICE.first[layout])
        has_all = size >= _WITH_EVERY_ODDITY
        self._certain = _spread(_NAMES, size, 1) if has_all else {}
        self._trapped: dict[int, str] = {}
        if has_all:
            self._trapped = self._free_pages(trap_names())
        # These apply on top of the others, so they need no extra pages.
        self._delivered = _spread(tuple(NEWS_ODDITIES), size, 2) if layout is Layout.NEWS else {}
        self._of_index = lru_cache(maxsize=128)(self._compose)

    @property
    def first(self) -> int:
        """The lowest article number."""
        return self._numbering.first

    @property
    def last(self) -> int:
        """The highest article number."""
        return self._numbering.last

    def numbers(self) -> Iterator[int]:
        """Yield the numbers that have an article, ascending."""
        return self._numbering.numbers()

    def newest(self, skipped: int = 0) -> Iterator[int]:
        """Yield the number of each article, newest first, without the first ``skipped``."""
        return map(self._numbering.number, range(self.size - 1 - skipped, -1, -1))

    def published_by(self, moment: datetime) -> int:
        """Return how many articles are published by a moment."""
        return self._numbering.published_by(moment)

    def exists(self, number: int) -> bool:
        """Whether a number has an article."""
        return self._numbering.index(number) is not None

    def language(self, number: int) -> str:
        """Return the language of an article, without composing it.

        Raises:
            LookupError: no article has this number.
        """
        return self._language(self._index(number))

    def draft(self, number: int) -> Draft | None:
        """Return the draft of an article, None for a number without one."""
        index = self._numbering.index(number)
        return None if index is None else self._of_index(index)

    def changed_at(self, number: int) -> datetime:
        """Return when an article was published: articles of this site never change.

        Raises:
            LookupError: no article has this number.
        """
        return self._numbering.moment(self._index(number))

    def entry(self, number: int) -> Entry:
        """Return the place of an article among the others.

        Raises:
            LookupError: no article has this number.
        """
        return self._entry(self._index(number))

    def number_of(self, oddity: str) -> int:
        """Return the number of a page with an oddity, the first of a pair.

        Raises:
            LookupError: no such oddity, or the site is too small to guarantee it.
        """
        missing = NEWS_MISSING if self.layout is Layout.NEWS else MISSING
        if oddity in missing and self._certain:
            return next(n for n in self._numbering.gaps() if self.gap(n) == oddity)
        certain = (self._certain, self._trapped, self._delivered)
        for index, name in (item for pages in certain for item in pages.items()):
            if name == oddity:
                return self._numbering.number(index)
        raise LookupError(
            f"a site of {self.size} pages does not guarantee one with the oddity {oddity!r}"
        )

    def _index(self, number: int) -> int:
        index = self._numbering.index(number)
        if index is None:
            raise LookupError(f"the practice site has no article {number}")
        return index

    def _entry(self, index: int) -> Entry:
        earlier = self._rng("earlier", index).randrange(index) if index else None
        return Entry(
            number=self._numbering.number(index),
            published_on=self._numbering.day(index),
            position=index / self.size,
            earlier=None if earlier is None else self._url(earlier),
        )

    def _url(self, index: int) -> str:
        number = self._numbering.number(index)
        return article_url(PRACTICE, self.layout, number, self._language(index))

    def _language(self, index: int) -> str:
        if self._certain.get(index - 1, "") in PAIRS:
            return "th"
        name, _ = self._plan(index)
        is_english = name in ENGLISH or name == _PLAIN_ENGLISH or name in english_traps()
        return "en" if is_english else "th"

    def _plan(self, index: int) -> tuple[str, Random]:
        """Return the oddity or trap of an article, empty if none, and the Random to compose it."""
        name, rng = self._plan_untrapped(index)
        return name or self._trap(index), rng

    def _trap(self, index: int) -> str:
        """Return the trap of an article without an oddity, mostly none."""
        rng = self._rng("trap", index) if self._trapped else None
        if rng is None or index in self._trapped or rng.random() >= _SHARE_TRAPS:
            return self._trapped.get(index, "")
        return rng.choice(trap_names())

    def _free_pages(self, names: tuple[str, ...]) -> dict[int, str]:
        """Return the index of a page without an oddity for each name, spread over the site."""
        pages: dict[int, str] = {}
        for start, name in _spread(names, self.size, 3).items():
            index = start % self.size
            while not self._is_free(index) or index in pages:
                index = (index + 1) % self.size
            pages[index] = name
        return pages

    def _is_free(self, index: int) -> bool:
        is_twin = self._certain.get(index - 1, "") in PAIRS
        return index > 0 and not is_twin and not self._plan_untrapped(index)[0]

    def _plan_untrapped(self, index: int) -> tuple[str, Random]:
        rng = self._rng("draft", index)
        if index == 0 and self.layout is Layout.NEWS:
            return _PLAIN_ENGLISH, rng  # so that the English listing is never empty
        name = self._certain.get(index, "")
        if not name and rng.random() < _SHARE_ODD:
            name = rng.choice(list(ODDITIES))
        if not name and rng.random() < _SHARE_ENGLISH:
            name = _PLAIN_ENGLISH
        return name, rng

    def _compose(self, index: int) -> Draft:
        """Return the draft of an article in the layout of the site."""
        draft = self._release(index)
        if self.layout is Layout.NEWS:
            draft = self._deliver(index, draft)
        return replace(draft, published_at=self._numbering.moment(index).time())

    def _release(self, index: int) -> Draft:
        """Return the draft of an article, independent of the layout."""
        if (pair := self._certain.get(index - 1, "")) in PAIRS:
            rng = self._rng("twin", index)
            first = self._release(index - 1)
            return replace(PAIRS[pair][1](rng, self._entry(index), first), oddity=pair)
        (name, rng), entry = self._plan(index), self._entry(index)
        if name == RESUME:
            return replace(compose_resume(rng, entry, self._resume_length), oddity=name)
        if name == _PLAIN_ENGLISH:
            return compose_english(rng, entry)
        if not name:
            return compose(rng, entry)
        if name in trap_names():
            return replace(compose_trap(rng, entry, name), oddity=name)
        change = PAIRS[name][0] if name in PAIRS else ODDITIES[name]
        return replace(change(rng, entry, compose(rng, entry)), oddity=name)

    def _deliver(self, index: int, draft: Draft) -> Draft:
        """Return a draft with its delivery in layout ``news``."""
        rng = self._rng("delivery", index)
        if name := self._delivered.get(index):
            changed = NEWS_ODDITIES[name](rng, self._entry(index), draft)
            return replace(changed, oddity=name if draft.oddity == "plain" else draft.oddity)
        return draft if rng.random() < self._scripted else without_script(rng, draft)


def _spread(names: tuple[str, ...], size: int, first: int) -> dict[int, str]:
    """Return the index of one page for each name, spread evenly over the site."""
    return {n * size // len(names) + first: name for n, name in enumerate(names)}
