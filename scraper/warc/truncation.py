"""Compares the length that an answer declares with the bytes that are here.

A page of which a part is missing reads like a shorter page. So a capture that is not whole carries
the reason in ``Capture.cut``, and no article is read from it. This module knows HTTP headers and
bytes, nothing of WARC files or pages.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from scraper.warc.content_encoding import is_plain

if TYPE_CHECKING:
    from collections.abc import Iterable

# In a replay of a Wayback Machine, and in records of Common Crawl, the headers of the page's own
# server have a prefix; those without are of the replay, or describe what the record holds.
PREFIXES = ("", "x-archive-orig-", "x-crawl-")
_NUMBER = re.compile(r"[0-9]{1,18}")
_RANGE = re.compile(r"bytes\s+([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18})", re.IGNORECASE)
# A length of compressed bytes is compared with bytes that may have been decompressed since; what
# compression adds at most to bytes that do not become shorter is less than this.
_ADDED, _ADDED_SHARE = 256, 1.001


def shortfall(
    payload: bytes, body: bytes, headers: Iterable[tuple[str, str]], status: int | None = None
) -> str | None:
    """Return by how much an answer is shorter than its headers declare, None if it is whole.

    More bytes than declared are no shortfall: archives decode bodies and keep the old length.
    Where several lengths are declared, the bytes must be of one of them, or more than the largest.
    A length beside the transfer coding ``chunked`` means nothing (RFC 9112, 6.3).

    Args:
        payload: as held, with its content coding.
        body: without it.
        headers: of the answer; names in any case.
        status: 206 makes it a part unless ``Content-Range`` says otherwise. Answers without a body
            (204, 304) may declare the length of another answer.
    """
    if status in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}:
        return None
    given: dict[str, list[str]] = {}
    for name, value in headers:
        given.setdefault(name.strip().lower(), []).append(value)
    held = max(len(payload), len(body))
    for prefix in PREFIXES:
        if (declared := _declared(given, prefix, held)) is not None:
            name = prefix + "content-length"
            return f"{held:,} of {declared:,} bytes are here, by the header {name}"
    if status == HTTPStatus.PARTIAL_CONTENT:
        return _part(given)
    return None


def _declared(given: dict[str, list[str]], prefix: str, held: int) -> int | None:
    """Return the declared length that the held bytes fall short of, None if they do not."""
    if "chunked" in ",".join(given.get(prefix + "transfer-encoding", ())).lower():
        return None
    values = ",".join(given.get(prefix + "content-length", ())).split(",")
    lengths = [int(value) for value in map(str.strip, values) if _NUMBER.fullmatch(value)]
    if not lengths or held in lengths or held >= max(lengths):
        return None
    if is_plain(",".join(given.get(prefix + "content-encoding", ()))):
        return max(lengths)
    least = min(lengths)
    return least if least > held * _ADDED_SHARE + _ADDED else None


def _part(given: dict[str, list[str]]) -> str | None:
    stated = next(iter(given.get("content-range", ())), "")
    found = _RANGE.fullmatch(stated.strip())
    if found is None:
        return "the answer is a part of the page (HTTP 206)"
    first, last, total = map(int, found.groups())
    if first == 0 and last + 1 >= total:
        return None
    return f"the answer is bytes {first:,} to {last:,} of {total:,} of the page (HTTP 206)"
