"""Checks the filters that people write and converts them for the search engine."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from scraper.errors import FilterError
from scraper.search.choices import EXCLUDED, ChoiceError, read_choices
from scraper.search.engine import Filters
from scraper.thai.typed_dates import DayError, Period, read_typed_date

Choices = str | Iterable[str] | None
"""One thing, or several of which an article must name one."""
_SURROGATE = re.compile("[\ud800-\udfff]")


def checked_filters(
    *,
    category: str | None,
    tag: str | None,
    since: date | str | None,
    until: date | str | None,
    **choices: Choices,
) -> Filters:
    """Return the filters of a search; None means any.

    Args:
        category: as the site names it.
        tag: a hashtag without ``#``.
        since: first day of publication.
        until: last day of publication.
        **choices: by the name of their filter, such as ``not_person``.

    Raises:
        FilterError: a filter has a value that no article can have.
    """
    first = None if since is None else _period(since).first
    last = None if until is None else _period(until).last
    if first and last and first > last:
        raise FilterError(f"{first} is after {last}; swap the two dates")
    chosen: dict[str, Any] = {
        name: _chosen(name.removeprefix(EXCLUDED), given) for name, given in choices.items()
    }
    return Filters(
        category=None if category is None else storable(category),
        tag=None if tag is None else storable(tag),
        since=first,
        until=last,
        **chosen,
    )


def _chosen(name: str, given: Choices) -> tuple[str, ...]:
    if given is None:
        return ()
    try:
        return read_choices(name, (given,) if isinstance(given, str) else given)
    except ChoiceError as error:
        raise FilterError(str(error)) from error


def storable(text: str) -> str:
    """Return a text with U+FFFD for lone surrogates, which no article has and SQLite refuses."""
    return _SURROGATE.sub("\ufffd", text)


def _period(given: date | str) -> Period:
    if isinstance(given, str):
        try:
            return read_typed_date(given)
        except DayError as error:
            raise FilterError(error.english) from error
    day = given.date() if isinstance(given, datetime) else given
    return Period(day, day)
