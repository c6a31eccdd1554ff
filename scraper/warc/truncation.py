"""Compares the length that an answer declares with the bytes that were received.

A truncated page looks just like a shorter page. So an incomplete capture carries the reason in
``Capture.cut``, and no article is read from it.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from scraper.warc.content_encoding import is_uncompressed

if TYPE_CHECKING:
    from collections.abc import Iterable

# In Wayback replays and Common Crawl records, the headers of the page's own server have a prefix;
# those without it belong to the replay, or describe the record's content.
_HEADER_PREFIXES = ("", "x-archive-orig-", "x-crawl-")
_LENGTH = re.compile(r"[0-9]{1,18}")
_CONTENT_RANGE = re.compile(r"bytes\s+([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18})", re.IGNORECASE)
# The declared length may be of compressed bytes and the received bytes decompressed since. These
# limits exceed what compression adds to incompressible bytes.
_ADDED, _ADDED_SHARE = 256, 1.001


def shortfall(
    payload: bytes, body: bytes, headers: Iterable[tuple[str, str]], status: int | None = None
) -> str | None:
    """Return by how much an answer is shorter than its headers declare, None if it is complete.

    More bytes than declared are accepted: archives decode bodies and keep the old length. If
    several lengths are declared, the bytes must match one of them or exceed the largest. A length
    beside the transfer coding ``chunked`` is ignored (RFC 9112, 6.3).

    Args:
        payload: as stored, with its content coding.
        body: without its content coding.
        headers: of the answer; names in any case.
        status: with 206 the answer is a part unless ``Content-Range`` says otherwise; with another
            status, if ``Content-Range`` says so. Answers without a body (204, 304) may declare the
            length of another answer.
    """
    if status in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}:
        return None
    given: dict[str, list[str]] = {}
    for name, value in headers:
        given.setdefault(name.strip().lower(), []).append(value)
    received = max(len(payload), len(body))
    for prefix in _HEADER_PREFIXES:
        if (declared := _declared(given, prefix, received)) is not None:
            name = prefix + "content-length"
            return f"{received:,} of {declared:,} bytes received, by the header {name}"
    is_part = status == HTTPStatus.PARTIAL_CONTENT
    return _partial_range(given) if is_part or _states_part(given) else None


def _declared(given: dict[str, list[str]], prefix: str, received: int) -> int | None:
    """Return the declared length if fewer bytes were received, else None."""
    if "chunked" in ",".join(given.get(prefix + "transfer-encoding", ())).lower():
        return None
    values = ",".join(given.get(prefix + "content-length", ())).split(",")
    lengths = [int(value) for value in map(str.strip, values) if _LENGTH.fullmatch(value)]
    if not lengths or received in lengths or received >= max(lengths):
        return None
    if is_uncompressed(",".join(given.get(prefix + "content-encoding", ()))):
        return max(lengths)
    least = min(lengths)
    return least if least > received * _ADDED_SHARE + _ADDED else None


def _states_part(given: dict[str, list[str]]) -> bool:
    """Return whether ``Content-Range`` states first, last and total; archives turn 206 into 200."""
    return any(_CONTENT_RANGE.fullmatch(value.strip()) for value in _ranges(given))


def _ranges(given: dict[str, list[str]]) -> list[str]:
    return [
        value for prefix in _HEADER_PREFIXES for value in given.get(prefix + "content-range", ())
    ]


def _partial_range(given: dict[str, list[str]]) -> str | None:
    stated = next(iter(_ranges(given)), "")
    found = _CONTENT_RANGE.fullmatch(stated.strip())
    if found is None:
        return "the answer is a part of the page (HTTP 206)"
    first, last, total = map(int, found.groups())
    if first == 0 and last + 1 >= total:
        return None
    return f"the answer is bytes {first:,} to {last:,} of {total:,} of the page (HTTP 206)"
