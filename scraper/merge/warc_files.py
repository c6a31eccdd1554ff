"""Brings the WARC files of joined archives into one folder, under names that never collide."""

from __future__ import annotations

import os
import re
import shutil
import zlib
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from scraper.archive.database import ArchiveError
from scraper.archive.errors import DiskError
from scraper.archive.publishing import sync
from scraper.warc.gzip_members import iter_members, map_file, member_at
from scraper.warc.own_files import OPEN, locate
from scraper.warc.record import WarcError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scraper.merge.sources import Source
    from scraper.warc.own_files import RecordPlace

SUFFIX = ".warc.gz"
MARK_DIGITS = 8
_MARK = re.compile(rf"-([0-9a-f]{{{MARK_DIGITS}}}){re.escape(SUFFIX)}")
PART = ".part"
CHUNK = 1 << 20
HEADER_BYTES = 2048  # compressed; the header of a record has some hundred


class SourceWarc(NamedTuple):
    """A WARC file of a source, and what to call it.

    Attributes:
        path: where it is.
        name: its name in the joined archive, without ``.open``.
        size: bytes to copy. A file that is being written is copied up to its last known record.
    """

    path: Path
    name: str
    size: int


def warc_files(source: Source, folder: Path) -> dict[str, SourceWarc]:
    """Return the WARC files that the captures of a source are in, by name.

    Two crawlers may have given the same name to different files, so the joined archive adds a
    digest of the first record, which has a random id and stays the same while a file grows.

    Args:
        source: the archive.
        folder: of the joined archive; files that are there already keep their names.

    Raises:
        ArchiveError: a file is missing or has no readable first record.
    """
    stay = folder.is_dir() and source.folder.is_dir() and source.folder.samefile(folder)
    found = {}
    rows = source.db.execute(
        "SELECT warc_file, max(warc_offset + warc_length) FROM captures GROUP BY 1 ORDER BY 1"
    )
    for name, end in rows:
        try:
            path = locate(source.folder, name)
        except WarcError as error:
            raise ArchiveError(
                f"{source.path}: {error}, so captures would lose their bytes. Nothing was changed. "
                f"Restore the file, or see `thaigov verify --db {source.path}`"
            ) from error
        size = end if path.name.endswith(OPEN) else path.stat().st_size
        found[name] = SourceWarc(path, name if stay else _marked(name, path), size)
    return found


def _marked(name: str, path: Path) -> str:
    with map_file(path) as data:
        first = member_at(data, 0)
    if first is None:
        raise ArchiveError(f"{path}: its first record cannot be read; nothing was changed")
    mark = sha256(first.content).hexdigest()[:MARK_DIGITS]
    known = _MARK.search(name)
    return name if known and known[1] == mark else f"{name.removesuffix(SUFFIX)}-{mark}{SUFFIX}"


def is_revisit(path: Path, place: RecordPlace) -> bool | None:
    """Return whether the record at a place repeats another one's bytes.

    None if no record can be read there.
    """
    with path.open("rb") as file:
        file.seek(place.offset)
        data = file.read(HEADER_BYTES)
    try:
        start = zlib.decompressobj(wbits=31).decompress(data, HEADER_BYTES)
    except zlib.error:
        return None
    return b"\nwarc-type: revisit" in start.lower() if start else None


def best_copy(copies: Sequence[SourceWarc]) -> tuple[SourceWarc, str | None]:
    """Return the one of several copies of a file to use, and what is wrong if they differ.

    The longest, if the others are its beginning; else the one that can be read farthest.
    """
    longest = max(copies, key=lambda found: found.size)
    for other in copies:
        if not (
            other.path.samefile(longest.path)
            or _begins_alike(longest.path, other.path, min(longest.size, other.size))
        ):
            best = max(copies, key=lambda found: _readable_bytes(found.path))
            return best, (
                f"{longest.path} and {other.path} differ, though they were the same file; taken: "
                f"{best.path}, which can be read farthest"
            )
    return longest, None


def _readable_bytes(path: Path) -> int:
    end = 0
    with map_file(path) as data:
        for member in iter_members(data, 0):
            end = member.end
    return end


def bring(file: SourceWarc, folder: Path, *, link: bool) -> str | None:
    """Copy or link a file into a folder unless it exists there; extend a copy that has grown since.

    Returns:
        A sentence if the folder has a file of that name with other bytes, which is kept.

    Raises:
        DiskError: the file cannot be written.
    """
    target = folder / file.name
    try:
        if target.exists():
            if target.samefile(file.path):
                return None
            size, modified = target.stat().st_size, int(target.stat().st_mtime)
            if size == file.size and modified == int(file.path.stat().st_mtime):
                return None
            if not _begins_alike(target, file.path, min(size, file.size)):
                return f"{target} and {file.path} differ, though they were the same file; both kept"
            if size >= file.size:
                return None
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f".{file.name}{PART}"
        part.unlink(missing_ok=True)
        if link and not file.path.name.endswith(OPEN):
            os.link(file.path, part)
        else:
            _copy(file, part)
        part.replace(target)
        sync(folder)
    except OSError as error:
        advice = "without --link it is copied" if link else "what was copied is kept"
        raise DiskError(
            f"{target}: cannot be written ({error.strerror or error}); {advice}. Run the command "
            f"again"
        ) from error
    return None


def _copy(file: SourceWarc, part: Path) -> None:
    left = file.size
    with file.path.open("rb") as original, part.open("wb") as copy:
        while chunk := original.read(min(CHUNK, left)):
            copy.write(chunk)
            left -= len(chunk)
        copy.flush()
        os.fsync(copy.fileno())
    shutil.copystat(file.path, part)


def _begins_alike(one: Path, other: Path, size: int) -> bool:
    with one.open("rb") as first, other.open("rb") as second:
        for start in range(0, size, CHUNK):
            length = min(CHUNK, size - start)
            if first.read(length) != second.read(length):
                return False
    return True
