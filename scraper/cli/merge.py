"""``thaigov merge``: joins the archives of several crawlers."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from scraper.archive.writer import ArchiveWriter
from scraper.cli.on_failure import note, on_failure_option
from scraper.cli.options import CORES, create_option, db_option, json_option
from scraper.merge.join import join_archives
from scraper.progress import Meter
from scraper.stages.batches import BATCH, batched, read_pages
from scraper.terminal import line, print_json, say

MOST_LISTED = 20


@click.command()
@click.argument(
    "archives", nargs=-1, required=True, metavar="ARCHIVE…",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)  # fmt: skip
@click.option("--link", is_flag=True, help="Hard-link the WARC files instead of copying them.")
@click.option(
    "--workers",
    type=click.IntRange(1),
    default=CORES,
    show_default="one per core",
    help="Processes that reread pages on which the archives disagree.",
)
@on_failure_option
@db_option
@create_option
@json_option
@click.pass_context
def merge(
    ctx: click.Context,
    archives: tuple[Path, ...],
    link: bool,
    workers: int,
    db: Path,
    as_json: bool,
) -> None:
    """Join the archives of several crawlers into the one that --db names.

    Each capture is kept once, revisions are computed from all captures in time order, and WARC
    files are copied. The archives are not changed. Joining them in another order, or again, gives
    the same result; an existing --db is joined with them.
    """
    with Meter("compare") as meter:
        joined = join_archives(archives, db, link=link, advance=meter.advance)
    if joined.counts["unread"]:
        with (
            ArchiveWriter(db, "merge", {"archives": [str(path) for path in archives]}) as writer,
            closing(read_pages(batched(writer.pending(), BATCH), workers)) as read,
        ):
            for pages in read:
                writer.save(pages)
        read_exit_code = writer.exit_code
    else:
        read_exit_code = 0
    counts = joined.counts
    sentence = (
        f"{db}: {counts['archives']:,} archives joined, {counts['articles']:,} articles with "
        f"{counts['revisions']:,} earlier revisions, {counts['captures']:,} captures in "
        f"{counts['warc_files']:,} WARC files ({counts['bytes'] / 1e6:,.1f} MB); "
        f"{counts['unread']:,} captures read again."
    )
    note(sentence)
    for text in joined.faults:
        say(line(text), err=True)
    if as_json:
        print_json({"db": str(db), **counts, "conflicts": joined.notes, "faults": joined.faults})
    else:
        say(sentence)
        for text in joined.notes[:MOST_LISTED]:
            say(f"  {line(text)}")
        if len(joined.notes) > MOST_LISTED:
            say(f"  … and {len(joined.notes) - MOST_LISTED:,} more; --json lists them all")
    ctx.exit(max(read_exit_code, 3 if joined.faults else 0))
