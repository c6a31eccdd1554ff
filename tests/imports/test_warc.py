"""Importing WARC files: wanted records, problems, and the originals of revisits."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import brotli
import pytest

from scraper.model import Capture, Origin
from scraper.pages import read as read_page
from scraper.practice.site.still import PracticeSite
from scraper.warc import records
from scraper.warc.own_files import read_capture
from scraper.warc.record import digest_of
from scraper.warc.writer import WarcWriter
from tests.factories import MOMENT, make_capture
from tests.imports.warcs import (
    BODY,
    DATE,
    HTML,
    WarcMaker,
    read_all,
    read_captures,
    url_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_records_that_are_not_pages_are_skipped_and_counted(tmp_path: Path) -> None:
    maker = (
        WarcMaker()
        .info()
        .add("https://practice.example/assets/x.css", b"css")
        .add("https://elsewhere.example/news/contents/details/7", BODY)
        .add("urn:text:" + url_of(7), b"text", kind="resource")
        .add(url_of(7), b"GET / HTTP/1.1\r\n\r\n", kind="request")
        .add(7, BODY)
        .add(8, b"", status="302 Found", headers=(HTML, ("Location", "/")))
        .add(8, b"", status="304 Not Modified")
        .add(9, b"gone", status="404 Not Found")
        .add(9, b"down", status="503 Service Unavailable")
        .add(9, b"no", status="403 Forbidden")
        .add(10, b"{}", headers=(("Content-Type", "application/json"),))
        .add(11, BODY, kind="resource")
        .add(url_of(12) + "?fbclid=x", BODY)
    )
    incoming, (problem,) = read_all(maker.save(tmp_path / "x.warc.gz"))
    assert [(item.capture.url, item.capture.status) for item in incoming] == [
        (url_of(7), 200),
        (url_of(9), 404),
        (url_of(9), 403),
        (url_of(11), None),
        (url_of(12) + "?fbclid=x", 200),
    ]
    assert problem.kind == "left-out"
    parts = ("7 records", "3 other addresses", "2 redirects", "1 server errors", "1 other media")
    assert all(part in problem.detail for part in parts), problem.detail


OURS = {"X-Thaigov-Origin": "corpus", "X-Thaigov-Source": "data/%E0%B8%81%09_1.txt"}


def test_the_type_of_a_record_may_be_in_capitals(tmp_path: Path) -> None:
    maker = WarcMaker(gzip=False).add(1, BODY)
    path = tmp_path / "x.warc"
    path.write_bytes(maker.content.replace(b"WARC-Type: response", b"WARC-Type: Response"))
    (capture,) = read_captures(path)
    assert capture.body == BODY


def test_own_records_keep_their_origin_and_source(tmp_path: Path) -> None:
    maker = (
        WarcMaker()
        .add(1, BODY, kind="resource", fields=OURS)
        .add("https://practice.example/elsewhere", BODY, fields={"X-Thaigov-Origin": "live"})
        .add("file:///etc/passwd", BODY, kind="resource", fields=OURS)
        .add("", BODY, fields=OURS)
        .add("https://elsewhere.example/", BODY, fields={"X-Thaigov-Origin": "live"})
        .add(2, BODY, fields={"X-Thaigov-Origin": "unheard of"})
    )
    found, (problem,) = read_all(maker.save(tmp_path / "x.warc.gz"), own=True)
    assert [(item.capture.origin, item.capture.source) for item in found] == [
        (Origin.CORPUS, "data/ก\t_1.txt"),
        (Origin.LIVE, None),
        (Origin.WARC, "x.warc.gz"),
    ]
    assert (problem.kind, "3 other addresses" in problem.detail) == ("left-out", True)


def test_a_claimed_origin_is_ignored_without_own(tmp_path: Path) -> None:
    maker = WarcMaker().add(1, BODY, fields=OURS | {"X-Thaigov-Origin": "live"})
    maker.add("https://practice.example/elsewhere", BODY, fields={"X-Thaigov-Origin": "live"})
    (found,), (left_out, claimed) = read_all(maker.save(tmp_path / "x.warc.gz"))
    assert (found.capture.origin, found.capture.source) == (Origin.WARC, "x.warc.gz")
    assert (left_out.kind, claimed.kind) == ("left-out", "claimed-origin")
    assert "add --own" in claimed.detail


def chunked(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


ENCODED = ("Content-Encoding", "gzip")
CHUNKED = ("Transfer-Encoding", "chunked")


def test_an_imported_page_reads_back_unchanged(tmp_path: Path) -> None:
    maker = WarcMaker()
    for number, (content, *headers) in enumerate(
        [
            (gzip.compress(gzip.compress(BODY)), ENCODED),
            (chunked(b"abc\r\n" + BODY), CHUNKED),
            (brotli.compress(BODY), ("Content-Encoding", "br")),
            (BODY, ENCODED),
        ]
    ):
        maker.add(number, content, headers=(HTML, *headers))
    incoming, _ = read_all(maker.save(tmp_path / "x.warc.gz"))
    writer = WarcWriter(tmp_path / "ours", 1, MOMENT)
    places = [writer.write(item.capture, item.payload or b"", item.headers) for item in incoming]
    writer.close()
    captures = [item.capture for item in incoming]
    assert [read_capture(tmp_path / "ours", place) for place in places] == captures
    again, problems = read_all(tmp_path / "ours", own=True)
    assert ([item.capture for item in again], problems) == (captures, [])


DOUBTFUL: dict[str, Callable[[WarcMaker], WarcMaker]] = {
    "digest-mismatch": lambda m: m.add(1, BODY, fields={"WARC-Payload-Digest": "sha1:AAAA"}),
    "damaged-coding": lambda m: m.add(1, gzip.compress(BODY * 9)[:-20], headers=(HTML, ENCODED)),
    "truncated": lambda m: m.add(1, BODY, fields={"WARC-Truncated": "length"}),
}
UNUSABLE: dict[str, Callable[[WarcMaker], WarcMaker]] = {
    "no-date": lambda m: m.add(1, BODY, date="yesterday"),
    "no-status": lambda m: m.add(1, BODY, status="99999999999999999999 OK"),
    "unresolved-revisit": lambda m: m.add(1, b"", kind="revisit"),
    "too-large": lambda m: m.add(1, b"x" * 99_999),
}


@pytest.mark.parametrize("kind", [*DOUBTFUL, *UNUSABLE])
def test_problems_name_the_kind_and_the_place(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "MAX_BYTES", 90_000)
    maker = (DOUBTFUL | UNUSABLE)[kind](WarcMaker().add(9, BODY)).add(10, BODY)
    incoming, (problem,) = read_all(maker.save(tmp_path / "x.warc.gz"))
    assert len(incoming) == (3 if kind in DOUBTFUL else 2)
    assert problem.kind == kind
    assert f"byte {maker.starts[1]:,} ({url_of(1)})" in str(problem)


DAY = "2024-05-07T00:00:00Z"
REFERS = {
    "address and time": {"WARC-Refers-To-Target-URI": url_of(1), "WARC-Refers-To-Date": DATE},
    "digest": {"WARC-Payload-Digest": f"sha256:{digest_of(BODY)}"},
}
STATED = {"WARC-Payload-Digest": f"sha256:{digest_of(BODY)}"}


@pytest.mark.parametrize("refers", REFERS)
@pytest.mark.parametrize("order", ["after", "before", "in a file after", "in a file before"])
def test_a_revisit_gets_the_bytes_of_its_original(refers: str, order: str, tmp_path: Path) -> None:
    one = WarcMaker()
    other = WarcMaker() if "file" in order else one
    steps: list[Callable[[], WarcMaker]] = [
        lambda: one.add(1, BODY, fields=STATED),
        lambda: other.add(1, b"", kind="revisit", date=DAY, fields=REFERS[refers]),
    ]
    for step in reversed(steps) if "before" in order else steps:
        step()
    paths = [one.save(tmp_path / "one.warc.gz")]
    if other is not one:
        paths.append(other.save(tmp_path / "other.warc.gz"))
    if "before" in order:
        paths.reverse()
    first, second = sorted(read_captures(*paths), key=lambda capture: capture.fetched_at)
    assert (first.body, second.body) == (BODY, BODY)
    assert (first.digest, second.digest) == (digest_of(BODY),) * 2
    assert second.fetched_at == datetime(2024, 5, 7, tzinfo=UTC)


def test_revisits_of_skipped_records_are_skipped(tmp_path: Path) -> None:
    maker = (
        WarcMaker()
        .add(1, b"", status="302 Found", fields=STATED)
        .add(1, b"", kind="revisit", date=DAY, fields=REFERS["address and time"])
    )
    incoming, (problem,) = read_all(maker.save(tmp_path / "x.warc.gz"))
    assert (incoming, problem.kind) == ([], "left-out")


def test_a_revisit_of_a_capture_in_the_archive(tmp_path: Path) -> None:
    calls = []

    def recall(*question: object) -> Capture:
        calls.append(question)
        return make_capture(1, BODY, digest=digest_of(gzip.compress(BODY)))

    fields = {"WARC-Payload-Digest": f"sha256:{digest_of(gzip.compress(BODY))}"}
    maker = WarcMaker().add(1, b"", kind="revisit", date=DAY, fields=fields)
    maker.add(url_of(1) + "/", b"", kind="revisit", date=DAY, fields=REFERS["address and time"])
    (same, other), problems = read_all(maker.save(tmp_path / "x.warc.gz"), recall=recall)
    assert problems == []
    assert calls == [
        (url_of(1), None, digest_of(gzip.compress(BODY))),
        (url_of(1), datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC), ""),
    ]
    assert (same.capture.digest, same.capture.origin) == (digest_of(gzip.compress(BODY)), "warc")
    assert (other.capture.digest, other.capture.url) == (digest_of(BODY), url_of(1) + "/")


def test_a_page_in_windows_874_is_read(tmp_path: Path) -> None:
    site = PracticeSite(size=20)
    number = next(n for n in site.numbers() if site.truth(n).oddity == "plain")
    html = site.html(number).decode().replace("utf-8", "windows-874").encode("cp874", "replace")
    headers = (("Content-Type", "text/html"),)
    maker = WarcMaker().add(number, html, headers=headers)
    (capture,) = read_captures(maker.save(tmp_path / "x.warc.gz"))
    article = read_page(capture).article
    assert article is not None
    assert article.title == site.truth(number).title
    assert article.published_on == site.truth(number).published_on
