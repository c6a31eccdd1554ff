"""Articles as typed values: search hits, and an article with its facts."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from scraper.api.frames import make_frame
from scraper.api.passages import (
    AgencyPassage,
    ContactPassage,
    DatePassage,
    LawPassage,
    MoneyPassage,
    PersonPassage,
    PlacePassage,
    ProgrammePassage,
    read_day,
    read_time,
)
from scraper.model import Layout

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from scraper.search.engine import Results
    from scraper.search.hits import Hit

_FRAME_COLUMNS = (
    "id", "number", "url", "published_on", "ministry", "category", "title", "excerpt",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundArticle:
    """An article that a search found.

    Attributes:
        id: its id in this archive.
        number: the number in its address.
        url: its canonical address.
        published_on: day of publication; None if the page gives none.
        ministry: slug of the ministry it is most about; None if undecided.
        category: as named by the site; None if there is none.
        title: the headline.
        excerpt: about 160 characters around the first hit, on one line.
        title_hits, excerpt_hits: offsets of the searched terms in them.
    """

    id: int
    number: int
    url: str
    published_on: date | None
    ministry: str | None
    category: str | None
    title: str
    excerpt: str
    title_hits: tuple[tuple[int, int], ...]
    excerpt_hits: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """One page of the articles that a search found; iterating yields them.

    Attributes:
        total: number of all articles found.
        articles: those of this page.
        next: where the next page begins, for ``search(after=…)``; None on the last one.
    """

    total: int
    articles: tuple[FoundArticle, ...]
    next: str | None

    def __iter__(self) -> Iterator[FoundArticle]:
        return iter(self.articles)

    def __len__(self) -> int:
        return len(self.articles)

    def to_frame(self) -> pd.DataFrame:
        """Return the articles of this page as a frame, without the offsets.

        Raises:
            PandasMissingError: pandas is not installed.
        """
        rows = [[getattr(article, name) for name in _FRAME_COLUMNS] for article in self.articles]
        day = _FRAME_COLUMNS.index("published_on")
        for row in rows:
            row[day] = row[day] and row[day].isoformat()
        return make_frame(_FRAME_COLUMNS, rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedEvent:
    """The main event that an article reports or announces.

    Attributes:
        start_on, end_on: first and last day, inclusive.
        start_time, end_time: time of day in Bangkok; None if none is given.
        place: the venue, as written; None if it is not named.
        province: ISO 3166-2 code; None if it is not known.
        led_by: name of the person who leads it; None if nobody is named.
        confidence: from 0.5 to 1 (docs/events.md).
    """

    start_on: date
    end_on: date
    start_time: time | None
    end_time: time | None
    place: str | None
    province: str | None
    led_by: str | None
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedArticle:
    """The current version of an article, with its facts in reading order.

    Attributes:
        id, number, url, published_on, ministry, category, title: as in ``FoundArticle``.
        site: slug of the site, such as ``thaigov``.
        layout: generation of the site that the address belongs to.
        lead: summary under the headline; None if there is none of its own.
        body: the paragraphs, joined by newlines.
        tail: sign-off lines under the body.
        language: ``th`` or ``en``.
        revision: number of this version, from 1.
        first_seen_at, last_seen_at: when a source first and last showed the article, in UTC.
        gone_at: when it was found missing from the site; None while it is shown.
        ministries: slugs of the ministries it is about, strongest first.
        hashtags: without ``#``.
        dates, people, agencies, places, money, laws, programmes, contacts: passages.
        events: at most one today.
        details: all that ``thaigov show`` prints as JSON, by name: captures, earlier revisions,
            related articles, and facts of kinds that have no attribute here.
    """

    id: int
    number: int
    url: str
    site: str
    layout: Layout
    title: str
    lead: str | None
    body: str
    tail: str
    category: str | None
    language: str
    published_on: date | None
    ministry: str | None
    revision: int
    first_seen_at: datetime
    last_seen_at: datetime
    gone_at: datetime | None
    ministries: tuple[str, ...]
    hashtags: tuple[str, ...]
    dates: tuple[DatePassage, ...]
    people: tuple[PersonPassage, ...]
    agencies: tuple[AgencyPassage, ...]
    places: tuple[PlacePassage, ...]
    money: tuple[MoneyPassage, ...]
    laws: tuple[LawPassage, ...]
    programmes: tuple[ProgrammePassage, ...]
    contacts: tuple[ContactPassage, ...]
    events: tuple[ArchivedEvent, ...]
    details: Mapping[str, Any] = field(repr=False, compare=False)


def to_search_page(results: Results) -> SearchPage:
    """Return the results of the search engine as values of the library."""
    return SearchPage(
        total=results.total, articles=tuple(map(_found, results.hits)), next=results.next
    )


def _found(hit: Hit) -> FoundArticle:
    return FoundArticle(
        id=hit.id,
        number=hit.site_id,
        url=hit.url,
        published_on=read_day(hit.published_on),
        ministry=hit.ministry,
        category=hit.category,
        title=hit.title.text,
        excerpt=hit.snippet.text,
        title_hits=hit.title.hits,
        excerpt_hits=hit.snippet.hits,
    )


def archived_article(details: Mapping[str, Any]) -> ArchivedArticle:
    """Return an article from what ``archive.article.article_details`` reads."""
    names = {entry.name for entry in fields(ArchivedArticle)} & set(details)
    return ArchivedArticle(
        **{name: details[name] for name in names - _CONVERTED.keys()},
        **{name: convert(details) for name, convert in _CONVERTED.items()},
    )


def _moment(stored: str | None) -> datetime | None:
    return None if stored is None else datetime.fromisoformat(stored)


def _event(row: Mapping[str, Any]) -> ArchivedEvent:
    return ArchivedEvent(
        start_on=date.fromisoformat(row["start_on"]),
        end_on=date.fromisoformat(row["end_on"]),
        start_time=read_time(row["start_time"]),
        end_time=read_time(row["end_time"]),
        place=row["place"],
        province=row["province"],
        led_by=row["led_by"],
        confidence=row["confidence"],
    )


_CONVERTED: dict[str, Any] = {
    "number": lambda row: row["site_id"],
    "layout": lambda row: Layout(row["layout"]),
    "published_on": lambda row: read_day(row["published_on"]),
    "first_seen_at": lambda row: _moment(row["first_seen_at"]),
    "last_seen_at": lambda row: _moment(row["last_seen_at"]),
    "gone_at": lambda row: _moment(row["gone_at"]),
    "ministries": lambda row: tuple(one["ministry"] for one in row["ministries"]),
    "hashtags": lambda row: tuple(one["tag"] for one in row["hashtags"]),
    "dates": lambda row: tuple(map(DatePassage.of_row, row["dates"])),
    "people": lambda row: tuple(map(PersonPassage.of_row, row["people"])),
    "agencies": lambda row: tuple(map(AgencyPassage.of_row, row["agency_mentions"])),
    "places": lambda row: tuple(map(PlacePassage.of_row, row["places"])),
    "money": lambda row: tuple(map(MoneyPassage.of_row, row["money"])),
    "laws": lambda row: tuple(map(LawPassage.of_row, row["laws"])),
    "programmes": lambda row: tuple(map(ProgrammePassage.of_row, row["programmes"])),
    "contacts": lambda row: tuple(map(ContactPassage.of_row, row["contacts"])),
    "events": lambda row: tuple(map(_event, row["events"])),
    "details": lambda row: row,
}
"""Converts what was read of an article, where it differs from the attribute."""
