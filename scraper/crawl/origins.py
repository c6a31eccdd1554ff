"""What an answer is a capture *of*: the page itself, a memento of it, or a record that holds it.

Each lane turns a response into a capture with the page's own address, time and headers. A lane
that finds no capture in an answer says why; nothing is stored then.
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

ORIGIN = "thaigov_lane"  # request.meta: the origin of the capture its response will be
COPY = "thaigov_copy"  # request.meta: the copy that was asked for, of web archives
RENDERED = "thaigov_rendered"  # response.flags: what a browser made of the page, not the site
ORIGINAL = "x-archive-orig-"  # prefix of the page's own headers in a replay
# Headers that describe the bytes as the page's server sent them. The archive may have decoded or
# compressed them since, so these keep their prefix in our record.
RECODED = {ORIGINAL + name for name in ("content-length", "content-encoding", "transfer-encoding")}
REPLACED = {ORIGINAL + "content-type"}  # the replay tells it without prefix, too


class NotACaptureError(Exception):
    """An answer holds no copy of a page; the message says what it is instead."""


def header(response: Response, name: str) -> str:
    """Return a header's value as text, empty where there is none."""
    return (response.headers.get(name) or b"").decode("latin-1")


def is_archived(request: Request, response: Response) -> bool:
    """Say whether an answer is an archived one, whatever its status; else the archive speaks."""
    is_asked_for = request.meta.get(ORIGIN) is Origin.WAYBACK
    return is_asked_for and bool(header(response, "Memento-Datetime").strip())


def live(_request: Request, response: Response, payload: bytes, headers: Headers) -> Incoming:
    """Return the capture of a page of the site itself, or of what a browser made of it."""
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
    )
    return Incoming(capture, payload, headers)


def not_modified(known: Capture, headers: Headers) -> Incoming:
    """Return the capture of an answer that says: as it was (HTTP 304).

    Args:
        known: the newest capture of the same article, with its bytes.
        headers: of the answer.
    """
    seen = known.model_copy(update={"id": None, "fetched_at": now(), "source": None})
    return Incoming(seen, None, headers, not_modified=True)


def memento(request: Request, response: Response, payload: bytes, headers: Headers) -> Incoming:
    """Return the capture that a raw replay (``id_``) of a Wayback Machine holds.

    Its time is the memento's, which after a redirect is not the one that was asked for.

    A copy of another page than the one that was asked for bears the address of the archive that
    gave it, so that nothing takes it for the page (``mementos.is_of_copy``).

    Raises:
        NotACaptureError: the answer has no ``Memento-Datetime``: it is the archive's own page.
    """
    copy: Copy = request.meta[COPY]
    is_other = is_another_page(response, copy)
    leads_away = is_other and HTTPStatus.MULTIPLE_CHOICES <= response.status < 400
    fetched_at = _memento_time(response, copy.timestamp if leads_away else "")
    if not is_raw(response):
        raise NotACaptureError(f"{response.url} is not the page as it came")
    # The page's own headers are told with a prefix; type and coding are those of this answer.
    own = [
        (name if name.lower() in RECODED else name[len(ORIGINAL) :], value)
        for name, value in headers
        if name.lower().startswith(ORIGINAL) and name.lower() not in REPLACED
    ]
    own += [(n, v) for n, v in headers if n.lower() in {"content-type", "content-encoding"}]
    # Not Scrapy's body: the Archive replays some pages compressed twice.
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
    """Return a memento's time; a redirect of the archive itself has that of the copy, 14 digits."""
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
    """Return the capture in a WARC record that was cut out of a file by a range request.

    Raises:
        NotACaptureError: the server sent no such range, or its bytes are not one whole record of
            a response with the digest that it states.
    """
    if response.status != HTTPStatus.PARTIAL_CONTENT:
        raise NotACaptureError(f"HTTP {response.status} instead of the range that was asked for")
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
        changes["url"] = response.url  # the index names another page than the record holds
    capture = incoming.capture.model_copy(update=changes)
    return incoming._replace(capture=capture)


CaptureMaker = Callable[["Request", "Response", bytes, "Headers"], Incoming]

CAPTURE_MAKERS: dict[Origin, CaptureMaker] = {
    Origin.LIVE: live,
    Origin.WAYBACK: memento,
    Origin.COMMONCRAWL: warc_record,
}
