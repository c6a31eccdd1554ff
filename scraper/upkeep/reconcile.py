"""Compares what today's parsers read in stored captures with what is stored, and corrects it.

All captures of an article are reconciled together, in one transaction. A parser that reads them
all differently has changed no page, so the number of versions stays. Text that no parser can read
any longer is kept: nothing is lost because a parser got worse (docs/maintain.md).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from scraper.archive.attachment_rows import ADDRESS, link_files, stored_file, write_file
from scraper.archive.derived_rows import derived_rows, stored_derived_rows
from scraper.archive.digests import write_digests
from scraper.archive.prepared import article_values
from scraper.archive.versions import (
    VISIBLE_COLUMNS,
    SeenVersion,
    merge_repeats,
    stored_versions,
    version_values,
)
from scraper.model import AttachedFile
from scraper.upkeep.change_report import FieldChange, changed_fields
from scraper.upkeep.readings import WITH_ARTICLE, ReadingBuilder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlite_utils import Database

    from scraper.archive.store import ArticleStore
    from scraper.archive.versions import Row
    from scraper.model import Article, Page, Problem, Scope
    from scraper.upkeep.readings import Reading

# Columns computed from others: reported only if nothing else differs.
COMPUTED = {"content_hash", "text_hash"}
UNREAD = "waiting"  # in place of an outcome
PROBLEM = "problem "


class Reconciled(NamedTuple):
    """The result for one article.

    Attributes:
        changes: what differs from what is stored.
        result: ``new``, ``changed`` or ``unchanged``; None if there is no article.
        unparsed: how many captures were read as an article before and are unparsed now.
        problems: how many problems are new.
        is_kept: the article is stored, but none of its captures is read as an article any more.
    """

    changes: list[FieldChange]
    result: str | None
    unparsed: int
    problems: int
    is_kept: bool


class _Versions(NamedTuple):
    """The versions of an article: as stored, and as its captures read now.

    Attributes:
        stored: rows, the current version last.
        expected: what should be stored, in order, at least one.
        texts: the ``VERSION_COLUMNS`` of each, by content hash.
        current: the article of the last expected version; None if no parser reads it any more.
        first_seen, last_seen: when its captures showed it, as ISO text.
    """

    stored: list[Row]
    expected: list[SeenVersion]
    texts: Mapping[str, Row]
    current: Article | None
    first_seen: str
    last_seen: str


class Reconciler:
    """Reconciles one article at a time.

    Args:
        db: an archive.
        scope: which articles are in scope; None keeps the earlier decision about each capture.
        store: writes what differs; None only compares.
    """

    def __init__(
        self, db: Database, scope: Scope | None = None, store: ArticleStore | None = None
    ) -> None:
        self._db = db
        self._store = store
        self._builder = ReadingBuilder(db, scope)

    def reconcile(
        self,
        url: str | None,
        captures: Sequence[int],
        pages: Mapping[int | None, Page],
        damage: Mapping[int, str],
    ) -> Reconciled:
        """Reconcile all captures of one article, or a single capture that belongs to none.

        Args:
            url: canonical address of the article.
            captures: their ids, oldest first.
            pages: by id, what the stages made of the captures that could be loaded.
            damage: by id, why the others could not be loaded.
        """
        readings = self._builder.readings(captures, pages, damage)
        changes, result = ([], None) if url is None else self._reconcile_article(url, readings)
        for reading in readings:
            changes += self._reconcile_capture(reading, url)
            if reading.row["attachment_url"] is not None:
                changes += self._reconcile_file(reading)
        if url is not None and self._store is not None:
            self._store.update_gone(url)
        is_read = any(reading.outcome in WITH_ARTICLE for reading in readings)
        return Reconciled(
            changes,
            result,
            unparsed=sum(reading.is_lost for reading in readings),
            problems=sum(c.field.startswith(PROBLEM) and c.after is not None for c in changes),
            is_kept=result is not None and not is_read,
        )

    def _reconcile_article(
        self, url: str, readings: Sequence[Reading]
    ) -> tuple[list[FieldChange], str | None]:
        versions = _versions(stored_versions(self._db, url), readings)
        if versions is None:
            return [], None
        changes = self._article_changes(url, versions)
        if self._store is not None:
            self._write_article(self._store, versions, is_changed=bool(changes))
        return changes, ("changed" if changes else "unchanged") if versions.stored else "new"

    def _article_changes(self, url: str, versions: _Versions) -> list[FieldChange]:
        """Return what differs between an article's stored rows and what its captures show."""
        stored, expected, texts, current, *_ = versions
        if not stored:
            return [FieldChange("article", url, None, current.title if current else None)]
        before: Row = {
            "versions": [
                _describe_version(v["revision"], v["seen_at"], v["capture_id"]) for v in stored
            ],
            "article_revisions": [_visible_columns(version) for version in stored[:-1]],
        }
        after: Row = {
            "versions": [
                _describe_version(n, v.seen_at, v.capture_id) for n, v in enumerate(expected, 1)
            ],
            "article_revisions": [_visible_columns(texts[v.content_hash]) for v in expected[:-1]],
        }
        if current is not None:
            values = article_values(current)
            (row,) = self._db.query(
                f"SELECT {', '.join(values)} FROM articles WHERE url = ?", [url]
            )
            before |= row | stored_derived_rows(self._db, stored[-1]["id"])
            after |= values | derived_rows(current)
        changes = changed_fields(url, before, after)
        return [change for change in changes if change.field not in COMPUTED] or changes

    def _write_article(self, store: ArticleStore, versions: _Versions, *, is_changed: bool) -> None:
        stored, expected, texts, current, first_seen, last_seen = versions
        if is_changed:
            article_id = (
                store.write_current(store.prepare(current), expected)
                if current
                else stored[-1]["id"]
            )
            store.write_revisions(article_id, expected, texts)
            store.note_seen(article_id, first_seen, last_seen)
        elif current:
            write_digests(self._db, stored[-1]["id"])  # the rows have just proved right

    def _reconcile_capture(self, reading: Reading, article_url: str | None) -> list[FieldChange]:
        """Compare and correct a capture's own row and its problems."""
        row = reading.row
        url = row["url"]
        before = [row["outcome"], row["content_hash"], row["article_url"]]
        after = [reading.outcome, reading.content_hash, article_url]
        changes = []
        if before[0] != after[0]:
            name = f"outcome {before[0] or UNREAD} → {after[0] or UNREAD}"
            changes.append(FieldChange(name, url, before[0], after[0]))
        if before[2] != after[2]:
            changes.append(FieldChange("article_url", url, before[2], after[2]))
        stored = Counter(self._builder.stored_problems(row["id"]))
        found = Counter(reading.problems)
        removed, added = (stored - found).elements(), (found - stored).elements()
        changes += [FieldChange(_problem_field(p), url, p.detail, None) for p in removed]
        changes += [FieldChange(_problem_field(p), url, None, p.detail) for p in added]
        if self._store is not None:
            if before != after:
                self._db.execute(
                    "UPDATE captures SET outcome = ?, content_hash = ?, article_url = ? "
                    "WHERE id = ?",
                    [*after, row["id"]],
                )
            if stored != found:
                problems = [(p.stage, p.kind, p.detail) for p in reading.problems]
                self._store.replace_problems(row["id"], url, problems)
        return changes

    def _reconcile_file(self, reading: Reading) -> list[FieldChange]:
        """Compare and correct the file of an attachment, after its capture.

        A text that can no longer be read is kept, for example if the library is not installed.
        """
        row, file = reading.row, reading.file
        stored = stored_file(self._db, row["digest"])
        changes = []
        if file is not None and (stored is None or file.text or not stored.text):
            before = dict.fromkeys(AttachedFile.model_fields) | (
                stored.model_dump() if stored else {}
            )
            changes = changed_fields(row["attachment_url"], before, file.model_dump())
            changes = [c._replace(field=f"attachment {c.field}") for c in changes]
        if self._store is not None:
            if changes and file is not None:
                write_file(self._db, row["digest"], file)
            if changes or row["outcome"] != reading.outcome:
                link_files(self._db, f"{ADDRESS} = ?", [row["attachment_url"]])
        return changes


