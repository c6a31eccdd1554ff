"""Reads a record of a WARC file of ours back: what it is of, and the capture that it holds."""

from __future__ import annotations

from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from warcio.archiveiterator import ArchiveIterator

from scraper.clock import from_iso, to_iso
from scraper.errors import ReportedError
from scraper.model import Capture, Origin, Scope
from scraper.warc.content_encoding import undo
from scraper.warc.headers import values_of
from scraper.warc.truncation import shortfall

if TYPE_CHECKING:
    from warcio.recordloader import ArcWarcRecord
    from warcio.statusandheaders import StatusAndHeaders

# Extension fields of a record, which any reader may ignore. Without them an import of our own
# files could not tell a corpus file's folder and category, or which lane a page came by.
ORIGIN_FIELD = "X-Thaigov-Origin"
SOURCE_FIELD = "X-Thaigov-Source"
CUT_FIELD = "X-Thaigov-Cut"  # why the bytes are not the whole answer; WARC-Truncated only marks it
SCOPE_FIELD = "X-Thaigov-Scope"  # of runs that did not keep every article
DIGEST_PREFIX = "sha256:"


class WarcError(ReportedError):
    """A WARC file or record cannot be read; the message names the file and the offset."""


def digest_of(payload: bytes) -> str:
    """Return the SHA-256 of a payload in hexadecimal, the ``digest`` of a capture."""
    return sha256(payload).hexdigest()


class Record(NamedTuple):
    """What stands in a record.

    Attributes:
        kind: ``warcinfo``, ``response``, ``resource``, ``revisit`` …
        url, date: what it is of, and of when; date as ISO text. None in a ``warcinfo``.
        digest: SHA-256 of the payload; in a ``revisit`` that of the record it repeats.
        is_ours: written by this program.
        cut: why its payload, or the one it repeats, is not the whole answer.
        scope: of the run that wrote it, where that did not keep every article.
        capture: None for a record without a payload.
        fields, http: its own headers, and those of the HTTP answer in it.
    """

    kind: str
    url: str | None
    date: str | None
    digest: str | None
    is_ours: bool
    cut: str | None
    scope: Scope | None
    capture: Capture | None
    fields: StatusAndHeaders
    http: StatusAndHeaders | None


def read_record(content: bytes) -> Record:
    """Return the record that a gzip member holds.

    Raises:
        WarcError: it holds none.
    """
    try:
        record = next(iter(ArchiveIterator(BytesIO(content))))
        if (date := record.rec_headers.get_header("WARC-Date")) is not None:
            to_iso(from_iso(date))
        capture = _capture_of(record)
    except Exception as error:  # warcio raises many kinds for damaged bytes
        raise WarcError(f"a gzip member without a readable record ({error})") from error
    fields = record.rec_headers
    declared = fields.get_header("WARC-Payload-Digest") or ""
    return Record(
        record.rec_type,
        fields.get_header("WARC-Target-URI"),
        fields.get_header("WARC-Date"),
        capture.digest if capture else declared.removeprefix(DIGEST_PREFIX),
        fields.get_header(ORIGIN_FIELD) is not None,
        capture.cut if capture else fields.get_header(CUT_FIELD),
        scope_of(fields),
        capture,
        fields,
        record.http_headers,
    )


def _capture_of(record: ArcWarcRecord) -> Capture | None:
    if record.rec_type not in {"response", "resource", "conversion"}:
        return None
    fields, http = record.rec_headers, record.http_headers
    # The digest is of the payload as stored; the body has its content coding undone.
    payload = record.raw_stream.read()
    coding = values_of(http.headers, "Content-Encoding") if http else ""
    source = fields.get_header(SOURCE_FIELD)
    content_type = http.get_header("Content-Type") if http else fields.get_header("Content-Type")
    undone = undo(payload, coding)
    status = int(http.get_statuscode()) if http else None
    missing = http and shortfall(payload, undone.body, http.headers, status)
    truncated = fields.get_header("WARC-Truncated") and "the record is marked as truncated"
    return Capture(
        url=fields.get_header("WARC-Target-URI"),
        fetched_at=from_iso(fields.get_header("WARC-Date")),
        origin=Origin(fields.get_header(ORIGIN_FIELD) or Origin.WARC),
        status=status,
        content_type=content_type or "",
        body=undone.body,
        digest=digest_of(payload),
        source=None if source is None else unquote(source),
        rendered=record.rec_type == "conversion",
        cut=fields.get_header(CUT_FIELD) or undone.cut or missing or truncated,
        doubt=undone.fault or undone.note,
        scope=scope_of(fields),
    )


def scope_of(fields: StatusAndHeaders) -> Scope | None:
    """Return the scope that a record of ours names, None if it names none."""
    named = fields.get_header(SCOPE_FIELD)
    return Scope(named) if named in set(Scope) else None
