"""Reports what an archive holds and how its last runs went, for ``thaigov status``.

Each query takes a fraction of a second on 100,000 articles: none scans the rows of ``articles``,
which are far apart because of the long texts.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from scraper.archive.attachment_tables import ATTACHMENT_TEXTS
from scraper.archive.lock import active_run, lock_holder
from scraper.clock import BANGKOK, now, to_iso
from scraper.upkeep.freshness import crawled_sites, newest_news

if TYPE_CHECKING:
    from pathlib import Path

    from sqlite_utils import Database

    from scraper.archive.versions import Row

RUNS_SHOWN = 10
# By kind: how many files articles have, and how many are stored. An archive of an earlier release
# has no such tables until the next run that writes.
ATTACHMENTS = """
    SELECT a.kind, count(DISTINCT coalesce(a.original, a.url)) AS addresses,
           count(DISTINCT f.file) AS files,
           count(DISTINCT CASE WHEN t.text <> '' THEN t.id END) AS with_text,
           coalesce((SELECT sum(size) FROM attachment_texts WHERE id IN (
               SELECT x.file FROM attachment_files x JOIN attachments b USING (article_id, url)
               WHERE b.kind = a.kind)), 0) AS bytes
    FROM attachments a LEFT JOIN attachment_files f USING (article_id, url)
    LEFT JOIN attachment_texts t ON t.id = f.file GROUP BY a.kind ORDER BY a.kind
"""

STATUS_QUERIES = {
    # The plus makes SQLite use the index by day, where the first matching row is at one end.
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
        FROM runs ORDER BY id DESC LIMIT {RUNS_SHOWN}
    """,
}


def archive_status(db: Database, path: Path) -> dict[str, list[Row]]:
    """Return the rows of every status query, by name, and the freshness of the crawled sites.

    Args:
        db: the archive; read-only is enough.
        path: its file, beside which the lock file shows whether a run is alive.
    """
    running_id = active_run(db, lock_holder(path))
    values = {"now": to_iso(now())}
    answers = {name: list(db.query(sql, values)) for name, sql in STATUS_QUERIES.items()}
    has_files = ATTACHMENT_TEXTS in db.table_names()
    answers["attachments"] = list(db.query(ATTACHMENTS)) if has_files else []
    for run in answers["runs"]:
        if run["id"] == running_id:
            run["outcome"] = "(running)"
    return {"freshness": _freshness(db), **answers}


def _freshness(db: Database) -> list[Row]:
    """Return the day and age of the newest news of each crawled site."""
    today = now().astimezone(BANGKOK).date()
    rows = []
    for site in crawled_sites(db):
        newest = newest_news(db, site, today)
        rows.append(
            {
                "site": site.slug,
                "newest": newest and newest.isoformat(),
                "days_ago": newest and (today - newest).days,
                "longest_silence": site.longest_silence,
            }
        )
    return rows


def run_summary(db: Database, run_id: int) -> Row:
    """Return a row of ``runs`` with its JSON columns decoded."""
    row: Row = next(db.query("SELECT * FROM runs WHERE id = ?", [run_id]))
    return {
        **row,
        "arguments": json.loads(row["arguments"]),
        "versions": json.loads(row["versions"]),
    }
