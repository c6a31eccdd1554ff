"""Invents who does what and where: the values for the slots of the practice site's sentences.

Each release has one scene: its ministry, agency, topic, place and people stay the same from the
headline to the last line, while figures differ in every sentence. Reads the tables in
``data/reference/practice`` and knows nothing about pages. People, agencies and programmes are
invented; only ministries and provinces are real.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

from scraper.practice.prose.dates import DateWriter
from scraper.practice.prose.elements import (
    contact,
    element_fact,
    law,
    money,
    person,
    programme,
    province,
)
from scraper.practice.prose.written import Fact, Text, fill, join, slots, with_fact
from scraper.reference import read_table
from scraper.thai.dates.years import BUDDHIST_ERA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date
    from random import Random

Row = dict[str, str]
_PRIME_MINISTERS_OFFICE = "prime-minister-office"
_MEN, _WOMEN = ("นาย", "นาย", "นาย", "ดร.", "พลเอก "), ("นางสาว", "นางสาว", "นาง", "ดร.")


@cache
def rows_by(table: str, column: str) -> dict[str, tuple[Row, ...]]:
    """Return the rows of a practice site table, grouped by the value of a column."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in read_table(f"practice/{table}.csv"):
        groups[row[column]].append(row)
    return {value: tuple(rows) for value, rows in groups.items()}


@cache
def templates(kind: str, table: str = "sentences") -> tuple[str, ...]:
    """Return the sentences of one kind."""
    return tuple(row["template"] for row in rows_by(table, "kind")[kind])


@cache
def _ministry_names() -> dict[str, str]:
    return {row["slug"]: row["name_th"] for row in read_table("ministries.csv")}


