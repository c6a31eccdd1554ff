"""What a crawl asks the archive: which addresses are done, and which failed and are owed."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from scraper.model import Outcome
from scraper.sources import parse_address

if TYPE_CHECKING:
    from sqlite_utils import Database

    from scraper.sources import Site


def _identity(url: str) -> str:
    """Return the canonical address of an article, so that no alias of it is owed twice."""
    address = parse_address(url)
    return url if address is None else address.url


class Frontier:
    """Answers spiders about one archive and remembers what could not be fetched."""

    def __init__(self, db: Database, run_id: int) -> None:
        self._db = db
        self._run_id = run_id

    def outcome(self, url: str) -> Outcome | None:
        """Return what became of an article's address when it was last read, None if never."""
        row = self._db.execute(
            "SELECT outcome FROM captures WHERE article_url = ? "
            "AND outcome IN ('article', 'duplicate', 'missing', 'out_of_scope') "
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

    def published_on(self, url: str) -> str | None:
        """Return the publication day (ISO) of a stored article, or None."""
        address = parse_address(url)
        row = (
            address
            and self._db.execute(
                "SELECT published_on FROM articles WHERE url = ?", [address.url]
            ).fetchone()
        )
        return row[0] if row else None

    def newest(self, site: Site) -> str | None:
        """Return the latest publication day (ISO) of a site's articles, or None."""
        # The plus keeps SQLite on the index by day; by site it would read every article's row.
        row = self._db.execute(
            "SELECT published_on FROM articles WHERE +site = ? ORDER BY published_on DESC LIMIT 1",
            [site.slug],
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

    def failed(self, url: str, error: str) -> None:
        """Remember an address that could not be fetched, so that later runs try it again."""
        self._db.execute(
            "INSERT INTO frontier (url, state, attempts, last_error, run_id) "
            "VALUES (?, 'failed', 1, ?, ?) ON CONFLICT (url) DO UPDATE SET "
            "state = 'failed', attempts = attempts + 1, last_error = excluded.last_error, "
            "run_id = excluded.run_id",
            [_identity(url), error, self._run_id],
        )

    def done(self, url: str) -> None:
        """Take an address off the list of those that failed."""
        self._db.execute("DELETE FROM frontier WHERE url = ?", [_identity(url)])

    def owed(self) -> list[str]:
        """Return the addresses that failed in earlier runs, the least tried first."""
        rows = self._db.execute(
            "SELECT url FROM frontier WHERE state = 'failed' AND run_id <> ? "
            "ORDER BY attempts, url",
            [self._run_id],
        )
        return [url for (url,) in rows.fetchall()]
