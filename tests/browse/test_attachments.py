"""Stored attachments on the page of an article, and as downloads that cannot run in the site."""

from __future__ import annotations

import csv
import io
import re
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from scraper.archive.database import open_for_reading
from scraper.archive.writer import ArchiveWriter
from scraper.browse.app import Options
from scraper.browse.attachments import saved_name
from scraper.browse.security import DOWNLOAD_POLICY, HEADERS
from scraper.model import Attachment
from scraper.practice.files.attached import sent_file
from scraper.practice.prose.drafts import MEDIA
from scraper.search.attachments import search_attachments
from scraper.warc.record import digest_of
from tests.attachments.conftest import add_articles
from tests.attachments.small_archive import document
from tests.attachments.stored import attachment_capture, store
from tests.browse.chromium import listening, needs_chromium, visit
from tests.browse.conftest import served
from tests.browse.conftest import store as store_article
from tests.factories import make_article

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.browse.conftest import Site

HOSTILE = b"<script>owned()</script>%PDF-1.4"
PICTURE = f"{MEDIA}/thumbnail/news/2025/08/9_ภาพ.jpg"


@pytest.fixture(scope="module")
def stored_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an archive with stored documents and a picture, and one document not fetched."""
    path = tmp_path_factory.mktemp("files") / "thaigov.db"
    with ArchiveWriter(path, "test", {}) as writer:
        add_articles(writer)
        picture = make_article(9, attachments=(Attachment(kind="image", url=PICTURE),))
        store_article(writer, 9, picture, b"9")
        store(writer, *(attachment_capture(document(n)) for n in (16, 30, 46, 29)))
        store(writer, attachment_capture(PICTURE, content_type="text/html"))
        hostile = make_article(10, attachments=(Attachment(kind="document", url=document(10)),))
        store_article(writer, 10, hostile, b"10")
        store(writer, attachment_capture(document(10), HOSTILE, content_type="text/html"))
    return path


@pytest.fixture(scope="module")
def site(stored_path: Path) -> Iterator[Site]:
    with served(stored_path, Options()) as site:
        yield site


def content_of(address: str) -> bytes:
    file = sent_file(address)
    assert file is not None
    return file.content


def copy_of(address: str) -> str:
    return f"/-/attachments/{digest_of(content_of(address))}"


def test_the_article_shows_what_is_stored(site: Site) -> None:
    page = site.page("/thaigov/articles/1")
    assert f'href="{copy_of(document(16))}" download' in page
    assert "PDF · 9.8 kB" in page
    assert '<time datetime="2025-08-21T03:00:00Z"' in page
    assert page.count("download>") == 1  # document 20 was never fetched
    assert "No text (a scan)" in site.page("/thaigov/articles/4")


def test_a_copy_is_served_to_be_saved(site: Site) -> None:
    answer = site.get(copy_of(document(16)))
    assert answer.status_code == 200
    assert answer.content == content_of(document(16))
    headers = answer.headers
    assert headers["content-type"] == "application/octet-stream"
    assert headers["content-disposition"].startswith('attachment; filename="')
    assert quote("เอกสารแนบ_16.pdf") in headers["content-disposition"]
    assert headers["content-security-policy"] == DOWNLOAD_POLICY
    assert DOWNLOAD_POLICY.startswith("sandbox;")
    for name, value in HEADERS.items():
        assert headers[name] == value
    again = site.get(copy_of(document(16)), {"if-none-match": headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_copy_under_its_second_address_has_its_bytes(site: Site) -> None:
    assert copy_of(document(30)) == copy_of(document(46))
    assert site.get(copy_of(document(46))).content == content_of(document(30))


def test_a_picture_sent_as_html_is_not_served_as_a_page(site: Site) -> None:
    answer = site.get(copy_of(PICTURE))
    assert answer.headers["content-type"] == "application/octet-stream"
    assert "sandbox" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["0" * 64, "1", "../../etc/passwd", "A" * 64])
def test_what_is_not_stored_is_not_found(site: Site, path: str) -> None:
    assert site.get(f"/-/attachments/{path}").status_code == 404


def test_the_public_gets_documents_and_no_pictures(stored_path: Path) -> None:
    with served(stored_path, Options(public=True)) as public:
        assert public.get(copy_of(document(16))).status_code == 200
        assert public.get(copy_of(PICTURE)).status_code == 404
        page = public.page("/thaigov/articles/5")
        assert "JPG" in page
        assert "/-/attachments/" not in page


def test_without_warc_files_there_is_no_link(stored_path: Path, tmp_path: Path) -> None:
    """A snapshot that is published has the texts and not the files."""
    alone = tmp_path / "thaigov.db"
    shutil.copy(stored_path, alone)
    with served(alone, Options(public=True)) as site:
        page = site.page("/thaigov/articles/1")
        assert "PDF · 9.8 kB" in page
        assert "/-/attachments/" not in page
        found = site.page("/-/search?q=เอกสารประกอบ&attachments=1")
        assert "พบ 2 ไฟล์" in found
        assert "/-/attachments/" not in found
        assert "The WARC file with the copy is not here" in site.page(copy_of(document(16)), 404)


def test_an_archive_of_an_earlier_release_has_no_files(stored_path: Path, tmp_path: Path) -> None:
    old = tmp_path / "thaigov.db"
    shutil.copy(stored_path, old)
    with closing(sqlite3.connect(old)) as connection, connection:
        connection.execute("DROP TABLE attachment_files")
        connection.execute("DROP TABLE attachment_texts")
    with served(old, Options()) as site:
        assert "ไฟล์แนบ" in site.page("/thaigov/articles/1")
        assert site.get(copy_of(document(16))).status_code == 404


@pytest.mark.parametrize(
    ("address", "suffix", "name"),
    [
        ("https://a.example/ก.pdf", "pdf", "ก.pdf"),
        ("https://a.example/ก.exe", "pdf", "ก.exe.pdf"),
        ("https://a.example/a%0d%0aX: y.JPEG", "jpg", "aX y.JPEG"),
        ("https://a.example/fdp%E2%80%AE.pdf", "pdf", "fdp.pdf"),
        ("https://a.example/...", "pdf", "file.pdf"),
        ("https://a.example/" + "ก" * 400, "pdf", "ก" * 120 + ".pdf"),
    ],
)
def test_names_of_saved_files(address: str, suffix: str, name: str) -> None:
    assert saved_name(address, suffix) == name


def test_the_search_page_counts_the_hits_in_files(site: Site, practice: Site) -> None:
    page = site.page('/-/search?q="หมายเลข 16"&since=2568')
    link = "/-/search?q=%22%E0%B8%AB%E0%B8%A1%E0%B8%B2%E0%B8%A2%E0%B9%80%E0%B8%A5%E0%B8%82+16%22"
    assert re.search(f'href="{re.escape(link)}&amp;since=2568&amp;attachments=1">.*?</a>', page)
    assert "(1)" in page
    # A short term is not counted, since each text would have to be read; =word finds no file.
    assert "attachments=1" in site.page("/-/search?q=ลข")
    for query in ("=เอกสาร", ""):
        assert "attachments=1" not in site.page(f"/-/search?q={query}")
    assert "attachments=1" not in practice.page("/-/search?q=โรงงาน")


def test_hits_in_files_lead_to_the_article_and_the_copy(site: Site) -> None:
    page = site.page('/-/search?q="หมายเลข 16"&attachments=1')
    assert "พบ 1 ไฟล์" in page
    assert 'href="/thaigov/articles/1#files"' in page
    assert f'href="{copy_of(document(16))}" download' in page
    assert "<mark>หมายเลข 16</mark>" in page.replace("<wbr>", "")
    assert "PDF · 9.8 kB" in page
    shared = site.page("/-/search?q=%22หมายเลข 0%22&attachments=1")
    assert "ใน 2 ข่าว" in shared
    assert 'href="/thaigov/articles/3#files"' in shared


def test_the_search_in_files_is_json_and_csv(site: Site, stored_path: Path) -> None:
    with open_for_reading(stored_path) as db:
        known = search_attachments(db, "เอกสารประกอบ")
    assert known.total == 2
    found, url = [], "/-/search.json?q=เอกสารประกอบ&attachments=1&size=1"
    while url:
        data = site.get(url.removeprefix("http://localhost")).json()
        assert (data["total"], data["attachments"], len(data["hits"])) == (2, "1", 1)
        found += data["hits"]
        url = data["next_url"]
    assert [hit["digest"] for hit in found] == [hit.digest for hit in known.hits]
    assert [hit["snippet"]["text"] for hit in found] == [hit.snippet.text for hit in known.hits]
    for hit in found:
        assert site.get(hit["copy"].removeprefix("http://localhost")).status_code == 200
        assert site.get(hit["page"].removeprefix("http://localhost")).status_code == 302
    sheet = site.get("/-/search.csv?q=เอกสารประกอบ&attachments=1").text
    rows = list(csv.DictReader(io.StringIO(sheet)))
    whole = site.get("/-/search.json?q=เอกสารประกอบ&attachments=1&size=all").json()
    for row, hit, one in zip(rows, found, whole["hits"], strict=True):
        assert (row["digest"], row["page"]) == (hit["digest"], hit["page"])
        assert one == {name: hit[name] for name in hit.keys() - {"snippet", "copy"}}
    new = site.get("/-/search.csv?q=เอกสารประกอบ&attachments=1&sort=new").text
    assert [row["digest"] for row in csv.DictReader(io.StringIO(new))] == [
        digest_of(content_of(document(n))) for n in (30, 16)
    ]


@pytest.mark.parametrize("query", ["q=%3Dเอกสาร", "q=เอกสาร&since=x", "q=เอกสาร&after=1,2,3"])
def test_a_search_in_files_that_cannot_be_made_is_explained(site: Site, query: str) -> None:
    assert 'role="alert"' in site.page(f"/-/search?attachments=1&{query}", 400)
    for path in ("search.json?", "search.csv?", "search.json?size=all&"):
        answer = site.get(f"/-/{path}attachments=1&{query}")
        assert (answer.status_code, answer.json()["ok"]) == (400, False)


def test_a_search_in_files_without_words_or_hits_is_empty(site: Site, practice: Site) -> None:
    for at in (site, practice):
        assert "ค้นในเอกสารแนบ" in at.page("/-/search?attachments=1")
        assert at.get("/-/search.json?attachments=1").json()["total"] == 0
        assert "ไม่พบเอกสารแนบ" in at.page("/-/search?q=ฆฆฆฆ&attachments=1")
        assert len(at.get("/-/search.csv?q=ฆฆฆฆ&attachments=1").text.splitlines()) == 1
    assert "ไม่มีผลต่อจากนี้แล้ว" in site.page("/-/search?q=เอกสารประกอบ&attachments=1&page=9")


@needs_chromium
def test_a_browser_saves_a_file_and_runs_nothing_in_it(stored_path: Path, browser: Browser) -> None:
    """Also one whose bytes are a page with a script: the page stays where it was."""
    with (
        served(stored_path, Options()) as site,
        listening(site) as address,
        visit(browser, address) as page,
    ):
        page.goto("/thaigov/articles/1")
        with page.expect_download() as saved:
            page.get_by_role("link", name="สำเนาในคลัง").click()
        assert saved.value.suggested_filename == "เอกสารแนบ_16.pdf"
        assert saved.value.path().read_bytes() == content_of(document(16))
        page.goto("/thaigov/articles/6")
        with page.expect_download() as saved:
            page.get_by_role("link", name="สำเนาในคลัง").evaluate("link => location = link.href")
        assert saved.value.path().read_bytes() == HOSTILE
        assert page.url == f"{address}/thaigov/articles/6"
