"""The filter options that ``search``, ``words``, ``concordance`` and others share."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from scraper.cli.options import ChoiceType, DateType, check_order
from scraper.search.choices import CHOICES, EXCLUDED
from scraper.search.engine import Filters
from scraper.thai.typed_dates import FORMS

if TYPE_CHECKING:
    from collections.abc import Callable

_METAVARS = {"ministry": "SLUG", "agency": "AGENCY", "person": "NAME", "province": "PROVINCE"}
_HELP = {
    "ministry": "Only articles of this ministry, such as industry.",
    "agency": "Only articles that name this agency: กสอ., diprom or its Thai name.",
    "person": "Only articles that name this person: first name and surname, without title.",
    "province": "Only articles that name this province or a place in it: ชลบุรี, Chonburi, TH-20.",
}
_AGAIN = " Repeat for any of several; none: articles without one."


def _choice(name: str, option: str, text: str) -> Callable[[Any], Any]:
    metavar = _METAVARS[name]
    return click.option(option, metavar=metavar, type=ChoiceType(name), multiple=True, help=text)


_OPTIONS = (
    *(_choice(name, f"--{name}", _HELP[name] + _AGAIN) for name in CHOICES),
    *(_choice(name, f"--not-{name}", f"Leave out articles with this {name}.") for name in CHOICES),
    click.option("--category", help="Only articles of this category of the site."),
    click.option("--since", type=DateType(), help=f"First day of publication: {FORMS}."),
    click.option(
        "--until",
        type=DateType(last=True),
        help="Last day of publication; a month or year means its last day.",
    ),
)
_VALUES = (*CHOICES, *(EXCLUDED + name for name in CHOICES), "category")


def filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options to a command, which gets them as the argument ``filters``."""

    @wraps(command)
    def with_filters(**values: Any) -> Any:
        given = {name: values.pop(name) for name in _VALUES}
        since, until = values.pop("since"), values.pop("until")
        check_order(since, until)
        return command(filters=Filters(since=since, until=until, **given), **values)

    for option in reversed(_OPTIONS):
        with_filters = option(with_filters)
    return with_filters
