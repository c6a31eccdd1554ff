"""The rows read out of an article's text: dates, tags, ministries, agencies, files and so on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date, time

    from sqlite_utils import Database

    from scraper.model import Article, FieldDate

Rows = list[dict[str, Any]]


COLUMNS = {
    "date_mentions": "position, field, text, start_on, end_on, start_time, end_time, precision, "
    "inferred, flags",
    "hashtags": "tag",
    "attachments": "kind, url, original",
    "article_links": "url",
    "article_ministries": "ministry, score, evidence",
    "article_agencies": "agency, mentions, evidence",
}
"""The dependent tables, with the columns in which ``parts`` returns their rows."""


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
        "attachments": [file.model_dump() for file in article.attachments],
        "article_links": [{"url": url} for url in article.links],
        "article_ministries": [
            {"ministry": m.ministry, "score": m.score, "evidence": "; ".join(m.evidence)}
            for m in article.ministries
        ],
        "article_agencies": [
            {"agency": a.agency, "mentions": a.mentions, "evidence": "; ".join(a.evidence)}
            for a in article.agencies
        ],
    }


def dependent(article: Article) -> dict[str, Any]:
    """Return what ``write_parts`` would store, in the form of ``stored_dependent``."""
    rows: dict[str, Any] = {
        # The same tag or file twice in one text is one row.
        table: list(dict.fromkeys(tuple(row.values()) for row in rows))
        for table, rows in parts(article).items()
    }
    return {**rows, "article_words": " ".join(article.words), "engine": article.engine or ""}


def stored_dependent(db: Database, article_id: int) -> dict[str, Any]:
    """Return the dependent rows of an article as they are stored, by table.

    Those of a table are a list of tuples; ``article_words`` is the text, ``engine`` its engine.
    """
    stored: dict[str, Any] = {
        table: db.execute(
            f"SELECT {columns} FROM {table} WHERE article_id = ? ORDER BY rowid", [article_id]
        ).fetchall()
        for table, columns in COLUMNS.items()
    }
    words = db.execute(
        "SELECT words, engine FROM article_words WHERE article_id = ?", [article_id]
    ).fetchone() or (None, None)
    return {**stored, "article_words": words[0], "engine": words[1]}


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
