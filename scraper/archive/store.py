"""Writes articles: the current version, superseded revisions and derived rows.

A revision is a change of the *page*, seen in two captures; a change of our parser rewrites the
version in place. Versions are computed from all captures in the order they were fetched, so they
do not depend on the order in which captures arrive.
"""

from __future__ import annotations

from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING

from scraper.archive.attachment_rows import link_files_of_article
from scraper.archive.derived_rows import write_derived_rows
from scraper.archive.digests import write_digests
from scraper.archive.versions import (
    VERSION_COLUMNS,
    expected_versions,
    gone_since,
    matches,
    overlap,
    stored_versions,
    version_values,
)
from scraper.clock import to_iso
from scraper.model import Outcome, Scope
from scraper.sources import parse_address
from scraper.thai.text import squash

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlite_utils import Database

    from scraper.archive.versions import Row, SeenVersion
    from scraper.model import Article, Capture, Page, Problem


def text_hash(article: Article) -> str | None:
    """Return a hash of the body without white space, equal in duplicates; None without a body."""
    body = squash(article.body)
    return sha256(body.encode()).hexdigest() if body else None


def in_scope(article: Article, scope: Scope) -> bool:
    """Return whether an archive with this scope keeps an article."""
    return scope is Scope.ALL or any(m.ministry == "industry" for m in article.ministries)


def article_values(article: Article) -> Row:
    """Return the columns of ``articles`` that the parser and the stages determine."""
    return {
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
        **version_values(article),
    }


