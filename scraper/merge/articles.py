"""Joins articles: their versions follow from the joined captures, their facts are copied.

An article's facts come from an archive whose current version equals the joined one. If such
archives disagree, or read it with other software versions than are installed here, it is read
again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from scraper import facts
from scraper.archive.schema import REFERENCE_TABLES
from scraper.archive.store import ArticleStore
from scraper.archive.versions import (
    SeenVersion,
    expected_versions,
    gone_since,
    stored_versions,
)
from scraper.merge.rows import columns_of, insert, mapped_rows, references
from scraper.model import Scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlite_utils import Database

    from scraper.archive.versions import Row
    from scraper.merge.sources import Source

STORED = """
    SELECT a.id, a.url, a.content_hash, d.digests, a.first_seen_at, a.last_seen_at
    FROM articles a LEFT JOIN _article_digests d ON d.article_id = a.id
"""
# The lowest id is the article seen first, to which the view ``duplicates`` links the others.
URLS = "SELECT url, min(first_seen_at), max(last_seen_at) FROM stored GROUP BY 1 ORDER BY 2, 1"
HOLDERS = "SELECT source, old_id, content_hash, digests FROM stored WHERE url = ?"


class Holder(NamedTuple):
    """A source that has an article: its number, and the article's id, hash and digests there."""

    source: int
    old_id: int
    content_hash: str
    digests: str | None


class JoinedArticles(NamedTuple):
    """The articles of the joined archive.

    Attributes:
        ids: for each source, the new id of each article.
        donated: for each source, the articles whose facts come from it: old and new ids.
        unclear: captures of current versions whose facts differ between archives, with the address.
        outdated: captures of current versions that were read with other versions than today's.
    """

    ids: list[dict[int, int]]
    donated: list[dict[int, int]]
    unclear: dict[int, str]
    outdated: set[int]


def join_articles(db: Database, sources: Sequence[Source]) -> JoinedArticles:
    """Fill the tables of articles and everything derived from them, except related articles."""
    _join_references(db, sources)
    db.execute(
        "CREATE TEMP TABLE stored (source INTEGER, old_id INTEGER, url TEXT, content_hash TEXT, "
        "digests TEXT, first_seen_at TEXT, last_seen_at TEXT)"
    )
    for number, source in enumerate(sources):
        rows = source.db.execute(STORED)
        db.conn.executemany(
            "INSERT INTO stored VALUES (?, ?, ?, ?, ?, ?, ?)", ((number, *row) for row in rows)
        )
    db.execute("CREATE INDEX temp.stored_by_url ON stored(url, first_seen_at, last_seen_at)")
    joined = _Articles(db, sources)
    for article_id, (url, first, last) in enumerate(db.execute(URLS).fetchall(), 1):
        joined.join(article_id, url, first, last)
    copied = [name for name in db.table_names() if is_copied(db, name)]
    for table in copied:
        for number, source in enumerate(sources):
            _copy_facts(db, source, table, joined.result.donated[number])
    _remove_unmentioned(db)
    return joined.result


