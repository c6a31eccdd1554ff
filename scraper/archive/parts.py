"""The rows read out of an article's text: dates, hashtags, ministries, files, links, words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date, time

    from sqlite_utils import Database

    from scraper.model import Article, FieldDate

Rows = list[dict[str, Any]]


def _iso_day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _clock_time(moment: time | None) -> str | None:
    return None if moment is None else f"{moment:%H:%M}"


def _date_row(found: FieldDate) -> dict[str, Any]:
    mention = found.mention
    return {
        "position": mention.start,
        "field": found.field,
        "text": mention.text,
        "start_on": _iso_day(mention.start_on),
        "end_on": _iso_day(mention.end_on),
        "start_time": _clock_time(mention.start_time),
        "end_time": _clock_time(mention.end_time),
        "precision": mention.precision,
        "inferred": int(mention.inferred),
        "flags": " ".join(mention.flags),
    }


def parts(article: Article) -> dict[str, Rows]:
    """Return the rows of each dependent table, without their ``article_id``."""
    return {
        "date_mentions": [_date_row(found) for found in article.dates],
        "hashtags": [{"tag": tag} for tag in article.hashtags],
        "attachments": [{"kind": file.kind, "url": file.url} for file in article.attachments],
        "article_links": [{"url": url} for url in article.links],
        "article_ministries": [
            {"ministry": m.ministry, "score": m.score, "evidence": "; ".join(m.evidence)}
            for m in article.ministries
        ],
    }


def write_parts(db: Database, article_id: int, article: Article) -> None:
    """Replace the dependent rows of an article, within the caller's transaction."""
    for table, rows in parts(article).items():
        db.execute(f"DELETE FROM {table} WHERE article_id = ?", [article_id])
        if rows:
            columns = ["article_id", *rows[0]]
            # The same tag or file twice in one text is one row.
            db.conn.executemany(
                f"INSERT INTO {table} ({', '.join(columns)}) "
                f"VALUES ({', '.join('?' * len(columns))}) ON CONFLICT DO NOTHING",
                [[article_id, *row.values()] for row in rows],
            )
    db.execute(
        "INSERT INTO article_words (article_id, words, engine) VALUES (?, ?, ?) "
        "ON CONFLICT (article_id) DO UPDATE SET words = excluded.words, engine = excluded.engine",
        [article_id, " ".join(article.words), article.engine or ""],
    )
