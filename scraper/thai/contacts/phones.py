"""Telephone numbers: 02-xxx-xxxx, 0 2202 3222-4, 08x xxx xxxx, +66 2 …, 1800 xxx xxx.

Shapes, of 630 numbers in 3,317 articles: groups are divided by a space or a dash, or not at all; in
one of eight the last digits of further lines follow a dash.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.thai.contacts.contact import Contact

if TYPE_CHECKING:
    from collections.abc import Iterator

_DASHES = r"\-–—‐‑"
_GAP = rf"[ )]{{0,2}}[{_DASHES}]? ?"
# After 0 or +66: Bangkok 2 and the provinces 3 to 5 and 7 have seven more digits, mobiles eight.
_THAI = rf"(?:[23457](?:{_GAP}[0-9]){{7}}|[689](?:{_GAP}[0-9]){{8}})(?![0-9])"
_NOT_INSIDE = rf"(?<![0-9][0-9])(?<![0-9][.,/{_DASHES}:][0-9])"
_NATIONAL = rf"0{_NOT_INSIDE}(?:{_GAP}{_THAI}|[0-9]{{1,2}}\.[0-9]{{3}}\.[0-9]{{4}}(?![0-9]))"
_ABROAD = rf"\+ ?[0-9]{{1,3}}\)?(?:{_GAP}[0-9]){{7,10}}(?![0-9])"
_FROM_ABROAD = rf"\+ ?66\)?{_GAP}(?:\(0\)|0)?{_GAP}{_THAI}"
_FREE = rf"1{_NOT_INSIDE} ?800(?:[ {_DASHES}]?[0-9]){{6}}(?![0-9])"
_PHONE = re.compile(rf"{_NATIONAL}|{_FREE}|{_FROM_ABROAD}|{_ABROAD}")
# Incomplete, as written by mistake: only after a word that announces a number.
_TOO_SHORT = re.compile(
    rf"(?:โทร(?:ศัพท์)?|call center"
    rf"|tel)[.: ]{{0,3}}(0{_GAP}2(?:{_GAP}[0-9]){{6}})(?![0-9]|[ {_DASHES}][0-9])"
)
# Mobiles of Japan, which embassies give in the national form.
_JAPANESE = re.compile(
    rf"(?:โทร(?:ศัพท์)?|hot ?line|สายด่วน|หมายเลข|หรือ)[^0-9\n]{{0,20}}"
    rf"(0[789]0[{_DASHES}][0-9]{{4}}[{_DASHES}][0-9]{{4}})(?![0-9])"
)
_MORE_LINES = re.compile(
    rf" ?(?:[{_DASHES}]|ถึง) ?[0-9]{{1,4}}(?![0-9]|[.{_DASHES}:] ?[0-9]|[ก-ฮ]\.| ?น\.)"
)
_SAME_EXCHANGE = re.compile(
    rf" ?(?:,|/|และ|หรือ) ?(?P<last>[02-9][0-9]{{3}})(?![0-9]|[.,{_DASHES}:] ?[0-9]| ?[ก-ฮ]\.)"
)

_FAX = re.compile(r"(?:โทรสาร|แฟกซ์|แฟ็กซ์|แฟกส์|แฟ็กส์|แฟ๊กซ์|fax)[^0-9โt\n]{0,8}\Z")
_PHONE_AND_FAX = re.compile(
    r"(?:โทร|โทรศัพท์|tel)\.? ?(?:/|และ|&) ?(?:โทรสาร|แฟ[ก็๊ซส์]+|fax)[^0-9\n]{0,8}\Z"
)
_AND_ANOTHER = re.compile(r"[ ,/;]*(?:และ|หรือ)?[ ,/;]*\Z")
_NEAR = 12  # characters between two fax numbers of a list, at most
_ACCOUNT = re.compile(r"(?:บัญชี(?!กลาง)|พร้อมเพย์|สลาก|ประจำตัว)[^\nโ]{0,40}\Z")


def find_phones(text: str) -> Iterator[Contact]:
    """Yield the telephone numbers in a folded text, not fax or account numbers. Linear.

    The value of a Thai number begins with 0, even if it is written with +66; for a range of lines,
    it is the first line. Extensions are left out. Numbers that share a prefix are completed:
    ``0 2202 3222, 3224``.
    """
    fax_until = -_NEAR
    for match in _PHONE.finditer(text):
        start, end = match.span()
        before = text[max(0, start - 60) : start]
        is_fax = (_FAX.search(before) is not None and not _PHONE_AND_FAX.search(before)) or (
            0 <= start - fax_until < _NEAR
            and _AND_ANOTHER.fullmatch(text, fax_until, start) is not None
        )
        if lines := _MORE_LINES.match(text, end):
            end = lines.end()
        if is_fax:
            fax_until = end
            continue
        if _looks_like_account(match[0]) or _ACCOUNT.search(before):
            continue
        value = _digits(match[0])
        yield Contact("phone", start, end, value)
        while value[0] == "0" and (other := _SAME_EXCHANGE.match(text, end)):
            end = other.end()
            yield Contact("phone", *other.span("last"), value[:-4] + other["last"])
    for match in (*_TOO_SHORT.finditer(text), *_JAPANESE.finditer(text)):
        yield Contact("phone", *match.span(1), _digits(match[1]))


def _digits(number: str) -> str:
    """Return the digits of a number, with 0 for the country code of Thailand."""
    digits = re.sub("[^0-9]", "", number)
    if "+" in number and digits.startswith("66"):
        return "0" + digits[2:].removeprefix("0")
    return digits


def _looks_like_account(number: str) -> bool:
    """Return whether a group after the first two has one digit, as in 067-0-12345-6."""
    groups = re.findall("[0-9]+", number)
    return any(len(group) == 1 for group in groups[2:])
