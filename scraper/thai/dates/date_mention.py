"""A date written in a text, as the other modules find it."""

from __future__ import annotations

from datetime import date, time
from enum import StrEnum

from scraper.model import Value


class Precision(StrEnum):
    """The smallest unit that the words of a date name."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class DateMention(Value):
    """A date written in a text.

    Attributes:
        start, end: character offsets into the text that was searched, ``end`` exclusive.
        text: ``searched_text[start:end]``, as written.
        start_on, end_on: first and last day, both inclusive; equal for a single day; None if the
            date is impossible (see ``flags``).
        start_time, end_time: time of day in Bangkok, if one is given; ``end_time`` only for a
            range. 23:59 for 24.00.
        until_24: whether ``end_time`` is written 24.00, the end of the last day.
        precision: the smallest unit that the words name.
        inferred: whether the year is missing and was inferred from the publication date.
        flags: sorted names of doubts, such as ``impossible`` or ``wrong-weekday``.
    """

    start: int
    end: int
    text: str
    start_on: date | None
    end_on: date | None
    start_time: time | None = None
    end_time: time | None = None
    until_24: bool = False
    precision: Precision = Precision.DAY
    inferred: bool = False
    flags: tuple[str, ...] = ()
