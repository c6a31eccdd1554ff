"""Finding records in every packing; damage of any kind loses only its own record."""

from __future__ import annotations

import gzip
import tracemalloc
from io import BytesIO
from random import Random
from typing import Any

import pytest

from scraper.warc import records
from scraper.warc.record import Record
from scraper.warc.records import DamagedPlace, read_records
from tests.imports.warcs import WarcMaker, url_of

NUMBERS = range(1, 9)
RANDOM = Random(2568)


def body_of(number: int) -> bytes:
    return Random(number).randbytes(3_000) + b"\r\n\r\nWARC/1.0 is not the start of a record\r\n"


def packed(*, gzip: bool) -> WarcMaker:
    maker = WarcMaker(gzip=gzip)
    for number in NUMBERS:
        maker.add(number, body_of(number))
    return maker


def read(content: bytes, **arguments: Any) -> tuple[dict[str, bytes | None], list[DamagedPlace]]:
    wanted = arguments.pop("wanted", lambda _fields: True)
    found = list(read_records(BytesIO(content), wanted, **arguments))
    kept = {
        record.fields.get_header("WARC-Target-URI"): record.content
        for record in found
        if isinstance(record, Record)
    }
    return kept, [item for item in found if isinstance(item, DamagedPlace)]


def all_records(*without: int) -> dict[str, bytes]:
    return {url_of(number): body_of(number) for number in NUMBERS if number not in without}


PACKINGS = {
    "gzip members": packed(gzip=True).content,
    "plain": packed(gzip=False).content,
    "one gzip member": gzip.compress(packed(gzip=False).content),
    "an empty member at the end": packed(gzip=True).content + gzip.compress(b""),
}


@pytest.mark.parametrize("packing", PACKINGS)
def test_every_packing_gives_every_record(packing: str) -> None:
    assert read(PACKINGS[packing]) == (all_records(), [])


@pytest.mark.parametrize("is_gzip", [True, False])
def test_reading_can_start_at_any_record(is_gzip: bool) -> None:
    maker = packed(gzip=is_gzip)
    found = list(read_records(BytesIO(maker.content), lambda _: True))
    assert [item.offset for item in found if isinstance(item, Record)] == maker.starts
    for start in maker.starts:
        (again, *_) = read_records(BytesIO(maker.content), lambda _: True, start)
        assert isinstance(again, Record)
        assert again.offset == start


def test_only_wanted_records_are_returned() -> None:
    kept, damage = read(
        PACKINGS["plain"],
        wanted=lambda fields: fields.get_header("WARC-Target-URI") == url_of(3),
    )
    assert (kept, damage) == ({url_of(3): body_of(3)}, [])


@pytest.mark.parametrize("is_gzip", [True, False])
def test_garbage_between_records_costs_no_record(is_gzip: bool) -> None:
    maker = packed(gzip=is_gzip)
    start = maker.starts[4]
    for garbage in (b"\0" * 500, RANDOM.randbytes(70_000), b"\x1f\x8b\x08" * 100):
        content = maker.content[:start] + garbage + maker.content[start:]
        kept, (damage,) = read(content)
        assert kept == all_records()
        assert (damage.offset, damage.resumed) == (start, start + len(garbage))


def test_flipped_bytes_cost_their_record_only() -> None:
    maker = packed(gzip=True)
    for position in range(0, len(maker.content) - 8, 97):
        content = bytearray(maker.content)
        content[position] ^= 0x55
        hit = max(n for n, start in enumerate(maker.starts, 1) if start <= position)
        kept, damage = read(bytes(content))
        # Some header bytes of a gzip member, such as its time, have no effect.
        if damage:
            assert kept == all_records(hit), position
            assert [item.offset for item in damage] == [maker.starts[hit - 1]]
        else:
            assert kept == all_records()


def test_plain_records_with_a_wrong_length_cost_their_record_only() -> None:
    maker = packed(gzip=False)
    for wrong in (b"Content-Length: 30", b"Content-Length: 99", b"Content-Length: x1"):
        head, length, rest = maker.content[maker.starts[2] :].partition(b"Content-Length: 31")
        assert length
        kept, (damage,) = read(maker.content[: maker.starts[2]] + head + wrong + rest)
        assert kept == all_records(3)
        assert (damage.offset, damage.resumed) == (maker.starts[2], maker.starts[3])


@pytest.mark.parametrize("is_gzip", [True, False])
@pytest.mark.parametrize("cut", [1, 5, 700, 2_500])
def test_a_cut_end_costs_the_last_record(is_gzip: bool, cut: int) -> None:
    maker = packed(gzip=is_gzip)
    kept, damage = read(maker.content[:-cut])
    if not is_gzip and cut <= len(b"\r\n\r\n"):  # only the empty lines after it are cut
        assert (kept, damage) == (all_records(), [])
        return
    assert kept == all_records(8)
    assert [(d.offset, d.resumed) for d in damage] == [(maker.starts[7], None)]


@pytest.mark.parametrize("content", [b"%PDF-1.7\n" * 900, b"\x1f\x8b\x08nothing", b"{}", b"\n"])
def test_a_file_without_a_record_is_damaged_from_the_start(content: bytes) -> None:
    kept, (damage,) = read(content)
    assert kept == {}
    assert (damage.offset, damage.resumed) == (0, None)


def test_an_empty_file_has_no_records() -> None:
    assert read(b"") == ({}, [])


def test_arc_files_are_read_with_the_fields_of_a_warc() -> None:
    html = b"<p>an old page</p>"
    block = b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + html
    version = b"1 0 test\nURL IP-address Archive-date Content-type Archive-length\n"
    members = [
        b"filedesc://x.arc.gz 0.0.0.0 20080430204825 text/plain %d\n%s\n" % (len(version), version),
        b"http://thaigov.go.th/news/contents/details/5 10.0.0.1 20080430204826 text/html %d\n%s\n"
        % (len(block), block),
    ]
    for content in (b"".join(map(gzip.compress, members)), b"".join(members)):
        _, page = read_records(BytesIO(content), lambda _: True)
        assert isinstance(page, Record)
        assert (page.kind, page.content) == ("response", html)
        assert page.fields.get_header("WARC-Date") == "2008-04-30T20:48:26Z"
        assert page.http is not None


def test_a_large_unwanted_record_is_never_in_memory() -> None:
    maker = WarcMaker().add("https://example.org/film.mp4", b"\0" * (40 << 20)).add(2)
    content = maker.content
    tracemalloc.start()
    kept, damage = read(content, wanted=lambda f: "film" not in f.get_header("WARC-Target-URI"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (list(kept), damage) == ([url_of(2)], [])
    assert peak < 2_000_000


def test_a_record_over_the_size_limit_has_no_content(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "MAX_BYTES", 10_000)
    maker = WarcMaker().add(1, b"x" * 20_000).add(2, b"y")
    assert read(maker.content) == ({url_of(1): None, url_of(2): b"y"}, [])


def test_a_header_without_end_is_damage() -> None:
    endless = b"WARC/1.0\r\nWARC-Type: response\r\n" + b"X: y\r\n" * 400_000
    kept, (damage,) = read(gzip.compress(endless) + WarcMaker().add(1).content)
    assert list(kept) == [url_of(1)]
    assert "header does not end" in damage.reason
