"""Joins runs, captures and their problems.

Every choice takes the smallest value from the rows themselves, so the result depends neither on the
order of the archives nor on which were joined before. New ids follow an order of the rows'
contents.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from scraper.merge.rows import columns_of, insert, mapped_rows
from scraper.merge.warc_files import best_copy, is_revisit
from scraper.warc.own_files import RecordPlace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from sqlite_utils import Database

    from scraper.merge.sources import Source
    from scraper.merge.warc_files import SourceWarc

REPEATED, UNREADABLE = 1, 2  # values of ``places.repeats``; 0 holds the bytes
KEPT_ROWS = (
    "what was read from them is kept, but their bytes are lost unless another archive or a backup "
    "has the whole file: put it in this one's place and join again"
)
# As ``capture_identity``: most files of a corpus do not say when their page was fetched.
IDENTITY = "url, digest, origin, rendered, CASE origin WHEN 'corpus' THEN '' ELSE fetched_at END"
# Several places of one capture: of these, the first that holds its bytes. Captures with their bytes
# get lower ids than those that repeat them, the first of the same bytes the lowest; the rest is in
# order of time.
CHOSEN = f"""
    CREATE TEMP TABLE chosen AS
    WITH ranked AS (
        SELECT *, row_number() OVER (PARTITION BY {IDENTITY}
            ORDER BY repeats, fetched_at, warc_file, warc_offset, run_id) AS rank FROM places
    ), grouped AS (
        SELECT *, row_number() OVER (PARTITION BY url, digest
            ORDER BY repeats, fetched_at, origin, rendered) > 1 AS is_repeat
        FROM ranked WHERE rank = 1
    )
    SELECT *, row_number() OVER (
        ORDER BY repeats, is_repeat, fetched_at, url, digest, origin, rendered) AS new_id
    FROM grouped
"""
IDS = f"""
    CREATE TEMP TABLE capture_ids AS
    WITH named AS (SELECT new_id, {IDENTITY} AS moment FROM chosen)
    SELECT p.archive, p.id AS old_id, n.new_id AS id, p.content_hash,
        CASE p.outcome WHEN 'duplicate' THEN 'article' ELSE p.outcome END AS outcome
    FROM places p JOIN named n ON n.url = p.url AND n.digest = p.digest
        AND n.origin = p.origin AND n.rendered = p.rendered
        AND n.moment = CASE p.origin WHEN 'corpus' THEN '' ELSE p.fetched_at END
"""
# A capture that one archive has read beats one that is unread, or out of scope, in another.
READINGS = """
    CREATE TEMP TABLE readings AS
    SELECT id, outcome, content_hash FROM (
        SELECT *, row_number() OVER (PARTITION BY id
            ORDER BY outcome IS NULL, outcome = 'out_of_scope', outcome, content_hash) AS rank
        FROM capture_ids) WHERE rank = 1
"""
# The reading may be another archive's.
READ_COLUMNS = {
    "id": "new_id",
    "outcome": "CASE WHEN r.outcome = 'article' AND is_repeat THEN 'duplicate' ELSE r.outcome END",
    "content_hash": "r.content_hash",
}
INSERT_CAPTURES = """
    INSERT INTO captures ({columns})
    SELECT {values} FROM chosen c JOIN readings r ON r.id = c.new_id ORDER BY new_id
"""
READ_DIFFERENTLY = """
    SELECT DISTINCT i.id FROM capture_ids i JOIN readings r ON r.id = i.id
    WHERE i.outcome IS NOT NULL
        AND (i.outcome <> r.outcome OR i.content_hash IS NOT r.content_hash)
        AND NOT (i.outcome = 'out_of_scope' AND r.outcome = 'article')
"""
# A problem that was recorded twice stays so.
PROBLEMS = """
    INSERT INTO problems (run_id, url, capture_id, stage, kind, detail)
    SELECT min(run_id), url, capture_id, stage, kind, detail FROM (
        SELECT *, row_number() OVER (PARTITION BY archive, url, capture_id, stage, kind, detail,
            CASE WHEN capture_id IS NULL THEN run_id END) AS nth FROM found_problems)
    GROUP BY url, capture_id, stage, kind, detail, nth, CASE WHEN capture_id IS NULL THEN run_id END
    ORDER BY min(run_id), capture_id, url, stage, kind, detail
