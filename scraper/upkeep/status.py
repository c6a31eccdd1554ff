"""What an archive holds and how its runs went: the answers behind ``thaigov status``.

Each answer takes a fraction of a second on 100,000 articles: none reads the articles' rows, which
lie between their long texts.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from scraper.archive.lock import active_run, lock_holder
from scraper.clock import BANGKOK, now, to_iso
from scraper.upkeep.freshness import crawled_sites, newest_news

if TYPE_CHECKING:
    from pathlib import Path

    from sqlite_utils import Database

Row = dict[str, Any]

RUNS = 10  # that are shown

QUESTIONS = {
    # The plus keeps SQLite on the index by day, where the first row that fits is at an end.
    "articles": """
        SELECT site, layout, articles,
               (SELECT published_on FROM articles WHERE published_on IS NOT NULL
                AND +site = g.site AND +layout = g.layout ORDER BY published_on LIMIT 1) AS first,
               (SELECT published_on FROM articles WHERE published_on IS NOT NULL
                AND +site = g.site AND +layout = g.layout ORDER BY published_on DESC LIMIT 1)
               AS last
        FROM (SELECT site, layout, count(*) AS articles FROM articles GROUP BY site, layout) g
        ORDER BY site, layout
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
    "backlog": """
        SELECT state, count(*) AS addresses, count(*) FILTER (WHERE due_at <= :now) AS due,
               min(due_at) AS next_due_at, max(last_error) AS example
        FROM frontier WHERE state <> 'done' GROUP BY state ORDER BY state
    """,
    "runs": f"""
        SELECT id, command, started_at,
               CAST(round((julianday(finished_at) - julianday(started_at)) * 86400) AS INTEGER)
               AS seconds,
               coalesce(outcome, 'interrupted') AS outcome, exit_code, requests, captures, new,
               changed, unchanged, gone, missing, out_of_scope, unparsed, failed, problems
        FROM runs ORDER BY id DESC LIMIT {RUNS}
    """,
}


def status(db: Database, path: Path) -> dict[str, list[Row]]:
    """Return the rows of every question, by name, and how fresh the crawled sites' news is.

    Args:
        db: the archive, which may be open for reading only.
        path: its file, beside which the lock tells whether a run is alive.
    """
    moment, alive = now(), active_run(db, lock_holder(path))
    answers = {
        name: list(db.query(sql, {"now": to_iso(moment)})) for name, sql in QUESTIONS.items()
    }
    for run in answers["runs"]:
        if run["id"] == alive:
            run["outcome"] = "(running)"
    return {"freshness": list(_freshness(db)), **answers}


def _freshness(db: Database) -> list[Row]:
    """Return for each site that is crawled how old its newest news is, in days."""
    today = now().astimezone(BANGKOK).date()
    found = []
    for site in crawled_sites(db):
        newest = newest_news(db, site, today)
        found.append(
            {
                "site": site.slug,
                "newest": newest and newest.isoformat(),
                "days_ago": newest and (today - newest).days,
                "longest_silence": site.longest_silence,
            }
        )
    return found


def run_summary(db: Database, run_id: int) -> Row:
    """Return a row of ``runs`` with its JSON columns read."""
    row: Row = next(db.query("SELECT * FROM runs WHERE id = ?", [run_id]))
    return {
        **row,
        "arguments": json.loads(row["arguments"]),
        "versions": json.loads(row["versions"]),
    }
