"""Undoes the codings of HTTP bodies: chunks, gzip, deflate, br and zstd.

Headers in web archives cannot be relied on: many writers store a body decoded under the header of
its coding, and replays of the Internet Archive hand out gzip within gzip. So the bytes decide, and
a header that is wrong about them is noted. This module knows nothing of WARC, nor of HTTP beyond
its codings. The compression formats themselves are in ``formats``.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from scraper.warc.formats import FORMATS, FormatError, format_of, looks_complete

MAX_BYTES = 32 << 20  # a page; the largest text of 91,796 real articles has 675,013 bytes
_EXTRA = 2  # how often a coding that no header names is undone; a file can hold itself for ever
_TEXT_REACH = 1000  # in so many bytes of compressed data there is always a control character
_CONTROLS = bytes(range(9))
_UTF16 = (b"\xff\xfe", b"\xfe\xff")  # byte order marks; every second byte of such text may be 0
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\n]*)?\r?\n")
_NAMES = {"gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate", "br": "br", "zstd": "zstd"}


class Decoded(NamedTuple):
    """Bytes with a coding undone.

    Attributes:
        body: what could be decoded; the bytes unchanged where nothing could.
        fault: why the body is damaged or not whole, for a person; None if it is whole.
    """

    body: bytes
    fault: str | None = None


class Undone(NamedTuple):
    """Bytes with all codings undone, and what was wrong with them.

    Attributes:
        body: what could be decoded; the bytes unchanged where nothing could.
        cut: why the body is only a part of what was coded, None if it is all.
        fault: why the bytes cannot be trusted or decoded although none are known to be missing.
        note: how the header was wrong about bytes that could be read.
    """

    body: bytes
    cut: str | None = None
    fault: str | None = None
    note: str | None = None


def is_plain(content_encoding: str) -> bool:
    """Return whether a ``Content-Encoding`` header names no compression that exists."""
    return not any(name in _NAMES for name in _names(content_encoding))


def decode(payload: bytes, content_encoding: str = "") -> Decoded:
    """Return the body of a payload, and why it is not whole; see ``undo`` for more."""
    undone = undo(payload, content_encoding)
    return Decoded(undone.body, undone.cut or undone.fault)


def undo(payload: bytes, content_encoding: str = "") -> Undone:
    """Undo the codings that a ``Content-Encoding`` header names, the last one first.

    Bytes that are not in the format that is named are read as what they are: another format, or
    text. Formats that no header names are undone too: no page of text begins with their marks.
    """
    result, notes, unknown = Undone(payload), [], []
    for name in reversed(_names(content_encoding)):
        if result.cut or result.fault:
            break
        if name not in _NAMES:
            unknown.append(name)
        elif result.body:
            result, note = _as_named(result.body, _NAMES[name])
            notes += [note] if note else []
    for _ in range(_EXTRA):
        extra = format_of(result.body)
        if extra not in {"gzip", "zstd"} or result.cut or result.fault:
            break
        result = _undo(result.body, extra)
        notes.append(f"the bytes are {extra}, which the header does not say")
    if unknown and result.fault is None and result.cut is None and not is_text(result.body):
        named = ", ".join(repr(name) for name in unknown)
        fault = f"the content coding {named} is not known; the body is kept coded"
        result = result._replace(fault=fault)
    notes += [f"{name!r} is no content coding" for name in unknown]
    return result._replace(note="; ".join(notes) or None)


def unchunk(content: bytes) -> Decoded:
    """Undo the transfer coding ``chunked``; content without chunks stays unchanged."""
    body = bytearray()
    position = 0
    while chunk := _CHUNK.match(content, position):
        length = int(chunk[1], 16)
        if length == 0:
            return Decoded(bytes(body))
        end = chunk.end() + length
        if content[end : end + 2] not in {b"\r\n", b""} or (position == 0 and end > len(content)):
            break  # in the first place a number at the head of a text
        body += content[chunk.end() : end]
        position = end + 2
    if position == 0:
        return Decoded(content)
    return Decoded(bytes(body), f"the chunks end early, after {len(body):,} bytes")


def is_text(data: bytes) -> bool:
    """Return whether bytes can be text rather than compressed data."""
    head = data[:_TEXT_REACH]
    return head.startswith(_UTF16) or head.translate(None, _CONTROLS) == head


def _names(content_encoding: str) -> list[str]:
    """Return the names in a header, without parameters and those that mean no coding."""
    names = (name.partition(";")[0].strip(" \t\"'").lower() for name in content_encoding.split(","))
    return [name for name in names if name not in {"", "identity"}]


def _as_named(data: bytes, name: str) -> tuple[Undone, str | None]:
    """Undo a coding; return the result, and how the name was wrong if it was."""
    result, actual = _undo(data, name), format_of(data)
    if result.cut is None and result.fault is None:
        return result, None
    if actual == name:
        return result if result.body else result._replace(body=data), None
    if actual is not None:
        return _undo(data, actual), f"the header says {name}, the bytes are {actual}"
    if is_text(data) and len(result.body) <= len(data):
        return Undone(data), f"the header says {name}, the bytes are not compressed"
    for other in () if result.body else FORMATS:
        found = _undo(data, other) if looks_complete(data, other) else Undone(b"")
        if found.body and not (found.cut or found.fault) and is_text(found.body):
            return found, f"the header says {name}, the bytes are {other}"
    return result if result.body else result._replace(body=data), None


def _undo(data: bytes, name: str) -> Undone:
    """Undo one format; the body is empty where nothing came out."""
    body = bytearray()
    cut = fault = None
    try:
        for piece in FORMATS[name](data):
            body += piece
            if len(body) > MAX_BYTES:
                cut = f"more than {MAX_BYTES:,} bytes come out of {name}; the rest is left"
                break
    except EOFError as error:
        cut = f"damaged {name} coding (it ends {error}) after {len(body):,} bytes"
    except FormatError as error:
        fault = f"damaged {name} coding ({error}) after {len(body):,} bytes"
        if body and not error.at_end:
            cut, fault = fault, None
    return Undone(bytes(body), cut, fault)
