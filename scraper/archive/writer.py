"""A writing session: lock, database, WARC files and the row of ``runs`` that tells the story.

Crawls and imports alike open one, hand it captures and finished pages, and close it with an
outcome. Opening also clears up behind a crashed run: nothing that reached the disk is lost.
"""

from __future__ import annotations

import json
import platform
import sqlite3
from collections import Counter
from contextlib import ExitStack, contextmanager, suppress
from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Self

from scraper.archive import handover
from scraper.archive.captures import CaptureStore, identity
from scraper.archive.database import (
    ArchiveError,
    explained,
    open_for_writing,
    real_path,
    refuse_foreign,
    warc_folder,
)
from scraper.archive.errors import DiskError
from scraper.archive.frontier import Frontier
from scraper.archive.lock import WriterLock
from scraper.archive.opening import WARC_FOLDER
from scraper.archive.store import ArticleStore, add_problem
from scraper.clock import now, to_iso
from scraper.model import Origin, Outcome, Scope
from scraper.sources import parse_address
from scraper.warc.record import WarcError
from scraper.warc.writer import WarcWriter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from scraper.archive.handover import Owed
    from scraper.model import Capture, Incoming, Page

__all__ = ["COUNTS", "ENOUGH_PAGES", "WARC_FOLDER", "ArchiveWriter", "verdict", "versions"]

COUNTS = (
    "requests", "failed", "captures", "bytes", "new", "changed", "unchanged", "gone", "missing",
    "out_of_scope", "unparsed", "blocked", "problems",
)  # fmt: skip
GOOD = ("new", "changed", "unchanged", "gone", "missing", "out_of_scope", "redirect")
LOST = ("failed", "unparsed")
# A share of lost pages above this, of enough pages, is a changed layout or a sick site, not bad
# luck. So is every page, however few.
ENOUGH_PAGES, MOST_LOST = 10, 0.1
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


def verdict(counts: Mapping[str, int], faults: int) -> tuple[str, int]:
    """Return outcome and exit code of work that came to its end."""
    good = sum(counts[name] for name in GOOD)
    # A shell that was not rendered tells nothing. Files may hold both, the shell and its rendering.
    lost = sum(counts[name] for name in LOST) + max(0, counts["shell"] - counts["rendered"])
    if counts["forbidden"] and not good + lost:
        return "refused", 4  # robots.txt forbade all that the run was for
    if counts["failed"] and lost == counts["failed"] and not good:
        return "failed", 1
    all_lost = lost > 0 and good == 0
    too_many = good + lost >= ENOUGH_PAGES and lost > MOST_LOST * (good + lost)
    return ("unmet", 3) if faults or all_lost or too_many else ("done", 0)


