"""Prints precision, recall and F1 of each kind of fact: ``make accuracy``."""

from __future__ import annotations

import argparse
import io
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.clean import Clean
from pipelines.facts import Facts
from scraper.clock import now
from scraper.pages import read
from tests.accuracy.baselines import BASELINES, score_baseline
from tests.accuracy.labelled import (
    FOLDER_OF_LABELS,
    HALVES,
    Labelled,
    labelled_articles,
    read_labels,
)
from tests.accuracy.scores import KINDS_COMPARED, Score, score_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scraper.model import Article

HERE = Path(__file__).parent
PAGE = HERE.parent.parent / "docs" / "accuracy.md"
START, END = "<!-- tables -->", "<!-- end of tables -->"


def read_articles(labelled: Sequence[Labelled]) -> Iterator[tuple[Labelled, Article]]:
    """Yield each labelled article as the parsers and stages read it.

    Raises:
        LookupError: no article was read from a labelled file.
    """
    clean, facts = Clean(), Facts()
    for item in labelled:
        page = facts.process_item(clean.process_item(read(item.capture)))
        if page.article is None:
            raise LookupError(f"no article was read from the file of article {item.number}")
        yield item, page.article


def table_line(name: str, score: Score) -> str:
    """Return a line of the Markdown table of scores."""
    wanted = " / ".join(f"{share:.2f}" for share in KINDS_COMPARED[name].target)
    return (
        f"| {name} | {score.right + len(score.missed)} | {score.precision:.3f} | "
        f"{score.recall:.3f} | {score.f1:.3f} | {wanted} |"
    )


def print_baselines(labelled: Sequence[Labelled]) -> None:
    """Print the scores of simple rules and other libraries."""
    print("\n| baseline | kind | precision | recall | F1 |\n|---|---|---|---|---|")
    for name, (kind, _) in BASELINES.items():
        score = score_baseline(name, labelled)
        print(f"| {name} | {kind} | {score.precision:.3f} | {score.recall:.3f} | {score.f1:.3f} |")


def write_tables() -> int:
    """Put the tables of both halves into docs/accuracy.md, with command and day."""
    output = io.StringIO()
    with redirect_stdout(output):
        main(["--baselines"])
    page = PAGE.read_text("utf-8")
    head, rest = page.split(START)
    tail = rest.split(END)[1]
    made = f"`make accuracy` on {now():%-d %B %Y}:"
    PAGE.write_text(f"{head}{START}\n{made}\n{output.getvalue()}{END}{tail}", "utf-8")
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables, and the wrong items of the kinds asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.accuracy", description=__doc__)
    parser.add_argument("labels", nargs="*", type=Path, help="label files (default: both halves)")
    parser.add_argument("--corpus", type=Path, help="folder of the corpora the labels belong to")
    parser.add_argument("--wrong", action="append", default=[], metavar="KIND",
                        help="list what was wrong in a kind, or in all of them")  # fmt: skip
    parser.add_argument("--baselines", action="store_true", help="score simple rules as well")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/accuracy.md")
    given = parser.parse_args(arguments)
    if given.write:
        return write_tables()
    files = given.labels or [HERE / FOLDER_OF_LABELS / f"{half}.jsonl" for half in HALVES]
    corpus = given.corpus or HERE.parent.parent.parent / "shared" / "corpus"
    for file in files:
        articles = labelled_articles(read_labels(file), corpus)
        scores = score_all(read_articles(articles))
        print(f"\n{file.stem}: {len(articles)} articles\n")
        print("| kind | labels | precision | recall | F1 | target |\n|---|---|---|---|---|---|")
        for name, score in scores.items():
            print(table_line(name, score))
        if given.baselines:
            print_baselines(articles)
        for name in scores if "all" in given.wrong else given.wrong:
            print(f"\n{name}: found but not expected", *scores[name].false, sep="\n  ")
            print(f"{name}: expected but not found", *scores[name].missed, sep="\n  ")
    return 0


if __name__ == "__main__":
    sys.exit(main())
