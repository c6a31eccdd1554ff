"""The damage that ``verify`` looks for: a name for each, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from scraper.warc.own_files import Place

_BACKUP = (
    "restore the WARC file from a backup; until then its captures cannot be read again, but the "
    "texts read from them stay"
)
_REREAD = "--repair reads the article again from its captures"
_MOVED = "--repair finds the record if it stands elsewhere"

# What to do about each sort of damage, by its name.
CHECKS = {
    "database": "--repair makes indexes anew; else restore a snapshot, or import the WARC files",
    "schema": "--repair makes what is absent anew; a table that was altered needs its author",
    "foreign-keys": "restore a snapshot, or import the WARC files into a new archive",
    "text-index": "--repair rebuilds it from the table it belongs to",
    "missing-file": _BACKUP,
    "unreadable-record": f"{_MOVED}; else {_BACKUP}",
    "wrong-record": f"{_MOVED}; else {_BACKUP}",
    "wrong-row": "--repair takes what the record says, whose own checksum holds",
    "lost-original": _BACKUP,
    "unfinished-file": "--repair, or any other run, cuts it behind its last whole record",
    "unknown-record": "--repair gives it a row and reads it",
    "foreign-record": "`thaigov import warc FILE`, and move the file out of the folder",
    "stray-bytes": "no capture misses them; they may be what is left of a record without a row",
    "missing-article": _REREAD,
    "article-capture": _REREAD,
    "article-history": _REREAD,
    "article-text": _REREAD,
    "article-words": _REREAD,
    "article-rows": _REREAD,
    "article-dates": "--repair takes what the captures say",
    "capture-outcome": "--repair reads the capture again",
    "reading": "--repair, or `thaigov reparse`, writes what today's parsers read; if no parser was "
    "changed since, somebody changed the rows",
    "names": "--repair, or any command that writes, brings the names up to the reference tables",
}


class Damage(NamedTuple):
    """One thing that is not as it should be.

    Attributes:
        check: a key of ``CHECKS``.
        detail: what is wrong with which file, capture or article, for a person.
        capture_id: the capture it is about.
        url: the article it is about.
        place: the record it is about.
        row: columns of the capture with the values they should have.
    """

    check: str
    detail: str
    capture_id: int | None = None
    url: str | None = None
    place: Place | None = None
    row: dict[str, Any] | None = None
