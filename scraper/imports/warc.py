"""Reads captures from WARC, ARC and WACZ files of browsers, other crawlers and this program.

Wanted are the pages of articles, and every record of this program. A record that cannot be used
becomes a named problem with its offset, and reading continues.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from scraper.archive.frontier_backup import FrontierBackup, parse_backup
from scraper.files.problem import ImportProblem
from scraper.files.regular import error_message
from scraper.imports.warc_problems import (
    claims_problem,
    damage_problem,
    record_problem,
    skipped_problem,
)
from scraper.model import Incoming
from scraper.pages.detect import Form, form_of
from scraper.sources import parse_address, site_of
from scraper.warc.content_encoding import MAX_BYTES
from scraper.warc.convert import (
    UnusableRecordError,
    check_plausible,
    claims_to_be_ours,
    revisit_to_capture,
    to_capture,
    warc_date,
)
from scraper.warc.record import ATTACHMENT_FIELD, Record, digest_of
from scraper.warc.records import DamagedPlace, PartialRecord, read_records
from scraper.warc.warc_files import UNREADABLE, WarcFile, find_warcs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from warcio.statusandheaders import StatusAndHeaders

    from scraper.model import Capture

    Recall = Callable[[str, datetime | None, str], Capture | None]
    Key = tuple[str, datetime] | str  # URL and time of a record, or the digest of its payload

_CAPTURE_KINDS = frozenset({"response", "resource", "conversion", "revisit"})


class _RecordPlace(NamedTuple):
    """Where a record is."""

    file: WarcFile
    offset: int


class _SkippedRecordError(Exception):
    """A record is not a page of an article; the message names its category, in the plural."""


def read_warc(
    paths: Iterable[Path],
    recall: Recall = lambda *_: None,
    on_read: Callable[[int], object] = lambda _count: None,
    *,
    own: bool = False,
) -> Iterator[Incoming | FrontierBackup | ImportProblem]:
    """Yield a capture for every wanted record, and a problem for everything unusable.

    The order is that of ``paths`` and of the files; revisits that precede their originals come
    last.

    Args:
        paths: files, and folders to search.
        recall: returns a capture of the archive by URL, and time or digest.
        on_read: called with the number of bytes after each read from the disk.
        own: this archive wrote the files: trust their extension fields (origin, source, scope) and
            the queue in their ``warcinfo`` records, which anyone could forge.
    """
    # List them before the first capture is written: the archive's own folder may be among them.
    found = list(find_warcs(paths))
    reader = _WarcReader(recall, own=own)
    for file in found:
        if isinstance(file, ImportProblem):
            yield file
        else:
            yield from reader.read(file, on_read)
    yield from reader.postponed()


class _WarcReader:
    """Reads one file after another and remembers the places of originals for revisits."""

    def __init__(self, recall: Recall, *, own: bool) -> None:
        self._recall = recall
        self._own = own
        self._seen: dict[Key, _RecordPlace | None] = {}  # None: that record was skipped
        self._early: list[tuple[WarcFile, Record]] = []  # revisits that precede their originals

    def read(
        self, file: WarcFile, on_read: Callable[[int], object]
    ) -> Iterator[Incoming | FrontierBackup | ImportProblem]:
        """Yield the captures and problems of a file."""
        skipped: Counter[str] = Counter()
        claims = 0
        # A file that a killed run of this archive opened may be empty; another one was not saved.
        is_empty = not self._own

        def is_wanted(fields: StatusAndHeaders) -> bool:
            nonlocal claims, is_empty
            is_empty = False
            wanted = self._is_wanted(fields, skipped)
            claims += wanted and claims_to_be_ours(fields)
            return wanted

        try:
            with file.open(on_read) as stream:
                for found in read_records(stream, is_wanted):
                    is_empty = False
                    yield from self._found(file, found, skipped)
        except UNREADABLE as error:  # not damage of records, which read_records yields
            yield file.problem("unreadable", f"reading stopped early: {error_message(error)}")
            is_empty = False
        if is_empty:
            yield file.problem("unreadable", "it is empty, without a single record")
        if skipped.total():
            yield skipped_problem(file, skipped)
        if claims and not self._own:
            yield claims_problem(file, claims)

    def _is_wanted(self, fields: StatusAndHeaders, skipped: Counter[str]) -> bool:
        """Return whether a record may be a page or, with ``own``, the queue of this archive."""
        kind = fields.get_header("WARC-Type")
        if kind == "warcinfo":
            return self._own
        if kind not in _CAPTURE_KINDS:
            return False
        uri = _uri(fields)
        # This program also stores pages of a site that are not articles, and attachments.
        is_own = self._is_own(fields) and (site_of(uri) or fields.get_header(ATTACHMENT_FIELD))
        is_known = bool(parse_address(uri) or is_own)
        skipped["other addresses"] += not is_known
        return is_known

    def _found(
        self, file: WarcFile, found: Record | PartialRecord | DamagedPlace, skipped: Counter[str]
    ) -> Iterator[Incoming | FrontierBackup | ImportProblem]:
        if isinstance(found, DamagedPlace):
            yield damage_problem(file, found)
        elif isinstance(found, PartialRecord):
            record = found.record
            if record.kind in _CAPTURE_KINDS - {"revisit"} and not self._is_own(record.fields):
                yield from self._record(file, record, skipped, found.reason)
        elif found.kind == "warcinfo":
            owed = parse_backup(found.content or b"", found.fields.get_header("WARC-Date"))
            if owed is not None:
                yield owed
        else:
            yield from self._record(file, found, skipped)

    def _is_own(self, fields: StatusAndHeaders) -> bool:
        return self._own and claims_to_be_ours(fields)

    def postponed(self) -> Iterator[Incoming | ImportProblem]:
        """Yield the revisits that preceded their originals; a problem for those without one."""
        early, self._early = self._early, []
        for file, record in early:
            yield from self._record(file, record, Counter())
        for file, record in self._early:
            detail = "its original is neither in the given files nor in the archive"
            yield record_problem(file, record, "unresolved-revisit", detail)

    def _record(
        self, file: WarcFile, record: Record, skipped: Counter[str], torn: str | None = None
    ) -> Iterator[Incoming | ImportProblem]:
        """Yield the capture of a record, preceded by its problems."""
        if record.content is None:
            detail = f"larger than {MAX_BYTES:,} bytes, so not a page; left out"
            yield record_problem(file, record, "too-large", detail)
            return
        try:
            if record.kind == "revisit":
                yield from self._revisit(file, record)
            else:
                yield from self._page(file, record, torn)
        except _SkippedRecordError as error:
            skipped[str(error)] += 1
        except UnusableRecordError as error:
            yield record_problem(file, record, error.kind, f"{error}; left out")

    def _page(
        self, file: WarcFile, record: Record, torn: str | None
    ) -> Iterator[Incoming | ImportProblem]:
        own = self._is_own(record.fields)
        incoming, faults = to_capture(record, own=own, file_name=file.name, torn=torn)
        capture = incoming.capture
        check_plausible(capture.fetched_at)
        category = _skip_category(capture, own=own)
        place = None if category else _RecordPlace(file, record.offset)
        # A revisit never repeats a conversion, which no server sent, though both may have the same
        # URL and time.
        for key in [] if capture.rendered or torn else _own_keys(record.fields):
            if place is not None or key not in self._seen:
                self._seen[key] = place
        if category:
            raise _SkippedRecordError(category)
        for fault in faults:
            yield record_problem(file, record, fault.kind, fault.detail)
        yield incoming

    def _revisit(self, file: WarcFile, record: Record) -> Iterator[Incoming]:
        original = self._original(record.fields)
        if original is None:
            self._early.append((file, record))
            return
        own = self._is_own(record.fields)
        incoming = revisit_to_capture(record, original, own=own, file_name=file.name)
        check_plausible(incoming.capture.fetched_at)
        if category := _skip_category(incoming.capture, own=own):
            raise _SkippedRecordError(category)
        yield incoming

    def _original(self, fields: StatusAndHeaders) -> Incoming | None:
        """Return the original of a revisit from the files or the archive, None if it is unknown.

        Raises:
            _SkippedRecordError: the original is not a page.
        """
        keys = _original_keys(fields)
        for key in keys:
            if key in self._seen:
                return _read_original(self._seen[key], key)
        uri, moment = next((key for key in keys if isinstance(key, tuple)), (_uri(fields), None))
        algorithm, _, digest = _stated_digest(fields).partition(":")
        capture = self._recall(uri, moment, digest if algorithm == "sha256" else "")
        if capture is not None and capture.url != _uri(fields):
            # It will be written again under its own URL, from the decoded body that recall returns.
            capture = capture.model_copy(update={"digest": digest_of(capture.body)})
        return None if capture is None else Incoming(capture)


def _skip_category(capture: Capture, *, own: bool = False) -> str | None:
    """Return the category of a record that is not a page of the site, None if it may be one.

    Missing pages and challenges count as pages, and so does everything this archive stored.
    """
    status = capture.status or HTTPStatus.OK
    if own:
        return None
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return "redirects"
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return "server errors"
    return "other media types" if form_of(capture) is Form.OTHER else None


def _read_original(place: _RecordPlace | None, key: Key) -> Incoming:
    """Read a known record again.

    Raises:
        _SkippedRecordError: it is not a page.
        UnusableRecordError: the file has changed since.
    """
    if place is None:
        raise _SkippedRecordError("revisits of skipped records")
    with suppress(*UNREADABLE), place.file.open() as stream:
        # A gzip member may contain several records.
        for found in read_records(stream, lambda f: key in _own_keys(f), place.offset):
            if isinstance(found, Record):
                return to_capture(found, file_name=place.file.name).incoming
    detail = f"its original at byte {place.offset:,} of {place.file.name} is gone"
    raise UnusableRecordError("unresolved-revisit", detail)


def _uri(fields: StatusAndHeaders) -> str:
    uri: str = fields.get_header("WARC-Target-URI") or ""
    return uri


def _stated_digest(fields: StatusAndHeaders) -> str:
    digest: str = fields.get_header("WARC-Payload-Digest") or ""
    return digest.lower()


def _own_keys(fields: StatusAndHeaders) -> list[Key]:
    return _record_keys(_uri(fields), fields.get_header("WARC-Date"), _stated_digest(fields))


def _original_keys(fields: StatusAndHeaders) -> list[Key]:
    uri = (fields.get_header("WARC-Refers-To-Target-URI") or "").strip("<>") or _uri(fields)
    return _record_keys(uri, fields.get_header("WARC-Refers-To-Date"), _stated_digest(fields))


def _record_keys(uri: str, date: str | None, digest: str) -> list[Key]:
    keys: list[Key] = []
    with suppress(UnusableRecordError):  # without a usable time, only the digest identifies it
        check_plausible(moment := warc_date(date))
        keys.append((uri, moment))
    return [*keys, digest] if digest else keys
