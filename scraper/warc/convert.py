"""Makes captures of WARC records: the time, the origin, the payload, the body, the digest.

What is doubtful about a record becomes a named fault beside its capture. This module knows no
files: which records are wanted, and what a revisit repeats, is for ``warc``.
"""

from __future__ import annotations

import hashlib
from base64 import b32encode
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from scraper.clock import implausible
from scraper.model import Capture, Incoming, Origin
from scraper.warc.content_encoding import Decoded, unchunk, undo
from scraper.warc.headers import values_of
from scraper.warc.truncation import shortfall
from scraper.warc.writer import CUT_FIELD, ORIGIN_FIELD, SOURCE_FIELD, digest_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from warcio.statusandheaders import StatusAndHeaders

    from scraper.warc.records import Record

_DIGESTS = frozenset({"md5", "sha1", "sha256", "sha512"})


class Fault(NamedTuple):
    """What is doubtful about a record: a kind of ``ImportProblem`` and a sentence."""

    kind: str
    detail: str


class UnusableRecordError(Exception):
    """A record cannot become a capture; the message says why.

    Attributes:
        kind: of ``ImportProblem``.
    """

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind


class Made(NamedTuple):
    """A capture made of a record, with what is doubtful about it."""

    incoming: Incoming
    faults: list[Fault]


def is_ours(fields: StatusAndHeaders) -> bool:
    """Whether a record says that this program wrote it, which anybody's record can."""
    return fields.get_header(ORIGIN_FIELD) in set(Origin)


def date_of(text: str | None) -> datetime:
    """Return a ``WARC-Date`` in whole seconds; one without a zone is UTC, as the standard says.

    Raises:
        UnusableRecordError: there is none, it is no date, or no page can have been fetched then.
    """
    try:
        moment = datetime.fromisoformat(text or "")
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        fetched_at = aware.astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError) as error:
        raise UnusableRecordError("no-date", f"expected a WARC-Date, found {text!r}") from error
    if (why := implausible(fetched_at)) is not None:
        raise UnusableRecordError("implausible-date", f"the WARC-Date {why}")
    return fetched_at


def status_of(http: StatusAndHeaders | None) -> int | None:
    """Return the HTTP status, None where the record is no HTTP record.

    Raises:
        UnusableRecordError: the status line holds no number.
    """
    if http is None:
        return None
    code = http.get_statuscode()
    if not (len(code) == 3 and code.isascii() and code.isdecimal()):
        raise UnusableRecordError(
            "no-status", f"expected an HTTP status, found {http.statusline!r}"
        )
    return int(code)


def make(record: Record, file_name: str, *, own: bool = False, torn: str | None = None) -> Made:
    """Make the capture of a ``response``, ``resource`` or ``conversion`` record.

    The transfer coding is undone for good, and its header goes; the content coding is undone in
    the capture's body only.

    Args:
        record: with its content.
        file_name: where it stands, the source of captures that name no other.
        own: what the record says of its origin is believed.
        torn: why the file holds only a part of the record.

    Raises:
        UnusableRecordError: it cannot be one.
    """
    fields, http, content = record.fields, record.http, record.content or b""
    if record.kind == "response" and http is None:
        raise UnusableRecordError("no-status", "expected HTTP headers, found none")
    headers = http.headers if http else []
    chunked = "chunked" in values_of(headers, "Transfer-Encoding").lower()
    payload, chunk_fault = unchunk(content) if chunked else Decoded(content)
    body, cut, fault, note = undo(payload, values_of(headers, "Content-Encoding"))
    status = status_of(http)
    truncated = fields.get_header("WARC-Truncated")
    missing = (
        torn
        or (own and fields.get_header(CUT_FIELD))
        or (truncated and f"whoever wrote the record cut it ({truncated})")
        or shortfall(payload, body, headers, status)
    )
    capture = Capture(
        url=fields.get_header("WARC-Target-URI"),
        fetched_at=date_of(fields.get_header("WARC-Date")),
        origin=_origin(fields, own=own),
        status=status,
        content_type=_header(http or fields, "Content-Type"),
        body=body,
        digest=digest_of(payload),
        source=_source(fields, file_name, own=own),
        rendered=record.kind == "conversion",
        cut=missing or chunk_fault or cut,
        doubt=fault or note,
    )
    # A length beside chunks is not that of the body.
    dropped = {"transfer-encoding"} | ({"content-length"} if chunked else set())
    kept = tuple((name, value) for name, value in headers if name.lower() not in dropped)
    faults = [Fault("damaged-coding", text) for text in (chunk_fault, cut, fault) if text]
    if missing:
        faults.append(Fault("truncated", missing))
    if not missing:  # the digest of the whole does not fit a part
        faults += _digest_faults(fields, (content, payload, body))
    return Made(Incoming(capture, payload, kept), faults)


def repeat(record: Record, original: Incoming, file_name: str, *, own: bool = False) -> Incoming:
    """Make the capture of a ``revisit`` record: its own time, the bytes of the original.

    Raises:
        UnusableRecordError: it has no usable date or status.
    """
    fields, http = record.fields, record.http
    status = status_of(http)
    told = (
        http is not None and status != HTTPStatus.NOT_MODIFIED
    )  # else the original's headers are told
    capture = original.capture.model_copy(
        update={
            "url": fields.get_header("WARC-Target-URI"),
            "fetched_at": date_of(fields.get_header("WARC-Date")),
            "origin": _origin(fields, own=own),
            "source": _source(fields, file_name, own=own),
            "status": status if told else original.capture.status,
            "content_type": (_header(http, "Content-Type") if told else "")
            or original.capture.content_type,
            # Our own revisits say it of themselves. WARC-Truncated in a revisit of another writer
            # only means that the bytes are left out.
            "cut": fields.get_header(CUT_FIELD) if own else original.capture.cut,
        }
    )
    # The coding of the bytes is the original's, whatever this answer's headers say.
    return Incoming(capture, original.payload, original.headers)


def _origin(fields: StatusAndHeaders, *, own: bool) -> Origin:
    return Origin(fields.get_header(ORIGIN_FIELD)) if own else Origin.WARC


def _source(fields: StatusAndHeaders, file_name: str, *, own: bool) -> str | None:
    if not own:
        return file_name
    source = fields.get_header(SOURCE_FIELD)
    return None if source is None else unquote(source)


def _header(headers: StatusAndHeaders | None, name: str) -> str:
    return (headers.get_header(name) or "").strip() if headers else ""


def _digest_faults(fields: StatusAndHeaders, bodies: Iterable[bytes]) -> list[Fault]:
    """Return a fault if the digest that a record states fits none of the forms of its body.

    The standard means the payload without its transfer coding; writers have also taken the bytes
    as they stand in the record, or the decoded body. Digests of unknown kinds are not checked.
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
    return [Fault("digest-mismatch", f"the payload does not fit its digest {stated}; it is kept")]


def _base32(digest: bytes) -> str:
    return b32encode(digest).decode("ascii").rstrip("=").lower()
