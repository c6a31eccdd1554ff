"""Compressed parts of WARC files: zstd with and without a dictionary, tiny and empty parts."""

from __future__ import annotations

import gzip
import time
from io import BytesIO
from random import Random

import pytest
from backports import zstd

from scraper.warc.record import Record
from scraper.warc.records import DamagedPlace, read_records
from tests.imports.warcs import WarcMaker, url_of

BODIES = {url_of(number): Random(number).randbytes(9_000) for number in range(1, 6)}


def plain_records() -> list[bytes]:
    maker = WarcMaker(gzip=False)
    for url, body in BODIES.items():
        maker.add(url, body)
    ends = [*maker.starts[1:], len(maker.content)]
    return [maker.content[a:b] for a, b in zip(maker.starts, ends, strict=True)]


RECORDS = plain_records()
DICTIONARY = zstd.train_dict([*RECORDS, *(r[:700] for r in RECORDS * 20)], 4_000)


def skippable(content: bytes, kind: int = 0) -> bytes:
    return (0x184D2A50 + kind).to_bytes(4, "little") + len(content).to_bytes(4, "little") + content


def frames(dictionary: zstd.ZstdDict | None = None) -> list[bytes]:
    return [zstd.compress(record, zstd_dict=dictionary) for record in RECORDS]


WITH_DICTIONARY = b"".join(frames(DICTIONARY))
PACKINGS = {
    "one frame per record": b"".join(frames()),
    "one frame": zstd.compress(b"".join(RECORDS)),
    "skippable frames between": skippable(b"x" * 99).join(frames()),
    "empty frames between": zstd.compress(b"").join(frames()),
    "a dictionary": skippable(DICTIONARY.dict_content, 13) + WITH_DICTIONARY,
    "a compressed dictionary": skippable(zstd.compress(DICTIONARY.dict_content), 13)
    + WITH_DICTIONARY,
    "frames and members": b"".join(frames()[:2] + [gzip.compress(r) for r in RECORDS[2:]]),
}


def read(content: bytes) -> tuple[dict[str, bytes | None], list[DamagedPlace]]:
    found = list(read_records(BytesIO(content), lambda _fields: True))
    records = [item for item in found if isinstance(item, Record)]
    damages = [item for item in found if isinstance(item, DamagedPlace)]
    return {r.fields.get_header("WARC-Target-URI"): r.content for r in records}, damages


@pytest.mark.parametrize("packing", PACKINGS)
def test_zstd_files_are_read(packing: str) -> None:
    assert read(PACKINGS[packing]) == (BODIES, [])


@pytest.mark.parametrize("cut", [1, 200, 5_000])
def test_a_truncated_zstd_file_loses_its_last_record(cut: int) -> None:
    kept, (damage,) = read(PACKINGS["a dictionary"][:-cut])
    assert list(kept) == list(BODIES)[:-1]
    assert "zstd frame" in damage.reason


def test_a_damaged_frame_costs_its_record_only() -> None:
    parts = frames()
    content = bytearray(b"".join(parts))
    place = len(parts[0]) + 40
    content[place : place + 20] = b"\xff" * 20
    kept, damages = read(bytes(content))
    assert set(BODIES) - set(kept) <= {url_of(2)}
    assert len(damages) <= 1


@pytest.mark.parametrize(
    "dictionary", [zstd.compress(b"x" * 99)[:-4], b"\x37\xa4\x30\xec\0\0\0", b""]
)
def test_an_unreadable_dictionary_is_reported(dictionary: bytes) -> None:
    kept, damages = read(skippable(dictionary, 13) + WITH_DICTIONARY)
    assert kept == {}
    assert damages
    assert "zstd" in damages[0].reason


def test_a_missing_dictionary_is_reported() -> None:
    kept, (damage,) = read(WITH_DICTIONARY)
    assert (kept, damage.resumed) == ({}, None)
    assert "zstd" in damage.reason


def head(length: int) -> bytes:
    return b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: %d\r\n\r\n" % length


STORED = b"\0" + len(head(9**9)).to_bytes(2, "little")
STORED += (len(head(9**9)) ^ 0xFFFF).to_bytes(2, "little") + head(9**9)
SLOW = {
    "empty gzip members": gzip.compress(b""),
    "empty zstd frames": zstd.compress(b""),
    "skippable frames": skippable(b""),
    "lengths beyond the end": head(9**9),
    "lengths within the file": head(200_001),
    "gzip marks": b"\x1f\x8b\x08",
    "zstd marks": b"\x28\xb5\x2f\xfd",
    "members that swallow the next": b"\x1f\x8b\x08\0\0\0\0\0\0\x03" + STORED + b"\0\x3c\0\xc3\xff",
    "heads without end": b"WARC/1.0\r\nA: b\r\n",
}


def seconds(part: bytes, count: int) -> float:
    content = BytesIO(part * count + b"x" * 300_000)
    started = time.process_time()
    for _ in read_records(content, lambda _fields: True):
        pass
    return time.process_time() - started


@pytest.mark.parametrize("kind", SLOW)
def test_time_is_linear_in_the_size_of_the_file(kind: str) -> None:
    once, twice = seconds(SLOW[kind], 5_000), seconds(SLOW[kind], 10_000)
    assert twice < 3 * once + 0.2
