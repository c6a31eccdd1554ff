"""Filters of a search as people write them, checked and in the form of the search engine."""

from __future__ import annotations

import re
from datetime import date, datetime

from scraper.errors import FilterError
from scraper.reference import read_table
from scraper.search.engine import Filters
from scraper.thai.agency_slugs import agencies_called
from scraper.thai.places import province_code
from scraper.thai.typed_dates import DayError, Period, read_typed_date

_SURROGATE = re.compile("[\ud800-\udfff]")


def checked_filters(  # noqa: PLR0913 - all are options of the reader
    *,
    ministry: str | None,
    agency: str | None,
    person: str | None,
    province: str | None,
    category: str | None,
    tag: str | None,
    since: date | str | None,
    until: date | str | None,
) -> Filters:
    """Return the filters of a search; None means any.

    Raises:
        FilterError: a value is none that an article can have.
    """
    first = None if since is None else _period(since).first
    last = None if until is None else _period(until).last
    if first and last and first > last:
        raise FilterError(f"{first} is after {last}; swap the two dates")
    return Filters(
        ministry=_ministry(ministry) if ministry is not None else None,
        agency=_agency(agency) if agency is not None else None,
        person=person,
        province=_province(province) if province is not None else None,
        category=None if category is None else storable(category),
        tag=None if tag is None else storable(tag),
        since=first,
        until=last,
    )


def storable(text: str) -> str:
    """Return a text with U+FFFD for lone surrogates, which no article has and SQLite refuses."""
    return _SURROGATE.sub("\ufffd", text)


def _ministry(slug: str) -> str:
    known = [row["slug"] for row in read_table("ministries.csv")]
    if slug not in known:
        raise FilterError(f"{slug!r} is not a ministry; there are {', '.join(known)}")
    return slug


def _agency(name: str) -> str:
    found = agencies_called(name)
    if len(found) > 1:
        several = " or ".join(f"{slug} ({thai})" for slug, thai in found.items())
        raise FilterError(f"{name!r} may be {several}; use the slug")
    if not found:
        raise FilterError(f"{name!r} is not an agency; the table agencies lists them")
    return next(iter(found))


def _province(name: str) -> str:
    code = province_code(name)
    if code is None:
        raise FilterError(f"{name!r} is not a province; the table provinces lists them")
    return code


def _period(given: date | str) -> Period:
    if isinstance(given, str):
        try:
            return read_typed_date(given)
        except DayError as error:
            raise FilterError(error.english) from error
    day = given.date() if isinstance(given, datetime) else given
    return Period(day, day)
