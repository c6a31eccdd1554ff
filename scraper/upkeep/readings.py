"""Reads the captures of an article with today's parsers and pairs each with what is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from scraper.archive.store import in_scope
from scraper.archive.versions import version_values
from scraper.model import Outcome, Problem, Scope

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlite_utils import Database

    from scraper.archive.versions import Row
    from scraper.model import Article, AttachedFile, Page

WITH_ARTICLE = {Outcome.ARTICLE, Outcome.DUPLICATE}
# Problems (stage and kind) of captures whose outcome depends on more than their bytes: the page
# ended the crawl, or a web archive answered with a copy of another page.
SEEN_BY_CRAWL = {("crawl", "blocked"), ("crawl", "redirected")}


class Reading(NamedTuple):
    """A stored capture and how it reads now.

    Attributes:
        row: id, run_id, url, article_url, attachment_url, digest, fetched_at, outcome and
            content_hash as stored.
        article: None if there is none or it is out of scope.
        outcome: None for a capture that no run has read and that still cannot be read.
        problems: every problem it has now.
        content_hash: of the article; without one, the hash that is stored.
        file: of an attachment, as it reads now; None for a page or a file that cannot be read.
    """

    row: Row
    article: Article | None
    outcome: str | None
    problems: Sequence[Problem]
    content_hash: str | None
    file: AttachedFile | None = None

    @property
    def is_lost(self) -> bool:
        """Whether an article was read before and nothing can be read now."""
        return self.row["outcome"] in WITH_ARTICLE and self.outcome == Outcome.UNPARSED


class ReadingBuilder:
    """Makes the readings of captures.

    Args:
        db: an archive.
        scope: which articles are in scope; None keeps the earlier decision about each capture.
    """

    def __init__(self, db: Database, scope: Scope | None) -> None:
        self._db = db
        self._scope = scope
        self._scopes: dict[int, Scope] = {}

    def readings(
        self,
        captures: Sequence[int],
        pages: Mapping[int | None, Page],
        damage: Mapping[int, str],
    ) -> list[Reading]:
        """Return the readings of one article's captures.

        Args:
            captures: their ids.
            pages: by id, what the stages made of the captures that could be loaded.
            damage: by id, why the others could not be loaded.
        """
        return _follow_fixed_parser(
            [
                self._read(capture_id, pages[capture_id])
                if capture_id in pages
                else self._damaged(capture_id, damage[capture_id])
                for capture_id in captures
            ]
        )

    def stored_problems(self, capture_id: int) -> list[Problem]:
        """Return the problems of a capture as they are stored."""
        rows = self._db.query(
            "SELECT stage, kind, detail FROM problems WHERE capture_id = ? ORDER BY id",
            [capture_id],
        )
        return [Problem.model_validate(row) for row in rows]

    def _read(self, capture_id: int, page: Page) -> Reading:
        row, article = self._row(capture_id), page.article
        if article is None:
            stored = self.stored_problems(capture_id)
            if any((problem.stage, problem.kind) in SEEN_BY_CRAWL for problem in stored):
                return Reading(row, None, row["outcome"], stored, row["content_hash"])
            outcome = page.outcome or Outcome.UNPARSED
        elif not in_scope(article, self._scope or self._scope_of(row)):
            article, outcome = None, Outcome.OUT_OF_SCOPE
        else:
            outcome = Outcome.DUPLICATE if row["is_repeat"] else Outcome.ARTICLE
        content_hash = (
            row["content_hash"] if article is None else version_values(article)["content_hash"]
        )
        return Reading(row, article, outcome, page.problems, content_hash, page.file)

    def _damaged(self, capture_id: int, detail: str) -> Reading:
        """Return the reading of a capture without bytes: as stored, with that problem."""
        row = self._row(capture_id)
        damage = Problem(stage="captures", kind="unreadable-record", detail=detail)
        others = [p for p in self.stored_problems(capture_id) if p.kind != damage.kind]
        return Reading(row, None, row["outcome"], [*others, damage], row["content_hash"])

    def _row(self, capture_id: int) -> Row:
        row: Row = next(
            self._db.query(
                "SELECT id, run_id, url, article_url, attachment_url, digest, fetched_at, outcome, "
                "content_hash, EXISTS ("
                "SELECT 1 FROM captures e WHERE e.url = c.url AND e.digest = c.digest "
                "AND e.id < c.id) AS is_repeat FROM captures c WHERE id = ?",
                [capture_id],
            )
        )
        return row

    def _scope_of(self, row: Row) -> Scope:
        """Return the scope that was applied to a capture; if unknown, that of its run."""
        if row["outcome"] in WITH_ARTICLE:
            return Scope.ALL
        if row["outcome"] == Outcome.OUT_OF_SCOPE:
            return Scope.INDUSTRY
        return self._scope_of_run(row["run_id"])

    def _scope_of_run(self, run_id: int) -> Scope:
        """Return the scope of a run, inferred from the outcomes of its captures."""
        if run_id not in self._scopes:
            left_out = self._db.execute(
                "SELECT 1 FROM captures WHERE run_id = ? AND outcome = 'out_of_scope' LIMIT 1",
                [run_id],
            ).fetchone()
            self._scopes[run_id] = Scope.INDUSTRY if left_out else Scope.ALL
        return self._scopes[run_id]


def _follow_fixed_parser(readings: Sequence[Reading]) -> list[Reading]:
    """Give captures that are no longer readable the new hash of those that had the same text.

    Otherwise a fixed parser would split captures of one unchanged page into those it reads and
    those it does not, and make a revision of it.
    """
    new_hash = {r.row["content_hash"]: r.content_hash for r in reversed(readings) if r.article}
    return [
        r if r.article else r._replace(content_hash=new_hash.get(r.content_hash, r.content_hash))
        for r in readings
    ]
