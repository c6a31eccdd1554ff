"""The archive's migrations, and its full-text indexes.

Never edit a released migration: add another one below it. ``data/reference/data_dictionary.csv``
explains the columns; a test compares it with the schema that the migrations build.

Two full-text indexes cover the same articles (docs/decisions/0003-two-indexes.md):
``articles_fts`` finds every substring of three or more characters of the readable text,
``article_words_fts`` finds whole words of any length and counts them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlite_utils import Migrations

from scraper import facts
from scraper.archive.attachment_tables import ATTACHMENT_TABLES, ATTACHMENT_TEXTS, TEXTS_INDEX
from scraper.archive.digests import DIGESTS_TABLE, add_empty_tables, write_digests
from scraper.archive.fact_tables import FACT_TABLES, POSTS
from scraper.archive.related_tables import RELATED_TABLES
from scraper.archive.revision_index import REVISION_INDEX
from scraper.archive.tables import OUTCOMES, TABLES, VIEWS, one_of
from scraper.archive.watch_tables import WATCH_TABLES
from scraper.archive.word_counts import WORD_COUNTS
from scraper.model import Outcome
from scraper.reference import read_table

if TYPE_CHECKING:
    from sqlite_utils import Database

migrations = Migrations("thaigov")

TRIGRAM_TOKENIZER = "trigram"
# Thai vowel signs and tone marks are combining characters: without their categories here they would
# separate words, and remove_diacritics would drop them.
WORD_TOKENIZER = "unicode61 remove_diacritics 0 categories ''L* N* Co Mn Mc''"


# Of each index: the table it covers, that table's key, and the columns.
FULL_TEXT = {
    "articles_fts": ("articles", "id", ("title", "lead", "body")),
    "article_words_fts": ("article_words", "article_id", ("words",)),
}


def full_text(
    name: str, table: str, rowid: str, columns: tuple[str, ...], tokenizer: str
) -> tuple[str, ...]:
    """Return the statements that create an external-content FTS5 table and its triggers.

    The update trigger fires only if an indexed text differs, so an unchanged page costs no index
    work; an update of other columns does not even read the texts. Writers must use ``ON CONFLICT DO
    UPDATE``: ``INSERT OR REPLACE`` would skip the delete trigger and corrupt the index.
    """
    names = ", ".join(columns)
    new = ", ".join(f"new.{column}" for column in columns)
    old = ", ".join(f"old.{column}" for column in columns)
    differs = " OR ".join(f"old.{column} IS NOT new.{column}" for column in columns)
    add = f"INSERT INTO {name}(rowid, {names}) VALUES (new.{rowid}, {new});"
    remove = f"INSERT INTO {name}({name}, rowid, {names}) VALUES ('delete', old.{rowid}, {old});"
    return (
        f"""CREATE VIRTUAL TABLE {name} USING fts5({names},
            content='{table}', content_rowid='{rowid}', tokenize='{tokenizer}')""",
        f"CREATE TRIGGER {name}_insert AFTER INSERT ON {table} BEGIN {add} END",
        f"CREATE TRIGGER {name}_delete AFTER DELETE ON {table} BEGIN {remove} END",
        f"""CREATE TRIGGER {name}_update AFTER UPDATE OF {names} ON {table} WHEN {differs}
            BEGIN {remove} {add} END""",
    )


@migrations()
def m001_core(db: Database) -> None:
    """Create the tables, both full-text indexes with their triggers, and the views."""
    statements = (
        *TABLES,
        *full_text("articles_fts", *FULL_TEXT["articles_fts"], TRIGRAM_TOKENIZER),
        *full_text("article_words_fts", *FULL_TEXT["article_words_fts"], WORD_TOKENIZER),
        *VIEWS,
    )
    for statement in statements:
        db.execute(statement)


@migrations()
def m002_digests(db: Database) -> None:
    """Create and fill the table of digests that ``verify`` compares."""
    db.execute(DIGESTS_TABLE)
    created = set(db.table_names())
    kinds = [kind for kind in facts.KINDS if kind.table in created]
    for (article_id,) in db.execute("SELECT id FROM articles").fetchall():
        write_digests(db, article_id, kinds)


@migrations()
def m003_facts(db: Database) -> None:
    """Create the tables of people, agencies, places, money, laws, contacts and events.

    ``reparse`` fills them. An agency may belong to no ministry from here on.
    """
    _edit_statement(db, "agencies", "ministry TEXT NOT NULL", "ministry TEXT")
    before = set(db.table_names())
    for statement in FACT_TABLES:
        db.execute(statement)
    created = set(db.table_names()) - before
    add_empty_tables(db, (kind.table for kind in facts.KINDS if kind.table in created))


@migrations()
def m004_related(db: Database) -> None:
    """Create the tables of related articles; the next run that writes compares all articles."""
    for statement in RELATED_TABLES:
        db.execute(statement)


@migrations()
def m005_words(db: Database) -> None:
    """Create the view that counts words per month and ministry."""
    for statement in WORD_COUNTS:
        db.execute(statement)


@migrations()
def m006_fts_content(db: Database) -> None:
    """Write the content tables of both full-text indexes in double quotes.

    Datasette and sqlite-utils recognise only that spelling, and give the tables their search box,
    ``?_search_title=`` and ``sqlite-utils search``.
    """
    for index, (table, *_) in FULL_TEXT.items():
        _edit_statement(db, index, f"content='{table}'", f'content="{table}"')


@migrations()
def m007_watches(db: Database) -> None:
    """Create the tables of saved questions."""
    for statement in WATCH_TABLES:
        db.execute(statement)


@migrations()
def m008_changes(db: Database) -> None:
    """Index articles by time of change and of arrival, so that feeds can page without gaps."""
    for name, column in (("change", "changed_at"), ("arrival", "first_seen_at")):
        db.execute(f"CREATE INDEX articles_by_{name} ON articles({column}, site_id)")


@migrations()
def m009_revision_index(db: Database) -> None:
    """Create and fill the text index of superseded versions."""
    for statement in REVISION_INDEX:
        db.execute(statement)


@migrations()
def m010_attachments(db: Database) -> None:
    """Create the tables of attached files and their texts, and mark the captures of attachments."""
    known = one_of(OUTCOMES)
    _edit_statement(db, "captures", known, one_of((*OUTCOMES, Outcome.ATTACHMENT)))
    for statement in (
        *ATTACHMENT_TABLES,
        *full_text(TEXTS_INDEX, ATTACHMENT_TEXTS, "id", ("text",), TRIGRAM_TOKENIZER),
    ):
        db.execute(statement)
    _edit_statement(
        db, TEXTS_INDEX, f"content='{ATTACHMENT_TEXTS}'", f'content="{ATTACHMENT_TEXTS}"'
    )


@migrations()
def m011_posts(db: Database) -> None:
    """Create the index that the view of people's posts reads."""
    for statement in POSTS:
        db.execute(statement)


