"""Bytes to text: finds out which charset a page is written in. Knows nothing of markup beyond that.

Every file of both public corpora is valid UTF-8. Copies in web archives may be older, mislabelled
or damaged, so the bytes are asked before the labels.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHARSET = re.compile(r"charset\s*+=\s*+[\"']?\s*+([\w.:-]+)", re.IGNORECASE)
_META_REACH = 4096  # bytes; the HTML standard looks for the charset in the first 1,024
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# The Latin encodings accept any bytes, and a Thai page labelled so carries a server's default.
_NEVER_THAI = frozenset({"iso8859-1", "cp1252", "ascii"})
_THAI = "cp874"  # a superset of TIS-620


class Decoded(NamedTuple):
    """A page's text.

    Attributes:
        text: the whole page; every undecodable run of bytes is one U+FFFD.
        charset: Python's name of the codec that was used.
        undecodable: how many U+FFFD stand for bytes that could not be decoded.
    """

    text: str
    charset: str
    undecodable: int


def decode(body: bytes, content_type: str = "") -> Decoded:
    """Decode a page.

    The order: a byte order mark; UTF-8 where the bytes are valid UTF-8, since Thai in another
    charset never is; the charset of the header, then of the page's own ``meta``; windows-874.
    A page labelled UTF-8 is held to be a damaged UTF-8 page, never windows-874.

    Args:
        body: the bytes of the page.
        content_type: value of the ``Content-Type`` header, empty where there was none.
    """
    for mark, charset in _BOMS:
        if body.startswith(mark):
            return _decode_with_loss(body, charset)
    labels = _labels(body, content_type)
    charsets = ["utf-8", *labels] if "utf-8" in labels else ["utf-8", *labels, _THAI]
    for charset in charsets:
        try:
            return Decoded(body.decode(charset), charset, 0)
        except UnicodeDecodeError:
            continue
    return _decode_with_loss(body, "utf-8")


def _decode_with_loss(body: bytes, charset: str) -> Decoded:
    text = body.decode(charset, errors="replace")
    genuine = body.count(_REPLACEMENT.encode())
    return Decoded(text, charset, max(0, text.count(_REPLACEMENT) - genuine))


def _labels(body: bytes, content_type: str) -> list[str]:
    """Return the charsets the header and the page name, as far as they are worth trying."""
    head = body[:_META_REACH].decode("ascii", errors="replace")
    labels = (match[1] for match in map(_CHARSET.search, (content_type, head)) if match)
    codecs_found = filter(None, map(_text_codec, labels))
    return [name for name in codecs_found if name not in _NEVER_THAI]


def _text_codec(label: str) -> str | None:
    """Return Python's name of a charset, None where it is unknown or no charset (``base64``)."""
    try:
        codec = codecs.lookup(label)
        b"".decode(codec.name)
    except LookupError:
        return None
    return codec.name
