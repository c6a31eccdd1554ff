"""Joins related articles: one archive's comparisons are copied, the rest is compared.

Which articles are related depends only on the set of articles (decision 16). So the comparisons of
the largest archive are a valid start, and the usual comparison of new articles does the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.archive.related import compare_articles
from scraper.merge.rows import columns_of, insert, mapped_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlite_utils import Database

    from scraper.merge.articles import JoinedArticles
    from scraper.merge.sources import Source

COMPARED_AT_ONCE = 64  # articles between two reports of progress
# Tables of comparisons, with the columns that are ids of articles.
COMPARISONS = {
    "_article_signatures": ("article_id",),
    "_fingerprints": ("article_id",),
    "related_articles": ("article_id", "related_id"),
}


def join_related(
    db: Database,
    sources: Sequence[Source],
    articles: JoinedArticles,
    advance: Callable[[int], None] = lambda _count: None,
) -> None:
    """Fill the tables of related articles."""
    current = [number for number, source in enumerate(sources) if source.is_current]
    if current:
        largest = max(current, key=lambda number: len(articles.ids[number]))
        _take_over(db, sources[largest], articles.ids[largest], articles.donated[largest])
    while compared := compare_articles(db, COMPARED_AT_ONCE):
        advance(compared)


def _take_over(db: Database, source: Source, ids: dict[int, int], donated: dict[int, int]) -> None:
    """Copy the comparisons of an archive; articles it did not donate are compared again."""
    for table, keys in COMPARISONS.items():
        columns = columns_of(db, table)
        insert(db, table, columns, mapped_rows(source.db, table, columns, dict.fromkeys(keys, ids)))
    waiting = source.db.execute("SELECT article_id FROM _articles_to_compare")
    compared = donated.keys() - {article_id for (article_id,) in waiting}
    db.conn.executemany(
        "DELETE FROM _articles_to_compare WHERE article_id = ?",
        ([donated[article_id]] for article_id in compared),
    )
