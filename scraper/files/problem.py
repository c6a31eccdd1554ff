"""Problems that an import finds in its input files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class ImportProblem:
    """Input of an import that could not be read, is doubtful or was left out.

    Attributes:
        path: the file or folder on disk.
        member: the path inside it; None if the whole file or folder is meant.
        kind: ``unreadable``, ``left-out``, or a kind listed in docs/recover.md.
        detail: one English sentence: what was found, what was kept.
    """

    path: Path
    member: str | None
    kind: str
    detail: str

    def __str__(self) -> str:
        where = f"{self.path}: {self.member}" if self.member else str(self.path)
        text = f"{where}: {self.detail}"
        # Names and URLs from damaged files may contain anything, even terminal control codes.
        return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)
