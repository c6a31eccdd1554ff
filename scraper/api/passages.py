"""Passages of a text with their meaning: what the functions of ``scraper.api`` return."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, time
from typing import TYPE_CHECKING, Any, Self

from scraper.model import TextField
from scraper.thai.dates.date_mention import Precision

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_MIDNIGHT, _LAST_MINUTE = "24:00", time(23, 59)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A passage of a text.

    Attributes:
        start, end: its offsets in the text, in characters from 0, ``end`` exclusive.
        text: the passage as written, ``searched[start:end]``.
        field: the field of the article that contains it; None in a plain string.
    """

    start: int
    end: int
    text: str
    field: TextField | None = None

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> Self:
        """Return the passage of a row of a table of facts, given by column."""
        start, text = row["position"], row["text"]
        names = {entry.name for entry in fields(cls)} & set(row)
        values = {name: _READ[name](row[name]) if name in _READ else row[name] for name in names}
        return cls(**{**values, "start": start, "end": start + len(text)})


@dataclass(frozen=True, slots=True, kw_only=True)
class DatePassage(Passage):
    """A date.

    Attributes:
        start_on, end_on: first and last day, inclusive; equal for a single day; None if the date
            is impossible, or has no year and no day of publication to infer it from.
        start_time, end_time: time of day in Bangkok; None if none is given. 24.00 is read as 23:59.
        precision: the smallest unit that the words name: ``day``, ``month`` or ``year``.
        inferred: whether the year was inferred from the day of publication.
        flags: names of doubts, such as ``impossible`` (docs/dates.md).
    """

    start_on: date | None
    end_on: date | None
    start_time: time | None
    end_time: time | None
    precision: Precision
    inferred: bool
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPassage(Passage):
    """A person's name, without title.

    Attributes:
        name: first name, one space, surname.
        person: id of the person, equal in all archives, computed from the name.
        title: words of address and rank as written; None if there are none.
        post: the post beside the name, as written; None if there is none.
        agency: slug of the first agency that the post names; None if it names none.
        form: ``full``, or ``first`` for a first name whose full name is in the same text.
    """

    name: str
    person: int
    title: str | None
    post: str | None
    agency: str | None
    form: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyPassage(Passage):
    """A name of an agency.

    Attributes:
        agency: slug, the key of the table ``agencies``.
    """

    agency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacePassage(Passage):
    """A place, with the word before its name (จังหวัด, อ.).

    Attributes:
        kind: ``province``, ``district`` or ``subdistrict``.
        province: ISO 3166-2 code of the province that it is or lies in.
        district: code of the district that it is or lies in; None for a province.
        name_th: official Thai name.
    """

    kind: str
    province: str
    district: str | None
    name_th: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyPassage(Passage):
    """An amount of money.

    Attributes:
        low: the amount, or the lower end of a range, in units of ``currency``.
        high: upper end of a range; None for a single amount.
        currency: ISO 4217, ``THB`` for baht.
        approximate: whether the text says about, nearly, at least or more than.
        per: the unit the amount is for, such as ``ตัน``; None for none.
    """

    low: float
    high: float | None
    currency: str
    approximate: bool
    per: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LawPassage(Passage):
    """A law.

    Attributes:
        kind: ``act``, ``decree``, ``draft``, ``constitution`` or ``regulation``.
        name: its name in one spelling.
    """

    kind: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammePassage(Passage):
    """A project, programme, policy or campaign.

    Attributes:
        kind: ``project``, ``programme``, ``policy`` or ``campaign``.
        name: its name, without quotation marks and without โครงการ.
    """

    kind: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPassage(Passage):
    """A telephone number or an address.

    Attributes:
        kind: ``phone``, ``hotline``, ``url``, ``email``, ``facebook`` or ``line``.
        value: digits of a number, absolute URL, or name, in one form.
        warned: whether the text warns of it.
    """

    kind: str
    value: str
    warned: bool


def read_day(stored: str | None) -> date | None:
    """Return a stored day."""
    return None if stored is None else date.fromisoformat(stored)


def read_time(stored: str | None) -> time | None:
    """Return a stored time of day, 23:59 for 24:00."""
    if stored is None:
        return None
    return _LAST_MINUTE if stored == _MIDNIGHT else time.fromisoformat(stored)


_READ: dict[str, Callable[[Any], Any]] = {
    "field": lambda name: None if name is None else TextField(name),
    "start_on": read_day,
    "end_on": read_day,
    "start_time": read_time,
    "end_time": read_time,
    "precision": Precision,
    "inferred": bool,
    "flags": lambda names: tuple(names.split()),
    "approximate": bool,
    "warned": bool,
    "kind": str,
}
"""Converts the stored value of a column, where it differs from the attribute."""
