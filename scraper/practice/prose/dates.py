"""Writes dates in the style of Thai press releases, in roughly the measured proportions.

Of 131,799 dates in 50,091 pages 75 % have a four-digit year of the Buddhist era, 14 % a two-digit
one and 11 % none. Every function returns the text together with its meaning; nothing here parses a
date, so the ground truth does not depend on the parser it is compared with.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from scraper.practice.prose.written import Meaning, Text, dated, join
from scraper.reference import read_table
from scraper.thai.dates.date_mention import Precision
from scraper.thai.dates.years import BUDDHIST_ERA

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

_MONTH_TABLE = read_table("months.csv")
MONTHS = [row["thai"] for row in _MONTH_TABLE]
SHORT_MONTHS = [row["thai_short"] for row in _MONTH_TABLE]
ENGLISH_MONTHS = [row["english"].title() for row in _MONTH_TABLE]
WEEKDAYS = [f"วัน{row['thai']}" for row in read_table("weekdays.csv")]

NEAR = timedelta(days=25)  # the year is only left out this close to the publication
_OPENING_HOURS = range(9, 17)


class Style(NamedTuple):
    """A way to write a month and year: month names and a template for the year."""

    months: list[str]
    year: str

    @property
    def has_year(self) -> bool:
        """Whether the year is written."""
        return bool(self.year)

    def month(self, month: int, year: int) -> str:
        """Return a month and a year (given as CE), such as ``มี.ค. 66``."""
        era_year = year + BUDDHIST_ERA
        return self.months[month - 1] + self.year.format(year=era_year, short=era_year % 100)


_FULL = Style(MONTHS, " {year}")
_SHORT = Style(SHORT_MONTHS, " {short:02}")
_STYLES = (
    (_FULL, 650),
    (_SHORT, 115),
    (Style(SHORT_MONTHS, "{short:02}"), 10),
    (Style(SHORT_MONTHS, " {year}"), 24),
    (Style(MONTHS, " พ.ศ. {year}"), 10),
    (Style(MONTHS, " {short:02}"), 3),
)
_YEARLESS = ((Style(MONTHS, ""), 70), (Style(SHORT_MONTHS, ""), 30))
_DASHES = (("-", 60), (" - ", 18), (" – ", 12), ("–", 6), (" ถึง ", 4))
_BRIDGES = ((" - ", 30), (" – ", 20), ("-", 8), (" ถึง ", 12), (" ถึงวันที่ ", 22), (" จนถึงวันที่ ", 8))
_YEARS_OF_BRIDGE = (("both", 49), ("end", 47), ("start", 1), ("neither", 3))


T = TypeVar("T")


def pick(rng: Random, weighted: Sequence[tuple[T, int]]) -> T:
    """Return a random value, chosen by weight."""
    return rng.choices([value for value, _ in weighted], [weight for _, weight in weighted])[0]


def long_date(day: date) -> str:
    """Return the long date of the page header, ``วันพฤหัสบดีที่ 21 สิงหาคม 2568``."""
    return f"{WEEKDAYS[day.weekday()]}ที่ {day.day} {_FULL.month(day.month, day.year)}"


def short_date(day: date) -> str:
    """Return the short date of the page header, ``21/08/2568``."""
    return f"{day:%d/%m}/{day.year + BUDDHIST_ERA}"


def full_date(day: date, flags: tuple[str, ...] = ()) -> Text:
    """Write a day with its full month and year: ``21 สิงหาคม 2568``."""
    return dated(f"{day.day} {_FULL.month(day.month, day.year)}", Meaning(day, day, flags=flags))


def on_day(day: date) -> Text:
    """Write a day like ``long_date``, but as a date of the text."""
    return join((f"{WEEKDAYS[day.weekday()]}ที่ ", full_date(day)))


@dataclass(frozen=True)
class DateWriter:
    """Writes the dates of one release.

    Attributes:
        rng: draws days and wording.
        published: publication day of the release; all other dates are relative to it.
    """

    rng: Random
    published: date

    @property
    def slots(self) -> dict[str, Callable[[], Text]]:
        """The date slots of ``sentences.csv``."""
        return {
            "today": self.today,
            "past": lambda: self.day(self.before(3, 60)),
            "pastweek": lambda: self.weekday(self.before(3, 60)),
            "soon": lambda: self.day(self.after(1, 90)),
            "soonweek": lambda: self.weekday(self.after(1, 40)),
            "soontime": lambda: self.day(self.after(1, 60), timed=True),
            "soonweektime": lambda: self.weekday(self.after(1, 60), timed=True),
            "range": self.days,
            "cross": self.months_apart,
            "list": self.some_days,
            "month": self.month,
            "months": self.months,
            "history": self.history,
        }

    def before(self, least: int, most: int) -> date:
        """Return a day ``least`` to ``most`` days before the publication."""
        return self.published - timedelta(days=self.rng.randint(least, most))

    def after(self, least: int, most: int) -> date:
        """Return a day ``least`` to ``most`` days after the publication."""
        return self.published + timedelta(days=self.rng.randint(least, most))

    def style(self, *days: date) -> Style:
        """Return a style for some days; the year is left out only if all are near."""
        # 11 % have no year, all of them near dates, so among near dates the share is higher.
        if all(abs(day - self.published) <= NEAR for day in days) and self.rng.random() < 0.17:
            return pick(self.rng, _YEARLESS)
        return pick(self.rng, _STYLES)

    def day(self, day: date, *, timed: bool = False, style: Style | None = None) -> Text:
        """Write a day, such as ``16 กุมภาพันธ์ 2566``."""
        style = style or self.style(day)
        words, start, end = self._clock() if timed else ("", None, None)
        return dated(
            f"{day.day} {style.month(day.month, day.year)}{words}",
            Meaning(day, day, start, end, inferred=not style.has_year),
        )

    def weekday(self, day: date, *, timed: bool = False) -> Text:
        """Write a day with its weekday, such as ``วันพุธที่ 15 มีนาคม 2566``."""
        written = self.day(day, timed=timed)
        return dated(f"{WEEKDAYS[day.weekday()]}ที่ {written.string}", written.meaning)

    def today(self) -> Text:
        """Write the day of the event: the publication day or up to three days before it."""
        # Of 19,000 "วันนี้ (date)" 17,588 name the day of the publication, 953 the day before.
        timed = self.rng.random() < 0.4
        kind = self.rng.random()
        if kind < 0.5:
            day = self.before(0, 0 if self.rng.random() < 0.95 else 1)
            return self._today_in_brackets("วันนี้", day, timed=timed)
        if kind < 0.53:
            return self._today_in_brackets("วานนี้", self.before(1, 1), timed=timed)
        day = self.before(0, 3)
        if kind < 0.57:
            hour = time(self.rng.choice(_OPENING_HOURS), 30)
            style = self.style(day)
            words = f"{hour:%H.%M} น. วันที่ {day.day} {style.month(day.month, day.year)}"
            meaning = Meaning(day, day, hour, inferred=not style.has_year)
            return join(("เมื่อเวลา ", dated(words, meaning)))
        if kind < 0.65:
            return self.weekday(day, timed=timed)
        return join((self.rng.choice(("วันที่ ", "วันที่ ", "เมื่อวันที่ ")), self.day(day, timed=timed)))

    def days(self) -> Text:
        """Write a range within one month, such as ``25-26 มีนาคม 2566``."""
        start = self.after(1, 60)
        # Not from the last days of a month, or the range would end in the next one.
        start = start.replace(day=min(start.day, 26))
        end = start.replace(day=self.rng.randint(start.day + 1, 28))
        return self._range(start, end, self.style(start, end))

    def months_apart(self) -> Text:
        """Write a range across months, such as ``1 มีนาคม - 1 พฤษภาคม 2566``."""
        start = self.before(0, 40) if self.rng.random() < 0.4 else self.after(1, 40)
        end = start + timedelta(days=self.rng.randint(32, 160))
        years = pick(self.rng, _YEARS_OF_BRIDGE)
        style = pick(self.rng, _STYLES)
        bare = Style(style.months, "")
        if years == "neither" and start.year == end.year == self.published.year:
            return self._bridge(start, bare, end, bare)
        if years == "start" and start.year == end.year:
            return self._bridge(start, style, end, bare)
        return self._bridge(start, bare if years == "end" else style, end, style)

    def some_days(self) -> Text:
        """Write single days of one month, such as ``1, 8, 15 และ 22 ธันวาคม 2566``.

        Each day, and each range among them, is a separate date.
        """
        first = self.after(10, 60).replace(day=1)
        numbers = sorted(self.rng.sample(range(1, 29), self.rng.choice((2, 2, 3, 4, 5))))
        days = [first.replace(day=number) for number in numbers]
        style = self.style(first, days[-1])
        spans = [(day, day) for day in days]
        if len(days) == 4 and self.rng.random() < 0.5:
            spans = [(days[0], days[1]), (days[2], days[3])]
        return self._list(spans, style)

    def month(self) -> Text:
        """Write a month with its year, such as ``มีนาคม 2566``."""
        first = self.after(30, 200).replace(day=1)
        return dated(_FULL.month(first.month, first.year), _month_meaning(first, first))

    def months(self) -> Text:
        """Write a range of months with the year at its end, such as ``ม.ค.-พ.ย. 64``."""
        year = self.published.year - 1
        first, last = sorted(self.rng.sample(range(1, 13), 2))
        style, dash = self.rng.choice(((_FULL, " - "), (_SHORT, "-")))
        words = f"{style.months[first - 1]}{dash}{style.month(last, year)}"
        return dated(words, _month_meaning(date(year, first, 1), date(year, last, 1)))

    def history(self) -> Text:
        """Write a day long ago (1790-1995), sometimes in the common era."""
        year = self.rng.randint(1790, 1995)
        day = date(year, self.rng.randint(1, 12), self.rng.randint(1, 28))
        words = self.rng.choice(("{era}", "{era}", "พ.ศ. {era}", "ค.ศ. {year}", "ปี {era}"))
        year_words = words.format(era=year + BUDDHIST_ERA, year=year)
        # Until 1940 the Buddhist year began in April, so January to March were its last months.
        is_doubtful = "{era}" in words and year <= 1940 and day.month <= 3
        meaning = Meaning(day, day, flags=("old-new-year",) if is_doubtful else ())
        return dated(f"{day.day} {MONTHS[day.month - 1]} {year_words}", meaning)

    def english(self, day: date) -> Text:
        """Write a day in English, such as ``May 13, 2022``."""
        month = ENGLISH_MONTHS[day.month - 1]
        words = f"{month} {day.day}, {day.year}"
        if self.rng.random() < 0.2:
            words = f"{day.day} {month} {day.year}"
        return dated(words, Meaning(day, day))

    def english_days(self) -> Text:
        """Write a range within one month in English, such as ``July 21-25, 2022``."""
        start = self.after(5, 60).replace(day=self.rng.randint(1, 20))
        end = start + timedelta(days=self.rng.randint(1, 6))
        words = f"{ENGLISH_MONTHS[start.month - 1]} {start.day}-{end.day}, {start.year}"
        return dated(words, Meaning(start, end))

    def _clock(self) -> tuple[str, time, time | None]:
        """Return a time of day as text, with a leading space, and its start and end."""
        start = time(self.rng.choice(_OPENING_HOURS), self.rng.choice((0, 0, 30, 30, 15, 45)))
        form = "%H:%M" if self.rng.random() < 0.02 else "%H.%M"
        if self.rng.random() < 0.9:
            return f" เวลา {start.strftime(form)} น.", start, None
        end = start.replace(hour=start.hour + self.rng.randint(1, 4))
        return f" เวลา {start.strftime(form)}-{end.strftime(form)} น.", start, end

    def _today_in_brackets(self, word: str, day: date, *, timed: bool) -> Text:
        written = self.day(day)
        words, start, end = self._clock() if timed else ("", None, None)
        meaning = written.meaning._replace(start_time=start, end_time=end)
        return join((f"{word} (", dated(written.string, meaning), f"){words}"))

    def _range(self, start: date, end: date, style: Style) -> Text:
        dash = pick(self.rng, _DASHES)
        words = f"{start.day}{dash}{end.day} {style.month(end.month, end.year)}"
        return dated(words, Meaning(start, end, inferred=not style.has_year))

    def _bridge(self, start: date, start_style: Style, end: date, end_style: Style) -> Text:
        first = f"{start.day} {start_style.month(start.month, start.year)}"
        last = f"{end.day} {end_style.month(end.month, end.year)}"
        inferred = not (start_style.has_year or end_style.has_year)
        words = f"{first}{pick(self.rng, _BRIDGES)}{last}"
        return dated(words, Meaning(start, end, inferred=inferred))

    def _list(self, spans: list[tuple[date, date]], style: Style) -> Text:
        pieces: list[Text | str] = []
        for n, (start, end) in enumerate(spans):
            words = f"{start.day}" if start == end else f"{start.day}-{end.day}"
            if n:
                pieces.append(" และ " if n == len(spans) - 1 else ", ")
            if n == len(spans) - 1:
                words += f" {style.month(end.month, end.year)}"
            pieces.append(dated(words, Meaning(start, end, inferred=not style.has_year)))
        return join(pieces)


def _month_meaning(first: date, last: date) -> Meaning:
    """Return the meaning of whole months, given the first day of each."""
    after = (last + timedelta(days=31)).replace(day=1)
    return Meaning(first, after - timedelta(days=1), precision=Precision.MONTH)
