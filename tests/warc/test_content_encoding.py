"""Codings of bodies, and headers that do not tell the truth about them."""

from __future__ import annotations

import gzip
import time
import zlib

import brotli
import pytest
from backports import zstd

from scraper.warc import formats
from scraper.warc.content_encoding import MAX_BYTES, Decoded, decode_content, unchunk
from scraper.warc.formats import MAX_PARTS

TEXT = "ข่าวของกระทรวง ".encode() * 9_000


def raw_deflate(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(data) + stream.flush()


CODINGS = {
    "gzip": gzip.compress,
    "X-Gzip": gzip.compress,
    "deflate": zlib.compress,
    "Deflate": raw_deflate,
    "br": brotli.compress,
    "zstd": zstd.compress,
}


@pytest.mark.parametrize("name", CODINGS)
@pytest.mark.parametrize("body", [TEXT, b"", b"<p>short"], ids=["long", "empty", "short"])
def test_what_was_coded_is_undone_and_what_was_not_is_left(name: str, body: bytes) -> None:
    assert decode_content(CODINGS[name](body), name) == Decoded(body)
    assert decode_content(body, name).body == body


@pytest.mark.parametrize(
    ("payload", "header"),
    [
        (TEXT, ""),
        (TEXT, "identity"),
        (gzip.compress(TEXT), ""),  # the header was lost
        (gzip.compress(gzip.compress(TEXT)), "gzip"),  # known of the Internet Archive
        (gzip.compress(gzip.compress(TEXT)), "gzip, gzip"),
        (brotli.compress(gzip.compress(TEXT)), "gzip, br"),
        (gzip.compress(TEXT[:99]) + gzip.compress(TEXT[99:]), "gzip"),
        (gzip.compress(TEXT) + b"\0" * 20, "gzip"),
        (zstd.compress(TEXT[:99]) + zstd.compress(TEXT[99:]), "zstd"),
    ],
)
def test_codings_in_a_row_and_without_a_header(payload: bytes, header: str) -> None:
    found = decode_content(payload, header)
    assert (found.body, found.cut, found.fault) == (TEXT, None, None)


@pytest.mark.parametrize("name", CODINGS)
def test_a_cut_payload_gives_what_it_has_with_a_fault(name: str) -> None:
    noise = b"".join(bytes([n * n % 251, n % 97, n * 7 % 256]) for n in range(90_000))
    body, cut, fault, _ = decode_content(CODINGS[name](noise)[:-2_000], name)
    assert cut or fault
    assert noise.startswith(body) or body == CODINGS[name](noise)[:-2_000]


def test_an_unknown_coding_is_a_fault() -> None:
    found = decode_content(b"\0\1", "dcb")
    assert found.body == b"\0\1"
    assert "unknown content coding 'dcb'" in (found.fault or "")


@pytest.mark.parametrize("name", CODINGS)
def test_a_bomb_is_defused(name: str) -> None:
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
def test_chunks(content: bytes, body: bytes, *, is_whole: bool) -> None:
    found = unchunk(content)
    assert found.body == body
    assert (found.cut is None) is is_whole


def with_wrong_checksum(data: bytes) -> bytes:
    coded = gzip.compress(data)
    return coded[:-8] + bytes(byte ^ 0xFF for byte in coded[-8:-4]) + coded[-4:]


@pytest.mark.parametrize(
    ("payload", "header", "told"),
    [
        (TEXT, "none", "'none' is not a content coding"),
        (TEXT, "utf-8", "'utf-8' is not a content coding"),
        (TEXT, "klingon, gzip", "the bytes are not compressed"),
        (TEXT, "gzip", "the bytes are not compressed"),
        (TEXT, "br", "the bytes are not compressed"),
        (TEXT.decode().encode("utf-16"), "gzip", "the bytes are not compressed"),
        (gzip.compress(TEXT), "none", "the bytes are gzip"),
        (gzip.compress(TEXT), "br", "the bytes are gzip"),
        (gzip.compress(TEXT), "deflate", "the bytes are gzip"),
        (zlib.compress(TEXT), "gzip", "the bytes are deflate"),
        (raw_deflate(TEXT), "gzip", "the bytes are deflate"),
        (brotli.compress(TEXT), "gzip", "the bytes are br"),
        (zstd.compress(TEXT), "gzip", "the bytes are zstd"),
        (zstd.compress(TEXT), "", "the bytes are zstd"),
    ],
)
def test_bytes_are_read_as_what_they_are_and_the_header_is_named(
    payload: bytes, header: str, told: str
) -> None:
    found = decode_content(payload, header)
    assert found.body in {TEXT, payload}
    assert (found.body == payload) is ("compressed" in told or "not a content" in told)
    assert (found.cut, found.fault) == (None, None)
    assert told in (found.note or "")


@pytest.mark.parametrize("header", ["", "identity", "gzip;q=1", " GZIP ", "identity, gzip"])
def test_a_right_header_has_no_note(header: str) -> None:
    payload = gzip.compress(TEXT) if "gzip" in header.lower() else TEXT
    assert decode_content(payload, header) == Decoded(TEXT)


def test_a_wrong_checksum_is_a_fault_of_bytes_that_are_all_there() -> None:
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
def test_what_ends_early_is_cut(payload: bytes, header: str) -> None:
    assert decode_content(payload, header).cut is not None


@pytest.mark.parametrize("empty", [gzip.compress(b""), zstd.compress(b"")])
def test_empty_members_and_frames_cost_their_size(
    empty: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formats, "MAX_PARTS", 1 << 30)

    def seconds(count: int) -> float:
        begun = time.process_time()
        decode_content(empty * count)
        return time.process_time() - begun

    assert seconds(40_000) < 3 * seconds(20_000) + 0.2
