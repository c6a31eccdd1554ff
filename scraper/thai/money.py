"""Finds amounts of money in a folded text: what they are in figures, and per which unit.

An amount is a number beside a word or sign of a currency (``currencies.csv``). A บาท without a
number is none: two of five in 3,317 articles are บทบาท or พระบาท. Multipliers go between number and
currency, alone or two together: 9 แสนล้านบาท.
"""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from scraper.reference import read_table
from scraper.thai.money_context import is_name_or_weight, repeats, with_context
from scraper.thai.money_words import UNIT_WORDS, find_worded_amounts
from scraper.thai.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Money(NamedTuple):
    """An amount or a range of amounts.

    Attributes:
        start: offset in the folded text.
        end: offset after it.
        low: the amount, or the lower end of a range, in units of the currency.
        high: the upper end of a range, None for a single amount.
        currency: ISO 4217.
        approximate: whether the text says about, nearly, at least or more than.
        per: the unit it is for, as in ``money_units.csv``, or two joined by a slash; None for none.
    """

    start: int
    end: int
    low: float
    high: float | None
    currency: str
    approximate: bool = False
    per: str | None = None


def find_money(text: str) -> list[Money]:
    """Return the amounts of money in a folded text, in order, without overlaps.

    An amount repeated in brackets, in words or figures, counts once. Names of schemes such as
    30 บาทรักษาทุกโรค and weights of gold (ทองคำหนัก 1 บาท) do not count. Linear.

    >>> [(m.low, m.high, m.per) for m in find_money("ตันละ 900 - 1,000 บาท หรือ 2 แสนล้านบาท")]
    [(900.0, 1000.0, 'ตัน'), (200000000000.0, None, None)]
    """
    kept: list[Money] = []
    for money in sorted(_all_amounts(text), key=lambda money: (money.start, -money.end)):
        if kept and (money.start < kept[-1].end or repeats(text, kept[-1], money)):
            continue
        kept.append(money)
    return [
        money._replace(approximate=money.approximate or about, per=per)
        for money in kept
        if not is_name_or_weight(text, money)
        for about, per in [with_context(text, money)]
    ]


# --- patterns ----------------------------------------------------------------------------------

# At most 15 digits: what is longer is an account or a registration. A number begins where no other
# goes on, so a run of digits is read once. It is a digit first and then the look back, because the
# regex engine finds characters more quickly than assertions.
_NUMBER = (
    r"[0-9](?<![0-9]{2})(?<![0-9][.,][0-9])"
    r"(?:[0-9]{0,2}(?:, ?[0-9]{3}(?![0-9])){1,5}(?:\.[0-9]{1,8})?"
    r"|[0-9]{0,2}(?:\.[0-9]{3}){2,4}(?![0-9])|[0-9]{0,14}(?:\.[0-9]{1,8})?)"
)
_AND_MORE = r"(?: ?(?:กว่า|เศษ))?"
_MULTIPLIER = (
    r"(?=[สรพหมแลกbmt ])(?:(?:สิบ|ร้อย|พัน|หมื่น|แสน)?(?: ?กว่า ?| )?ล้าน(?: ?ล้าน)?|สิบ|ร้อย|พัน|หมื่น|แสน"
    r"|(?:trillion|billion|bn|million|mn|thousand|m)(?![a-z]))"
)
_MULTIPLIERS = {
    "trillion": 10**12,
    "billion": 10**9,
    "bn": 10**9,
    "million": 10**6,
    "mn": 10**6,
    "m": 10**6,
    "thousand": 10**3,
}
_UNIT_WORD = re.compile("|".join(UNIT_WORDS))
_DASH = r" ?(?:-|–|—|~|(?:ไป)?(?:จน)?ถึง|to) ?(?:สูงสุด)? ?(?:ไม่เกิน|ประมาณ)? ?"
_AMOUNT = rf"({_NUMBER})(?:\.-)?{_AND_MORE}(?: ?({_MULTIPLIER}))?{_AND_MORE}"

# ไฟเขียวงบ 6.9 ล้าน: an amount in a headline without its currency, after a word for money, unless
# something else is counted.
_WITHOUT_CURRENCY = re.compile(
    r"(?:งบ(?:ประมาณ)?|วงเงิน|มูลค่า|เม็ดเงิน|จำนวนเงิน|เป็นเงิน|รายได้|ยอดขาย|เงินทุน|เงินกู้|สินเชื่อ|เสียหาย|ปรับ)"
    r"(?:รวม|สูงสุด|ไม่เกิน|เกือบ|ประมาณ|ราว|มากกว่า|กว่า|ทะลุ|แตะ|เฉลี่ย|อีก|ปีละ| ){0,4}"
    rf"({_NUMBER}) ?((?:พัน|หมื่น|แสน)?ล้าน(?:ล้าน)?)(?=[ \n”\"')!]|\Z)"
    r"(?! ?(?:คน|ราย|บัญชี|ครัวเรือน|ไร่|ตัน|ลิตร|ลบ|ลูกบาศก์|ชิ้น|โดส|ใบ|ต้น|ตัว|ครั้ง|หน่วย|เม็ด|ชุด|กิโล"
    r"|ดอล|us|คัน|เครื่อง|ตำแหน่ง|ฟอง|ห่วงโซ่|ปี|วิว|เหรียญ|หุ้น))"
)


class _Currency(NamedTuple):
    """The meaning of a word for money; see ``currencies.csv``."""

    code: str
    times: int
    needs_million: bool


