"""Writing captures to WARC files that read back unchanged."""

from __future__ import annotations

import gzip
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from scraper.model import Capture, Origin
from scraper.warc import writer as warc
from scraper.warc.own_files import RecordPlace, read_capture
from scraper.warc.record import digest_of
from scraper.warc.writer import WarcWriter
from tests.factories import MOMENT, make_capture

if TYPE_CHECKING:
    from pathlib import Path

HEADERS = (("Content-Type", "text/html; charset=utf-8"), ("Server", "practice"))


def writer(folder: Path) -> WarcWriter:
    return WarcWriter(folder, 7, MOMENT, operator="someone@example.org")


def write(to: WarcWriter, capture: Capture) -> RecordPlace:
    return to.write(capture, capture.body, HEADERS)


CORPUS_FILE = make_capture(
    body="\ufeffรัฐบาลไทย".encode(),
    origin=Origin.CORPUS,
    status=None,
    content_type="text/plain; charset=utf-8",
    source="data/2023/11/08/Government News\t_1_ก.txt",
)


@pytest.mark.parametrize(
    "capture",
    [
        make_capture(),
        make_capture(body=b""),
        make_capture(body=bytes(range(256)) * 300, status=404, content_type=""),
        make_capture(status=None, rendered=True),
        CORPUS_FILE,
    ],
    ids=["page", "empty", "binary", "rendered", "corpus file"],
)
def test_a_capture_reads_back_unchanged(tmp_path: Path, capture: Capture) -> None:
    out = writer(tmp_path)
    first, place = write(out, make_capture(2)), out.write(capture, capture.body, ())
    if capture.status is not None and capture.content_type:
        place = write(out, capture)
    read_while_open = read_capture(tmp_path, place)
    out.close()
    assert read_capture(tmp_path, place) == read_while_open == capture
    assert read_capture(tmp_path, first) == make_capture(2)


def test_headers_outside_ascii_are_written(tmp_path: Path) -> None:
    out = writer(tmp_path)
    odd = (("X-ก", "1"), ("X-Ministry", "อุตสาหกรรม"))
    place = out.write(make_capture(), make_capture().body, (*HEADERS, *odd))
    out.close()
    assert read_capture(tmp_path, place) == make_capture()


def test_a_compressed_payload_is_stored_encoded_and_read_decoded(tmp_path: Path) -> None:
    body = "ข่าว".encode() * 100
    payload = gzip.compress(body)
    out = writer(tmp_path)
    capture = make_capture(body=body, digest=digest_of(payload))
    place = out.write(capture, payload, (*HEADERS, ("Content-Encoding", "gzip")))
    out.close()
    assert read_capture(tmp_path, place) == capture


def test_warcio_accepts_the_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = writer(tmp_path)
    for number in range(3):
        write(out, make_capture(number))
    out.write(CORPUS_FILE, CORPUS_FILE.body, ())
    out.write_revisit(make_capture(1), HEADERS, MOMENT - timedelta(days=1))
    out.close()
    (file,) = tmp_path.iterdir()
    assert file.name == "thaigov-20250821030000-000007-00000.warc.gz"
    checker = Checker(type("Arguments", (), {"inputs": [str(file)], "verbose": True})())
    checker.process_all()
    printed = capsys.readouterr().out
    assert checker.exit_value == 0, printed
    assert printed.count("digest pass") == 5  # all but the revisit, whose payload is elsewhere
    with file.open("rb") as stream:
        kinds = [record.rec_type for record in ArchiveIterator(stream)]
    assert kinds == ["warcinfo", "response", "response", "response", "resource", "revisit"]


def test_a_large_file_is_closed_and_another_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warc, "ROLL_BYTES", 2_000)
    out = writer(tmp_path)
    places = [write(out, make_capture(n, body=bytes(range(256)) * 8)) for n in range(6)]
    out.close()
    assert len({place.file for place in places}) > 1
    assert all(read_capture(tmp_path, place) for place in places)
    assert not list(tmp_path.glob("*.open"))


def test_a_rendered_page_is_a_conversion_that_refers_to_its_original(tmp_path: Path) -> None:
    out = writer(tmp_path)
    write(out, make_capture(body=b"<div id=app></div>"))
    write(out, make_capture(status=None, rendered=True))
    write(out, make_capture(2, status=None, rendered=True))  # its original is not the one before
    out.close()
    (path,) = tmp_path.glob("*.warc.gz")
    with path.open("rb") as file:
        fields = [record.rec_headers for record in ArchiveIterator(file)][1:]
    kinds = [field.get_header("WARC-Type") for field in fields]
    assert kinds == ["response", "conversion", "conversion"]
    assert fields[1].get_header("WARC-Refers-To") == fields[0].get_header("WARC-Record-ID")
    assert fields[1].get_header("Content-Type") == "text/html; charset=utf-8"
    assert fields[2].get_header("WARC-Refers-To") is None


def test_not_modified_has_its_own_revisit_profile(tmp_path: Path) -> None:
    out = writer(tmp_path)
    out.write_revisit(make_capture(), (("ETag", "x"),), MOMENT, not_modified=True)
    out.close()
    (path,) = tmp_path.glob("*.warc.gz")
    with path.open("rb") as file:
        *_, record = ArchiveIterator(file)
    assert record.rec_headers.get_header("WARC-Profile").endswith("/revisit/server-not-modified")
    assert record.http_headers.get_statuscode() == "304"
