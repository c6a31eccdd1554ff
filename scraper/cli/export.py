"""``thaigov export``: writes chosen articles and facts in formats of other programs."""

from __future__ import annotations

import copy
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import click

from scraper.cli.on_failure import on_failure_option
from scraper.cli.options import NumberRangeType, OutType, check_order, db_option, json_option
from scraper.cli.search import search
from scraper.export import FORMATS
from scraper.export.format import Options
from scraper.export.make import load_format, make_export
from scraper.export.selection import ExportQuery
from scraper.search.engine import Filters
from scraper.terminal import print_json, say

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scraper.export.make import Made

FILTER_NAMES = {entry.name for entry in fields(Filters)}
SYNONYMS = {"since": "--from", "until": "--to"}


def _search_filters(function: Callable[..., None]) -> Callable[..., None]:
    """Add the filters of ``thaigov search``, so that a new one appears here, too."""
    for parameter in reversed(search.params):
        if parameter.name in FILTER_NAMES:
            option = copy.copy(parameter)
            option.opts = [*parameter.opts, *filter(None, [SYNONYMS.get(parameter.name or "")])]
            added = getattr(function, "__click_params__", [])
            function.__click_params__ = [*added, option]  # type: ignore[attr-defined]
    return function


@click.command(
    epilog="\b\nFormats:\n"
    + "\n".join(f"  {name:<12} {lazy.summary}" for name, lazy in FORMATS.items())
)
@click.argument("form", metavar="FORMAT", type=click.Choice(list(FORMATS)))
@click.argument("out", type=OutType())
@click.option("--query", help="Only articles that `thaigov search` finds with this query.")
@_search_filters
@click.option(
    "--numbers",
    type=NumberRangeType(),
    help="Only articles with these numbers in their addresses, such as 19444-21653.",
)
@click.option("--excel", is_flag=True, help="With csv: for Excel; no cell runs as a formula.")
@click.option("--force", is_flag=True, help="Replace an earlier export at OUT.")
@on_failure_option
@db_option
@json_option
def export(
    form: str,
    out: Path,
    query: str | None,
    numbers: tuple[int, int] | None,
    excel: bool,
    force: bool,
    db: Path,
    as_json: bool,
    **filters: Any,
) -> None:
    """Write articles and their facts to OUT in another program's format.

    Without filters, all articles are written. OUT appears once it is complete, with a manifest of
    the query, counts and digests, and the same archive and query give the same bytes.
    """
    check_order(filters["since"], filters["until"])
    if excel and form != "csv":
        raise click.UsageError("--excel is only for csv; xlsx does not need it")
    made = make_export(
        load_format(form),
        out,
        ExportQuery(query, Filters(**filters), numbers),
        Options(db, excel=excel),
        replace=force,
    )
    if as_json:
        print_json(_summary(made))
    else:
        _report(made)


def _summary(made: Made) -> dict[str, Any]:
    """Return the manifest with places and sums instead of the list of files."""
    files = made.manifest["files"]
    rest = {name: value for name, value in made.manifest.items() if name != "files"}
    return {
        "out": str(made.path),
        "manifest": str(made.manifest_path),
        **rest,
        "files": len(files),
        "bytes": sum(entry["bytes"] for entry in files),
    }


def _report(made: Made) -> None:
    summary = _summary(made)
    days = " to ".join(dict.fromkeys(filter(None, (summary["first_on"], summary["last_on"]))))
    files = f", {summary['files']:,} files" if summary["files"] > 1 else ""
    say(
        f"{made.path}: {summary['articles']:,} articles{f' of {days}' if days else ''}{files}, "
        f"{summary['bytes'] / 1e6:,.1f} MB. Manifest: {made.manifest_path}"
    )
    for note in summary["notes"]:
        say(note, err=True)
