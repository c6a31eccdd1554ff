"""The commands as a user runs them, on archives that the commands made."""

from __future__ import annotations

import json
import shlex
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from typing import TYPE_CHECKING, Any

import click
import pytest

from scraper.archive.lock import WriterLock
from scraper.cli.options import ChoiceType
from scraper.practice.site.still import PracticeSite
from tests.archive_dump import assert_sound, content
from tests.commands import ENVIRONMENT, thaigov, thaigov_json
from tests.factories import make_corpus_file
from tests.practice_corpus import write_corpus

if TYPE_CHECKING:
    from pathlib import Path

SITE = PracticeSite(size=40)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    write_corpus(SITE, folder)
    return folder


@pytest.fixture(scope="module")
def archive(corpus: Path) -> Path:
    db = corpus.parent / "imported" / "thaigov.db"
    thaigov("import", "corpus", corpus, "--db", db)
    return db


def row(db: Path, sql: str) -> tuple[Any, ...]:
    with closing(sqlite3.connect(db)) as connection:
        (found,) = connection.execute(sql)
    return tuple(found)


def test_import_stores_every_file_once(corpus: Path, tmp_path: Path) -> None:
    db = tmp_path / "thaigov.db"
    first = thaigov_json("import", "corpus", corpus, "--db", db)
    assert (first["outcome"], first["captures"], first["new"]) == ("done", 40, 40)
    before = content(db)
    again = thaigov_json("import", "corpus", corpus, "--db", db)
    assert (again["captures"], again["unchanged"]) == (0, 40)
    assert content(db) == before
    assert_sound(db)


def test_zip_and_tarball_give_the_same_articles_as_a_folder(
    corpus: Path, archive: Path, tmp_path: Path
) -> None:
    zipped, tarred = tmp_path / "corpus.zip", tmp_path / "corpus.tar.gz"
    with zipfile.ZipFile(zipped, "w") as file:
        for path in sorted(corpus.rglob("*.txt")):
            file.write(path, path.relative_to(corpus))
    subprocess.run(["tar", "czf", tarred, "-C", corpus, "data"], check=True)
    for packed in (zipped, tarred):
        db = tmp_path / packed.stem / "thaigov.db"
        thaigov("import", "corpus", packed, "--db", db, "--workers", "1")
        assert content(db)["articles"] == content(archive)["articles"]


