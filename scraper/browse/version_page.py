"""Reads one superseded version of an article, and finds versions by what they were captured as.

The number of a version may change: an older capture, imported later, is an earlier version. The
digest of a capture never does, so permanent addresses have it: ``/-/at/thaigov/news/12/<digest>``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.archive.versions import stored_versions
from scraper.browse.permalinks import permalink
from scraper.browse.reading import address_marks, anchor_first_hit, paragraphs, word_starts
from scraper.search.hits import term_spans
from scraper.search.query import parse_query, positive_terms
from scraper.thai.words import segment

if TYPE_CHECKING:
    from markupsafe import Markup
    from sqlite_utils import Database

    from scraper.archive.versions import Row
    from scraper.search.query import Term

FIELDS = ("title", "lead", "body", "tail")
MOST_SEGMENTED = 20_000  # characters; a longer text is shown without breaks between words
_CAPTURES = """
    SELECT content_hash, fetched_at FROM captures
    WHERE article_url = ? AND digest = ? AND content_hash IS NOT NULL ORDER BY fetched_at
"""


@dataclass(frozen=True)
class VersionPage:
    """Everything the page of one superseded version shows.

    Attributes:
        article: its row of ``articles``: the present version.
        row: the version, from ``archive.versions.stored_versions``.
        capture: the one that first showed it.
        following: the version that superseded it.
        revisions: how many versions there are, the present one included.
        text: paragraphs as markup, by field.
        hits: how often the terms of the query occur in it.
    """

    article: Row
    row: Row
    capture: Row
    following: Row
    revisions: int
    text: dict[str, list[Markup]]
    hits: int


def version_permalink(url: str, digest: str) -> str:
    """Return the path of a version's permanent address.

    Args:
        url: canonical address of the article.
        digest: SHA-256 of a capture that shows the version.
    """
    path = permalink(url)
    return f"{path}&digest={digest}" if "?" in path else f"{path}/{digest}"


def read_version(db: Database, article_id: int, revision: int, q: str = "") -> VersionPage | None:
    """Read all that a version's page shows; None if there is no such superseded version.

    Args:
        db: the archive.
        article_id: id of the article.
        revision: number of the version.
        q: search words to mark.
    """
    article = next(db.query("SELECT * FROM articles WHERE id = ?", [article_id]), None)
    versions = stored_versions(db, article["url"]) if article else []
    at = next((n for n, v in enumerate(versions[:-1]) if v["revision"] == revision), None)
    if article is None or at is None:
        return None
    row = versions[at]
    terms = positive_terms(parse_query(q)) if q.strip() else []
    text, hits = _marked_text(row, terms)
    return VersionPage(
        article=article,
        row=row,
        capture=next(db.query("SELECT * FROM captures WHERE id = ?", [row["capture_id"]])),
        following=versions[at + 1],
        revisions=len(versions),
        text=text,
        hits=hits,
    )


def _marked_text(row: Row, terms: list[Term]) -> tuple[dict[str, list[Markup]], int]:
    texts = [row[field] or "" for field in FIELDS]
    whole = "\n".join(texts)
    words = segment("\n".join(texts[:3])) if len(whole) <= MOST_SEGMENTED else []
    breaks = [*word_starts(texts[:3], words), []]
    spans = term_spans(whole, words, terms)
    marked, begin = {}, 0
    for field, text, starts in zip(FIELDS, texts, breaks, strict=True):
        own = [(s - begin, e - begin) for s, e in spans if begin <= s and e <= begin + len(text)]
        marked[field] = paragraphs(text, starts, address_marks(text), own)
        begin += len(text) + 1
    return anchor_first_hit(marked), len(spans)


def find_version(db: Database, url: str, digest: str) -> tuple[int, int] | None:
    """Return the article's id, and the number of the version that a capture shows.

    None if the article has no such capture. The number is that of the present version, too.

    Args:
        db: the archive.
        url: canonical address of the article.
        digest: SHA-256 of the capture.
    """
    versions = stored_versions(db, url)
    for content_hash, fetched_at in db.execute(_CAPTURES, [url, digest]):
        shown = [v for v in versions if v["content_hash"] == content_hash]
        before = [v for v in shown if v["seen_at"] <= fetched_at]
        if shown:
            return versions[0]["id"], (before or shown)[-1]["revision"]
    return None
