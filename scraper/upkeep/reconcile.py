"""Compares what today's parsers read in stored captures with what is stored, and mends it.

All captures of an article are judged together, in one transaction: a parser that reads them all
differently has changed no page, so the number of versions stays. What no parser reads any more is
kept as it was; text is never lost because a parser became worse (docs/maintain.md).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from scraper.archive.derived_rows import derived_rows, stored_derived_rows
from scraper.archive.digests import write_digests
from scraper.archive.store import article_values, in_scope
from scraper.archive.versions import (
    VISIBLE_COLUMNS,
    SeenVersion,
    merge_repeats,
    stored_versions,
    version_values,
)
from scraper.model import Outcome, Problem, Scope
from scraper.upkeep.change_report import Change, compare

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlite_utils import Database

    from scraper.archive.store import ArticleStore
    from scraper.archive.versions import Row
    from scraper.model import Article, Page

# Columns that follow from others: told only where nothing else differs.
DERIVED = {"content_hash", "text_hash"}
TELLING = {Outcome.ARTICLE, Outcome.DUPLICATE}
WAITING = "waiting"
PROBLEM = "problem "
# Stage and kind of the problem of an answer that the crawl judged by more than its bytes: one that
# ended it, and an archive's copy of another page than the one asked for.
EVIDENCE = {("crawl", "blocked"), ("crawl", "redirected")}


class Reading(NamedTuple):
    """A stored capture and what is made of it now.

    Attributes:
        row: id, run_id, url, article_url, fetched_at, outcome and content_hash as stored.
        article: what it tells, None for anything else or out of scope.
        outcome: None for a capture that waits and still cannot be read.
        problems: every problem it has now.
        content_hash: of the article; a capture that no longer tells one keeps the hash it had.
    """

    row: Row
    article: Article | None
    outcome: str | None
    problems: Sequence[Problem]
    content_hash: str | None


class Reconciled(NamedTuple):
    """What another reading of an article's captures came to.

    Attributes:
        changes: what differs from what is stored.
        result: ``new``, ``changed`` or ``unchanged``; None where there is no article.
        spoilt: how many captures told an article before and are unparsed now.
        problems: how many problems are new.
        is_kept: the article stands as it is stored though no capture tells it any more.
    """

    changes: list[Change]
    result: str | None
    spoilt: int
    problems: int
    is_kept: bool


class Reconciler:
    """Judges one article after the other.

    Args:
        db: an archive.
        scope: which articles are kept; None keeps to what was decided of each capture before.
        store: writes what differs; None compares only.
    """

    def __init__(
        self, db: Database, scope: Scope | None = None, store: ArticleStore | None = None
    ) -> None:
        self._db = db
        self._scope = scope
        self._store = store
        self._scopes: dict[int, Scope] = {}

    def judge(
        self,
        url: str | None,
        captures: Sequence[int],
        pages: Mapping[int | None, Page],
        damage: Mapping[int, str],
    ) -> Reconciled:
        """Compare all captures of one article, or a single one that belongs to none.

        Args:
            url: canonical address of the article.
            captures: their ids, in the order of time.
            pages: what the stages made of those that could be loaded, by id.
            damage: what is wrong with the bytes of the others, by id.
        """
        readings = _steady(
            [
                self._reading(number, pages[number])
                if number in pages
                else self._damaged(number, damage[number])
                for number in captures
            ]
        )
        changes, result = ([], None) if url is None else self._article(url, readings)
        for reading in readings:
            changes += self._capture(reading, url)
        if url is not None and self._store is not None:
            self._store.update_gone(url)
        now_telling = any(reading.outcome in TELLING for reading in readings)
        return Reconciled(
            changes,
            result,
            spoilt=sum(_is_spoilt(reading) for reading in readings),
            problems=sum(c.field.startswith(PROBLEM) and c.after is not None for c in changes),
            is_kept=result is not None and not now_telling,
        )

    def _reading(self, number: int, page: Page) -> Reading:
        row, article = self._row(number), page.article
        stored = self._problems(number)
        if article is None and any((p.stage, p.kind) in EVIDENCE for p in stored):
            # The crawl saw more than the bytes: headers, and the way there.
            return Reading(row, None, row["outcome"], stored, row["content_hash"])
        if article is None:
            outcome = page.outcome or Outcome.UNPARSED
        elif not in_scope(article, self._scope or self._scope_of(row)):
            article, outcome = None, Outcome.OUT_OF_SCOPE
        else:
            outcome = Outcome.DUPLICATE if row["is_repeat"] else Outcome.ARTICLE
        told = row["content_hash"] if article is None else version_values(article)["content_hash"]
        return Reading(row, article, outcome, page.problems, told)

    def _scope_of(self, row: Row) -> Scope:
        """Return the scope that a capture was judged by; else that of the run that made it."""
        if row["outcome"] in TELLING:
            return Scope.ALL
        if row["outcome"] == Outcome.OUT_OF_SCOPE:
            return Scope.INDUSTRY
        return self._scope_of_run(row["run_id"])

    def _scope_of_run(self, run_id: int) -> Scope:
        """Return the scope of a run, which shows in its captures."""
        if run_id not in self._scopes:
            left_out = self._db.execute(
                "SELECT 1 FROM captures WHERE run_id = ? AND outcome = 'out_of_scope' LIMIT 1",
                [run_id],
            ).fetchone()
            self._scopes[run_id] = Scope.INDUSTRY if left_out else Scope.ALL
        return self._scopes[run_id]

    def _damaged(self, number: int, detail: str) -> Reading:
        """Return a capture whose bytes cannot be read: as it was, with that problem."""
        row = self._row(number)
        damage = Problem(stage="captures", kind="unreadable-record", detail=detail)
        others = [p for p in self._problems(number) if p.kind != damage.kind]
        return Reading(row, None, row["outcome"], [*others, damage], row["content_hash"])

    def _row(self, number: int) -> Row:
        row: Row = next(
            self._db.query(
                "SELECT id, run_id, url, article_url, fetched_at, outcome, content_hash, EXISTS ("
                "SELECT 1 FROM captures e WHERE e.url = c.url AND e.digest = c.digest "
                "AND e.id < c.id) AS is_repeat FROM captures c WHERE id = ?",
                [number],
            )
        )
        return row

    def _problems(self, number: int) -> list[Problem]:
        rows = self._db.query(
            "SELECT stage, kind, detail FROM problems WHERE capture_id = ? ORDER BY id", [number]
        )
        return [Problem.model_validate(row) for row in rows]

    def _article(self, url: str, readings: Sequence[Reading]) -> tuple[list[Change], str | None]:
        """Compare, and mend, the article that readings tell."""
        known = stored_versions(self._db, url)
        articles = {r.content_hash: r.article for r in reversed(readings) if r.article}
        texts = {version["content_hash"]: version for version in known}
        texts |= {told: version_values(article) for told, article in articles.items()}
        telling = [r for r in readings if r.content_hash in texts]
        told = merge_repeats(
            SeenVersion(r.content_hash or "", r.row["fetched_at"], r.row["id"]) for r in telling
        )
        current = _speaker(told, readings) or (
            articles.get(told[-1].content_hash) if told else None
        )
        if not told or not (known or current):
            return [], None
        if known:
            changes = self._differences(url, known, told, texts, current)
        else:
            changes = [Change("article", url, None, current.title if current else None)]
        if changes and self._store is not None:
            article_id = self._store.write_current(current, told) if current else known[-1]["id"]
            self._store.write_revisions(article_id, told, texts)
            seen = (telling[0].row["fetched_at"], telling[-1].row["fetched_at"])
            self._store.note_seen(article_id, *seen)
        elif current and self._store is not None:
            write_digests(self._db, known[-1]["id"])  # the rows are as they should be
        return changes, ("changed" if changes else "unchanged") if known else "new"

    def _differences(
        self,
        url: str,
        known: Sequence[Row],
        told: Sequence[SeenVersion],
        texts: Mapping[str, Row],
        current: Article | None,
    ) -> list[Change]:
        """Return what differs between an article's stored rows and what its captures tell."""
        before: Row = {
            "versions": [_version(v["revision"], v["seen_at"], v["capture_id"]) for v in known],
            "article_revisions": [_seen(version) for version in known[:-1]],
        }
        after: Row = {
            "versions": [_version(n, v.seen_at, v.capture_id) for n, v in enumerate(told, 1)],
            "article_revisions": [_seen(texts[v.content_hash]) for v in told[:-1]],
        }
        if current is not None:
            values = article_values(current)
            (row,) = self._db.query(
                f"SELECT {', '.join(values)} FROM articles WHERE url = ?", [url]
            )
            before |= row | stored_derived_rows(self._db, known[-1]["id"])
            after |= values | derived_rows(current)
        changes = compare(url, before, after)
        return [change for change in changes if change.field not in DERIVED] or changes

    def _capture(self, reading: Reading, article_url: str | None) -> list[Change]:
        """Compare, and mend, a capture's own row and its problems."""
        row = reading.row
        url = row["url"]
        before = [row["outcome"], row["content_hash"], row["article_url"]]
        after = [reading.outcome, reading.content_hash, article_url]
        changes = []
        if before[0] != after[0]:
            name = f"outcome {before[0] or WAITING} → {after[0] or WAITING}"
            changes.append(Change(name, url, before[0], after[0]))
        if before[2] != after[2]:
            changes.append(Change("article_url", url, before[2], after[2]))
        stored, found = Counter(self._problems(row["id"])), Counter(reading.problems)
        gone, come = (stored - found).elements(), (found - stored).elements()
        changes += [Change(_name(problem), url, problem.detail, None) for problem in gone]
        changes += [Change(_name(problem), url, None, problem.detail) for problem in come]
        if self._store is not None:
            if before != after:
                self._db.execute(
                    "UPDATE captures SET outcome = ?, content_hash = ?, article_url = ? "
                    "WHERE id = ?",
                    [*after, row["id"]],
                )
            if stored != found:
                self._store.replace_problems(row["id"], url, reading.problems)
        return changes


def _steady(readings: Sequence[Reading]) -> list[Reading]:
    """Let captures that cannot be read any more follow others that showed the same text.

    Otherwise a mended parser would part what it reads from what it does not, and make a revision
    of a page that never changed.
    """
    mended = {r.row["content_hash"]: r.content_hash for r in reversed(readings) if r.article}
    return [
        r if r.article else r._replace(content_hash=mended.get(r.content_hash, r.content_hash))
        for r in readings
    ]


def _speaker(told: Sequence[SeenVersion], readings: Sequence[Reading]) -> Article | None:
    """Return the article of the capture that tells the current version, None if unreadable."""
    return next((r.article for r in readings if told and r.row["id"] == told[-1].capture_id), None)


def _is_spoilt(reading: Reading) -> bool:
    return reading.row["outcome"] in TELLING and reading.outcome == Outcome.UNPARSED


def _version(revision: int, seen_at: str, capture_id: int) -> str:
    return f"{revision}: {seen_at}, capture {capture_id}"


def _seen(version: Row) -> tuple[str | None, ...]:
    return (*(version[column] for column in VISIBLE_COLUMNS), version["parser"])


def _name(problem: Problem) -> str:
    return f"{PROBLEM}{problem.stage}/{problem.kind}"
