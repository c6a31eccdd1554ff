"""Words the problems of records in WARC files that an import cannot use."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections import Counter

    from scraper.files.problem import ImportProblem
    from scraper.warc.record import Record
    from scraper.warc.records import DamagedPlace
    from scraper.warc.warc_files import WarcFile


def record_problem(file: WarcFile, record: Record, kind: str, detail: str) -> ImportProblem:
    """Return the problem of one record."""
    where = (
        f"record at byte {record.offset:,} ({record.fields.get_header('WARC-Target-URI') or ''})"
    )
    return file.problem(kind, f"{where}: {detail}")


def damage_problem(file: WarcFile, damage: DamagedPlace) -> ImportProblem:
    """Return the problem of a place that could not be read."""
    if damage.offset == 0 and damage.resumed is None:
        detail = f"it contains no complete WARC or ARC record ({damage.reason})"
        return file.problem("unreadable", detail)
    follows = "nothing readable follows"
    if damage.resumed is not None:
        follows = f"reading continued at byte {damage.resumed:,}"
    detail = f"damaged at byte {damage.offset:,}: {damage.reason}; {follows}"
    return file.problem("damaged-record", detail)


def claims_problem(file: WarcFile, count: int) -> ImportProblem:
    """Return the problem of records that claim to be an archive's own."""
    detail = (
        f"{count:,} records claim to come from a thaigov archive, which anybody could forge; they "
        f"were imported as pages of this file. To restore an archive from its own files, add --own"
    )
    return file.problem("claimed-origin", detail)


def skipped_problem(file: WarcFile, skipped: Counter[str]) -> ImportProblem:
    """Return the problem that says how many records of each category were skipped."""
    counts = ", ".join(f"{count:,} {name}" for name, count in skipped.most_common() if count)
    detail = f"{skipped.total():,} records are not pages of articles and were skipped: {counts}"
    return file.problem("left-out", detail)
