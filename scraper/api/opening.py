"""Opens an archive; the database is loaded by the first call."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scraper.api.archive import OpenArchive


def open_archive(path: str | Path) -> OpenArchive:
    """Open an archive for reading.

    Args:
        path: its file, such as ``data/thaigov.db``; also a snapshot.

    Raises:
        ArchiveError: there is no such file, or it is not an archive.

    >>> with open_archive("data/thaigov.db") as opened:
    ...     opened.search("โรงงาน").total
    2
    """
    from scraper.api.archive import OpenArchive  # noqa: PLC0415 - 0.4 s of sqlite-utils

    return OpenArchive(Path(path))
