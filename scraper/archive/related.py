"""Relates articles with the same or a similar text (``scraper.thai.likeness``).

Which articles are related depends on all articles of the archive, not on the order in which they
arrived. Triggers queue each new, changed or removed article in ``_articles_to_compare``. The
transaction that stores a batch also compares it; the next run compares what a killed one left.

Two articles are neighbours in a fingerprint they share if fewer than ``NEIGHBOURS`` articles
published between them have it too. They are compared if they are neighbours in enough of their
fingerprints. So the work is linear in the number of articles, even if a thousand have the same
text: a long series becomes a chain in which each article is related to its neighbours.
"""

from __future__ import annotations

from array import array
from collections import Counter
from datetime import date
from itertools import islice
from math import ceil
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from scraper.thai.likeness import LikenessKind, fingerprints, likeness, read_compared_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlite_utils import Database

    from scraper.thai.likeness import ComparedText, Likeness

NEIGHBOURS = 8  # on each side; a weekly release is related to those of two months
# Shares of the shorter text's fingerprints that must be in both, and in which the articles must be
# neighbours, before the texts are read. Pairs with half of the shingles in common share 0.6.
ENOUGH_IN_COMMON = 0.4
ENOUGH_IN_LONGER = 0.6  # if one text is twice as long, it can only contain the other
ENOUGH_AS_NEIGHBOURS = 0.2
SHINGLES_KEPT = 1_000_000  # of texts read; 80 MB

_BEFORE = """SELECT article_id, fingerprints FROM _fingerprints WHERE fingerprint = ?
    AND (place, article_id) < (?, ?) ORDER BY place DESC, article_id DESC LIMIT ?"""
_AFTER = """SELECT article_id, fingerprints FROM _fingerprints WHERE fingerprint = ?
    AND (place, article_id) > (?, ?) ORDER BY place, article_id LIMIT ?"""
_BETWEEN = """SELECT count(*) FROM (SELECT 1 FROM _fingerprints WHERE fingerprint = ?
    AND (place, article_id) > (?, ?) AND (place, article_id) < (?, ?) LIMIT ?)"""
_IN_USE = """SELECT value FROM json_each(?)
    WHERE EXISTS (SELECT 1 FROM _fingerprints WHERE fingerprint = value)"""
Pair = tuple[int, int]
Neighbour = tuple[int, int]  # an article, and how many fingerprints it has


class _Signature(NamedTuple):
    """Where an article is in the order of publication, and its fingerprints."""

    place: int
    fingerprints: frozenset[int]


def place_of(published_on: str | None, site_id: int, url: str) -> int:
    """Return a number that orders articles by day, then by their number on the site."""
    day = date.fromisoformat(published_on).toordinal() if published_on else 0
    return day << 41 | min(site_id, 2**24 - 1) << 17 | crc32(url.encode()) % 2**17


def pack(values: list[int]) -> bytes:
    """Return 32-bit numbers as bytes, little-endian on every machine in use."""
    return array("I", values).tobytes()


def compare_articles(
    db: Database, at_most: int = -1, known: Mapping[int, tuple[int, bytes]] | None = None
) -> int:
    """Relate the articles that were stored or changed since they were last compared.

    Runs within the caller's transaction.

    Args:
        db: an archive, open for writing.
        at_most: how many articles to compare; all if negative.
        known: place and packed fingerprints, by id, of articles just stored, so that they need
            not be computed again.

    Returns:
        The number of articles compared.
    """
    sql = "SELECT article_id FROM _articles_to_compare ORDER BY article_id LIMIT ?"
    due = [article_id for (article_id,) in db.execute(sql, [at_most]).fetchall()]
    if due:
        ArticleComparison(db, known).update(due)
    return len(due)


