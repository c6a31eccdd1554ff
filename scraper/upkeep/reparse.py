"""Reads stored captures again with today's parsers and stages, without the network.

All captures of an article are read and judged in one transaction (``scraper.upkeep.reconcile``), so
that a run killed at any time leaves whole articles, and the next one ends where it would have.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from scraper.sources import parse_address
from scraper.stages.batches import BATCH, read_pages
from scraper.upkeep.change_report import Changes
from scraper.upkeep.reconcile import Reconciler
from scraper.warc.record import WarcError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
    from datetime import date

    from sqlite_utils import Database

    from scraper.archive.captures import CaptureReader
    from scraper.archive.writer import ArchiveWriter
    from scraper.model import Capture, Layout, Outcome, Page, Scope
    from scraper.sources import Address

    Advance = Callable[[int], None]


def ignore(_count: int) -> None:
    """Tell nobody of the progress."""


class Group(NamedTuple):
    """The captures of one article in the order of time, or one capture that belongs to none."""

    url: str | None
    captures: list[int]


def size(groups: Iterable[Group]) -> int:
    """Return how many captures groups hold."""
    return sum(len(group.captures) for group in groups)


@dataclass(frozen=True)
class Selection:
    """Which captures to read again; an article is read as a whole if one of its captures fits.

    Attributes:
        outcome: those that came to this.
        layout: those whose address is of this generation of the site.
        since: those fetched on that day (UTC) or later.
        numbers: those of articles with a number in these bounds, both included.
        ids: those with these ids.
    """

    outcome: Outcome | None = None
    layout: Layout | None = None
    since: date | None = None
    numbers: tuple[int, int] | None = None
    ids: frozenset[int] | None = None

    def groups(self, db: Database) -> list[Group]:
        """Return what there is to read, by address.

        The addresses are read anew, since what is known of the sites may have been mended too.
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
            if self._fits(capture_id, address, fetched_at, outcome):
                chosen.add(key)
        return [
            Group(key if isinstance(key, str) else None, ids)
            for key, ids in captures.items()
            if key in chosen
        ]

    def _fits(
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
class Report:
    """What a reparse did, or would do.

    Attributes:
        changes: what differs, by field.
        counts: named as the columns of ``runs``: articles ``new``, ``changed`` and ``unchanged``,
            captures that became ``unparsed``, new ``problems``.
        captures: how many were read.
        damaged: captures whose bytes could not be read, with the reason.
        kept: articles that stand though none of their captures tells them any more.
    """

    changes: Changes
    counts: Counter[str] = field(default_factory=Counter)
    captures: int = 0
    damaged: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def summary(self) -> dict[str, Any]:
        """Return the report for programs."""
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


def reparse(  # noqa: PLR0913 - as many things decide what is read
    writer: ArchiveWriter,
    groups: Sequence[Group],
    *,
    scope: Scope | None = None,
    workers: int,
    examples: int = 0,
    advance: Advance = ignore,
) -> Report:
    """Read groups of captures again, mend what differs, and tell what that was.

    Args:
        writer: the writing session; its counts and faults grow.
        groups: what to read.
        scope: which articles are kept; None keeps to what was decided of each capture before.
        workers: processes that run the stages; 0 runs them in this one, without bounds.
        examples: how many changes of each field the report keeps.
        advance: called with the number of captures done, for a progress bar.
    """
    report = Report(Changes(examples))
    rereader = Reconciler(writer.db, scope, writer.articles)
    with closing(_read(groups, writer.captures, workers, report)) as batches:
        for batch in batches:
            with writer.saving():
                writer.counts.update(_judge(batch, rereader, report))
            advance(size(batch.groups))
    writer.faults += len(report.damaged)
    return report


def compare(  # noqa: PLR0913 - as many things decide what is read
    db: Database,
    captures: CaptureReader,
    groups: Sequence[Group],
    *,
    scope: Scope | None = None,
    workers: int,
    examples: int = 0,
    advance: Advance = ignore,
) -> Report:
    """Tell what ``reparse`` would change; the archive may be open for reading only."""
    report = Report(Changes(examples))
    rereader = Reconciler(db, scope)
    with closing(_read(groups, captures, workers, report)) as batches:
        for batch in batches:
            _judge(batch, rereader, report)
            advance(size(batch.groups))
    return report


class _Batch(NamedTuple):
    """Groups that are read and judged together.

    Attributes:
        groups: the groups.
        pages: by the id of their capture.
        damage: what is wrong with the captures that have no page, by id.
    """

    groups: list[Group]
    pages: dict[int | None, Page]
    damage: dict[int, str]


def _read(
    groups: Iterable[Group], source: CaptureReader, workers: int, report: Report
) -> Generator[_Batch]:
    waiting: deque[_Batch] = deque()

    def loaded() -> Iterator[list[Capture]]:
        for some in _batches(groups):
            batch = _Batch(some, {}, {})
            waiting.append(batch)
            yield list(_load(batch, source))

    with closing(read_pages(loaded(), workers)) as read:
        for pages in read:
            batch = waiting.popleft()
            batch.pages.update((page.capture.id, page) for page in pages)
            report.captures += size(batch.groups)
            report.damaged += batch.damage.values()
            yield batch


def _judge(batch: _Batch, rereader: Reconciler, report: Report) -> Counter[str]:
    """Judge the groups of a batch; return what the report's counts grew by."""
    counts: Counter[str] = Counter()
    for group in batch.groups:
        verdict = rereader.judge(group.url, group.captures, batch.pages, batch.damage)
        report.changes.add(verdict.changes)
        counts.update(unparsed=verdict.spoilt, problems=verdict.problems)
        if verdict.result is not None:
            counts[verdict.result] += 1
        if verdict.is_kept and group.url is not None:
            report.kept.append(group.url)
    report.counts.update(counts)
    return counts


def _batches(groups: Iterable[Group]) -> Iterator[list[Group]]:
    """Yield groups together that hold about ``BATCH`` captures."""
    batch: list[Group] = []
    size = 0
    for group in groups:
        batch.append(group)
        size += len(group.captures)
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _load(batch: _Batch, source: CaptureReader) -> Iterator[Capture]:
    """Yield the captures of groups with their bytes; note those without."""
    for group in batch.groups:
        for capture_id in group.captures:
            try:
                yield source.load(capture_id)
            except WarcError as error:
                batch.damage[capture_id] = str(error)
