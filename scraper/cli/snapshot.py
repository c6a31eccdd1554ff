"""``thaigov snapshot``: copies the archive for publishing while it is in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from scraper.archive.database import open_for_reading
from scraper.browse.plain import metadata_text
from scraper.cli.on_failure import on_failure_option
from scraper.cli.options import OutType, db_option, json_option
from scraper.terminal import print_json, say
from scraper.upkeep.snapshot import make_snapshot, metadata_file

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.argument("out", type=OutType())
@on_failure_option
@db_option
@json_option
def snapshot(out: Path, db: Path, as_json: bool) -> None:
    """Copy the archive into the one file OUT: consistent, compact, checked, read-only.

    Runs may write meanwhile. An older snapshot at OUT is replaced atomically; a file of any other
    kind is not touched. OUT.metadata.yaml, written beside it, describes it to a Datasette without
    thaigov: datasette OUT --metadata OUT.metadata.yaml
    """
    file = make_snapshot(db, out, metadata_text)
    with open_for_reading(file) as copy:
        articles, newest = copy.execute(
            "SELECT count(*), max(published_on) FROM articles"
        ).fetchone()
    size = file.stat().st_size
    if as_json:
        print_json(
            {
                "db": str(db),
                "snapshot": str(file),
                "metadata": str(metadata_file(file)),
                "bytes": size,
                "articles": articles,
                "newest": newest,
            }
        )
        return
    say(f"{file}: {articles:,} articles up to {newest}, {size / 1e6:,.1f} MB, read-only.")
    say(f"{metadata_file(file)}: its tables and questions, for `datasette --metadata`.")
