"""The tables of an export follow from the schema."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from scraper.archive.database import open_for_reading
from scraper.archive.fact_tables import FACT_TABLES
from scraper.export.model import ColumnType, Role, Table
from scraper.export.selection import ExportQuery, Selection
from scraper.export.tables import exported_tables
from scraper.facts import KINDS
from tests.export.sample import export, sql

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def tables(sample: Path) -> Iterator[dict[str, Table]]:
    with open_for_reading(sample) as db:
        yield {table.name: table for table in exported_tables(db)}


def test_every_kind_and_what_it_refers_to_is_exported(tables: dict[str, Table]) -> None:
    declared = {kind.table for kind in KINDS}
    created = {statement.split()[2] for statement in FACT_TABLES if "CREATE TABLE" in statement}
    assert tables.keys() >= {"articles", *declared, *created, "ministries", "agencies"}
    assert not tables.keys() & {"article_words", "article_revisions", "captures", "runs"}
    roles = {role: [t.name for t in tables.values() if t.role is role] for role in Role}
    assert roles[Role.ARTICLES] == ["articles"]
    assert set(roles[Role.ENTITIES]) == {
        "agencies", "attachment_texts", "districts", "ministries", "people", "provinces",
    }  # fmt: skip
    assert [tables[kind.table].label for kind in KINDS] == [kind.name for kind in KINDS]


def test_columns_have_types_and_descriptions(tables: dict[str, Table]) -> None:
    types = {f"{t.name}.{c.name}": c.type for t in tables.values() for c in t.columns}
    assert types["articles.published_on"] is ColumnType.DATE
    assert types["articles.fetched_at"] is ColumnType.MOMENT
    assert types["articles.ministries"] is ColumnType.LIST
    assert types["date_mentions.inferred"] is ColumnType.BOOLEAN
    assert types["date_mentions.flags"] is ColumnType.LIST
    assert types["date_mentions.start_time"] is ColumnType.TEXT
    assert types["article_ministries.score"] is ColumnType.REAL
    assert types["money_mentions.approximate"] is ColumnType.BOOLEAN
    missing = [f"{t.name}.{c.name}" for t in tables.values() for c in t.columns if not c.meaning]
    assert missing == []
    assert [t.name for t in tables.values() if not t.thai] == []
    refers = {c.name: c.refers for c in tables["person_mentions"].columns if c.refers}
    assert refers == {"article_id": "articles", "person": "people", "agency": "agencies"}
    assert tables["person_mentions"].key == ("article_id", "field", "position")


def test_typed_values_and_cells_are_inverse(tables: dict[str, Table]) -> None:
    table = tables["date_mentions"]
    stored = (1, 2, "body", "x", None, None, None, None, "day", 1, "far impossible")
    typed = table.typed(stored)
    assert typed[-2:] == (True, ("far", "impossible"))
    assert table.flat(typed) == stored
    assert table.flat(table.typed((*stored[:-1], ""))) == (*stored[:-1], "")


def test_a_new_table_of_facts_is_exported_without_a_change(sample: Path, tmp_path: Path) -> None:
    db = tmp_path / "news.db"
    shutil.copy(sample, db)
    with closing(sqlite3.connect(db)) as connection, connection:
        connection.execute("CREATE TABLE moods (slug TEXT PRIMARY KEY, name TEXT) STRICT")
        connection.execute(
            "CREATE TABLE shouts (article_id INTEGER NOT NULL REFERENCES articles(id), "
            "loud INTEGER NOT NULL CHECK (loud IN (0, 1)), mood TEXT REFERENCES moods(slug), "
            "other_id INTEGER REFERENCES articles(id), PRIMARY KEY (article_id, mood)) STRICT"
        )
        connection.execute("INSERT INTO moods VALUES ('glad', 'ดีใจ'), ('sad', 'เสียใจ')")
        connection.execute("INSERT INTO shouts VALUES (2, 1, 'glad', 1)")
    for form in ("csv", "parquet", "xlsx", "sqlite", "jsonl", "huggingface"):
        made = export(db, form, tmp_path / form)
        assert made.manifest["tables"]["shouts"] == 1
        if form != "jsonl":
            assert made.manifest["tables"]["moods"] == 1  # the other is not referred to
    assert sql(tmp_path / "sqlite", "SELECT * FROM shouts") == [(2, 1, "glad", 1)]
    some = ExportQuery(numbers=(3, 3))
    out = export(db, "sqlite", tmp_path / "some", some).path
    assert sql(out, "SELECT article_id, other_id FROM shouts") == [(2, 1)]
    assert sql(out, "PRAGMA foreign_key_check") == []


def test_people_are_named_in_lists(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace  # noqa: PLC0415

    from scraper.export import tables as module  # noqa: PLC0415

    people = replace(KINDS[0], name="people", table="person_mentions", columns=("field", "person"),
                     key="person", filter="person", order="n.name")  # fmt: skip
    monkeypatch.setattr(module, "KINDS", (*KINDS, people))
    with open_for_reading(sample) as db:
        selection = Selection(db, ExportQuery())
        (batch, *_) = selection.batches()
        listed = {a["site_id"]: a["people"] for a in selection.article_rows(batch)}
    assert listed[5] == ("สมหมาย อื่นใด",)
