"""Checks of the articles: each is what its captures tell, with all its versions and its words."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from scraper.archive.digests import altered_tables
from scraper.archive.versions import (
    content_hash_of,
    expected_versions,
    gone_since,
    matches,
    overlap,
    stored_versions,
)
from scraper.upkeep.verify.damage import Damage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlite_utils import Database

    from scraper.archive.versions import Row

WITHOUT_WORDS = """
    SELECT url FROM articles WHERE id NOT IN (SELECT article_id FROM article_words)
"""
# A capture tells an article under the hash of its text, and repeats one with the same bytes.
STRANGE_OUTCOME = """
    SELECT id, url, outcome FROM captures c
    WHERE outcome IN ('article', 'duplicate') AND (content_hash IS NULL
        OR (outcome = 'duplicate') <> EXISTS (SELECT 1 FROM captures e
            WHERE e.url = c.url AND e.digest = c.digest AND e.id < c.id))
"""
WITHOUT_ARTICLE = """
    SELECT id, article_url FROM captures
    WHERE outcome IN ('article', 'duplicate') AND article_url NOT IN (SELECT url FROM articles)
"""


def article_damages(db: Database) -> Iterator[Damage]:
    """Yield what is wrong with the articles of an archive, and with what its captures came to."""
    for (url,) in db.execute("SELECT url FROM articles ORDER BY id").fetchall():
        yield from _article(db, url)
    for (url,) in db.execute(WITHOUT_WORDS):
        yield Damage("article-words", f"{url}: its words are not stored", url=url)
    for capture_id, url, outcome in db.execute(STRANGE_OUTCOME):
        what = f"capture {capture_id}, {url}: it cannot have come to {outcome!r}"
        yield Damage("capture-outcome", what, capture_id, row={})
    for capture_id, url in db.execute(WITHOUT_ARTICLE):
        what = f"capture {capture_id} told an article that is not there: {url}"
        yield Damage("missing-article", what, capture_id, url)


def _article(db: Database, url: str) -> Iterator[Damage]:
    versions = stored_versions(db, url)
    texts = list(_texts(url, versions))
    found = [*_history(db, url, versions), *texts]
    yield from found
    if not texts:
        yield from _kept(url, versions)
    if not found and (columns := wrong_dates(db, url)):
        what = f"{url}: {', '.join(columns)} of the article is not what its captures say"
        yield Damage("article-dates", what, url=url)
    if tables := altered_tables(db, versions[-1]["id"]):
        what = f"{url}: not as they were stored: {', '.join(tables)}"
        yield Damage("article-rows", what, url=url)


def _history(db: Database, url: str, versions: Sequence[Row]) -> Iterator[Damage]:
    told = expected_versions(db, url)
    if (strange := _strange_capture(db, url, versions[-1])) is not None:
        yield Damage("article-capture", f"{url}: {strange}", url=url)
    elif not matches(versions, told):
        what = f"{url}: {len(versions)} versions are stored, its captures tell {len(told)}"
        if len(versions) == len(told):
            what = f"{url}: its versions are not those that its captures tell"
        yield Damage("article-history", what, url=url)
    numbers = [version["revision"] for version in versions]
    if numbers != list(range(1, len(versions) + 1)):
        what = f"{url}: its versions are numbered {', '.join(map(str, numbers))}"
        yield Damage("article-history", what, url=url)


def _texts(url: str, versions: Iterable[Row]) -> Iterator[Damage]:
    for version in versions:
        if content_hash_of(version) != version["content_hash"]:
            what = f"{url}: the text of version {version['revision']} is not what was stored"
            yield Damage("article-text", what, url=url)


def _kept(url: str, versions: Iterable[Row]) -> Iterator[Damage]:
    for before, after in pairwise(versions):
        if before["kept"] != overlap(before, after):
            what = f"{url}: not so much of version {before['revision']} stands in the next one"
            yield Damage("article-history", what, url=url)


def wrong_dates(db: Database, url: str) -> Row:
    """Return the columns of an article's own times that are wrong, with the right values.

    ``last_seen_at`` may be later than any capture: a file that is imported again is only noted.
    """
    first, last = db.execute(
        "SELECT min(fetched_at), max(fetched_at) FROM captures "
        "WHERE article_url = ? AND content_hash IS NOT NULL",
        [url],
    ).fetchone()
    stored: Row = next(
        db.query("SELECT first_seen_at, last_seen_at, gone_at FROM articles WHERE url = ?", [url])
    )
    right = {"gone_at": gone_since(db, url)}
    if first is not None:
        right |= {"first_seen_at": first, "last_seen_at": max(last, stored["last_seen_at"])}
    return {name: value for name, value in right.items() if stored[name] != value}


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
