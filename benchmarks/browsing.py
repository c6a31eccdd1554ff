"""The pages of ``thaigov browse``: the CPU that its process takes for a request.

Every address is asked once, so that no remembered answer helps. Words come from the archive's own
vocabulary. Between requests, runs add articles, as a crawl at night does.
"""

from __future__ import annotations

import random
import sqlite3
import subprocess
from contextlib import closing, contextmanager
from statistics import median
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode
from urllib.request import urlopen

from benchmarks.importing import import_corpus
from benchmarks.processes import ROOT, THAIGOV, ProgramError, thread_seconds
from benchmarks.results import Target, percentile
from scraper.practice.site.still import PracticeSite
from tests.practice_corpus import write_corpus

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from benchmarks.results import Results

VOCABULARY = "CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, article_words_fts, row)"
WORDS = """SELECT term FROM temp.vocabulary WHERE length(term) >= 3 AND doc >= 2
    AND term NOT GLOB '[0-9]*' ORDER BY doc DESC"""
LONGEST = "SELECT id FROM articles ORDER BY length(body) DESC LIMIT 5"
BOUND = 300.0  # milliseconds
RUNS = 3  # that end while the site is served
ADDED = 20  # articles of each


class Asked(NamedTuple):
    """Addresses to ask for: pages of the search, of articles."""

    searches: list[str]
    articles: list[str]


def addresses(db: Path, count: int, chance: random.Random) -> Asked:
    """Return what is asked: frequent and random words, random articles and the longest."""
    with closing(sqlite3.connect(f"{db.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        connection.execute(VOCABULARY)
        words = [row[0] for row in connection.execute(WORDS)]
        ids = [row[0] for row in connection.execute("SELECT id FROM articles ORDER BY id")]
        longest = [row[0] for row in connection.execute(LONGEST)]
    half = min(count // 2, len(words))
    chosen = dict.fromkeys([*words[:half], *chance.sample(words, half)])
    articles = dict.fromkeys([*chance.sample(ids, min(count, len(ids))), *longest])
    return Asked(
        [f"/-/search?{urlencode({'q': word})}" for word in chosen],
        [f"/{db.stem}/articles/{number}" for number in articles],
    )


@contextmanager
def served(db: Path) -> Iterator[Server]:
    """Serve an archive in a process of its own."""
    command = [*THAIGOV, "browse", "--db", str(db), "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        if process.stdout is None:
            raise ValueError("no pipe")
        try:
            told = process.stdout.readline()  # …/all.db is at http://127.0.0.1:41234 (…)
            yield Server(process.pid, told.split(" is at ")[1].split()[0].rstrip("/"))
        finally:
            process.terminate()


class Server(NamedTuple):
    """A site that is served, and its process."""

    pid: int
    url: str

    def cost(self, path: str) -> float:
        """Return the milliseconds of CPU that a page takes.

        Raises:
            ProgramError: no answer, or another status than 200.
        """
        before = thread_seconds(self.pid)
        try:
            with urlopen(self.url + path, timeout=60) as answer:  # noqa: S310 - our own address
                answer.read()
        except OSError as error:
            raise ProgramError(f"{path}: {error}") from error
        return 1000 * (thread_seconds(self.pid) - before)


def _add_articles(db: Path, folder: Path, seed: int) -> None:
    write_corpus(PracticeSite(ADDED, seed), folder / f"run-{seed}")
    import_corpus(folder / f"run-{seed}", db)


def _target(pages: str, count: int, costs: Sequence[float]) -> Target:
    detail = f"CPU of {len(costs)} pages: median {median(costs):.0f}, greatest {max(costs):.0f} ms"
    work = f"{pages} at {count:,} practice articles, 95th percentile"
    return Target(work, percentile(costs, 0.95), BOUND, "ms", detail)


def measure(db: Path, folder: Path, count: int, results: Results) -> None:
    """Ask for every page once, and for the first ones after each of some runs."""
    with closing(sqlite3.connect(db)) as connection:
        (size,) = connection.execute("SELECT count(*) FROM articles").fetchone()
    asked = addresses(db, count, random.Random(1))  # noqa: S311 - no secret
    first_searches, first_articles = asked.searches[:RUNS], asked.articles[:RUNS]
    homes, firsts = [], []
    with served(db) as server:
        server.cost("/")
        searches = [server.cost(path) for path in asked.searches[RUNS:]]
        articles = [server.cost(path) for path in asked.articles[RUNS:]]
        for seed, (search, article) in enumerate(zip(first_searches, first_articles, strict=True)):
            _add_articles(db, folder, seed + 1)
            pages = ("/", search, article)
            firsts += [server.cost(path) for path in pages]
            homes += [server.cost("/") for _ in range(5)]
    results.targets += [
        _target("search page", size, searches),
        _target("article page", size, articles),
        _target("home page", size, [*homes, *firsts[::3]]),
        Target(
            "the first home, search and article page after a run ended", max(firsts), BOUND, "ms",
            f"the greatest CPU of {len(firsts)} pages after {RUNS} runs; median "
            f"{median(firsts):.0f} ms",
        ),
    ]  # fmt: skip
