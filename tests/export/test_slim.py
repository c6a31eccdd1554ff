"""The slim database equals the archive, is small, and plain Datasette serves it."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from scraper.export.selection import ExportQuery
from tests.browse.chromium import needs_chromium, started
from tests.export.sample import export, sql
from tests.peers import free_port, wait_for


@pytest.fixture(scope="module")
def slim(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export(sample, "sqlite", tmp_path_factory.mktemp("slim") / "news.db").path


def test_rows_equal_those_of_the_archive(sample: Path, slim: Path) -> None:
    tables = [name for (name,) in sql(slim, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    assert {"articles", "date_mentions", "people", "provinces", "events"} <= set(tables)
    assert not {"captures", "article_words", "articles_fts", "runs"} & set(tables)
    for table in (t for t in tables if not t.startswith("sqlite_")):
        names = [row[1] for row in sql(slim, f"PRAGMA table_info({table})")]
        if table == "articles":
            names = [name for name in names if name not in {"fetched_at", "origin", "digest"}]
        columns = ", ".join(names)
        copied = sql(slim, f"SELECT {columns} FROM {table}")
        stored = sql(sample, f"SELECT {columns} FROM {table}")
        assert sorted(copied, key=repr) == sorted(stored, key=repr), table


def test_nothing_is_stored_twice_and_nothing_else_is_left_out(sample: Path, slim: Path) -> None:
    def columns(db: Path, table: str) -> set[str]:
        return {row[1] for row in sql(db, f"PRAGMA table_info({table})")}

    tables = [name for (name,) in sql(slim, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    left_out = {
        (table, column)
        for table in tables
        if not table.startswith("sqlite_")
        for column in columns(sample, table) - columns(slim, table)
    }
    assert left_out == {("article_agencies", "evidence"), ("articles", "capture_id")}


def test_it_is_sound_and_needs_nothing_of_ours(slim: Path) -> None:
    with closing(sqlite3.connect(slim)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        (statements,) = connection.execute("SELECT group_concat(sql) FROM sqlite_master").fetchone()
    assert "fts5" not in statements


def test_a_choice_of_articles_keeps_their_facts_only(sample: Path, tmp_path: Path) -> None:
    out = export(sample, "sqlite", tmp_path / "news.db", ExportQuery(numbers=(5, 5))).path
    assert sql(out, "SELECT site_id FROM articles") == [(5,)]
    assert sql(out, "SELECT name FROM people") == [("สมหมาย อื่นใด",)]
    assert sql(out, "SELECT count(*) FROM money_mentions") == [(0,)]
    assert sql(out, "PRAGMA foreign_key_check") == []


@needs_chromium
def test_plain_datasette_shows_it_in_a_browser(slim: Path) -> None:
    port = free_port()
    program = Path(sys.executable).with_name("datasette")
    server = subprocess.Popen(
        [program, slim, "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(port)
        with started() as browser:
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{port}/news/person_mentions?_labels=on")
            page.get_by_role("link", name="สมมติ ใจดี").first.click()
            assert "สมมติ ใจดี" in page.inner_text("table")
            page.goto(f"http://127.0.0.1:{port}/news/articles?_facet=ministry&_sort=published_on")
            shown = page.inner_text("body")
            assert "โรงงานสีเขียวเปิดใหม่" in shown
            assert "4 rows" in shown
    finally:
        server.terminate()
        server.wait()


def test_plain_datasette_serves_it(slim: Path) -> None:
    def get(path: str) -> str:
        # In its own process: this one may have our plugin.
        done = subprocess.run(
            [Path(sys.executable).with_name("datasette"), slim, "--get", path],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout

    rows = json.loads(get("/news/articles.json?_shape=objects&_sort=site_id"))["rows"]
    assert [article["site_id"] for article in rows] == [3, 5, 7, 9]
    person = get("/news/people/1")
    assert "สมมติ ใจดี" in person
    assert "person_mentions" in person  # Datasette follows the foreign keys
