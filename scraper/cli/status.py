"""``thaigov status``: what is in the archive and how the last runs went."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from scraper.archive import status as archive_status
from scraper.archive.database import open_for_reading
from scraper.cli.options import db_option, json_option, print_json, print_table

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@db_option
@json_option
def status(db: Path, as_json: bool) -> None:
    """Tell what the archive holds, what is owed, and how the last runs went."""
    with open_for_reading(db) as archive:
        answers = archive_status.status(archive)
    if as_json:
        print_json({"db": str(db), **answers})
        return
    click.echo(f"{db}, {db.stat().st_size / 1e6:,.1f} MB")
    for name, rows in answers.items():
        click.echo()
        if rows:
            print_table(name.capitalize(), rows)
        else:
            click.echo(f"{name.capitalize()}: none")
