"""What a crawl asks the archive: which addresses are done, and which failed and are owed."""

from __future__ import annotations

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
        row = self._db.execute(
            "SELECT max(published_on) FROM articles WHERE site = ?", [site.slug]
        ).fetchone()
        return row[0] if row else None

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
