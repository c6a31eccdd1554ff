"""Checks of the articles: each is what its captures tell, with all its versions and its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.archive.history import hash_of, history, is_told, stored_versions
from scraper.archive.verify.damage import Damage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlite_utils import Database

    from scraper.archive.history import Row

WITHOUT_WORDS = """
    SELECT url FROM articles WHERE id NOT IN (SELECT article_id FROM article_words)
"""
WITHOUT_ARTICLE = """
    SELECT id, article_url FROM captures
    WHERE outcome IN ('article', 'duplicate') AND article_url NOT IN (SELECT url FROM articles)
"""


def article_damages(db: Database) -> Iterator[Damage]:
    """Yield what is wrong with the articles of an archive."""
    for (url,) in db.execute("SELECT url FROM articles ORDER BY id").fetchall():
        yield from _article(db, url)
    for (url,) in db.execute(WITHOUT_WORDS):
        yield Damage("article-words", f"{url}: its words are not stored", url=url)
    for capture_id, url in db.execute(WITHOUT_ARTICLE):
        what = f"capture {capture_id} told an article that is not there: {url}"
        yield Damage("missing-article", what, capture_id, url)


def _article(db: Database, url: str) -> Iterator[Damage]:
    versions, told = stored_versions(db, url), history(db, url)
    current = versions[-1]
    if (strange := _strange_capture(db, url, current)) is not None:
        yield Damage("article-capture", f"{url}: {strange}", url=url)
    elif not is_told(versions, told):
        what = f"{url}: {len(versions)} versions are stored, its captures tell {len(told)}"
        if len(versions) == len(told):
            what = f"{url}: its versions are not those that its captures tell"
        yield Damage("article-history", what, url=url)
    numbers = [version["revision"] for version in versions]
    if numbers != list(range(1, len(versions) + 1)):
        what = f"{url}: its versions are numbered {', '.join(map(str, numbers))}"
        yield Damage("article-history", what, url=url)
    for version in versions:
        if hash_of(version) != version["content_hash"]:
            what = f"{url}: the text of version {version['revision']} is not what was stored"
            yield Damage("article-text", what, url=url)


def _strange_capture(db: Database, url: str, current: Row) -> str | None:
    """Return what is wrong with the capture that an article names as its own."""
    number = current["capture_id"]
    row = db.execute("SELECT article_url, content_hash FROM captures WHERE id = ?", [number])
    found = row.fetchone()
    if found is None:
        return f"its capture {number} is not there"
    if found[0] != url:
        return f"its capture {number} is one of {found[0]}"
    if found[1] is None:
        return f"its capture {number} told no article"
    return None
