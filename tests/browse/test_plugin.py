"""`datasette thaigov.db` with our package installed; other databases are left alone."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from datasette.app import Datasette
from datasette.plugins import pm

from scraper.archive.writer import ArchiveWriter
from scraper.browse.adoption import ERROR_PLUGIN, adopted
from scraper.browse.app import Options
from scraper.upkeep.snapshot import make_snapshot
from tests.browse.conftest import Site, served, store
from tests.factories import make_article

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def plain(*files: Path, **options: Any) -> Iterator[Site]:
    """Serve databases as Datasette's own command does."""
    datasette = Datasette([str(file) for file in files], **options)
    try:
        yield Site(datasette)
    finally:
        datasette.executor.shutdown()
        for database in datasette.databases.values():
            database.close()


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database that is not ours, with a table of the same name as one of ours."""
    path = tmp_path_factory.mktemp("other") / "other.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE articles (id INTEGER PRIMARY KEY, title TEXT, url TEXT)")
        connection.execute("INSERT INTO articles VALUES (1, '=1', 'https://example.org/1')")
    return path


def assert_untouched(site: Site) -> None:
    """Check that a database beside ours, or alone, looks and behaves as without us."""
    page = site.page("/other/articles")
    assert 'href="/-/static/app.css' in page
    assert "/-/thaigov/" not in page
    assert '<a href="https://example.org/1">' in page
    assert "id,title,url\r\n1,=1,https://example.org/1\r\n" in site.page("/other/articles.csv")
    assert "no such function" in site.get("/other.json?sql=select+fold('a')").text
    assert "content-security-policy" not in site.get("/other/articles").headers
    assert site.get("/other/articles/1").status_code == 200
    assert site.get("/other/articles/2").status_code == 404
    assert site.get("/other/articles?_search=x").status_code == 200
    assert 'href="/-/static/app.css' in site.page("/")


def test_without_an_archive_nothing_changes(other: Path) -> None:
    with plain(other) as site:
        assert_untouched(site)
        assert adopted(site.datasette) is None
        assert site.get("/-/search").status_code == 404
        assert site.get("/-/healthz").status_code == 404
        assert "title" not in site.get("/-/metadata.json").json()


def test_the_process_of_another_database_does_not_load_ours(other: Path) -> None:
    program = (
        "import sys, asyncio\nfrom datasette.app import Datasette\n"
        f"site = Datasette([{str(other)!r}])\n"
        "print(asyncio.run(site.client.get('/other')).status_code)\n"
        "print(any(name.startswith('pythainlp') for name in sys.modules))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout.split("\n")[:2] == ["200", "False"]


def test_an_archive_alone_is_our_site(practice_db: Path, practice: Site) -> None:
    with plain(practice_db, settings={"base_url": "/news/"}) as site:
        assert "คลังข่าวรัฐบาลไทย" in site.page("/")
        for path in ("/-/search?q=อ้อย", "/thaigov/articles/1", "/-/dashboard", "/-/tables"):
            assert site.get(path).status_code == 200
        page = site.page("/thaigov/articles")
        assert "ข่าว" in page
        assert "/news/-/thaigov/site.css" in page
        assert "nonce-" in site.get("/").headers["content-security-policy"]
        assert "x-robots-tag" not in site.get("/").headers
        assert "textarea" in site.page("/-/tables")
        rows = site.get("/thaigov/first_use.json?_shape=array&term=กระทรวง").json()
        assert rows == practice.get("/thaigov/first_use.json?_shape=array&term=กระทรวง").json()
        assert site.get("/thaigov/articles/0").status_code == 404


def test_the_operator_comes_first(practice_db: Path, tmp_path: Path) -> None:
    (tmp_path / "error.html").write_text("our own error")
    mine = {"title": "ของเรา", "plugins": {"thaigov": {"public": True, "robots": False}}}
    with plain(practice_db, metadata=mine, template_dir=str(tmp_path)) as site:
        assert site.get("/-/metadata.json").json()["title"] == "ของเรา"
        assert site.page("/thaigov/articles/0", 404) == "our own error"
        assert site.get("/-/versions").status_code == 404
        assert "noindex" in site.get("/").headers["x-robots-tag"]


def test_an_archive_beside_another_database(practice_db: Path, other: Path) -> None:
    with plain(other, practice_db) as site:
        assert_untouched(site)
        assert "พบ" in site.page("/-/search?q=อ้อย")
        assert "คลังข่าวรัฐบาลไทย" in site.page("/thaigov/articles/1")
        assert 'href="/-/static/app.css' in site.page("/thaigov/captures")
        assert site.get("/thaigov/first_use.json?term=กระทรวง").json()["rows"]
        assert site.get("/thaigov.json?sql=select+thai_date('2025-08-21')").json()["ok"]
        assert "โครงการ" in site.page("/-/money")
        assert "คลังข่าวรัฐบาลไทย" in site.page("/-/compare?q=อ้อย")
        assert site.get("/-/search?since=x").status_code == 400
        assert site.get("/thaigov/ministry_activity?since=x").status_code == 400


def test_errors_of_later_sites_are_answered(practice_db: Path, other: Path) -> None:
    with plain(practice_db) as site:
        assert site.get("/nothing").status_code == 404
        assert not pm.has_plugin(ERROR_PLUGIN)
    with plain(other) as site:
        assert site.get("/nothing").status_code == 404
        assert pm.has_plugin(ERROR_PLUGIN)


def test_a_snapshot_shows_neither_paths_nor_the_permission(db_path: Path, tmp_path: Path) -> None:
    told = {"permission": "letter of 1 January", "paths": ["/home/somebody/corpus"]}
    with ArchiveWriter(db_path, "crawl latest", told) as writer:
        store(writer, 1, make_article(1), b"1")
    snapshot = make_snapshot(db_path, tmp_path / "news.db")
    paths = ["/news/runs", "/news/runs.json?_shape=array", "/news/runs/1", "/news/runs.csv",
             "/news/runs.json?_facet=arguments", "/news/runs?arguments__contains=letter", "/",
             "/-/dashboard", "/news/articles/1", "/news/articles/1.json"]  # fmt: skip
    sql = "/news.json?sql=select+arguments||'x'+as+a+from+runs"
    with (
        served(snapshot, Options(public=True)) as public,
        plain(snapshot) as with_plugin,
        plain(immutables=[str(snapshot)]) as fixed,
    ):
        for site in (public, with_plugin, fixed):
            for path in (*paths, *[sql] * (site is not public)):
                answer = site.get(path)
                assert answer.status_code == 200, path
                assert "letter of" not in answer.text, path
                assert "somebody" not in answer.text, path
                assert str(tmp_path) not in answer.text, path
    with served(db_path, Options()) as private:
        assert "letter of 1 January" in private.get("/thaigov/runs.json").text
