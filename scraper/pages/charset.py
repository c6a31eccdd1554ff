"""Bytes to text: finds out which charset a page is written in. Knows nothing of markup beyond that.

Every file of both public corpora is valid UTF-8. Copies in web archives may be older, mislabelled
or damaged, so the bytes decide before the labels do. Labels are those of the WHATWG Encoding
standard; names that only Python knows, such as ``utf-7`` or ``idna``, are not believed.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from w3lib.encoding import resolve_encoding

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHARSET = re.compile(r"charset\s*+=\s*+[\"']?\s*+([\w.:-]+)", re.IGNORECASE)
_META_REACH = 4096  # bytes; the HTML standard looks for the charset in the first 1,024
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_UTF_8, _THAI = "utf-8", "cp874"  # cp874 is windows-874, a superset of TIS-620
# Python's names of the encodings of the WHATWG standard. A page that is labelled UTF-16 and has
# neither a byte order mark nor NUL is no such page.
# fmt: off
_CODECS = frozenset({
    _UTF_8, _THAI, "cp866", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", "gbk", "gb18030",
    "big5", "big5hkscs", "euc_jp", "iso2022_jp", "cp932", "shift_jis", "euc_kr", "cp949",
    *(f"cp{number}" for number in range(1250, 1259)),
    *(f"iso8859-{number}" for number in range(2, 17)),
})
# fmt: on
_ALIASES = {"dos-874": _THAI}  # a label of the standard that w3lib lacks

_UTF_16 = re.compile(rb"(?:\s\0)*+(<\0[!?a-zA-Z]\0)|(?:\0\s)*+\0<\0[!?a-zA-Z]")
_NON_ASCII = re.compile("[^\0-\x7f]")
_THAI_LETTER = re.compile("[ก-๛]")
_MISPLACED_MARK = re.compile("(?<![ก-ฮัิ-ฺ็-๎])[ัิ-ฺ็-๎]")
_VOWEL = re.compile("[ะ-ฺเ-๎]")
_LATIN = "cp1252"  # the label of many servers that were never set up
_LEAST_THAI = 3  # letters that show that a text is Thai


class Decoded(NamedTuple):
    """A page's text.

    Attributes:
        text: the whole page; every undecodable run of bytes is one U+FFFD.
        charset: Python's name of the codec that was used.
        undecodable: how many U+FFFD stand for bytes that could not be decoded.
        false_label: the charset that the page claims to be in and is not; empty if there is none.
    """

    text: str
    charset: str
    undecodable: int
    false_label: str = ""


def decode(body: bytes, content_type: str = "") -> Decoded:
    """Decode a page with the least loss.

    The order: a byte order mark; UTF-16 where a tag in it begins the page; UTF-8 where the bytes
    are valid or damaged UTF-8; windows-874 where that makes Thai of them; else whichever of the
    charsets that the header and the page's own ``meta`` name loses least.

    Args:
        body: the bytes of the page.
        content_type: value of the ``Content-Type`` header, empty where there was none.
    """
    for mark, charset in _BOMS:
        if body.startswith(mark):
            return _decode(body, charset)
    if charset := _utf_16_of(body):
        return _decode(body, charset)
    labels = _labels(body, content_type)
    decoded = _by_bytes(body, [codec for label in labels if (codec := _codec(label))])
    claimed = labels[0] if labels else ""
    is_false = bool(claimed) and not body.isascii() and _codec(claimed) != decoded.charset
    return decoded._replace(false_label=claimed if is_false else "")


def _by_bytes(body: bytes, labelled: list[str]) -> Decoded:
    utf_8 = _decode(body, _UTF_8)
    if not utf_8.undecodable:
        return utf_8
    whole = len(_NON_ASCII.findall(utf_8.text)) - utf_8.undecodable
    if utf_8.undecodable <= whole:
        return utf_8  # damaged: in another charset few bytes happen to be valid UTF-8
    thai = _decode(body, _THAI)
    charsets = [codec for codec in labelled if codec != _UTF_8] if labelled else [_THAI]
    if _is_thai(thai.text, is_disputed=any(codec not in (_THAI, _LATIN) for codec in charsets)):
        return thai
    found = [*(_decode(body, codec) for codec in charsets), utf_8]
    return min(found, key=lambda decoded: decoded.undecodable)


def _decode(body: bytes, charset: str) -> Decoded:
    text = body.decode(charset, errors="replace")
    if _REPLACEMENT not in text:
        return Decoded(text, charset, 0)
    genuine = len(body.decode(charset, errors="ignore").split(_REPLACEMENT)) - 1
    return Decoded(text, charset, max(0, text.count(_REPLACEMENT) - genuine))


def _is_thai(text: str, *, is_disputed: bool) -> bool:
    """Whether a text that was decoded as Thai is: letters, with the marks where marks can be.

    Args:
        text: the text.
        is_disputed: whether the page claims to be in another charset than Thai or Latin. Then one
            letter in five must be a vowel or mark, which Chinese or Korean read as Thai lacks.
    """
    letters = len(_THAI_LETTER.findall(text))
    misplaced = len(_MISPLACED_MARK.findall(text))
    others = len(_NON_ASCII.findall(text)) - letters
    vowels = len(_VOWEL.findall(text)) if is_disputed else letters
    return (
        letters >= _LEAST_THAI
        and others <= letters
        and misplaced * 20 <= letters
        and vowels * 5 >= letters
    )


def _utf_16_of(body: bytes) -> str:
    """Return the name of UTF-16 in the byte order of a page without a mark, empty for others."""
    match = _UTF_16.match(body)
    return "" if match is None else "utf-16-le" if match[1] else "utf-16-be"


def _labels(body: bytes, content_type: str) -> list[str]:
    """Return the charsets the header and the page name, as written."""
    head = body[:_META_REACH].decode("ascii", errors="replace")
    return [match[1] for match in map(_CHARSET.search, (content_type, head)) if match]


def _codec(label: str) -> str | None:
    """Return Python's name of the charset with a label; None if the standard has no such label."""
    name = _ALIASES.get(label.lower()) or resolve_encoding(label)
    return name if name in _CODECS else None
