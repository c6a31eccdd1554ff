"""``thaigov concordance``: prints each occurrence of a term, aligned, with the text around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from scraper.archive.database import open_for_reading
from scraper.cli.filters import filter_options
from scraper.cli.options import db_option, json_option
from scraper.statistics.concordance import CONTEXT, make_concordance
from scraper.terminal import Highlight, line, print_json, say
from scraper.thai.display_width import pad_left

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.search.engine import Filters
    from scraper.statistics.concordance import Concordance

NO_DATE = "-" * len("2025-01-01")


@click.command()
@click.argument("term")
@click.option(
    "--width",
    type=click.IntRange(5, 400),
    default=CONTEXT,
    show_default=True,
    help="Columns of text on each side of the term.",
)
@filter_options
@click.option(
    "--limit",
    default=20,
    show_default=True,
    type=click.IntRange(1, 100_000),
    help="Lines to print.",
)
@db_option
@json_option
def concordance(
    term: str, width: int, filters: Filters, limit: int, db: Path, as_json: bool
) -> None:
    """Print every occurrence of a term with the text around it, newest article first.

    TERM is a word or several in a row, as for words, which counts the same occurrences.
    """
    with open_for_reading(db) as archive:
        found = make_concordance(archive, term, filters, width=width, limit=limit)
    print_json(found) if as_json else _print_lines(found, width)


def _print_lines(found: Concordance, width: int) -> None:
    numbers = max((len(str(each.site_id)) for each in found.lines), default=0)
    for each in found.lines:
        say(
            f"{each.published_on or NO_DATE} {each.site_id:>{numbers}}  ",
            pad_left(line(each.before), width),
            Highlight(line(each.text)),
            line(each.after),
        )
    shown = f", {len(found.lines):,} shown" if found.occurrences else ""
    say(f"{found.occurrences:,} times in {found.articles:,} articles{shown}")
