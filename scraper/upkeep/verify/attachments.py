"""Checks attached files: each has its row, and articles link to the newest of each address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.archive.attachment_rows import LINKED, file_id
from scraper.archive.attachment_tables import ATTACHMENT_TEXTS
from scraper.upkeep.verify.damage import Damage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlite_utils import Database

NO_FILE = """
    SELECT c.id, c.attachment_url FROM captures c
    LEFT JOIN attachment_texts t ON t.digest = c.digest
    WHERE c.outcome = 'attachment' AND t.id IS NULL ORDER BY c.id
"""
NO_CAPTURE = """
    SELECT t.id, t.digest FROM attachment_texts t WHERE NOT EXISTS (
        SELECT 1 FROM captures c WHERE c.digest = t.digest AND c.attachment_url IS NOT NULL
        AND c.outcome = 'attachment')
    ORDER BY t.id
"""
_STORED = "SELECT article_id, url, fetched_at, file FROM attachment_files"
WRONG_LINKS = f"""
    SELECT DISTINCT w.article_id, w.url FROM (
        SELECT * FROM ({LINKED} GROUP BY a.article_id, a.url EXCEPT {_STORED})
        UNION SELECT * FROM ({_STORED} EXCEPT {LINKED} GROUP BY a.article_id, a.url)
    ) w ORDER BY w.article_id, w.url
"""


def attachment_damages(db: Database) -> Iterator[Damage]:
    """Yield the damage of attached files; none in an archive of an earlier release."""
    if ATTACHMENT_TEXTS not in db.table_names():
        return
    for capture_id, address in db.execute(NO_FILE).fetchall():
        detail = f"capture {capture_id}: the file of {address} is missing"
        yield Damage("attachment-text", detail, capture_id, row={})
    for number, digest in db.execute(NO_CAPTURE).fetchall():
        yield Damage("attachment-capture", f"attachment_texts {number}: no capture has {digest}")
    for number, digest in db.execute("SELECT id, digest FROM attachment_texts").fetchall():
        if number != file_id(digest):
            detail = f"attachment_texts {number}: its id does not follow from its digest"
            yield Damage("attachment-capture", detail)
    for article_id, url in db.execute(WRONG_LINKS).fetchall():
        detail = f"article {article_id}: it is not linked to the newest file of {url}"
        yield Damage("attachment-links", detail)
