"""What an import has to say about the files it was given; how it says so is the command's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class ImportProblem:
    """Something that was given to an import and could not be read, was doubtful or left out.

    Attributes:
        path: the file or folder on disk.
        member: the path inside an archive or folder; None where the whole is meant.
        kind: ``unreadable``, ``left-out``, or one of the kinds of WARC records, docs/recover.md.
        detail: what was found and what became of the rest, one English sentence.
    """

    path: Path
    member: str | None
    kind: str
    detail: str

    def __str__(self) -> str:
        where = f"{self.path}: {self.member}" if self.member else str(self.path)
        text = f"{where}: {self.detail}"
        # Names and addresses from damaged files may hold anything, also what moves a cursor.
        return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)