"""
NOTED_DIFFERENTLY = """
    SELECT id FROM (
        SELECT i.id, (SELECT group_concat(stage || ' ' || kind || ' ' || detail, char(10)) FROM (
            SELECT stage, kind, detail FROM found_problems p
            WHERE p.capture_id = i.id AND p.archive = i.archive ORDER BY 1, 2, 3)) AS noted
        FROM capture_ids i JOIN readings r ON r.id = i.id AND r.outcome = i.outcome
        WHERE i.id IN (SELECT capture_id FROM found_problems))
    GROUP BY id HAVING count(*) > 1 AND count(DISTINCT coalesce(noted, '')) > 1
"""
NEW_CAPTURE_IDS = """
    UPDATE found_problems AS p SET capture_id = (SELECT id FROM capture_ids i
        WHERE i.archive = p.archive AND i.old_id = p.capture_id) WHERE capture_id IS NOT NULL
"""
SAME_MOMENT = """
    SELECT url, fetched_at FROM chosen WHERE article_url IS NOT NULL AND origin <> 'corpus'
    GROUP BY url, fetched_at, origin, rendered HAVING count(*) > 1 ORDER BY 1, 2
"""


class JoinedCaptures(NamedTuple):
    """The captures of the joined archive.

    Attributes:
        runs: for each source, the new id of each run.
        files: the WARC files that they are in.
        unclear: captures that two archives read differently.
        same_moment: addresses and times for which two archives have different bytes.
        faults: files that are damaged, a sentence each. Not every record is looked at.
    """

    runs: list[dict[int, int]]
    files: list[SourceWarc]
    unclear: set[int]
    same_moment: list[tuple[str, str]]
    faults: list[str]


def join_captures(
    db: Database, sources: Sequence[Source], files: Sequence[Mapping[str, SourceWarc]]
) -> JoinedCaptures:
    """Fill the tables of runs, captures and problems.

    Args:
        db: the new archive, still empty.
        sources: the archives.
        files: for each, its WARC files by their names there.
    """
    runs = _join_runs(db, sources)
    columns = columns_of(db, "captures")
    db.execute(
        f"CREATE TEMP TABLE places (archive INTEGER, file TEXT, {', '.join(columns)}, "
        "repeats INTEGER NOT NULL DEFAULT 0)"
    )
    for number, source in enumerate(sources):
        rows = _places(number, source, columns, runs[number], files[number])
        insert(db, "places", ["archive", "file", *columns], rows)
    db.execute("CREATE INDEX temp.places_by_bytes ON places(digest, url)")
    damaged = _note_repeats(db, files)
    for statement in (CHOSEN, "CREATE INDEX temp.chosen_by_url ON chosen(url, digest)", IDS):
        db.execute(statement)
    db.execute("CREATE INDEX temp.ids_by_id ON capture_ids(id)")
    db.execute("CREATE INDEX temp.ids_by_old_id ON capture_ids(archive, old_id)")
    db.execute(READINGS)
    db.execute("CREATE INDEX temp.readings_by_id ON readings(id)")
    values = [READ_COLUMNS.get(column, f"c.{column}") for column in columns]
    db.execute(INSERT_CAPTURES.format(columns=", ".join(columns), values=", ".join(values)))
    unclear = {capture_id for (capture_id,) in db.execute(READ_DIFFERENTLY)}
    unclear |= _join_problems(db, sources, runs)
    used, faults = _used_files(db, files)
    faults += _short_files(db, used)
    faults += [f"{found.path}: {damaged[found.path]:,} damaged records; {KEPT_ROWS}"
               for found in used if found.path in damaged]  # fmt: skip
    return JoinedCaptures(runs, used, unclear, db.execute(SAME_MOMENT).fetchall(), faults)


def _join_runs(db: Database, sources: Sequence[Source]) -> list[dict[int, int]]:
    """Insert the runs of all archives; two runs are the same if all columns are equal."""
    columns = columns_of(db, "runs", "id")
    started = columns.index("started_at")
    stored = [
        {old_id: tuple(row) for old_id, *row in source.db.execute(
            f"SELECT id, {', '.join(columns)} FROM runs")}
        for source in sources
    ]  # fmt: skip
    different = {row for rows in stored for row in rows.values()}
    ordered = sorted(different, key=lambda row: (row[started], json.dumps(row)))
    insert(db, "runs", columns, ordered)
    numbers = {row: number for number, row in enumerate(ordered, 1)}
    return [{old_id: numbers[row] for old_id, row in rows.items()} for rows in stored]


def _places(
    number: int,
    source: Source,
    columns: list[str],
    runs: Mapping[int, int],
    files: Mapping[str, SourceWarc],
) -> Iterator[tuple[object, ...]]:
    """Yield the captures of a source with the names of their files in the joined archive."""
    file = columns.index("warc_file")
    names = {name: found.name for name, found in files.items()}
    old = {found.name: name for name, found in files.items()}
    ids: dict[str, Mapping[Any, Any]] = {"run_id": runs, "warc_file": names}
    for row in mapped_rows(source.db, "captures", columns, ids):
        yield (number, old[row[file]], *row)


def _note_repeats(db: Database, files: Sequence[Mapping[str, SourceWarc]]) -> Counter[Path]:
    """Mark the places whose record only refers to another one's bytes, or cannot be read.

    Only where the same bytes were captured more than once; a file's record is never a repeat.

    Returns:
        The number of records that cannot be read, by file.
    """
    several = db.execute(
        "SELECT rowid, archive, file, warc_offset, warc_length FROM places "
        "WHERE status IS NOT NULL AND digest IN "
        "(SELECT digest FROM places GROUP BY 1 HAVING count(*) > 1)"
    ).fetchall()
    repeats: list[tuple[int, int]] = []
    damaged: Counter[Path] = Counter()
    for row, archive, file, offset, length in several:
        path = files[archive][file].path
        match is_revisit(path, RecordPlace(file, offset, length)):
            case True:
                repeats.append((REPEATED, row))
            case None:
                repeats.append((UNREADABLE, row))
                damaged[path] += 1
    db.conn.executemany("UPDATE places SET repeats = ? WHERE rowid = ?", repeats)
    return damaged


def _join_problems(
    db: Database,
    sources: Sequence[Source],
    runs: Sequence[Mapping[int, int]],
) -> set[int]:
    """Insert the problems; return the captures of which two archives noted different ones."""
    db.execute(
        "CREATE TEMP TABLE found_problems (archive INTEGER, run_id INTEGER, url TEXT, "
        "capture_id INTEGER, stage TEXT, kind TEXT, detail TEXT)"
    )
    for number, source in enumerate(sources):
        rows = source.db.execute(
            "SELECT run_id, url, capture_id, stage, kind, detail FROM problems"
        )
        db.conn.executemany(
            "INSERT INTO found_problems VALUES (?, ?, ?, ?, ?, ?, ?)",
            ((number, runs[number][run], url, capture, *rest)
             for run, url, capture, *rest in rows),
        )  # fmt: skip
    db.execute(NEW_CAPTURE_IDS)
    db.execute("CREATE INDEX temp.problems_by_id ON found_problems(capture_id, archive)")
    db.execute(PROBLEMS)
    return {capture_id for (capture_id,) in db.execute(NOTED_DIFFERENTLY)}


def _short_files(db: Database, used: Sequence[SourceWarc]) -> Iterator[str]:
    """Yield a sentence for each file that ends before the records of its captures do."""
    ends = db.execute("SELECT warc_file, max(warc_offset + warc_length) FROM captures GROUP BY 1")
    sizes = {found.name: (found.path, found.path.stat().st_size) for found in used}
    for name, end in ends:
        path, size = sizes[name]
        if size < end:
            yield f"{path}: {end - size:,} bytes are missing at its end; {KEPT_ROWS}"


def _used_files(
    db: Database, files: Sequence[Mapping[str, SourceWarc]]
) -> tuple[list[SourceWarc], list[str]]:
    """Return the files of the chosen captures, and a sentence for each that differs somewhere."""
    used = {name for (name,) in db.execute("SELECT DISTINCT warc_file FROM captures")}
    copies: dict[str, list[SourceWarc]] = {name: [] for name in sorted(used)}
    for found in (file for known in files for file in known.values() if file.name in used):
        copies[found.name].append(found)
    chosen, faults = [], []
    for same in copies.values():
        best, fault = best_copy(same)
        chosen.append(best)
        faults += [fault] if fault else []
    return chosen, faults
