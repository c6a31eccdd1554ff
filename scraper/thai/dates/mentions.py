"""Finds the dates in a text and decides what counts as a mention.

* A day is one mention, and so is a range. Each day of a list is one, and its text is its own part:
  ``8`` and ``15 มีนาคม 2566`` in ``8 และ 15 มีนาคม 2566``.
* A mention starts at the number of the day (or the name of the month), without วันที่ or a weekday,
  and ends with the year. Times are in its fields, not in its text.
* A month is a mention if it has a year, follows เดือน, precedes นี้ or ที่ผ่านมา, or is part of a range.
* A year alone is not a mention: most are those of a budget, a law or a plan. Neither are quarters,
  nor words such as วันนี้ that refer to the day of publication.
* Nothing is guessed. If the words name no possible day, or one of two, ``start_on`` is None and a
  flag says why.

Flags, explained in `docs/dates.md`: ``ambiguous-month``, ``ce-two-digit``,
``far-from-publication``, ``implausible-year``, ``impossible``, ``midnight``, ``misspelt-month``,
``no-year``, ``old-new-year``, ``other-era``, ``reversed``, ``wrong-weekday``, ``yearly``.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from scraper.thai.dates.context import Context
from scraper.thai.dates.date_mention import DateMention, Precision
from scraper.thai.dates.heads import ListHeads
from scraper.thai.dates.phrases import read_phrases
from scraper.thai.dates.tokens import tokenise
from scraper.thai.dates.years import nearest_year
from scraper.thai.text import fold_with_offsets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import time

    from scraper.thai.dates.phrases import Days, Part, Phrase
    from scraper.thai.text import Folded

# "Today" is the day of publication in 92.5 % of 19,000 releases and the day before in 5 %. Of those
# further away than this, nearly all have a mistake in the year or month.
_TODAY_FROM, _TODAY_TO = timedelta(days=-31), timedelta(days=2)
_LIST_TURN = 6  # months; `มิถุนายนหรือพฤษภาคม 2566` are in one year, ธันวาคมและมกราคม 2567 are not
_FARTHEST_LIST = 3  # years from publication; a head further away is that of a law


def find_dates(text: str, published_on: date | None) -> list[DateMention]:
    """Return the dates in a text, in order. Linear in its length.

    Args:
        text: cleaned or not; the mentions' offsets refer to it.
        published_on: used to infer years that are not written; without it such mentions have no
            ``start_on``.

    >>> find_dates("ระหว่างวันที่ ๒๗-๒๘ มี.ค ๖๖", None)[0].end_on
    datetime.date(2023, 3, 28)
    """
    folded = fold_with_offsets(text)
    tokens = tokenise(folded, text)
    builder = _MentionBuilder(text, folded, published_on)
    mentions = [
        builder.slash_date(token.start, token.end, token.day) for token in tokens if token.day
    ]
    for phrase in read_phrases(folded.text, tokens, published_on):
        mentions += builder.mentions(phrase)
    return sorted(mentions, key=lambda mention: mention.start)


class _Bound(NamedTuple):
    """One end of a mention: days of a part, or its whole month.

    Attributes:
        year: CE; None if unknown.
        inferred: whether the year was inferred from the publication date.
    """

    part: Part
    days: Days | None
    year: int | None
    inferred: bool

    @property
    def start(self) -> int:
        if self.days and self.days is not self.part.days[0]:
            return self.days.start
        return self.part.start

    @property
    def end(self) -> int:
        if self.days and self.days is not self.part.days[-1]:
            return self.days.end
        return self.part.end

    def first_day(self) -> date | None:
        return self._date(self.days.first if self.days else 1)

    def last_day(self) -> date | None:
        return self._date(self.days.last if self.days else 0)

    def _date(self, day: int) -> date | None:
        """Return a day of the month (0: the last), None if it does not exist."""
        month = self.part.month.number
        if self.year is None or month is None:
            return None
        length = monthrange(self.year, month)[1]
        return date(self.year, month, day or length) if day <= length else None


class _MentionBuilder:
    """Builds the mentions of one text."""

    def __init__(self, text: str, folded: Folded, published_on: date | None) -> None:
        self.text = text
        self.folded = folded
        self.context = Context(folded.text)
        self.published_on = published_on

    @cached_property
    def heads(self) -> ListHeads:
        """The years at the heads of lists; most texts have no date that needs one."""
        return ListHeads(self.folded.text)

    def slash_date(self, start: int, end: int, day: date) -> DateMention:
        """Return the mention of a day written ``15/03/2566``."""
        start, end = self.folded.original_span(start, end)
        return DateMention(
            start=start, end=end, text=self.text[start:end], start_on=day, end_on=day
        )

    def mentions(self, phrase: Phrase) -> Iterator[DateMention]:
        """Yield the mentions of a phrase; none if it only names months in general."""
        if not phrase.parts[0].days and not self._is_certain(phrase):
            return
        first: _Bound | None = None  # of a range that continues in the next part
        continues = [*phrase.ranges, False]
        for part, year, is_open in zip(phrase.parts, self._years(phrase), continues, strict=True):
            spans: list[Days | None] = [*part.days] or [None]
            for days in spans:
                bound = _Bound(part, days, *year)
                if is_open and bound.end == part.end and first is None:
                    first = bound
                else:
                    yield self._mention(first or bound, bound)
                    first = None

    def _is_certain(self, phrase: Phrase) -> bool:
        first, last = phrase.parts[0], phrase.parts[-1]
        if any(part.year or part.years_off is not None for part in phrase.parts):
            return True
        if first.month.english:
            return False
        return any(phrase.ranges) or self.context.is_month(first.start, last.end)

    # --- years ---

    def _years(self, phrase: Phrase) -> list[tuple[int | None, bool]]:
        """Return the year CE of each part, and whether it is inferred.

        A part has its own year or its neighbour's: a year at the end applies to the parts before
        it, a year at the start to the rest of a range. If the months run backwards, there is a new
        year in between: ``12 ธันวาคม - 9 เมษายน 2567``.
        """
        parts = phrase.parts
        years = [self._said_year(part) for part in parts]
        inferred = [bool(year) and not part.year for part, year in zip(parts, years, strict=True)]
        if not any(years) and not any(part.year for part in parts):
            years[0] = self._year_of_list(phrase)
            if years[0] is None and self.context.is_past(parts[-1].end):
                years[-1], inferred[-1] = self._year_of_publication(parts[-1]), True
        for index in reversed(range(len(parts) - 1)):
            following = years[index + 1]
            if not (parts[index].year or years[index]) and following:
                turn = self._is_turn(phrase, index)
                years[index], inferred[index] = following - turn, inferred[index + 1]
        for index, part in enumerate(parts):
            if part.year or years[index]:
                continue
            before = years[index - 1] if index else None
            turn = index > 0 and _month_and_day(part) < _month_and_day(parts[index - 1])
            if before and (phrase.ranges[index - 1] or not turn):
                years[index], inferred[index] = before + turn, inferred[index - 1]
            else:
                years[index], inferred[index] = self._year_of_publication(part), True
        return list(zip(years, inferred, strict=True))

    def _is_turn(self, phrase: Phrase, index: int) -> bool:
        """Return whether there is a new year between a part and the next."""
        month, day = _month_and_day(phrase.parts[index])
        next_month, next_day = _month_and_day(phrase.parts[index + 1])
        if phrase.ranges[index]:
            return (month, day) > (next_month, next_day)
        return month - next_month > _LIST_TURN

    def _said_year(self, part: Part) -> int | None:
        """Return the year written after a part, or that of words such as ปีหน้า."""
        if part.year or part.years_off is None or self.published_on is None:
            return part.year.common if part.year else None
        # A text of December may be published in January.
        is_old = part.month.number == 12 and self.published_on < date(self.published_on.year, 1, 11)
        return self.published_on.year + part.years_off - (is_old and part.years_off == 0)

    def _year_of_list(self, phrase: Phrase) -> int | None:
        """Return the year at the head of the list that the phrase belongs to."""
        first, last = phrase.parts[0], phrase.parts[-1]
        if self.context.is_yearly(first.start, last.end) or self.context.is_near(last.end):
            return None
        year = self.heads.year_at(first.start)
        if year and self.published_on and abs(year - self.published_on.year) > _FARTHEST_LIST:
            return None
        day = _Bound(first, first.days[0] if first.days else None, year, inferred=False).first_day()
        weekday = self.context.weekday(first.start) if first.days else None
        return year if day and weekday in {None, day.isoweekday()} else None

    def _year_of_publication(self, part: Part) -> int | None:
        if self.published_on is None or part.month.number is None:
            return None
        return nearest_year(
            *_month_and_day(part),
            self.published_on,
            latest=self.context.latest(part.start, part.end, of_month=not part.days),
            weekday=self.context.weekday(part.start) if part.days else None,
        )

    # --- one mention ---

    def _mention(self, first: _Bound, last: _Bound) -> DateMention:
        start_on, end_on = first.first_day(), last.last_day()
        flags = {doubt for bound in (first, last) for doubt in self._doubts(bound)}
        if self.context.is_yearly(first.part.start, last.part.end):
            flags.add("yearly")
        if flag := _why_no_days(first, last):
            flags.add(flag)
            start_on = end_on = None
        elif start_on and self._is_far(first.start, start_on):
            flags.add("far-from-publication")
        start, end = self.folded.original_span(first.start, last.end)
        start_time, end_time, until_24 = _start_and_end_time(first.part, last.part)
        return DateMention(
            start=start,
            end=end,
            text=self.text[start:end],
            start_on=start_on,
            end_on=end_on,
            start_time=start_time,
            end_time=end_time,
            until_24=until_24,
            precision=Precision.DAY if first.days else Precision.MONTH,
            inferred=start_on is not None and (first.inferred or last.inferred),
            flags=tuple(sorted(flags)),
        )

    def _doubts(self, bound: _Bound) -> Iterator[str]:
        """Yield the flags of a date that can be read but is doubtful."""
        part, day = bound.part, bound.first_day()
        if part.month.misspelt and part.month.number:
            yield "misspelt-month"
        if part.year and part.year.common and (doubt := part.year.doubt(part.month.number)):
            yield doubt
        if part.hours and part.hours.midnight:
            yield "midnight"
        if day and bound.days:
            weekday = self.context.weekday(bound.start)
            if weekday and weekday != day.isoweekday():
                yield "wrong-weekday"

    def _is_far(self, start: int, day: date) -> bool:
        if self.published_on is None or not self.context.is_today(start):
            return False
        return not _TODAY_FROM <= day - self.published_on <= _TODAY_TO


def _month_and_day(part: Part) -> tuple[int, int]:
    """Return month and first day of a part, which order parts within a year."""
    return part.month.number or 0, part.days[0].first if part.days else 1


def _why_no_days(first: _Bound, last: _Bound) -> str:
    """Return the flag for a mention without possible days, empty if it has some."""
    for bound in (first, last):
        if bound.part.month.number is None:
            return "ambiguous-month"
        if bound.year is None:
            return bound.part.year.flag if bound.part.year else "no-year"
    start_on, end_on = first.first_day(), last.last_day()
    if start_on is None or end_on is None:
        return "impossible"
    return "reversed" if start_on > end_on else ""


def _start_and_end_time(first: Part, last: Part) -> tuple[time | None, time | None, bool]:
    """Return the start and end time of a mention, and whether the end is written 24.00."""
    if first is last or not (first.hours and last.hours):
        hours = first.hours or last.hours
        if hours is None:
            return None, None, False
        return hours.start, hours.end, hours.end is not None and hours.until_24
    return first.hours.start, last.hours.end or last.hours.start, last.hours.until_24