def test_an_unreadable_file_is_named_and_the_rest_imported(corpus: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.tar.gz"
    subprocess.run(["tar", "czf", broken, "-C", corpus, "data"], check=True)
    broken.write_bytes(broken.read_bytes()[:-500])
    db = tmp_path / "thaigov.db"
    done = thaigov("import", "corpus", broken, corpus, "--db", db, expect=3)
    assert str(broken) in done.stderr
    assert row(db, "SELECT count(*) FROM articles") == (40,)
    assert row(db, "SELECT outcome, exit_code FROM runs") == ("unmet", 3)
    assert str(broken) in row(db, "SELECT detail FROM problems WHERE stage = 'import'")[0]
    assert "does not exist" in thaigov("import", "corpus", "/no/where", expect=2).stderr


def test_industry_scope_of_an_import(corpus: Path, archive: Path, tmp_path: Path) -> None:
    db = tmp_path / "thaigov.db"
    run = thaigov_json("import", "corpus", corpus, "--scope", "industry", "--db", db)
    (industry,) = row(archive, "SELECT count(*) FROM industry_articles")
    assert (run["new"], run["out_of_scope"]) == (industry, 40 - industry)
    wider = thaigov_json("import", "corpus", corpus, "--scope", "all", "--db", db)
    assert (wider["captures"], wider["new"]) == (0, 40 - industry)
    assert content(db)["articles"] == content(archive)["articles"]


def test_search_as_text_and_as_json(archive: Path) -> None:
    title = row(archive, "SELECT title FROM articles WHERE length(title) > 30 LIMIT 1")[0]
    piece = title[5:20].strip()
    printed = thaigov("search", f'"{piece}"', "--db", archive).stdout
    assert f"[{piece}]" in printed
    assert " found, 1-" in printed
    found = thaigov_json("search", f'"{piece}"', "--db", archive)
    assert found["total"] >= 1
    assert title in [hit["title"]["text"] for hit in found["hits"]]
    years = [
        thaigov_json("search", "จังหวัด", "--since", since, "--db", archive)["total"]
        for since in ("2025-01-01", "2568-01-01")
    ]
    assert years[0] == years[1]


def test_search_by_agency(tmp_path: Path) -> None:
    db = tmp_path / "a.db"
    sentences = ("กรมโรงงานอุตสาหกรรม (กรอ.) ชวนเที่ยวโรงงาน", "โรงงานเปิดให้ชม")
    for number, sentence in enumerate(sentences, 1):
        capture = make_corpus_file(number, sentence)
        path = tmp_path / str(capture.source)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(capture.body)
    thaigov("import", "corpus", tmp_path / "data", "--db", db)
    assert thaigov_json("search", "โรงงาน", "--db", db)["total"] == 2
    (hit,) = thaigov_json("search", "โรงงาน", "--agency", "กรอ.", "--db", db)["hits"]
    assert hit["site_id"] == 1
    assert "diw ×2 กรมโรงงานอุตสาหกรรม: opening: " in thaigov("show", "1", "--db", db).stdout


def test_search_by_province_and_the_event_that_is_shown(tmp_path: Path) -> None:
    db = tmp_path / "a.db"
    sentences = ("นายสมใจ ใจดี เปิดงานเมฆ ณ อำเภอศรีราชา", "ฝนตกที่จังหวัดเลย")
    for number, sentence in enumerate(sentences, 1):
        capture = make_corpus_file(number, sentence)
        path = tmp_path / str(capture.source)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(capture.body)
    thaigov("import", "corpus", tmp_path / "data", "--db", db)
    for province, number in (("Chonburi", 1), ("จ.เลย", 2)):
        (hit,) = thaigov_json("search", "2568", "--province", province, "--db", db)["hits"]
        assert hit["site_id"] == number
    shown = thaigov("show", "1", "--db", db).stdout
    assert "อำเภอศรีราชา = district ศรีราชา, TH-20" in shown
    assert "2025-08-20, อำเภอศรีราชา, ชลบุรี, สมใจ ใจดี (0.5)" in shown


def test_several_choices_exclusions_and_none(tmp_path: Path) -> None:
    db = tmp_path / "a.db"
    sentences = ("นายสมใจ ใจดี ไปจังหวัดเลย", "นางสาวมานี ขยันยิ่ง ไปจังหวัดตาก", "ฝนตก")
    for number, sentence in enumerate(sentences, 1):
        path = tmp_path / str(make_corpus_file(number, sentence).source)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(make_corpus_file(number, sentence).body)
    thaigov("import", "corpus", tmp_path / "data", "--db", db)

    def found(*options: str) -> list[int]:
        hits = thaigov_json("search", "2568", *options, "--by-date", "--db", db)["hits"]
        return sorted(hit["site_id"] for hit in hits)

    assert found("--province", "เลย", "--province", "ตาก") == [1, 2]
    assert found("--province", "เลย", "--province", "none") == [1, 3]
    assert found("--not-person", "สมใจ ใจดี") == [2, 3]
    assert found("--not-province", "none", "--not-province", "Loei") == [2]


def test_an_unknown_province_is_rejected() -> None:
    assert ChoiceType("province").convert("โคราช", None, None) == "TH-30"
    with pytest.raises(click.BadParameter, match="is not a province"):
        ChoiceType("province").convert("แอตแลนติส", None, None)


@pytest.mark.parametrize(
    "name", ["diw", "กรอ.", "กรมโรงงานอุตสาหกรรม", "department of industrial works"]
)
def test_an_agency_can_be_given_by_any_of_its_names(name: str) -> None:
    assert ChoiceType("agency").convert(name, None, None) == "diw"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("กรมเมฆ", "is not an agency"),
        ("กพร.", "may be dpim .+ or skill-development .+ use the slug"),
    ],
)
def test_an_unknown_or_ambiguous_agency_is_rejected(name: str, message: str) -> None:
    with pytest.raises(click.BadParameter, match=message):
        ChoiceType("agency").convert(name, None, None)


