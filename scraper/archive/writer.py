"""Writes one run to an archive: holds the lock, database, WARC files and the row of ``runs``.

Crawls and imports open an ``ArchiveWriter``, pass it captures and finished pages, and close it
with an outcome. Opening one also recovers what a killed run left on disk.
"""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Any, Self

from scraper import timing
from scraper.archive import frontier_backup
from scraper.archive.attachments import AttachmentStore
from scraper.archive.bulk import BulkStore
from scraper.archive.bulk_index import merge_if_many
from scraper.archive.captures import CaptureStore, capture_identity
from scraper.archive.database import (
    ArchiveError,
    explain_errors,
    open_for_writing,
    real_path,
    refuse_foreign,
    warc_folder,
)
from scraper.archive.errors import DiskError
from scraper.archive.frontier import Frontier
from scraper.archive.lock import WriterLock
from scraper.archive.runs import begin_run, verdict, write_counts, write_outcome
from scraper.archive.store import ArticleStore, add_problem
from scraper.clock import now
from scraper.model import Origin, Outcome, Scope
from scraper.warc.record import WarcError
from scraper.warc.writer import WarcWriter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

    from scraper.archive.frontier_backup import FrontierBackup
    from scraper.archive.prepared import PreparedCapture
    from scraper.model import Capture, Incoming, Page

COMPARED_AT_ONCE = 64  # articles a transaction; a batch has fewer
UNFINISHED = {"failed", "stopped"}  # outcomes of runs that do nothing more


