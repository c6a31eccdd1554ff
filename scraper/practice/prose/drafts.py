"""Drafts: press releases as an editor entered them, before they become pages.

A draft holds clean text and its meaning. The ``html`` modules add dirt and render it as a page;
``site`` derives the ground truth from it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import time
from enum import StrEnum
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from scraper.model import Attachment
from scraper.practice.prose.written import Text, join

if TYPE_CHECKING:
    from datetime import date

LEAD_LIMIT = 250  # characters at which the form cuts a lead
TITLE_LIMIT = 180  # characters at which the form cuts a headline
MEDIA = "https://media.practice.example/uploads"
_DOCUMENT_SUFFIXES, _DOCUMENT_ROUND = {4: "docx", 6: "xlsx"}, 16


def document_suffix(number: int) -> str:
    """Return the suffix of the document of the article with a number."""
    return _DOCUMENT_SUFFIXES.get(number % _DOCUMENT_ROUND, "pdf")


class Delivery(StrEnum):
    """How a page of the layout ``news`` is delivered.

    ``SCRIPT`` is the normal case: an empty shell that a script fills in. ``DIVS`` is filled in
    without semantic elements; for ``SLOW`` the JSON is delayed. ``SERVER`` and ``JSON_LD`` are sent
    with their whole text, the latter with JSON-LD as well; ``NEXT_DATA`` is a shell that contains
    the JSON.
    """

    SCRIPT = "script"
    DIVS = "plain-divs"
    SLOW = "slow-json"
    SERVER = "server-rendered"
    JSON_LD = "json-ld"
    NEXT_DATA = "next-data"


class Entry(NamedTuple):
    """The place of a release among the pages of a site.

    Attributes:
        number: the number in its URL.
        position: 0.0 for the first page of the site up to 1.0 for the last, because the form
            changed over the years.
        earlier: URL of an earlier release that this one may link to.
    """

    number: int
    published_on: date
    position: float
    earlier: str | None


@dataclass(frozen=True)
class Draft:
    """A press release before it becomes a page.

    Attributes:
        headline, paragraphs, tail: clean lines.
        lead: the lead, None if it only repeats the headline or text.
        lead_lines: lines shown in the place of the lead.
        copies: lines above the body that repeat the headline or have no content.
        furniture: lines below the tail that are part of the page, not of the release.
        page_title: HTML of the headline in the page's title, if not the plain headline.
        prefixed: whether the page's title has the middle part of the usual prefix.
        views: page views shown above the headline.
        images: URLs as on the page; the first is shown in the header.
        layout: how paragraphs are marked up, a key of ``pasted.LAYOUTS``.
        dirt: kinds of dirt that are always added, keys of ``dirt.KINDS``.
        oddity: its name in ``oddities``, or ``plain``.
        one_story: whether all sentences are about one thing, so that its event is certain.
        language: ``th`` or ``en``.
        published_at: time of day in Bangkok, shown by the layout ``news``.
        delivery: how a page of the layout ``news`` is delivered.
    """

    headline: Text
    paragraphs: tuple[Text, ...]
    published_on: date
    ministry: str | None
    category: str | None
    lead: Text | None = None
    lead_lines: tuple[str, ...] = ("",)
    tail: tuple[Text, ...] = ()
    copies: tuple[str, ...] = ()
    furniture: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    page_title: str | None = None
    prefixed: bool = True
    entered_on: date | None = None
    printed: bool = False
    views: int | None = None
    images: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    audio: str | None = None
    video: bool = False
    layout: str = "paragraphs"
    dirt: frozenset[str] = frozenset()
    oddity: str = "plain"
    one_story: bool = False
    language: str = "th"
    published_at: time = time(9)
    delivery: Delivery = Delivery.SCRIPT

    @property
    def title(self) -> str:
        """The headline as a string."""
        return self.headline.string

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """The files of the release in page order."""
        kinds = (
            ("image", self.images),
            ("audio", (self.audio,) if self.audio else ()),
            ("document", self.documents),
        )
        return tuple(Attachment(kind=kind, url=url) for kind, urls in kinds for url in urls)

    def with_sentence(self, *pieces: Text | str) -> Draft:
        """Return a copy with another paragraph after the first."""
        first, *rest = self.paragraphs
        return replace(self, paragraphs=(first, join(pieces), *rest))

    def mentions(self, keyword: str) -> bool:
        """Whether the headline or body contains a keyword."""
        return keyword in self.title or any(keyword in text.string for text in self.paragraphs)


Oddity = Callable[[Random, Entry, Draft], Draft]
"""Changes a finished draft."""
