"""The rows of ``runs``: counts, outcome, exit code and the versions of everything involved."""

from __future__ import annotations

import json
import platform
import sqlite3
from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from scraper.clock import now, to_iso

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlite_utils import Database

COUNT_COLUMNS = (
    "requests", "failed", "captures", "bytes", "new", "changed", "unchanged", "gone", "missing",
    "out_of_scope", "unparsed", "blocked", "problems", "attachments",
)  # fmt: skip
GOOD = ("new", "changed", "unchanged", "gone", "missing", "out_of_scope", "redirect", "attachments")
LOST = ("failed", "unparsed")
# Losing more than this share of at least this many pages is not bad luck: the layout has changed
# or the site has trouble. The same goes for losing every page, however few.
ENOUGH_PAGES, MOST_LOST = 10, 0.1
LIBRARIES = ("scrapy", "lxml", "pythainlp", "nlpo3", "sqlite-utils", "warcio", "pypdf")
MODULES = {"sqlite-utils": "sqlite_utils"}  # where module and package have different names


def installed_versions() -> dict[str, str]:
    """Return the versions that decide how a run ends: ours and those of the libraries."""
    return {
        "thaigov": version("thaigov"),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        **{name: version(name) for name in LIBRARIES if find_spec(MODULES.get(name, name))},
    }


def verdict(counts: Mapping[str, int], faults: int) -> tuple[str, int]:
    """Return outcome and exit code of a run that was not cut short."""
    good = sum(counts[name] for name in GOOD)
    # A shell that was not rendered is a lost page. Files may hold both a shell and its rendering.
    lost = sum(counts[name] for name in LOST) + max(0, counts["shell"] - counts["rendered"])
    if counts["forbidden"] and not good + lost:
        return "refused", 4  # robots.txt forbade every address of the run
    if counts["failed"] and lost == counts["failed"] and not good:
        return "failed", 1
    all_lost = lost > 0 and good == 0
    too_many = good + lost >= ENOUGH_PAGES and lost > MOST_LOST * (good + lost)
    return ("unmet", 3) if faults or all_lost or too_many else ("done", 0)


def begin_run(db: Database, command: str, arguments: dict[str, Any], started_at: datetime) -> int:
    """Add the row of a new run and return its id. The caller holds the writer lock."""
    with db.atomic():
        # Nothing else is writing, so a run without an outcome was killed before it could write one.
        db.execute("UPDATE runs SET outcome = 'interrupted' WHERE outcome IS NULL")
        cursor = db.execute(
            "INSERT INTO runs (command, arguments, started_at, versions) VALUES (?, ?, ?, ?)",
            [
                command,
                json.dumps(arguments, ensure_ascii=False),
                to_iso(started_at),
                json.dumps(installed_versions()),
            ],
        )
    return int(cursor.lastrowid or 0)


def write_counts(db: Database, run_id: int, counts: Mapping[str, int]) -> None:
    """Update the counts of a run."""
    columns = ", ".join(f"{name} = ?" for name in COUNT_COLUMNS)
    db.execute(
        f"UPDATE runs SET {columns} WHERE id = ?",
        [*(counts[name] for name in COUNT_COLUMNS), run_id],
    )


def write_outcome(db: Database, run_id: int, outcome: str, exit_code: int) -> None:
    """Record how and when a run ended."""
    db.execute(
        "UPDATE runs SET finished_at = ?, outcome = ?, exit_code = ? WHERE id = ?",
        [to_iso(now()), outcome, exit_code, run_id],
    )