class _Patterns(NamedTuple):
    """Amounts before and after their currency; the currencies by word and place."""

    after: re.Pattern[str]
    before: re.Pattern[str]
    currencies: dict[tuple[str, str], _Currency]


@cache
def _patterns() -> _Patterns:
    currencies = {
        (fold(row["word"]), row["place"]): _Currency(
            row["currency"], int(row["times"]), row["needs"] == "million"
        )
        for row in read_table("currencies.csv")
    }
    after = f"{_any_of(currencies, 'after')}(?![a-z]|ม\\.)"  # ลบ.ม. are cubic metres
    before = f"{_any_of(currencies, 'before')}"
    return _Patterns(
        re.compile(
            rf"{_AMOUNT}(?: ?({after})?{_DASH}{_AMOUNT})? ?({after}|สตางค์)"
            r"(?: ?([0-9]{1,2}) ?สตางค์)?"
        ),
        re.compile(rf"({before}) ?{_AMOUNT}(?:{_DASH}(?:{before})? ?{_AMOUNT})?(?![0-9])"),
        currencies,
    )


def _any_of(currencies: Iterable[tuple[str, str]], place: str) -> str:
    """Return a pattern for the longest of the words, with their first characters in front."""
    words = sorted((word for word, where in currencies if where == place), key=len, reverse=True)
    branches = defaultdict[str, list[str]](list)
    for word in words:
        branches[word[0]].append(re.escape(word[1:]))
    guard = "(?<![a-z].)" if place == "before" else ""
    options = (
        f"{re.escape(first)}{guard}(?:{'|'.join(rests)})" for first, rests in branches.items()
    )
    return f"(?:{'|'.join(options)})"


# --- reading -----------------------------------------------------------------------------------


def _all_amounts(text: str) -> Iterator[Money]:
    """Yield the amounts of every shape; they may overlap."""
    patterns = _patterns()
    for match in patterns.after.finditer(text):
        yield from _before_currency(match)
    for match in patterns.before.finditer(text):
        yield _after_currency(match)
    for match in _WITHOUT_CURRENCY.finditer(text):
        yield Money(match.start(1), match.end(2), _value(match[1], match[2]), None, "THB")
    for start, end, baht in find_worded_amounts(text):
        yield Money(start, end, baht, None, "THB")


def _before_currency(match: re.Match[str]) -> Iterator[Money]:
    """Yield the amount or range in front of a currency, if the word is one here."""
    low, low_by, low_currency, high, high_by, word, satang = match.groups("")
    if word == "สตางค์":
        yield from _satang(match)
        return
    currency, times, needs_million = _patterns().currencies[word, "after"]
    last, last_by = (high, high_by) if high else (low, low_by)
    if needs_million and not ("ล้าน" in last_by or last_by[:1] in ("b", "m", "t")):
        return
    top = _value(last, last_by, times) + int(satang or 0) / 100
    approximate = bool(re.search("กว่า|เศษ", match[0]))
    if high:
        bottom = _value(low, low_by)
        if not low_by and not low_currency and _value(low, high_by, times) < top:
            bottom = _value(low, high_by, times)  # 20-30 ล้านบาท: the unit is written once
        elif low_currency:
            bottom *= _patterns().currencies[low_currency, "after"].times
        if bottom < top:
            yield Money(match.start(), match.end(), bottom, top, currency, approximate)
            return
        if low_currency and bottom != top:
            code = _patterns().currencies[low_currency, "after"].code
            yield Money(match.start(), match.end(3), bottom, None, code, approximate)
    start = match.start(4 if high else 1)
    yield Money(start, match.end(), top, None, currency, approximate)


def _satang(match: re.Match[str]) -> Iterator[Money]:
    """Yield an amount in satang, in baht."""
    low, low_by, low_currency, high, high_by, _, _ = match.groups("")
    if not high:
        yield Money(match.start(), match.end(), round(_value(low, low_by) / 100, 4), None, "THB")
        return
    bottom, top = round(_value(low, "") / 100, 4), round(_value(high, high_by) / 100, 4)
    if bottom < top and not (low_by or low_currency):
        yield Money(match.start(), match.end(), bottom, top, "THB")
    else:
        yield Money(match.start(4), match.end(), top, None, "THB")


def _after_currency(match: re.Match[str]) -> Money:
    """Return the amount or range after a currency."""
    word, low, low_by, high, high_by = match.groups("")
    currency = _patterns().currencies[word, "before"].code
    approximate = bool(re.search("กว่า|เศษ", match[0]))
    bottom = _value(low, low_by)
    if high:
        top = _value(high, high_by)
        if not low_by and _value(low, high_by) < top:
            bottom = _value(low, high_by)
        if bottom < top:
            return Money(match.start(), match.end(), bottom, top, currency, approximate)
    end = match.end(3) if low_by else match.end(2)
    return Money(match.start(), end, bottom, None, currency, approximate)


def _value(number: str, multiplier: str, times: int = 1) -> float:
    """Return a number as written, times its multiplier and what the currency's word multiplies by.

    Two decimal points or more divide thousands: 1.500.000.
    """
    digits = number.replace(",", "").replace(" ", "")
    if digits.count(".") > 1:
        digits = digits.replace(".", "")
    factor = _MULTIPLIERS.get(multiplier, 1) * times
    for word in _UNIT_WORD.findall(multiplier):
        factor *= UNIT_WORDS[word]
    # As a float 17.4 times 10**12 would be 17399999999999.998.
    return round(float(Decimal(digits) * factor), 4)
