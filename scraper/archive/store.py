"""Writes articles: the current version, superseded revisions and derived rows.

A revision is a change of the *page*, seen in two captures; a change of our parser rewrites the
version in place. Versions are computed from all captures in the order they were fetched, so they
do not depend on the order in which captures arrive.
"""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from scraper.archive.attachment_rows import link_files_of_article
from scraper.archive.derived_rows import replace_derived_rows
from scraper.archive.prepared import READ_COLUMNS, is_industry, prepare, prepare_article
from scraper.archive.related import compare_articles
from scraper.archive.table_shapes import read_shapes
from scraper.archive.versions import (
    VERSION_COLUMNS,
    expected_versions,
    gone_since,
    matches,
    overlap,
    stored_versions,
)
from scraper.clock import to_iso
from scraper.model import Outcome, Scope
from scraper.sources import parse_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlite_utils import Database

    from scraper.archive.prepared import PreparedArticle, PreparedPage
    from scraper.archive.table_shapes import TableShape
    from scraper.archive.versions import Row, SeenVersion
    from scraper.model import Article, Capture, Page


_INSERT_PROBLEM = (
    "INSERT INTO problems (run_id, url, capture_id, stage, kind, detail) VALUES (?, ?, ?, ?, ?, ?)"
)


def in_scope(article: Article, scope: Scope) -> bool:
    """Return whether an archive with this scope keeps an article."""
    return scope is Scope.ALL or is_industry(article)


