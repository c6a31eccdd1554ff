"""Ground truth of a practice page: the content an archive should have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.model import Attachment, FieldDate, Layout, TextField
from scraper.practice.html.news import shown_body, shown_date, shown_files
from scraper.practice.prose.dates import long_date
from scraper.practice.prose.written import Text, join
from scraper.sources import PRACTICE, article_url

if TYPE_CHECKING:
    from datetime import date

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
    attachments: tuple[Attachment, ...]
    links: tuple[str, ...]
    oddity: str


def truth_of(draft: Draft, number: int, layout: Layout) -> Truth:
    """Return the ground truth of a draft under a number in a layout.

    The layout ``news`` shows neither lead nor category nor the day of entry.
    """
    is_news = layout is Layout.NEWS
    lead = None if is_news else draft.lead
    body = join(shown_body(draft) if is_news else draft.paragraphs, "\n")
    tail = join(draft.tail, "\n")
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
        agencies=draft.agencies,
        dates=(
            *_field_dates(TextField.LEAD, lead or Text("")),
            *_field_dates(TextField.BODY, body),
            *_field_dates(TextField.TAIL, tail),
        ),
        attachments=shown_files(draft) if is_news else draft.attachments,
        links=draft.links,
        oddity=draft.oddity,
    )


def _field_dates(field: TextField, text: Text) -> tuple[FieldDate, ...]:
    return tuple(FieldDate(field=field, mention=mention) for mention in text.mentions())
