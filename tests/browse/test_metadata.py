"""What Datasette is told of the tables is true of the tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.browse.dictionary import dictionary
from scraper.browse.metadata import PLUMBING, metadata, tables
from scraper.browse.template import LABELS, label
from scraper.model import Origin

if TYPE_CHECKING:
    from sqlite_utils import Database

    from tests.browse.conftest import Site


def plumbing(name: str) -> bool:
    return name in PLUMBING or name.startswith(("articles_fts", "article_words_fts"))


def test_every_table_view_and_column_is_described(archive: Database) -> None:
    names = [*archive.table_names(), *archive.view_names()]
    assert {name for name in names if not plumbing(name)} == set(tables())
    for name in archive.table_names():
        if not plumbing(name):
            columns = [column.name for column in archive.table(name).columns]
            assert list(dictionary()[name].columns) == columns
    for entry in dictionary().values():
        assert re.fullmatch("[A-Z].+[.:]", entry.meaning), entry
        assert all(meaning and "`" not in meaning for meaning in entry.columns.values())


def test_order_labels_and_facets_name_columns_and_use_indexes(archive: Database) -> None:
    for name, about in tables().items():
        columns = set(dictionary()[name].columns)
        named = [about.get("sort"), about.get("sort_desc"), about.get("label_column")]
        assert {*filter(None, named), *about["facets"], *about["shown"]} <= columns
        assert " · " in about["title"]
        if order := about.get("sort_desc") or about.get("sort"):
            plan = archive.execute(f"EXPLAIN QUERY PLAN SELECT * FROM {name} ORDER BY {order}")
            assert "TEMP B-TREE" not in str(plan.fetchall()), name


def test_plumbing_is_hidden(practice: Site, archive: Database) -> None:
    shown = {
        table["name"]
        for table in practice.get("/thaigov.json").json()["tables"]
        if not table["hidden"]
    }
    listed = {name for name, about in tables().items() if not about["hidden"]}
    assert shown == listed - set(archive.view_names())


def test_datasette_shows_the_dictionary(practice: Site) -> None:
    page = practice.page("/thaigov/articles")
    assert dictionary()["articles"].columns["gone_at"] in page
    assert metadata("thaigov")["title"] in practice.get("/-/metadata.json").json()["title"]


def test_the_list_names_all_that_are_not_hidden(practice: Site, archive: Database) -> None:
    page = practice.page("/-/tables")
    for name, about in tables().items():
        assert (f"<code>{name}</code>" in page) == (not about["hidden"])
    assert f"· {archive.table('articles').count:,}" in page


def test_values_have_names_for_people() -> None:
    assert {value for kind, value in LABELS if kind == "source"} == {str(o) for o in Origin}
    assert label("ministry", "industry") == "กระทรวงอุตสาหกรรม"
    assert label("ministry", "industry", "en") == "Ministry of Industry"
    assert label("source", "<b>") == "<b>"
