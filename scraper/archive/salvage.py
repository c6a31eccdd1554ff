"""What a crash leaves: WARC files that nobody closed, with records that no row knows.

Such a file ends in ``.open`` still. This module knows nothing of the database.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from scraper.warc.gzip_members import iter_members, map_file
from scraper.warc.own_files import OPEN, Place, files_of, read_capture
from scraper.warc.record import WarcError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from scraper.model import Capture


def unfinished(folder: Path, archive: str) -> list[Path]:
    """Return the files of an archive that no proper close renamed, in order."""
    return [path for path in files_of(folder, archive) if path.name.endswith(OPEN)]


def salvage(
    path: Path, known_end: int, told: Callable[[str], object] = lambda _sentence: None
) -> Iterator[tuple[Capture, Place]]:
    """Cut a torn record off an unfinished file; yield its captures past the known end.

    Args:
        path: the file. No other process may be writing to it.
        known_end: the offset behind its last record that the archive knows, 0 if it knows none.
        told: called with a sentence about each whole gzip member that holds no readable record;
            it stays in the file, and salvaging goes on after it.

    Yields:
        Captures that reached the disk but not the archive, with their place.
    """
    name = path.name.removesuffix(OPEN)
    places = []
    whole = known_end
    with map_file(path) as data:
        for member in iter_members(data, whole):
            places.append(Place(name, whole, member.end - whole))
            whole = member.end
    with path.open("r+b") as file:
        file.truncate(min(whole, path.stat().st_size))  # a longer one would grow by zeros
        os.fsync(file.fileno())
    for place in places:
        try:
            capture = read_capture(path.parent, place)
        except WarcError as error:
            told(f"{error}; it was passed over and stays in the file")
            continue
        if capture is not None:
            yield capture, place
