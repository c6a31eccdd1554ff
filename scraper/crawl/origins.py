"""Makes captures of responses: of the page itself, of a memento, or of a WARC record.

There is one function for each origin. It returns a capture with the URL, time and headers of the
page itself, or raises ``NotACaptureError``, and then nothing is stored.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING, Any

from scraper.clock import implausible, now
from scraper.crawl.mementos import is_another_page, is_of_copy, is_raw
from scraper.model import Capture, Incoming, Origin
from scraper.warc.content_encoding import decode_content
from scraper.warc.convert import UnusableRecordError, check_plausible, to_capture
from scraper.warc.headers import values_of
from scraper.warc.record import Record, digest_of
from scraper.warc.records import read_records
from scraper.warc.truncation import shortfall

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

    from scraper.model import Headers
    from scraper.sources.indexes import Copy

ORIGIN = "thaigov_origin"  # request.meta: origin of the capture to make of the response
COPY = "thaigov_copy"  # request.meta: the requested copy of a web archive
ATTACHMENT = "thaigov_attachment"  # request.meta: address of the attachment that is asked for
RENDERED = "thaigov_rendered"  # response.flags: the response is a page rendered by a browser
ORIGINAL = "x-archive-orig-"  # prefix of the page's own headers in a replay
# Headers about the bytes that the page's server sent. The archive may have decoded or compressed
# them since, so these headers keep their prefix in our record.
RECODED = {ORIGINAL + name for name in ("content-length", "content-encoding", "transfer-encoding")}
REPLACED = {ORIGINAL + "content-type"}  # the replay has it without prefix, too


class NotACaptureError(Exception):
    """A response is not a copy of a page; the message says what it is."""


def header(response: Response, name: str) -> str:
    """Return the value of a header, empty if it is missing."""
    return (response.headers.get(name) or b"").decode("latin-1")


def headers_of(response: Response) -> Headers:
    """Return names and values of all headers, in order."""
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )


def accept_status(request: Request, response: Response) -> None:
    """Have Scrapy pass a response to the spider, whatever its status."""
    accepted = request.meta.get("handle_httpstatus_list", [])
    request.meta["handle_httpstatus_list"] = [*accepted, response.status]


def is_archived(request: Request, response: Response) -> bool:
    """Return whether a response is a memento, of any status, not the web archive's own answer."""
    from_archive = request.meta.get(ORIGIN) is Origin.WAYBACK
    return from_archive and bool(header(response, "Memento-Datetime").strip())


def live(request: Request, response: Response, payload: bytes, headers: Headers) -> Incoming:
    """Return the capture of a page fetched from the site or rendered by the browser."""
    rendered = RENDERED in response.flags
    undone = decode_content(payload, "" if rendered else values_of(headers, "Content-Encoding"))
    missing = None if rendered else shortfall(payload, undone.body, headers, response.status)
    capture = Capture(
        url=response.url,
        fetched_at=now(),
        origin=Origin.LIVE,
        status=None if rendered else response.status,
        content_type=header(response, "Content-Type"),
        body=response.body if rendered else undone.body,
        digest=digest_of(payload),
        rendered=rendered,
        cut=missing or undone.cut,
        doubt=undone.fault or undone.note,
        attachment=request.meta.get(ATTACHMENT),
    )
    return Incoming(capture, payload, headers)


def not_modified(known: Capture, headers: Headers) -> Incoming:
    """Return the capture of an HTTP 304 response.

    Args:
        known: the newest capture of the same article or file, with its bytes.
        headers: of the response.
    """
    seen = known.model_copy(update={"id": None, "fetched_at": now(), "source": None})
    return Incoming(seen, None, headers, not_modified=True)


