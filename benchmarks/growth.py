"""What an article costs while an archive grows: CPU time and memory per 1,000 articles."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from benchmarks.importing import import_corpus
from benchmarks.inputs import practice_corpus
from benchmarks.results import Point, Prediction, Target, drift, per_thousand
from benchmarks.scaling import predicted

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.results import Results

FLAT = 0.15  # by which the last third of the articles may cost more than the first


def stored(db: Path) -> int:
    """Return the number of articles of an archive that is being written, 0 if there is none yet."""
    try:
        with closing(sqlite3.connect(f"{db.as_uri()}?mode=ro", uri=True, timeout=0.1)) as archive:
            return int(archive.execute("SELECT coalesce(max(id), 0) FROM articles").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def _smaller(count: int, folder: Path) -> tuple[float, float]:
    """Return the CPU seconds and bytes of an archive of some practice articles."""
    db = folder / f"small-{count}.db"
    used = import_corpus(practice_corpus(count, folder / f"small-{count}").folder, db)
    return used.cpu, db.stat().st_size


def measure(size: int, folder: Path, results: Results) -> Path:
    """Import practice articles while watching, and return the archive."""
    db = folder / "grown.db"
    # Both sites have each oddity once, as the large one has, so the difference has none of them.
    counts = (max(size // 100, 200), max(size // 25, 400))
    smaller = {count: _smaller(count, folder) for count in counts}
    corpus = practice_corpus(size, folder / "grown")
    used = import_corpus(corpus.folder, db, probe=lambda: stored(db))
    seen = [Point(sample.probed, sample.cpu, sample.memory) for sample in used.samples]
    begun = next((index for index, point in enumerate(seen) if point.articles), 0)
    steps = per_thousand(seen[max(0, begun - 1) :])
    results.growth += steps
    for what, values, unit in (
        ("CPU", [step.cpu for step in steps], "ms an article"),
        ("memory", [step.memory for step in steps], "MiB"),
    ):
        scale = 1.0 if what == "CPU" else 1 / (1 << 20)  # seconds of 1,000 are ms of one
        third = len(values) // 3
        first, last = sum(values[:third]) / third, sum(values[-third:]) / third
        results.targets.append(
            Target(
                f"{corpus.what}: growth of {what} from the first third of them to the last",
                100 * drift(values), 100 * FLAT, "%",
                f"{scale * first:.1f} to {scale * last:.1f} {unit}; {used.wall:.0f} s in all",
            )
        )  # fmt: skip
    measured = (used.cpu, db.stat().st_size)
    for position, (unit, scale) in enumerate({"s of CPU": 1.0, "MB of database": 1e-6}.items()):
        expected = predicted({count: took[position] for count, took in smaller.items()}, size)
        work = f"import of {corpus.what}, from {counts[0]:,} and {counts[1]:,}"
        results.predictions.append(
            Prediction(work, unit, scale * expected, scale * measured[position])
        )
    return db
