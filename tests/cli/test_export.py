"""``thaigov export`` as a user calls it."""

from __future__ import annotations

import json
import signal
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from scraper.cli import main
from scraper.cli.export import export
from scraper.cli.search import search
from scraper.practice.site.still import PracticeSite
from tests.commands import start, thaigov, thaigov_json
from tests.practice_corpus import write_corpus

if TYPE_CHECKING:
    from pathlib import Path

SITE = PracticeSite(60)


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    write_corpus(SITE, folder / "corpus")
    thaigov("import", "corpus", folder / "corpus", "--db", folder / "news.db", "--workers", "1")
    return folder / "news.db"


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_an_export_is_reported(db: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    done = thaigov("export", "jsonl", out, "--db", db)
    assert done.stdout.startswith(f"{out}: ")
    assert " articles of 20" in done.stdout
    assert done.stdout.endswith(f"Manifest: {out}.manifest.json\n")
    answer = thaigov_json("export", "jsonl", out, "--force", "--db", db)
    assert answer["out"] == str(out)
    assert answer["articles"] == len(out.read_text(encoding="utf-8").splitlines())
    assert (answer["files"], answer["bytes"]) == (1, out.stat().st_size)


def test_its_filters_are_those_of_search(db: Path, tmp_path: Path) -> None:
    words: list[str | Path] = ["กรม", "--ministry", "industry", "--since", "2560", "--db", db]
    found = thaigov_json("search", *words, "--limit", "1000")
    made = thaigov_json("export", "jsonl", tmp_path / "out", "--query", *words)
    assert made["articles"] == found["total"] > 0
    assert made["query"] == {"query": "กรม", "ministry": "industry", "since": "2017-01-01"}
    urls = {hit["url"] for hit in found["hits"]}
    lines = (tmp_path / "out").read_text(encoding="utf-8").splitlines()
    assert {json.loads(line)["url"] for line in lines} == urls


def test_a_new_filter_of_search_is_one_of_export() -> None:
    offered = {parameter.name for parameter in export.params}
    own = {"form", "out", "query", "numbers", "excel", "force", "on_failure", "db", "as_json"}
    other = {"query", "attachments", "versions", "by_date", "limit", "offset", "db", "as_json"}
    assert offered - own == {parameter.name for parameter in search.params} - other
    opts = {parameter.name: parameter.opts for parameter in export.params}
    assert (opts["since"], opts["until"]) == (["--since", "--from"], ["--until", "--to"])
    assert "--from" not in next(p.opts for p in search.params if p.name == "since")


BAD = [
    ("export docx OUT", 2, "'docx' is not one of 'jsonl', 'csv', 'parquet'"),
    ("export jsonl", 2, "Missing argument 'OUT'"),
    ("export jsonl OUT --query=", 2, "the query is empty"),
    ("export jsonl OUT --query ไม่มีคำนี้เลย", 1, "no article matches the filters"),
    ("export jsonl OUT --ministry nothing", 2, "'nothing' is not a ministry"),
    ("export jsonl OUT --agency nothing", 2, "is not an agency"),
    ("export jsonl OUT --numbers 9-1", 2, "is not a range"),
    ("export jsonl OUT --from yesterday", 2, "is not a date"),
    ("export xlsx OUT --excel", 2, "--excel is only for csv"),
    ("export jsonl OUT/none/out", 1, "no such folder"),
    ("export ics OUT --query กรม --to 2500", 1, "no article matches"),
]


@pytest.mark.parametrize(("words", "code", "says"), BAD, ids=[words for words, *_ in BAD])
def test_bad_input_ends_with_a_sentence_and_leaves_nothing(
    db: Path, tmp_path: Path, words: str, code: int, says: str
) -> None:
    arguments = [word.replace("OUT", str(tmp_path / "out")) for word in words.split()]
    done = thaigov(*arguments, "--db", db, expect=code)
    assert says in done.stderr
    assert names(tmp_path) == set()


def test_what_exists_is_kept(db: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.write_text("mine")
    assert "exists" in thaigov("export", "jsonl", out, "--db", db, expect=1).stderr
    done = thaigov("export", "jsonl", out, "--force", "--db", db, expect=1)
    assert "is not an export that --force may replace" in done.stderr
    assert (names(tmp_path), out.read_text()) == ({"out"}, "mine")
    missing = thaigov("export", "jsonl", tmp_path / "two", "--db", tmp_path / "no.db", expect=1)
    assert "no archive there" in missing.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_leaves_nothing(db: Path, tmp_path: Path, number: int) -> None:
    large = tmp_path / "large.db"
    with closing(sqlite3.connect(db)) as connection:
        connection.execute("VACUUM INTO ?", [str(large)])
    with closing(sqlite3.connect(large, isolation_level=None)) as connection:
        # A thousand times the texts, so that there is time for a signal.
        for name in ("articles_fts_update", "article_words_fts_update"):
            connection.execute(f"DROP TRIGGER IF EXISTS {name}")
        connection.execute(
            "UPDATE articles SET body = replace(printf('%.*c', 1000, 'x'), 'x', body)"
        )
    folder = tmp_path / "here"
    folder.mkdir()
    running = start("export", "jsonl", folder / "out", "--db", large)
    deadline = time.monotonic() + 60
    while not list(folder.glob(".out.making/out")) and time.monotonic() < deadline:
        time.sleep(0.01)
    running.send_signal(number)
    assert running.wait(60) == 1
    assert names(folder) == set()


def test_the_formats_are_in_the_help() -> None:
    text = CliRunner().invoke(main, ["export", "--help"]).output
    for name in ("jsonl", "parquet", "wacz"):
        assert f"  {name} " in text
