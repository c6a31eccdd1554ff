"""Turns WARC records into captures: date, origin, payload, body, digest and scope.

Every capture that is read from a WARC file is made here: an archive's own files, files of other
programs, and records cut out of Common Crawl's files. Doubts about a record become named faults
beside its capture.
"""

from __future__ import annotations

import hashlib
from base64 import b32encode
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from scraper.clock import from_iso, implausible
from scraper.model import Capture, Incoming, Origin, Scope
from scraper.warc.content_encoding import Unchunked, decode_content, unchunk
from scraper.warc.headers import values_of
from scraper.warc.record import (
    ATTACHMENT_FIELD,
    CUT_FIELD,
    ORIGIN_FIELD,
    SCOPE_FIELD,
    SOURCE_FIELD,
    digest_of,
)
from scraper.warc.truncation import shortfall

if TYPE_CHECKING:
    from collections.abc import Iterable

    from warcio.statusandheaders import StatusAndHeaders

    from scraper.warc.record import Record

_DIGESTS = frozenset({"md5", "sha1", "sha256", "sha512"})


class Fault(NamedTuple):
    """A doubt about a record: a kind of ``ImportProblem`` and a sentence."""

    kind: str
    detail: str


class UnusableRecordError(Exception):
    """A record cannot become a capture.

    Attributes:
        kind: of ``ImportProblem``.
    """

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind


class Converted(NamedTuple):
    """A capture made from a record, with the doubts about it."""

    incoming: Incoming
    faults: list[Fault]


def claims_to_be_ours(fields: StatusAndHeaders) -> bool:
    """Return whether a record claims that a thaigov archive wrote it, which anyone can forge."""
    return fields.get_header(ORIGIN_FIELD) in set(Origin)


def warc_date(text: str | None) -> datetime:
    """Parse a ``WARC-Date`` to whole seconds; without a zone it is UTC, as the standard says.

    Raises:
        UnusableRecordError: it is missing or not a date.
    """
    for parse in (datetime.fromisoformat, from_iso):
        try:
            moment = parse(text or "")
            aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            return aware.astimezone(UTC).replace(microsecond=0)
        except (ValueError, OverflowError):
            continue
    raise UnusableRecordError("no-date", f"expected a WARC-Date, found {text!r}")


def check_plausible(fetched_at: datetime) -> None:
    """Raise UnusableRecordError if no page can have been fetched then."""
    if (why := implausible(fetched_at)) is not None:
        raise UnusableRecordError("implausible-date", f"the WARC-Date {why}")


def scope_of(fields: StatusAndHeaders) -> Scope | None:
    """Return the scope of the run that wrote a record, None if the record does not say."""
    named = fields.get_header(SCOPE_FIELD)
    return Scope(named) if named in set(Scope) else None


def to_capture(
    record: Record, *, own: bool = False, file_name: str | None = None, torn: str | None = None
) -> Converted:
    """Return the capture of a ``response``, ``resource`` or ``conversion`` record.

    The transfer coding and its header are removed for good; the content coding is undone in the
    capture's body only.

    Args:
        record: with its content.
        own: this program wrote the record: trust its origin, source and scope. Its payload was
            stored without transfer coding.
        file_name: becomes the source of the capture, unless the record is trusted.
        torn: why the file contains only a part of the record.

    Raises:
        UnusableRecordError: it has no usable date or status.
    """
    fields, http, content = record.fields, record.http, record.content or b""
    if record.kind == "response" and http is None:
        raise UnusableRecordError("no-status", "expected HTTP headers, found none")
    headers = http.headers if http else []
    chunked = "chunked" in values_of(headers, "Transfer-Encoding").lower()
    payload, chunk_cut = unchunk(content) if chunked and not own else Unchunked(content)
    body, cut, fault, note = decode_content(payload, values_of(headers, "Content-Encoding"))
    status = _status(http)
    truncated = fields.get_header("WARC-Truncated")
    missing = (
        torn
        or (own and fields.get_header(CUT_FIELD))
        or (truncated and f"the record's writer cut it ({truncated})")
        or (fields.get_header("WARC-Segment-Number") and "it is one segment of a longer record")
        or shortfall(payload, body, headers, status)
    )
    capture = Capture(
        url=fields.get_header("WARC-Target-URI"),
        fetched_at=warc_date(fields.get_header("WARC-Date")),
        status=status,
        content_type=_header_value(http or fields, "Content-Type"),
        body=body,
        digest=digest_of(payload),
        rendered=record.kind == "conversion",
        cut=missing or chunk_cut or cut,
        doubt=fault or note,
        **_provenance(fields, own=own, file_name=file_name),
    )
    # Content-Length beside chunks is not the length of the body.
    dropped = {"transfer-encoding"} | ({"content-length"} if chunked else set())
    kept = tuple((name, value) for name, value in headers if name.lower() not in dropped)
    faults = [Fault("damaged-coding", text) for text in (chunk_cut, cut, fault) if text]
    if missing:
        faults.append(Fault("truncated", missing))
    else:  # a part does not match the digest of the whole
        faults += _digest_faults(fields, (content, payload, body))
    return Converted(Incoming(capture, payload, kept), faults)


