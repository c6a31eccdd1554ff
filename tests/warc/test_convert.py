"""Records as captures: dates, origin, codings, digests, truncation, revisits."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from hashlib import sha1, sha256
from typing import TYPE_CHECKING, Any

import brotli
import pytest

from scraper.model import Capture, Origin, Scope
from scraper.warc.convert import (
    Converted,
    UnusableRecordError,
    revisit_to_capture,
    to_capture,
    warc_date,
)
from scraper.warc.record import digest_of
from scraper.warc.records import read_first_record
from tests.imports.warcs import DATE, HTML, WarcMaker, url_of

if TYPE_CHECKING:
    from scraper.warc.record import Record

BODY = "<p>ข่าว".encode() * 200
ENCODED = ("Content-Encoding", "gzip")
CHUNKED = ("Transfer-Encoding", "chunked")
OURS = {
    "X-Thaigov-Origin": "corpus",
    "X-Thaigov-Source": "data/%E0%B8%81%09_1.txt",
    "X-Thaigov-Scope": "industry",
    "X-Thaigov-Cut": "the disk was full",
}


def record(body: bytes = BODY, **more: Any) -> Record:
    return read_first_record(WarcMaker(gzip=False).add(7, body, **more).content)


def convert(body: bytes = BODY, *, own: bool = False, **more: Any) -> Converted:
    return to_capture(record(body, **more), own=own, file_name="x.warc")


def test_a_response_becomes_a_capture() -> None:
    (capture, payload, headers, _), faults = convert()
    assert capture == Capture(
        url=url_of(7),
        fetched_at=datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC),
        origin=Origin.WARC,
        status=200,
        content_type=HTML[1],
        body=BODY,
        digest=digest_of(BODY),
        source="x.warc",
    )
    assert (payload, headers, faults) == (BODY, (HTML,), [])


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        (DATE, "2024-05-06T07:08:09"),
        ("2024-05-06T07:08:09.123456789Z", "2024-05-06T07:08:09"),
        ("2024-05-06T14:08:09+07:00", "2024-05-06T07:08:09"),
        ("2024-05-06T07:08:09", "2024-05-06T07:08:09"),
        ("2024-05-06T07:08Z", "2024-05-06T07:08:00"),
        ("2024-05-06", "2024-05-06T00:00:00"),
        ("900-05-06T07:08:09Z", "0900-05-06T07:08:09"),  # written before years were padded
    ],
)
def test_dates(date: str, expected: str) -> None:
    assert warc_date(date).isoformat() == f"{expected}+00:00"


@pytest.mark.parametrize(
    "date", [None, "", "soon", "2024-02-30T00:00:00Z", "0001-01-01T00:00:00+14:00"]
)
def test_invalid_dates(date: str | None) -> None:
    with pytest.raises(UnusableRecordError, match="expected a WARC-Date"):
        warc_date(date)


def test_extension_fields_are_trusted_only_with_own() -> None:
    trusted, stranger = (convert(own=own, fields=OURS).incoming.capture for own in (True, False))
    assert (trusted.origin, trusted.source) == (Origin.CORPUS, "data/ก\t_1.txt")
    assert (trusted.scope, trusted.cut) == (Scope.INDUSTRY, "the disk was full")
    assert (stranger.origin, stranger.source) == (Origin.WARC, "x.warc")
    assert (stranger.scope, stranger.cut) == (None, None)


@pytest.mark.parametrize("status", ["99999999999999999999 OK", "OK"])
def test_a_response_without_a_status_is_unusable(status: str) -> None:
    with pytest.raises(UnusableRecordError, match="expected an HTTP status"):
        convert(status=status)


def chunked(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


@pytest.mark.parametrize(
    ("content", "payload", "headers"),
    [
        (gzip.compress(BODY), gzip.compress(BODY), (HTML, ENCODED)),
        (chunked(BODY), BODY, (HTML, CHUNKED)),
        (BODY, BODY, (HTML, CHUNKED)),
        (BODY, BODY, (HTML, ENCODED)),
        (chunked(gzip.compress(BODY)), gzip.compress(BODY), (HTML, ENCODED, CHUNKED)),
        (brotli.compress(BODY), brotli.compress(BODY), (HTML, ("Content-Encoding", "br"))),
        (gzip.compress(gzip.compress(BODY)),) * 2 + ((HTML, ENCODED),),
    ],
)
def test_codings_are_undone(
    content: bytes, payload: bytes, headers: tuple[tuple[str, str], ...]
) -> None:
    found, faults = convert(content, headers=headers)
    assert (found.capture.body, found.payload, faults) == (BODY, payload, [])
    assert found.headers == tuple(header for header in headers if header != CHUNKED)


def test_own_records_are_never_unchunked() -> None:
    found, _ = convert(chunked(BODY), own=True, headers=(HTML, CHUNKED), fields=OURS)
    assert found.payload == chunked(BODY)


@pytest.mark.parametrize(
    ("headers", "fields", "cut"),
    [
        ((HTML,), {"WARC-Truncated": "length"}, "the record's writer cut it (length)"),
        ((HTML, ("Content-Length", "9999")), {}, "1,600 of 9,999 bytes received"),
        ((HTML, CHUNKED, ("Content-Length", "9999")), {}, None),
    ],
)
def test_missing_bytes(
    headers: tuple[tuple[str, str], ...], fields: dict[str, str], cut: str | None
) -> None:
    found, faults = convert(b"x" * 1_600, headers=headers, fields=fields)
    assert (found.capture.cut or "").startswith(cut or "")
    assert [fault.kind for fault in faults] == ["truncated"] * (cut is not None)


@pytest.mark.parametrize(
    "digest",
    [
        f"sha256:{sha256(gzip.compress(BODY, mtime=0)).hexdigest()}",
        f"sha1:{sha1(gzip.compress(BODY, mtime=0)).hexdigest().upper()}",
        f"sha1:{sha1(BODY).hexdigest()}",
        "blake9:whatever",
    ],
)
def test_digests_in_every_known_form(digest: str) -> None:
    content = gzip.compress(BODY, mtime=0)
    fields = {"WARC-Payload-Digest": digest}
    assert convert(content, headers=(HTML, ENCODED), fields=fields).faults == []


@pytest.mark.parametrize("own", [True, False])
def test_a_revisit_keeps_the_original_bytes(*, own: bool) -> None:
    original = convert(gzip.compress(BODY), headers=(HTML, ENCODED)).incoming
    for status, expected in (("200 OK", 200), ("404 Gone", 404), ("304 Not Modified", 200)):
        revisit = record(
            b"", kind="revisit", status=status, date="2025-01-01T00:00:00Z", fields=OURS
        )
        found = revisit_to_capture(revisit, original, own=own, file_name="y.warc")
        assert found.capture == original.capture.model_copy(
            update={
                "fetched_at": datetime(2025, 1, 1, tzinfo=UTC),
                "status": expected,
                "origin": Origin.CORPUS if own else Origin.WARC,
                "source": "data/ก\t_1.txt" if own else "y.warc",
                "scope": Scope.INDUSTRY if own else None,
                "cut": OURS["X-Thaigov-Cut"] if own else None,
            }
        )
        assert (found.payload, found.headers) == (original.payload, original.headers)
