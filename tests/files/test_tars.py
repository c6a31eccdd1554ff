"""Odd and damaged tarballs: a fault affects only the member that has it."""

from __future__ import annotations

import gzip
import io
import tarfile
import time

import pytest

from scraper.files.tars import TarMember, tar_members
from tests.files.odd_archives import TAR_END, padded, tar_file, tar_header

MAX_BYTES = 1 << 16
LONG = "folder/" * 40 + "ก_1.txt"


def read(content: bytes) -> list[TarMember]:
    return list(tar_members(io.BytesIO(content), lambda name: name.endswith(".txt"), MAX_BYTES))


def names_read(members: list[TarMember]) -> list[str | None]:
    return [member.name for member in members if member.body is not None]


def faults(members: list[TarMember]) -> list[tuple[str | None, str]]:
    return [(member.name, member.fault) for member in members if member.fault is not None]


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT, tarfile.USTAR_FORMAT])
@pytest.mark.parametrize("compression", ["", "gz", "bz2", "xz"])
def test_every_format_of_tarfile(form: int, compression: str) -> None:
    names = ["1.txt", "b.bin", "ก.txt", "d" * 80 + "/" + "e" * 90 + ".txt"]
    names += [LONG] if form != tarfile.USTAR_FORMAT else []
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=f"w:{compression}", format=form) as archive:  # type: ignore[call-overload]
        folder = tarfile.TarInfo("folder")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        for name in names:
            info = tarfile.TarInfo(name)
            info.size = len(name.encode())
            archive.addfile(info, io.BytesIO(name.encode()))
    members = read(file.getvalue())
    assert faults(members) == []
    assert [member.name for member in members if member.is_folder] == ["folder"]
    assert [member.name for member in members if not member.is_folder] == names
    for member in members:
        if member.name in names and member.name != "b.bin":
            assert member.body == (member.name or "").encode()


def test_links_devices_and_sparse_files_are_reported_by_name() -> None:
    odd = {
        tarfile.SYMTYPE: "a link to target",
        tarfile.LNKTYPE: "a link to target",
        tarfile.CHRTYPE: "a device",
        tarfile.BLKTYPE: "a device",
        tarfile.FIFOTYPE: "a named pipe",
        tarfile.GNUTYPE_SPARSE: "a sparse file",
        b"Z": "unknown type",
    }
    content = tar_file("first.txt")
    for number, kind in enumerate(odd):
        content += tar_header(f"{number}.txt", 0, kind, "target")
    pax = b"22 GNU.sparse.major=1\n"
    content += tar_header("p", len(pax), tarfile.XHDTYPE) + padded(pax) + tar_file("sparse.txt")
    members = read(content + tar_file("last.txt") + TAR_END)
    assert names_read(members) == ["first.txt", "last.txt"]
    found = faults(members)
    assert [name for name, _ in found] == [*(f"{n}.txt" for n in range(len(odd))), "sparse.txt"]
    for (_, fault), expected in zip(found, [*odd.values(), "a sparse file"], strict=True):
        assert expected in fault


def sparse(numbers: bytes, extended: bytes = b"\0") -> bytes:
    """Return the header of an old GNU sparse file with any bytes for its numbers."""
    block = bytearray(tar_header("x.txt", 0, tarfile.GNUTYPE_SPARSE))
    block[386 : 386 + len(numbers)] = numbers
    block[482:483] = extended
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


PAX_FAULTS = [b"no record", b"99 path=x\n", b"-5 path=x\n", b"7 path\n", b"0 a=b\n", b"\xff\xfe"]
BAD = {
    "sparse numbers": sparse(b"not a number"),
    "sparse size": sparse(bytes(97) + b"not a number"),
    "sparse map without end": sparse(b"", b"\1") + (bytes(504) + b"\1" + bytes(7)) * 50,
    "checksum": tar_header("x.txt", 0)[:148] + b"0000000\0" + tar_header("x.txt", 0)[156:],
    "size": tar_header("x.txt", 0)[:124] + b"x" * 12 + tar_header("x.txt", 0)[136:],
    "size below zero": tar_header("x.bin", -5),
    "long name of a GiB": tar_header("././@LongLink", 1 << 30, tarfile.GNUTYPE_LONGNAME),
    "long name past the end": tar_header("././@LongLink", 1 << 19, tarfile.GNUTYPE_LONGNAME),
    "long link of a GiB": tar_header("././@LongLink", 1 << 30, tarfile.GNUTYPE_LONGLINK),
    "PAX header of a GiB": tar_header("p", 1 << 30, tarfile.XHDTYPE),
    "PAX header for all of a GiB": tar_header("p", 1 << 30, tarfile.XGLTYPE),
    "text past the end": tar_header("x.txt", MAX_BYTES - 1),
    "large text past the end": tar_header("x.txt", 1 << 40),
    "other file past the end": tar_header("x.bin", 1 << 40),
    "garbage": b"garbage!" * 640,
    **{
        f"PAX {fault!r}": tar_header("p", len(fault), tarfile.XHDTYPE) + padded(fault)
        for fault in PAX_FAULTS
    },
    "PAX size": tar_header("p", 16, tarfile.XHDTYPE)
    + padded(b"16 size=12345x6\n")
    + tar_header("x.bin", 0),
}


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("kind", BAD)
def test_reading_continues_at_the_next_valid_header(kind: str, *, compressed: bool) -> None:
    content = (
        tar_file("first.txt") + BAD[kind] + tar_file("last.txt") + tar_file(LONG[-9:]) + TAR_END
    )
    members = read(gzip.compress(content) if compressed else content)
    assert names_read(members) == ["first.txt", "last.txt", LONG[-9:]]
    assert faults(members)
    assert len(faults(members)) <= 2


def test_appended_tarballs_and_missing_ends() -> None:
    assert names_read(read(tar_file("1.txt") + TAR_END * 9 + tar_file("2.txt") + TAR_END)) == [
        "1.txt",
        "2.txt",
    ]
    for content, expected in {
        b"": "empty",
        b"text": "within a header at byte 0",
        tar_file("1.txt"): "without its end marker",
        tar_file("1.txt") + tar_file("2.txt")[:100]: "within a header at byte 1,024",
    }.items():
        ((name, fault),) = faults(read(content))
        assert (name, expected in fault) == (None, True)


def test_time_is_linear_in_the_number_of_false_sizes() -> None:
    def seconds(count: int) -> float:
        content = gzip.compress(tar_header("x.bin", 1 << 40) * count + TAR_END)
        started = time.process_time()
        read(content)
        return time.process_time() - started

    seconds(100)
    assert seconds(4_000) < 3 * seconds(2_000) + 0.2
