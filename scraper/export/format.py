"""What a format is: a name, and a function that writes a selection to a file or a folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.errors import ReportedError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scraper.export.selection import Selection


class FormatError(ReportedError):
    """A format cannot be written, because a program is missing or has nothing to write."""


@dataclass(frozen=True)
class Options:
    """What a user may choose besides the articles.

    Attributes:
        excel: write what Excel opens without harm (``csv``).
        archive: the database, beside whose file the WARC files are.
    """

    archive: Path
    excel: bool = False


Notes = list[str]
"""Sentences about what a format could not keep, for the user and the manifest."""


@dataclass(frozen=True)
class Format:
    """A format of exports.

    Attributes:
        name: as in ``FORMATS``.
        extension: of its file, such as ``.jsonl``; empty for a folder.
        write: writes a selection to a path that does not exist; returns notes.
        packages: the distributions whose versions the manifest names.
    """

    name: str
    extension: str
    write: Callable[[Selection, Path, Options], Notes]
    packages: tuple[str, ...] = ()

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder of files."""
        return not self.extension
