"""The archive's migrations, and its full-text indexes.

A migration that has been released is never edited: add another one below it. Column meanings
are in docs/schema.md, which a test compares with what the migrations build.

Two full-text indexes look at the same articles (docs/decisions/0003-two-indexes.md):
``articles_fts`` finds every substring of three or more characters of the readable text,
``article_words_fts`` finds whole words of any length and counts them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlite_utils import Migrations

from scraper.archive.digests import TABLE, write_digests
from scraper.archive.tables import TABLES, VIEWS
from scraper.reference import read_table

if TYPE_CHECKING:
    from sqlite_utils import Database

migrations = Migrations("thaigov")

TRIGRAM = "trigram"
# Thai vowel signs and tone marks are combining characters: left out of the token categories they
# would separate words, and remove_diacritics would drop them.
WORDS = "unicode61 remove_diacritics 0 categories ''L* N* Co Mn Mc''"


def full_text(
    name: str, table: str, rowid: str, columns: tuple[str, ...], tokenizer: str
) -> tuple[str, ...]:
    """Return the statements that make an external-content FTS5 table and keep it right.

    The update trigger fires only where an indexed text really differs, so that a page seen again
    costs no index work; an update of other columns does not even read the texts. ``INSERT OR
    REPLACE`` on the table would skip the delete trigger and corrupt the index: writers must use
    ``ON CONFLICT DO UPDATE``.
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
    """Make the tables, both full-text indexes with their triggers, and the views."""
    statements = (
        *TABLES,
        *full_text("articles_fts", "articles", "id", ("title", "lead", "body"), TRIGRAM),
        *full_text("article_words_fts", "article_words", "article_id", ("words",), WORDS),
        *VIEWS,
    )
    for statement in statements:
        db.execute(statement)


@migrations()
def m002_digests(db: Database) -> None:
    """Keep digests of what was read out of each article, for ``verify``."""
    db.execute(TABLE)
    for (article_id,) in db.execute("SELECT id FROM articles").fetchall():
        write_digests(db, article_id)


def load_names(db: Database) -> None:
    """Bring ministries and agencies up to the reference tables; rows are never removed."""
    for table, changed in changed_names(db).items():
        db.table(table).upsert_all(changed, pk="slug")


def changed_names(db: Database) -> dict[str, list[dict[str, str]]]:
    """Return the rows of the reference tables that the archive lacks or has otherwise."""
    changed = {}
    for table in ("ministries", "agencies"):
        known = list(db.query(f"SELECT * FROM {table}"))
        changed[table] = [row for row in read_table(f"{table}.csv") if row not in known]
    return changed
