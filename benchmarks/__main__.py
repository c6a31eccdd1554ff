"""``make bench``: measures every group, then writes docs/performance.md and docs/performance.json.

    python -m benchmarks [--quick [--write]] [--corpus DIR] [--articles N] [--grown N]
                         [--only GROUP …]

``--quick`` takes small inputs, ``--only`` some groups; both print their tables and write nothing.
Other work on the machine slows every figure: the targets are ratios of CPU times of one run.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import (
    browsing,
    crawling,
    dates,
    extraction,
    growth,
    importing,
    inputs,
    machine,
    picture,
    report,
    searching,
)
from benchmarks.processes import ROOT, ProgramError
from benchmarks.results import Results

if TYPE_CHECKING:
    from collections.abc import Sequence

GROUPS = ("import", "pages", "dates", "crawl", "large")
CORPUS = ROOT.parent / "shared" / "corpus"


def measure(
    results: Results, groups: Sequence[str], sizes: inputs.Sizes, corpus: Path | None, folder: Path
) -> None:
    """Measure groups in a folder that is empty.

    Raises:
        ProgramError: a measured program failed; the figures before it are in the results.
    """

    def say(group: str) -> None:
        print(f"{time.strftime('%H:%M:%S')} {group} …", file=sys.stderr, flush=True)

    if "import" in groups:
        say("import")
        texts = inputs.make_corpus(corpus, sizes.articles, folder / "corpus")
        imported = importing.measure(texts, folder, results)
        say("sqlite-utils")
        searching.beside_sqlite_utils(imported, folder, results)
    if "pages" in groups:
        say("pages")
        extraction.measure(sizes.pages, results)
    if "dates" in groups:
        say("dates")
        dates.measure(sizes.dated, results)
    if "crawl" in groups:
        say("crawl")
        crawling.measure(sizes.articles, folder, results)
    if "large" in groups:
        say(f"growth to {sizes.grown:,} articles")
        db = growth.measure(sizes.grown, folder, results)
        say("search and pages")
        searching.on_a_large_archive(db, results)
        browsing.measure(db, folder, sizes.asked, results)


def main() -> int:
    """Measure, and write or print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--quick", action="store_true", help="small inputs, for a try")
    parser.add_argument("--write", action="store_true", help="write the page with --quick, too")
    parser.add_argument("--corpus", type=Path, default=CORPUS,
                        help="folder of the corpora of real articles; practice articles if absent "
                        f"(default: {CORPUS.name} in shared/ beside the checkout)")  # fmt: skip
    parser.add_argument("--articles", type=int, help="articles of the import and of the crawl")
    parser.add_argument("--grown", type=int, help="practice articles of the large archive")
    parser.add_argument("--only", nargs="+", choices=GROUPS, default=GROUPS, metavar="GROUP",
                        help=", ".join(GROUPS))  # fmt: skip
    given = parser.parse_args()
    sizes = inputs.QUICK if given.quick else inputs.DEFAULT
    chosen = {"articles": given.articles, "grown": given.grown}
    sizes = replace(sizes, **{name: count for name, count in chosen.items() if count})
    made, results = machine.Made(), Results()
    with tempfile.TemporaryDirectory(prefix="thaigov-bench-") as folder:
        try:
            measure(results, given.only, sizes, given.corpus, Path(folder))
        except ProgramError as error:
            print(report.markdown(results, made.finished()))
            print(f"A measured program failed; nothing was written.\n{error}", file=sys.stderr)
            return 1
    if len(given.only) < len(GROUPS) or (given.quick and not given.write):
        print(report.markdown(results, made.finished()))
        return 0
    report.write(results, made.finished(), ROOT / "docs")
    picture.draw(results.growth, ROOT / "docs" / "images" / "growth.svg")
    return 0


if __name__ == "__main__":
    sys.exit(main())
