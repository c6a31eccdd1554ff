"""``thaigov words``: counts a term over time, its neighbours, or the words of a period."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from scraper.archive.database import open_for_reading
from scraper.cli.filters import filter_options
from scraper.cli.options import db_option, json_option
from scraper.statistics.collocations import WINDOW, find_collocations
from scraper.statistics.counts import GROUPS, count_term
from scraper.statistics.keyness import compare_periods
from scraper.terminal import line, print_json, print_table, say
from scraper.thai.text import fold
from scraper.thai.typed_dates import FORMS, DayError, read_typed_date

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from sqlite_utils import Database

    from scraper.search.engine import Filters
    from scraper.statistics.collocations import Collocations
    from scraper.statistics.counts import Group, TermCounts
    from scraper.statistics.keyness import Keyness, KeyWord

BETWEEN = ".."
NO_VALUE = "-"  # an article without a date or a ministry


class PeriodType(click.ParamType["tuple[date, date]"]):
    """A day, month or year of either era, or two joined by ``..``: its first and last day."""

    name = "period"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[date, date]:
        """Return both days.

        Raises:
            click.BadParameter: it is not a period, or ends before it begins.
        """
        if isinstance(value, tuple):
            return value
        first, dots, last = str(value).partition(BETWEEN)
        try:
            begin = read_typed_date(first)
            end = read_typed_date(last) if dots else begin
        except DayError as error:
            self.fail(error.english, param, ctx)
        if begin.first > end.last:
            self.fail(f"{begin.first} is after {end.last}; swap the two", param, ctx)
        return begin.first, end.last


@click.command()
@click.argument("term", required=False)
@click.option(
    "--by",
    multiple=True,
    type=click.Choice(list(GROUPS)),
    help="Rows of the table; given twice, a row for each combination.  [default: month]",
)
@click.option("--collocations", is_flag=True, help="Words more common near TERM than elsewhere.")
@click.option(
    "--window",
    type=click.IntRange(1, 50),
    default=WINDOW,
    show_default=True,
    help="Words on each side that count as near.",
)
@click.option(
    "--keyness",
    nargs=2,
    type=PeriodType(),
    metavar="PERIOD AGAINST",
    help=f"Words used more, and less, in one period than in another: {FORMS}, or two of them "
    f"joined by {BETWEEN}",
)
@filter_options
@click.option(
    "--limit",
    default=30,
    show_default=True,
    type=click.IntRange(1, 10_000),
    help="Words of --collocations or --keyness to print.",
)
@db_option
@json_option
def words(
    term: str | None,
    by: tuple[Group, ...],
    collocations: bool,
    window: int,
    keyness: tuple[tuple[date, date], tuple[date, date]] | None,
    filters: Filters,
    limit: int,
    db: Path,
    as_json: bool,
) -> None:
    """Count a term per month, year or ministry, find the words near it, or compare two periods.

    TERM is a word or several in a row. Words are those of the word index, so every count is
    exact; for parts of words use search. Shares are per hundred articles.
    """
    _check_usage(term, by, collocations=collocations, keyness=keyness, filters=filters)
    with open_for_reading(db) as archive:
        if keyness:
            compared = compare_periods(archive, *keyness, filters, limit)
            print_json(compared) if as_json else _print_keyness(compared)
        elif collocations:
            near = find_collocations(archive, term or "", filters, window=window, limit=limit)
            print_json(near) if as_json else _print_collocations(near)
        else:
            _print_counts(archive, term or "", filters, by or ("month",), as_json=as_json)


def _check_usage(
    term: str | None,
    by: Sequence[str],
    *,
    collocations: bool,
    keyness: object,
    filters: Filters,
) -> None:
    """Raise UsageError for options that contradict each other."""
    if keyness and (term is not None or collocations or by):
        raise click.UsageError("--keyness compares all words; leave out TERM and other options")
    if keyness and (filters.since or filters.until):
        raise click.UsageError("--keyness names its periods; leave out --since and --until")
    if not keyness and term is None:
        raise click.UsageError("which TERM? Or compare two periods with --keyness")
    if collocations and by:
        raise click.UsageError("--collocations has no --by; choose months with --since and --until")


def _print_counts(
    archive: Database, term: str, filters: Filters, by: tuple[Group, ...], *, as_json: bool
) -> None:
    counts = count_term(archive, term, filters, by)
    if as_json:
        total = {name: value for name, value in asdict(counts.total).items() if name != "group"}
        print_json(
            {"term": counts.term, "words": counts.words, "total": total, "rows": counts.as_dicts()}
        )
        return
    say(_summary(counts))
    if counts.total.occurrences:
        rows = [
            {**row, **{group: row[group] or NO_VALUE for group in by}} for row in counts.as_dicts()
        ]
        print_table("", [_renamed(row) for row in rows])
    else:
        say("`thaigov search` also finds pieces of words")


def _summary(counts: TermCounts) -> str:
    total = counts.total
    return (
        f"{_counted(counts.term, counts.words)}: {total.occurrences:,} times in "
        f"{total.articles:,} of {total.of:,} articles, {total.per_hundred:.2f} per hundred"
    )


def _counted(term: str, words: Sequence[str]) -> str:
    """Return a term, with the indexed words counted for it if it is not one itself."""
    quoted = f"“{line(term)}”"
    same = " ".join(words) == fold(term)
    return quoted if same else f"{quoted}, in the index “{line(' '.join(words))}”"


def _renamed(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with the names of its columns as words."""
    return {name.replace("_", " "): value for name, value in row.items()}


def _print_collocations(near: Collocations) -> None:
    say(
        f"{_counted(near.term, near.words)}: {near.occurrences:,} times; words up to "
        f"{near.window} before or after it, by log-likelihood"
    )
    if near.collocates:
        print_table("", [_renamed(asdict(each)) for each in near.collocates])
    else:
        say("No word occurs near it more often than by chance")


def _print_keyness(compared: Keyness) -> None:
    period, against = compared.period, compared.against
    say(
        f"{period.since} to {period.until}, {period.articles:,} articles, against {against.since} "
        f"to {against.until}, {against.articles:,} articles; shares are per hundred"
    )
    _print_key_words("Used more", compared.more)
    _print_key_words("Used less", compared.less)


def _print_key_words(title: str, found: Sequence[KeyWord]) -> None:
    if not found:
        say(f"{title}: no word, more than by chance")
        return
    print_table(title, [_renamed(asdict(each)) for each in found])
