"""Content codings of bodies, and headers that contradict them."""

from __future__ import annotations

import gzip
import time
import zlib
from typing import TYPE_CHECKING

import brotli
import pytest
from backports import zstd

from scraper.warc import formats
from scraper.warc.content_encoding import MAX_BYTES, DecodedContent, decode_content, unchunk
from scraper.warc.formats import MAX_PARTS

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT = "ข่าวของกระทรวง ".encode() * 9_000


def raw_deflate(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(data) + stream.flush()


CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "X-Gzip": gzip.compress,
    "deflate": zlib.compress,
    "Deflate": raw_deflate,
    "br": lambda data: brotli.compress(data, quality=1),
    "zstd": zstd.compress,
}


@pytest.mark.parametrize("name", CODINGS)
@pytest.mark.parametrize("body", [TEXT, b"", b"<p>short"], ids=["long", "empty", "short"])
def test_encoded_bodies_are_decoded_and_plain_ones_kept(name: str, body: bytes) -> None:
    assert decode_content(CODINGS[name](body), name) == DecodedContent(body)
    assert decode_content(body, name).body == body


@pytest.mark.parametrize(
    ("payload", "header"),
    [
        (TEXT, ""),
        (TEXT, "identity"),
        (gzip.compress(TEXT), ""),  # the header was lost
        (gzip.compress(gzip.compress(TEXT)), "gzip"),  # as replayed by the Internet Archive
        (gzip.compress(gzip.compress(TEXT)), "gzip, gzip"),
        (brotli.compress(gzip.compress(TEXT)), "gzip, br"),
        (gzip.compress(TEXT[:99]) + gzip.compress(TEXT[99:]), "gzip"),
        (gzip.compress(TEXT) + b"\0" * 20, "gzip"),
        (zstd.compress(TEXT[:99]) + zstd.compress(TEXT[99:]), "zstd"),
    ],
)
def test_nested_and_unnamed_codings(payload: bytes, header: str) -> None:
    found = decode_content(payload, header)
    assert (found.body, found.cut, found.fault) == (TEXT, None, None)


@pytest.mark.parametrize("name", CODINGS)
def test_a_truncated_payload_is_decoded_as_far_as_possible(name: str) -> None:
    noise = b"".join(bytes([n * n % 251, n % 97, n * 7 % 256]) for n in range(90_000))
    body, cut, fault, _ = decode_content(CODINGS[name](noise)[:-2_000], name)
    assert cut or fault
    assert noise.startswith(body) or body == CODINGS[name](noise)[:-2_000]


def test_an_unknown_coding_is_a_fault() -> None:
    found = decode_content(b"\0\1", "dcb")
    assert found.body == b"\0\1"
    assert "unknown content coding 'dcb'" in (found.fault or "")


@pytest.mark.parametrize("name", CODINGS)
def test_decompression_stops_at_the_size_limit(name: str) -> None:
    found = decode_content(CODINGS[name](b"\0" * (3 * MAX_BYTES)), name)
    assert MAX_BYTES < len(found.body) < 1.1 * MAX_BYTES
    assert "the rest is dropped" in (found.cut or "")


@pytest.mark.parametrize(
    ("content", "body", "is_whole"),
    [
        (b"5\r\nhello\r\n0\r\n\r\n", b"hello", True),
        (b"5;x=y\r\nhello\r\n00A\r\n0123456789\r\n0\r\n", b"hello0123456789", True),
        (b"0\r\n\r\n", b"", True),
        (b"", b"", True),
        (b"<p>no chunks", b"<p>no chunks", True),
        (b"2568\r\nis the first line of a text", b"2568\r\nis the first line of a text", True),
        (b"5\r\nhello\r\n9\r\nwor", b"hellowor", False),
        (b"5\r\nhello\r\n", b"hello", False),
    ],
)
def test_unchunk(content: bytes, body: bytes, *, is_whole: bool) -> None:
    found = unchunk(content)
    assert found.body == body
    assert (found.cut is None) is is_whole


