"""Compares an archive with the ground truth of a practice site, one sentence per difference.

Reads the archive with plain SQL, relying only on its public column names. It must not depend on
parsers and stages, because it judges them.
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

PageRecord: TypeAlias = dict[str, "str | list[str] | None"]
"""The compared fields of an article: texts and dates, and lists with one line per value."""

_COLUMNS = (
    "url, layout, language, title, lead, body, tail, category, published_on, published_raw, "
    "entered_on, ministry"
)
_SHOWN = 60  # characters of a text shown in a message


def differences(
    connection: sqlite3.Connection, site: BaseSite, numbers: Iterable[int] | None = None
) -> Iterator[str]:
    """Yield a sentence for each way in which an archive differs from a practice site.

    Args:
        connection: connection to an archive.
        site: same size and seed as the crawled site.
        numbers: expected article numbers; by default all of the site.
    """
    wanted = site.numbers() if numbers is None else numbers
    expected = {(number, site.url(number)) for number in wanted}
    # Keyed by both, because a number may be stored under the URLs of two languages.
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


def record(truth: Truth) -> PageRecord:
    """Return the expected record of an article, without kinds whose truth is undecided."""
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
            kind.name: sorted(_line(*kind.judged_row(value)) for value in values)
            for kind in KINDS
            if kind.judged and (values := getattr(truth, kind.name)) is not None
        },
    }


def record_differences(wanted: PageRecord, stored: PageRecord) -> Iterator[str]:
    """Yield a sentence for each field that differs from the expected record."""
    for name, value in wanted.items():
        other = stored[name]
        if value == other:
            continue
        if isinstance(value, list) and isinstance(other, list):
            yield _list_difference(name, value, other)
        else:
            yield _text_difference(name, str(value), str(other))


def stored_record(connection: sqlite3.Connection, row_id: int) -> PageRecord:
    """Return the stored record of an article, given its row id."""
    query = f"SELECT {_COLUMNS} FROM articles WHERE id = ?"
    row = connection.execute(query, (row_id,)).fetchone()
    stored: PageRecord = dict(zip(_COLUMNS.split(", "), row, strict=True))
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
    return f"{name} differ in order or count: should be {wanted} but are {stored}"


def _text_difference(name: str, wanted: str, stored: str) -> str:
    pairs = enumerate(zip(wanted, stored, strict=False))
    shorter = min(len(wanted), len(stored))
    at = next((n for n, (one, other) in pairs if one != other), shorter)
    start = max(0, at - _SHOWN // 2)
    return (
        f"{name} should be {wanted[start : start + _SHOWN]!r} but is "
        f"{stored[start : start + _SHOWN]!r} (from character {start})"
    )
