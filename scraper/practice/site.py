"""The practice site: which pages it has, what they say, and the truth about them.

Page N is computed from the seed and N alone, so a site of a million pages takes no memory and no
time to create. What a draft says is worked out here; how it looks, in ``contents``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import islice
from random import Random
from typing import TYPE_CHECKING

from scraper.model import Attachment, FieldDate, Layout, TextField
from scraper.practice.contents import article_page, missing_page
from scraper.practice.dates import long_date
from scraper.practice.drafts import Draft, Entry
from scraper.practice.english import compose_english
from scraper.practice.numbers import Numbering
from scraper.practice.oddities import EPOCH_PAGE, MISSING, ODDITIES, PAIRS, RESUME
from scraper.practice.releases import compose
from scraper.practice.resume import compose_resume
from scraper.practice.written import Text, join
from scraper.sources import PRACTICE, article_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PAGE_LENGTH = 20  # articles on one page of a listing
_SEARCHED = 2000  # newest articles a search looks through
_WITH_EVERY_ODDITY = 200  # least size
_NAMES = (RESUME, *PAIRS, *ODDITIES)
_SHARE_ODD = 0.025
_SHARE_ENGLISH = 0.024


@dataclass(frozen=True)
class Truth:
    r"""What an archive should hold of a page of the practice site: clean text, dates, tags.

    Attributes:
        number, url: identity; the URL is the canonical one.
        lead: the lead, None unless it is a text of its own.
        body, tail: clean lines joined by ``\n``, as in ``Article``.
        published_raw: the long date as written.
        ministry: slug, None where no ministry can be told.
        dates: dates of lead, body and tail in reading order, with their offsets.
        links: canonical addresses of other articles of the site.
        oddity: its name, or ``plain``.
    """

    number: int
    url: str
    title: str
    lead: str | None
    body: str
    tail: str
    category: str | None
    published_on: date
    published_raw: str
    entered_on: date | None
    hashtags: tuple[str, ...]
    ministry: str | None
    dates: tuple[FieldDate, ...]
    attachments: tuple[Attachment, ...]
    links: tuple[str, ...]
    oddity: str


class PracticeSite:
    """A site of invented press releases in the layout ``contents``.

    Args:
        size: how many articles it has, from 20 on.
        seed: sites of one size and seed are the same, byte by byte, in every process.
        last_day: publication of the last article.
        resume_length: characters of the summary of a cabinet meeting.

    Raises:
        ValueError: the size is below 20.
    """

    def __init__(
        self,
        size: int = 240,
        seed: int = 2568,
        last_day: date = date(2025, 9, 8),
        *,
        resume_length: int = 240_000,
    ) -> None:
        if size < PAGE_LENGTH:
            raise ValueError(f"a practice site has {PAGE_LENGTH} pages or more, not {size}")
        self.size = size
        self._seed = seed
        self._resume_length = resume_length
        self._numbering = Numbering(size, seed, last_day)
        self._certain = self._place_oddities() if size >= _WITH_EVERY_ODDITY else {}
        self._draft = lru_cache(maxsize=128)(self._compose)

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

    def exists(self, number: int) -> bool:
        """Whether a number has an article."""
        return self._numbering.index(number) is not None

    def number_of(self, oddity: str) -> int:
        """Return the number of a page with an oddity; of a pair, the first.

        Raises:
            LookupError: no such oddity, or the site is too small to have every one.
        """
        if oddity in MISSING and self._certain:
            wanted = oddity == EPOCH_PAGE
            return next(n for n in self._numbering.gaps() if self._is_epoch(n) == wanted)
        for index, name in self._certain.items():
            if name == oddity:
                return self._numbering.number(index)
        raise LookupError(
            f"no page with the oddity {oddity!r} is certain in a site of {self.size} pages"
        )

    def truth(self, number: int) -> Truth:
        """Return what is true of an article.

        Raises:
            LookupError: no article has this number.
        """
        draft = self._draft(self._index(number))
        lead, body, tail = draft.lead, join(draft.paragraphs, "\n"), join(draft.tail, "\n")
        return Truth(
            number=number,
            url=article_url(PRACTICE, Layout.CONTENTS, number),
            title=draft.title,
            lead=lead.string if lead else None,
            body=body.string,
            tail=tail.string,
            category=draft.category,
            published_on=draft.published_on,
            published_raw=long_date(draft.published_on),
            entered_on=draft.entered_on,
            hashtags=draft.hashtags,
            ministry=draft.ministry,
            dates=(
                *_field_dates(TextField.LEAD, lead or Text("")),
                *_field_dates(TextField.BODY, body),
                *_field_dates(TextField.TAIL, tail),
            ),
            attachments=draft.attachments,
            links=draft.links,
            oddity=draft.oddity,
        )

    def html(self, number: int) -> bytes:
        """Return the page of a number as served: an article, or one of both missing pages."""
        index = self._numbering.index(number)
        if index is None:
            return missing_page(epoch=self._is_epoch(number)).encode()
        return article_page(self._draft(index), self._rng("page", number)).encode()

    def listing(self, page: int, category: str | None = None) -> list[tuple[int, str]]:
        """Return the number and headline of 20 articles, newest first.

        Args:
            page: from 1; beyond the last page there are none.
            category: only articles of this one.
        """
        place = slice((page - 1) * PAGE_LENGTH, page * PAGE_LENGTH)
        newest = range(self.size - 1, -1, -1)
        if category is None:
            found: Iterable[int] = newest[place]
        else:
            of_category = (n for n in newest if self._draft(n).category == category)
            found = islice(of_category, place.start, place.stop)
        return [self._headline(index) for index in found]

    def search(self, keyword: str) -> list[tuple[int, str]]:
        """Return the newest 20 articles with a keyword in headline or body.

        Only the newest 2,000 articles are looked through.
        """
        newest = islice(range(self.size - 1, -1, -1), _SEARCHED)
        found = (index for index in newest if self._draft(index).mentions(keyword))
        return [self._headline(index) for index in islice(found, PAGE_LENGTH)]

    def _headline(self, index: int) -> tuple[int, str]:
        return self._numbering.number(index), self._draft(index).title

    def _index(self, number: int) -> int:
        index = self._numbering.index(number)
        if index is None:
            raise LookupError(f"the practice site has no article {number}")
        return index

    def _rng(self, purpose: str, number: int) -> Random:
        # A string, because Random derives the same state from it in every process.
        return Random(f"{self._seed}:{purpose}:{number}")

    def _is_epoch(self, number: int) -> bool:
        return self._rng("missing", number).random() < 0.3

    def _place_oddities(self) -> dict[int, str]:
        """Return the index of one page for each oddity, spread evenly over the site."""
        return {n * self.size // len(_NAMES) + 1: name for n, name in enumerate(_NAMES)}

    def _entry(self, index: int) -> Entry:
        earlier = self._rng("earlier", index).randrange(index) if index else None
        return Entry(
            number=self._numbering.number(index),
            published_on=self._numbering.day(index),
            position=index / self.size,
            earlier=None
            if earlier is None
            else article_url(PRACTICE, Layout.CONTENTS, self._numbering.number(earlier)),
        )

    def _compose(self, index: int) -> Draft:
        """Return the draft behind an article."""
        if (pair := self._certain.get(index - 1, "")) in PAIRS:
            rng = self._rng("twin", index)
            first = self._draft(index - 1)
            return replace(PAIRS[pair][1](rng, self._entry(index), first), oddity=pair)
        rng, entry = self._rng("draft", index), self._entry(index)
        oddity = self._certain.get(index, "")
        if oddity == RESUME:
            return replace(compose_resume(rng, entry, self._resume_length), oddity=oddity)
        if not oddity and rng.random() < _SHARE_ODD:
            oddity = rng.choice(list(ODDITIES))
        if not oddity:
            is_english = rng.random() < _SHARE_ENGLISH
            return compose_english(rng, entry) if is_english else compose(rng, entry)
        change = PAIRS[oddity][0] if oddity in PAIRS else ODDITIES[oddity]
        return replace(change(rng, entry, compose(rng, entry)), oddity=oddity)


def _field_dates(field: TextField, text: Text) -> tuple[FieldDate, ...]:
    return tuple(FieldDate(field=field, mention=mention) for mention in text.mentions())
