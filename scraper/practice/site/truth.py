"""Ground truth of a practice page: the content an archive should have."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scraper.facts.dates import FieldDate
from scraper.facts.kind import Mention
from scraper.model import Attachment, Layout, TextField
from scraper.practice.html.news import shown_body, shown_date, shown_files
from scraper.practice.prose.dates import long_date
from scraper.practice.prose.written import Text, join
from scraper.practice.site.events import event_of
from scraper.sources import PRACTICE, article_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from scraper.facts.agency_mentions import AgencyMention
    from scraper.facts.contacts import ContactMention
    from scraper.facts.events import Event
    from scraper.facts.laws import LawMention
    from scraper.facts.money import MoneyMention
    from scraper.facts.people import PersonMention
    from scraper.facts.places import PlaceMention
    from scraper.facts.programmes import ProgrammeMention
    from scraper.practice.prose.drafts import Draft


@dataclass(frozen=True)
class Truth:
    r"""Content an archive should have for a practice page: clean text, dates, tags.

    Attributes:
        number, url: identity; the URL is the canonical one.
        lead: the lead, None if it only repeats other text.
        body, tail: clean lines joined by ``\n``, as in ``Article``.
        published_raw: the publication date as written.
        ministry: slug, None if it cannot be determined.
        agencies: slugs of agencies an archive knows; all others are invented.
        dates: dates of lead, body and tail in reading order, with their offsets.
        people, agency_mentions, places, programmes, money, laws, contacts: the passages of title,
            lead, body and tail that name them, in reading order.
        events: the main event, if there is one; None if the page names days of several happenings
            and does not open with one, where no reading is the only right one.
        links: canonical URLs of other articles of the site.
        oddity: its name, or ``plain``.
    """

    number: int
    url: str
    layout: Layout
    language: str
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
    agencies: tuple[str, ...]
    dates: tuple[FieldDate, ...]
    people: tuple[PersonMention, ...]
    agency_mentions: tuple[AgencyMention, ...]
    places: tuple[PlaceMention, ...]
    programmes: tuple[ProgrammeMention, ...]
    money: tuple[MoneyMention, ...]
    laws: tuple[LawMention, ...]
    contacts: tuple[ContactMention, ...]
    events: tuple[Event, ...] | None
    attachments: tuple[Attachment, ...]
    links: tuple[str, ...]
    oddity: str


def truth_of(draft: Draft, number: int, layout: Layout) -> Truth:
    """Return the ground truth of a draft under a number in a layout.

    The layout ``news`` shows neither lead nor category nor the day of entry.
    """
    is_news = layout is Layout.NEWS
    lead = None if is_news else draft.lead
    paragraphs = shown_body(draft) if is_news else draft.paragraphs
    body = join(paragraphs, "\n")
    tail = join(draft.tail, "\n")
    fields = {
        TextField.TITLE: draft.headline,
        TextField.LEAD: lead or Text(""),
        TextField.BODY: body,
        TextField.TAIL: tail,
    }
    facts = _facts(fields)
    told = (*([lead] if lead else []), *paragraphs)
    return Truth(
        number=number,
        url=article_url(PRACTICE, layout, number, draft.language),
        layout=layout,
        language=draft.language,
        title=draft.title,
        lead=lead.string if lead else None,
        body=body.string,
        tail=tail.string,
        category=None if is_news else draft.category,
        published_on=draft.published_on,
        published_raw=shown_date(draft) if is_news else long_date(draft.published_on),
        entered_on=None if is_news else draft.entered_on,
        hashtags=draft.hashtags,
        ministry=draft.ministry,
        agencies=tuple(dict.fromkeys(found.agency for found in facts["agency_mentions"])),
        dates=tuple(
            FieldDate(field=field, mention=mention)
            for field, text in fields.items()
            if field is not TextField.TITLE
            for mention in text.mentions()
        ),
        people=_resolved(facts["people"]),
        agency_mentions=facts["agency_mentions"],
        places=facts["places"],
        programmes=facts["programmes"],
        money=facts["money"],
        laws=facts["laws"],
        contacts=facts["contacts"],
        events=_events(told, draft),
        attachments=shown_files(draft) if is_news else draft.attachments,
        links=draft.links,
        oddity=draft.oddity,
    )


def _events(told: Sequence[Text], draft: Draft) -> tuple[Event, ...] | None:
    """Return the event that lead and paragraphs tell of, None if that is open."""
    if event := event_of(told, draft.published_on):
        return (event,)
    is_open = not draft.one_story and any(text.mentions() for text in told)
    return None if is_open else ()


def _facts(fields: dict[TextField, Text]) -> defaultdict[str, tuple[Any, ...]]:
    """Return the values of each kind of fact, with the passages that name them."""
    found: defaultdict[str, tuple[Any, ...]] = defaultdict(tuple)
    for field, text in fields.items():
        for mark, fact in text.facts():
            at = Mention(field, mark.start, text.string[mark.start : mark.end])
            if fact.kind == "programmes" and not fact.value.name:
                found[fact.kind] += (fact.value._replace(at=at, name=at.text),)
            elif hasattr(fact.value, "at"):
                found[fact.kind] += (fact.value._replace(at=at),)
    return found


def _resolved(people: Iterable[PersonMention]) -> tuple[PersonMention, ...]:
    """Return the persons, those of a first name completed if exactly one full name has it."""
    people = tuple(people)
    names: defaultdict[str, set[str]] = defaultdict(set)
    for person in people:
        if person.form == "full":
            names[person.name.split(" ")[0]].add(person.name)
    return tuple(
        person._replace(name=next(iter(names[person.name]), person.name))
        for person in people
        if person.form == "full" or " " in person.name or len(names[person.name]) == 1
    )
