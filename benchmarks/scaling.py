"""What millions of pages need, from what one article was measured to take."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

COUNTS = (10**6, 10**7, 10**8)
CORES = 16  # of one machine
DELAY = 2.0  # seconds between two requests to one host
DAYS = 30  # in which a crawl shall be done
PARQUET = 0.23  # bytes a byte of text: 10 MB for 43 MB (docs/export.md)
GB, HOUR, DAY = 1e9, 3600.0, 86_400.0


class Unit(NamedTuple):
    """What one article takes: bytes, and milliseconds of CPU.

    Attributes:
        text, warc, database: bytes of its text, of its record, and of the database for it.
        worker, writer: of an import, in the processes that read and in the one that writes.
        crawl: of a crawl, all processes.
    """

    text: float
    warc: float
    database: float
    worker: float
    writer: float
    crawl: float


class Need(NamedTuple):
    """A line of the table: what is needed, its arithmetic, and the value for a count of pages."""

    what: str
    how: str
    value: Callable[[int], float]


def needs(unit: Unit) -> list[Need]:
    """Return what a number N of pages needs."""
    both = unit.worker + unit.writer

    def one_machine(count: int) -> float:
        return count * max(unit.writer, both / CORES) / 1000 / HOUR

    return [
        Need("text, GB", f"N × {unit.text / 1000:.1f} kB", lambda n: n * unit.text / GB),
        Need("WARC files, GB", f"N × {unit.warc / 1000:.1f} kB", lambda n: n * unit.warc / GB),
        Need("SQLite archive, GB", f"N × {unit.database / 1000:.1f} kB",
             lambda n: n * unit.database / GB),
        Need("Parquet parts, GB", f"text × {PARQUET}", lambda n: n * unit.text * PARQUET / GB),
        Need("reading, hours of one core", f"N × {unit.worker:.1f} ms",
             lambda n: n * unit.worker / 1000 / HOUR),
        Need("one writer, hours", f"N × {unit.writer:.1f} ms",
             lambda n: n * unit.writer / 1000 / HOUR),
        Need(f"import on one machine of {CORES} cores, hours",
             f"the greater of one writer and (reading + writing) / {CORES}", one_machine),
        Need(f"machines of {CORES} cores that write parts, for one day",
             f"N × {both:.1f} ms / {CORES} cores / 24 h, rounded up",
             lambda n: math.ceil(n * both / 1000 / CORES / DAY)),
        Need("crawl of one host, days", f"N × {DELAY:.0f} s", lambda n: n * DELAY / DAY),
        Need(f"hosts at once, to be done in {DAYS} days", f"N × {DELAY:.0f} s / {DAYS} days",
             lambda n: math.ceil(n * DELAY / DAY / DAYS)),
        Need("crawlers, cores for these hosts", f"N × {unit.crawl:.1f} ms / {DAYS} days",
             lambda n: n * unit.crawl / 1000 / DAY / DAYS),
    ]  # fmt: skip


def predicted(measured: Mapping[int, float], count: int) -> float:
    """Return what a count of articles should take, from two smaller measured counts.

    The difference of the two is what their articles take, the rest what every run takes once.

    Raises:
        ValueError: not two different counts.
    """
    if len(measured) != 2:
        raise ValueError(f"two counts are needed, not {len(measured)}")
    (few, least), (more, most) = sorted(measured.items())
    return least + (most - least) / (more - few) * (count - few)
