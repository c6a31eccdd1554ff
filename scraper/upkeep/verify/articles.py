"""Checks articles: their versions, texts, words and facts agree with their captures."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from scraper.archive.digests import altered_tables
from scraper.archive.related_tables import INTERNAL_TABLES
from scraper.archive.versions import (
    content_hash_of,
    expected_versions,
    gone_since,
    matches,
    overlap,
    stored_versions,
)
from scraper.facts import KINDS
from scraper.upkeep.verify.damage import Damage
from scraper.upkeep.verify.related import wrong_relations

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlite_utils import Database

    from scraper.archive.versions import Row
    from scraper.facts.kind import Entities, FactKind

NO_WORDS = """
    SELECT url FROM articles WHERE id NOT IN (SELECT article_id FROM article_words)
"""
# A capture of an article has the hash of its text. It is a duplicate if an earlier capture has the
# same address and bytes.
IMPOSSIBLE_OUTCOME = """
    SELECT id, url, outcome FROM captures c
    WHERE outcome IN ('article', 'duplicate') AND (content_hash IS NULL
        OR (outcome = 'duplicate') <> EXISTS (SELECT 1 FROM captures e
            WHERE e.url = c.url AND e.digest = c.digest AND e.id < c.id))
"""
NO_ARTICLE = """
    SELECT id, article_url FROM captures
    WHERE outcome IN ('article', 'duplicate') AND article_url NOT IN (SELECT url FROM articles)
"""


def article_damages(db: Database) -> Iterator[Damage]:
    """Yield the damage of articles, and of the outcomes of captures."""
    damaged = set()
    for (url,) in db.execute("SELECT url FROM articles ORDER BY id").fetchall():
        for damage in _damages_of(db, url):
            damaged.add(url)
            yield damage
    yield from _wrong_names(db)
    for (url,) in db.execute(NO_WORDS):
        yield Damage("article-words", f"{url}: its words are missing", url=url)
    for capture_id, url, outcome in db.execute(IMPOSSIBLE_OUTCOME):
        detail = f"capture {capture_id}, {url}: its outcome cannot be {outcome!r}"
        yield Damage("capture-outcome", detail, capture_id, row={})
    for capture_id, url in db.execute(NO_ARTICLE):
        detail = f"the article of capture {capture_id} is missing: {url}"
        yield Damage("missing-article", detail, capture_id, url)
    if {"related_articles", *INTERNAL_TABLES} <= set(db.table_names()):
        yield from (Damage("related", detail) for detail in wrong_relations(db, damaged))


def _wrong_names(db: Database) -> Iterator[Damage]:
    """Yield the rows of things that articles name, such as people, whose key is of another name."""
    for kind, things in things_by_name():
        if things.table not in db.table_names():
            continue
        key = things.columns[0]
        for stored, name in db.execute(f"SELECT {key}, {things.label} FROM {things.table}"):
            if things.key_of is None or things.key_of(name) == stored:
                continue
            urls = db.execute(
                "SELECT DISTINCT a.url FROM articles a "
                f"JOIN {kind.table} t ON t.article_id = a.id WHERE t.{kind.key} = ?",
                [stored],
            ).fetchall()
            for (url,) in urls or [(None,)]:
                detail = f"{url or things.table}: {name!r} is not the name that {stored} stands for"
                yield Damage("fact-names", detail, url=url)


def things_by_name() -> list[tuple[FactKind, Entities]]:
    """Return the kinds of facts that fill a table of things whose keys are made of their names."""
    return [(kind, kind.entities) for kind in KINDS if kind.entities and kind.entities.key_of]


def _damages_of(db: Database, url: str) -> Iterator[Damage]:
    versions = stored_versions(db, url)
    wrong_texts = list(_wrong_texts(url, versions))
    found = [*_wrong_versions(db, url, versions), *wrong_texts]
    yield from found
    if not wrong_texts:
        yield from _wrong_overlaps(url, versions)
    if not found and (columns := wrong_dates(db, url)):
        detail = f"{url}: {', '.join(columns)} of the article contradict its captures"
        yield Damage("article-dates", detail, url=url)
    if tables := altered_tables(db, versions[-1]["id"]):
        detail = f"{url}: changed since they were stored: {', '.join(tables)}"
        yield Damage("article-rows", detail, url=url)


def _wrong_versions(db: Database, url: str, versions: Sequence[Row]) -> Iterator[Damage]:
    expected = expected_versions(db, url)
    if (fault := _capture_fault(db, url, versions[-1])) is not None:
        yield Damage("article-capture", f"{url}: {fault}", url=url)
    elif not matches(versions, expected):
        detail = f"{url}: {len(versions)} versions are stored, its captures give {len(expected)}"
        if len(versions) == len(expected):
            detail = f"{url}: its versions are not those that its captures show"
        yield Damage("article-history", detail, url=url)
    numbers = [version["revision"] for version in versions]
    if numbers != list(range(1, len(versions) + 1)):
        detail = f"{url}: its versions are numbered {', '.join(map(str, numbers))}"
        yield Damage("article-history", detail, url=url)


def _wrong_texts(url: str, versions: Iterable[Row]) -> Iterator[Damage]:
    for version in versions:
        if content_hash_of(version) != version["content_hash"]:
            detail = f"{url}: the text of version {version['revision']} was changed"
            yield Damage("article-text", detail, url=url)


def _wrong_overlaps(url: str, versions: Iterable[Row]) -> Iterator[Damage]:
    for before, after in pairwise(versions):
        if before["kept"] != overlap(before, after):
            detail = f"{url}: `kept` of version {before['revision']} is wrong"
            yield Damage("article-history", detail, url=url)


def wrong_dates(db: Database, url: str) -> Row:
    """Return the time columns of an article that are wrong, with their right values.

    ``last_seen_at`` may be later than any capture: importing a known file again makes no capture.
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


def _capture_fault(db: Database, url: str, current: Row) -> str | None:
    """Return what is wrong with the capture that an article refers to."""
    capture_id = current["capture_id"]
    row = db.execute("SELECT article_url, content_hash FROM captures WHERE id = ?", [capture_id])
    found = row.fetchone()
    if found is None:
        return f"its capture {capture_id} is missing"
    if found[0] != url:
        return f"its capture {capture_id} belongs to {found[0]}"
    if found[1] is None:
        return f"its capture {capture_id} shows no article"
    return None