class ArchiveWriter:
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
        refuse_foreign(path)  # before a lock is left beside another program's file
        self.path = file = real_path(path)
        self.scope = scope
        self.counts: Counter[str] = Counter()
        self.faults = 0
        self.exit_code = 1
        self._lock = WriterLock(path)
        with ExitStack() as undo, explained(path):
            undo.callback(self._lock.release)
            self.db = open_for_writing(file)
            undo.callback(self.db.close)
            started = now()
            self.run_id = self._begin(command, arguments, to_iso(started))
            folder = warc_folder(file)
            self._warc = WarcWriter(folder, self.run_id, started, file.stem, operator, scope=scope)
            self.captures = CaptureStore(self.db, folder, self._warc, self.run_id)
            self.articles = ArticleStore(self.db, self.run_id, scope)
            self.frontier = Frontier(self.db, self.run_id)
            self.salvaged = self.captures.salvage(self._unsalvageable)
            undo.pop_all()

    def pending(self) -> Iterator[Capture]:
        """Yield what earlier runs captured but did not live to read, oldest first.

        One whose record is missing or damaged is noted as a problem and a fault. It goes on
        waiting, for a WARC file that comes back, and keeps nothing else from being read.
        """
        for capture_id in self.captures.pending():
            try:
                yield self.captures.load(capture_id)
            except WarcError as error:
                self.problem("captures", "unreadable-record", str(error), capture_id=capture_id)
                self.faults += 1

    def capture(self, incoming: Sequence[Incoming]) -> list[Capture]:
        """Put captures on the disk and in the table; return them with their ids.

        One that cannot be written is noted as a problem and a fault, and left out.
        """

        def refused(capture: Capture, reason: str) -> None:
            self.problem("captures", "unwritable", reason, url=capture.url)
            self.faults += 1

        with explained(self.path):
            stored = self.captures.add(incoming, refused)
        self.counts["captures"] += len(stored)
        self.counts["bytes"] += sum(len(capture.body) for capture in stored)
        return stored

    def split_known(self, incoming: Sequence[Incoming]) -> tuple[list[Incoming], list[Capture]]:
        """Part captures from files into new ones and known ones that must be read again.

        A known one is otherwise only noted: its article was seen once more. One that was out of
        scope is read again when this run keeps all articles.
        """
        fresh, again = {}, []
        with explained(self.path), self.db.atomic():
            for item in incoming:
                known = self.captures.find(item.capture)
                if known is None:
                    fresh[identity(item.capture)] = item  # two files may hold the same capture
                elif known[1] is Outcome.OUT_OF_SCOPE and self.scope is Scope.ALL:
                    again.append(item.capture.model_copy(update={"id": known[0]}))
                else:
                    self.articles.touch(item.capture)
                    self.counts["unchanged"] += 1
        return list(fresh.values()), again

    def save(self, pages: Iterable[Page]) -> None:
        """Write pages that went through the stages, in one transaction."""
        with self.saving():
            for page in pages:
                self.counts["problems"] += len(page.problems)
                repeat = self.captures.is_repeat(page.capture)
                result = self.articles.save(page, repeat=repeat)
                self.counts[result] += 1
                self.counts["rendered"] += page.capture.rendered
                if result == "changed":
                    self._flag_reuse(page.capture)
                if page.capture.origin is Origin.LIVE:
                    self.frontier.visited(page.capture, result)

    def settle(self, capture: Capture, outcome: Outcome) -> None:
        """Give a stored capture its outcome without reading it, such as a shell to be rendered."""
        with explained(self.path), self.db.atomic():
            self.db.execute("UPDATE captures SET outcome = ? WHERE id = ?", [outcome, capture.id])

    @contextmanager
    def saving(self) -> Iterator[None]:
        """Make what is written inside one transaction, together with the counts of the run."""
        with explained(self.path), self.db.atomic():
            yield
            self._write_counts()

    def _flag_reuse(self, capture: Capture) -> None:
        """Note a change so large that the number may have been given to another article."""
        address = parse_address(capture.url)
        found = self.db.query(
            "SELECT url, title_before, title_after, kept FROM possible_reuse "
            "WHERE url = ? AND seen_at = ?",
            [address and address.url, to_iso(capture.fetched_at)],
        )
        for row in found:
            detail = (
                f"{row['title_before']!r} became {row['title_after']!r} and "
                f"{row['kept']:.0%} of the text stayed: perhaps another article under this number"
            )
            self.problem("store", "possible-reuse", detail, url=row["url"])

    def problem(
        self,
        stage: str,
        kind: str,
        detail: str,
        *,
        url: str | None = None,
        capture_id: int | None = None,
    ) -> None:
        """Note a problem that belongs to no page that is being read."""
        add_problem(self.db, self.run_id, stage, kind, detail, url=url, capture_id=capture_id)
        self.counts["problems"] += 1

    def verdict(self) -> tuple[str, int]:
        """Return outcome and exit code of a run that came to its end."""
        return verdict(self.counts, self.faults)

    def close(self, outcome: str, exit_code: int) -> None:
        """Close the WARC file, finish the row of ``runs`` and let others write."""
        with ExitStack() as at_last:
            at_last.callback(self._lock.release)
            at_last.callback(self.db.close)
            file = self._warc.path
            try:
                self._hand_over()
                self._warc.close()
            except OSError as error:
                self._write_ending("failed", 1)
                raise DiskError(
                    f"{file}: this WARC file cannot be closed ({error}). What reached the disk is "
                    f"kept. See to the disk, and run the command again"
                ) from error
            self._write_ending(outcome, exit_code)
        self.exit_code = exit_code  # not before: a run that could not be closed has failed

    def take_over(self, owed: Owed) -> None:
        """Go on where another archive ended: owe what it owed, visit what it would have visited."""
        with self.saving():
            handover.take_over(self.db, self.run_id, owed)

    def _hand_over(self) -> None:
        """Leave what is owed and due in the WARC file, for an archive that is made anew of it."""
        changed = "SELECT 1 FROM frontier WHERE run_id = ? LIMIT 1"
        if self.counts["captures"] or self.db.execute(changed, [self.run_id]).fetchone():
            owed = handover.pack(self.db)
            if owed is not None:
                self._warc.note({handover.FIELD: owed})

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

    def _unsalvageable(self, sentence: str) -> None:
        """Note a record that an interrupted run left and that cannot be read."""
        self.problem("captures", "unreadable-record", sentence)
        self.faults += 1

    def _settle_files(self) -> None:
        """Give records their rows whose transaction failed, and their file its final name."""
        with suppress(ArchiveError, OSError), explained(self.path):  # else the next run does
            self.counts["captures"] += self.captures.salvage(self._unsalvageable)

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

    def _write_ending(self, outcome: str, exit_code: int) -> None:
        if outcome == "failed":
            self._lock.make_room()  # the disk may be full
            self._settle_files()
        with self.saving():
            self.db.execute(
                "UPDATE runs SET finished_at = ?, outcome = ?, exit_code = ? WHERE id = ?",
                [to_iso(now()), outcome, exit_code, self.run_id],
            )

    def _write_counts(self) -> None:
        columns = ", ".join(f"{name} = ?" for name in COUNTS)
        self.db.execute(
            f"UPDATE runs SET {columns} WHERE id = ?",
            [*(self.counts[name] for name in COUNTS), self.run_id],
        )
