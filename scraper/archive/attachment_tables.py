"""The statements that create the tables of attached files, in order."""

from __future__ import annotations

ATTACHMENT_TEXTS, TEXTS_INDEX = "attachment_texts", "attachment_texts_fts"
ATTACHMENT_TABLES = (
    "ALTER TABLE captures ADD COLUMN attachment_url TEXT",
    "ALTER TABLE runs ADD COLUMN attachments INTEGER NOT NULL DEFAULT 0",
    """
    CREATE INDEX captures_by_attachment ON captures(attachment_url, fetched_at)
    WHERE attachment_url IS NOT NULL
    """,
    "CREATE INDEX attachments_by_address ON attachments(coalesce(original, url))",
    "CREATE INDEX captures_by_file ON captures(digest) WHERE attachment_url IS NOT NULL",
    """
    CREATE TABLE attachment_texts (
        id INTEGER PRIMARY KEY,
        digest TEXT NOT NULL UNIQUE,
        format TEXT NOT NULL,
        size INTEGER NOT NULL,
        pages INTEGER,
        text TEXT NOT NULL,
        reader TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE attachment_files (
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        url TEXT NOT NULL,
        fetched_at TEXT NOT NULL,
        file INTEGER NOT NULL REFERENCES attachment_texts(id),
        PRIMARY KEY (article_id, url)
    ) STRICT
    """,
    "CREATE INDEX attachment_files_by_file ON attachment_files(file)",
)
