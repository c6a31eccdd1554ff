"""Search: the whole command, and both ways to have it from plain SQLite.

``sqlite-utils`` is what many would use: ``insert`` and ``enable-fts``. Its default index takes the
white space for the border of words, which Thai does not write.
"""

from __future__ import annotations

import json
import random
import sqlite3
import sys
from contextlib import closing
from statistics import fmean, median
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.importing import text_bytes
from benchmarks.processes import THAIGOV, Stopwatch, alone, run
from benchmarks.results import Comparison, Target
from scraper.archive.database import open_for_reading
from scraper.thai.words import segment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.importing import Imported
    from benchmarks.processes import Usage
    from benchmarks.results import Results

SHORTEST = 3  # characters of a term; the trigram index has no shorter ones
TERMS = 40
RUNS = 6  # of the whole command, each with another query
TEXT = "title || char(10) || coalesce(lead, '') || char(10) || body"
MATCH = "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ?"
LIKE = "SELECT count(*) FROM articles WHERE title LIKE ?1 OR lead LIKE ?1 OR body LIKE ?1"
SQLITE_UTILS = (sys.executable, "-m", "sqlite_utils")
TOKENIZERS = {
    "sqlite-utils enable-fts": (),
    "the same, --tokenize trigram": ("--tokenize", "trigram"),
}


class Peer(NamedTuple):
    """What sqlite-utils took: milliseconds of CPU an article, bytes, mean recall of the terms."""

    milliseconds: float
    size: int
    recall: float


def make_terms(titles: Sequence[str], count: int, seed: int = 1) -> list[str]:
    """Return pieces of headlines to search for: a word, or two that stand together."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    terms: dict[str, None] = {}
    for title in chance.sample(titles, len(titles)):
        words = segment(title)
        if len(words) < 2:
            continue
        start = chance.randrange(len(words) - 1)
        pair = "".join(words[start : start + 2])
        term = pair if chance.random() < 0.5 and pair in title else words[start]
        if len(term) >= SHORTEST and term in title:
            terms[term] = None
        if len(terms) == count:
            break
    return list(terms)


def _quoted(term: str) -> str:
    return '"' + term.replace('"', '""') + '"'


def recall(db: sqlite3.Connection, texts: dict[int, str], terms: Sequence[str]) -> float:
    """Return the mean share of the articles with a term that an index named articles_fts finds."""
    shares = []
    for term in terms:
        folded = term.casefold()
        wanted = {number for number, text in texts.items() if folded in text.casefold()}
        sql = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?"
        found = {row[0] for row in db.execute(sql, [_quoted(term)])}
        shares.append(len(wanted & found) / len(wanted))
    return fmean(shares)


def _peer(
    rows: Path, db: Path, texts: dict[int, str], terms: Sequence[str], options: Sequence[str]
) -> Peer:
    used: list[Usage] = [
        run(*SQLITE_UTILS, "insert", db, "articles", rows, "--nl", "--pk", "id"),
        run(*SQLITE_UTILS, "enable-fts", db, "articles", "title", "body", *options),
    ]
    with closing(sqlite3.connect(db)) as connection:
        found = recall(connection, texts, terms)
    cpu = sum(usage.cpu for usage in used)
    return Peer(1000 * cpu / len(texts), db.stat().st_size, found)


def beside_sqlite_utils(imported: Imported, folder: Path, results: Results) -> None:
    """Store the same texts by sqlite-utils."""
    with closing(open_for_reading(imported.db)) as archive:
        texts = dict(archive.execute(f"SELECT id, {TEXT} FROM articles").fetchall())
        titles = dict(archive.execute("SELECT id, title FROM articles").fetchall())
        terms = make_terms(list(titles.values()), TERMS)
        ours = recall(archive.conn, texts, terms)
    rows = folder / "rows.jsonl"
    with rows.open("w", encoding="utf-8") as file:
        for number, text in texts.items():
            body = text[len(titles[number]) + 1 :]
            row = {"id": number, "title": titles[number], "body": body}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    total, size = text_bytes(imported.db), imported.db.stat().st_size
    work = f"storing and indexing {len(texts):,} articles"
    for position, (program, options) in enumerate(TOKENIZERS.items()):
        peer = _peer(rows, folder / f"peer{position}.db", texts, terms, options)
        results.comparisons += [
            Comparison(work, "ms of CPU an article, ours the writer's process", imported.writing,
                       program, peer.milliseconds),
            Comparison(work, "bytes of database a byte of text", size / total,
                       program, peer.size / total),
            Comparison(work, f"articles found, mean share for {len(terms)} terms", ours,
                       program, peer.recall),
        ]  # fmt: skip


def query_times(db: Path, terms: Sequence[str]) -> tuple[float, float]:
    """Return the median milliseconds of CPU that counting takes by our index, and by LIKE."""
    times: dict[str, list[float]] = {MATCH: [], LIKE: []}
    with closing(open_for_reading(db)) as archive:
        for term in terms:
            for sql, value in ((MATCH, _quoted(term)), (LIKE, f"%{term}%")):
                with Stopwatch() as watch:
                    archive.execute(sql, [value]).fetchall()
                times[sql].append(1000 * watch.cpu)
    return median(times[MATCH]), median(times[LIKE])


def on_a_large_archive(db: Path, results: Results) -> None:
    """Search an archive by command, by index and by LIKE."""
    with closing(open_for_reading(db)) as archive:
        titles = [row[0] for row in archive.execute("SELECT title FROM articles LIMIT 5000")]
        (count,) = archive.execute("SELECT count(*) FROM articles").fetchone()
    terms = make_terms(titles, TERMS)
    used = [run(*THAIGOV, "search", term, "--db", db).cpu for term in terms[:RUNS]]
    results.targets.append(
        Target(f"`thaigov search` on {count:,} articles, whole process", median(used), 0.6, "s",
               f"median CPU of {RUNS} queries, greatest {max(used):.2f} s")
    )  # fmt: skip
    ours, like = alone(query_times, db, terms)
    results.comparisons.append(
        Comparison(f"articles with a term, of {count:,}", "ms of CPU a query, median", ours,
                   "LIKE '%term%'", like)
    )  # fmt: skip
