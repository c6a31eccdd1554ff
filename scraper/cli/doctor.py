"""``thaigov doctor``: is this machine ready for scheduled crawls?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from scraper.cli.machine_checks import check_machine
from scraper.cli.options import db_option, json_option
from scraper.terminal import line, print_json, say

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@db_option
@json_option
@click.pass_context
def doctor(ctx: click.Context, db: Path, as_json: bool) -> None:
    """Check that this machine is ready to crawl; exit code 3 if something needs fixing.

    It checks Python, SQLite, the optional parts, Chromium, the archive's folder, its lock, the
    disk, the clock and the environment of scheduled runs. It sends no requests and writes nothing.
    """
    results = check_machine(db)
    failed = [result for result in results if not result.well]
    if as_json:
        print_json(
            {
                "db": str(db),
                "well": not failed,
                "checks": [result._asdict() for result in results],
            }
        )
    else:
        for result in results:
            say(f"{'ok ' if result.well else 'FIX'}  {result.name}: {line(result.told)}")
            if result.mend:
                say(f"       {line(result.mend)}")
        say(f"\n{len(failed)} to fix." if failed else "\nReady.")
    ctx.exit(3 if failed else 0)
