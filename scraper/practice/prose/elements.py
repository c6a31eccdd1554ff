"""The elements of the practice site's sentences: facts that are written out, with their meaning.

``<person title='นาย'>สมใจ ใจดี</person>กล่าวว่า`` is a person; the values are those that the archive
should store beside the passage. Everything is known from the sentence, nothing is parsed.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from scraper.facts.agency_mentions import AgencyMention
from scraper.facts.contacts import ContactMention
from scraper.facts.kind import Mention
from scraper.facts.laws import LawMention
from scraper.facts.money import MoneyMention
from scraper.facts.people import PersonMention
from scraper.facts.places import PlaceMention
from scraper.facts.programmes import ProgrammeMention
from scraper.model import TextField
from scraper.practice.prose.written import Fact
from scraper.reference import read_table
from scraper.thai.places import PlaceKind

if TYPE_CHECKING:
    from collections.abc import Callable


UNPLACED = Mention(TextField.BODY, 0, "")
"""Stands for the passage of a fact until its text is part of a field."""

EVENT, VENUE, LEADER = "event", "venue", "leader"
"""Elements around the day, the place and the person of an event; see ``site.events``."""


def element_fact(element: str, text: str, values: dict[str, str]) -> Fact:
    """Return the fact of an element, given its text and its values.

    Raises:
        LookupError: no such element, or it names something that the reference tables lack.
    """
    return _ELEMENTS[element](text, values)


def person(
    name: str, title: str = "", post: str = "", *, agency: str | None = None, full: bool = True
) -> Fact:
    """Return the fact of a person; a first name is completed by ``site.truth``."""
    form = "full" if full else "first"
    value = PersonMention(UNPLACED, name, title.strip() or None, post or None, agency, form)
    return Fact("people", value)


def agency(slug: str) -> Fact:
    """Return the fact of an agency that exists."""
    return Fact("agency_mentions", AgencyMention(slug, UNPLACED))


def province(name: str) -> Fact:
    """Return the fact of a province, given its official name in either language."""
    code, name_th = _provinces()[name]
    return Fact("places", PlaceMention(UNPLACED, PlaceKind.PROVINCE, code, None, name_th))


def money(
    low: float,
    high: float | None = None,
    currency: str = "THB",
    *,
    approximate: bool = False,
    per: str | None = None,
) -> Fact:
    """Return the fact of an amount, in units of its currency."""
    most = None if high is None else float(high)
    return Fact("money", MoneyMention(UNPLACED, float(low), most, currency, approximate, per))


def law(kind: str, name: str) -> Fact:
    """Return the fact of a law."""
    return Fact("laws", LawMention(UNPLACED, kind, name))


def programme(name: str = "", kind: str = "project") -> Fact:
    """Return the fact of a programme; without a name, the name is the text as written."""
    return Fact("programmes", ProgrammeMention(UNPLACED, kind, name))


def contact(kind: str, value: str, *, warned: bool = False) -> Fact:
    """Return the fact of a contact."""
    return Fact("contacts", ContactMention(UNPLACED, kind, value, warned))


def _person(text: str, values: dict[str, str]) -> Fact:
    return person(
        values.get("name", text), values.get("title", ""), values.get("post", ""),
        agency=values.get("agency"),
    )  # fmt: skip


def _first(text: str, values: dict[str, str]) -> Fact:
    return person(
        values.get("of", text), values.get("title", ""), values.get("post", ""),
        agency=values.get("agency"), full=False,
    )  # fmt: skip


def _province(text: str, values: dict[str, str]) -> Fact:
    return province(values.get("name") or text.removeprefix("จังหวัด").removeprefix("จ."))


def _area(_text: str, values: dict[str, str]) -> Fact:
    code = values["code"]
    row = _areas()[code]
    kind = PlaceKind.DISTRICT if len(code) == 4 else PlaceKind.SUBDISTRICT
    district = _areas()[code[:4]]
    value = PlaceMention(UNPLACED, kind, district["province"], code[:4], row["name_th"])
    return Fact("places", value)


def _money(_text: str, values: dict[str, str]) -> Fact:
    high = values.get("high")
    return money(
        float(values["low"]), float(high) if high else None, values.get("currency", "THB"),
        approximate="approximate" in values, per=values.get("per"),
    )  # fmt: skip


def _part(name: str) -> Callable[[str, dict[str, str]], Fact]:
    return lambda _text, values: Fact(name, values)


_ELEMENTS: dict[str, Callable[[str, dict[str, str]], Fact]] = {
    "person": _person,
    "first": _first,
    "agency": lambda _, values: agency(values["slug"]),
    "province": _province,
    "area": _area,
    "money": _money,
    "law": lambda text, values: law(values.get("kind", "act"), values.get("name", text)),
    "programme": lambda _, values: programme(values.get("name", ""), values.get("kind", "project")),
    "contact": lambda text, values: contact(
        values["kind"], values.get("value", text), warned="warned" in values
    ),
    **{name: _part(name) for name in (EVENT, VENUE, LEADER)},
}


@cache
def _provinces() -> dict[str, tuple[str, str]]:
    """Return the code and Thai name of each province, by its name in either language."""
    return {
        name: (row["code"], row["name_th"])
        for row in read_table("provinces.csv")
        for name in (row["name_th"], row["name_en"])
    }


@cache
def _areas() -> dict[str, dict[str, str]]:
    """Return the rows of districts and subdistricts by their code."""
    tables = ("districts.csv", "subdistricts.csv")
    return {row["code"]: row for table in tables for row in read_table(table)}
