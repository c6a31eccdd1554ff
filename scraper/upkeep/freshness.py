"""Measures how fresh an archive is: which sites it crawls, and the day of their newest news."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from scraper.clock import BANGKOK, from_iso
from scraper.sources import SITES, THAIGOV, site_of

if TYPE_CHECKING:
    from sqlite_utils import Database

    from scraper.sources import Site

NEWS_CRAWL = "crawl latest"  # the command that a schedule runs


def crawled_sites(db: Database) -> list[Site]:
    """Return the sites that ``crawl latest`` has run on."""
    rows = db.execute(
        "SELECT DISTINCT coalesce(json_extract(arguments, '$.site'), ?) FROM runs "
        "WHERE command = ?",
        [THAIGOV.home, NEWS_CRAWL],
    )
    crawled = [site_of(home) for (home,) in rows.fetchall()]
    return [site for site in SITES if site in crawled]


def newest_news(db: Database, site: Site, today: date) -> date | None:
    """Return the day of a site's newest news up to today, or None if it has none.

    That is the later of two days: the date of the newest article, and the day on which a news
    crawl last read an article for the first time (articles out of scope have no row with a date).
    """
    published = db.execute(
        # The plus makes SQLite use the index by day.
        "SELECT published_on FROM articles WHERE +site = ? AND published_on <= ? "
        "ORDER BY published_on DESC LIMIT 1",
        [site.slug, today.isoformat()],
    ).fetchone()
    first_read = db.execute(
        """
        SELECT fetched_at FROM captures c
        WHERE run_id IN (SELECT id FROM runs WHERE command = ?)
          AND article_url LIKE ? AND outcome IN ('article', 'out_of_scope')
          AND date(fetched_at, '+7 hours') <= ?
          AND NOT EXISTS (SELECT 1 FROM captures e WHERE e.article_url = c.article_url
                          AND e.id < c.id AND e.outcome IN ('article', 'out_of_scope'))
        ORDER BY id DESC LIMIT 1
        """,
        [NEWS_CRAWL, f"{site.home}/%", today.isoformat()],
    ).fetchone()
    days = [date.fromisoformat(row[0]) for row in [published] if row]
    days += [from_iso(row[0]).astimezone(BANGKOK).date() for row in [first_read] if row]
    return max(days, default=None)
