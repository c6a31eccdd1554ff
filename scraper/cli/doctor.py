"""``thaigov doctor``: is this machine ready for the first night?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from scraper.cli.examine import examine
from scraper.cli.options import db_option, json_option
from scraper.terminal import line, print_json, say

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@db_option
@json_option
@click.pass_context
def doctor(ctx: click.Context, db: Path, as_json: bool) -> None:
    """Tell whether this machine is ready to crawl; end with 3 if anything is to be mended.

    It looks at Python, SQLite, the optional parts, Chromium, the archive's folder, its lock, the
    disk, the clock, and the environment of scheduled runs. No server is asked, nothing is written.
    """
    trace = examine(db)
    wrong = [finding for finding in trace if not finding.well]
    if as_json:
        print_json(
            {
                "db": str(db),
                "well": not wrong,
                "checks": [finding._asdict() for finding in trace],
            }
        )
    else:
        for finding in trace:
            say(f"{'ok  ' if finding.well else 'MEND'}  {finding.name}: {line(finding.told)}")
            if finding.mend:
                say(f"        {line(finding.mend)}")
        say(f"\n{len(wrong)} to mend." if wrong else "\nReady.")
    ctx.exit(3 if wrong else 0)
