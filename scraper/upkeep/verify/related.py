"""Checks that articles are related as their texts are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.archive.related import ArticleComparison

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from sqlite_utils import Database

_NOT_COMPARED = """SELECT url FROM articles WHERE text_hash IS NOT NULL
    AND id NOT IN (SELECT article_id FROM _article_signatures)
    AND id NOT IN (SELECT article_id FROM _articles_to_compare)"""
_COUNTS = (
    "SELECT count(*) FROM _fingerprints",
    "SELECT coalesce(sum(length(fingerprints)), 0) / 4 FROM _article_signatures",
)
_STORED_PAIRS = """SELECT r.article_id, r.related_id, r.kind, r.similarity, a.url, o.url
    FROM related_articles r JOIN articles a ON a.id = r.article_id
    JOIN articles o ON o.id = r.related_id
    WHERE NOT EXISTS (SELECT 1 FROM _articles_to_compare)"""


def wrong_relations(db: Database, damaged: Container[str] = ()) -> Iterator[str]:
    """Yield a sentence for each stored comparison that does not agree with the texts.

    Args:
        db: an archive.
        damaged: addresses of articles whose text is not to be relied on.
    """
    comparison = ArticleComparison(db)
    for (url,) in db.execute(_NOT_COMPARED):
        yield f"{url}: it was never compared with other articles"
    stored, expected = (db.execute(sql).fetchone()[0] for sql in _COUNTS)
    if stored != expected:
        yield f"{stored:,} fingerprints are stored, the signatures have {expected:,}"
    for one, other, kind, similarity, url, other_url in db.execute(_STORED_PAIRS).fetchall():
        if url in damaged or other_url in damaged:
            continue
        if comparison.likeness(one, other) != (kind, similarity):
            yield f"{url} and {other_url} are not related as stored: {kind}, {similarity}"


def missing_relations(db: Database) -> Iterator[str]:
    """Yield a sentence for each pair of articles that are alike and are not stored as related.

    It compares all articles; none if some are still to be compared.
    """
    if db.execute("SELECT 1 FROM _articles_to_compare").fetchone():
        return
    comparison = ArticleComparison(db)
    for (one,) in db.execute("SELECT article_id FROM _article_signatures").fetchall():
        for pair in sorted(comparison.candidates(one)):
            if (
                pair[0] == one
                and not comparison.are_related(pair)
                and (found := comparison.likeness(*pair)) is not None
            ):
                urls = [db.execute("SELECT url FROM articles WHERE id = ?", [number]).fetchone()
                        for number in pair]  # fmt: skip
                yield f"{' and '.join(row[0] for row in urls if row)} are related: {found.kind}"