def with_wrong_checksum(data: bytes) -> bytes:
    coded = gzip.compress(data)
    return coded[:-8] + bytes(byte ^ 0xFF for byte in coded[-8:-4]) + coded[-4:]


@pytest.mark.parametrize(
    ("payload", "header", "note"),
    [
        (TEXT, "none", "'none' is not a content coding"),
        (TEXT, "utf-8", "'utf-8' is not a content coding"),
        (TEXT, "klingon, gzip", "the bytes are not compressed"),
        (TEXT, "gzip", "the bytes are not compressed"),
        (TEXT, "br", "the bytes are not compressed"),
        (TEXT.decode().encode("utf-16"), "gzip", "the bytes are not compressed"),
        (gzip.compress(TEXT), "none", "the bytes are gzip"),
        (zlib.compress(TEXT), "none", "the bytes are deflate"),
        (raw_deflate(TEXT), "utf-8", "the bytes are deflate"),
        (brotli.compress(TEXT), "binary", "the bytes are br"),
        (gzip.compress(TEXT), "br", "the bytes are gzip"),
        (gzip.compress(TEXT), "deflate", "the bytes are gzip"),
        (zlib.compress(TEXT), "gzip", "the bytes are deflate"),
        (raw_deflate(TEXT), "gzip", "the bytes are deflate"),
        (brotli.compress(TEXT), "gzip", "the bytes are br"),
        (zstd.compress(TEXT), "gzip", "the bytes are zstd"),
        (zstd.compress(TEXT), "", "the bytes are zstd"),
    ],
)
def test_the_bytes_decide_if_the_header_is_wrong(payload: bytes, header: str, note: str) -> None:
    found = decode_content(payload, header)
    assert found.body in {TEXT, payload}
    assert (found.body == payload) is ("compressed" in note or "not a content" in note)
    assert (found.cut, found.fault) == (None, None)
    assert note in (found.note or "")


@pytest.mark.parametrize("header", ["", "identity", "gzip;q=1", " GZIP ", "identity, gzip"])
def test_a_correct_header_gives_no_note(header: str) -> None:
    payload = gzip.compress(TEXT) if "gzip" in header.lower() else TEXT
    assert decode_content(payload, header) == DecodedContent(TEXT)


def test_a_wrong_checksum_of_complete_bytes_is_a_fault() -> None:
    found = decode_content(with_wrong_checksum(TEXT), "gzip")
    assert (found.body, found.cut) == (TEXT, None)
    assert "the checksum is wrong" in (found.fault or "")


@pytest.mark.parametrize(
    ("payload", "header"),
    [
        (gzip.compress(TEXT)[:-1], "gzip"),
        (gzip.compress(TEXT)[:-8], "gzip"),
        (gzip.compress(TEXT)[:6], "gzip"),
        (gzip.compress(TEXT)[:-100], ""),
        (gzip.compress(gzip.compress(TEXT)[:-9]), "gzip"),
        (zlib.compress(TEXT)[:-4], "deflate"),
        (gzip.compress(TEXT) + gzip.compress(TEXT)[:-9], "gzip"),
        (gzip.compress(b"") * (MAX_PARTS + 1), "gzip"),
        (zstd.compress(b"") * (MAX_PARTS + 1), "zstd"),
    ],
)
def test_truncated_data_is_reported_as_cut(payload: bytes, header: str) -> None:
    assert decode_content(payload, header).cut is not None


@pytest.mark.parametrize("empty", [gzip.compress(b""), zstd.compress(b"")])
def test_time_is_linear_in_the_number_of_empty_members(
    empty: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formats, "MAX_PARTS", 1 << 30)

    def seconds(count: int) -> float:
        started = time.process_time()
        decode_content(empty * count)
        return time.process_time() - started

    assert seconds(40_000) < 3 * seconds(20_000) + 0.2