def _versions(stored: list[Row], readings: Sequence[Reading]) -> _Versions | None:
    """Return the versions that readings show; None if they show no article that can be stored."""
    articles = {r.content_hash: r.article for r in reversed(readings) if r.article}
    texts = {version["content_hash"]: version for version in stored}
    texts |= {key: version_values(article) for key, article in articles.items()}
    showing = [r for r in readings if r.content_hash in texts]
    expected = merge_repeats(
        SeenVersion(r.content_hash or "", r.row["fetched_at"], r.row["id"]) for r in showing
    )
    if not expected:
        return None
    latest = expected[-1]
    own = next((r.article for r in readings if r.row["id"] == latest.capture_id), None)
    current = own or articles.get(latest.content_hash)
    if not stored and current is None:
        return None
    first_seen, last_seen = showing[0].row["fetched_at"], showing[-1].row["fetched_at"]
    return _Versions(stored, expected, texts, current, first_seen, last_seen)


def _describe_version(revision: int, seen_at: str, capture_id: int) -> str:
    return f"{revision}: {seen_at}, capture {capture_id}"


def _visible_columns(version: Row) -> tuple[str | None, ...]:
    return (*(version[column] for column in VISIBLE_COLUMNS), version["parser"])


def _problem_field(problem: Problem) -> str:
    return f"{PROBLEM}{problem.stage}/{problem.kind}"
