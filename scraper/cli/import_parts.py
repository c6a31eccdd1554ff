"""``thaigov import --parts``: Parquet files instead of an archive."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scraper.archive.runs import verdict
from scraper.cli.on_failure import note
from scraper.files.problem import ImportProblem
from scraper.model import Capture, Incoming
from scraper.terminal import line, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from scraper.model import Scope

HARMLESS = {"left-out", "claimed-origin"}  # kinds of problem that do not count as faults
NOTHING_FOUND = "No articles found in the given files"


@dataclass
class PartsMade:
    """What an import with ``--parts`` did.

    Attributes:
        out: the folder.
        counts: captures by outcome; ``unchanged`` for those of parts that were there.
        parts: how many were made.
        faults: failures that did not end the import.
    """

    out: Path
    counts: Counter[str] = field(default_factory=Counter)
    parts: int = 0
    faults: int = 0

    @property
    def exit_code(self) -> int:
        """The exit code of the command."""
        return verdict(self.counts, self.faults)[1]

    def summary(self) -> dict[str, Any]:
        """Return everything for programs."""
        return {"out": str(self.out), "parts": self.parts, "faults": self.faults} | self.counts

    def sentence(self) -> str:
        """Return everything for people."""
        counts = ", ".join(f"{n:,} {name.replace('_', ' ')}" for name, n in self.counts.items())
        sentence = f"{self.out}: {self.parts:,} parts written: {counts or 'nothing new'}."
        note(sentence)
        return sentence


def make_parts(
    items: Iterable[object], out: Path, workers: int, scope: Scope, cluster: str | None
) -> PartsMade:
    """Write what an import reads as parts.

    Args:
        items: what an import reads; only captures and problems matter.
        out: the folder.
        workers: processes that read pages here.
        scope: which articles are kept.
        cluster: the address of the scheduler whose workers read and write instead.

    Raises:
        FormatError: pyarrow is not installed.
        ReportedError: the parts cannot be written, or no worker can read pages.
    """
    # Few commands need these.
    from scraper.cli.options import workers_on  # noqa: PLC0415
    from scraper.export.make import load_format  # noqa: PLC0415

    load_format("parquet")
    from scraper.export.parts import write_parts  # noqa: PLC0415
    from scraper.stages.cluster import Cluster  # noqa: PLC0415

    done = PartsMade(out)
    with workers_on(cluster, workers) as chosen:
        machines = chosen if isinstance(chosen, Cluster) else None
        for counts in write_parts(_captures(items, done), out, workers, scope, machines):
            done.parts += "unchanged" not in counts and bool(counts)
            done.counts.update(counts)
    if not done.counts and not done.faults:
        say(NOTHING_FOUND, err=True)
        done.faults += 1
    return done


def _captures(items: Iterable[object], done: PartsMade) -> Iterator[Capture]:
    """Yield the captures of an import; print its problems."""
    for item in items:
        if isinstance(item, ImportProblem):
            say(line(item), err=True)
            done.faults += item.kind not in HARMLESS
        elif isinstance(item, Incoming | Capture):
            yield item if isinstance(item, Capture) else item.capture
