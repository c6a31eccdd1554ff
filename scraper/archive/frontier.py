"""The addresses that crawls follow: waiting for the next visit, failed, or done.

A number without an article between published ones is visited on the schedule of articles, because
it may be published late.
"""

from __future__ import annotations

from functools import cached_property
from itertools import count, groupby, pairwise
from typing import TYPE_CHECKING, NamedTuple

from scraper.archive.visit_schedule import (
    CONFIRM_DELAY,
    RECENT_AGE,
    SLACK,
    next_visit,
    retry_delay,
)
from scraper.clock import BANGKOK, from_iso, now, to_iso
from scraper.model import Outcome
from scraper.sources import article_url, parse_address

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlite_utils import Database

    from scraper.model import Capture, Layout
    from scraper.sources import Site

MOST_GAPS = 2000  # numbers between two recent articles; more means that one is out of order
# Consecutive numbers without an article, about a day's worth. One article in a hundred is late,
# never a whole day of them. A longer range has no articles, or is left to `crawl numbers`.
LONGEST_GAP = 40


class DueVisit(NamedTuple):
    """An address that is due, with the validators of its last answer."""

    url: str
    etag: str | None
    last_modified: str | None


def _canonical(url: str) -> str:
    """Return the canonical address of an article, or any other address unchanged."""
    address = parse_address(url)
    return url if address is None else address.url


