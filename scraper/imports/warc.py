"""Reads WARC, ARC and WACZ files as captures: what browsers, other crawlers and this program saved.

Of what a file holds, the pages of articles are wanted, and every record of this program. A record
that cannot be used is a named problem with its offset, and reading goes on.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from scraper.archive.frontier_backup import parse_backup
from scraper.files.problem import ImportProblem
from scraper.model import Incoming
from scraper.pages.detect import Form, form_of
from scraper.sources import parse_address, site_of
from scraper.warc.content_encoding import MAX_BYTES
from scraper.warc.convert import UnusableRecordError, date_of, is_ours, make, repeat
from scraper.warc.record import digest_of, scope_of
from scraper.warc.records import Damage, Record, Torn, read_records
from scraper.warc.warc_files import UNREADABLE, WarcFile, find_warcs, reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from warcio.statusandheaders import StatusAndHeaders

    from scraper.archive.frontier_backup import FrontierBackup
    from scraper.model import Capture

    Recall = Callable[[str, datetime | None, str], Capture | None]
    Key = tuple[str, datetime] | str  # address and time of a record, or its payload's digest

KINDS = frozenset({"response", "resource", "conversion", "revisit"})


class _Place(NamedTuple):
    """Where a record stands."""

    file: WarcFile
    offset: int


class _PassedOverError(Exception):
    """A record tells nothing of an article; the message says of which sort it is."""


def read_warc(
    paths: Iterable[Path],
    recall: Recall = lambda *_: None,
    told: Callable[[int], object] = lambda _count: None,
    *,
    own: bool = False,
) -> Iterator[Incoming | FrontierBackup | ImportProblem]:
    """Yield a capture for every wanted record and a problem for all that could not be used.

    The order is that of ``paths`` and of the files; a revisit that stands before its original
    comes at the end.

    Args:
        paths: files, and folders that are searched for them.
        recall: asked for a capture of the archive: by address, and time or digest.
        told: called with the number of bytes after each reading from the disk.
        own: these files were written by this archive: what they say of origins, of scopes, and of
            what was owed and due, is believed. Anybody can write such records.
    """
    # Listed before the first capture is written: the archive's own folder may be among the paths.
    found = list(find_warcs(paths))
    reader = _Reader(recall, own=own)
    for file in found:
        if isinstance(file, ImportProblem):
            yield file
        else:
            yield from reader.read(file, told)
    yield from reader.rest()


class _Reader:
    """Reads one file after another and remembers where the originals of revisits stand."""

    def __init__(self, recall: Recall, *, own: bool) -> None:
        self._recall = recall
        self._own = own
        self._seen: dict[Key, _Place | None] = {}  # None: that record was passed over
        self._early: list[tuple[WarcFile, Record]] = []  # revisits that came before their originals

    def read(
        self, file: WarcFile, told: Callable[[int], object]
    ) -> Iterator[Incoming | FrontierBackup | ImportProblem]:
        """Yield what a file holds."""
        passed: Counter[str] = Counter()
        claims = 0

        def wanted(fields: StatusAndHeaders) -> bool:
            nonlocal claims
            is_wanted = self._is_wanted(fields, passed)
            claims += is_wanted and is_ours(fields)
            return is_wanted

        try:
            with file.open(told) as stream:
                for found in read_records(stream, wanted):
                    yield from self._found(file, found, passed)
        except UNREADABLE as error:  # damage within a WARC file is told by read_records
            yield file.problem("unreadable", f"reading it ended early: {reason(error)}")
        if passed.total():
            yield _left_out(file, passed)
        if claims and not self._own:
            yield _claims(file, claims)

    def _is_wanted(self, fields: StatusAndHeaders, passed: Counter[str]) -> bool:
        """Return whether a record may be a page, or says what this archive was owed."""
        kind = fields.get_header("WARC-Type")
        if kind == "warcinfo":
            return self._own
        if kind not in KINDS:
            return False
        uri = _uri(fields)
        # Our own records may be of pages of a site that are not articles.
        is_known = bool(parse_address(uri) or (self._is_own(fields) and site_of(uri)))
        passed["other addresses"] += not is_known
        return is_known

    def _found(
        self, file: WarcFile, found: Record | Torn | Damage, passed: Counter[str]
    ) -> Iterator[Incoming | FrontierBackup | ImportProblem]:
        if isinstance(found, Damage):
            yield _damage(file, found)
        elif isinstance(found, Torn):
            if found.record.kind in KINDS - {"revisit"} and not self._is_own(found.record.fields):
                yield from self._record(file, found.record, passed, found.reason)
        elif found.kind == "warcinfo":
            owed = parse_backup(found.content or b"", found.fields.get_header("WARC-Date"))
            if owed is not None:
                yield owed
        else:
            yield from self._record(file, found, passed)

    def _is_own(self, fields: StatusAndHeaders) -> bool:
        return self._own and is_ours(fields)

    def rest(self) -> Iterator[Incoming | ImportProblem]:
        """Yield the revisits whose originals came later, and a problem for each without one."""
        early, self._early = self._early, []
        for file, record in early:
            yield from self._record(file, record, Counter())
        for file, record in self._early:
            detail = "what it repeats is neither in the files given nor in the archive"
            yield _problem(file, record, "unresolved-revisit", detail)

    def _record(
        self, file: WarcFile, record: Record, passed: Counter[str], torn: str | None = None
    ) -> Iterator[Incoming | ImportProblem]:
        """Yield the capture of a record, after what is doubtful about it."""
        if record.content is None:
            detail = f"larger than {MAX_BYTES:,} bytes, which no page is; left out"
            yield _problem(file, record, "too-large", detail)
            return
        try:
            if record.kind == "revisit":
                yield from self._revisit(file, record)
            else:
                yield from self._page(file, record, torn)
        except _PassedOverError as error:
            passed[str(error)] += 1
        except UnusableRecordError as error:
            yield _problem(file, record, error.kind, f"{error}; left out")

    def _page(
        self, file: WarcFile, record: Record, torn: str | None
    ) -> Iterator[Incoming | ImportProblem]:
        own = self._is_own(record.fields)
        made = make(record, file.name, own=own, torn=torn)
        capture = made.incoming.capture
        sort = irrelevant(capture, own=own)
        place = None if sort else _Place(file, record.offset)
        # No server sent a conversion, so no revisit repeats one; it may be of the same second as
        # the answer that it was made of.
        for key in [] if capture.rendered or torn else _own_keys(record.fields):
            if place is not None or key not in self._seen:
                self._seen[key] = place
        if sort:
            raise _PassedOverError(sort)
        for fault in made.faults:
            yield _problem(file, record, fault.kind, fault.detail)
        yield self._scoped(made.incoming, record)

    def _scoped(self, incoming: Incoming, record: Record) -> Incoming:
        """Return a capture with the scope of the run that made it, where that is believed."""
        scope = scope_of(record.fields) if self._own else None
        capture = incoming.capture.model_copy(update={"scope": scope})
        return incoming._replace(capture=capture)

    def _revisit(self, file: WarcFile, record: Record) -> Iterator[Incoming]:
        original = self._original(record.fields)
        if original is None:
            self._early.append((file, record))
            return
        own = self._is_own(record.fields)
        incoming = repeat(record, original, file.name, own=own)
        if sort := irrelevant(incoming.capture, own=own):
            raise _PassedOverError(sort)
        yield self._scoped(incoming, record)

    def _original(self, fields: StatusAndHeaders) -> Incoming | None:
        """Return what a revisit repeats, from the files or the archive; None if it is unknown.

        Raises:
            _PassedOverError: it was no page.
        """
        keys = _original_keys(fields)
        for key in keys:
            if key in self._seen:
                return _reread(self._seen[key], key)
        uri, moment = next((key for key in keys if isinstance(key, tuple)), (_uri(fields), None))
        algorithm, _, digest = _digest(fields).partition(":")
        capture = self._recall(uri, moment, digest if algorithm == "sha256" else "")
        if capture is not None and capture.url != _uri(fields):
            # Under another address it is written anew, and the archive hands out bodies only.
            capture = capture.model_copy(update={"digest": digest_of(capture.body)})
        return None if capture is None else Incoming(capture)


def irrelevant(capture: Capture, *, own: bool = False) -> str | None:
    """Return why a record is not a page of the site; None if it may be one.

    Missing pages and bot checks count as pages, and so does whatever this archive once kept.
    """
    status = capture.status or HTTPStatus.OK
    if own:
        return None
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return "redirects"
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return "server errors"
    return "other media types" if form_of(capture) is Form.OTHER else None


def _reread(place: _Place | None, key: Key) -> Incoming:
    """Read a record again that was seen.

    Raises:
        _PassedOverError: it was no page.
        UnusableRecordError: the file has changed since.
    """
    if place is None:
        raise _PassedOverError("revisits of what was passed over")
    with suppress(*UNREADABLE), place.file.open() as stream:
        # A gzip member may hold several records.
        for found in read_records(stream, lambda f: key in _own_keys(f), place.offset):
            if isinstance(found, Record):
                return make(found, place.file.name).incoming
    detail = f"what it repeats, at byte {place.offset:,} of {place.file.name}, is gone"
    raise UnusableRecordError("unresolved-revisit", detail)


def _uri(fields: StatusAndHeaders) -> str:
    uri: str = fields.get_header("WARC-Target-URI") or ""
    return uri


def _digest(fields: StatusAndHeaders) -> str:
    digest: str = fields.get_header("WARC-Payload-Digest") or ""
    return digest.lower()


def _own_keys(fields: StatusAndHeaders) -> list[Key]:
    return _keys(_uri(fields), fields.get_header("WARC-Date"), _digest(fields))


def _original_keys(fields: StatusAndHeaders) -> list[Key]:
    uri = (fields.get_header("WARC-Refers-To-Target-URI") or "").strip("<>") or _uri(fields)
    return _keys(uri, fields.get_header("WARC-Refers-To-Date"), _digest(fields))


def _keys(uri: str, date: str | None, digest: str) -> list[Key]:
    keys: list[Key] = []
    with suppress(UnusableRecordError):  # without a time, the digest must do
        keys.append((uri, date_of(date)))
    return [*keys, digest] if digest else keys


def _problem(file: WarcFile, record: Record, kind: str, detail: str) -> ImportProblem:
    where = f"record at byte {record.offset:,} ({_uri(record.fields)})"
    return file.problem(kind, f"{where}: {detail}")


def _damage(file: WarcFile, damage: Damage) -> ImportProblem:
    if damage.offset == 0 and damage.resumed is None:
        detail = f"no whole record of a WARC or ARC file is in it ({damage.reason})"
        return file.problem("unreadable", detail)
    follows = "nothing readable follows"
    if damage.resumed is not None:
        follows = f"reading went on at byte {damage.resumed:,}"
    detail = f"damaged at byte {damage.offset:,}: {damage.reason}; {follows}"
    return file.problem("damaged-record", detail)


def _claims(file: WarcFile, count: int) -> ImportProblem:
    detail = (
        f"{count:,} records say that a thaigov archive wrote them, which anybody can write; they "
        f"were taken as pages of this file. To restore an archive from its own files, add --own"
    )
    return file.problem("claimed-origin", detail)


def _left_out(file: WarcFile, passed: Counter[str]) -> ImportProblem:
    sorts = ", ".join(f"{count:,} {sort}" for sort, count in passed.most_common() if count)
    detail = f"{passed.total():,} records are no pages of articles and were passed over: {sorts}"
    return file.problem("left-out", detail)