class _Articles:
    """Writes one article at a time, with its versions."""

    def __init__(self, db: Database, sources: Sequence[Source]) -> None:
        self._db = db
        self._sources = sources
        self._store = ArticleStore(db, 0, Scope.ALL)
        self._columns = columns_of(db, "articles")
        self.result = JoinedArticles([{} for _ in sources], [{} for _ in sources], {}, set())

    def join(self, article_id: int, url: str, first_seen: str, last_seen: str) -> None:
        """Write the article of an address."""
        holders = [Holder(*row) for row in self._db.execute(HOLDERS, [url])]
        expected = expected_versions(self._db, url)
        texts = self._texts(url, holders, expected)
        expected = [version for version in expected if version.content_hash in texts]
        newest = expected[-1].content_hash if expected else None
        able = [holder for holder in holders if holder.content_hash == newest]
        donor = min(able or holders, key=lambda h: (h.content_hash, h.digests or "", h.source))
        row = self._row(donor)
        if not expected:
            (capture_id,) = self._db.execute(
                "SELECT id FROM capture_ids WHERE archive = ? AND old_id = ?",
                [donor.source, row["capture_id"]],
            ).fetchone()
            expected = [SeenVersion(donor.content_hash, row["changed_at"], capture_id)]
        current = expected[-1]
        gone_at = gone_since(self._db, url)
        row |= {
            "id": article_id, "revision": len(expected), "capture_id": current.capture_id,
            "changed_at": current.seen_at, "first_seen_at": first_seen,
            "last_seen_at": last_seen, "gone_at": gone_at,
        }  # fmt: skip
        insert(self._db, "articles", self._columns, [tuple(row[c] for c in self._columns)])
        if len(expected) > 1:
            self._store.write_revisions(article_id, expected, texts)
        for holder in holders:
            self.result.ids[holder.source][holder.old_id] = article_id
        self.result.donated[donor.source][donor.old_id] = article_id
        if len({holder.digests for holder in able}) != 1:
            self.result.unclear[current.capture_id] = url
        elif not any(self._sources[holder.source].is_current for holder in able):
            self.result.outdated.add(current.capture_id)

    def _texts(
        self, url: str, holders: Sequence[Holder], expected: Sequence[SeenVersion]
    ) -> dict[str, Row]:
        """Return the versions of an article that any archive has, by hash."""
        hashes = {holder.content_hash for holder in holders}
        if {version.content_hash for version in expected} <= hashes and len(expected) < 2:
            return {key: {} for key in hashes}  # no text is needed
        return {
            version["content_hash"]: version
            for holder in holders
            for version in stored_versions(self._sources[holder.source].db, url)
        }

    def _row(self, holder: Holder) -> Row:
        found = self._sources[holder.source].db.query(
            "SELECT * FROM articles WHERE id = ?", [holder.old_id]
        )
        return next(found)


def is_copied(db: Database, table: str) -> bool:
    """Return whether the rows of a table are copied with their article."""
    special = {"article_revisions", "related_articles", "attachment_files"}
    return table not in special and references(db, table).get("article_id") == "articles"


def _join_references(db: Database, sources: Sequence[Source]) -> None:
    """Add the rows of reference tables and entities that occur only in the sources."""
    for table in (*REFERENCE_TABLES, *entity_tables(db)):
        columns = columns_of(db, table)
        key, *rest = columns
        conflict = f"ON CONFLICT ({key}) DO NOTHING"  # those of reference tables are today's
        if table not in REFERENCE_TABLES:
            # Of rows that archives have different, such as a name with other spaces, the last.
            kept, added = (
                ", ".join(f"coalesce({of}.{c}, '')" for c in rest) for of in (table, "excluded")
            )
            changes = ", ".join(f"{c} = excluded.{c}" for c in rest)
            conflict = f"ON CONFLICT ({key}) DO UPDATE SET {changes} WHERE ({added}) > ({kept})"
        for source in sources:
            insert(db, table, columns, mapped_rows(source.db, table, columns, {}), conflict)


def entity_tables(db: Database) -> list[str]:
    """Return the tables that facts refer to, such as people; their keys are the same everywhere."""
    copied = [name for name in db.table_names() if is_copied(db, name)]
    found = {target for name in copied for target in references(db, name).values()}
    return sorted(found - {"articles", "captures", "runs", *REFERENCE_TABLES})


def _copy_facts(db: Database, source: Source, table: str, ids: dict[int, int]) -> None:
    columns = columns_of(db, table, "id")
    insert(db, table, columns, mapped_rows(source.db, table, columns, {"article_id": ids}))


def _remove_unmentioned(db: Database) -> None:
    """Remove people and other entities that no article mentions."""
    for kind in facts.KINDS:
        if kind.entities is not None:
            key = kind.entities.columns[0]
            db.execute(
                f"DELETE FROM {kind.entities.table} WHERE {key} NOT IN "
                f"(SELECT {kind.key} FROM {kind.table})"
            )