def rebuild_related(db: Database) -> None:
    """Delete all comparisons, within the caller's transaction; the next run starts over."""
    for table in ("related_articles", "_fingerprints", "_article_signatures"):
        db.execute(f"DELETE FROM {table}")
    db.execute("INSERT OR IGNORE INTO _articles_to_compare SELECT id FROM articles")


class ArticleComparison:
    """Compares some articles with their neighbours; texts read are kept for the batch."""

    def __init__(self, db: Database, known: Mapping[int, tuple[int, bytes]] | None = None) -> None:
        self._db = db
        self._known = known or {}
        self._signatures: dict[int, _Signature | None] = {}
        self._texts: dict[int, ComparedText] = {}

    def update(self, due: list[int]) -> None:
        """Bring the rows of some articles up to date."""
        pairs: set[Pair] = set()
        for article_id in due:
            pairs |= self._remove(article_id)
            pairs |= self._insert(article_id)
        for one, other in sorted(pairs):
            self._relate(one, other)
        self._db.conn.executemany(
            "DELETE FROM _articles_to_compare WHERE article_id = ?", [[number] for number in due]
        )

    def _remove(self, article_id: int) -> set[Pair]:
        """Remove an article from the fingerprints; return the pairs that become neighbours."""
        for column in ("article_id", "related_id"):
            self._db.execute(f"DELETE FROM related_articles WHERE {column} = ?", [article_id])
        signature = self._signature(article_id)
        if signature is None:
            return set()
        self._db.conn.executemany(
            "DELETE FROM _fingerprints WHERE fingerprint = ? AND place = ? AND article_id = ?",
            [(value, signature.place, article_id) for value in signature.fingerprints],
        )
        self._db.execute("DELETE FROM _article_signatures WHERE article_id = ?", [article_id])
        self._signatures[article_id] = None
        around = self._neighbours(article_id, signature)
        return {pair for before, after in around for pair in _separated(before, after)}

    def _insert(self, article_id: int) -> set[Pair]:
        """Add an article; return its pairs, and those related ones that it moves apart."""
        place, packed = self._known.get(article_id) or self._read_signature(article_id)
        if not packed:
            return set()
        found = array("I", packed)
        signature = _Signature(place, frozenset(found))
        moved: set[Pair] = set()
        pairs = self._candidates(article_id, signature, moved)
        pairs |= set(filter(self.are_related, moved))
        self._db.execute(
            "INSERT INTO _article_signatures VALUES (?, ?, ?)",
            [article_id, signature.place, packed],
        )
        self._db.conn.executemany(
            "INSERT INTO _fingerprints VALUES (?, ?, ?, ?)",
            [(value, signature.place, article_id, len(found)) for value in found],
        )
        self._signatures[article_id] = signature
        return pairs

    def candidates(self, article_id: int) -> set[Pair]:
        """Return the pairs of a stored article and those that may be like it."""
        signature = self._signature(article_id)
        return self._candidates(article_id, signature) if signature else set()

    def _candidates(
        self, article_id: int, signature: _Signature, moved: set[Pair] | None = None
    ) -> set[Pair]:
        """Return the pairs of an article and those that are its neighbours often enough.

        Args:
            article_id: the article.
            signature: its own.
            moved: gets the pairs that are neighbours only without it.
        """
        votes: Counter[Neighbour] = Counter()
        for before, after in self._neighbours(article_id, signature):
            votes.update(before)
            votes.update(after)
            if moved is not None:
                moved.update(_separated(before, after))
        return {
            _in_order(article_id, other)
            for (other, size), count in votes.items()
            if count >= ENOUGH_AS_NEIGHBOURS * min(size, len(signature.fingerprints))
        }

    def _read_signature(self, article_id: int) -> tuple[int, bytes]:
        """Return place and packed fingerprints of an article; none if it was removed."""
        row = self._db.execute(
            "SELECT published_on, site_id, url, body FROM articles WHERE id = ?", [article_id]
        ).fetchone()
        return (0, b"") if row is None else (place_of(*row[:3]), pack(fingerprints(row[3])))

    def _neighbours(
        self, article_id: int, signature: _Signature
    ) -> Iterator[tuple[list[Neighbour], list[Neighbour]]]:
        """Yield the neighbours before and after an article, nearest first, in each fingerprint."""
        known = self._db.execute(_IN_USE, [str(list(signature.fingerprints))]).fetchall()
        execute = self._db.conn.execute
        for (value,) in known:
            where = [value, signature.place, article_id, NEIGHBOURS]
            yield execute(_BEFORE, where).fetchall(), execute(_AFTER, where).fetchall()

    def are_related(self, pair: Pair) -> bool:
        """Return whether a pair is stored as related, in either order."""
        one, other = pair
        sql = "SELECT 1 FROM related_articles WHERE article_id = ? AND related_id = ?"
        execute = self._db.conn.execute
        return any(execute(sql, ids).fetchone() for ids in ((one, other), (other, one)))

    def _relate(self, one: int, other: int) -> None:
        """Store how two articles are alike, or that they are not."""
        # Not one statement for both: SQLite would read the whole table.
        self._db.conn.executemany(
            "DELETE FROM related_articles WHERE article_id = ? AND related_id = ?",
            [(one, other), (other, one)],
        )
        if (found := self.likeness(one, other)) is None:
            return
        short, long = sorted((one, other), key=lambda number: len(self._text(number).shingles))
        rows = [(short, long, *found)]
        if found.kind is not LikenessKind.CONTAINED:
            rows.append((long, short, *found))
        self._db.conn.executemany("INSERT INTO related_articles VALUES (?, ?, ?, ?)", rows)

    def likeness(self, one: int, other: int) -> Likeness | None:
        """Return how two articles are alike; None also if they are not to be compared."""
        first, second = self._signature(one), self._signature(other)
        if first is None or second is None:
            return None
        common = first.fingerprints & second.fingerprints
        fewest, most = sorted((len(first.fingerprints), len(second.fingerprints)))
        share = ENOUGH_IN_LONGER if most > 2 * fewest else ENOUGH_IN_COMMON
        if len(common) < share * fewest:
            return None
        ends = sorted(((first.place, one), (second.place, other)))
        enough = ceil(ENOUGH_AS_NEIGHBOURS * fewest)
        neighbours = filter(lambda value: self._are_neighbours(value, *ends), common)
        if sum(1 for _ in islice(neighbours, enough)) < enough:
            return None
        return likeness(self._text(one), self._text(other))

    def _are_neighbours(self, value: int, one: Pair, other: Pair) -> bool:
        (between,) = self._db.execute(_BETWEEN, [value, *one, *other, NEIGHBOURS]).fetchone()
        return bool(between < NEIGHBOURS)

    def _signature(self, article_id: int) -> _Signature | None:
        if article_id not in self._signatures:
            row = self._db.execute(
                "SELECT place, fingerprints FROM _article_signatures WHERE article_id = ?",
                [article_id],
            ).fetchone()
            found = row and _Signature(row[0], frozenset(array("I", row[1])))
            self._signatures[article_id] = found
        return self._signatures[article_id]

    def _text(self, article_id: int) -> ComparedText:
        if article_id not in self._texts:
            if sum(len(text.shingles) for text in self._texts.values()) > SHINGLES_KEPT:
                self._texts.clear()
            row = self._db.execute(
                "SELECT title, body, published_on FROM articles WHERE id = ?", [article_id]
            ).fetchone()
            self._texts[article_id] = read_compared_text(*row)
        return self._texts[article_id]


def _separated(before: list[Neighbour], after: list[Neighbour]) -> Iterator[Pair]:
    """Yield the pairs that are neighbours only without the article between them."""
    for number, (one, _) in enumerate(before):
        if (beyond := NEIGHBOURS - 1 - number) < len(after):
            yield _in_order(one, after[beyond][0])


def _in_order(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)
