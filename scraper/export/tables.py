"""The tables of an export, found in the archive's schema, with types and descriptions.

Articles come first, then every table of facts, whose ``article_id`` refers to an article, then the
tables of things that those refer to, such as people and provinces.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from scraper.archive.schema import REFERENCE_TABLES
from scraper.dictionary import TableEntry, dictionary
from scraper.export.model import Column, ColumnType, Listed, Role, Table
from scraper.facts import KINDS
from scraper.reference import read_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlite_utils import Database

    from scraper.facts.kind import FactKind

ARTICLES, ARTICLE_ID = "articles", "article_id"
# Versions and words are no facts, and captures are bytes elsewhere.
LEFT_OUT = {"article_revisions", "article_words", "_article_digests"}
NOT_FOLLOWED = {ARTICLES, "captures", "runs"}
# ``articles.capture_id`` means nothing outside the archive: these columns of the capture do.
CAPTURE_ID, CAPTURE_COLUMNS = "capture_id", ("fetched_at", "origin", "digest")
CAPTURES = "captures"
NOT_OF_CAPTURES = {"id", "run_id", "warc_file", "warc_offset", "warc_length"}
# Text columns with several values, and what separates them.
LIST_SEPARATORS = {"flags": " ", "evidence": "; "}
VALUE_SEPARATOR = "; "
LISTED_MEANING = "Values of {column} in {table}"


def exported_tables(db: Database) -> tuple[Table, ...]:
    """Return the tables of an archive's exports: articles, facts, entities."""
    references = {name: _references(db, name) for name in db.table_names()}
    kinds = [kind.table for kind in KINDS]
    facts = [
        name
        for name, refers in references.items()
        if refers.get(ARTICLE_ID) == ARTICLES and name not in LEFT_OUT
    ]
    facts.sort(key=lambda name: kinds.index(name) if name in kinds else len(kinds))
    entities: list[str] = []
    waiting = [ARTICLES, *facts]
    while waiting:
        targets = references[waiting.pop(0)].values()
        found = [name for name in dict.fromkeys(targets) if name not in {*NOT_FOLLOWED, *entities}]
        entities += found
        waiting += found
    known = {ARTICLES, *facts, *entities}
    return (
        _articles(db, references[ARTICLES], facts),
        *(_fact_table(db, name, references[name], known) for name in facts),
        *(_entity_table(db, name, references[name], known) for name in sorted(entities)),
    )


def captures_table(db: Database) -> Table:
    """Return the table of captures without the columns that only make sense inside an archive."""
    columns = [c for c in _columns(db, CAPTURES, {}) if c.name not in NOT_OF_CAPTURES]
    return Table(
        name=CAPTURES, role=Role.FACTS, label=CAPTURES, columns=tuple(columns), key=(),
        meaning=_entry(CAPTURES).meaning, thai=_thai_titles().get(CAPTURES, ""),
        source=f"{', '.join(f't.{c.name}' for c in columns)} FROM {CAPTURES} t", order="t.id",
    )  # fmt: skip


def _references(db: Database, table: str) -> dict[str, str]:
    """Return the table that each foreign key of a table refers to."""
    keys = db.execute(f"PRAGMA foreign_key_list('{table}')").fetchall()
    return {column: target for _, _, target, column, *_ in reversed(keys)}


def _articles(db: Database, refers: dict[str, str], facts: list[str]) -> Table:
    listed = {
        kind.name: (kind, next(c for c in _columns(db, kind.table, {}) if c.name == kind.key))
        for kind in KINDS
        if kind.key and (kind.filter or kind.facet) and kind.table in facts
    }
    columns: list[Column] = []
    for column in _columns(db, ARTICLES, refers):
        if column.name == CAPTURE_ID:
            known = {c.name: c for c in _columns(db, "captures", {})}
            columns += (known[name] for name in CAPTURE_COLUMNS)
        else:
            columns.append(column)
    selected = ", ".join(
        f"c.{column.name}" if column.name in CAPTURE_COLUMNS else f"t.{column.name}"
        for column in columns
    )
    columns += (
        Column(
            name, ColumnType.LIST, required=True,
            meaning=LISTED_MEANING.format(column=kind.key, table=kind.table),
            thai=key.thai, separator=VALUE_SEPARATOR,
        )
        for name, (kind, key) in listed.items()
    )  # fmt: skip
    return Table(
        name=ARTICLES, role=Role.ARTICLES, label=ARTICLES, columns=tuple(columns), key=("id",),
        meaning=_entry(ARTICLES).meaning, thai=_thai_titles().get(ARTICLES, ""),
        source=f"{selected} FROM {ARTICLES} t JOIN captures c ON c.id = t.{CAPTURE_ID}",
        order="t.published_on IS NULL, t.published_on, t.id",
        listed=tuple(
            # Rows are stored in the order in which they are found, strongest or first.
            Listed(name, f"{_listed_values(db, kind)} ORDER BY t.article_id, t.rowid")
            for name, (kind, _) in listed.items()
        ),
    )  # fmt: skip


