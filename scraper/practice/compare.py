"""Compares an archive with the truth about a practice site, one sentence per difference.

Reads the archive by plain SQL and the names of its columns, which others rely on too; it must
know nothing of parsers and stages, for it is the judge of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from scraper.sources import PRACTICE

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from scraper.model import FieldDate
    from scraper.practice.base import BaseSite
    from scraper.practice.truth import Truth

Record: TypeAlias = dict[str, "str | list[str] | None"]
"""What is compared of an article: texts and days by name, and lists with one line per value."""

_COLUMNS = (
    "url, layout, language, title, lead, body, tail, category, published_on, published_raw, "
    "entered_on, ministry"
)
_LISTS = {
    # Place and wording of a date are the parser's own business; what it means is not.
    "dates": """
        SELECT field, start_on, end_on, start_time, end_time, precision, inferred, flags
        FROM date_mentions WHERE article_id = ?
        ORDER BY field = 'lead' DESC, field, position""",
    "hashtags": "SELECT tag FROM hashtags WHERE article_id = ? ORDER BY tag",
    "agencies": "SELECT agency FROM article_agencies WHERE article_id = ? ORDER BY agency",
    "attachments": "SELECT kind, url FROM attachments WHERE article_id = ? ORDER BY kind, url",
    "links": "SELECT url FROM article_links WHERE article_id = ? ORDER BY url",
}
_SHOWN = 60  # characters of a text in a message


def differences(
    connection: sqlite3.Connection, site: BaseSite, numbers: Iterable[int] | None = None
) -> Iterator[str]:
    """Yield a sentence for each way in which an archive differs from a practice site.

    Args:
        connection: to an archive.
        site: with the size and seed that was crawled.
        numbers: article numbers that should be there; all of the site's unless given.
    """
    wanted = site.numbers() if numbers is None else numbers
    expected = {(number, site.url(number)) for number in wanted}
    # By both: one number may have been stored under the addresses of two languages.
    found = {
        (number, url): row_id
        for number, url, row_id in connection.execute(
            "SELECT site_id, url, id FROM articles WHERE site = ?", (PRACTICE.slug,)
        )
    }
    for number, _ in sorted(found.keys() - expected):
        yield f"article {number} is in the archive and should not be"
    for number, url in sorted(expected):
        if (number, url) not in found:
            yield f"article {number} is missing from the archive"
            continue
        truth, stored = site.truth(number), stored_record(connection, found[number, url])
        for difference in record_differences(record(truth), stored):
            yield f"article {number} ({truth.oddity}): {difference}"


def record(truth: Truth) -> Record:
    """Return what an archive should hold of an article."""
    return {
        "url": truth.url,
        "layout": truth.layout,
        "language": truth.language,
        "title": truth.title,
        "lead": truth.lead,
        "body": truth.body,
        "tail": truth.tail,
        "category": truth.category,
        "published_on": truth.published_on.isoformat(),
        "published_raw": truth.published_raw,
        "entered_on": truth.entered_on.isoformat() if truth.entered_on else None,
        "ministry": truth.ministry,
        "dates": [date_line(date) for date in truth.dates],
        "hashtags": sorted(truth.hashtags),
        "agencies": sorted(truth.agencies),
        "attachments": sorted(f"{file.kind} {file.url}" for file in truth.attachments),
        "links": sorted(truth.links),
    }


def date_line(found: FieldDate) -> str:
    """Return a date as one line of text, such as ``body 2025-03-14 2025-03-14 09:30 - day 0``."""
    mention = found.mention
    start, end = (
        f"{moment:%H:%M}" if moment else None for moment in (mention.start_time, mention.end_time)
    )
    return _line(
        found.field,
        mention.start_on,
        mention.end_on,
        start,
        end,
        mention.precision,
        int(mention.inferred),
        " ".join(mention.flags),
    )


def record_differences(wanted: Record, stored: Record) -> Iterator[str]:
    """Yield a sentence for each value of a record that is not as wanted."""
    for name, value in wanted.items():
        other = stored[name]
        if value == other:
            continue
        if isinstance(value, list) and isinstance(other, list):
            yield _list_difference(name, value, other)
        else:
            yield _text_difference(name, str(value), str(other))


def stored_record(connection: sqlite3.Connection, row_id: int) -> Record:
    """Return what an archive holds of an article, by the id of its row."""
    query = f"SELECT {_COLUMNS} FROM articles WHERE id = ?"
    row = connection.execute(query, (row_id,)).fetchone()
    stored: Record = dict(zip(_COLUMNS.split(", "), row, strict=True))
    for name, sql in _LISTS.items():
        stored[name] = [_line(*values) for values in connection.execute(sql, (row_id,))]
    return stored


def _line(*values: object) -> str:
    return " ".join("-" if value is None else str(value) for value in values).rstrip()


def _list_difference(name: str, wanted: list[str], stored: list[str]) -> str:
    absent = [value for value in wanted if value not in stored]
    extra = [value for value in stored if value not in wanted]
    if absent or extra:
        return f"{name}: absent {absent}, not expected {extra}"
    return f"{name} in another order or number: should be {wanted} and are {stored}"


def _text_difference(name: str, wanted: str, stored: str) -> str:
    pairs = enumerate(zip(wanted, stored, strict=False))
    shorter = min(len(wanted), len(stored))
    at = next((n for n, (one, other) in pairs if one != other), shorter)
    start = max(0, at - _SHOWN // 2)
    return (
        f"{name} should be {wanted[start : start + _SHOWN]!r} and is "
        f"{stored[start : start + _SHOWN]!r}, from character {start} on"
    )
