"""The import of a corpus, beside PyThaiNLP's segmentation of the same texts."""

from __future__ import annotations

import pickle
import sys
import time
from collections import defaultdict
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.processes import ROOT, THAIGOV, Stopwatch, alone, run
from benchmarks.results import Comparison, Cost, Target
from scraper.archive.database import open_for_reading
from scraper.clock import now
from scraper.imports.corpus import read_corpus
from scraper.model import Capture, Page
from scraper.stages.in_process import pure_stages, read_page, without_body

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.inputs import Corpus
    from benchmarks.processes import Usage
    from benchmarks.results import Results

WORKERS = 2
BEFORE_FACTS = (sys.executable, ROOT / "benchmarks" / "before_facts.py")
MIB = 1 << 20
WARM_UP = 20  # articles read before the measured ones, so that what is loaded late is loaded
PROFILED = 500  # articles that are enough to tell the parts of the work


def import_corpus(
    folder: Path, db: Path, program: tuple[str | Path, ...] = THAIGOV, **more: Any
) -> Usage:
    """Import a folder into an archive and return what all processes used."""
    arguments = ("import", "corpus", folder, "--db", db, "--create", "--workers", str(WORKERS))
    return run(*program, *arguments, **more)


def segment_all(corpus: Corpus) -> tuple[float, float]:
    """Return the CPU and wall seconds that newmm takes for all texts, its dictionary loaded."""
    from pythainlp.tokenize import word_tokenize  # noqa: PLC0415 - only its own process loads it

    texts = corpus.texts()
    word_tokenize("โหลดพจนานุกรม", engine="newmm")
    with Stopwatch() as watch:
        for text in texts:
            word_tokenize(text, engine="newmm")
    return watch.cpu, watch.wall


def text_bytes(db: Path) -> int:
    """Return the bytes of all texts that an archive's readers see."""
    with closing(open_for_reading(db)) as archive:
        row = archive.execute(
            "SELECT sum(length(CAST(title || coalesce(lead, '') || body || tail AS BLOB))) "
            "FROM articles"
        ).fetchone()
    return int(row[0])


def stage_costs(corpus: Corpus) -> list[Cost]:
    """Return what an article takes in each pure stage and kind of fact, in one process."""
    from pipelines.facts import Facts  # noqa: PLC0415
    from scraper import facts  # noqa: PLC0415
    from scraper.facts.kind import ArticleText  # noqa: PLC0415

    found = read_corpus([corpus.folder], now())
    captures = [item for item in found if isinstance(item, Capture)][:PROFILED]
    stages = pure_stages()
    for capture in captures[:WARM_UP]:
        read_page(stages, capture)
    pages, seconds = [], defaultdict[str, float](float)

    def timed(part: str, begun: float) -> None:
        seconds[part] += time.process_time() - begun

    for capture in captures:
        page = Page(capture=capture)
        for stage in stages:
            if isinstance(stage, Facts):
                text = ArticleText(page.article) if page.article else None
                for kind in facts.KINDS:
                    begun = time.process_time()
                    if text and kind.find:
                        text.article.facts[kind.name] = tuple(kind.find(text))
                    timed(f"facts: {kind.name}", begun)
                continue
            begun = time.process_time()
            page = stage.process_item(page)
            timed(type(stage).__name__.lower(), begun)
        page.capture = without_body(page.capture)
        pages.append(page)
    begun = time.process_time()
    for page in pages:
        pickle.loads(pickle.dumps(page))  # noqa: S301 - our own
    timed("pickling and unpickling a page", begun)
    return [Cost(part, 1000 * total / len(captures)) for part, total in seconds.items()]


class Imported(NamedTuple):
    """An archive with all facts, and the milliseconds of CPU that its writer took an article."""

    db: Path
    writing: float


def measure(corpus: Corpus, folder: Path, results: Results) -> Imported:
    """Measure imports and return the archive with all facts."""
    db = folder / "all.db"
    newmm_cpu, newmm_wall = alone(segment_all, corpus)
    earlier = import_corpus(corpus.folder, folder / "earlier.db", BEFORE_FACTS)
    whole = import_corpus(corpus.folder, db)
    ratio = db.stat().st_size / text_bytes(db)
    again = import_corpus(corpus.folder, db)
    count = len(corpus.texts())

    def each(seconds: float) -> float:
        return 1000 * seconds / count

    results.targets += [
        Target(
            f"import of {corpus.what} before “Facts”: CPU / newmm's CPU",
            earlier.cpu / newmm_cpu, 0.80, "×",
            f"{earlier.cpu:.1f} s / {newmm_cpu:.1f} s",
        ),
        Target(
            f"the same, wall with {WORKERS} workers / newmm's wall",
            earlier.wall / newmm_wall, 0.45, "×",
            f"{earlier.wall:.1f} s / {newmm_wall:.1f} s",
        ),
        Target(
            "with all fact stages: CPU / CPU before “Facts”",
            whole.cpu / earlier.cpu, 1.5, "×",
            f"{whole.cpu:.1f} s / {earlier.cpu:.1f} s",
        ),
        Target(
            "writer's share of all CPU", 100 * whole.own / whole.cpu, 25, "%",
            f"{each(whole.own):.1f} of {each(whole.cpu):.1f} ms an article",
        ),
        Target(
            "re-import with nothing changed: CPU / CPU of the first",
            again.cpu / whole.cpu, 0.08, "×",
            f"{again.cpu:.1f} s / {whole.cpu:.1f} s",
        ),
        Target(
            "memory of all processes", whole.memory / MIB, 900, "MiB",
            f"greatest sample, {WORKERS} workers",
        ),
        Target(
            "database / text", ratio, 3.2, "×",
            f"{db.stat().st_size / MIB:.1f} MiB / {text_bytes(db) / MIB:.1f} MiB",
        ),
    ]  # fmt: skip
    results.comparisons += [
        Comparison("import, all stages; newmm only cuts words", "ms of CPU an article",
                   each(whole.cpu), "PyThaiNLP newmm", each(newmm_cpu)),
    ]  # fmt: skip
    results.costs += [
        *alone(stage_costs, corpus),
        Cost("all of the writer's process, measured", each(whole.own)),
        Cost("all of the workers' processes, measured", each(whole.cpu - whole.own)),
    ]
    warc = sum(file.stat().st_size for file in (folder / "warc").glob("all-*"))
    results.unit |= {
        "text": text_bytes(db) / count,
        "warc": warc / count,
        "database": db.stat().st_size / count,
        "worker": each(whole.cpu - whole.own),
        "writer": each(whole.own),
    }
    return Imported(db, each(whole.own))
