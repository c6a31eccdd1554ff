"""Reads stored captures again with today's parsers and stages, without the network.

All captures of an article are read and reconciled (``scraper.upkeep.reconcile``) in one
transaction. A run killed at any time leaves whole articles, and the next run completes the rest.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from scraper import timing
from scraper.sources import parse_address
from scraper.stages.batches import BATCH, read_pages
from scraper.upkeep.change_report import ChangeReport
from scraper.upkeep.reconcile import Reconciler
from scraper.warc.record import WarcError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
    from datetime import date

    from sqlite_utils import Database

    from scraper.archive.capture_reader import CaptureReader
    from scraper.archive.writer import ArchiveWriter
    from scraper.model import Capture, Layout, Outcome, Page, Scope
    from scraper.sources import Address
    from scraper.stages.executor import Workers


class CaptureGroup(NamedTuple):
    """The captures of one article, oldest first, or one capture that belongs to no article."""

    url: str | None
    captures: list[int]


def count_captures(groups: Iterable[CaptureGroup]) -> int:
    """Return how many captures some groups have."""
    return sum(len(group.captures) for group in groups)


@dataclass(frozen=True)
class CaptureSelection:
    """Which captures to read again. If one matches, all captures of its article are read.

    Attributes:
        outcome: their outcome.
        layout: the layout that their address belongs to.
        since: first day (UTC) on which they were fetched.
        numbers: lowest and highest article number.
        ids: their ids.
    """

    outcome: Outcome | None = None
    layout: Layout | None = None
    since: date | None = None
    numbers: tuple[int, int] | None = None
    ids: frozenset[int] | None = None

    def groups(self, db: Database) -> list[CaptureGroup]:
        """Return the captures to read, by article.

        Addresses are parsed again, since the rules of a site may have been corrected too.
        """
        captures: defaultdict[str | int, list[int]] = defaultdict(list)
        chosen = set()
        rows = db.execute(
            "SELECT id, url, fetched_at, outcome FROM captures ORDER BY fetched_at, id"
        )
        for capture_id, url, fetched_at, outcome in rows:
            address = parse_address(url)
            key = capture_id if address is None else address.url
            captures[key].append(capture_id)
            if self._matches(capture_id, address, fetched_at, outcome):
                chosen.add(key)
        return [
            CaptureGroup(key if isinstance(key, str) else None, ids)
            for key, ids in captures.items()
            if key in chosen
        ]

    def _matches(
        self, capture_id: int, address: Address | None, fetched_at: str, outcome: str | None
    ) -> bool:
        if self.ids is not None and capture_id not in self.ids:
            return False
        if self.outcome is not None and outcome != self.outcome:
            return False
        if self.since is not None and fetched_at < self.since.isoformat():
            return False
        if self.layout is not None and (address is None or address.layout is not self.layout):
            return False
        if self.numbers is None:
            return True
        return address is not None and self.numbers[0] <= address.number <= self.numbers[1]


@dataclass
class ReparseReport:
    """What a reparse changed or, in a dry run, would change.

    Attributes:
        changes: what differs, by field.
        counts: named as the columns of ``runs``: articles ``new``, ``changed`` and ``unchanged``,
            captures that became ``unparsed``, new ``problems``.
        captures: how many were read.
        damaged: why the bytes of captures could not be read, a message each.
        kept: addresses of articles that are kept although no capture is read as them any more.
    """

    changes: ChangeReport
    counts: Counter[str] = field(default_factory=Counter)
    captures: int = 0
    damaged: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def summary(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        return {
            "captures": self.captures,
            "articles": {name: self.counts[name] for name in ("new", "changed", "unchanged")},
            "fields": [
                {**row, "examples": [example._asdict() for example in row["examples"]]}
                for row in self.changes.fields()
            ],
            "damaged": self.damaged,
            "kept": self.kept,
        }


def reparse(  # noqa: PLR0913 - each is an option of the command
    writer: ArchiveWriter,
    groups: Sequence[CaptureGroup],
    *,
    scope: Scope | None = None,
    workers: Workers,
    examples: int = 0,
    advance: Callable[[int], None] = lambda _: None,
) -> ReparseReport:
    """Read captures again, correct the rows that differ, and report what changed.

    Args:
        writer: of the archive; its counts and faults grow.
        groups: what to read.
        scope: which articles are in scope; None keeps the earlier decision about each capture.
        workers: processes that run the stages, or a cluster; 0 runs them in this one, without
            bounds.
        examples: how many changes of each field the report keeps.
        advance: called with the number of captures done, for a progress bar.
    """
    report = ReparseReport(ChangeReport(examples))
    reconciler = Reconciler(writer.db, scope, writer.articles)
    with closing(_read_batches(groups, writer.captures, workers, report)) as batches:
        for batch in batches:
            with writer.saving(), timing.part("reconcile"):
                writer.counts.update(_reconcile(batch, reconciler, report))
            advance(count_captures(batch.groups))
    writer.faults += len(report.damaged)
    return report


def preview_reparse(  # noqa: PLR0913 - each is an option of the command
    db: Database,
    captures: CaptureReader,
    groups: Sequence[CaptureGroup],
    *,
    scope: Scope | None = None,
    workers: Workers,
    examples: int = 0,
    advance: Callable[[int], None] = lambda _: None,
) -> ReparseReport:
    """Report what ``reparse`` would change; the archive may be read-only."""
    report = ReparseReport(ChangeReport(examples))
    reconciler = Reconciler(db, scope)
    with closing(_read_batches(groups, captures, workers, report)) as batches:
        for batch in batches:
            _reconcile(batch, reconciler, report)
            advance(count_captures(batch.groups))
    return report


class _Batch(NamedTuple):
    """Groups that are read and reconciled together.

    Attributes:
        groups: the groups.
        pages: by id of the capture.
        damage: by id, why a capture could not be loaded and has no page.
    """

    groups: list[CaptureGroup]
    pages: dict[int | None, Page]
    damage: dict[int, str]


def _read_batches(
    groups: Iterable[CaptureGroup],
    source: CaptureReader,
    workers: Workers,
    report: ReparseReport,
) -> Generator[_Batch]:
    in_progress: deque[_Batch] = deque()

    def loaded() -> Iterator[list[Capture]]:
        for some in _batches(groups):
            batch = _Batch(some, {}, {})
            in_progress.append(batch)
            with timing.part("read captures"):
                captures = list(_load(batch, source))
            yield captures

    with closing(read_pages(loaded(), workers)) as read:
        for pages in read:
            batch = in_progress.popleft()
            batch.pages.update((page.capture.id, page) for page in pages)
            report.captures += count_captures(batch.groups)
            report.damaged += batch.damage.values()
            yield batch


def _reconcile(batch: _Batch, reconciler: Reconciler, report: ReparseReport) -> Counter[str]:
    """Reconcile the groups of a batch, add to the report, and return the counts of the batch."""
    counts: Counter[str] = Counter()
    for group in batch.groups:
        done = reconciler.reconcile(group.url, group.captures, batch.pages, batch.damage)
        report.changes.add(done.changes)
        counts.update(unparsed=done.unparsed, problems=done.problems)
        if done.result is not None:
            counts[done.result] += 1
        if done.is_kept and group.url is not None:
            report.kept.append(group.url)
    report.counts.update(counts)
    return counts


def _batches(groups: Iterable[CaptureGroup]) -> Iterator[list[CaptureGroup]]:
    """Split groups into lists that hold about ``BATCH`` captures each."""
    batch: list[CaptureGroup] = []
    for group in groups:
        batch.append(group)
        if count_captures(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _load(batch: _Batch, source: CaptureReader) -> Iterator[Capture]:
    """Yield the captures of a batch with their bytes; note why the others have none."""
    for group in batch.groups:
        for capture_id in group.captures:
            try:
                yield source.load(capture_id)
            except WarcError as error:
                batch.damage[capture_id] = str(error)
