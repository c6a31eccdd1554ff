"""What a crawl knows and when it looks again: addresses that are due, failed, or done with.

An address that a crawl has found is *waiting* until its next visit is due. Visits follow a decaying
schedule, since what is edited or removed mostly is so soon after publication; a number that should
have an article and has none is visited by the same schedule, since it may be published late.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from itertools import count, groupby, pairwise
from typing import TYPE_CHECKING, NamedTuple

from scraper.clock import BANGKOK, from_iso, now, to_iso
from scraper.model import Outcome
from scraper.sources import article_url, parse_address

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlite_utils import Database

    from scraper.model import Capture, Layout
    from scraper.sources import Site

VISITS = tuple(timedelta(days=days) for days in (1, 3, 7, 14, 30))  # after it became known
CONFIRM = timedelta(days=1)  # after an article was found missing for the first time
# A daily run never begins at the very same second: what is due soon is due.
SLACK = timedelta(hours=3)
RECENT = VISITS[-1]  # an article published longer ago than that is not visited again
MOST_GAPS = 2000  # numbers from one recent article to the next; more lie before one out of order
# Numbers in a row: a day's. One article in a hundred is late, not a whole day of them; a longer
# range holds no articles, or was never walked, which is for `crawl numbers`.
LONGEST_GAP = 40
PATIENCE = 3  # runs in a row that may fail with an address before it is asked less often


class Visit(NamedTuple):
    """An address that is due, with what its server gave to ask whether it has changed."""

    url: str
    etag: str | None
    last_modified: str | None


def next_visit(known_at: datetime, visited_at: datetime) -> datetime | None:
    """Return when an address is to be visited after a visit, None after the last one.

    Visits that were due while nobody came are not made up for.
    """
    return next(
        (known_at + after for after in VISITS if known_at + after > visited_at + SLACK), None
    )


def pause(attempts: int) -> timedelta:
    """Return how long an address is left alone after some failures: not at all, then for days."""
    return timedelta(days=0 if attempts < PATIENCE else min(2 ** (attempts - PATIENCE), 8))


def _identity(url: str) -> str:
    """Return the canonical address of an article, so that no alias of it is owed twice."""
    address = parse_address(url)
    return url if address is None else address.url


class Frontier:
    """Answers spiders about one archive and remembers what is to be asked, and when."""

    def __init__(self, db: Database, run_id: int) -> None:
        self._db = db
        self._run_id = run_id

    def outcome(self, url: str) -> Outcome | None:
        """Return what became of an article's address when it was last read, None if never."""
        row = self._db.execute(
            "SELECT outcome FROM captures WHERE article_url = ? AND outcome IN "
            "('article', 'duplicate', 'missing', 'out_of_scope', 'redirect') "
            "ORDER BY fetched_at DESC, id DESC LIMIT 1",
            [_identity(url)],
        ).fetchone()
        return None if row is None else Outcome(row[0])

    def outcome_of_source(self, source: str) -> Outcome | None:
        """Return what became of a copy of a web archive, None if it was never fetched."""
        row = self._db.execute(
            "SELECT outcome FROM captures WHERE source = ? AND outcome IS NOT NULL LIMIT 1",
            [source],
        ).fetchone()
        return None if row is None else Outcome(row[0])

    def has_article(self, url: str) -> bool:
        """Say whether an article is in the archive, by its canonical address."""
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
            "SELECT published_on FROM articles WHERE url = ?", [_identity(url)]
        ).fetchone()
        return row[0] if row else None

    def newest(self, site: Site) -> str | None:
        """Return the latest publication day (ISO) of a site's articles, none to come, or None."""
        # The plus keeps SQLite on the index by day; by site it would read every article's row.
        row = self._db.execute(
            "SELECT published_on FROM articles WHERE +site = ? AND published_on <= ? "
            "ORDER BY published_on DESC LIMIT 1",
            [site.slug, now().astimezone(BANGKOK).date().isoformat()],
        ).fetchone()
        return row[0] if row else None

    @cached_property
    def last_done(self) -> int:
        """Return the id of the last run of the same command that came to its end, 0 if none."""
        (run_id,) = self._db.execute(
            "SELECT coalesce(max(id), 0) FROM runs WHERE outcome = 'done' "
            "AND command = (SELECT command FROM runs WHERE id = ?)",
            [self._run_id],
        ).fetchone()
        return int(run_id)

    def is_settled(self, url: str) -> bool:
        """Say whether an article was captured by a run that left no gap behind it.

        That is any run of another command, and the same command's runs up to ``last_done``. One
        that was stopped, killed or refused on its way has older articles still before it.
        """
        row = self._db.execute(
            "SELECT 1 FROM captures c JOIN runs r ON r.id = c.run_id WHERE c.article_url = ? "
            "AND (r.id <= ? OR r.command <> (SELECT command FROM runs WHERE id = ?)) LIMIT 1",
            [_identity(url), self.last_done, self._run_id],
        ).fetchone()
        return row is not None

    def follow(self, urls: Iterable[str]) -> None:
        """Note addresses that are to be asked for from now on; known ones stay as they are."""
        moment = to_iso(now())
        with self._db.atomic():
            for url in urls:
                self._db.execute(
                    "INSERT INTO frontier (url, state, known_at, due_at, run_id) "
                    "VALUES (?, 'waiting', ?, ?, ?) ON CONFLICT (url) DO NOTHING",
                    [_identity(url), moment, moment, self._run_id],
                )

    def visited(self, capture: Capture, outcome: str) -> None:
        """Note what a live page turned out to be, and when it is to be visited again.

        Without effect for addresses that nobody follows: old articles that a walk over the
        numbers brought in.

        Args:
            capture: of an article's address.
            outcome: as stored, or ``new``, ``changed``, ``unchanged``, ``gone`` of an article.
        """
        url, visited_at = _identity(capture.url), capture.fetched_at
        row = self._db.execute("SELECT known_at FROM frontier WHERE url = ?", [url]).fetchone()
        if row is None and not (outcome == "new" and self._is_recent(url, visited_at)):
            return
        # A number that was empty so far begins anew with its article.
        begins = row is None or outcome == "new"
        known_at = visited_at if begins else from_iso(row[0])
        due_at = next_visit(known_at, visited_at)
        if outcome == Outcome.MISSING and self._is_shown(url):
            due_at = visited_at + CONFIRM
        elif outcome in {Outcome.OUT_OF_SCOPE, Outcome.REDIRECT} or (
            outcome == "new" and not self._is_recent(url, visited_at)
        ):
            due_at = None
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
        """Say whether an address has been visited and will be again, so that it need not be now."""
        row = self._db.execute(
            "SELECT 1 FROM frontier WHERE url = ? AND state = 'waiting' AND visited_at IS NOT NULL",
            [_identity(url)],
        ).fetchone()
        return row is not None

    def validators(self, url: str, etag: str | None, last_modified: str | None) -> None:
        """Remember what a server gave with a page, to ask next time whether it has changed."""
        self._db.execute(
            "UPDATE frontier SET etag = ?, last_modified = ? WHERE url = ?",
            [etag, last_modified, _identity(url)],
        )

    def due(self, site: Site) -> list[Visit]:
        """Return a site's articles to be visited now, the longest due first."""
        rows = self._db.execute(
            "SELECT url, etag, last_modified FROM frontier "
            "WHERE state = 'waiting' AND due_at <= ? ORDER BY due_at, url",
            [to_iso(now() + SLACK)],
        )
        return [visit for visit in map(Visit._make, rows) if _is_of(site, visit.url)]

    def owed(self, site: Site) -> list[str]:
        """Return a site's articles that earlier runs failed to fetch, the least tried first."""
        rows = self._db.execute(
            "SELECT url FROM frontier WHERE state = 'failed' AND run_id <> ? AND due_at <= ? "
            "ORDER BY attempts, url",
            [self._run_id, to_iso(now() + SLACK)],
        )
        return [url for (url,) in rows.fetchall() if _is_of(site, url)]

    def failed(self, url: str, error: str) -> None:
        """Remember an address that could not be fetched, so that later runs try it again."""
        url, moment = _identity(url), now()
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
                "due_at": to_iso(moment + pause(attempts)),
                "error": error,
                "run_id": self._run_id,
            },
        )

    def done(self, url: str) -> None:
        """Take an address of another site, such as a copy in a web archive, off the list."""
        self._db.execute("DELETE FROM frontier WHERE url = ?", [_identity(url)])

    def gaps(self, site: Site, layout: Layout) -> list[str]:
        """Return addresses between recent articles' numbers that have no article, ascending.

        They may be published late. The first language's address stands for a number that is
        unknown in each.
        """
        rows = self._db.execute(
            # The plus keeps SQLite on the index by day.
            "SELECT DISTINCT site_id FROM articles WHERE +site = ? AND +layout = ? "
            "AND published_on >= ? ORDER BY site_id",
            [site.slug, layout, (now() - RECENT).date().isoformat()],
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
        """Say whether no article is known of a number, in any language."""
        urls = (article_url(site, layout, number, language) for language in ("th", "en"))
        return all(self.outcome(url) in {None, Outcome.MISSING} for url in urls)

    def _is_recent(self, url: str, moment: datetime) -> bool:
        published_on = self.published_on(url)
        return published_on is None or published_on >= (moment - RECENT).date().isoformat()


def _is_of(site: Site, url: str) -> bool:
    address = parse_address(url)
    return address is not None and address.site is site
