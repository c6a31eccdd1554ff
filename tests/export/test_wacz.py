"""pywb replays the pages of a WACZ file, and the format's own validator finds it valid."""

from __future__ import annotations

import gzip
import json
import subprocess
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote
from urllib.request import urlopen
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest
from warcio.archiveiterator import ArchiveIterator

from scraper.archive.writer import ArchiveWriter
from scraper.export import wacz
from scraper.export.format import FormatError
from scraper.export.selection import ExportQuery
from scraper.model import Attachment, Incoming
from scraper.practice.files.attached import sent_file
from scraper.practice.prose.drafts import MEDIA
from scraper.upkeep.snapshot import make_snapshot
from tests.attachments.conftest import SHARED, add_articles
from tests.attachments.small_archive import document, write_articles
from tests.attachments.stored import attachment_capture, store
from tests.export.sample import export, sql
from tests.factories import make_article, make_capture, make_page
from tests.peers import free_port, peer, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("peers_on_path")


@pytest.fixture(scope="module")
def made(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = peer("wacz").parent
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(folder), prepend=":")
        return export(sample, "wacz", tmp_path_factory.mktemp("wacz") / "news.wacz").path


def pages_of(path: Path, name: str = "pages") -> list[dict[str, str]]:
    with ZipFile(path) as package:
        lines = package.read(f"pages/{name}.jsonl").decode().splitlines()
    head, *pages = map(json.loads, lines)
    assert head["format"] == "json-pages-1.0"
    return pages


def test_it_is_valid(made: Path) -> None:
    done = subprocess.run(
        [peer("wacz"), "validate", "-f", made], capture_output=True, text=True, check=False
    )
    assert "is valid" in done.stdout, done.stdout + done.stderr
    with ZipFile(made) as package:
        kinds = {i.filename: i.compress_type for i in package.infolist()}
        created = json.loads(package.read("datapackage.json"))["created"]
    assert kinds["archive/thaigov.warc.gz"] == ZIP_STORED  # players read it by offsets
    assert kinds["pages/pages.jsonl"] == ZIP_DEFLATED
    assert created == "2025-08-21T03:09:00Z"


def test_it_has_the_pages_with_their_texts(sample: Path, made: Path) -> None:
    pages = pages_of(made)
    assert [page["title"] for page in pages] == [
        title for (title,) in sql(
            sample, "SELECT title FROM articles ORDER BY published_on IS NULL, published_on, id")
    ]  # fmt: skip
    assert "=1+1 บรรทัดที่สอง" in pages[0]["text"]
    assert pages[0]["ts"] == "2025-08-21T03:05:00Z"


