"""``thaigov search``: prints matching articles or superseded versions, with the hits marked."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from scraper.archive.database import open_for_reading
from scraper.attachments.formats import file_name
from scraper.cli.filters import filter_options
from scraper.cli.options import db_option, json_option
from scraper.search.attachments import search_attachments
from scraper.search.corrections import suggest_queries
from scraper.search.engine import search as search_archive
from scraper.search.paging import Order
from scraper.search.versions import VersionHit, search_versions
from scraper.terminal import Bold, Highlight, line, print_json, say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scraper.search.corrections import Suggestion
    from scraper.search.engine import Filters
    from scraper.search.hits import Hit
    from scraper.search.snippet import Snippet


@click.command()
@click.argument("query")
@filter_options
@click.option(
    "--attachments",
    is_flag=True,
    help="Search the texts of attached files instead; filters apply to their articles.",
)
@click.option("--by-date", is_flag=True, help="Newest first instead of best match first.")
@click.option(
    "--versions",
    is_flag=True,
    help="Search superseded versions, which include deleted text; most recently seen first.",
)
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
    filters: Filters,
    attachments: bool,
    by_date: bool,
    versions: bool,
    limit: int,
    offset: int,
    db: Path,
    as_json: bool,
) -> None:
    """Find articles by any piece of their text.

    Separate words must all occur; "…" is a phrase; AND, OR, NOT and brackets work; a minus before
    a word excludes it; =word finds whole words only. Thai and ASCII digits are equal.
    """
    if versions and (by_date or attachments):
        raise click.UsageError(
            "--versions has its own order, and files have no versions; leave out "
            f"{'--by-date' if by_date else '--attachments'}"
        )
    results: Any
    meant: tuple[Suggestion, ...] = ()
    with open_for_reading(db) as archive:
        if versions:
            results = search_versions(archive, query, filters, limit=limit, offset=offset)
        elif attachments:
            results = search_attachments(
                archive, query, filters, by_date=by_date, limit=limit, offset=offset
            )
        else:
            order = Order.NEW if by_date else Order.BEST
            results = search_archive(
                archive, query, filters, order=order, limit=limit, offset=offset
            )
            meant = suggest_queries(archive, query, filters, results.total)
    if as_json:
        print_json({**asdict(results), "suggestions": [each._asdict() for each in meant]})
        return
    for hit in results.hits:
        (_say_file if attachments else _say_article)(hit)
    last = offset + len(results.hits)
    say(f"{results.total:,} found" + (f", {offset + 1}-{last} shown" if last > offset else ""))
    if meant:
        say("Did you mean: " + ", ".join(f"{line(each.query)} ({each.total:,})" for each in meant))


def _version(hit: Hit) -> tuple[str, ...]:
    """Return what distinguishes a superseded version from others of its article."""
    if not isinstance(hit, VersionHit):
        return ()
    now = () if hit.is_current else ("no longer in the current version",)
    return (f"version {hit.revision}, seen {hit.seen_at[:10]}", *now)


def _say_article(hit: Any) -> None:
    """Print an article that was found."""
    about = " · ".join(filter(None, (*_version(hit), hit.published_on, hit.ministry, hit.category)))
    say(*_marked(hit.title), f"\n  {line(about)}\n  ", *_marked(hit.snippet))
    say(f"  {line(hit.url)}\n")


def _say_file(hit: Any) -> None:
    """Print a file that was found, and the newest article that links to it."""
    others = f" and {hit.articles - 1} others" if hit.articles > 1 else ""
    say(
        Bold(line(file_name(hit.url))),
        f" {hit.format}, {hit.size:,} bytes\n  ",
        *_marked(hit.snippet),
    )
    say(f"  {line(hit.published_on)} {line(hit.title)}\n  {line(hit.article_url)}{others}\n")


def _marked(snippet: Snippet) -> Iterator[str]:
    """Yield the hits of a snippet and the text between them."""
    last = 0
    for start, end in snippet.hits:
        yield line(snippet.text[last:start])
        yield Highlight(line(snippet.text[start:end]))
        last = end
    yield line(snippet.text[last:])
