"""A writing session: lock, database, WARC files and the row of ``runs`` that tells the story.

Crawls and imports alike open one, hand it captures and finished pages, and close it with an
outcome. Opening also clears up behind a crashed run: nothing that reached the disk is lost.
"""

from __future__ import annotations

import json
import platform
import sqlite3
from collections import Counter
from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Self

from scraper.archive.captures import CaptureStore
from scraper.archive.database import explained, open_for_writing
from scraper.archive.frontier import Frontier
from scraper.archive.lock import WriterLock
from scraper.archive.store import ArticleStore, add_problem
from scraper.archive.warc import WarcWriter
from scraper.clock import now, to_iso
from scraper.model import Outcome, Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path
    from types import TracebackType

    from scraper.archive.captures import Incoming
    from scraper.model import Capture, Page

WARC_FOLDER = "warc"
COUNTS = (
    "requests", "captures", "bytes", "new", "changed", "unchanged", "gone", "missing",
    "out_of_scope", "unparsed", "blocked", "problems",
)  # fmt: skip
# A share of unparsed pages above this, of enough pages, is a changed layout and not bad luck.
ENOUGH_PAGES, MOST_UNPARSED = 10, 0.2
PARTS = ("scrapy", "lxml", "pythainlp", "nlpo3", "sqlite-utils", "warcio")
MODULES = {"sqlite-utils": "sqlite_utils"}  # where the module is not called as the package


def versions() -> dict[str, str]:
    """Return what decides the outcome of a run: our version and those of the libraries."""
    installed = {part: version(part) for part in PARTS if find_spec(MODULES.get(part, part))}
    return {
        "thaigov": version("thaigov"),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        **installed,
    }


class Session:
    """One run that writes to one archive; a context manager that closes as failed on an error.

    Args:
        path: the database file.
        command: what runs, for ``runs.command``.
        arguments: its arguments, for ``runs.arguments``; anything JSON can hold.
        scope: which articles are kept.
        operator: contact of the operator, for the WARC files.

    Attributes:
        run_id: row of ``runs``.
        counts: counters, named as the columns of ``runs``.
        faults: things that went wrong without ending the run.
        exit_code: how the run ended; 1 until it has.
        salvaged: captures of a crashed run that this one took in.

    Raises:
        ArchiveError: the archive cannot be opened, or another run holds it.
    """

    def __init__(
        self,
        path: Path,
        command: str,
        arguments: dict[str, Any],
        *,
        scope: Scope = Scope.ALL,
        operator: str = "",
    ) -> None:
        self.path = path
        self.scope = scope
        self.counts: Counter[str] = Counter()
        self.faults = 0
        self.exit_code = 1
        self._lock = WriterLock(path)
        try:
            self.db = open_for_writing(path)
            with explained(path):
                started = now()
                self.run_id = self._begin(command, arguments, to_iso(started))
                folder = path.parent / WARC_FOLDER
                self._warc = WarcWriter(folder, self.run_id, started, operator)
                self.captures = CaptureStore(self.db, folder, self._warc, self.run_id)
                self.articles = ArticleStore(self.db, self.run_id, scope)
                self.frontier = Frontier(self.db, self.run_id)
                self.salvaged = self.captures.salvage()
        except BaseException:
            self._lock.release()
            raise

    def capture(self, incoming: Sequence[Incoming]) -> list[Capture]:
        """Put captures on the disk and in the table; return them with their ids."""
        with explained(self.path):
            stored = self.captures.add(incoming)
        self.counts["captures"] += len(stored)
        self.counts["bytes"] += sum(len(capture.body) for capture in stored)
        return stored

    def sort_out(self, incoming: Sequence[Incoming]) -> tuple[list[Incoming], list[Capture]]:
        """Part captures from files into new ones and known ones that must be read again.

        A known one is otherwise only noted: its article was seen once more. One that was out of
        scope is read again when this run keeps all articles.
        """
        fresh, again = [], []
        with explained(self.path), self.db.atomic():
            for item in incoming:
                known = self.captures.find(item.capture)
                if known is None:
                    fresh.append(item)
                elif known[1] is Outcome.OUT_OF_SCOPE and self.scope is Scope.ALL:
                    again.append(item.capture.model_copy(update={"id": known[0]}))
                else:
                    self.articles.touch(item.capture)
                    self.counts["unchanged"] += 1
        return fresh, again

    def save(self, pages: Iterable[Page]) -> None:
        """Write pages that went through the stages, in one transaction."""
        with explained(self.path), self.db.atomic():
            for page in pages:
                self.counts["problems"] += len(page.problems)
                repeat = self.captures.is_repeat(page.capture)
                self.counts[self.articles.save(page, repeat=repeat)] += 1
            self._write_counts()

    def problem(self, stage: str, kind: str, detail: str, url: str | None = None) -> None:
        """Note a problem that belongs to no capture."""
        add_problem(self.db, self.run_id, stage, kind, detail, url=url)
        self.counts["problems"] += 1

    def verdict(self) -> tuple[str, int]:
        """Return outcome and exit code of a run that came to its end."""
        read = sum(self.counts[name] for name in ("new", "changed", "unchanged", "unparsed"))
        too_many = read >= ENOUGH_PAGES and self.counts["unparsed"] > MOST_UNPARSED * read
        return ("unmet", 3) if too_many or self.faults else ("done", 0)

    def close(self, outcome: str, exit_code: int) -> None:
        """Close the WARC file, finish the row of ``runs`` and let others write."""
        self.exit_code = exit_code
        try:
            self._warc.close()
            with explained(self.path), self.db.atomic():
                self._write_counts()
                self.db.execute(
                    "UPDATE runs SET finished_at = ?, outcome = ?, exit_code = ? WHERE id = ?",
                    [to_iso(now()), outcome, exit_code, self.run_id],
                )
            self.db.close()
        finally:
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close(*self.verdict())
        elif issubclass(kind, KeyboardInterrupt):
            self.close("stopped", 1)
        else:
            self.close("failed", 1)

    def _begin(self, command: str, arguments: dict[str, Any], started_at: str) -> int:
        with self.db.atomic():
            # Whoever has the lock is alone: a run without an end did not live to write it.
            self.db.execute("UPDATE runs SET outcome = 'interrupted' WHERE outcome IS NULL")
            cursor = self.db.execute(
                "INSERT INTO runs (command, arguments, started_at, versions) VALUES (?, ?, ?, ?)",
                [
                    command,
                    json.dumps(arguments, ensure_ascii=False),
                    started_at,
                    json.dumps(versions()),
                ],
            )
        return int(cursor.lastrowid or 0)

    def _write_counts(self) -> None:
        columns = ", ".join(f"{name} = ?" for name in COUNTS)
        self.db.execute(
            f"UPDATE runs SET {columns} WHERE id = ?",
            [*(self.counts[name] for name in COUNTS), self.run_id],
        )