def _edit_statement(db: Database, table: str, old: str, new: str) -> None:
    """Change the stored CREATE statement of a table, whose rows stay valid.

    Section 7 of SQLite's ALTER TABLE page describes this, to remove a constraint: a table that
    others refer to cannot be copied and dropped within a transaction.
    """
    (version,) = db.execute("PRAGMA schema_version").fetchone()
    db.execute("PRAGMA writable_schema = ON")
    db.execute(
        "UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = ?",
        [old, new, table],
    )
    db.execute(f"PRAGMA schema_version = {version + 1}")
    db.execute("PRAGMA writable_schema = OFF")


REFERENCE_TABLES = {
    "ministries": "slug",
    "agencies": "slug",
    "provinces": "code",
    "districts": "code",
}
"""The tables that are copied from ``data/reference``, with their keys."""
_DEGREES = ("latitude", "longitude")


def load_names(db: Database) -> None:
    """Update the names of ministries, agencies and places; rows are never removed."""
    for table, changed in changed_names(db).items():
        db.table(table).upsert_all(changed, pk=REFERENCE_TABLES[table])


def changed_names(db: Database) -> dict[str, list[dict[str, str | float | None]]]:
    """Return the rows of the reference tables that the archive lacks or has with other values."""
    changed = {}
    for table, key in REFERENCE_TABLES.items():
        known = {row[key]: row for row in db.query(f"SELECT * FROM {table}")}
        rows = [_reference_row(row) for row in read_table(f"{table}.csv")]
        changed[table] = [row for row in rows if row != known.get(row[key])]
    return changed


_NULL_IF_EMPTY = {"ministry", "first_on", "last_on", "successor"}


def _reference_row(row: dict[str, str]) -> dict[str, str | float | None]:
    """Return a row with degrees as numbers, and NULL for what is not known or does not apply."""
    values: dict[str, str | float | None] = {
        name: value or None if name in _NULL_IF_EMPTY else value for name, value in row.items()
    }
    return values | {column: float(row[column]) for column in _DEGREES if column in row}
