"""Serving the site, privately beside a writer and publicly from a snapshot."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import threading
from typing import TYPE_CHECKING

import httpx
import pytest

from scraper.archive.database import ArchiveError
from scraper.archive.writer import ArchiveWriter
from scraper.browse.app import Options, make_datasette, serve_site
from scraper.browse.time_limit import QueryTimeoutError
from tests.browse.conftest import served, store
from tests.factories import make_article

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browse.conftest import Site


def test_readers_see_commits_and_do_not_block_the_writer(
    writer: ArchiveWriter, db_path: Path
) -> None:
    store(writer, 1, make_article(1, title="ข่าวที่หนึ่ง"), b"1")
    with served(db_path, Options()) as site:
        assert "ข่าวที่หนึ่ง" in site.page("/")
        with writer.db.atomic():  # the writer is in the middle of a transaction
            store(writer, 2, make_article(2, title="ข่าวที่สอง"), b"2")
            assert "ข่าวที่สอง" not in site.page("/-/search?sort=new")
        assert "ข่าวที่สอง" in site.page("/-/search?q=ข่าวที่สอง")
        # Nobody holds an old state of the file open, so that the log can be emptied.
        assert writer.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0


def test_an_archive_may_have_any_name(tmp_path: Path) -> None:
    path = tmp_path / "คลัง 1.v2.db"
    with ArchiveWriter(path, "test", {}) as writer:
        store(writer, 1, make_article(1, title="ข่าวที่หนึ่ง"), b"1")
    with served(path, Options()) as site:
        (link,) = re.findall(r'class="hits".*?href="([^"]+)"', site.page("/-/search"), re.DOTALL)
        assert "ข่าวที่หนึ่ง" in site.page(link)
        assert "ข่าวที่หนึ่ง" in site.page(link.removesuffix("/1"))
        (feed,) = re.findall(r'rel="alternate" href="http://localhost([^"]+/1)"',
                             site.page("/-/feed.atom"))  # fmt: skip
        assert site.get(feed).headers["location"] == link


def test_public_mode_refuses_an_archive_being_written(writer: ArchiveWriter, db_path: Path) -> None:
    store(writer, 1, make_article(1), b"1")
    with pytest.raises(ArchiveError, match="snapshot"):
        make_datasette(db_path, Options(public=True))


def test_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="no archive there"):
        make_datasette(tmp_path / "none.db", Options())
    sqlite3.connect(tmp_path / "other.db").execute("CREATE TABLE articles (id)").connection.close()
    with pytest.raises(ArchiveError, match="not a thaigov archive"):
        make_datasette(tmp_path / "other.db", Options())


def test_public_mode_allows_search_but_no_custom_sql(public: Site) -> None:
    for path in (
        "/",
        "/-/search?q=โรงงาน",
        "/thaigov/articles/1",
        "/thaigov/first_use",
        "/-/tables",
    ):
        assert public.get(path).status_code == 200
    assert "<textarea" not in public.page("/-/tables")
    assert public.get("/thaigov?sql=select+1").status_code == 403
    assert public.get("/thaigov/articles?_where=1=1").status_code in {400, 403}
    assert public.get("/thaigov.db").status_code == 403
    assert not public.datasette.get_database().is_mutable


@pytest.mark.parametrize("name", ["databases", "threads", "plugins", "versions.json", "settings"])
def test_public_mode_hides_the_machine(
    public: Site, practice: Site, name: str, practice_db: Path
) -> None:
    assert public.get(f"/-/{name}").status_code == 404
    assert practice.get(f"/-/{name}").status_code == 200
    for path in ("/", "/.json", "/-/metadata.json", "/thaigov.json"):
        assert str(practice_db.parent) not in public.get(path).text


def test_facets_follow_commits(writer: ArchiveWriter, db_path: Path) -> None:
    store(writer, 1, make_article(1, category="ด้านหนึ่ง"), b"1")
    with served(db_path, Options()) as site:
        assert "ด้านหนึ่ง" in site.page("/-/search")
        store(writer, 2, make_article(2, category="ด้านสอง"), b"2")
        page = site.page("/-/search")
        assert "พบ 2 ข่าว" in page
        assert "ด้านสอง" in page
        with writer.db.atomic():  # as by a later run over the same article
            writer.db.execute("UPDATE articles SET category = 'ด้านสาม' WHERE id = 2")
            writer.db.execute("UPDATE runs SET finished_at = started_at")
        assert "ด้านสาม" in site.page("/-/search")


def test_cache_control(practice: Site, public: Site) -> None:
    assert practice.get("/").headers["cache-control"] == "max-age=5"
    assert public.get("/-/search?q=โรงงาน").headers["cache-control"] == "max-age=300"
    assert "cache-control" not in public.get("/-/search?since=x").headers
    style = re.findall(r'href="(/-/thaigov/site.css[^"]+)"', public.page("/"))[0]
    assert "immutable" in public.get(style).headers["cache-control"]
    assert "cache-control" not in public.get("/-/thaigov/none.css").headers


@pytest.mark.parametrize(
    "path", ["feed.atom?q=โรงงาน", "search.json?q=โรงงาน", "search.json?size=all", "search.csv"]
)
def test_matching_etag_returns_304(public: Site, path: str) -> None:
    first = public.get(f"/-/{path}")
    again = public.get(f"/-/{path}", {"if-none-match": first.headers["etag"].removeprefix("W/")})
    assert (again.status_code, again.content) == (304, b"")
    other = public.get(f"/-/{path}", {"if-none-match": '"another"'})
    assert (other.status_code, other.content) == (200, first.content)


def test_the_file_is_not_hashed_and_texts_are_not_counted(public: Site) -> None:
    (archive,) = public.get("/.json").json().values()
    assert archive["hash"] is None
    counts = {t["name"]: t["count"] for t in public.get("/thaigov.json").json()["tables"]}
    assert counts["articles"] > 0
    assert counts["article_words"] is None


def test_timeouts_are_reported(practice: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise QueryTimeoutError

    monkeypatch.setattr("scraper.browse.views.find_hits", never)
    assert "try a narrower one" in practice.page("/-/search?q=โรงงาน", 503)
    monkeypatch.setattr("scraper.browse.views.read_home", never)
    assert "try a narrower one" in practice.page("/", 503)


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i %2B 1 FROM n) SELECT max(i) FROM n"


@pytest.mark.parametrize("form", ["", ".json", ".csv"])
@pytest.mark.parametrize("path", ["words_of_a_period{}?a=1", f"{{}}?sql={ENDLESS}&_timelimit=20"])
def test_a_query_that_takes_too_long_is_explained(
    practice: Site, monkeypatch: pytest.MonkeyPatch, path: str, form: str
) -> None:
    if "words" in path:
        monkeypatch.setattr(practice.datasette, "sql_time_limit_ms", 0.001)
    page = practice.page("/thaigov" + ("/" if "words" in path else "") + path.format(form), 503)
    page = json.loads(page)["error"] if form == ".json" else page
    assert "ใช้เวลานานเกินไป" in page
    assert "try a narrower one" in page
    assert "textarea" not in page
    assert "RECURSIVE" not in page


def test_internal_errors_show_no_details(
    practice: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a secret place")

    monkeypatch.setattr("scraper.browse.views.read_home", broken)
    assert "secret" not in practice.page("/", 500)
    assert "a secret place" in capsys.readouterr().err


def test_static_files_have_a_version(practice: Site) -> None:
    page = practice.page("/")
    start = page.index("/-/thaigov/site.css?")
    address = page[start : page.index('"', start)]
    assert practice.get(address).headers["content-type"] == "text/css"


def test_serve_answers_until_interrupted(practice_db: Path) -> None:
    responses: list[str] = []

    def visit(address: str) -> None:
        responses.extend([address, httpx.get(address).text, httpx.head(address).text])
        os.kill(os.getpid(), signal.SIGINT)  # as Ctrl-C does

    def ready(address: str) -> None:
        threading.Thread(target=visit, args=(address,)).start()

    serve_site(make_datasette(practice_db, Options()), "127.0.0.1", 0, ready)
    assert responses[0].startswith("http://127.0.0.1:")
    assert "คลังข่าวรัฐบาลไทย" in responses[1]
    assert responses[2] == ""
