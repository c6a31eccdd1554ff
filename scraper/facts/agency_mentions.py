"""Every place where an article names an agency."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from scraper.facts.kind import MENTION_COLUMNS, READING_ORDER, FactKind, Mention
from scraper.model import TextField

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.facts.kind import ArticleText

_FIELDS = {
    "title": TextField.TITLE,
    "lead": TextField.LEAD,
    "opening": TextField.BODY,
    "body": TextField.BODY,
    "tail": TextField.TAIL,
}


class AgencyMention(NamedTuple):
    """An agency named in a passage.

    Attributes:
        agency: slug in ``agencies.csv``.
        at: the passage: the name alone.
    """

    agency: str
    at: Mention


def find_agency_mentions(text: ArticleText) -> Iterator[AgencyMention]:
    """Yield each passage that names an agency, in reading order."""
    for found in text.agencies:
        field = _FIELDS[found.place]
        if field in text.folded and found.end <= len(text.folded[field].text):
            yield AgencyMention(found.agency, text.mention(field, found.start, found.end))


KIND = FactKind(
    name="agency_mentions",
    table="agency_mentions",
    columns=(*MENTION_COLUMNS, "agency"),
    find=find_agency_mentions,
    row=lambda found: (*found.at, found.agency),
    order=READING_ORDER,
    heading="",  # article_agencies is the summary
    line=lambda row: f"{row['field']} {row['position']}: {row['text']} = {row['agency']}",
    brief=lambda found: str(found.agency),
    judged=("field", "agency"),
)
