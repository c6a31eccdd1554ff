"""Reads an article with its facts, revisions, captures and problems."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scraper import facts
from scraper.sources import parse_address

if TYPE_CHECKING:
    from sqlite_utils import Database

DETAIL_QUERIES = {
    "duplicates": "SELECT o.url FROM articles a JOIN articles o "
    "ON o.text_hash = a.text_hash AND o.id <> a.id WHERE a.id = ? ORDER BY o.id",
    # The longer of two texts has no row of its own if it contains the other.
    "related": "SELECT o.url, o.title, o.published_on, r.kind, r.similarity "
    "FROM related_articles r JOIN articles o ON o.id = r.related_id WHERE r.article_id = ?1 "
    "UNION ALL SELECT o.url, o.title, o.published_on, 'contains', r.similarity "
    "FROM related_articles r JOIN articles o ON o.id = r.article_id "
    "WHERE r.related_id = ?1 AND r.kind = 'contained' ORDER BY kind, similarity DESC, url",
    "revisions": "SELECT revision, seen_at, title, lead, body, tail, published_on "
    "FROM article_revisions WHERE article_id = ? ORDER BY revision",
    "captures": "SELECT c.id, c.url, c.fetched_at, c.origin, c.status, c.digest, c.source, "
    "c.warc_file, c.warc_offset, c.outcome FROM articles a "
    "JOIN captures c ON c.article_url = a.url WHERE a.id = ? ORDER BY c.id",
    "stored_files": "SELECT f.url, f.fetched_at, t.digest, t.format, t.size, t.pages, t.text, "
    "(SELECT group_concat(DISTINCT p.kind) FROM captures c JOIN problems p ON p.capture_id = c.id "
    "WHERE c.digest = t.digest AND c.attachment_url IS NOT NULL) AS problems "
    "FROM attachment_files f JOIN attachment_texts t ON t.id = f.file "
    "WHERE f.article_id = ? ORDER BY f.rowid",
    "problems": "SELECT p.stage, p.kind, p.detail FROM articles a "
    "JOIN captures c ON c.article_url = a.url JOIN problems p ON p.capture_id = c.id "
    "WHERE a.id = ? ORDER BY p.id",
}


def find_articles(db: Database, address: str) -> list[dict[str, Any]]:
    """Return the articles with an address or number: none, one, or one per site and layout.

    Args:
        db: an archive.
        address: any form of an article's URL, or its number.
    """
    if address.isascii() and address.isdigit():
        where, value = "site_id = ?", address.lstrip("0") or "0"
    else:
        parsed = parse_address(address)
        where, value = "url = ?", address if parsed is None else parsed.url
    return list(db.query(f"SELECT * FROM articles WHERE {where} ORDER BY site, layout", [value]))


def article_details(db: Database, article: dict[str, Any]) -> dict[str, Any]:
    """Return an article's row with its facts, revisions, captures, files and problems, by name.

    Tables that an archive of an earlier release lacks, until the next run that writes, are empty.
    """
    queries = {kind.name: kind.shown_sql for kind in facts.KINDS} | DETAIL_QUERIES
    needed = {kind.name: kind.table for kind in facts.KINDS} | {
        "related": "related_articles",
        "stored_files": "attachment_files",
    }
    tables = set(db.table_names())
    return {
        **article,
        **{
            name: list(db.query(sql, [article["id"]]))
            if needed.get(name, "articles") in tables
            else []
            for name, sql in queries.items()
        },
    }
