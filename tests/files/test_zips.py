"""Odd and damaged zip files: a fault affects only the member that has it."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import TYPE_CHECKING

import pytest

from scraper.files.zips import DamagedZipError, ZipEntry, open_zip_entry, zip_entries
from tests.files.odd_archives import ENCRYPTED, UTF8, ZipMaker, deflate, zip_bomb

if TYPE_CHECKING:
    from pathlib import Path

METHODS = {
    zipfile.ZIP_STORED: "stored",
    zipfile.ZIP_DEFLATED: "deflated",
    zipfile.ZIP_BZIP2: "bzip2",
    zipfile.ZIP_LZMA: "lzma",
}
TEXT = b"text " * 5_000


def read(content: bytes) -> dict[str, bytes | str]:
    """Return the content or the fault of each member by name; ``(whole)`` is the file itself."""
    file = io.BytesIO(content)
    found: dict[str, bytes | str] = {}
    for item in list(zip_entries(file)):
        if isinstance(item, str):
            found["(whole)"] = item
            continue
        try:
            with open_zip_entry(file, item, checked=True) as member:
                found[item.name] = member.read()
        except Exception as error:  # noqa: BLE001
            found[item.name] = str(error)
    return found


@pytest.mark.parametrize("method", METHODS, ids=METHODS.get)
def test_every_method_of_zipfile(method: int, tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("ก.txt", TEXT)
        archive.writestr("empty.txt", b"")
        archive.mkdir("folder") if hasattr(archive, "mkdir") else None
    found = read(path.read_bytes())
    assert (found["ก.txt"], found["empty.txt"]) == (TEXT, b"")
    # A self-extractor may precede it.
    assert read(b"#!/bin/sh\n" * 99 + path.read_bytes())["ก.txt"] == TEXT


def test_member_names_in_every_charset() -> None:
    thai = "ข่าว.txt"
    maker = ZipMaker()
    maker.add(thai.encode(), b"1", flags=UTF8)
    maker.add(thai.encode("cp874") + b"2", b"2", flags=UTF8)  # the flag says otherwise
    maker.add(thai.encode("cp874") + b"3", b"3")
    maker.add(b"\xdb\xfc\xfd.txt", b"4", flags=UTF8)  # neither UTF-8 nor Thai
    maker.add(b"folder\\x.txt", b"5")
    maker.add(b"", b"6")
    maker.add(b"x.txt\0.exe", b"7")
    named = b"\x01\0\0\0\0" + thai.encode() + b"8"
    maker.add(b"old.txt", b"8", extra=struct.pack("<HH", 0x7075, len(named)) + named)
    found = read(maker.content)
    assert list(found.values()) == [b"1", b"2", b"3", b"4", b"5", b"6", b"7", b"8"]
    names = list(found)
    assert names[:3] == [thai, thai + "2", thai + "3"]
    assert names[4:] == ["folder/x.txt", "", "x.txt", thai + "8"]


def test_unreadable_members_are_reported_and_the_others_read() -> None:
    maker = ZipMaker().add(b"first.txt", TEXT)
    maker.add(b"secret.txt", b"x" * 20, flags=ENCRYPTED)
    maker.add(b"odd.txt", b"x", method=9)
    maker.add(b"link.txt", b"/etc/passwd", mode=0o120777)
    maker.add(b"pipe.txt", b"", mode=0o010644)
    maker.add(b"sum.txt", b"text", crc=1)
    maker.add(b"longer.txt", TEXT, coded=deflate(TEXT), method=8, size=10)
    maker.add(b"shorter.txt", TEXT, coded=deflate(TEXT), method=8, size=1 << 20)
    maker.add(b"cut.txt", TEXT, coded=deflate(TEXT)[:20], method=8)
    maker.add(b"lzma.txt", TEXT, coded=b"\x09\x04\x05\x00\xff" * 9, method=14)
    maker.add(b"lzma2.txt", TEXT, coded=b"\x09\x04\x05\x00\x5d\xff\xff\xff\xff" * 9, method=14)
    maker.add(b"bzip2.txt", TEXT, coded=b"BZh9 damaged", method=12)
    maker.add(b"far.txt", b"text", offset=1 << 30)
    maker.add(b"last.txt", TEXT)
    found = read(maker.content)
    assert found.pop("first.txt") == found.pop("last.txt") == TEXT
    assert "(whole)" not in found
    faults = {name: str(fault) for name, fault in found.items()}
    assert "encrypted" in faults["secret.txt"]
    assert "method 9" in faults["odd.txt"]
    assert faults["link.txt"] == "a link; not read"
    assert "a device" in faults["pipe.txt"]
    assert "checksum" in faults["sum.txt"]
    assert "more than the 10 bytes in its header" in faults["longer.txt"]
    assert "25,000 bytes instead of the 1,048,576 in its header" in faults["shorter.txt"]
    assert "end early" in faults["cut.txt"]
    assert "header is damaged" in faults["lzma.txt"]
    assert "dictionary of 4,294,967,295" in faults["lzma2.txt"]
    assert faults["bzip2.txt"]
    assert "no member begins" in faults["far.txt"]
    assert len(faults) == 12


def test_two_members_of_the_same_name_are_both_read() -> None:
    file = io.BytesIO(ZipMaker().add(b"x.txt", b"one").add(b"x.txt", b"two").content)
    both = [item for item in zip_entries(file) if isinstance(item, ZipEntry)]
    assert [open_zip_entry(file, entry).read() for entry in both] == [b"one", b"two"]


def test_members_that_share_bytes_are_refused() -> None:
    maker = ZipMaker().add(b"kernel", b"text")
    for n in range(3):
        maker.add(b"%d.txt" % n, b"text", offset=0)
    faults = [
        item.fault for item in zip_entries(io.BytesIO(maker.content)) if isinstance(item, ZipEntry)
    ]
    assert [bool(fault) for fault in faults].count(True) == 3


def test_inserted_bytes_cost_only_the_member_they_are_in() -> None:
    whole = ZipMaker().add(b"1.txt", TEXT).add(b"2.txt", TEXT).add(b"3.txt", TEXT).content
    middle = len(whole) // 2
    found = read(whole[:middle] + b"garbage" * 99 + whole[middle:])
    assert (found["1.txt"], found["3.txt"]) == (TEXT, TEXT)
    assert "checksum" in str(found["2.txt"])


def test_a_truncated_zip_file_is_read_from_its_beginning() -> None:
    whole = ZipMaker().add(b"1.txt", TEXT).add(b"2.txt", b"two" * 99).content
    found = read(whole[:-30])
    assert (
        found["(whole)"]
        == "its table of contents is missing; 2 members were found from its beginning"
    )
    assert (found["1.txt"], found["2.txt"]) == (TEXT, b"two" * 99)
    cut = read(whole[: len(TEXT) + 150])
    assert cut["1.txt"] == TEXT
    assert str(cut["2.txt"])
    damaged = bytearray(whole)
    second = whole.rindex(b"PK\1\2")
    damaged[second : second + 4] = b"junk"
    assert read(bytes(damaged))["1.txt"] == TEXT
    assert "1 members before it were read" in str(read(bytes(damaged))["(whole)"])


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\3\4", b"no zip" * 999])
def test_other_files_raise(content: bytes) -> None:
    with pytest.raises(DamagedZipError):
        list(zip_entries(io.BytesIO(content)))


@pytest.mark.parametrize("end", [b"\xff" * 12, bytes(4) + b"\xff" * 8])
def test_false_sizes_in_the_end_record(end: bytes) -> None:
    whole = bytearray(ZipMaker().add(b"1.txt", TEXT).content)
    whole[-14:-2] = end
    assert read(bytes(whole))["1.txt"] == TEXT


@pytest.mark.parametrize("method", [8, 12, 14])
def test_decompression_stops_at_the_declared_size(method: int) -> None:
    file = io.BytesIO(
        ZipMaker()
        .add(b"x.txt", b"", coded=zip_bomb(method, 64 << 20), method=method, size=100)
        .content
    )
    (entry,) = (item for item in zip_entries(file) if isinstance(item, ZipEntry))
    with pytest.raises(Exception, match="more than the 100 bytes"):
        open_zip_entry(file, entry).read(1 << 20)
