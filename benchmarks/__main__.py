"""``make bench``: measures every group, then writes docs/performance.md and docs/performance.json.

    python -m benchmarks [--quick [--write]] [--corpus DIR] [--articles N] [--grown N]
                         [--only GROUP …]

``--quick`` takes small inputs, prints the tables and writes nothing. With ``--only``, the pages
keep the figures of the other groups. Other work on the machine slows every figure, so the targets
are ratios of CPU times, each within one group.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

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
from benchmarks.report import GROUPS
from benchmarks.results import Results, Run

CORPUS = ROOT.parent / "shared" / "corpus"


def measure(
    group: str, sizes: inputs.Sizes, corpus: Path | None, folder: Path, results: Results
) -> None:
    """Measure a group in a folder that is empty.

    Raises:
        ProgramError: a measured program failed.
    """
    if group == "import":
        texts = inputs.make_corpus(corpus, sizes.articles, folder / "corpus")
        imported = importing.measure(texts, folder, results)
        searching.beside_sqlite_utils(imported, folder, results)
    elif group == "pages":
        extraction.measure(sizes.pages, results)
    elif group == "dates":
        dates.measure(sizes.dated, results)
    elif group == "crawl":
        crawling.measure(sizes.articles, folder, results)
    else:
        db = growth.measure(sizes.grown, folder, results)
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
    runs: dict[str, Run] = {}
    for group in given.only:
        print(f"{time.strftime('%H:%M:%S')} {group} …", file=sys.stderr, flush=True)
        made, results = machine.Made(), Results()
        try:
            with tempfile.TemporaryDirectory(prefix="thaigov-bench-") as folder:
                measure(group, sizes, given.corpus, Path(folder), results)
        except ProgramError as error:
            print(report.markdown(runs))
            print(f"A measured program failed; nothing was written.\n{error}", file=sys.stderr)
            return 1
        runs[group] = Run(made.finished(), results)
    if given.quick and not given.write:
        print(report.markdown(runs))
        return 0
    report.write(runs, ROOT / "docs")
    if "large" in runs:
        picture.draw(runs["large"].results.growth, ROOT / "docs" / "images" / "growth.svg")
    return 0


if __name__ == "__main__":
    sys.exit(main())
