"""Writes articles: the current version, superseded revisions, and the rows read out of the text.

A revision is a change of the *page*, seen in two captures; a change of our parser rewrites the
version in place. An article's history is computed from all its captures in the order they were
fetched, so that it does not depend on the order in which they arrive.
"""

from __future__ import annotations

import json
from hashlib import sha256
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from scraper.archive.parts import write_parts
from scraper.clock import to_iso
from scraper.model import Outcome, Scope
from scraper.sources import parse_address
from scraper.thai.text import squash

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlite_utils import Database

    from scraper.model import Article, Capture, Page

# The text of a version, as both articles and article_revisions have it.
VERSION = ("title", "lead", "body", "tail", "published_on", "content_hash", "parser")
CURRENT = f"id, {', '.join(VERSION)}, changed_at AS seen_at, capture_id"


class Sighting(NamedTuple):
    """A state of an article and the first capture, of some in a row, that showed it."""

    content_hash: str
    seen_at: str
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


def _version_values(article: Article) -> dict[str, Any]:
    values = {
        "title": article.title,
        "lead": article.lead,
        "body": article.body,
        "tail": article.tail,
        "published_on": article.published_on and article.published_on.isoformat(),
    }
    return {**values, "content_hash": content_hash(article), "parser": article.parser}


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
        """Write an article and its history, which is a function of its captures alone."""
        incoming = _version_values(article)
        self._db.execute(
            "UPDATE captures SET content_hash = ? WHERE id = ?",
            [incoming["content_hash"], page.capture.id],
        )
        history = self._history(article.url)
        current = next(
            self._db.query(f"SELECT {CURRENT} FROM articles WHERE url = ?", [article.url]), None
        )
        if current is None:
            self._write_current(article, history)
            return "new"
        seen_at = to_iso(page.capture.fetched_at)
        self._db.execute(
            "UPDATE articles SET first_seen_at = min(first_seen_at, ?), "
            "last_seen_at = max(last_seen_at, ?) WHERE id = ?",
            [seen_at, seen_at, current["id"]],
        )
        known = self._versions(current)
        if history != [Sighting(v["content_hash"], v["seen_at"], v["capture_id"]) for v in known]:
            texts = {version["content_hash"]: version for version in [*known, incoming]}
            self._write_revisions(current["id"], history, texts)
        if history[-1].content_hash == incoming["content_hash"] and (
            current["content_hash"] != incoming["content_hash"]
            or page.capture.id == current["capture_id"]
        ):
            self._write_current(article, history)
        return "changed" if len(history) > len(known) else "unchanged"

    def _history(self, url: str) -> list[Sighting]:
        """Return the states an article's captures show, in the order of time.

        Captures in a row that show the same text are one state, told by the first of them.
        """
        rows = self._db.execute(
            "SELECT content_hash, fetched_at, id FROM captures "
            "WHERE article_url = ? AND content_hash IS NOT NULL ORDER BY fetched_at, id",
            [url],
        )
        sightings = (Sighting(*row) for row in rows.fetchall())
        return [next(same) for _, same in groupby(sightings, key=lambda s: s.content_hash)]

    def _versions(self, current: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the stored versions of an article, the current one last."""
        revisions = self._db.query(
            f"SELECT {', '.join(VERSION)}, seen_at, capture_id FROM article_revisions "
            "WHERE article_id = ? ORDER BY revision",
            [current["id"]],
        )
        return [*revisions, current]

    def _write_revisions(
        self, article_id: int, history: Sequence[Sighting], texts: dict[str, dict[str, Any]]
    ) -> None:
        """Replace the superseded versions, and number the current one."""
        self._db.execute("DELETE FROM article_revisions WHERE article_id = ?", [article_id])
        columns = ("article_id", "revision", "seen_at", "capture_id", *VERSION)
        self._db.conn.executemany(
            f"INSERT INTO article_revisions ({', '.join(columns)}) "
            f"VALUES ({', '.join('?' * len(columns))})",
            [
                [article_id, revision, seen.seen_at, seen.capture_id]
                + [texts[seen.content_hash][column] for column in VERSION]
                for revision, seen in enumerate(history[:-1], 1)
            ],
        )
        self._db.execute(
            "UPDATE articles SET revision = ?, changed_at = ?, capture_id = ? WHERE id = ?",
            [len(history), history[-1].seen_at, history[-1].capture_id, article_id],
        )

    def _write_current(self, article: Article, history: Sequence[Sighting]) -> None:
        """Write the row of the current version and everything that was read out of it."""
        latest = history[-1]
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
            "revision": len(history),
            "changed_at": latest.seen_at,
            "capture_id": latest.capture_id,
            **_version_values(article),
        }
        updates = ", ".join(f"{column} = excluded.{column}" for column in values)
        columns = [*values, "first_seen_at", "last_seen_at"]
        (article_id,) = self._db.execute(
            f"INSERT INTO articles ({', '.join(columns)}) "
            f"VALUES ({', '.join('?' * len(columns))}) "
            f"ON CONFLICT (url) DO UPDATE SET {updates} RETURNING id",
            [*values.values(), latest.seen_at, latest.seen_at],
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
