"""The metadata matches the tables."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from scraper.archive.watch_tables import PRIVATE_TABLES
from scraper.browse.functions import register
from scraper.browse.metadata import INTERNAL_TABLES, canned_queries, metadata, table_settings
from scraper.browse.template import COLUMNS, LABELS, label, thai_name
from scraper.dictionary import dictionary
from scraper.model import Origin
from scraper.upkeep.verify.tables import TEXT_INDEXES

if TYPE_CHECKING:
    from sqlite_utils import Database

    from tests.browse.conftest import Site

# No column of theirs has values that many rows share, or counting them would read the texts.
UNCOUNTED = {
    "ministries", "article_words", "industry_articles", "duplicates", "possible_reuse", "people",
    "people_seen", "words_by_month", "watches", "watch_seen", "attachment_files",
    "attachment_texts",
}  # fmt: skip


def plumbing(name: str) -> bool:
    return name in INTERNAL_TABLES or name.startswith(TEXT_INDEXES)


def test_every_table_and_view_is_described(archive: Database) -> None:
    names = [*archive.table_names(), *archive.view_names()]
    assert {name for name in names if not plumbing(name)} == set(table_settings())
    for entry in dictionary().values():
        assert re.fullmatch("[A-Z].+[.:]", entry.meaning), entry
        assert all(meaning and "`" not in meaning for meaning in entry.columns.values())


def test_sort_label_and_facets_are_indexed_columns(archive: Database) -> None:
    for name, about in table_settings().items():
        columns = {column.name for column in archive[name].columns}
        named = [about.get("sort"), about.get("sort_desc"), about.get("label_column")]
        assert {*filter(None, named), *about["facets"], *about["shown"]} <= columns
        assert " · " in about["title"]
        if order := about.get("sort_desc") or about.get("sort"):
            plan = archive.execute(f"EXPLAIN QUERY PLAN SELECT * FROM {name} ORDER BY {order}")
            assert "TEMP B-TREE" not in str(plan.fetchall()), name


def test_every_column_and_parameter_has_a_thai_name(archive: Database) -> None:
    register(archive.conn)
    names = {column for entry in dictionary().values() for column in entry.columns}
    for query in canned_queries():
        parameters = dict.fromkeys(re.findall(r"(?<!:):([a-z]\w*)", query.sql), "")
        answer = archive.conn.execute(query.sql, parameters)
        names |= {*parameters, *(column[0] for column in answer.description)}
    for view in archive.view_names():
        names |= {column.name for column in archive[view].columns}
    assert {name for name in names if not thai_name(name)} == set()
    assert set(COLUMNS) - names == set()


def test_visible_tables_are_sorted_and_counted(archive: Database) -> None:
    for name in archive.table_names():
        about = table_settings().get(name, {"hidden": True})
        assert about["hidden"] or about.get("sort") or about.get("sort_desc"), name
    uncounted = {name for name, about in table_settings().items() if not about["facets"]}
    assert uncounted == UNCOUNTED


def test_internal_tables_are_hidden(practice: Site, archive: Database) -> None:
    shown = {
        table["name"]
        for table in practice.get("/thaigov.json").json()["tables"]
        if not table["hidden"]
    }
    listed = {name for name, about in table_settings().items() if not about["hidden"]}
    assert shown == listed - set(archive.view_names())


def test_private_tables_are_never_served(practice: Site) -> None:
    for table in PRIVATE_TABLES:
        assert practice.get(f"/thaigov/{table}.json").status_code == HTTPStatus.FORBIDDEN
        assert f"/thaigov/{table}" not in practice.page("/thaigov")


def test_datasette_shows_the_dictionary(practice: Site) -> None:
    page = practice.page("/thaigov/articles")
    assert dictionary()["articles"].columns["gone_at"] in page
    assert metadata("thaigov")["title"] in practice.get("/-/metadata.json").json()["title"]


def test_the_list_has_all_visible_tables(practice: Site, archive: Database) -> None:
    page = practice.page("/-/tables")
    for name, about in table_settings().items():
        assert (f"<code>{name}</code>" in page) == (not about["hidden"])
    assert f"{archive.table('articles').count:,} แถว" in page


def test_values_have_display_names() -> None:
    assert {value for kind, value in LABELS if kind == "source"} == {str(o) for o in Origin}
    assert label("ministry", "industry") == "กระทรวงอุตสาหกรรม"
    assert label("ministry", "industry", "en") == "Ministry of Industry"
    assert label("source", "<b>") == "<b>"
