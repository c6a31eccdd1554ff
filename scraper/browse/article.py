"""Reads everything that the page of one article shows."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from scraper.archive.article import article_details
from scraper.browse.contents import ContentsEntry, read_contents
from scraper.browse.diff import Budget, Paragraph, compare_texts
from scraper.browse.fact_marks import fact_marks
from scraper.browse.reading import (
    address_marks,
    anchor_first_hit,
    date_marks,
    paragraphs,
    word_starts,
)
from scraper.browse.related import related
from scraper.facts.kind import merged_rows
from scraper.search.hits import term_spans
from scraper.search.query import parse_query, positive_terms
from scraper.thai.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup
    from sqlite_utils import Database

    from scraper.archive.versions import Row

FIELDS = ("title", "lead", "body", "tail")

SELECT_ARTICLE = "SELECT id, title, published_on, ministry FROM articles WHERE "
NEIGHBOURS = {
    "previous": SELECT_ARTICLE
    + "site = ? AND layout = ? AND site_id < ? ORDER BY site_id DESC LIMIT 1",
    "following": SELECT_ARTICLE
    + "site = ? AND layout = ? AND site_id > ? ORDER BY site_id LIMIT 1",
}
LINKS = """
    SELECT l.url, a.id, a.title FROM article_links l LEFT JOIN articles a ON a.url = l.url
    WHERE l.article_id = ? ORDER BY l.rowid
"""
TWINS = """
    SELECT o.id, o.title, o.published_on, o.ministry FROM articles a
    JOIN articles o ON o.text_hash = a.text_hash AND o.id <> a.id WHERE a.id = ? ORDER BY o.id
"""
SIMILAR = """
    SELECT kind, o.id, o.title, o.published_on, o.ministry FROM (
        SELECT kind, related_id AS other, similarity FROM related_articles
        WHERE article_id = ?1 AND kind <> 'repost'
        UNION ALL
        SELECT 'contains', article_id, similarity FROM related_articles
        WHERE related_id = ?1 AND kind = 'contained'
    ) r JOIN articles o ON o.id = r.other ORDER BY r.similarity DESC, o.id
"""
CITING = """
    SELECT a.id, a.title, a.published_on, a.ministry FROM article_links l
    JOIN articles a ON a.id = l.article_id WHERE l.url = ? ORDER BY a.published_on LIMIT 20