def revisit_to_capture(
    record: Record, original: Incoming, *, own: bool = False, file_name: str | None = None
) -> Incoming:
    """Return the capture of a ``revisit`` record: its own time, the bytes of the original.

    Raises:
        UnusableRecordError: it has no usable date or status.
    """
    fields, http = record.fields, record.http
    status = _status(http)
    # A 304 repeats the status and type of the original.
    is_answer = http is not None and status != HTTPStatus.NOT_MODIFIED
    content_type = _header_value(http, "Content-Type") if is_answer else ""
    capture = original.capture.model_copy(
        update={
            "url": fields.get_header("WARC-Target-URI"),
            "fetched_at": warc_date(fields.get_header("WARC-Date")),
            "status": status if is_answer else original.capture.status,
            "content_type": content_type or original.capture.content_type,
            # In a revisit of another writer, WARC-Truncated only says that the bytes are left out.
            "cut": fields.get_header(CUT_FIELD) if own else original.capture.cut,
            **_provenance(fields, own=own, file_name=file_name),
        }
    )
    # The bytes keep the original's content coding, whatever the headers of this answer say.
    return Incoming(capture, original.payload, original.headers)


def _provenance(fields: StatusAndHeaders, *, own: bool, file_name: str | None) -> dict[str, Any]:
    """Return origin, source and scope of a capture, and the attachment it is of.

    Raises:
        ValueError: a trusted record names an unknown origin.
    """
    if not own:
        return {"origin": Origin.WARC, "source": file_name, "scope": None, "attachment": None}
    source, attachment = (fields.get_header(name) for name in (SOURCE_FIELD, ATTACHMENT_FIELD))
    return {
        "origin": Origin(fields.get_header(ORIGIN_FIELD) or Origin.WARC),
        "source": None if source is None else unquote(source),
        "scope": scope_of(fields),
        "attachment": None if attachment is None else unquote(attachment),
    }


def _status(http: StatusAndHeaders | None) -> int | None:
    """Return the HTTP status, None if the record has no HTTP headers.

    Raises:
        UnusableRecordError: the status line contains no status.
    """
    if http is None:
        return None
    code = http.get_statuscode()
    if not (len(code) <= 3 and code.isascii() and code.isdecimal()):
        raise UnusableRecordError(
            "no-status", f"expected an HTTP status, found {http.statusline!r}"
        )
    return int(code)


def _header_value(headers: StatusAndHeaders | None, name: str) -> str:
    return (headers.get_header(name) or "").strip() if headers else ""


def _digest_faults(fields: StatusAndHeaders, bodies: Iterable[bytes]) -> list[Fault]:
    """Return a fault if a record's payload digest matches none of the forms of its body.

    The standard means the payload without its transfer coding; some writers took the bytes as
    stored, or the decoded body. Digests of unknown algorithms are not checked.
    """
    stated = fields.get_header("WARC-Payload-Digest") or ""
    algorithm, _, value = stated.partition(":")
    name = algorithm.strip().lower().replace("-", "")
    if name not in _DIGESTS:
        return []
    for body in bodies:
        digest = hashlib.new(name, body, usedforsecurity=False)
        if value.strip().lower() in {digest.hexdigest(), _base32(digest.digest())}:
            return []
    return [Fault("digest-mismatch", f"the payload does not match its digest {stated}; it is kept")]


def _base32(digest: bytes) -> str:
    return b32encode(digest).decode("ascii").rstrip("=").lower()
