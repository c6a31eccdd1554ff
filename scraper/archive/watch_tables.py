"""The statements that create the tables of saved questions, in order.

They are the operator's own: no snapshot and no export has their rows.
"""

from __future__ import annotations

PRIVATE_TABLES = ("watch_seen", "watches")  # in an order in which they can be emptied
# No reference to articles: Datasette would count these private rows on the page of an article.
# Articles are never deleted.
WATCH_TABLES = (
    """
    CREATE TABLE watches (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE CHECK (name <> ''),
        query TEXT,
        filters TEXT NOT NULL CHECK (json_valid(filters)),
        created_at TEXT NOT NULL,
        told_at TEXT
    ) STRICT
    """,
    """
    CREATE TABLE watch_seen (
        watch_id INTEGER NOT NULL REFERENCES watches(id) ON DELETE CASCADE,
        article_id INTEGER NOT NULL,
        content_hash TEXT NOT NULL,
        changed_at TEXT NOT NULL,
        PRIMARY KEY (watch_id, article_id)
    ) STRICT, WITHOUT ROWID
    """,
)
