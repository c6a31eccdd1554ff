"""What the page of one article shows: its text as markup, and all the archive knows of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from scraper.archive.article import article_details
from scraper.browse.diff import Budget, Paragraph, compare
from scraper.browse.reading import address_marks, date_marks, paragraphs, word_starts
from scraper.search.engine import quoted
from scraper.thai.text import fold

if TYPE_CHECKING:
    from markupsafe import Markup
    from sqlite_utils import Database

Row = dict[str, Any]

FIELDS = ("title", "lead", "body", "tail")
RELATED = 5
# Words of the headline that stand in few articles tell what this one is about. Counting stops at
# FREQUENT, so that no word costs more than another.
LONG, MOST_WORDS, FREQUENT = 4, 12, 400

OTHER = "SELECT id, title, published_on, ministry FROM articles WHERE "
NEIGHBOURS = {
    "previous": OTHER + "site = ? AND layout = ? AND site_id < ? ORDER BY site_id DESC LIMIT 1",
    "following": OTHER + "site = ? AND layout = ? AND site_id > ? ORDER BY site_id LIMIT 1",
}
LINKS = """
    SELECT l.url, a.id, a.title FROM article_links l LEFT JOIN articles a ON a.url = l.url
    WHERE l.article_id = ? ORDER BY l.rowid
"""
TWINS = """
    SELECT o.id, o.title, o.published_on, o.ministry FROM articles a
    JOIN articles o ON o.text_hash = a.text_hash AND o.id <> a.id WHERE a.id = ? ORDER BY o.id
"""
CITING = """
    SELECT a.id, a.title, a.published_on, a.ministry FROM article_links l
    JOIN articles a ON a.id = l.article_id WHERE l.url = ? ORDER BY a.published_on LIMIT 20
"""
REUSED = "SELECT revision FROM possible_reuse WHERE article_id = ?"


@dataclass(frozen=True)
class Change:
    """What became different between a version and the one after it.

    Attributes:
        revision: number of the later version.
        seen_at: when the later version was first seen.
        fields: for each field that differs its name and its paragraphs, of unchanged ones in a row
            only the first. Empty where the versions were too long to be compared here.
        left_out: changed paragraphs for which the page has no room.
    """

    revision: int
    seen_at: str
    fields: tuple[tuple[str, list[Paragraph]], ...]
    left_out: int = 0


@dataclass(frozen=True)
class Page:
    """One article for reading.

    Attributes:
        row: its row of ``articles`` with the dependent rows, as ``archive.article.details``.
        text: paragraphs as markup, by field.
        links: articles it refers to; ``id`` and ``title`` are None for one the archive lacks.
        citing, twins, related: articles that refer to it, that have the same body, and that
            have rare words of its headline.
        changes: newest first.
        reused: whether the number may have been another article's before.
        capture: the one that first showed the current version.
    """

    row: Row
    text: dict[str, list[Markup]]
    links: list[Row]
    citing: list[Row]
    twins: list[Row]
    related: list[Row]
    changes: list[Change]
    reused: bool
    capture: Row | None
    previous: Row | None
    following: Row | None


def read_article(db: Database, article_id: int) -> Page | None:
    """Return an article with all its page shows, or None if there is none of this id."""
    article = next(db.query("SELECT * FROM articles WHERE id = ?", [article_id]), None)
    if article is None:
        return None
    row = article_details(db, article)
    words = _words(db, article_id)
    own = [row["site"], row["layout"], row["site_id"]]
    return Page(
        row=row,
        text=read_text(row, words),
        links=list(db.query(LINKS, [article_id])),
        citing=list(db.query(CITING, [row["url"]])),
        twins=list(db.query(TWINS, [article_id])),
        related=related(db, article_id, headline_words(row["title"], words)),
        changes=changes(row),
        reused=any(db.query(REUSED, [article_id])),
        capture=next((c for c in row["captures"] if c["id"] == row["capture_id"]), None),
        **{name: next(db.query(sql, own), None) for name, sql in NEIGHBOURS.items()},
    )


def _words(db: Database, article_id: int) -> list[str]:
    found = db.execute(
        "SELECT words FROM article_words WHERE article_id = ?", [article_id]
    ).fetchone()
    return str(found[0]).split(" ") if found else []


def headline_words(title: str, words: list[str]) -> list[str]:
    """Return the words of an article, in order, that stand in its headline."""
    folded = fold(title)
    # A headline has at most 232 characters, and its words come first.
    return [word for word in words[: len(title) // 2] if word in folded]


def read_text(row: Row, words: list[str]) -> dict[str, list[Markup]]:
    """Return the fields of an article as paragraphs of markup, with dates and addresses marked."""
    texts = [row[field] or "" for field in FIELDS]
    breaks = [*word_starts(texts[:3], words), []]  # the tail was not cut into words
    marked = {}
    for field, text, starts in zip(FIELDS, texts, breaks, strict=True):
        dates = date_marks(mention for mention in row["dates"] if mention["field"] == field)
        marked[field] = paragraphs(text, starts, [*dates, *address_marks(text)])
    return marked


def changes(row: Row) -> list[Change]:
    """Return what each version changed in the one before, newest first.

    Older changes have what the newer ones leave of the page's budget.
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
            fields = [(name, shortened(compare(old, new, budget))) for name, old, new in texts]
        left_out = budget.left_out - known
        found.append(Change(after["revision"], after["seen_at"], tuple(fields), left_out))
    return found


def shortened(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Return paragraphs without the unchanged ones that follow an unchanged one."""
    kept: list[Paragraph] = []
    for paragraph in paragraphs:
        if paragraph.changed or not kept or kept[-1].changed:
            kept.append(paragraph)
    return kept


def related(db: Database, article_id: int, words: list[str]) -> list[Row]:
    """Return articles that share rare words with a headline, those with the rarest first."""
    scores: Counter[int] = Counter()
    long = sorted({word for word in words if len(word) >= LONG}, key=lambda w: (-len(w), w))
    for word in long[:MOST_WORDS]:
        found = db.execute(
            "SELECT rowid FROM article_words_fts WHERE article_words_fts MATCH ? "
            "ORDER BY rowid DESC LIMIT ?",
            [quoted(word), FREQUENT],
        ).fetchall()
        if len(found) < FREQUENT:
            for (other,) in found:
                scores[other] += 1000 // len(found)
    scores.pop(article_id, None)
    best = [other for other, _ in scores.most_common(RELATED)]
    places = ", ".join("?" * len(best))
    rows = {row["id"]: row for row in db.query(f"{OTHER} id IN ({places})", best)}
    return [rows[other] for other in best]