def _listed_values(db: Database, kind: FactKind) -> str:
    """Return the query for a list column's values; people appear by name instead of id."""
    table, key = kind.table, kind.key
    target = _references(db, table).get(key)
    names = {column.name for column in _columns(db, target, {})} if target else set()
    chosen = "WHERE t.article_id IN ({ids})"
    if target and "name" in names:
        (entity_key,) = db.table(target).pks
        joined = f"{table} t JOIN {target} e ON e.{entity_key} = t.{key}"
        return f"SELECT t.article_id, e.name FROM {joined} {chosen}"
    return f"SELECT t.article_id, t.{key} FROM {table} t {chosen}"


def _fact_table(db: Database, name: str, refers: dict[str, str], known: set[str]) -> Table:
    # A second article that a fact refers to, such as a related one, may not be in the export.
    kept = {
        column: target
        for column, target in refers.items()
        if target in known and (target != ARTICLES or column == ARTICLE_ID)
    }
    columns = tuple(_columns(db, name, kept))
    kind = next((kind for kind in KINDS if kind.table == name), None)
    return Table(
        name=name, role=Role.FACTS, label=kind.name if kind else name, columns=columns,
        key=tuple(db.table(name).pks), meaning=_entry(name).meaning,
        thai=_thai_titles().get(name, ""),
        source=f"{', '.join(f't.{c.name}' for c in columns)} FROM {name} t", order="t.rowid",
    )  # fmt: skip


def _entity_table(db: Database, name: str, refers: dict[str, str], known: set[str]) -> Table:
    key = tuple(db.table(name).pks)
    table = _fact_table(db, name, refers, known)
    return replace(table, role=Role.ENTITIES, order=f"t.{key[0]}")


def is_reference_table(name: str) -> bool:
    """Return whether a table is copied from the reference tables, so is exported whole."""
    return name in REFERENCE_TABLES


def _columns(db: Database, table: str, refers: dict[str, str]) -> Iterator[Column]:
    """Yield the columns of a table of the archive."""
    (statement,) = db.execute(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", [table]
    ).fetchone()
    entry = _entry(table)
    for _, name, declared, required, _, key in db.execute(f"PRAGMA table_info('{table}')"):
        kind = _type_of(name, declared, statement)
        yield Column(
            name, kind, bool(required or key), entry.columns.get(name, ""),
            _thai_names().get(name, ""), refers.get(name), LIST_SEPARATORS.get(name, ""),
        )  # fmt: skip


def _type_of(name: str, declared: str, statement: str) -> ColumnType:
    """Infer the type of a column: STRICT tables have neither dates nor booleans."""
    if declared == "INTEGER":
        is_truth = re.search(rf"CHECK \({name} IN \(0, 1\)\)", statement)
        return ColumnType.BOOLEAN if is_truth else ColumnType.INTEGER
    if declared == "REAL":
        return ColumnType.REAL
    if name in LIST_SEPARATORS:
        return ColumnType.LIST
    if f"CHECK ({name} IS date(" in statement:
        return ColumnType.DATE
    return ColumnType.MOMENT if name.endswith("_at") else ColumnType.TEXT


def _entry(table: str) -> TableEntry:
    return dictionary().get(table) or TableEntry("", {})


def _thai_names() -> dict[str, str]:
    return {row["column"]: row["th"] for row in read_table("browse_columns.csv")}


def _thai_titles() -> dict[str, str]:
    return {row["table"]: row["title_th"] for row in read_table("browse_tables.csv")}