@contextmanager
def replayed(path: Path, folder: Path) -> Iterator[str]:
    subprocess.run([peer("wb-manager"), "init", "all"], cwd=folder, check=True, capture_output=True)
    subprocess.run(
        [peer("wb-manager"), "add", "--unpack-wacz", "all", path],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    port = free_port()
    server = subprocess.Popen(
        [peer("wayback"), "-p", str(port), "-b", "127.0.0.1"],
        cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}/all"
    finally:
        server.terminate()
        server.wait()


def test_pywb_replays_the_bytes_that_were_captured(made: Path, tmp_path: Path) -> None:
    with replayed(made, tmp_path) as address:
        for page in pages_of(made):
            moment = "".join(filter(str.isdigit, page["ts"]))
            with urlopen(f"{address}/{moment}id_/{page['url']}") as answer:
                number = page["url"].rpartition("/")[2]
                assert answer.read().decode() == f"<p>หน้า {number}</p>"


def test_a_choice_has_only_its_records(sample: Path, tmp_path: Path) -> None:
    peer("wacz")
    out = export(sample, "wacz", tmp_path / "one.wacz", ExportQuery(numbers=(3, 3))).path
    with ZipFile(out) as package:
        records = list_of_records(package.read("archive/thaigov.warc.gz"))
        index = gzip.decompress(package.read("indexes/index.cdx.gz")).decode()
    assert [kind for kind, _ in records] == ["response"]
    assert records[0][1].endswith("/3")
    assert index.count("\n") == 1


def list_of_records(data: bytes) -> list[tuple[str, str]]:
    return [
        (record.rec_type, record.rec_headers.get_header("WARC-Target-URI"))
        for record in ArchiveIterator(BytesIO(data))
    ]


def test_repeated_and_rendered_captures_can_be_shown(tmp_path: Path) -> None:
    peer("wacz")
    db = tmp_path / "news.db"
    with ArchiveWriter(db, "test", {}) as writer:
        for number, changes in {1: {}, 2: {"rendered": True, "status": None}}.items():
            for day, body in enumerate((b"<p>one</p>", b"<p>two</p>", b"<p>one</p>"), 1):
                moment = datetime(2025, 8, day, tzinfo=UTC)
                capture = make_capture(number, body, fetched_at=moment, **changes)
                (stored,) = writer.capture([Incoming(capture)])
                writer.save(
                    [make_page(stored, make_article(number, body=f"{body.decode()} {number}"))]
                )
    out = export(db, "wacz", tmp_path / "out.wacz").path
    with ZipFile(out) as package:
        records = list_of_records(package.read("archive/thaigov.warc.gz"))
    kinds = {url[-1]: [k for k, u in records if u == url] for _, url in records}
    assert kinds["1"] in (["response", "revisit"], ["response"])
    assert set(kinds["2"]) == {"resource"}
    folder = tmp_path / "pywb"
    folder.mkdir()
    with replayed(out, folder) as address:
        for page in pages_of(out):
            digits = "".join(filter(str.isdigit, page["ts"]))
            with urlopen(f"{address}/{digits}id_/{page['url']}") as answer:
                assert answer.read() == b"<p>one</p>"


def requested(number: int) -> str:
    """Return the address of a document as a crawl requests it."""
    return quote(document(number), safe=":/")


def test_attached_files_are_replayed(tmp_path: Path) -> None:
    """Also one under its second address, whose record refers to the first, and none of others."""
    peer("wacz")
    db = tmp_path / "news.db"
    numbers = (16, *SHARED, 29, SHARED[1])
    with ArchiveWriter(db, "test", {}) as writer:
        add_articles(writer)
        store(writer, *(attachment_capture(document(n), url=requested(n)) for n in numbers))
    out = export(db, "wacz", tmp_path / "out.wacz", ExportQuery(numbers=(1, 3))).path
    listed = {page["url"]: page for page in pages_of(out, "extraPages")}
    assert listed.keys() == {requested(n) for n in (16, *SHARED)}
    assert listed[requested(16)]["title"] == "เอกสารแนบ_16.pdf"
    assert "หมายเลข 16" in listed[requested(16)]["text"]
    assert len(pages_of(out)) == 3
    folder = tmp_path / "pywb"
    folder.mkdir()
    with replayed(out, folder) as address:
        for url, page in listed.items():
            moment = "".join(filter(str.isdigit, page["ts"]))
            known = sent_file(unquote(url))
            assert known is not None
            with urlopen(f"{address}/{moment}id_/{url}") as answer:
                assert answer.read() == known.content
    command = [str(peer("wacz")), "validate", "-f", str(out)]
    assert b"is valid" in subprocess.run(command, capture_output=True, check=True).stdout
    # The second address alone brings the record that its own refers to.
    one = export(db, "wacz", tmp_path / "one.wacz", ExportQuery(numbers=(3, 3))).path
    assert [page["url"] for page in pages_of(one, "extraPages")] == [requested(SHARED[1])]
    with ZipFile(one) as package:
        records = list_of_records(package.read("archive/thaigov.warc.gz"))
    assert sorted(kind for kind, _ in records) == ["response", "response", "revisit"]


def test_pictures_are_named_in_the_notes(tmp_path: Path) -> None:
    peer("wacz")
    db, address = tmp_path / "news.db", f"{MEDIA}/uploads/1_ภาพ.jpg"
    write_articles(db, [(Attachment(kind="image", url=address),)])
    with ArchiveWriter(db, "test", {}) as writer:
        store(writer, attachment_capture(address, b"\xff\xd8\xff", content_type="image/jpeg"))
    made = export(db, "wacz", tmp_path / "out.wacz")
    assert made.manifest["notes"] == [wacz.PICTURES]


def test_without_the_program_it_says_how_to_get_it(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wacz, "PROGRAM", "no-such-program")
    with pytest.raises(FormatError, match="pipx install wacz"):
        export(sample, "wacz", tmp_path / "out.wacz")
    assert list(tmp_path.iterdir()) == []


def test_a_program_that_fails_is_named(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wacz, "PROGRAM", "false")
    with pytest.raises(FormatError, match="false` failed"):
        export(sample, "wacz", tmp_path / "out.wacz")
    assert list(tmp_path.iterdir()) == []


def test_a_snapshot_has_no_pages(sample: Path, tmp_path: Path) -> None:
    peer("wacz")
    copy = make_snapshot(sample, tmp_path / "copy.db")
    with pytest.raises(FormatError, match="a snapshot has none"):
        export(copy, "wacz", tmp_path / "out.wacz")
    assert [path.name for path in tmp_path.iterdir()] == ["copy.db"]
