"""Compares the histories in an archive with what its crawls could see of a living site.

The archive's captures give the time of each visit; the site gives what was visible then. Like
``compare`` this reads the archive with plain SQL, because it judges the code that wrote it.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from scraper.clock import to_iso
from scraper.practice.judge.compare import record, record_differences, stored_record
from scraper.sources import PRACTICE, parse_address

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from scraper.practice.site.living import LivingSite, Sighting
    from scraper.practice.site.truth import Truth

# Columns a reader sees: a change in one of them makes a new revision.
_SEEN = ("title", "lead", "body", "tail", "published_on")
_GONE_APART = timedelta(hours=12)  # least time between two visits that found the page missing

Seen = tuple["str | None", ...]


class _Visit(NamedTuple):
    """A visit recorded in the archive, and whether it found an article."""

    at: datetime
    found: bool


def history_differences(connection: sqlite3.Connection, site: LivingSite) -> Iterator[str]:
    """Yield a sentence for each way in which an archive's history differs from what it saw.

    Compares what each visit found, the versions of each article in order, when it went, and all
    fields of the version seen last. Does not check that visits were at the right times or that
    every article was visited.

    Args:
        connection: connection to an archive filled by live crawls only.
        site: the crawled site.
    """
    articles = dict(
        connection.execute("SELECT url, id FROM articles WHERE site = ?", (PRACTICE.slug,))
    )
    for url, visits in _visits(connection).items():
        for moment, found in visits:
            (seen,) = _sightings(site, url, [moment])
            if found != bool(seen.truth):
                yield f"{url} was {'not ' * found}there on {to_iso(moment)}, and is kept otherwise"
        sightings = _sightings(site, url, [visit.at for visit in visits])
        truths = [sighting.truth for sighting in sightings if sighting.truth]
        row_id = articles.pop(url, None)
        if row_id is None and truths:
            yield f"{url} was seen, and is missing from the archive"
        elif row_id is not None and not truths:
            yield f"{url} is in the archive and was never there to be seen"
        elif row_id is not None:
            for difference in _differences(connection, row_id, sightings, truths):
                yield f"{url}: {difference}"
    for url in articles:
        yield f"{url} is in the archive without a capture that shows it"


def _visits(connection: sqlite3.Connection) -> dict[str, list[_Visit]]:
    """Return the answered visits to each article URL, including those that found no article."""
    visits: defaultdict[str, list[_Visit]] = defaultdict(list)
    for url, moment, outcome in connection.execute(
        "SELECT article_url, fetched_at, outcome FROM captures "
        "WHERE outcome IN ('article', 'duplicate', 'missing') AND article_url IS NOT NULL"
    ):
        visits[url].append(_Visit(datetime.fromisoformat(moment), outcome != "missing"))
    return visits


def _sightings(site: LivingSite, url: str, visits: list[datetime]) -> list[Sighting]:
    """Return what was seen at a URL; a number has an article in one language only."""
    address = parse_address(url)
    if address is None or address.site is not PRACTICE or address.layout is not site.layout:
        return []
    seen = site.visible_history(address.number, visits)
    return [
        sighting if sighting.truth and sighting.truth.url == url else sighting._replace(truth=None)
        for sighting in seen
    ]


def _differences(
    connection: sqlite3.Connection, row_id: int, sightings: list[Sighting], truths: list[Truth]
) -> Iterator[str]:
    wanted = [version for version, _ in groupby(map(_version_record, truths))]
    stored = _stored_versions(connection, row_id)
    if len(wanted) != len(stored):
        yield f"{len(wanted)} versions were seen, {len(stored)} are stored"
    for number, (one, other) in enumerate(zip(wanted, stored, strict=False), 1):
        if columns := [c for c, a, b in zip(_SEEN, one, other, strict=True) if a != b]:
            yield f"version {number} differs from what was seen in {', '.join(columns)}"
    yield from record_differences(record(truths[-1]), stored_record(connection, row_id))
    (gone_at,) = connection.execute(
        "SELECT gone_at FROM articles WHERE id = ?", (row_id,)
    ).fetchone()
    if gone_at != (gone := _gone_at(sightings[-1])):
        yield f"it should be gone since {gone}, and is marked gone since {gone_at}"


def _version_record(truth: Truth) -> Seen:
    return truth.title, truth.lead, truth.body, truth.tail, truth.published_on.isoformat()


def _stored_versions(connection: sqlite3.Connection, row_id: int) -> list[Seen]:
    columns = ", ".join(_SEEN)
    return connection.execute(
        f"SELECT {columns} FROM (SELECT {columns}, revision FROM article_revisions "
        f"WHERE article_id = :id UNION ALL SELECT {columns}, revision FROM articles "
        "WHERE id = :id) ORDER BY revision",
        {"id": row_id},
    ).fetchall()


def _gone_at(last: Sighting) -> str | None:
    """Return when an article went, None unless it has been missing for at least 12 hours."""
    if last.truth or last.last - last.first < _GONE_APART:
        return None
    return to_iso(last.first)
