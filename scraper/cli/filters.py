"""The options by which ``search``, ``words`` and ``concordance`` choose articles."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from scraper.cli.options import AgencyType, DateType, ProvinceType, check_order
from scraper.reference import read_table
from scraper.search.engine import Filters
from scraper.thai.typed_dates import FORMS

if TYPE_CHECKING:
    from collections.abc import Callable

_VALUES = ("ministry", "agency", "person", "province", "category")
_OPTIONS = (
    click.option(
        "--ministry",
        metavar="SLUG",
        type=click.Choice([row["slug"] for row in read_table("ministries.csv")]),
        help="Only articles of this ministry, such as industry.",
    ),
    click.option(
        "--agency",
        type=AgencyType(),
        help="Only articles that name this agency: กสอ., diprom or its Thai name.",
    ),
    click.option(
        "--person",
        metavar="NAME",
        help="Only articles that name this person: first name and surname, without title.",
    ),
    click.option(
        "--province",
        type=ProvinceType(),
        help="Only articles that name this province or a place in it: ชลบุรี, Chonburi or TH-20.",
    ),
    click.option("--category", help="Only articles of this category of the site."),
    click.option("--since", type=DateType(), help=f"First day of publication: {FORMS}."),
    click.option(
        "--until",
        type=DateType(last=True),
        help="Last day of publication; a month or year means its last day.",
    ),
)


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
