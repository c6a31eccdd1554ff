"""Builds odd and damaged zip and tar files byte by byte."""

from __future__ import annotations

import bz2
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

UTF8 = 0x800
ENCRYPTED = 0x1


def deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


class ZipMaker:
    """Builds a zip file from members with arbitrary header fields."""

    def __init__(self) -> None:
        self._members = io.BytesIO()
        self._table: list[bytes] = []

    def add(
        self,
        name: bytes,
        data: bytes = b"",
        *,
        flags: int = 0,
        method: int = 0,
        coded: bytes | None = None,
        size: int | None = None,
        crc: int | None = None,
        mode: int = 0o100644,
        offset: int | None = None,
        extra: bytes = b"",
    ) -> ZipMaker:
        """Add a member; all arguments after ``data`` are written unchecked."""
        begin = self._members.tell() if offset is None else offset
        body = data if coded is None else coded
        values = (
            zlib.crc32(data) if crc is None else crc,
            len(body),
            len(data) if size is None else size,
        )
        if offset is None:
            head = struct.pack(
                "<4s5H3L2H", b"PK\3\4", 20, flags, method, 0, 0, *values, len(name), 0
            )
            self._members.write(head + name + body)
        self._table.append(
            struct.pack(
                "<4s2B5H3L5H2L", b"PK\1\2", 20, 3, 20, flags, method, 0, 0, *values,
                len(name), len(extra), 0, 0, 0, mode << 16, begin,
            )
            + name
            + extra
        )  # fmt: skip
        return self

    @property
    def content(self) -> bytes:
        """The zip file."""
        members, table = self._members.getvalue(), b"".join(self._table)
        count = len(self._table)
        end = (b"PK\5\6", 0, 0, count, count, len(table), len(members), 0)
        return members + table + struct.pack("<4s4H2LH", *end)

    def save(self, path: Path) -> Path:
        """Write the zip file and return its path."""
        path.write_bytes(self.content)
        return path


def zip_bomb(method: int, size: int) -> bytes:
    """Return ``size`` zeros compressed by a method of zip, in bounded memory."""
    packer: Any
    if method == zipfile.ZIP_LZMA:
        packer = lzma.LZMACompressor(
            lzma.FORMAT_RAW, filters=[{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 16}]
        )
        head = struct.pack("<BBHBL", 9, 4, 5, 93, 1 << 16)
    elif method == zipfile.ZIP_BZIP2:
        packer, head = bz2.BZ2Compressor(), b""
    else:
        packer, head = zlib.compressobj(9, zlib.DEFLATED, -15), b""
    pieces = [packer.compress(bytes(1 << 20)) for _ in range(size >> 20)]
    return b"".join([head, *pieces, packer.flush()])


def tar_header(name: str, size: int, kind: bytes = tarfile.REGTYPE, link: str = "") -> bytes:
    """Return the header block of a tarball's member."""
    info = tarfile.TarInfo(name)
    info.size, info.type, info.linkname = size, kind, link
    return info.tobuf(tarfile.GNU_FORMAT, "utf-8")


def padded(data: bytes) -> bytes:
    """Pad bytes to whole tar blocks."""
    return data + bytes(-len(data) % 512)


def tar_file(name: str, data: bytes = b"text") -> bytes:
    """Return a tar member: header and content."""
    return tar_header(name, len(data)) + padded(data)


TAR_END = bytes(1024)