@pytest.mark.parametrize("query", ['"ไม่ปิด', "AND", "(", "…", "– ! &"])
def test_every_string_is_a_query(archive: Path, query: str) -> None:
    assert "found" in thaigov("search", query, "--db", archive).stdout


def test_an_empty_query_is_a_usage_error(archive: Path) -> None:
    assert "the query is empty" in thaigov("search", "", "--db", archive, expect=2).stderr


def test_show_by_number_and_by_any_address(archive: Path) -> None:
    number, url = row(archive, "SELECT site_id, url FROM articles ORDER BY id LIMIT 1")
    shown = [
        thaigov_json("show", address, "--db", archive)
        for address in (
            str(number),
            url,
            url.replace("https", "http").replace("details", "ministry_details"),
        )
    ]
    assert shown[0] == shown[1] == shown[2]
    assert {"title", "dates", "ministries", "captures", "revisions"} <= set(shown[0])
    assert shown[0]["title"] in thaigov("show", url, "--db", archive).stdout
    assert "has no article 999999" in thaigov("show", "999999", "--db", archive, expect=1).stderr


def test_status(archive: Path) -> None:
    assert "practice" in thaigov("status", "--db", archive).stdout
    answers = thaigov_json("status", "--db", archive)
    assert answers["articles"][0]["articles"] == 40
    assert answers["runs"][0]["outcome"] == "done"


def test_a_missing_archive_and_a_file_that_is_not_a_database(tmp_path: Path) -> None:
    assert "no archive there" in thaigov("status", "--db", tmp_path / "x.db", expect=1).stderr
    (tmp_path / "x.db").write_text("no database " * 999)
    assert "not a usable SQLite" in thaigov("status", "--db", tmp_path / "x.db", expect=1).stderr


def test_a_held_lock_is_exit_code_5(corpus: Path, tmp_path: Path) -> None:
    db = tmp_path / "thaigov.db"
    lock = WriterLock(db)
    done = thaigov("import", "corpus", corpus, "--db", db, expect=5)
    lock.release()
    assert "another run is writing to it (process " in done.stderr


def test_the_environment_names_the_archive(archive: Path) -> None:
    printed = thaigov("status", "--json", THAIGOV_DB=str(archive)).stdout
    assert json.loads(printed)["db"] == str(archive)


def test_demo(tmp_path: Path) -> None:
    db = tmp_path / "demo" / "thaigov.db"
    printed = thaigov("demo", "--size", "220", "--db", db).stdout
    assert "220 new" in printed
    assert "Every article equals" in printed
    tries = (
        printed.partition("Three things to try:")[2]
        .partition("To read")[0]
        .replace("\n    ", " ")
        .split("\n")
    )
    programs = [shlex.split(line) for line in tries if line.strip()]
    assert [program[0] for program in programs[:2]] == ["thaigov"] * 2
    for _, *arguments in programs[:2]:
        assert thaigov(*arguments).stdout
    assert programs[2][0] == "sqlite3"
    assert row(db, f"SELECT count(*) > 0 FROM ({programs[2][2]})") == (1,)
    assert_sound(db)


def test_scrapys_own_commands_work(tmp_path: Path) -> None:
    scrapy = [sys.executable, "-m", "scrapy"]
    listed = subprocess.run(
        [*scrapy, "list"], capture_output=True, text=True, env=ENVIRONMENT, check=True
    )
    assert listed.stdout.split() == ["attachments", "commoncrawl", "latest", "numbers", "wayback"]
    shell = subprocess.run(
        [*scrapy, "shell", "-c", "settings['BOT_NAME']", "-s", f"THAIGOV_DB={tmp_path}/a.db"],
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        check=True,
    )
    assert "thaigov" in shell.stdout
    assert not (tmp_path / "a.db").exists()
