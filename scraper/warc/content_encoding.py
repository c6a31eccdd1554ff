"""Decodes HTTP bodies: chunked transfer coding, gzip, deflate, br and zstd.

Headers in web archives are unreliable: many writers store a decoded body under its old
``Content-Encoding``, and the Internet Archive replays gzip inside gzip. So the bytes decide, and a
header that contradicts them is noted. The compression formats are in ``formats``.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from scraper.warc.formats import FORMATS, CompressionError, compression_of, looks_complete

MAX_BYTES = 32 << 20  # a page; the largest text of 91,796 real articles has 675,013 bytes
_MAX_UNNAMED = 2  # layers of compression removed that no header names; a file can contain itself
_TEXT_HEAD = 1000  # this many bytes of compressed data always contain a control character
_CONTROL_BYTES = bytes(range(9))
_UTF16 = (b"\xff\xfe", b"\xfe\xff")  # byte order marks; every second byte of such text may be 0
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\n]*)?\r?\n")
_CODINGS = {"gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate", "br": "br", "zstd": "zstd"}


class DecodedContent(NamedTuple):
    """A body without its content coding.

    Attributes:
        body: the decoded bytes; the input unchanged if nothing could be decoded.
        cut: why bytes are missing at the end; None if the body is complete.
        fault: why the body is damaged or still encoded, although no bytes are known to be missing.
        note: how the header contradicts the bytes; they were decoded anyway.
    """

    body: bytes
    cut: str | None = None
    fault: str | None = None
    note: str | None = None


class Unchunked(NamedTuple):
    """A body without the ``chunked`` transfer coding.

    Attributes:
        body: the content of the chunks; the input unchanged if it is not chunked.
        cut: why bytes are missing at the end; None if the body is complete.
    """

    body: bytes
    cut: str | None = None


def is_uncompressed(content_encoding: str) -> bool:
    """Return whether a ``Content-Encoding`` header names none of the known compressions."""
    return not any(name in _CODINGS for name in _coding_names(content_encoding))


def decode_content(payload: bytes, content_encoding: str = "") -> DecodedContent:
    """Undo the codings that a ``Content-Encoding`` header names, the last one first.

    Bytes in another format than the named one are read as that format, or as text. gzip and zstd
    are also undone if no header names them: no page of text begins with their magic numbers.
    """
    result, notes, unknown = DecodedContent(payload), [], []
    for name in reversed(_coding_names(content_encoding)):
        if result.cut or result.fault:
            break
        if name not in _CODINGS:
            unknown.append(name)
        elif result.body:
            result, note = _decode_named(result.body, _CODINGS[name])
            notes += [note] if note else []
    for _ in range(_MAX_UNNAMED):
        extra = compression_of(result.body)
        if extra not in {"gzip", "zstd"} or result.cut or result.fault:
            break
        result = _decode_format(result.body, extra)
        notes.append(f"the bytes are {extra}, which the header does not say")
    if unknown and not (result.fault or result.cut or is_text(result.body)):
        result, note = _decode_unnamed(result)
        notes += [note] if note else []
    if unknown and result.fault is None and result.cut is None and not is_text(result.body):
        named = ", ".join(repr(name) for name in unknown)
        fault = f"unknown content coding {named}; the body is kept as it is"
        result = result._replace(fault=fault)
    notes += [f"{name!r} is not a content coding" for name in unknown]
    return result._replace(note="; ".join(notes) or None)


def unchunk(content: bytes) -> Unchunked:
    """Undo the ``chunked`` transfer coding; return content without chunks unchanged."""
    body = bytearray()
    position = 0
    while chunk := _CHUNK.match(content, position):
        length = int(chunk[1], 16)
        if length == 0:
            return Unchunked(bytes(body))
        end = chunk.end() + length
        if content[end : end + 2] not in {b"\r\n", b""} or (position == 0 and end > len(content)):
            break  # at position 0, it may be a text that begins with a number
        body += content[chunk.end() : end]
        position = end + 2
    if position == 0:
        return Unchunked(content)
    return Unchunked(bytes(body), f"the chunks end early, after {len(body):,} bytes")


def is_text(data: bytes) -> bool:
    """Return whether bytes can be text rather than compressed data."""
    head = data[:_TEXT_HEAD]
    return head.startswith(_UTF16) or head.translate(None, _CONTROL_BYTES) == head


def _coding_names(content_encoding: str) -> list[str]:
    """Return the codings in a header in order, without parameters and ``identity``."""
    names = (name.partition(";")[0].strip(" \t\"'").lower() for name in content_encoding.split(","))
    return [name for name in names if name not in {"", "identity"}]


def _decode_named(data: bytes, name: str) -> tuple[DecodedContent, str | None]:
    """Undo a named coding; return the result, and how the name was wrong, if it was."""
    result, actual = _decode_format(data, name), compression_of(data)
    if result.cut is None and result.fault is None:
        return result, None
    if actual == name:
        return result if result.body else result._replace(body=data), None
    if actual is not None:
        return _decode_format(data, actual), f"the header says {name}, the bytes are {actual}"
    if is_text(data) and len(result.body) <= len(data):
        return DecodedContent(data), f"the header says {name}, the bytes are not compressed"
    if not result.body and (found := _text_in(data)) is not None:
        return found[0], f"the header says {name}, the bytes are {found[1]}"
    return result if result.body else result._replace(body=data), None


def _decode_unnamed(result: DecodedContent) -> tuple[DecodedContent, str | None]:
    """Undo the format in which bytes are a text; return the result, and the format if found."""
    found = _text_in(result.body)
    return (found[0], f"the bytes are {found[1]}") if found else (result, None)


def _text_in(data: bytes) -> tuple[DecodedContent, str] | None:
    """Return the whole text that bytes contain in some format, and the format; else None."""
    for name in FORMATS:
        found = _decode_format(data, name) if looks_complete(data, name) else DecodedContent(b"")
        if found.body and not (found.cut or found.fault) and is_text(found.body):
            return found, name
    return None


def _decode_format(data: bytes, name: str) -> DecodedContent:
    """Decompress one format; the body is empty if nothing could be decompressed."""
    body = bytearray()
    cut = fault = None
    try:
        for piece in FORMATS[name](data):
            body += piece
            if len(body) > MAX_BYTES:
                cut = f"{name} decompresses to more than {MAX_BYTES:,} bytes; the rest is dropped"
                break
    except EOFError as error:
        cut = f"damaged {name} coding (it ends {error}) after {len(body):,} bytes"
    except CompressionError as error:
        fault = f"damaged {name} coding ({error}) after {len(body):,} bytes"
        if body and not error.at_end:
            cut, fault = fault, None
    return DecodedContent(bytes(body), cut, fault)
