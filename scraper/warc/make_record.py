"""Makes the WARC record of a capture: one gzip member, ready to be appended to a file.

Pure, so that the worker that reads a page can also compress its record.
"""

from __future__ import annotations

import re
import zlib
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from warcio.warcwriter import WARCWriter

from scraper.clock import to_iso
from scraper.model import Scope
from scraper.warc.gzip_members import member_at
from scraper.warc.headers import field_value, status_line
from scraper.warc.own_files import read_record
from scraper.warc.record import (
    ATTACHMENT_FIELD,
    CUT_FIELD,
    DIGEST_PREFIX,
    ORIGIN_FIELD,
    SCOPE_FIELD,
    SOURCE_FIELD,
    WarcError,
)

if TYPE_CHECKING:
    from datetime import datetime

    from warcio.recordloader import ArcWarcRecord

    from scraper.model import Capture, Headers

NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
# Level 9, which warcio uses, takes 2.5 times as long for 2 % less.
COMPRESSION = 6
# A field value that is sure to read back unchanged: printable ASCII, no spaces at either end.
_PLAIN = re.compile(r"[!-~]+(?: [!-~]+)*")


class MadeRecord(NamedTuple):
    """A record that is not in a file yet.

    Attributes:
        member: the record as a gzip member.
        url: ``WARC-Target-URI``.
        record_id: ``WARC-Record-ID``.
    """

    member: bytes
    url: str
    record_id: str


def make_record(
    capture: Capture,
    payload: bytes,
    headers: Headers,
    scope: Scope = Scope.ALL,
    refers_to: str | None = None,
) -> MadeRecord:
    """Return the record of a capture.

    Args:
        capture: without a ``status`` it becomes a ``resource`` record, which has no HTTP headers; a
            rendered one becomes a ``conversion`` of the answer before it.
        payload: the entity as received, with its content coding.
        headers: the known HTTP headers in order.
        scope: which articles the run keeps; written for a capture without a scope.
        refers_to: id of the record that a ``conversion`` was made of.

    Raises:
        WarcError: the record would not read back.
    """
    fields = _fields(capture, scope)
    if capture.cut is not None:
        fields["WARC-Truncated"] = "unspecified"
    if refers_to is not None:
        fields["WARC-Refers-To"] = refers_to
    content_type = capture.content_type if capture.status is None else ""
    record = record_writer().create_warc_record(
        capture.url,
        _record_type(capture),
        payload=BytesIO(payload),
        length=len(payload),
        warc_content_type=content_type,
        warc_headers_dict=fields,
        http_headers=None if capture.status is None else status_line(capture.status, headers),
    )
    values = (capture.url, content_type or "-", *fields.values())
    return _made(record, may_differ=not (capture.status is None and all(map(_is_plain, values))))


def make_revisit(  # noqa: PLR0913 - each is a field of the record
    capture: Capture,
    headers: Headers,
    seen_at: datetime,
    scope: Scope = Scope.ALL,
    *,
    seen_url: str | None = None,
    not_modified: bool = False,
) -> MadeRecord:
    """Return a revisit record, which refers to an earlier record of the same bytes.

    Args:
        capture: what was fetched again.
        headers: HTTP headers of the answer.
        seen_at: time of the earlier capture.
        scope: which articles the run keeps; written for a capture without a scope.
        seen_url: URL of the earlier capture, if that is another one.
        not_modified: the server answered 304, without bytes to compare.

    Raises:
        WarcError: the record would not read back.
    """
    fields = _fields(capture, scope)
    record = record_writer().create_revisit_record(
        capture.url,
        fields.pop("WARC-Payload-Digest"),
        seen_url or capture.url,
        to_iso(seen_at),
        http_headers=status_line(304 if not_modified else capture.status or 0, headers),
        warc_headers_dict=fields,
    )
    if not_modified:
        record.rec_headers.replace_header("WARC-Profile", NOT_MODIFIED)
    return _made(record)


def make_info(name: str, fields: dict[str, str]) -> MadeRecord:
    """Return a ``warcinfo`` record of a file with these fields, one per line."""
    return _made(record_writer().create_warcinfo_record(name, fields))


def record_writer() -> WARCWriter:
    """Return a new writer of uncompressed records into memory."""
    return WARCWriter(BytesIO(), gzip=False, warc_version="1.1")


def _made(record: ArcWarcRecord, *, may_differ: bool = True) -> MadeRecord:
    """Compress a record; read it back if it may differ from what was given.

    Raises:
        WarcError: it does; it would fail in ``verify`` and later runs.
    """
    writer = record_writer()
    writer.write_record(record)
    compressor = zlib.compressobj(COMPRESSION, zlib.DEFLATED, zlib.MAX_WBITS + 16)
    member = compressor.compress(writer.out.getbuffer()) + compressor.flush()
    fields = record.rec_headers
    url: str = fields.get_header("WARC-Target-URI") or ""
    if may_differ:
        _check(member, record)
    return MadeRecord(member, url, fields.get_header("WARC-Record-ID"))


def _check(data: bytes, record: ArcWarcRecord) -> None:
    member = member_at(data, 0)
    found = None if member is None else read_record(member.content)
    expected = record.rec_headers
    digest = (expected.get_header("WARC-Payload-Digest") or "").removeprefix(DIGEST_PREFIX)
    values = (record.rec_type, expected.get_header("WARC-Target-URI"))
    if (
        found is None
        or (found.kind, found.url) != values
        or (found.date, found.digest) != (expected.get_header("WARC-Date"), digest)
    ):
        raise WarcError(f"the WARC record of {values[1]!r} does not read back unchanged")


def _is_plain(value: str) -> bool:
    return _PLAIN.fullmatch(value) is not None


def _fields(capture: Capture, scope: Scope) -> dict[str, str]:
    fields = {
        "WARC-Date": to_iso(capture.fetched_at),
        "WARC-Payload-Digest": DIGEST_PREFIX + capture.digest,
        ORIGIN_FIELD: capture.origin.value,
    }
    if capture.source is not None:
        fields[SOURCE_FIELD] = quote(capture.source)  # names may contain tabs and line ends
    if capture.cut is not None:
        fields[CUT_FIELD] = field_value(capture.cut)
    if capture.attachment is not None:
        fields[ATTACHMENT_FIELD] = quote(capture.attachment)
    if (kept := capture.scope or scope) is not Scope.ALL:
        fields[SCOPE_FIELD] = kept.value
    return fields


def _record_type(capture: Capture) -> str:
    if capture.rendered:
        return "conversion"
    return "resource" if capture.status is None else "response"
