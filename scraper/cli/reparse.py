"""``thaigov reparse``: reads every stored capture again with today's parsers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from scraper.archive.capture_reader import CaptureReader
from scraper.archive.database import open_for_reading, warc_folder
from scraper.archive.runs import verdict
from scraper.archive.writer import ArchiveWriter
from scraper.cli.on_failure import on_failure_option
from scraper.cli.options import (
    CORES,
    DateType,
    NumberRangeType,
    cluster_option,
    db_option,
    json_option,
    profile_option,
    profiling,
    workers_on,
)
from scraper.model import Layout, Outcome, Scope
from scraper.progress import Meter
from scraper.terminal import line, print_json, say
from scraper.upkeep.reparse import CaptureSelection, count_captures, preview_reparse, reparse

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from scraper.upkeep.reparse import ReparseReport

MOST_LISTED = 20


@click.command("reparse")
@click.option(
    "--outcome",
    type=click.Choice([outcome.value for outcome in Outcome]),
    help="Only captures with this outcome, such as unparsed.",
)
@click.option(
    "--layout",
    type=click.Choice([layout.value for layout in Layout]),
    help="Only captures of this layout.",
)
@click.option("--since", type=DateType(), help="Only captures fetched on that day or later.")
@click.option(
    "--numbers", type=NumberRangeType(), metavar="A-B", help="Only these article numbers."
)
@click.option("--dry-run", is_flag=True, help="Report what would change, but write nothing.")
@click.option(
    "--workers",
    type=click.IntRange(0),
    default=CORES,
    show_default="one per core",
    help="Processes that parse the pages; 0 uses this one, without limits per page.",
)
@cluster_option
@click.option(
    "--examples",
    type=click.IntRange(0),
    default=3,
    show_default=True,
    help="Number of examples shown per field.",
)
@click.option(
    "--scope",
    type=click.Choice([scope.value for scope in Scope]),
    help="Apply this scope to all articles; by default none is added or removed by its scope.",
)
@profile_option
@on_failure_option
@db_option
@json_option
@click.pass_context
def reparse_command(
    ctx: click.Context,
    outcome: str | None,
    layout: str | None,
    since: date | None,
    numbers: tuple[int, int] | None,
    dry_run: bool,
    workers: int,
    cluster: str | None,
    examples: int,
    scope: str | None,
    profile: bool,
    db: Path,
    as_json: bool,
) -> None:
    """Read stored captures again with the current parsers and report what changed.

    No page is fetched and no revision added: versions that parse differently are rewritten in
    place. An article that no parser can read any more is kept unchanged. Options narrow the
    captures; every capture of a selected article is read.
    """
    selection = CaptureSelection(
        outcome=Outcome(outcome) if outcome else None,
        layout=Layout(layout) if layout else None,
        since=since,
        numbers=numbers,
    )
    if dry_run:
        with workers_on(cluster, workers) as chosen, open_for_reading(db) as archive:
            groups = selection.groups(archive)
            with (
                profiling(lambda: count_captures(groups), is_on=profile),
                Meter("compare", count_captures(groups)) as meter,
            ):
                report = preview_reparse(
                    archive,
                    CaptureReader(archive, warc_folder(db)),
                    groups,
                    scope=Scope(scope) if scope else None,
                    workers=chosen,
                    examples=examples,
                    advance=meter.advance,
                )
        _, exit_code = verdict(report.counts, len(report.damaged))
    else:
        open_for_reading(db).close()  # it must exist: a reparse does not make an archive
        arguments = {name: str(value) for name, value in ctx.params.items() if value is not None}
        with (
            workers_on(cluster, workers) as chosen,
            ArchiveWriter(db, "reparse", arguments) as writer,
        ):
            groups = selection.groups(writer.db)
            with (
                profiling(lambda: count_captures(groups), is_on=profile),
                Meter("reparse", count_captures(groups)) as meter,
            ):
                report = reparse(
                    writer,
                    groups,
                    scope=Scope(scope) if scope else None,
                    workers=chosen,
                    examples=examples,
                    advance=meter.advance,
                )
        exit_code = writer.exit_code
    if as_json:
        print_json({"db": str(db), "dry_run": dry_run, **report.summary()})
    else:
        _print_changes(report, dry_run=dry_run)
    ctx.exit(exit_code)


def _print_changes(report: ReparseReport, *, dry_run: bool) -> None:
    """Print a report for people: a table of the fields, then examples of each."""
    counts = report.counts
    articles = ", ".join(f"{counts[name]:,} {name}" for name in ("new", "changed", "unchanged"))
    mode = " (dry run: nothing was written)" if dry_run else ""
    say(f"{report.captures:,} captures read again{mode}; articles: {articles}.")
    if not report.changes.counts:
        say("Nothing changed.")
    for field in report.changes.fields():
        say(f"\n{line(field['field'])}: {field['changes']:,}")
        for example in field["examples"]:
            say(f"  {line(example.url)}")
            say(f"    - {_value(example.before)}")
            say(f"    + {_value(example.after)}")
    _list("articles kept unchanged, though no capture can be parsed any more", report.kept)
    _list("captures whose bytes cannot be read (see `thaigov verify`)", report.damaged)


def _value(value: str | None) -> str:
    return "(none)" if value is None else line(value)


def _list(label: str, lines: Sequence[str]) -> None:
    if lines:
        say(f"\n{len(lines):,} {label}:")
        for each in lines[:MOST_LISTED]:
            say(f"  {line(each)}")
        if len(lines) > MOST_LISTED:
            say(f"  … and {len(lines) - MOST_LISTED:,} more; --json lists them all")
