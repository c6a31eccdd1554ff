"""The rows of attached files: their texts, and which article links to which file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.model import AttachedFile, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlite_utils import Database

ID_DIGITS = 13  # of the digest, hexadecimal: 52 bits, which JSON and JavaScript keep
ADDRESS = "coalesce(a.original, a.url)"  # of the file itself, not of a proxy
# The newest file of each address; the plus keeps SQLite from starting with all files.
LINKED = f"""
    SELECT a.article_id, a.url, c.fetched_at, t.id
    FROM attachments a JOIN captures c ON c.id = (
        SELECT n.id FROM captures n WHERE n.attachment_url = {ADDRESS}
        AND +n.outcome = '{Outcome.ATTACHMENT}' ORDER BY n.fetched_at DESC, n.id DESC LIMIT 1)
    JOIN attachment_texts t ON t.digest = c.digest
"""


def file_id(digest: str) -> int:
    """Return the id of a file, which is the same in every archive."""
    return int(digest[:ID_DIGITS], 16)


def write_file(db: Database, digest: str, file: AttachedFile) -> None:
    """Add or replace a file's text; a reading without text never overwrites a stored text."""
    db.execute(
        "INSERT INTO attachment_texts (id, digest, format, size, pages, text, reader) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET format = excluded.format, "
        "size = excluded.size, pages = excluded.pages, text = excluded.text, "
        "reader = excluded.reader WHERE excluded.text <> '' OR attachment_texts.text = ''",
        [file_id(digest), digest, *file_values(file)],
    )


def stored_file(db: Database, digest: str) -> AttachedFile | None:
    """Return a file as stored, or None if it is not in the archive."""
    rows = db.query(
        "SELECT format, size, pages, text, reader FROM attachment_texts WHERE digest = ?", [digest]
    )
    return next((AttachedFile.model_validate(row) for row in rows), None)


def file_values(file: AttachedFile) -> tuple[str, int, int | None, str, str]:
    """Return the columns of ``attachment_texts`` that reading determines."""
    return file.format, file.size, file.pages, file.text, file.reader


def link_files(db: Database, condition: str, values: Iterable[object]) -> None:
    """Link articles to the newest stored file of each of their attachments.

    Args:
        db: the archive.
        condition: which attachments, in SQL on ``a``; their links are replaced.
        values: its parameters.
    """
    given = [*values]
    db.execute(
        "DELETE FROM attachment_files WHERE (article_id, url) IN "
        f"(SELECT a.article_id, a.url FROM attachments a WHERE {condition})",
        given,
    )
    db.execute(
        "INSERT INTO attachment_files (article_id, url, fetched_at, file) "
        f"{LINKED} WHERE {condition} GROUP BY a.article_id, a.url",
        given,
    )


def link_files_of_article(db: Database, article_id: int) -> None:
    """Link an article to the stored files of its attachments, which may have changed."""
    db.execute(
        "DELETE FROM attachment_files WHERE article_id = ?1 AND url NOT IN "
        "(SELECT url FROM attachments WHERE article_id = ?1)",
        [article_id],
    )
    link_files(db, "a.article_id = ?", [article_id])
