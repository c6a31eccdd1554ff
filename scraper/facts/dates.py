"""Dates that an article mentions in its lead, body and tail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scraper.facts.kind import READING_ORDER, ArticleText, FactKind, FactRow
from scraper.model import TextField, Value
from scraper.thai.dates import find_dates
from scraper.thai.dates.date_mention import DateMention

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, time

DATED_FIELDS = (TextField.LEAD, TextField.BODY, TextField.TAIL)


class FieldDate(Value):
    """A date mention and the field of the article that it was found in."""

    field: TextField
    mention: DateMention


def find_field_dates(text: ArticleText) -> Iterator[FieldDate]:
    """Yield the dates of each field, in reading order."""
    article = text.article
    for field in DATED_FIELDS:
        for mention in find_dates(getattr(article, field) or "", article.published_on):
            yield FieldDate(field=field, mention=mention)


def date_row(found: FieldDate) -> FactRow:
    """Return the row of a date, with ISO days and times as HH:MM."""
    mention = found.mention
    return (
        mention.start,
        found.field,
        mention.text,
        _iso_day(mention.start_on),
        _iso_day(mention.end_on),
        clock_time(mention.start_time),
        "24:00" if mention.until_24 else clock_time(mention.end_time),
        mention.precision,
        int(mention.inferred),
        " ".join(mention.flags),
    )


def date_line(row: dict[str, Any]) -> str:
    """Return a date on one line: its words, the days they mean, and any doubts."""
    days = [day for day in (row["start_on"], row["end_on"]) if day]
    times = [moment for moment in (row["start_time"], row["end_time"]) if moment]
    notes = ["year inferred"] * row["inferred"] + row["flags"].split()
    meaning = " to ".join(dict.fromkeys(days)) or "no day"
    at = f" {'-'.join(times)}" if times else ""
    return f"{row['text']} = {meaning}{at}" + (f" ({', '.join(notes)})" if notes else "")


def date_brief(found: FieldDate) -> str:
    """Return an ISO 8601 day or interval of days, empty for an impossible date."""
    first, last = found.mention.start_on, found.mention.end_on
    if first is None:
        return ""
    return first.isoformat() if first == last else f"{first}/{last}"


def _iso_day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def clock_time(moment: time | None) -> str | None:
    """Return a time of day as HH:MM."""
    return None if moment is None else f"{moment:%H:%M}"


KIND = FactKind(
    name="dates",
    table="date_mentions",
    columns=(
        "position", "field", "text", "start_on", "end_on", "start_time", "end_time", "precision",
        "inferred", "flags",
    ),
    find=find_field_dates,
    row=date_row,
    select="field, position, text, start_on, end_on, start_time, end_time, precision, inferred, "
    "flags FROM date_mentions t",
    order=READING_ORDER,
    heading="Dates",
    line=date_line,
    brief=date_brief,
    # Position and wording depend on the parser; the meaning must be right.
    judged=(
        "field", "start_on", "end_on", "start_time", "end_time", "precision", "inferred", "flags",
    ),
)  # fmt: skip
