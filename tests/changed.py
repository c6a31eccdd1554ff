"""Runs the program with changed parsers or tables, as after a fix."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from tests.commands import ENVIRONMENT

if TYPE_CHECKING:
    from pathlib import Path

# Workers import this file, too, and so have its change: it names a stage of its own.
PROGRAM = """
from pathlib import Path
from pipelines.clean import Clean
from scraper import reference, settings
from scraper.cli import main

clean = Clean.process_item

def process_item(self, item):
    page = clean(self, item)
    if page.article is not None:
        page.article.category = "ด้านใหม่"
        page.article.body = page.article.body.replace("จังหวัด", "จ.")
        page.article.parser = "corpus/9"
    return page

{change}

class Unchanged:
    def process_item(self, item):
        return item

if __name__ == "__main__":
    settings.ITEM_PIPELINES["changed.Unchanged"] = 50
    main()
"""
OTHER_PARSER = "Clean.process_item = process_item"
OTHER_TABLES = "reference._TABLE_FOLDERS = (Path({folder!r}),)"


def program(folder: Path, change: str) -> list[str]:
    """Return the start of a command line in which the program has a change."""
    path = folder / "changed.py"
    path.write_text(PROGRAM.format(change=change))
    return [sys.executable, "-W", "error", str(path)]


def changed(folder: Path, change: str, *arguments: object) -> Any:
    """Run a reparse of the changed program and return what it printed."""
    command = [*program(folder, change), "reparse", *map(str, arguments), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, check=True)
    return json.loads(done.stdout)


def fields(report: Any) -> dict[str, int]:
    """Return how many changes a report has for each field."""
    return {row["field"]: row["changes"] for row in report["fields"]}