class Frontier:
    """Answers questions of spiders about one archive, and schedules visits and retries."""

    def __init__(self, db: Database, run_id: int) -> None:
        self._db = db
        self._run_id = run_id

    def outcome(self, url: str) -> Outcome | None:
        """Return the latest outcome of an article's address, or None if it was never read."""
        row = self._db.execute(
            "SELECT outcome FROM captures WHERE article_url = ? AND outcome IN "
            "('article', 'duplicate', 'missing', 'out_of_scope', 'redirect') "
            "ORDER BY fetched_at DESC, id DESC LIMIT 1",
            [_canonical(url)],
        ).fetchone()
        return None if row is None else Outcome(row[0])

    def outcome_of_source(self, source: str) -> Outcome | None:
        """Return the outcome of a web archive's copy, or None if it was never fetched."""
        row = self._db.execute(
            "SELECT outcome FROM captures WHERE source = ? AND outcome IS NOT NULL LIMIT 1",
            [source],
        ).fetchone()
        return None if row is None else Outcome(row[0])

    def has_article(self, url: str) -> bool:
        """Return whether the archive has an article with this canonical address."""
        row = self._db.execute("SELECT 1 FROM articles WHERE url = ?", [url]).fetchone()
        return row is not None

    def _is_shown(self, url: str) -> bool:
        row = self._db.execute(
            "SELECT 1 FROM articles WHERE url = ? AND gone_at IS NULL", [url]
        ).fetchone()
        return row is not None

    def published_on(self, url: str) -> str | None:
        """Return the publication day (ISO) of a stored article, or None."""
        row = self._db.execute(
            "SELECT published_on FROM articles WHERE url = ?", [_canonical(url)]
        ).fetchone()
        return row[0] if row else None

    def newest_published_on(self, site: Site) -> str | None:
        """Return a site's latest publication day (ISO) that is not in the future, or None."""
        # The plus makes SQLite use the index by day; by site it would read every article's row.
        row = self._db.execute(
            "SELECT published_on FROM articles WHERE +site = ? AND published_on <= ? "
            "ORDER BY published_on DESC LIMIT 1",
            [site.slug, now().astimezone(BANGKOK).date().isoformat()],
        ).fetchone()
        return row[0] if row else None

    @cached_property
    def last_completed_run(self) -> int:
        """Return the id of the last completed run of the same command, 0 if there is none."""
        (run_id,) = self._db.execute(
            "SELECT coalesce(max(id), 0) FROM runs WHERE outcome = 'done' "
            "AND command = (SELECT command FROM runs WHERE id = ?)",
            [self._run_id],
        ).fetchone()
        return int(run_id)

    def in_completed_run(self, url: str) -> bool:
        """Return whether an article was captured by a run that left no gap before it.

        These are all runs of other commands, and those of the same command up to
        ``last_completed_run``. A run that was cut short may have missed older articles.
        """
        row = self._db.execute(
            "SELECT 1 FROM captures c JOIN runs r ON r.id = c.run_id WHERE c.article_url = ? "
            "AND (r.id <= ? OR r.command <> (SELECT command FROM runs WHERE id = ?)) LIMIT 1",
            [_canonical(url), self.last_completed_run, self._run_id],
        ).fetchone()
        return row is not None

    def follow(self, urls: Iterable[str]) -> None:
        """Add addresses that are due from now on; known ones stay unchanged."""
        moment = to_iso(now())
        with self._db.atomic():
            for url in urls:
                self._db.execute(
                    "INSERT INTO frontier (url, state, known_at, due_at, run_id) "
                    "VALUES (?, 'waiting', ?, ?, ?) ON CONFLICT (url) DO NOTHING",
                    [_canonical(url), moment, moment, self._run_id],
                )

    def record_visit(self, capture: Capture, outcome: str) -> None:
        """Record the outcome of a live page and schedule the next visit.

        Does nothing for addresses that are not followed, such as old articles that
        ``crawl numbers`` found.

        Args:
            capture: a capture of an article's address.
            outcome: ``new``, ``changed``, ``unchanged`` or ``gone`` for an article, otherwise the
                outcome of the capture.
        """
        url, visited_at = _canonical(capture.url), capture.fetched_at
        row = self._db.execute("SELECT known_at FROM frontier WHERE url = ?", [url]).fetchone()
        if row is None and not (outcome == "new" and self._is_recent(url, visited_at)):
            return
        # The schedule restarts when the article of an empty number appears.
        restart = row is None or outcome == "new"
        known_at = visited_at if restart else from_iso(row[0])
        due_at = next_visit(known_at, visited_at)
        if outcome == Outcome.MISSING and self._is_shown(url):
            due_at = visited_at + CONFIRM_DELAY
        elif outcome in {Outcome.OUT_OF_SCOPE, Outcome.REDIRECT} or (
            outcome == "new" and not self._is_recent(url, visited_at)
        ):
            due_at = None
        self.write_visit(url, known_at, due_at, visited_at, outcome)

    def write_visit(
        self,
        url: str,
        known_at: datetime,
        due_at: datetime | None,
        visited_at: datetime,
        outcome: str,
    ) -> None:
        """Write the visit of an address, and when the next one is due; None after the last."""
        self._db.execute(
            "INSERT INTO frontier (url, state, known_at, due_at, visited_at, last_outcome, run_id) "
            "VALUES (:url, :state, :known_at, :due_at, :visited_at, :outcome, :run_id) "
            "ON CONFLICT (url) DO UPDATE SET state = :state, attempts = 0, known_at = :known_at, "
            "due_at = :due_at, visited_at = :visited_at, last_outcome = :outcome, "
            "last_error = NULL, run_id = :run_id",
            {
                "url": url,
                "state": "done" if due_at is None else "waiting",
                "known_at": to_iso(known_at),
                "due_at": due_at and to_iso(due_at),
                "visited_at": to_iso(visited_at),
                "outcome": outcome,
                "run_id": self._run_id,
            },
        )

    def has_scheduled_visit(self, url: str) -> bool:
        """Return whether an address has been visited and will be visited again."""
        row = self._db.execute(
            "SELECT 1 FROM frontier WHERE url = ? AND state = 'waiting' AND visited_at IS NOT NULL",
            [_canonical(url)],
        ).fetchone()
        return row is not None

    def set_validators(self, url: str, etag: str | None, last_modified: str | None) -> None:
        """Store the validators of a page, for a conditional request at the next visit."""
        self._db.execute(
            "UPDATE frontier SET etag = ?, last_modified = ? WHERE url = ?",
            [etag, last_modified, _canonical(url)],
        )

    def due(self, site: Site) -> list[DueVisit]:
        """Return a site's articles that are due, the longest due first."""
        rows = self._db.execute(
            "SELECT url, etag, last_modified FROM frontier "
            "WHERE state = 'waiting' AND due_at <= ? ORDER BY due_at, url",
            [to_iso(now() + SLACK)],
        )
        return [visit for visit in map(DueVisit._make, rows) if _is_of(site, visit.url)]

    def retryable(self, site: Site) -> list[str]:
        """Return a site's articles that earlier runs failed to fetch, least tried first."""
        rows = self._db.execute(
            "SELECT url FROM frontier WHERE state = 'failed' AND run_id <> ? AND due_at <= ? "
            "ORDER BY attempts, url",
            [self._run_id, to_iso(now() + SLACK)],
        )
        return [url for (url,) in rows.fetchall() if _is_of(site, url)]

    def record_failure(self, url: str, error: str) -> None:
        """Record that an address could not be fetched, so that later runs retry it."""
        url, moment = _canonical(url), now()
        (attempts,) = self._db.execute(
            "SELECT 1 + coalesce(max(attempts), 0) FROM frontier WHERE url = ?", [url]
        ).fetchone()
        self._db.execute(
            "INSERT INTO frontier (url, state, attempts, known_at, due_at, last_error, run_id) "
            "VALUES (:url, 'failed', :attempts, :now, :due_at, :error, :run_id) "
            "ON CONFLICT (url) DO UPDATE SET state = 'failed', attempts = :attempts, "
            "due_at = :due_at, last_error = :error, run_id = :run_id",
            {
                "url": url,
                "attempts": attempts,
                "now": to_iso(moment),
                "due_at": to_iso(moment + retry_delay(attempts)),
                "error": error,
                "run_id": self._run_id,
            },
        )

    def forget(self, url: str) -> None:
        """Remove an address, such as a copy in a web archive that was fetched at last."""
        self._db.execute("DELETE FROM frontier WHERE url = ?", [_canonical(url)])

    def gaps(self, site: Site, layout: Layout) -> list[str]:
        """Return the addresses of numbers without an article between recent articles, ascending.

        Their articles may be published late. Of a number's addresses, one for each language, only
        the first is returned.
        """
        rows = self._db.execute(
            # The plus makes SQLite use the index by day.
            "SELECT DISTINCT site_id FROM articles WHERE +site = ? AND +layout = ? "
            "AND published_on >= ? ORDER BY site_id",
            [site.slug, layout, (now() - RECENT_AGE).date().isoformat()],
        )
        recent = [number for (number,) in rows.fetchall()]
        empty = (
            number
            for lower, upper in pairwise(recent)
            if upper - lower <= MOST_GAPS
            for number in range(lower + 1, upper)
            if self._is_empty(site, layout, number)
        )
        in_a_row = groupby(zip(empty, count()), key=lambda found: found[0] - found[1])
        ranges = ([number for number, _ in found] for _, found in in_a_row)
        return [
            article_url(site, layout, number)
            for numbers in ranges
            if len(numbers) <= LONGEST_GAP
            for number in numbers
        ]

    def _is_empty(self, site: Site, layout: Layout, number: int) -> bool:
        """Return whether a number has no known article in any language."""
        urls = (article_url(site, layout, number, language) for language in ("th", "en"))
        return all(self.outcome(url) in {None, Outcome.MISSING} for url in urls)

    def _is_recent(self, url: str, moment: datetime) -> bool:
        published_on = self.published_on(url)
        return published_on is None or published_on >= (moment - RECENT_AGE).date().isoformat()


def _is_of(site: Site, url: str) -> bool:
    address = parse_address(url)
    return address is not None and address.site is site
