"""How fresh the archive is: which sites are crawled for their news, and when there last was any."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from scraper.clock import BANGKOK, from_iso
from scraper.sources import SITES, THAIGOV, site_of

if TYPE_CHECKING:
    from sqlite_utils import Database

    from scraper.sources import Site

CRAWL = "crawl latest"  # what a schedule runs; other commands are somebody's single doing


def crawled_sites(db: Database) -> list[Site]:
    """Return the sites that `crawl latest` has asked for their news."""
    rows = db.execute(
        "SELECT DISTINCT coalesce(json_extract(arguments, '$.site'), ?) FROM runs "
        "WHERE command = ?",
        [THAIGOV.home, CRAWL],
    )
    asked = [site_of(home) for (home,) in rows.fetchall()]
    return [site for site in SITES if site in asked]


def newest_news(db: Database, site: Site, today: date) -> date | None:
    """Return the last day of which there is news of a site, None if there never was any.

    That is the day of the newest article or, since articles out of scope leave no day, the day on
    which a crawl of the newest last read one that it had not known.
    """
    published = db.execute(
        # The plus keeps SQLite on the index by day.
        "SELECT published_on FROM articles WHERE +site = ? AND published_on <= ? "
        "ORDER BY published_on DESC LIMIT 1",
        [site.slug, today.isoformat()],
    ).fetchone()
    met = db.execute(
        """
        SELECT fetched_at FROM captures c
        WHERE run_id IN (SELECT id FROM runs WHERE command = ?)
          AND article_url LIKE ? AND outcome IN ('article', 'out_of_scope')
          AND date(fetched_at, '+7 hours') <= ?
          AND NOT EXISTS (SELECT 1 FROM captures e WHERE e.article_url = c.article_url
                          AND e.id < c.id AND e.outcome IN ('article', 'out_of_scope'))
        ORDER BY id DESC LIMIT 1
        """,
        [CRAWL, f"{site.home}/%", today.isoformat()],
    ).fetchone()
    days = [date.fromisoformat(row[0]) for row in [published] if row]
    days += [from_iso(row[0]).astimezone(BANGKOK).date() for row in [met] if row]
    return max(days, default=None)
