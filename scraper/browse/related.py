"""Finds articles about the same subject, by the rare words of a headline.

BM25 weighs a word by its rarity and by the length of the text, so a cabinet résumé of a hundred
pages, which contains every word, is not close to everything.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from scraper.search.conditions import quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlite_utils import Database

    from scraper.archive.versions import Row

MAX_RELATED = 5
MIN_WORD_LENGTH = 4
# Rare words indicate the topic. Counting stops at MAX_ARTICLES_PER_WORD, so that frequent words
# cost no more than others. Pairs of words stand in if too few words are rare.
MAX_COUNTED, MAX_WORDS, MAX_ARTICLES_PER_WORD, FEWEST_WORDS = 12, 6, 400, 2
_COUNT = (
    "SELECT count(*) FROM (SELECT 1 FROM article_words_fts WHERE article_words_fts MATCH ? LIMIT ?)"
)
_CLOSEST = """
    SELECT rowid FROM article_words_fts WHERE article_words_fts MATCH ?
    ORDER BY bm25(article_words_fts), rowid DESC LIMIT ?
"""


def related(
    db: Database, words: list[str], without: Collection[int], most: int = MAX_RELATED
) -> list[Row]:
    """Return articles that contain rare words of a headline, closest first.

    Args:
        db: the archive.
        words: of the headline, in order.
        without: ids of the article itself and of those shown elsewhere.
        most: maximum number of articles.
    """
    long = sorted({w for w in words if len(w) >= MIN_WORD_LENGTH}, key=lambda w: (-len(w), w))
    rare = _rare(db, long)
    if len(rare) < FEWEST_WORDS:
        pairs = [f"{a} {b}" for a, b in pairwise(words) if len(a + b) > MIN_WORD_LENGTH]
        rare += _rare(db, sorted(set(pairs), key=lambda pair: (-len(pair), pair)))
    if not rare:
        return []
    match = " OR ".join(quoted(word) for _, word in rare[:MAX_WORDS])
    found = [other for (other,) in db.execute(_CLOSEST, [match, most + len(without)])]
    best = [other for other in found if other not in without][:most]
    places = ", ".join("?" * len(best))
    sql = f"SELECT id, title, published_on, ministry FROM articles WHERE id IN ({places})"
    rows = {row["id"]: row for row in db.query(sql, best)}
    return [rows[other] for other in best]


def _rare(db: Database, words: Iterable[str]) -> list[tuple[int, str]]:
    """Return the words that only a few articles contain (but not just one), rarest first."""
    counted = []
    for word in [*words][:MAX_COUNTED]:
        (articles,) = db.execute(_COUNT, [quoted(word), MAX_ARTICLES_PER_WORD]).fetchone()
        if 1 < articles < MAX_ARTICLES_PER_WORD:
            counted.append((articles, word))
    return sorted(counted)
