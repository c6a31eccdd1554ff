"""``thaigov search``: prints matching articles, best or newest first, with the hits marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from scraper.archive.database import open_for_reading
from scraper.cli.options import AgencyType, DateType, check_order, db_option, json_option
from scraper.reference import read_table
from scraper.search.engine import Filters
from scraper.search.engine import search as search_archive
from scraper.terminal import Highlight, line, print_json, say
from scraper.thai.typed_dates import FORMS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from scraper.search.snippet import Snippet


@click.command()
@click.argument("query")
@click.option(
    "--ministry",
    metavar="SLUG",
    type=click.Choice([row["slug"] for row in read_table("ministries.csv")]),
    help="Only articles of this ministry, such as industry.",
)
@click.option(
    "--agency",
    type=AgencyType(),
    help="Only articles that name this agency: กสอ., diprom or its Thai name.",
)
@click.option(
    "--person",
    metavar="NAME",
    help="Only articles that name this person: first name and surname, without title.",
)
@click.option("--category", help="Only articles of this category of the site.")
@click.option("--since", type=DateType(), help=f"First day of publication: {FORMS}.")
@click.option(
    "--until",
    type=DateType(last=True),
    help="Last day of publication; a month or year means its last day.",
)
@click.option("--by-date", is_flag=True, help="Newest first instead of best match first.")
@click.option(
    "--limit",
    default=10,
    show_default=True,
    type=click.IntRange(1, 1000),
    help="Articles to print.",
)
@click.option("--offset", default=0, type=click.IntRange(0), help="Articles to skip.")
@db_option
@json_option
def search(
    query: str,
    ministry: str | None,
    agency: str | None,
    person: str | None,
    category: str | None,
    since: date | None,
    until: date | None,
    by_date: bool,
    limit: int,
    offset: int,
    db: Path,
    as_json: bool,
) -> None:
    """Find articles by any piece of their text.

    Separate words must all occur; "…" is a phrase; AND, OR, NOT and brackets work; a minus before
    a word excludes it. Thai and ASCII digits are equal.
    """
    check_order(since, until)
    filters = Filters(ministry, category, since, until, agency=agency, person=person)
    with open_for_reading(db) as archive:
        results = search_archive(
            archive, query, filters, by_date=by_date, limit=limit, offset=offset
        )
    if as_json:
        print_json(results)
        return
    for hit in results.hits:
        about = " · ".join(filter(None, (hit.published_on, hit.ministry, hit.category)))
        say(*_marked(hit.title), f"\n  {line(about)}\n  ", *_marked(hit.snippet))
        say(f"  {line(hit.url)}\n")
    last = offset + len(results.hits)
    say(f"{results.total:,} found" + (f", {offset + 1}-{last} shown" if last > offset else ""))


def _marked(snippet: Snippet) -> Iterator[str]:
    """Yield the hits of a snippet and the text between them."""
    last = 0
    for start, end in snippet.hits:
        yield line(snippet.text[last:start])
        yield Highlight(line(snippet.text[start:end]))
        last = end
    yield line(snippet.text[last:])
