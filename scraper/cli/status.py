"""``thaigov status``: what is in the archive and how the last runs went."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from scraper.archive.database import open_for_reading
from scraper.cli.options import db_option, json_option
from scraper.terminal import print_json, print_table, say
from scraper.upkeep.status import archive_status

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.archive.versions import Row


@click.command()
@db_option
@json_option
def status(db: Path, as_json: bool) -> None:
    """Show what is in the archive, its backlog, and how the last runs went."""
    with open_for_reading(db) as archive:
        sections = archive_status(archive, db)
    if as_json:
        print_json({"db": str(db), **sections})
        return
    say(f"{db}, {db.stat().st_size / 1e6:,.1f} MB")
    for name, rows in sections.items():
        say()
        if rows:
            print_table(name.capitalize(), _without_empty_columns(rows) if name == "runs" else rows)
        else:
            say(f"{name.capitalize()}: none")


def _without_empty_columns(rows: list[Row]) -> list[Row]:
    """Return rows without the columns that are 0 or empty in all of them."""
    columns = [column for column in rows[0] if any(row[column] for row in rows)]
    return [{column: row[column] for column in columns} for row in rows]
