"""Compares an archive with the truth about a practice site, one sentence per difference.

Reads the archive by plain SQL and the names of its columns, which others rely on too; it must
know nothing of parsers and stages, for it is the judge of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from scraper.facts import KINDS
from scraper.sources import PRACTICE

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from scraper.practice.site.base import BaseSite
    from scraper.practice.site.truth import Truth

Record: TypeAlias = dict[str, "str | list[str] | None"]
"""What is compared of an article: texts and days by name, and lists with one line per value."""

_COLUMNS = (
    "url, layout, language, title, lead, body, tail, category, published_on, published_raw, "
    "entered_on, ministry"
)
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
        **{
            kind.name: sorted(_line(*kind.judged_row(value)) for value in getattr(truth, kind.name))
            for kind in KINDS
            if kind.judged
        },
    }


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
    for kind in KINDS:
        if kind.judged:
            columns = ", ".join(kind.judged)
            rows = connection.execute(
                f"SELECT {columns} FROM {kind.table} WHERE article_id = ?", (row_id,)
            )
            stored[kind.name] = sorted(_line(*values) for values in rows)
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