class ArticleStore:
    """Writes pages that passed the stages to one archive.

    Attributes:
        signatures: place and fingerprints, by id, of the articles written since the last
            ``compare``.
    """

    def __init__(self, db: Database, run_id: int, scope: Scope) -> None:
        self._db = db
        self._run_id = run_id
        self._scope = scope
        self.signatures: dict[int, tuple[int, bytes]] = {}

    @cached_property
    def shapes(self) -> tuple[TableShape, ...]:
        """The shapes of the tables of facts, with which pages are prepared."""
        return read_shapes(self._db)

    def save(self, page: Page, *, repeat: bool = False) -> str:
        """Write a page; see ``save_prepared``."""
        return self.save_prepared(page.capture, prepare(page, self.shapes), repeat=repeat)

    def save_prepared(self, capture: Capture, page: PreparedPage, *, repeat: bool = False) -> str:
        """Write a page in one transaction and return the name of the count it belongs to.

        Args:
            capture: the stored capture.
            page: what was read from it.
            repeat: an earlier capture of the same URL has the same bytes.

        Returns:
            ``new``, ``changed`` or ``unchanged``; ``gone`` for a stored article that now counts
            as removed; otherwise the outcome. All but ``shell`` and ``redirect`` are columns of
            ``runs``.
        """
        outcome = page.outcome
        with self._db.atomic():
            self.replace_problems(capture.id, capture.url, page.problems)
            if page.article is None:
                result = outcome
            elif not self.keeps(capture, page.article):
                result = outcome = Outcome.OUT_OF_SCOPE.value
            else:
                result = self._save_article(capture, page.article)
                outcome = (Outcome.DUPLICATE if repeat else Outcome.ARTICLE).value
            self._db.execute("UPDATE captures SET outcome = ? WHERE id = ?", [outcome, capture.id])
            address = parse_address(capture.url)
            if address is not None and self.update_gone(address.url):
                result = "gone"
        return result

    def keeps(self, capture: Capture, article: PreparedArticle) -> bool:
        """Return whether the archive keeps an article that a capture shows."""
        return (capture.scope or self._scope) is Scope.ALL or article.is_industry

    def update_gone(self, url: str) -> bool:
        """Set or clear an article's ``gone_at`` from its captures; return whether it was set."""
        gone_at = gone_since(self._db, url)
        cursor = self._db.execute(
            "UPDATE articles SET gone_at = ? WHERE url = ? AND gone_at IS NOT ?",
            [gone_at, url, gone_at],
        )
        return cursor.rowcount > 0 and gone_at is not None

    def compare(self, at_most: int) -> int:
        """Run ``compare_articles`` on up to ``at_most`` articles, in the caller's transaction."""
        compared = compare_articles(self._db, at_most, self.signatures)
        self.signatures.clear()
        return compared

    def touch(self, capture: Capture) -> None:
        """Record that the source still shows the article of a known capture."""
        if (address := parse_address(capture.url)) is not None:
            self._db.execute(
                "UPDATE articles SET last_seen_at = max(last_seen_at, ?) WHERE url = ?",
                [to_iso(capture.fetched_at), address.url],
            )

    def _save_article(self, capture: Capture, article: PreparedArticle) -> str:
        """Write an article and its versions; return ``new``, ``changed`` or ``unchanged``."""
        incoming = article.values()
        self._db.execute(
            "UPDATE captures SET content_hash = ?, article_url = ? WHERE id = ?",
            [incoming["content_hash"], article.url, capture.id],
        )
        expected = expected_versions(self._db, article.url)
        stored = stored_versions(self._db, article.url)
        if not stored:
            self.write_current(article, expected)
            return "new"
        current = stored[-1]
        seen_at = to_iso(capture.fetched_at)
        self.note_seen(current["id"], seen_at, seen_at)
        if not matches(stored, expected):
            texts = {version["content_hash"]: version for version in [*stored, incoming]}
            self.write_revisions(current["id"], expected, texts)
        if expected[-1].content_hash == incoming["content_hash"] and (
            current["content_hash"] != incoming["content_hash"]
            or capture.id == expected[-1].capture_id
        ):
            self.write_current(article, expected)
        return "changed" if len(expected) > len(stored) else "unchanged"

    def possible_reuse(self, capture: Capture) -> Iterator[tuple[str, str]]:
        """Yield URL and reason if a change is so large that the number may have been reused."""
        address = parse_address(capture.url)
        found = self._db.query(
            "SELECT url, title_before, title_after, kept FROM possible_reuse "
            "WHERE url = ? AND seen_at = ?",
            [address and address.url, to_iso(capture.fetched_at)],
        )
        for row in found:
            detail = (
                f"{row['title_before']!r} became {row['title_after']!r} and "
                f"{row['kept']:.0%} of the text stayed: perhaps another article under this number"
            )
            yield row["url"], detail

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

    def write_current(self, article: PreparedArticle, expected: Sequence[SeenVersion]) -> int:
        """Write an article's current version and its derived rows; return its id."""
        latest = expected[-1]
        written = (*READ_COLUMNS, "revision", "changed_at", "capture_id")
        values = (*article.columns, len(expected), latest.seen_at, latest.capture_id)
        updates = ", ".join(f"{column} = excluded.{column}" for column in written)
        columns = (*written, "first_seen_at", "last_seen_at")
        (article_id,) = self._db.execute(
            f"INSERT INTO articles ({', '.join(columns)}) "
            f"VALUES ({', '.join('?' * len(columns))}) "
            f"ON CONFLICT (url) DO UPDATE SET {updates} RETURNING id",
            [*values, latest.seen_at, latest.seen_at],
        ).fetchone()
        replace_derived_rows(self._db, article_id, article)
        link_files_of_article(self._db, article_id)
        self.signatures[article_id] = (article.place, article.fingerprints)
        return int(article_id)

    def prepare(self, article: Article) -> PreparedArticle:
        """Return an article prepared for ``write_current``."""
        return prepare_article(article, self.shapes)

    def note_seen(self, article_id: int, first: str, last: str) -> None:
        """Widen the time in which the source showed the article; both moments are ISO text."""
        self._db.execute(
            "UPDATE articles SET first_seen_at = min(first_seen_at, ?), "
            "last_seen_at = max(last_seen_at, ?) WHERE id = ?",
            [first, last, article_id],
        )

    def replace_problems(
        self, capture_id: int | None, url: str, problems: Iterable[tuple[str, str, str]]
    ) -> None:
        """Replace the problems of a capture, which may have been read before."""
        replace_problems(self._db, self._run_id, capture_id, url, problems)

    def add_problems(self, found: Iterable[tuple[Capture, PreparedPage]]) -> None:
        """Add the problems of captures that were never read before."""
        self._db.conn.executemany(
            _INSERT_PROBLEM,
            [
                (self._run_id, capture.url, capture.id, *problem)
                for capture, page in found
                for problem in page.problems
            ],
        )


def replace_problems(
    db: Database,
    run_id: int,
    capture_id: int | None,
    url: str,
    problems: Iterable[tuple[str, str, str]],
) -> None:
    """Replace the problems of a capture, which may have been read before."""
    db.execute("DELETE FROM problems WHERE capture_id = ?", [capture_id])
    db.conn.executemany(
        _INSERT_PROBLEM, [(run_id, url, capture_id, *problem) for problem in problems]
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
    db.execute(_INSERT_PROBLEM, [run_id, url, capture_id, stage, kind, detail])
