"""Writes articles: the current version, superseded revisions, and the rows read out of the text.

A revision is a change of the *page*, seen in two captures; a change of our parser rewrites the
version in place. Captures may arrive in any order: an older one takes its place among the
revisions by the time it was fetched.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from scraper.archive.parts import write_parts
from scraper.clock import to_iso
from scraper.model import Outcome, Scope
from scraper.sources import parse_address
from scraper.thai.text import squash

if TYPE_CHECKING:
    from sqlite_utils import Database

    from scraper.model import Article, Capture, Page

# The text of a version, as both articles and article_revisions have it.
VERSION = ("title", "lead", "body", "tail", "published_on", "content_hash", "capture_id", "parser")


class Version(NamedTuple):
    """One known state of an article, in the order of time."""

    revision: int
    seen_at: str
    content_hash: str
    capture_id: int


def content_hash(article: Article) -> str:
    """Return a hash of what a reader sees: a change of it is a new revision."""
    day = article.published_on and article.published_on.isoformat()
    seen = [article.title, article.lead, article.body, article.tail, day]
    return sha256(json.dumps(seen, ensure_ascii=False).encode()).hexdigest()


def text_hash(article: Article) -> str | None:
    """Return a hash of the body without white space, None without a body: equal in duplicates."""
    body = squash(article.body)
    return sha256(body.encode()).hexdigest() if body else None


class ArticleStore:
    """Writes pages that went through the stages into one archive."""

    def __init__(self, db: Database, run_id: int, scope: Scope) -> None:
        self._db = db
        self._run_id = run_id
        self._scope = scope

    def save(self, page: Page, *, repeat: bool = False) -> str:
        """Write a page in one transaction and return the name of the count it belongs to.

        Args:
            page: its capture has an id; its outcome is set.
            repeat: the capture holds the same bytes as an earlier one of the same URL.

        Returns:
            ``new``, ``changed``, ``unchanged``, or an outcome: ``missing``, ``blocked``,
            ``out_of_scope``, ``unparsed``. A column of ``runs`` in each case.
        """
        outcome = page.outcome or Outcome.UNPARSED
        article = page.article
        with self._db.atomic():
            self._problems(page)
            if article is None:
                result = outcome.value
            elif not self._in_scope(article):
                result = outcome = Outcome.OUT_OF_SCOPE
            else:
                result = self._article(page, article)
                outcome = Outcome.DUPLICATE if repeat else Outcome.ARTICLE
            self._db.execute(
                "UPDATE captures SET outcome = ? WHERE id = ?", [outcome, page.capture.id]
            )
        return result

    def touch(self, capture: Capture) -> None:
        """Note that the source still shows the article of a known capture."""
        if (address := parse_address(capture.url)) is not None:
            self._db.execute(
                "UPDATE articles SET last_seen_at = max(last_seen_at, ?) WHERE url = ?",
                [to_iso(capture.fetched_at), address.url],
            )

    def _in_scope(self, article: Article) -> bool:
        return self._scope is Scope.ALL or any(m.ministry == "industry" for m in article.ministries)

    def _article(self, page: Page, article: Article) -> str:
        seen_at, new_hash = to_iso(page.capture.fetched_at), content_hash(article)
        row = self._db.execute(
            "SELECT id, revision, changed_at, content_hash, capture_id FROM articles WHERE url = ?",
            [article.url],
        ).fetchone()
        if row is None:
            self._write_current(page, article, 1, seen_at)
            return "new"
        article_id, current = row[0], Version(*row[1:])
        if page.capture.id == current.capture_id:
            self._write_current(page, article, current.revision, current.seen_at)
            return "unchanged" if new_hash == current.content_hash else "changed"
        self._db.execute(
            "UPDATE articles SET first_seen_at = min(first_seen_at, ?), "
            "last_seen_at = max(last_seen_at, ?) WHERE id = ?",
            [seen_at, seen_at, article_id],
        )
        if seen_at >= current.seen_at:
            if new_hash == current.content_hash:
                return "unchanged"
            self._supersede(article_id)
            self._write_current(page, article, current.revision + 1, seen_at)
            return "changed"
        return self._insert_older(article_id, current, page, article, seen_at)

    def _supersede(self, article_id: int) -> None:
        """Copy the current version among the revisions."""
        columns = ", ".join(VERSION)
        self._db.execute(
            f"INSERT INTO article_revisions (article_id, revision, seen_at, {columns}) "
            f"SELECT id, revision, changed_at, {columns} FROM articles WHERE id = ?",
            [article_id],
        )

    def _insert_older(
        self, article_id: int, current: Version, page: Page, article: Article, seen_at: str
    ) -> str:
        """Place a version seen before the current one; equal neighbours are one version."""
        rows = self._db.execute(
            "SELECT revision, seen_at, content_hash, capture_id FROM article_revisions "
            "WHERE article_id = ? ORDER BY revision",
            [article_id],
        )
        versions = [*(Version(*row) for row in rows.fetchall()), current]
        after = next(v for v in versions if v.seen_at > seen_at)
        before = versions[after.revision - 2] if after.revision > 1 else None
        new_hash = content_hash(article)
        if before is not None and before.content_hash == new_hash:
            return "unchanged"
        if after.content_hash == new_hash:
            self._move_back(article_id, after, current, seen_at)
            return "unchanged"
        # Two steps, since (article_id, revision) stays unique row by row.
        for shift in ("-revision - 1", "-revision"):
            self._db.execute(
                f"UPDATE article_revisions SET revision = {shift} "
                "WHERE article_id = ? AND (revision >= ? OR revision < 0)",
                [article_id, after.revision],
            )
        self._db.execute("UPDATE articles SET revision = revision + 1 WHERE id = ?", [article_id])
        values = {
            "article_id": article_id,
            "revision": after.revision,
            "seen_at": seen_at,
            **self._version_values(page, article),
        }
        self._db.execute(
            f"INSERT INTO article_revisions ({', '.join(values)}) "
            f"VALUES ({', '.join('?' * len(values))})",
            list(values.values()),
        )
        return "changed"

    def _move_back(self, article_id: int, version: Version, current: Version, seen_at: str) -> None:
        """Note that a version was there earlier than known."""
        if version is current:
            sql, values = "UPDATE articles SET changed_at = ? WHERE id = ?", [seen_at, article_id]
        else:
            sql = "UPDATE article_revisions SET seen_at = ? WHERE article_id = ? AND revision = ?"
            values = [seen_at, article_id, version.revision]
        self._db.execute(sql, values)

    @staticmethod
    def _version_values(page: Page, article: Article) -> dict[str, Any]:
        return {
            "title": article.title,
            "lead": article.lead,
            "body": article.body,
            "tail": article.tail,
            "published_on": article.published_on and article.published_on.isoformat(),
            "content_hash": content_hash(article),
            "capture_id": page.capture.id,
            "parser": article.parser,
        }

    def _write_current(self, page: Page, article: Article, revision: int, changed_at: str) -> None:
        seen_at = to_iso(page.capture.fetched_at)
        values = {
            "url": article.url,
            "site": article.site,
            "layout": article.layout,
            "site_id": article.site_id,
            "category": article.category,
            "language": article.language,
            "published_raw": article.published_raw,
            "entered_on": article.entered_on and article.entered_on.isoformat(),
            "ministry": article.ministries[0].ministry if article.ministries else None,
            "text_hash": text_hash(article),
            "revision": revision,
            "changed_at": changed_at,
            **self._version_values(page, article),
        }
        updates = ", ".join(f"{column} = excluded.{column}" for column in values)
        columns = [*values, "first_seen_at", "last_seen_at"]
        (article_id,) = self._db.execute(
            f"INSERT INTO articles ({', '.join(columns)}) "
            f"VALUES ({', '.join('?' * len(columns))}) "
            f"ON CONFLICT (url) DO UPDATE SET {updates} RETURNING id",
            [*values.values(), seen_at, seen_at],
        ).fetchone()
        write_parts(self._db, article_id, article)

    def _problems(self, page: Page) -> None:
        """Replace the problems of this capture: it may have been read before."""
        capture = page.capture
        self._db.execute("DELETE FROM problems WHERE capture_id = ?", [capture.id])
        for problem in page.problems:
            add_problem(
                self._db,
                self._run_id,
                problem.stage,
                problem.kind,
                problem.detail,
                url=capture.url,
                capture_id=capture.id,
            )


def add_problem(  # noqa: PLR0913 - a row of problems has these columns
    db: Database,
    run_id: int,
    stage: str,
    kind: str,
    detail: str,
    *,
    url: str | None = None,
    capture_id: int | None = None,
) -> None:
    """Add a row to ``problems``."""
    db.execute(
        "INSERT INTO problems (run_id, url, capture_id, stage, kind, detail) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        [run_id, url, capture_id, stage, kind, detail],
    )
