"""The kinds of damage that ``verify`` looks for, and what to do about each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from scraper.warc.own_files import RecordPlace

_BACKUP = (
    "restore the WARC file from a backup; until then its captures cannot be read again, but the "
    "texts read from them are kept"
)
_REREAD = "--repair reads the article again from its captures"
_MISPLACED = "--repair finds the record if it is elsewhere"

# What to do, by the name of the check.
REMEDIES = {
    "database": "--repair rebuilds indexes; otherwise restore a snapshot, or import the WARC files",
    "schema": "--repair creates what is missing; you must fix an altered table yourself",
    "foreign-keys": "restore a snapshot, or import the WARC files into a new archive",
    "text-index": "--repair rebuilds it from its table",
    "missing-file": _BACKUP,
    "unreadable-record": f"{_MISPLACED}; otherwise {_BACKUP}",
    "wrong-record": f"{_MISPLACED}; otherwise {_BACKUP}",
    "wrong-row": "--repair copies the values from the record, whose checksum is right",
    "lost-original": _BACKUP,
    "unfinished-file": "--repair, or any other run, truncates it after its last whole record",
    "unknown-record": "--repair adds a row for it and reads it",
    "foreign-record": "`thaigov import warc FILE`, and move the file out of the folder",
    "stray-bytes": "harmless: no capture needs them; they may be part of a record without a row",
    "missing-article": _REREAD,
    "article-capture": _REREAD,
    "article-history": _REREAD,
    "article-text": _REREAD,
    "article-words": _REREAD,
    "article-rows": _REREAD,
    "fact-names": "--repair reads the articles that name it again from their captures",
    "related": "--repair compares all articles again: a few minutes for 60,000",
    "attachment-text": "--repair reads the file again from its capture",
    "attachment-capture": "restore a snapshot, or import the WARC files into a new archive",
    "attachment-links": "--repair links the articles again",
    "article-dates": "--repair computes the times from the captures",
    "capture-outcome": "--repair reads the capture again",
    "reading": "--repair, or `thaigov reparse`, stores what the current parsers read; if no parser "
    "changed since, someone edited the rows",
    "names": "--repair, or any command that writes, updates the names from the reference tables",
}


class Damage(NamedTuple):
    """One fault that ``verify`` found.

    Attributes:
        check: a key of ``REMEDIES``.
        detail: what is wrong with which file, capture or article, in words.
        capture_id: the capture concerned.
        url: the article concerned.
        place: the record concerned.
        row: wrong columns of the capture, with the right values.
    """

    check: str
    detail: str
    capture_id: int | None = None
    url: str | None = None
    place: RecordPlace | None = None
    row: dict[str, Any] | None = None
