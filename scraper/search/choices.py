"""Reads the ministries, agencies, people and provinces that readers filter by.

The command line, the pages and the library all use ``read_choices``, so the same words mean the
same everywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scraper.facts import KINDS
from scraper.facts.kind import NONE
from scraper.reference import read_table
from scraper.search.query import QueryError
from scraper.thai.agency_slugs import agencies_called
from scraper.thai.places import province_code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

MOST_CHOICES = 50  # of one kind in one search
EXCLUDED = "not_"  # begins the name of a filter that excludes, such as ``not_person``
FACT_FILTERS = {kind.filter: kind for kind in KINDS if kind.filter}

Choice = str | tuple[str, ...] | None
"""A filter: one value, or several of which an article must have one, or none at all."""


class ChoiceError(QueryError):
    """A choice is unknown or ambiguous; the message names it."""


def read_choices(name: str, given: Iterable[str]) -> tuple[str, ...]:
    """Return the keys of what a reader chose, each once.

    Args:
        name: ``ministry``, ``agency``, ``person`` or ``province``.
        given: as typed: a slug, code, abbreviation or name; ``none`` for articles without any.

    Raises:
        ChoiceError: an unknown or ambiguous name, or too many.

    >>> read_choices("province", ["ชลบุรี", "TH-20", "none"])
    ('TH-20', 'none')
    """
    keys = tuple(dict.fromkeys(read_choice(name, one) for one in given))
    if len(keys) > MOST_CHOICES:
        raise ChoiceError(f"choose at most {MOST_CHOICES} of {name}; there are {len(keys)}")
    return keys


def read_choice(name: str, given: str) -> str:
    """Return the key of one choice; see ``read_choices``.

    Raises:
        ChoiceError: nothing, or more than one thing, has this name.
    """
    return NONE if given == NONE else _READERS[name](given)


def _ministry(given: str) -> str:
    names = ("slug", "name_th", "name_en", "abbreviation")
    rows = read_table("ministries.csv")
    found = next((row["slug"] for row in rows if given in {row[name] for name in names}), None)
    if found is None:
        slugs = ", ".join(row["slug"] for row in rows)
        raise ChoiceError(f"{given!r} is not a ministry; there are {slugs}")
    return found


def _agency(given: str) -> str:
    found = agencies_called(given)
    if len(found) > 1:
        several = " or ".join(f"{slug} ({name})" for slug, name in found.items())
        raise ChoiceError(f"{given!r} may be {several}; use the slug")
    if not found:
        raise ChoiceError(f"{given!r} is not an agency; the table agencies lists them")
    return next(iter(found))


def _province(given: str) -> str:
    code = province_code(given)
    if code is None:
        raise ChoiceError(f"{given!r} is not a province; the table provinces lists them")
    return code


def _person(given: str) -> str:
    return given


_READERS: dict[str, Callable[[str], str]] = {
    "ministry": _ministry,
    "agency": _agency,
    "person": _person,
    "province": _province,
}
CHOICES = tuple(_READERS)
"""The kinds of things of which several can be chosen, excluded, or asked to be absent."""


def as_choice(value: Any) -> Any:
    """Normalize a choice: None for nothing, a value for one, a tuple for several."""
    if not isinstance(value, (tuple, list)):
        return value
    return value[0] if len(value) == 1 else tuple(value) or None


def choice_values(choice: Choice) -> tuple[str, ...]:
    """Return the values of a choice."""
    return (choice,) if isinstance(choice, str) else choice or ()


def fact_conditions(filters: object) -> Iterator[tuple[str, list[Any]]]:
    """Yield conditions on the facts of ``articles a``, with their parameters.

    Args:
        filters: has an attribute for each of ``FACT_FILTERS``, and ``not_…`` for some.
    """
    for name, kind in FACT_FILTERS.items():
        if chosen := choice_values(getattr(filters, name)):
            yield kind.condition(chosen)
        if excluded := choice_values(getattr(filters, EXCLUDED + name, None)):
            sql, values = kind.condition(excluded)
            yield f"NOT ({sql})", values
