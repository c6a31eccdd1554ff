"""What an archive holds and how its runs went: the answers behind ``thaigov status``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlite_utils import Database

Row = dict[str, Any]

QUESTIONS = {
    "articles": """
        SELECT site, layout, count(*) AS articles, min(published_on) AS first,
               max(published_on) AS last, max(last_seen_at) AS last_seen_at
        FROM articles GROUP BY site, layout ORDER BY site, layout
    """,
    "ministries": """
        SELECT coalesce(ministry, '(none)') AS ministry, count(*) AS articles
        FROM articles GROUP BY ministry ORDER BY articles DESC, ministry
    """,
    "captures": """
        SELECT origin, coalesce(outcome, '(waiting)') AS outcome, count(*) AS captures
        FROM captures GROUP BY origin, outcome ORDER BY origin, captures DESC
    """,
    "problems": """
        SELECT stage, kind, count(*) AS problems, max(url) AS example
        FROM problems GROUP BY stage, kind ORDER BY problems DESC, stage, kind LIMIT 15
    """,
    "frontier": """
        SELECT state, count(*) AS urls, max(last_error) AS example FROM frontier GROUP BY state
    """,
    "runs": """
        SELECT id, command, started_at, finished_at, outcome, captures, new, changed, unchanged,
               missing, unparsed, problems
        FROM runs ORDER BY id DESC LIMIT 5
    """,
}


def status(db: Database) -> dict[str, list[Row]]:
    """Return the rows of every question, by name."""
    return {name: list(db.query(sql)) for name, sql in QUESTIONS.items()}


def run_summary(db: Database, run_id: int) -> Row:
    """Return a row of ``runs`` with its JSON columns read."""
    row: Row = next(db.query("SELECT * FROM runs WHERE id = ?", [run_id]))
    return {
        **row,
        "arguments": json.loads(row["arguments"]),
        "versions": json.loads(row["versions"]),
    }
