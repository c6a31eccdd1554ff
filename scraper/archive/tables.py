"""The statements that create the archive's tables, indexes and views, in order.

docs/schema.md explains the columns; ``schema`` runs the statements.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.model import Layout, Origin, Outcome
from scraper.thai.dates.date_mention import Precision

if TYPE_CHECKING:
    from collections.abc import Iterable
    from enum import StrEnum


def one_of(values: Iterable[StrEnum]) -> str:
    """Return the members of an enumeration as an SQL list."""
    return "(" + ", ".join(f"'{value}'" for value in values) + ")"


def day(column: str) -> str:
    """Return a column definition that accepts NULL or a day that exists, as ISO text."""
    # "+0 days" makes SQLite normalise 30 February, which it would otherwise accept.
    return f"{column} TEXT CHECK ({column} IS date({column}, '+0 days'))"


# Of the first release; a migration adds to them.
OUTCOMES = (
    Outcome.ARTICLE, Outcome.MISSING, Outcome.BLOCKED, Outcome.OUT_OF_SCOPE, Outcome.UNPARSED,
    Outcome.DUPLICATE, Outcome.SHELL, Outcome.REDIRECT,
)  # fmt: skip

TABLES = (
    """
    CREATE TABLE ministries (
        slug TEXT PRIMARY KEY,
        name_th TEXT NOT NULL,
        name_en TEXT NOT NULL,
        abbreviation TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE agencies (
        slug TEXT PRIMARY KEY,
        name_th TEXT NOT NULL,
        name_en TEXT NOT NULL,
        abbreviation TEXT NOT NULL,
        ministry TEXT NOT NULL REFERENCES ministries(slug)
    ) STRICT
    """,
    "CREATE INDEX agencies_by_ministry ON agencies(ministry)",
    """
    CREATE TABLE runs (
        id INTEGER PRIMARY KEY,
        command TEXT NOT NULL,
        arguments TEXT NOT NULL,
        started_at TEXT NOT NULL,
        finished_at TEXT,
        outcome TEXT,
        exit_code INTEGER,
        requests INTEGER NOT NULL DEFAULT 0,
        failed INTEGER NOT NULL DEFAULT 0,
        captures INTEGER NOT NULL DEFAULT 0,
        bytes INTEGER NOT NULL DEFAULT 0,
        new INTEGER NOT NULL DEFAULT 0,
        changed INTEGER NOT NULL DEFAULT 0,
        unchanged INTEGER NOT NULL DEFAULT 0,
        gone INTEGER NOT NULL DEFAULT 0,
        missing INTEGER NOT NULL DEFAULT 0,
        out_of_scope INTEGER NOT NULL DEFAULT 0,
        unparsed INTEGER NOT NULL DEFAULT 0,
        blocked INTEGER NOT NULL DEFAULT 0,
        problems INTEGER NOT NULL DEFAULT 0,
        versions TEXT NOT NULL
    ) STRICT
    """,
    f"""
    CREATE TABLE captures (
        id INTEGER PRIMARY KEY,
        url TEXT NOT NULL,
        article_url TEXT,
        fetched_at TEXT NOT NULL,
        origin TEXT NOT NULL CHECK (origin IN {one_of(Origin)}),
        status INTEGER,
        content_type TEXT NOT NULL,
        digest TEXT NOT NULL,
        source TEXT,
        warc_file TEXT NOT NULL,
        warc_offset INTEGER NOT NULL,
        warc_length INTEGER NOT NULL,
        outcome TEXT CHECK (outcome IN {one_of(OUTCOMES)}),
        content_hash TEXT,
        rendered INTEGER NOT NULL DEFAULT 0 CHECK (rendered IN (0, 1)),
        run_id INTEGER NOT NULL REFERENCES runs(id),
        UNIQUE (warc_file, warc_offset)
    ) STRICT
    """,
    "CREATE INDEX captures_by_url ON captures(url, digest)",
    "CREATE INDEX captures_by_article ON captures(article_url, fetched_at)",
    "CREATE INDEX captures_by_source ON captures(source) WHERE source IS NOT NULL",
    "CREATE INDEX captures_by_run ON captures(run_id)",
    "CREATE INDEX captures_by_origin ON captures(origin, outcome)",
    "CREATE INDEX captures_pending ON captures(id) WHERE outcome IS NULL",
    f"""
    CREATE TABLE articles (
        id INTEGER PRIMARY KEY,
        url TEXT NOT NULL UNIQUE,
        site TEXT NOT NULL,
        layout TEXT NOT NULL CHECK (layout IN {one_of(Layout)}),
        site_id INTEGER NOT NULL,
        title TEXT NOT NULL,
        category TEXT,
        language TEXT NOT NULL,
        {day("published_on")},
        published_raw TEXT,
        {day("entered_on")},
        ministry TEXT REFERENCES ministries(slug),
        content_hash TEXT NOT NULL,
        text_hash TEXT,
        revision INTEGER NOT NULL DEFAULT 1 CHECK (revision >= 1),
        first_seen_at TEXT NOT NULL,
        last_seen_at TEXT NOT NULL,
        changed_at TEXT NOT NULL,
        gone_at TEXT,
        capture_id INTEGER NOT NULL REFERENCES captures(id),
        parser TEXT NOT NULL,
        lead TEXT,
        tail TEXT NOT NULL,
        body TEXT NOT NULL
    ) STRICT
    """,  # long texts last, so that reading the other columns does not read through them
    "CREATE INDEX articles_by_day ON articles(published_on, ministry, category)",
    "CREATE INDEX articles_by_ministry ON articles(ministry, published_on)",
    "CREATE INDEX articles_by_category ON articles(category, published_on)",
    "CREATE INDEX articles_by_number ON articles(site, layout, site_id)",
    "CREATE INDEX articles_by_text ON articles(text_hash) WHERE text_hash IS NOT NULL",
    "CREATE INDEX articles_by_capture ON articles(capture_id, published_on)",
    "CREATE INDEX articles_gone ON articles(gone_at) WHERE gone_at IS NOT NULL",
    f"""
    CREATE TABLE article_revisions (
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        revision INTEGER NOT NULL,
        title TEXT NOT NULL,
        lead TEXT,
        body TEXT NOT NULL,
        tail TEXT NOT NULL,
        {day("published_on")},
        content_hash TEXT NOT NULL,
        capture_id INTEGER NOT NULL REFERENCES captures(id),
        parser TEXT NOT NULL,
        seen_at TEXT NOT NULL,
        kept REAL NOT NULL CHECK (kept BETWEEN 0 AND 1),
        PRIMARY KEY (article_id, revision)
    ) STRICT
    """,
    f"""
    CREATE TABLE date_mentions (
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        field TEXT NOT NULL CHECK (field IN ('lead', 'body', 'tail')),
        text TEXT NOT NULL,
        {day("start_on")},
        {day("end_on")},
        start_time TEXT,
        end_time TEXT,
        precision TEXT NOT NULL CHECK (precision IN {one_of(Precision)}),
        inferred INTEGER NOT NULL CHECK (inferred IN (0, 1)),
        flags TEXT NOT NULL,
        PRIMARY KEY (article_id, field, position)
    ) STRICT
    """,
    "CREATE INDEX date_mentions_by_day ON date_mentions(start_on, end_on)",
    """
    CREATE TABLE hashtags (
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        tag TEXT NOT NULL,
        PRIMARY KEY (article_id, tag)
    ) STRICT
    """,
    "CREATE INDEX hashtags_by_tag ON hashtags(tag, article_id)",
    """
    CREATE TABLE article_ministries (
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        ministry TEXT NOT NULL REFERENCES ministries(slug),
        score REAL NOT NULL,
        evidence TEXT NOT NULL,
        PRIMARY KEY (article_id, ministry)
    ) STRICT
    """,
    "CREATE INDEX article_ministries_by_ministry ON article_ministries(ministry, article_id)",
    """
    CREATE TABLE article_agencies (
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        agency TEXT NOT NULL REFERENCES agencies(slug),
        mentions INTEGER NOT NULL CHECK (mentions >= 1),
        evidence TEXT NOT NULL,
        PRIMARY KEY (article_id, agency)
    ) STRICT
    """,
    "CREATE INDEX article_agencies_by_agency ON article_agencies(agency, article_id)",
    """
    CREATE TABLE attachments (
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        kind TEXT NOT NULL,
        url TEXT NOT NULL,
        original TEXT,
        PRIMARY KEY (article_id, kind, url)
    ) STRICT
    """,
    """
    CREATE TABLE article_links (
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        url TEXT NOT NULL,
        PRIMARY KEY (article_id, url)
    ) STRICT
    """,
    "CREATE INDEX article_links_by_url ON article_links(url)",
    """
    CREATE TABLE article_words (
        article_id INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE,
        words TEXT NOT NULL,
        engine TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE problems (
        id INTEGER PRIMARY KEY,
        run_id INTEGER NOT NULL REFERENCES runs(id),
        url TEXT,
        capture_id INTEGER REFERENCES captures(id),
        stage TEXT NOT NULL,
        kind TEXT NOT NULL,
        detail TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX problems_by_run ON problems(run_id)",
    "CREATE INDEX problems_by_capture ON problems(capture_id)",
    "CREATE INDEX problems_by_kind ON problems(stage, kind)",
    """
    CREATE TABLE frontier (
        url TEXT PRIMARY KEY,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'failed', 'done')),
        attempts INTEGER NOT NULL DEFAULT 0,
        known_at TEXT NOT NULL,
        due_at TEXT,
        visited_at TEXT,
        last_outcome TEXT,
        last_error TEXT,
        etag TEXT,
        last_modified TEXT,
        run_id INTEGER NOT NULL REFERENCES runs(id)
    ) STRICT
    """,
    "CREATE INDEX frontier_by_due ON frontier(state, due_at)",
)

VIEWS = (
    """
    CREATE VIEW industry_articles AS
    SELECT a.*
    FROM articles a JOIN article_ministries m ON m.article_id = a.id AND m.ministry = 'industry'
    ORDER BY a.published_on DESC, a.site_id DESC
    """,
    # The same body, apart from white space, under several numbers: linked to the article with the
    # lowest id, never merged, because either address may be cited.
    """
    CREATE VIEW duplicates AS
    SELECT a.id AS article_id, a.url, f.id AS duplicate_of, f.url AS duplicate_of_url
    FROM articles a
    JOIN (SELECT text_hash, min(id) AS id FROM articles
          WHERE text_hash IS NOT NULL GROUP BY text_hash HAVING count(*) > 1) g
      ON g.text_hash = a.text_hash AND g.id <> a.id
    JOIN articles f ON f.id = g.id
    """,
    # A new headline and less than half of the text: the number may have been reused.
    """
    CREATE VIEW possible_reuse AS
    SELECT r.article_id, a.url, r.revision, r.title AS title_before,
           coalesce(n.title, a.title) AS title_after, r.kept,
           coalesce(n.seen_at, a.changed_at) AS seen_at
    FROM article_revisions r
    JOIN articles a ON a.id = r.article_id
    LEFT JOIN article_revisions n ON n.article_id = r.article_id AND n.revision = r.revision + 1
    WHERE r.kept < 0.5 AND r.title <> coalesce(n.title, a.title)
    """,
)
