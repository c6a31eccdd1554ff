"""The capture of a response for each origin: its time, its headers, and whether it is truncated."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse

from scraper.crawl.origins import COPY, NotACaptureError, live, memento, warc_record
from scraper.sources.indexes import Copy
from scraper.warc.own_files import read_capture
from scraper.warc.writer import WarcWriter
from tests.factories import MOMENT
from tests.imports.warcs import HTML, WarcMaker, url_of

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.crawl.origins import CaptureMaker
    from scraper.model import Headers, Incoming

PAGE = "<p>ข่าวของกระทรวง".encode() * 300
HALF = PAGE[: len(PAGE) // 2]
GZIPPED = gzip.compress(PAGE)
STAMP = ("Memento-Datetime", "Mon, 06 May 2024 07:08:09 GMT")
REPLAY = f"https://web.archive.org/web/20240506070809id_/{url_of(1)}"


def length(body: bytes) -> tuple[str, str]:
    return "x-archive-orig-content-length", str(len(body))


def answer(
    make: CaptureMaker, url: str, body: bytes, headers: Headers, status: int = 200
) -> Incoming:
    meta = {COPY: Copy(url_of(1), 1, "20240506070809", "", url)}
    response = HtmlResponse(url, status=status, headers=dict(headers), body=body)
    return make(Request(url, meta=meta), response, body, headers)


def replayed(body: bytes, *headers: tuple[str, str]) -> Incoming:
    return answer(memento, REPLAY, body, (HTML, STAMP, *headers))


ENCODED = ("Content-Encoding", "gzip")
WAS_ENCODED = ("x-archive-orig-content-encoding", "gzip")
COMPLETE = {
    "no length": (PAGE,),
    "its length": (PAGE, length(PAGE)),
    "decoded by the archive": (PAGE, length(GZIPPED), WAS_ENCODED),
    "compressed by the archive": (GZIPPED, length(PAGE), ENCODED),
    "compressed twice": (gzip.compress(GZIPPED), length(GZIPPED), WAS_ENCODED, ENCODED),
    "chunks": (PAGE, length(PAGE * 2), ("x-archive-orig-transfer-encoding", "chunked")),
    "tiny and longer when compressed": (b"<p>", length(gzip.compress(b"<p>")), WAS_ENCODED),
}
CUT = {
    "shorter than declared": (HALF, length(PAGE)),
    "shorter, compressed by the archive": (gzip.compress(HALF), length(PAGE), ENCODED),
    "shorter than its compressed length": (PAGE[:40], length(b"x" * 900), WAS_ENCODED),
    "gzip that ends early": (GZIPPED[:-9], ENCODED),
    "several lengths": (HALF, ("X-Archive-Orig-Content-Length", f"{len(PAGE)}, {len(PAGE)}")),
}


@pytest.mark.parametrize("form", COMPLETE | CUT)
def test_a_memento_is_complete_or_marked_as_cut(form: str, tmp_path: Path) -> None:
    body, *headers = (COMPLETE | CUT)[form]
    found = replayed(body, *headers)  # type: ignore[arg-type]
    assert (found.capture.cut is None) is (form in COMPLETE)
    # Our own WARC record says the same.
    writer = WarcWriter(tmp_path, 1, MOMENT)
    place = writer.write(found.capture, found.payload or b"", found.headers)
    writer.close()
    assert read_capture(tmp_path, place) == found.capture


@pytest.mark.parametrize(
    "stamp",
    [
        "Mon, 06 May 2999 07:08:09 GMT",
        "Mon, 06 May 0900 07:08:09 GMT",
        "yesterday",
        "",
    ],
)
def test_a_memento_without_a_plausible_time_is_refused(stamp: str) -> None:
    with pytest.raises(NotACaptureError):
        answer(memento, REPLAY, PAGE, (HTML, ("Memento-Datetime", stamp)))


def record(body: bytes, **more: Any) -> Incoming:
    content = WarcMaker().add(1, body, **more).content
    return answer(warc_record, "https://data.example/x.warc.gz", content, (), 206)


def test_a_truncated_record_of_common_crawl_is_marked_as_cut() -> None:
    assert record(PAGE).capture.cut is None
    marked = record(HALF, fields={"WARC-Truncated": "length"})
    assert "cut it (length)" in (marked.capture.cut or "")
    # The digest may be that of the complete payload.
    fields = {"WARC-Truncated": "length", "WARC-Payload-Digest": "sha1:AAAA"}
    assert record(HALF, fields=fields).capture.cut
    assert record(HALF, headers=(HTML, ("Content-Length", str(len(PAGE))))).capture.cut
    with pytest.raises(NotACaptureError):
        record(PAGE, fields={"WARC-Payload-Digest": "sha1:AAAA"})
    with pytest.raises(NotACaptureError):
        record(PAGE, date="2999-01-01T00:00:00Z")


@pytest.mark.parametrize(
    ("body", "headers", "status", "is_cut"),
    [
        (PAGE, (), 200, False),
        (GZIPPED, (ENCODED,), 200, False),
        (PAGE, (ENCODED,), 200, False),
        (HALF, (("Content-Range", f"bytes 0-99/{len(PAGE)}"),), 206, True),
        (GZIPPED[:-9], (ENCODED,), 200, True),
    ],
)
def test_a_live_page_is_marked_as_cut(
    body: bytes, headers: Headers, status: int, *, is_cut: bool
) -> None:
    capture = answer(live, url_of(1), body, (HTML, *headers), status).capture
    assert (capture.cut is not None) is is_cut
    assert is_cut or capture.body == PAGE