class ArticleStore:
    """Writes pages that passed the stages to one archive."""

    def __init__(self, db: Database, run_id: int, scope: Scope) -> None:
        self._db = db
        self._run_id = run_id
        self._scope = scope

    def save(self, page: Page, *, repeat: bool = False) -> str:
        """Write a page in one transaction and return the name of the count it belongs to.

        Args:
            page: has an outcome, and a capture with an id.
            repeat: an earlier capture of the same URL has the same bytes.

        Returns:
            ``new``, ``changed`` or ``unchanged``; ``gone`` for a stored article that now counts
            as removed; otherwise the outcome. All but ``shell`` and ``redirect`` are columns of
            ``runs``.
        """
        outcome = page.outcome or Outcome.UNPARSED
        article = page.article
        with self._db.atomic():
            self.replace_problems(page.capture.id, page.capture.url, page.problems)
            if article is None:
                result = outcome.value
            elif not in_scope(article, page.capture.scope or self._scope):
                result = outcome = Outcome.OUT_OF_SCOPE
            else:
                result = self._save_article(page, article)
                outcome = Outcome.DUPLICATE if repeat else Outcome.ARTICLE
            self._db.execute(
                "UPDATE captures SET outcome = ? WHERE id = ?", [outcome, page.capture.id]
            )
            address = parse_address(page.capture.url)
            if address is not None and self.update_gone(address.url):
                result = "gone"
        return result

    def update_gone(self, url: str) -> bool:
        """Set or clear an article's ``gone_at`` from its captures; return whether it was set."""
        gone_at = gone_since(self._db, url)
        cursor = self._db.execute(
            "UPDATE articles SET gone_at = ? WHERE url = ? AND gone_at IS NOT ?",
            [gone_at, url, gone_at],
        )
        return cursor.rowcount > 0 and gone_at is not None

    def touch(self, capture: Capture) -> None:
        """Record that the source still shows the article of a known capture."""
        if (address := parse_address(capture.url)) is not None:
            self._db.execute(
                "UPDATE articles SET last_seen_at = max(last_seen_at, ?) WHERE url = ?",
                [to_iso(capture.fetched_at), address.url],
            )

    def _save_article(self, page: Page, article: Article) -> str:
        """Write an article and its versions; return ``new``, ``changed`` or ``unchanged``."""
        incoming = version_values(article)
        self._db.execute(
            "UPDATE captures SET content_hash = ?, article_url = ? WHERE id = ?",
            [incoming["content_hash"], article.url, page.capture.id],
        )
        expected = expected_versions(self._db, article.url)
        stored = stored_versions(self._db, article.url)
        if not stored:
            self.write_current(article, expected)
            return "new"
        current = stored[-1]
        seen_at = to_iso(page.capture.fetched_at)
        self.note_seen(current["id"], seen_at, seen_at)
        if not matches(stored, expected):
            texts = {version["content_hash"]: version for version in [*stored, incoming]}
            self.write_revisions(current["id"], expected, texts)
        if expected[-1].content_hash == incoming["content_hash"] and (
            current["content_hash"] != incoming["content_hash"]
            or page.capture.id == expected[-1].capture_id
        ):
            self.write_current(article, expected)
        return "changed" if len(expected) > len(stored) else "unchanged"

    def write_revisions(
        self, article_id: int, expected: Sequence[SeenVersion], texts: Mapping[str, Row]
    ) -> None:
        """Replace the superseded versions, and number the current one.

        Args:
            article_id: the article.
            expected: its versions, the current one last.
            texts: ``VERSION_COLUMNS`` by ``content_hash``.
        """
        self._db.execute("DELETE FROM article_revisions WHERE article_id = ?", [article_id])
        columns = ("article_id", "revision", "seen_at", "capture_id", "kept", *VERSION_COLUMNS)
        self._db.conn.executemany(
            f"INSERT INTO article_revisions ({', '.join(columns)}) "
            f"VALUES ({', '.join('?' * len(columns))})",
            [
                [article_id, revision, seen.seen_at, seen.capture_id]
                + [overlap(texts[seen.content_hash], texts[after.content_hash])]
                + [texts[seen.content_hash][column] for column in VERSION_COLUMNS]
                for revision, (seen, after) in enumerate(pairwise(expected), 1)
            ],
        )
        self._db.execute(
            "UPDATE articles SET revision = ?, changed_at = ?, capture_id = ? WHERE id = ?",
            [len(expected), expected[-1].seen_at, expected[-1].capture_id, article_id],
        )

    def write_current(self, article: Article, expected: Sequence[SeenVersion]) -> int:
        """Write an article's current version and its derived rows; return its id."""
        latest = expected[-1]
        values = {
            **article_values(article),
            "revision": len(expected),
            "changed_at": latest.seen_at,
            "capture_id": latest.capture_id,
        }
        updates = ", ".join(f"{column} = excluded.{column}" for column in values)
        columns = [*values, "first_seen_at", "last_seen_at"]
        (article_id,) = self._db.execute(
            f"INSERT INTO articles ({', '.join(columns)}) "
            f"VALUES ({', '.join('?' * len(columns))}) "
            f"ON CONFLICT (url) DO UPDATE SET {updates} RETURNING id",
            [*values.values(), latest.seen_at, latest.seen_at],
        ).fetchone()
        write_derived_rows(self._db, article_id, article)
        link_files_of_article(self._db, article_id)
        write_digests(self._db, article_id)
        return int(article_id)

    def note_seen(self, article_id: int, first: str, last: str) -> None:
        """Widen the time in which the source showed the article; both moments are ISO text."""
        self._db.execute(
            "UPDATE articles SET first_seen_at = min(first_seen_at, ?), "
            "last_seen_at = max(last_seen_at, ?) WHERE id = ?",
            [first, last, article_id],
        )

    def replace_problems(
        self, capture_id: int | None, url: str, problems: Iterable[Problem]
    ) -> None:
        """Replace the problems of a capture, which may have been read before."""
        replace_problems(self._db, self._run_id, capture_id, url, problems)


def replace_problems(
    db: Database, run_id: int, capture_id: int | None, url: str, problems: Iterable[Problem]
) -> None:
    """Replace the problems of a capture, which may have been read before."""
    db.execute("DELETE FROM problems WHERE capture_id = ?", [capture_id])
    for problem in problems:
        add_problem(
            db,
            run_id,
            problem.stage,
            problem.kind,
            problem.detail,
            url=url,
            capture_id=capture_id,
        )


def add_problem(  # noqa: PLR0913 - one argument per column
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