class ArchiveWriter:
    """One run that writes to one archive; a context manager that closes as failed on an error.

    Args:
        path: the database file.
        command: the command, for ``runs.command``.
        arguments: its arguments, for ``runs.arguments``; must be serializable as JSON.
        scope: which articles are kept.
        operator: contact of the operator, for the WARC files.

    Attributes:
        run_id: id of the row in ``runs``.
        counts: counters, named like the columns of ``runs``.
        faults: number of failures that did not end the run.
        exit_code: exit code of the run; 1 until it has ended.
        salvaged: number of captures recovered from killed runs.

    Raises:
        ArchiveError: the archive cannot be opened, or another run is writing to it.
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
        refuse_foreign(path)  # before placing a lock file next to another program's file
        self.path = file = real_path(path)
        self.scope = scope
        self.counts: Counter[str] = Counter()
        self.faults = 0
        self.exit_code = 1
        self._lock = WriterLock(path)
        with ExitStack() as undo, explain_errors(path):
            undo.callback(self._lock.release)
            self.db = open_for_writing(file)
            undo.callback(self.db.close)
            started = now()
            self.run_id = begin_run(self.db, command, arguments, started)
            folder = warc_folder(file)
            self._warc = WarcWriter(folder, self.run_id, started, file.stem, operator, scope=scope)
            self.captures = CaptureStore(self.db, folder, self._warc, self.run_id)
            self.articles = ArticleStore(self.db, self.run_id, scope)
            self.frontier = Frontier(self.db, self.run_id)
            self.attachments = AttachmentStore(self.db, self.run_id, self.frontier)
            self.bulk = BulkStore(self.db, self.captures, self.articles, self.attachments)
            self.salvaged = self.captures.salvage(self._note_unreadable)
            undo.pop_all()

    def pending(self) -> Iterator[Capture]:
        """Yield captures that earlier runs stored but never read, oldest first.

        If a record is missing or damaged, a problem and a fault are recorded and the next capture
        follows. The capture stays pending, in case its WARC file is restored.
        """
        for capture_id in self.captures.pending():
            try:
                yield self.captures.load(capture_id)
            except WarcError as error:
                self.problem("captures", "unreadable-record", str(error), capture_id=capture_id)
                self.faults += 1

    def capture(self, incoming: Sequence[Incoming]) -> list[Capture]:
        """Store captures and return them with their ids.

        A capture that cannot be written is left out, with a problem and a fault.
        """
        with explain_errors(self.path):
            stored = self.captures.add(incoming, self._note_refused)
        self._count_captures(stored)
        return stored

    def _note_refused(self, capture: Capture, reason: str) -> None:
        self.problem("captures", "unwritable", reason, url=capture.url)
        self.faults += 1

    def _count_captures(self, stored: Iterable[Capture]) -> None:
        for capture in stored:
            self.counts["captures"] += 1
            self.counts["bytes"] += len(capture.body)

    def split_known(self, incoming: Sequence[Incoming]) -> tuple[list[Incoming], list[Incoming]]:
        """Split captures from files into new ones and known ones that must be read again.

        The latter have their ids.

        A known capture is read again if it was out of scope and this run keeps all articles. Any
        other known capture only updates ``last_seen_at`` of its article.
        """
        new: dict[tuple[str, str, str, str | None], Incoming] = {}
        again: list[Incoming] = []
        with explain_errors(self.path), self.db.atomic():
            for item in incoming:
                known = self.captures.find(item.capture)
                if known is None:
                    new[capture_identity(item.capture)] = item  # files may hold it twice
                elif known[1] is Outcome.OUT_OF_SCOPE and self.scope is Scope.ALL:
                    stored = item.capture.model_copy(update={"id": known[0]})
                    again.append(item._replace(capture=stored))
                else:
                    self._touch(item.capture)
        return list(new.values()), again

    def save(self, pages: Iterable[Page]) -> None:
        """Write pages that passed the stages, in one transaction."""
        with self.saving():
            for page in pages:
                repeat = self.captures.is_repeat(page.capture)
                store = self.articles if page.capture.attachment is None else self.attachments
                result = store.save(page, repeat=repeat)
                self._note_result(page.capture, len(page.problems), result)

    def _note_result(self, capture: Capture, problems: int, result: str) -> None:
        """Count what became of a page, and what follows from it."""
        self.counts["problems"] += problems
        self.counts[result] += 1
        self.counts["rendered"] += capture.rendered
        if result == "changed":
            for url, detail in self.articles.possible_reuse(capture):
                self.problem("store", "possible-reuse", detail, url=url)
        if capture.origin is Origin.LIVE:
            visits = self.frontier if capture.attachment is None else self.attachments
            visits.record_visit(capture, result)

    def store(self, group: Sequence[tuple[Incoming, PreparedCapture]]) -> None:
        """Store captures of files and what was read from them, in one transaction.

        A capture that is stored already has an id. If the archive has got the same capture since it
        was read, only ``last_seen_at`` of its article is updated.
        """
        with explain_errors(self.path), self.captures.adding():
            new, known = self.captures.without_known(group)
            written = self.bulk.write_records(new, self._note_refused)
            self._count_captures(item.capture for item, _, place in written if place is not None)
            with self.saving():
                for stored in self.bulk.write_rows(written):
                    problems = len(stored.page.problems)
                    self._note_result(stored.capture, problems, stored.result)
                for capture in known:
                    self._touch(capture)

    def _touch(self, capture: Capture) -> None:
        self.articles.touch(capture)
        self.counts["unchanged"] += 1

    def set_outcome(self, capture: Capture, outcome: Outcome) -> None:
        """Set the outcome of a stored capture that is not read, such as a shell to be rendered."""
        with explain_errors(self.path), self.db.atomic():
            self.db.execute("UPDATE captures SET outcome = ? WHERE id = ?", [outcome, capture.id])

    @contextmanager
    def saving(self) -> Iterator[None]:
        """Run the block in one transaction, which also compares articles and writes the counts."""
        with explain_errors(self.path), self.db.atomic():
            yield
            with timing.part("relate articles"):
                self.articles.compare(max(COMPARED_AT_ONCE, len(self.articles.signatures)))
            write_counts(self.db, self.run_id, self.counts)

    def problem(
        self,
        stage: str,
        kind: str,
        detail: str,
        *,
        url: str | None = None,
        capture_id: int | None = None,
    ) -> None:
        """Record a problem outside of the page that is being read."""
        add_problem(self.db, self.run_id, stage, kind, detail, url=url, capture_id=capture_id)
        self.counts["problems"] += 1

    def verdict(self) -> tuple[str, int]:
        """Return outcome and exit code of this run if it ends now."""
        return verdict(self.counts, self.faults)

    def close(self, outcome: str, exit_code: int) -> None:
        """Close the WARC file, finish the row of ``runs`` and release the lock."""
        with ExitStack() as cleanup:
            cleanup.callback(self._lock.release)
            cleanup.callback(self.db.close)
            file = self._warc.path
            try:
                if outcome not in UNFINISHED:
                    self._complete()
                self._back_up_frontier()
                self._warc.close()
            except OSError as error:
                self._end("failed", 1)
                raise DiskError(
                    f"{file}: this WARC file cannot be closed ({error}). All data on the disk is "
                    f"kept. Check the disk and run the command again"
                ) from error
            self._end(outcome, exit_code)
        self.exit_code = exit_code  # last: a run that cannot be closed has failed

    def restore_frontier(self, backup: FrontierBackup) -> None:
        """Add the waiting and failed addresses of another archive to the frontier."""
        with self.saving():
            frontier_backup.restore_frontier(self.db, self.run_id, backup)

    def _complete(self) -> None:
        """Merge the indexes; compare all articles, once, in an archive of an earlier release."""
        with explain_errors(self.path):
            merge_if_many(self.db, self.counts["new"])
        compared = COMPARED_AT_ONCE
        while compared == COMPARED_AT_ONCE:
            with explain_errors(self.path), self.db.atomic():
                compared = self.articles.compare(COMPARED_AT_ONCE)

    def _back_up_frontier(self) -> None:
        """Write open addresses to the WARC file, for an archive that is rebuilt from it."""
        changed = "SELECT 1 FROM frontier WHERE run_id = ? LIMIT 1"
        if self.counts["captures"] or self.db.execute(changed, [self.run_id]).fetchone():
            line = frontier_backup.serialize_frontier(self.db)
            if line is not None:
                self._warc.note({frontier_backup.FIELD: line})

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

    def _note_unreadable(self, message: str) -> None:
        """Record that a killed run left a record that cannot be read."""
        self.problem("captures", "unreadable-record", message)
        self.faults += 1

    def _end(self, outcome: str, exit_code: int) -> None:
        if outcome == "failed":
            self._lock.make_room()  # the disk may be full
            # Add rows whose transaction failed; if this fails too, the next run does it.
            with suppress(ArchiveError, OSError), explain_errors(self.path):
                self.counts["captures"] += self.captures.salvage(self._note_unreadable)
        with self.saving():
            write_outcome(self.db, self.run_id, outcome, exit_code)
