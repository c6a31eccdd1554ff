"""How long the pages of `thaigov browse` take on an archive, as a real Datasette in this process.

    python -m benchmarks.browse_speed ARCHIVE [--public] [--count 100] [--seed 1] [--json]

Every address is asked once, so that no remembered answer helps; where it says "after a commit", the
site has been made to forget. Words come from the archive's own vocabulary. Time is told on the wall
and of the processor, all threads; a machine that is busy with other things lengthens the first. A
fixed piece of work, timed before and after, tells how fast the machine was meanwhile.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from scraper.browse.answer_cache import AnswerCache
from scraper.browse.app import Options, make_datasette, warm_up

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from datasette.app import Datasette

VOCABULARY = "CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, article_words_fts, row)"
WORDS = """SELECT term FROM temp.vocabulary WHERE length(term) >= 3 AND doc >= 2
    AND term NOT GLOB '[0-9]*' ORDER BY doc DESC"""
LONGEST = "SELECT id FROM articles ORDER BY length(body) DESC LIMIT 5"
FILTERS = {"ministry": "industry", "since": "2563"}


class Kind(NamedTuple):
    """Pages that are measured together, and what is done before each of them."""

    name: str
    paths: list[str]
    before: Callable[[Datasette], None] = lambda _: None


def forget(site: Datasette) -> None:
    """Make a site forget its answers, as a commit of another process does."""
    site.get_database().cache = AnswerCache(None)


def forget_all(site: Datasette) -> None:
    """Make a site forget its facets too, as the end of a run does."""
    forget(site)
    site.get_database().facets = None


def kinds(archive: Path, count: int, chance: random.Random) -> list[Kind]:
    """Return what is asked of an archive."""
    with closing(sqlite3.connect(f"{archive.absolute().as_uri()}?mode=ro", uri=True)) as db:
        db.execute(VOCABULARY)
        words = [row[0] for row in db.execute(WORDS)]
        ids = [row[0] for row in db.execute("SELECT id FROM articles ORDER BY published_on")]
        longest = [row[0] for row in db.execute(LONGEST)]
    frequent, drawn = words[:count], chance.sample(words, min(count, len(words)))
    some = chance.sample(ids, min(count, len(ids)))
    few = frequent[: max(2, count // 4)]

    def search(asked: Sequence[str], **further: str) -> list[str]:
        return [f"/-/search?{urlencode({'q': word, **further})}" for word in asked]

    def article(numbers: Sequence[int]) -> list[str]:
        return [f"/{archive.stem}/articles/{number}" for number in numbers]

    return [
        Kind("home, after a commit", ["/"] * 20, forget),
        Kind("home, again", ["/"] * 20),
        Kind("search, frequent words", search(frequent)),
        Kind("search, random words", search(drawn)),
        Kind("search, frequent and random", search(frequent + drawn), forget),
        Kind("search, frequent, filtered", search(few, **FILTERS)),
        Kind("search, frequent, newest first", search(few, sort="new")),
        Kind("search, random, after a run", search(drawn[:10]), forget_all),
        Kind("article, random", article(some)),
        Kind("article, the longest", article(longest)),
        Kind("dashboard, after a commit", ["/-/dashboard"] * 5, forget),
        Kind("tables, after a commit", ["/-/tables"] * 5, forget),
        Kind("Datasette's table of articles", [f"/{archive.stem}/articles"] * 5),
    ]


def yardstick() -> float:
    """Return the milliseconds that a fixed piece of work takes."""
    begun = time.perf_counter()
    sum(number * number for number in range(1_000_000))
    return 1000 * (time.perf_counter() - begun)


async def measure(site: Datasette, kind: Kind) -> dict[str, Any]:
    """Return the milliseconds that the pages of a kind take."""
    wall, processor = [], []
    for path in kind.paths:
        kind.before(site)
        begun, used = time.perf_counter(), time.process_time()
        answer = await site.client.get(path)
        wall.append(1000 * (time.perf_counter() - begun))
        processor.append(1000 * (time.process_time() - used))
        answer.raise_for_status()
    figures = {"wall": wall, "cpu": processor}
    told = {
        f"{name}_{what}": round(value, 1)
        for name, times in figures.items()
        for what, value in (
            ("median", median(times)),
            ("p95", quantiles(times, n=20, method="inclusive")[-1]),
        )
    }
    return {"pages": kind.name, "asked": len(wall), **told}


async def measure_all(site: Datasette, asked: Sequence[Kind]) -> list[dict[str, Any]]:
    """Return the figures of all kinds, from a site that has been warmed up."""
    await warm_up(site)
    return [await measure(site, kind) for kind in asked]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--public", action="store_true", help="serve it as a snapshot")
    parser.add_argument("--count", type=int, default=100, help="words and articles to ask for")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    asked = kinds(options.archive, options.count, random.Random(options.seed))  # noqa: S311 - no secret
    before = yardstick()
    site = make_datasette(options.archive, Options(public=options.public))
    figures = asyncio.run(measure_all(site, asked))
    machine = {"yardstick_before": round(before, 1), "yardstick_after": round(yardstick(), 1)}
    if options.json:
        print(json.dumps({**machine, "pages": figures}, indent=2))
        return
    heads = ("milliseconds", "asked", "wall: median", "p95", "cpu: median", "p95")
    print("{:32}{:>6}{:>14}{:>7}{:>13}{:>7}".format(*heads))
    for row in figures:
        print(
            f"{row['pages']:32}{row['asked']:6}{row['wall_median']:14.0f}{row['wall_p95']:7.0f}"
            f"{row['cpu_median']:13.0f}{row['cpu_p95']:7.0f}"
        )
    print(" ".join(f"{name} {value:.0f}" for name, value in machine.items()))


if __name__ == "__main__":
    main()