"""
CITING_TOTAL = "SELECT count(DISTINCT article_id) FROM article_links WHERE url = ?"
REUSED = "SELECT revision FROM possible_reuse WHERE article_id = ?"


@dataclass(frozen=True)
class RevisionChange:
    """The difference between a revision and the one before.

    Attributes:
        revision: number of the later revision.
        seen_at: when it was first seen.
        fields: name and paragraphs of each field that differs, with runs of unchanged paragraphs
            collapsed to one. Empty if the revisions are too long to compare.
        left_out: number of changed paragraphs omitted for want of space.
    """

    revision: int
    seen_at: str
    fields: tuple[tuple[str, list[Paragraph]], ...]
    left_out: int = 0


@dataclass(frozen=True)
class ArticlePage:
    """Everything the page of one article shows.

    Attributes:
        row: its row with the derived rows, from ``archive.article.article_details``.
        text: paragraphs as markup, by field.
        hits: how often the search words occur in headline, lead and body.
        contents: the subjects of a cabinet résumé, and where they begin.
        people: the first mention of each person, with the first post and title given.
        links: articles it links to; ``id`` and ``title`` are None for those not in the archive.
        citing, twins, related: articles that link to it, have the same text, or share rare words
            with its headline; those shown as twins or similar are not among the related.
        citing_total: all articles that link to it; ``citing`` are the first of them.
        similar: near copies, releases of a series, and releases contained in others, by kind.
        changes: newest first.
        reused: whether its number may have belonged to another article before.
        capture: the first capture of the current revision.
    """

    row: Row
    text: dict[str, list[Markup]]
    hits: int
    contents: list[ContentsEntry]
    people: list[Row]
    links: list[Row]
    citing: list[Row]
    citing_total: int
    twins: list[Row]
    related: list[Row]
    similar: dict[str, list[Row]]
    changes: list[RevisionChange]
    reused: bool
    capture: Row | None
    previous: Row | None
    following: Row | None


def read_article(db: Database, article_id: int, base: str = "", q: str = "") -> ArticlePage | None:
    """Read all that an article's page shows; None if there is no such article.

    Args:
        db: the archive.
        article_id: id of the article.
        base: URL path of the site, without a slash at its end.
        q: search words to mark.
    """
    article = next(db.query("SELECT * FROM articles WHERE id = ?", [article_id]), None)
    if article is None:
        return None
    row = article_details(db, article)
    words = _words(db, article_id)
    own = [row["site"], row["layout"], row["site_id"]]
    twins, similar = list(db.query(TWINS, [article_id])), _similar(db, article_id)
    shown = {other["id"] for others in (twins, *similar.values()) for other in others}
    hits = _hits(row, words, q)
    return ArticlePage(
        row=row,
        text=text_markup(row, words, base, hits),
        hits=len(hits),
        contents=read_contents(row["body"] or ""),
        people=merged_rows(row["people"], ("person",)),
        links=list(db.query(LINKS, [article_id])),
        citing=list(db.query(CITING, [row["url"]])),
        citing_total=db.execute(CITING_TOTAL, [row["url"]]).fetchone()[0],
        twins=twins,
        related=related(db, headline_words(row["title"], words), {article_id, *shown}),
        similar=similar,
        changes=revision_changes(row),
        reused=any(db.query(REUSED, [article_id])),
        capture=next((c for c in row["captures"] if c["id"] == row["capture_id"]), None),
        **{name: next(db.query(sql, own), None) for name, sql in NEIGHBOURS.items()},
    )


def _similar(db: Database, article_id: int) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for other in db.query(SIMILAR, [article_id]):
        found.setdefault(other["kind"], []).append(other)
    return found


def _words(db: Database, article_id: int) -> list[str]:
    found = db.execute(
        "SELECT words FROM article_words WHERE article_id = ?", [article_id]
    ).fetchone()
    return str(found[0]).split(" ") if found else []


def headline_words(title: str, words: list[str]) -> list[str]:
    """Return the words of an article, in order, that occur in its headline."""
    folded = fold(title)
    # The words of the headline come first.
    return [word for word in words[: len(title) // 2] if word in folded]


def _hits(row: Row, words: list[str], q: str) -> list[tuple[int, int]]:
    """Return where search words occur in headline, lead and body, joined by newlines."""
    if not q.strip():
        return []
    whole = "\n".join(row[field] or "" for field in FIELDS[:3])
    return term_spans(whole, words, positive_terms(parse_query(q)))


def text_markup(
    row: Row, words: list[str], base: str, hits: Sequence[tuple[int, int]] = ()
) -> dict[str, list[Markup]]:
    """Return the paragraphs of each field as markup, with facts, URLs and hits marked."""
    texts = [row[field] or "" for field in FIELDS]
    breaks = [*word_starts(texts[:3], words), []]  # the tail is not segmented
    marked, begin = {}, 0
    for field, text, starts in zip(FIELDS, texts, breaks, strict=True):
        dates = date_marks(mention for mention in row["dates"] if mention["field"] == field)
        facts = fact_marks(row, field, base) if field != "title" else []  # a heading of links
        own = [(s - begin, e - begin) for s, e in hits if begin <= s and e <= begin + len(text)]
        marked[field] = paragraphs(text, starts, [*dates, *address_marks(text), *facts], own)
        begin += len(text) + 1
    return anchor_first_hit(marked)


def revision_changes(row: Row) -> list[RevisionChange]:
    """Return the difference of each revision to the one before, newest first.

    Newer revisions use up the page's budget first.
    """
    current = {**row, "seen_at": row["changed_at"]}
    versions = [*row["revisions"], current]
    budget = Budget()
    found = []
    for before, after in reversed([*pairwise(versions)]):
        texts = [
            (name, before[name] or "", after[name] or "")
            for name in (*FIELDS, "published_on")
            if before[name] != after[name]
        ]
        known, fields = budget.left_out, []
        if budget.may_read(sum(len(old) + len(new) for _, old, new in texts)):
            fields = [
                (name, collapse_unchanged(compare_texts(old, new, budget)))
                for name, old, new in texts
            ]
        left_out = budget.left_out - known
        found.append(RevisionChange(after["revision"], after["seen_at"], tuple(fields), left_out))
    return found


def collapse_unchanged(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Keep only the first of each run of unchanged paragraphs."""
    kept: list[Paragraph] = []
    for paragraph in paragraphs:
        if paragraph.changed or not kept or kept[-1].changed:
            kept.append(paragraph)
    return kept
