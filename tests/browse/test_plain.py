"""Plain Datasette serves a snapshot with its metadata, without our package."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, urlencode

import pytest
from datasette.utils import parse_metadata
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from scraper.browse.functions import SCALAR
from scraper.browse.metadata import INTERNAL_TABLES, table_settings
from scraper.browse.plain import (
    SHARED_QUERIES,
    metadata_text,
    plain_metadata,
    plain_queries,
    without_functions,
)
from scraper.browse.yaml_text import yaml_text
from scraper.upkeep.snapshot import make_snapshot, metadata_file
from tests.browse.plans import whole_reads
from tests.conftest import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Requests paths in a process without plugins. Our own is installed here, so Datasette is told that
# it is tested: then it loads none.
ASK = """
import asyncio, json, sys
sys._called_from_test = True
from datasette.app import Datasette
from datasette.utils import parse_metadata
file, metadata, paths = json.load(sys.stdin)
site = Datasette([file], metadata=parse_metadata(open(metadata, encoding="utf-8").read()))

async def ask():
    answers = [await site.client.get(path) for path in paths]
    return {path: [answer.status_code, answer.text] for path, answer in zip(paths, answers)}

answers = asyncio.run(ask())
assert not {"scraper", "spiders", "pipelines"} & {name.partition(".")[0] for name in sys.modules}
json.dump(answers, sys.stdout)
"""
# What to ask beside nothing; every one has an answer in the practice archive.
ASKED = {
    "agencies_together": {"since": "2568", "until": "2568", "agency": "dede"},
    "agency_activity": {"since": "2568-09", "until": "2568-09-30", "agency": "กรอ."},
    "articles_naming_a_person": {"name": "ส"},
    "articles_of_a_province": {"province": "Chon Buri"},
    "doubtful_dates": {"flag": "impossible"},
    "events_by_day": {"since": "2024-01", "until": "2568", "province": ""},
    "first_use": {"term": "กระทรวง"},
    "hashtags_of_a_period": {"since": "2568-01-01", "until": "2568"},
    "joint_work": {"since": "2568-01-01", "until": "2568-12-31"},
    "largest_amounts": {"since": "2560", "until": "2025-12-31", "currency": "thb"},
    "laws_by_name": {"name": "พระราชบัญญัติ"},
    "ministry_activity": {"since": "2568-06-01", "until": "2568-06"},
    "money_of_ministries": {"year": "2568", "currency": "THB"},
    "newest_of_a_ministry": {"ministry": "พน."},
    "number_gaps": {"least": "1"},
    "people_of_an_agency": {"agency": "กรอ."},
    "programmes_by_name": {"name": "บ้าน"},
    "quiet_days": {"least": "1"},
    "search_texts": {"term": "กระทรวงอุตสาหกรรม"},
}
# Facts that the practice archive lacks.
FURTHER = """
UPDATE person_mentions SET agency = 'diw' WHERE post IS NOT NULL;
UPDATE contacts SET warned = 1;
"""
NAMES = [query.name for query in plain_queries()]
TABLES = [
    name
    for name, about in table_settings().items()
    if name != "words_by_month" and about.get("allow", True)
]


class Plain(NamedTuple):
    """A snapshot, and what Datasette answered to each path."""

    file: Path
    answers: dict[str, tuple[int, str]]

    def page(self, path: str) -> str:
        """Return the text of a page that was found."""
        status, text = self.answers[path]
        assert status == 200, text
        return text


def query_path(name: str, asked: dict[str, str]) -> str:
    return f"/news/{name}.json?{urlencode({**asked, '_shape': 'array'})}"


def nonsense(name: str) -> dict[str, str]:
    return dict.fromkeys(parameters(sql_of(name)), "\"มั่ว'( OR")


def parameters(sql: str) -> set[str]:
    return set(re.findall(r"(?<!:):([a-z]\w*)", sql))


def sql_of(name: str) -> str:
    return next(query.sql for query in plain_queries() if query.name == name)


THAI_SEARCH = f"_search={quote('กระทรวง')}&_shape=array"
SEARCHES = [f"/news/{name}.json?{THAI_SEARCH}" for name in ("articles", "industry_articles")]
TABLE_PATHS = [f"/news/{name}" for name in TABLES]
QUERY_PAGES = [f"/news/{name}?{urlencode(ASKED.get(name, {}))}" for name in NAMES]
QUERY_PATHS = [
    query_path(name, asked) for name in NAMES for asked in ({}, ASKED.get(name, {}), nonsense(name))
]


@pytest.fixture(scope="module")
def plain(practice_db: Path, tmp_path_factory: pytest.TempPathFactory) -> Plain:
    folder = tmp_path_factory.mktemp("plain")
    archive, out = folder / "thaigov.db", folder / "news.db"
    shutil.copy(practice_db, archive)
    with closing(sqlite3.connect(archive)) as connection:
        connection.executescript(FURTHER)
    file = make_snapshot(archive, out, metadata_text)
    paths = ["/", "/news", "/news/articles/1", *SEARCHES, *TABLE_PATHS, *QUERY_PAGES, *QUERY_PATHS]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ASK],
        input=json.dumps([str(file), str(metadata_file(file)), paths]),
        capture_output=True, text=True, check=False, cwd=out.parent,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return Plain(file, json.loads(done.stdout))


@pytest.fixture
def connection(plain: Plain) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(plain.file)) as connection:
        yield connection


def test_the_file_is_the_metadata() -> None:
    for database in ("news", "news.2026", "on", "ข่าว"):
        assert parse_metadata(metadata_text(database)) == plain_metadata(database)


def test_every_table_view_and_column_is_described(connection: sqlite3.Connection) -> None:
    tables = plain_metadata("news")["databases"]["news"]["tables"]
    for (name,) in connection.execute(
        "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
    ).fetchall():
        if name in INTERNAL_TABLES or name.startswith(
            (
                "sqlite_",
                "articles_fts",
                "article_words_",
                "article_revisions_fts",
                "attachment_texts_fts",
            )
        ):
            continue
        columns = {row[1] for row in connection.execute(f"PRAGMA table_info({name})")}
        assert set(tables[name]["columns"]) == columns, name
        assert tables[name]["title"]
        assert tables[name]["description"]
        assert set(tables[name].get("units", ())) <= columns
        assert not {"shown"} & set(tables[name])


def test_every_table_has_a_page_with_its_descriptions(plain: Plain) -> None:
    for name, path in zip(TABLES, TABLE_PATHS, strict=True):
        assert escape(table_settings()[name]["title"]) in plain.page(path)
    assert "ข่าว · Articles" in plain.page("/news/articles")
    assert "หัวข้อ · headline" in plain.page("/news/articles")
    assert "คลังข่าวรัฐบาลไทย" in plain.page("/")
    assert plain.page("/news/articles/1")


def test_internal_tables_are_hidden(plain: Plain) -> None:
    shown, _, _ = plain.page("/news").partition("hidden table")
    assert 'href="/news/articles"' in shown
    assert not [name for name in INTERNAL_TABLES if f'href="/news/{name}"' in shown]


def test_units_are_shown(plain: Plain) -> None:
    assert re.search(r"\d&nbsp;B<", plain.page("/news/captures"))


def test_search_boxes_find_thai(plain: Plain) -> None:
    for name in ("articles", "industry_articles"):
        assert 'name="_search"' in plain.page(f"/news/{name}")
    for path in SEARCHES:
        rows = json.loads(plain.page(path))
        assert rows
        assert all("กระทรวง" in f"{row['title']}{row['lead']}{row['body']}" for row in rows)


def test_queries_have_their_own_names_and_describe_their_parameters(
    connection: sqlite3.Connection,
) -> None:
    tables = connection.execute("SELECT tbl_name FROM sqlite_master").fetchall()
    assert not {name for (name,) in tables} & set(
        NAMES
    )  # Datasette would show the query for the table
    assert set(SHARED_QUERIES) <= set(NAMES)
    page = (REPOSITORY / "docs" / "publish.md").read_text("utf-8")
    assert f"{len(NAMES)} canned queries" in page
    for query in plain_queries():
        assert parameters(query.sql) == set(ASKED.get(query.name, {})), query.name
        assert re.fullmatch(r"[^a-z]+ · [A-Z].+", query.title), query.title
        assert len(query.description) > 40
        for name in parameters(query.sql):
            assert name in query.description, query.name
            assert name in query.description_th, query.name


@pytest.mark.parametrize("name", NAMES)
def test_query_answers_with_and_without_parameters(plain: Plain, name: str) -> None:
    asked = ASKED.get(name, {})
    for given_ in ({}, asked):
        rows = json.loads(plain.page(query_path(name, given_)))
        assert isinstance(rows, list)
        assert rows, (name, given_)
    assert isinstance(json.loads(plain.page(query_path(name, nonsense(name)))), list)
    title = next(query.title for query in plain_queries() if query.name == name)
    assert title in plain.page(f"/news/{name}?{urlencode(asked)}")


@pytest.mark.parametrize("name", NAMES)
def test_query_needs_none_of_our_functions_and_scans_no_texts(
    connection: sqlite3.Connection, name: str
) -> None:
    sql = sql_of(name)
    assert not [function for function in (*SCALAR, "word_counts") if f"{function}(" in sql]
    assert whole_reads(connection, sql, dict.fromkeys(parameters(sql), "")) == []


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("2568", "2025", "2025~"),
        ("2568-02", "2025-02", "2025-02~"),
        ("2568-02-03", "2025-02-03", "2025-02-03~"),
        ("2025-02-03", "2025-02-03", "2025-02-03~"),
        ("", None, None),
        (None, None, None),
    ],
)
def test_typed_dates_are_of_either_era(
    typed: str | None, first: str | None, last: str | None
) -> None:
    sql = without_functions("SELECT iso_date(:day), iso_end(:day)")
    with closing(sqlite3.connect(":memory:")) as connection:
        assert connection.execute(sql, {"day": typed}).fetchone() == (first, last)


def test_columns_with_thai_dates_are_left_out() -> None:
    sql = "SELECT a, thai_date(date(b, '+1 day')) AS c, thai_date(d) AS e, f FROM t"
    assert without_functions(sql) == "SELECT a, f FROM t"


texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    texts | st.integers() | st.booleans() | st.lists(texts),
    lambda inner: st.dictionaries(texts.filter(lambda key: len(key) < 100), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["title", "on", "a b", "ข่าว", "é:"]), values, min_size=1))
def test_yaml_survives_a_round_trip(value: dict[str, Any]) -> None:
    assert parse_metadata(yaml_text(value)) == value


@given(st.text("\n #:-\tก\"'a\u2028\x85\ufeff"))
def test_texts_of_several_lines_are_read_back(text: str) -> None:
    assert parse_metadata(yaml_text({"sql": {"q": text}})) == {"sql": {"q": text}}
