"""The form an editor of the practice site filled in: a press release before it becomes a page.

A draft holds clean text and its meaning; ``contents`` dirties it and lays it out as a page, and
``site`` tells the truth about it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from scraper.model import Attachment

if TYPE_CHECKING:
    from datetime import date

    from scraper.practice.prose.written import Text

LEAD_LIMIT = 250  # characters at which the form cuts a lead
TITLE_LIMIT = 180  # characters at which the form cuts a headline
MEDIA = "https://media.practice.example/uploads"


class Delivery(StrEnum):
    """How a page of the layout ``news`` comes.

    ``SCRIPT`` is the rule: an empty shell that a script fills in. ``DIVS`` are filled in without
    any element that has a meaning; for ``SLOW`` the script has to wait. ``SERVER`` and ``JSON_LD``
    come with all of their text, the latter with its meaning beside it; ``NEXT_DATA`` is a shell
    with the JSON in it.
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
        position: 0.0 for the first page of the site up to 1.0 for the last: what the form could
            do changed over the years.
        earlier: address of an earlier release that this one may refer to.
    """

    number: int
    published_on: date
    position: float
    earlier: str | None


@dataclass(frozen=True)
class Draft:
    """A press release before it becomes a page.

    Attributes:
        paragraphs, tail: clean lines.
        lead: what the lead says beyond the headline and the text, None if nothing.
        lead_lines: what stands in the place of the lead, line by line.
        copies: lines above the body that repeat the headline, or otherwise say nothing.
        furniture: lines below the tail that belong to the page, not to the release.
        page_title: the headline in the page's title, as source text, where it is not the plain one.
        prefixed: whether the page's title has the middle part of its usual beginning.
        views: count of page views above the headline.
        images: addresses as the page has them; the first stands in the header.
        agencies: slugs of real agencies that the text names; the site's own are invented.
        layout: how paragraphs are marked up, a key of ``contents.LAYOUTS``.
        dirt: kinds of dirt that are certain to be strewn in, keys of ``dirt.KINDS``.
        oddity: its name in ``oddities``, or ``plain``.
        language: ``th`` or ``en``.
        published_at: time of day in Bangkok, which the layout ``news`` shows.
        delivery: how a page of the layout ``news`` comes.
    """

    title: str
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
    agencies: tuple[str, ...] = ()
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
    language: str = "th"
    published_at: time = time(9)
    delivery: Delivery = Delivery.SCRIPT

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """The files of the release in the order of the page."""
        kinds = (
            ("image", self.images),
            ("audio", (self.audio,) if self.audio else ()),
            ("document", self.documents),
        )
        return tuple(Attachment(kind=kind, url=url) for kind, urls in kinds for url in urls)

    def mentions(self, keyword: str) -> bool:
        """Whether a keyword stands in the headline or the body."""
        return keyword in self.title or any(keyword in text.string for text in self.paragraphs)
