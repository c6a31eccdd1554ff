"""The grammar of dates: tokens in, phrases such as ``27-28 มี.ค. และ 2 เม.ย. 66`` out.

A *part* has one month, days before it (in English also after it), and maybe a year and hours. A
*phrase* is parts joined by a dash or ถึง (a range) or by และ or a comma (a list). `mentions` decides
what a phrase means.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from scraper.thai.dates import tokens as t
from scraper.thai.dates.years import IMPLAUSIBLE, OTHER_ERA, Era, Year, read_year

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Sequence
    from datetime import date

    from scraper.thai.dates.names import Month
    from scraper.thai.dates.tokens import TimeRange, Token


class Days(NamedTuple):
    """A day or a range of days within a month, with the offsets of the numbers."""

    first: int
    last: int
    start: int
    end: int


@dataclass
class Part:
    """A month with its days, year and hours.

    Attributes:
        start, end: offsets in the fold, without the hours.
        days: in order; empty if only the month is named.
        hours: before or after the date.
        years_off: years from publication to the year, by words such as ปีหน้า.
    """

    start: int
    end: int
    month: Month
    days: list[Days] = field(default_factory=list)
    year: Year | None = None
    hours: TimeRange | None = None
    years_off: int | None = None


class Phrase(NamedTuple):
    """Parts in order; ``ranges[i]`` is whether parts ``i`` and ``i + 1`` are a range."""

    parts: list[Part]
    ranges: list[bool]


def read_phrases(text: str, tokens: Sequence[Token], published_on: date | None) -> Iterator[Phrase]:
    """Yield the phrases of a fold, in order. Linear in the number of tokens.

    The day of publication helps to distinguish years from other numbers.
    """
    reader = _PhraseReader(text, tokens, published_on)
    while reader.at < len(tokens):
        if phrase := reader.phrase():
            yield phrase


class _PhraseReader:
    """Reads tokens from left to right; each method advances ``at`` past what it has read.

    A method that fails still advances, past tokens that cannot start a date but never past one that
    can. So no token is read more than three times.
    """

    def __init__(self, text: str, tokens: Sequence[Token], published_on: date | None) -> None:
        self.text = text
        self.tokens = tokens
        self.published_on = published_on
        self.at = 0
        self.hours_taken = -1

    # --- looking around ---

    def _token(self, index: int) -> Token | None:
        return self.tokens[index] if 0 <= index < len(self.tokens) else None

    def _between(self, index: int, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Match the text between a token and the next one."""
        if not 0 <= index < len(self.tokens) - 1:
            return None
        return pattern.fullmatch(self.text, self.tokens[index].end, self.tokens[index + 1].start)

    def _month(self, index: int) -> Month | None:
        token = self._token(index)
        return token.month if token else None

    def _day(self, index: int) -> int:
        token = self._token(index)
        return token.day_number if token else 0

    # --- phrases and parts ---

    def phrase(self) -> Phrase | None:
        first = self.at
        part = self._part()
        if part is None:
            return None
        parts, ranges = [part], []
        while self.at < len(self.tokens):
            before = self.at
            is_range = bool(self._between(before - 1, t.RANGE_OF_PARTS))
            if not is_range and not self._between(before - 1, t.LIST):
                break
            following = self._part()
            if following is None:
                break
            if bool(following.days) != bool(part.days):
                self.at = before  # a day and a month are two phrases
                break
            parts.append(following)
            ranges.append(is_range)
        for part, following in zip(reversed(parts[:-1]), reversed(parts[1:]), strict=True):
            if following.year is OTHER_ERA and part.year is None and part.years_off is None:
                part.year = OTHER_ERA
        if not any(part.year for part in parts):
            parts[0].year = self._year_before(first)
        return Phrase(parts, ranges)

    def _part(self) -> Part | None:
        first = self.at
        token = self.tokens[first]
        if token.day_number:
            part = self._days_then_month()
        elif token.month:
            part = self._month_then_days(token.month) if token.month.english else None
            part = part or self._month_alone(token.month)
        else:
            part = None
            self.at += 1
        if part:
            if part.year is None:
                part.years_off = t.years_from_publication(self.text, part.end)
            self._take_hours(part, first)
        return part

    def _days_then_month(self) -> Part | None:
        """Read ``5 มีนาคม 2566``, ``5, 7-9 และ 12 มี.ค. 66``, ``15th of August 2024``."""
        days = self._day_list(t.LIST, month_first=False)
        month = self._month(self.at)
        if month is None or not self._between(self.at - 1, t.DAY_MONTH):
            return None
        end = self.tokens[self.at].end
        self.at += 1
        part = Part(days[0].start, end, month, _ascending(days))
        part.start = part.days[0].start
        self._take_year(part)
        return part

    def _month_then_days(self, month: Month) -> Part | None:
        """Read ``May 13, 2022``, ``July 21-25, 2022``, ``August 1, 8, 15, 2022``, ``June 30``.

        In a list with commas the last number may count things, as in ``August 1, 8 boats``; so it
        is a list only before a year or the end of the clause.
        """
        first = self.at
        if not (self._day(first + 1) and self._between(first, t.DAY_MONTH)):
            return None
        for joint in (t.LIST, t.AND):
            self.at = first + 1
            days = self._day_list(joint, month_first=True)
            part = Part(self.tokens[first].start, days[-1].end, month, days)
            self._take_year(part)
            if part.year or len(days) == 1 or t.CLAUSE_END.match(self.text, part.end):
                break
        return part

    def _month_alone(self, month: Month) -> Part | None:
        token = self.tokens[self.at]
        self.at += 1
        if month.careless or (month.misspelt and month.number is None):
            return None
        part = Part(token.start, token.end, month)
        self._take_year(part)
        return part

    def _day_list(self, joint: re.Pattern[str], *, month_first: bool) -> list[Days]:
        days: list[Days] = []
        while True:
            start = self.at
            self.at += 1
            # `June 30 - 2 July`: a number before a month belongs to that month.
            is_range = self._between(start, t.RANGE) and self._day(start + 1)
            if is_range and not (month_first and self._month_follows(start + 1)):
                self.at += 1
            first, last = self.tokens[start], self.tokens[self.at - 1]
            days.append(Days(first.day_number, last.day_number, first.start, last.end))
            if not (self._between(self.at - 1, joint) and self._day(self.at)):
                return days
            if month_first and self._month_follows(self.at):
                return days

    def _month_follows(self, index: int) -> bool:
        return bool(self._month(index + 1) and self._between(index, t.DAY_MONTH))

    # --- years and hours ---

    def _take_year(self, part: Part) -> None:
        """Read the year after the part, if there is one."""
        token = self._token(self.at)
        if other := t.OTHER_ERA_NAME.match(self.text, part.end):
            self._take_other_era(part, other.end())
            return
        if cycle := t.CYCLE_YEAR.match(self.text, part.end):
            self._take_written_year(part, cycle.end())
            if part.year is None:
                self._take_other_era(part, cycle.end())
            return
        is_next = token is not None and t.DAY_MONTH.fullmatch(self.text, part.end, token.start)
        if (
            token
            and token.digits
            and is_next
            and (era := t.OTHER_ERA_AFTER.match(self.text, token.end))
        ):
            part.year, part.end = OTHER_ERA, era.end()
            self.at += 1
            return
        self._take_written_year(part, part.end)

    def _take_written_year(self, part: Part, start: int) -> None:
        """Read the year that follows, in an era that is converted, if there is one."""
        token = self._token(self.at)
        gap = t.YEAR.fullmatch(self.text, start, token.start) if token else None
        if not (token and token.digits and gap):
            return
        is_marked = bool(gap["era"] or gap["word"])
        if (gap["comma"] and not part.month.english) or (gap["apart"] and not is_marked):
            return
        short = len(token.digits) != 4 and not is_marked
        if short and (self._is_an_english_count(part, token) or self._starts_a_date(self.at)):
            return
        year = read_year(token.digits, t.era_of(gap), self.published_on)
        if year is None and len(token.digits) in {2, 3, 4} and (is_marked or self._ends(token)):
            year = IMPLAUSIBLE
        if year is None or (not is_marked and self._is_a_count(token, year)):
            return
        part.year = year
        if not gap["apart"]:
            part.end = token.end
        self.at += 1

    def _take_other_era(self, part: Part, after: int) -> None:
        """Read a year of an era that is not converted; ``after`` is where the era's name ends."""
        part.year = OTHER_ERA
        part.end = after
        token = self._token(self.at)
        if token and token.digits and t.ERA_YEAR.fullmatch(self.text, after, token.start):
            part.end = token.end
            self.at += 1

    def _is_an_english_count(self, part: Part, token: Token) -> bool:
        """Return whether a short number after an English month is not its year, as in ``5 Apr 68``.

        After a month that is followed by its day, ``May 5, 68``, it always counts something.
        """
        is_year = part.days and part.days[-1].end < part.end and self._ends(token)
        return part.month.english and not (is_year and len(token.digits) in {2, 3})

    def _ends(self, token: Token) -> bool:
        """Return whether a number ends the clause; then it is a year, even an impossible one."""
        return t.CLAUSE_END.match(self.text, token.end) is not None

    def _year_before(self, first: int) -> Year | None:
        """Return the year before a bracket: ``ปี 2566 (มกราคม - กันยายน)``."""
        token = self._token(first - 1)
        if not (token and len(token.digits) == 4 and self._between(first - 1, t.YEAR_BEFORE)):
            return None
        has_word = t.THE_YEAR.search(self.text, max(0, token.start - 10), token.start)
        return read_year(token.digits, Era.UNSAID, self.published_on) if has_word else None

    def _starts_a_date(self, index: int) -> bool:
        """Return whether a number is the day of the next date, as 12 in ``5 ก.พ. 12 มี.ค.``."""
        if not self._day(index):
            return False
        if self._between(index, t.RANGE) and self._day(index + 1):
            index += 1
        return self._month_follows(index)

    def _is_a_count(self, token: Token, year: Year) -> bool:
        """Return whether a number after a month counts things: 45 in ``21 เม.ย. 45 คน``.

        A number within three years of publication is a year, whatever follows.
        """
        if year.common and self.published_on and abs(year.common - self.published_on.year) <= 3:
            return False
        return len(token.digits) != 4 and t.counts_something(self.text, token)

    def _take_hours(self, part: Part, first: int) -> None:
        """Read the hours after a part, or those before it that no other part has taken."""
        following, preceding = self._token(self.at), self._token(first - 1)
        if following and following.hours and self._between(self.at - 1, t.HOURS_AFTER):
            part.hours = following.hours
            self.hours_taken = self.at
            self.at += 1
        elif (
            preceding
            and preceding.hours
            and self.hours_taken != first - 1
            and self._between(first - 1, t.HOURS_BEFORE)
        ):
            part.hours = preceding.hours


def _ascending(days: list[Days]) -> list[Days]:
    """Return the ascending days at the end of a list; the numbers before are something else."""
    start = len(days) - 1
    while start > 0 and days[start - 1].last < days[start].first:
        start -= 1
    return days[start:]