def memento(request: Request, response: Response, payload: bytes, headers: Headers) -> Incoming:
    """Return the capture in a raw replay (``id_``) of a Wayback Machine.

    Its time is that of the memento, which after a redirect differs from the requested one. A copy
    of another page keeps the replay URL, so that it is not mistaken for the requested page
    (``mementos.is_of_copy``).

    Raises:
        NotACaptureError: the response has no ``Memento-Datetime``, so it is the archive's own page.
    """
    copy: Copy = request.meta[COPY]
    is_other = is_another_page(response, copy)
    leads_away = is_other and HTTPStatus.MULTIPLE_CHOICES <= response.status < 400
    fetched_at = _memento_time(response, copy.timestamp if leads_away else "")
    if not is_raw(response):
        raise NotACaptureError(f"{response.url} is not the raw page")
    # The page's own headers have a prefix; type and encoding are those of this response.
    own = [
        (name if name.lower() in RECODED else name[len(ORIGINAL) :], value)
        for name, value in headers
        if name.lower().startswith(ORIGINAL) and name.lower() not in REPLACED
    ]
    own += [(n, v) for n, v in headers if n.lower() in {"content-type", "content-encoding"}]
    # Not Scrapy's body: the Internet Archive replays some pages compressed twice.
    undone = decode_content(payload, values_of(own, "Content-Encoding"))
    capture = Capture(
        url=response.url if is_other else copy.source.partition("id_/")[2],
        fetched_at=fetched_at,
        origin=Origin.WAYBACK,
        status=response.status,
        content_type=header(response, "Content-Type"),
        body=undone.body,
        digest=digest_of(payload),
        source=copy.source,
        cut=undone.cut or shortfall(payload, undone.body, own, response.status),
        doubt=undone.fault or undone.note,
    )
    return Incoming(capture, payload, tuple(own))


def _memento_time(response: Response, otherwise: str) -> datetime:
    """Parse ``Memento-Datetime``; if it is missing, the timestamp ``otherwise`` of 14 digits."""
    stamp = header(response, "Memento-Datetime").strip()
    if not stamp and otherwise:
        return datetime.strptime(otherwise, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    if not stamp:
        raise NotACaptureError(f"HTTP {response.status} without Memento-Datetime")
    try:
        moment = parsedate_to_datetime(stamp)
        fetched_at = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError) as error:
        raise NotACaptureError(f"Memento-Datetime {stamp!r} is not a date") from error
    if (why := implausible(fetched_at)) is not None:
        raise NotACaptureError(f"the Memento-Datetime {why}")
    return fetched_at


def warc_record(
    request: Request, response: Response, payload: bytes, _headers: Headers
) -> Incoming:
    """Return the capture in a WARC record fetched by a range request.

    Raises:
        NotACaptureError: the server did not send the range, or its bytes are not one complete
            response record with the digest that it declares.
    """
    if response.status != HTTPStatus.PARTIAL_CONTENT:
        raise NotACaptureError(f"HTTP {response.status} instead of the requested range")
    copy: Copy = request.meta[COPY]
    found = next(read_records(BytesIO(payload), lambda _fields: True), None)
    if not isinstance(found, Record):
        raise NotACaptureError(f"no WARC record: {found.reason if found else 'no bytes'}")
    try:
        incoming, faults = to_capture(found, file_name=copy.source)
        check_plausible(incoming.capture.fetched_at)
    except UnusableRecordError as error:
        raise NotACaptureError(str(error)) from error
    if wrong := [fault.detail for fault in faults if fault.kind == "digest-mismatch"]:
        raise NotACaptureError(wrong[0])
    changes: dict[str, Any] = {"origin": Origin.COMMONCRAWL}
    if not is_of_copy(incoming.capture, copy):
        changes["url"] = response.url  # the record is of another page than the index says
    capture = incoming.capture.model_copy(update=changes)
    return incoming._replace(capture=capture)


CaptureMaker = Callable[["Request", "Response", bytes, "Headers"], Incoming]

CAPTURE_MAKERS: dict[Origin, CaptureMaker] = {
    Origin.LIVE: live,
    Origin.WAYBACK: memento,
    Origin.COMMONCRAWL: warc_record,
}
