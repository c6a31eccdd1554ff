"""How fast an import is, as a ratio to PyThaiNLP's own segmentation of the same texts.

    python -m benchmarks.import_speed CORPUS [--rounds 3] [--workers 2]

Both are timed in turn, so that a machine that slows down slows both. Then one process sends the
files through each stage for the milliseconds an article takes there.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from pythainlp.tokenize import word_tokenize

from scraper.archive.writer import ArchiveWriter
from scraper.clock import now
from scraper.imports.corpus import read_corpus
from scraper.model import Capture, Incoming, Page
from scraper.stages.batches import BATCH, batched
from scraper.stages.in_process import pure_stages

if TYPE_CHECKING:
    from collections.abc import Sequence


def segment_all(texts: Sequence[str]) -> float:
    """Return the seconds newmm takes for the texts in this process."""
    word_tokenize("โหลดพจนานุกรม", engine="newmm")
    begun = time.perf_counter()
    for text in texts:
        word_tokenize(text, engine="newmm")
    return time.perf_counter() - begun


def import_all(corpus: Path, workers: int) -> float:
    """Return the seconds the command takes: start-up, all stages, both indexes, WARC."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", "from scraper.cli import main; main()", "import", "corpus",
                   str(corpus), "--db", f"{folder}/a.db", "--workers", str(workers)]  # fmt: skip
        begun = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - begun


def stage_times(captures: Sequence[Capture]) -> dict[str, float]:
    """Return the milliseconds an article takes in each stage, one process."""
    seconds: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        writer = ArchiveWriter(Path(folder) / "a.db", "benchmark", {})
        stages = pure_stages()
        with writer:
            for batch in batched(captures, BATCH):
                begun = time.perf_counter()
                pages = [Page(capture=c) for c in writer.capture([Incoming(c) for c in batch])]
                seconds["capture (WARC, row)"] += time.perf_counter() - begun
                for stage in stages:
                    begun = time.perf_counter()
                    pages = [stage.process_item(page) for page in pages]
                    seconds[type(stage).__name__.lower()] += time.perf_counter() - begun
                begun = time.perf_counter()
                writer.save(pages)
                seconds["store (rows, both indexes)"] += time.perf_counter() - begun
    return {name: 1000 * total / len(captures) for name, total in seconds.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    captures = [c for c in read_corpus([options.corpus], now()) if isinstance(c, Capture)]
    texts = [capture.body.decode("utf-8-sig") for capture in captures]
    ratios = []
    for _ in range(options.rounds):
        newmm, importing = segment_all(texts), import_all(options.corpus, options.workers)
        ratios.append(importing / newmm)
        print(f"import {importing:.1f} s, newmm alone {newmm:.1f} s, ratio {ratios[-1]:.2f}")
    print(f"{len(texts)} articles, median ratio {median(ratios):.2f}")
    for name, milliseconds in stage_times(captures).items():
        print(f"{milliseconds:6.2f} ms  {name}")


if __name__ == "__main__":
    main()
