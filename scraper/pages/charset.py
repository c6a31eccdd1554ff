"""Detects the charset of a page and decodes it.

Every file of both public corpora is valid UTF-8. Copies in web archives may be older, mislabelled
or damaged, so the bytes count more than the labels. Only labels of the WHATWG Encoding standard are
accepted, not names that only Python knows, such as ``utf-7`` or ``idna``.
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
_META_LIMIT = 4096  # bytes; the HTML standard looks for the charset in the first 1,024
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_UTF_8, _CP874 = "utf-8", "cp874"  # cp874 is windows-874, a superset of TIS-620
# Python's names of the encodings of the WHATWG standard, without UTF-16: a page in UTF-16 is
# recognised by its byte order mark or by its NUL bytes.
# fmt: off
_CODECS = frozenset({
    _UTF_8, _CP874, "cp866", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", "gbk", "gb18030",
    "big5", "big5hkscs", "euc_jp", "iso2022_jp", "cp932", "shift_jis", "euc_kr", "cp949",
    *(f"cp{number}" for number in range(1250, 1259)),
    *(f"iso8859-{number}" for number in range(2, 17)),
})
# fmt: on
_ALIASES = {"dos-874": _CP874}  # a label of the standard that w3lib lacks

_UTF_16 = re.compile(rb"(?:\s\0)*+(<\0[!?a-zA-Z]\0)|(?:\0\s)*+\0<\0[!?a-zA-Z]")
_NON_ASCII = re.compile("[^\0-\x7f]")
_THAI_CHARACTER = re.compile("[ก-๛]")
_MISPLACED_MARK = re.compile("(?<![ก-ฮัิ-ฺ็-๎])[ัิ-ฺ็-๎]")
_VOWEL = re.compile("[ะ-ฺเ-๎]")
_WINDOWS_1252 = "cp1252"  # the default label of many servers
_MIN_THAI = 3  # letters


class DecodedText(NamedTuple):
    """The text of a page and how it was decoded.

    Attributes:
        text: the whole page; every undecodable run of bytes is one U+FFFD.
        charset: Python's name of the codec.
        undecodable: number of U+FFFD that replace undecodable bytes.
        false_label: the charset the page claims, if the claim is wrong; else empty.
    """

    text: str
    charset: str
    undecodable: int
    false_label: str = ""


def decode_page(body: bytes, content_type: str = "") -> DecodedText:
    """Decode a page with the least loss.

    In this order: a byte order mark; UTF-16 if the page begins with a tag in it; UTF-8 if the bytes
    are valid or damaged UTF-8; windows-874 if the bytes are Thai in it; else whichever charset
    named by the header or by a ``meta`` element loses least.

    Args:
        body: the bytes of the page.
        content_type: value of the ``Content-Type`` header, empty if there was none.
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


def _by_bytes(body: bytes, labelled: list[str]) -> DecodedText:
    utf_8 = _decode(body, _UTF_8)
    if not utf_8.undecodable:
        return utf_8  # counting its letters takes longer than all the rest of reading a page
    intact = len(_NON_ASCII.findall(utf_8.text)) - utf_8.undecodable
    if utf_8.undecodable <= intact:
        return utf_8  # valid or damaged; few bytes of another charset happen to be valid UTF-8
    thai = _decode(body, _CP874)
    charsets = [codec for codec in labelled if codec != _UTF_8] if labelled else [_CP874]
    if _is_thai(
        thai.text, is_disputed=any(codec not in (_CP874, _WINDOWS_1252) for codec in charsets)
    ):
        return thai
    candidates = [*(_decode(body, codec) for codec in charsets), utf_8]
    return min(candidates, key=lambda decoded: decoded.undecodable)


def _decode(body: bytes, charset: str) -> DecodedText:
    text = body.decode(charset, errors="replace")
    if _REPLACEMENT not in text:
        return DecodedText(text, charset, 0)
    genuine = len(body.decode(charset, errors="ignore").split(_REPLACEMENT)) - 1
    return DecodedText(text, charset, max(0, text.count(_REPLACEMENT) - genuine))


def _is_thai(text: str, *, is_disputed: bool) -> bool:
    """Whether a text decoded as Thai is Thai: mostly letters, with the marks in possible places.

    Args:
        text: the text.
        is_disputed: whether the page claims a charset that is neither Thai nor Latin. Then one
            letter in five must be a vowel or mark; Chinese or Korean decoded as Thai has fewer.
    """
    letters = len(_THAI_CHARACTER.findall(text))
    misplaced = len(_MISPLACED_MARK.findall(text))
    others = len(_NON_ASCII.findall(text)) - letters
    vowels = len(_VOWEL.findall(text)) if is_disputed else letters
    return (
        letters >= _MIN_THAI
        and others <= letters
        and misplaced * 20 <= letters
        and vowels * 5 >= letters
    )


def _utf_16_of(body: bytes) -> str:
    """Return the UTF-16 codec of a page without a byte order mark, empty if it is not UTF-16."""
    match = _UTF_16.match(body)
    return "" if match is None else "utf-16-le" if match[1] else "utf-16-be"


def _labels(body: bytes, content_type: str) -> list[str]:
    """Return the charsets named by the header and the page, as written."""
    head = body[:_META_LIMIT].decode("ascii", errors="replace")
    return [match[1] for match in map(_CHARSET.search, (content_type, head)) if match]


def _codec(label: str) -> str | None:
    """Return Python's codec for a label, None if the standard has no such label."""
    name = _ALIASES.get(label.lower()) or resolve_encoding(label)
    return name if name in _CODECS else None