class Scene:
    """The subject of a release, and the words for it.

    Attributes:
        ministry: slug, empty for releases without a ministry.
        dates: writes the dates of the release.
    """

    def __init__(self, rng: Random, ministry: str, published: date) -> None:
        self.ministry = ministry
        self.dates = DateWriter(rng, published)
        self._rng = rng
        self._published = published
        self._fixed: dict[str, Text | str] = dict(
            rng.choice(rows_by("topics", "ministry")[ministry])
        )
        del self._fixed["ministry"]  # a slug; _cast fills the slot with this name
        self._fixed["project"] = with_fact(self._fixed["programme"], programme())
        first, second = (row["name"] for row in rng.sample(read_table("practice/provinces.csv"), 2))
        self._fixed["province"] = _marked(first, province)
        self._fixed["province2"] = _marked(second, province)
        if ministry:
            self._cast()
        self._varying: dict[str, Callable[[], Text | str]] = {
            **self.dates.slots,
            "n": lambda: f"{self._figure(2, 4):,}",
            "n2": lambda: f"{self._figure(3, 5):,}",
            "few": lambda: str(rng.randint(3, 30)),
            "percent": lambda: f"{rng.uniform(51, 97):.{rng.randint(0, 2)}f}",
            "percent2": lambda: f"{rng.uniform(3, 24):.1f}",
            "money": self._money,
            "money2": self._money,
            "least": lambda: self._money(least=True),
            "fiscal": lambda: str(published.year + BUDDHIST_ERA + rng.randint(0, 1)),
            "dated_law": self._law,
            "meeting": lambda: f"{rng.randint(1, 24)}/{published.year + BUDDHIST_ERA}",
            "quarter": lambda: str(rng.randint(1, 4)),
            "hotline": self._hotline,
            "phone": self.phone,
            "hours": lambda: rng.choice(("08.30-16.30", "09.00-18.00", "08.00-20.00")),
            "citizen": lambda: _named(*self._person()),
        }

    def fill(self, template: str) -> Text:
        """Return a sentence with its slots filled in."""
        return fill(template, self._slot, element_fact)

    def can_fill(self, template: str) -> bool:
        """Whether the scene has a value for each slot; without a ministry it has no agency."""
        return all(
            name in self._fixed or name in self._varying or name in rows_by("words", "slot")
            for name in slots(template)
        )

    def sentence(self, kind: str) -> Text:
        """Return a sentence of a kind."""
        fitting = [template for template in templates(kind) if self.can_fill(template)]
        return self.fill(self._rng.choice(fitting))

    def phone(self) -> Text:
        """Return a telephone number; 0 2000 is not assigned."""
        number = f"0 2000 {self._rng.randint(1000, 9999)}"
        return with_fact(number, contact("phone", number.replace(" ", "")))

    def _hotline(self) -> Text:
        number = str(self._rng.randint(1100, 1999))
        return with_fact(number, contact("hotline", number))

    def _law(self) -> Text:
        """Return a law with its year: an act, or else a regulation."""
        name = self._rng.choice(rows_by("words", "slot")["law"])["text"]
        name = f"{name} พ.ศ. {self._rng.randint(2510, 2562)}"
        kind = "act" if name.startswith("พระราชบัญญัติ") else "regulation"
        return with_fact(name, law(kind, name))

    def tag_line(self, hashtags: Iterable[str]) -> Text:
        """Return hashtags in a row."""
        of_province = f"จังหวัด{self.word('province')}"
        return join(
            (
                join(("#จังหวัด", self._fixed["province"])) if tag == of_province else f"#{tag}"
                for tag in hashtags
            ),
            " ",
        )

    def word(self, name: str) -> str:
        """Return the value of a slot as a string."""
        value = self._slot(name)
        return value.string if isinstance(value, Text) else value

    def _slot(self, name: str) -> Text | str:
        if name in self._fixed:
            return self._fixed[name]
        if name in self._varying:
            return self._varying[name]()
        word = self._rng.choice(rows_by("words", "slot")[name])["text"]
        return self.fill(word) if "<" in word else word

    def _cast(self) -> None:
        """Set the ministry, two of its agencies, and two of its people with their posts."""
        rng, names = self._rng, _ministry_names()
        agency, agency2 = rng.sample(rows_by("agencies", "ministry")[self.ministry], 2)
        office = "office" if self.ministry == _PRIME_MINISTERS_OFFICE else "ministry"
        first = rng.choice(rows_by("posts", "of")[office])
        ministry = names[self.ministry]
        post2 = rng.choice(_posts_of(agency["name"]))["post"] + agency["name"]
        (title, full), (title2, full2) = self._person(), self._person()
        given = full.split(" ")[0]
        post = f"{first['post']}{ministry}"
        self._fixed |= {
            "ministry": ministry,
            "short": rows_by("ministries", "ministry")[self.ministry][0]["short"],
            "other": rng.choice([name for name in names.values() if name != ministry]),
            "agency": agency["name"],
            "abbr": agency["abbreviation"],
            "agency2": agency2["name"],
            "rank": first["rank"],
            "given": _named("", given, first["rank"], full=False),
            "name": rng.choice((_named(title, given, full=False), Text(post))),
            "person": join((_named(title, full, post), " ", post)),
            "second": join((_named(title2, full2, post2), " ", post2)),
        }
        if self.ministry == _PRIME_MINISTERS_OFFICE:
            # Its ministers also speak for other ministries: a release that names one is decided by
            # its section alone, which the layout news does not show.
            del self._fixed["other"]

    def _person(self) -> tuple[str, str]:
        """Return a title and a full name."""
        rng, names = self._rng, rows_by("names", "part")
        part, titles = rng.choice((("man", _MEN), ("man", _MEN), ("woman", _WOMEN)))
        family = rng.choice(names["family"])["text"]
        return rng.choice(titles), f"{rng.choice(names[part])['text']} {family}"

    def _figure(self, least: int, most: int) -> int:
        """Return a number of ``least`` to ``most`` digits, each number of digits equally likely."""
        digits = self._rng.randint(least, most)
        return self._rng.randint(10 ** (digits - 1) + 1, 10**digits - 1)

    def _money(self, *, least: bool = False) -> Text:
        figure, tenths = self._figure(1, 4), self._rng.randint(1, 9)
        amount, words = self._rng.choice(
            (
                ((figure + 1) * 1_000_000, f"{figure + 1:,} ล้านบาท"),
                (figure * 1_000_000 + tenths * 100_000, f"{figure:,}.{tenths} ล้านบาท"),
                (figure * 100_000, f"{figure * 100_000:,} บาท"),
            )
        )
        words = f"ไม่น้อยกว่า {words}" if least else words
        return with_fact(words, money(amount, approximate=least))


def _marked(text: Text | str, fact: Callable[[str], Fact]) -> Text:
    """Return a string marked as a fact that follows from it."""
    string = text.string if isinstance(text, Text) else text
    return with_fact(string, fact(string))


def _named(title: str, name: str, post: str = "", *, full: bool = True) -> Text:
    """Return a person's title and name, the name marked."""
    return join((title, with_fact(name, person(name, title, post, full=full))))


def _posts_of(agency: str) -> tuple[Row, ...]:
    """Return the posts at an agency, found by the longest matching prefix of its name."""
    beginnings = [of for of in rows_by("posts", "of") if agency.startswith(of)]
    return rows_by("posts", "of")[max(beginnings, key=len)]
