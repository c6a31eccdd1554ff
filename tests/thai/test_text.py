"""Tests for cleaning and folding Thai text."""

from __future__ import annotations

import sys
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.thai.text import clean, clean_line, fold, fold_with_offsets, squash
from tests.hostile import cpu_time

ZWSP, ZWJ, NBSP, NIKHAHIT = "\u200b", "\u200d", "\xa0", "\u0e4d"

# Characters that the repairs are about, to be mixed with any others.
SPECIAL = (
    "กนพ ัิีึืฺุู็่้๊๋์ํ๎ำาเแ๐๙09aÉe\u0301\u0316\u0334\u05b0\u1100\u1161İßΣ \n\r\t\x0b\x85\u2028\x9f\0"
    f"{ZWSP}{ZWJ}{NBSP}\u200c\u2060\ufeff\xad\u202a\ufffd\uf70a\uf0a7\ud800\udc00👩💻\ufe0f"
)
texts = st.text(st.sampled_from(SPECIAL) | st.characters(codec=None))


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        pytest.param(f"23-26{NBSP}ก.ค. 66", "23-26 ก.ค. 66", id="no-break space"),
        pytest.param("ก\u2003ข\u3000ค\u202fง", "ก ข ค ง", id="other blanks"),
        pytest.param(f"{ZWSP}วันพุธ{ZWSP}ที่{ZWSP}", "วันพุธที่", id="zero width space"),
        pytest.param(f"ก\n{ZWSP}\nข", "ก\nข", id="a line of nothing but zero width space"),
        pytest.param("(\u202a5 กันยายน\u202c)", "(5 กันยายน)", id="direction marks"),
        pytest.param("โรง\xadงาน\u2060\u200c\ufeff", "โรงงาน", id="other invisibles"),
        pytest.param("ก\u2028ข\u2029ค\x0bง\x0cจ\x85ฉ", "ก ข ค ง จ ฉ", id="no line ends"),
        pytest.param("ก\r\nข\rค\n\n\nง", "ก\nข\nค\nง", id="line ends"),
        pytest.param("ก\tข\x9fค\0ง", "ก ข ค ง", id="controls"),
        pytest.param(f"น{NIKHAHIT}า ก{NIKHAHIT}าไร", "นำ กำไร", id="sara am in two"),
        pytest.param(f"น้{NIKHAHIT}า", "น้ำ", id="sara am in two after the tone"),
        pytest.param(f"น{NIKHAHIT}้า", "น้ำ", id="sara am in two around the tone"),
        pytest.param("นำ้", "น้ำ", id="tone after sara am"),
        pytest.param(f"น{NIKHAHIT}ำ", "นำ", id="sara am and a half"),
        pytest.param("เเพร่ เเละเเนวทาง", "แพร่ และแนวทาง", id="sara e twice"),
        pytest.param("วันที่่", "วันที่", id="tone twice"),
        pytest.param("กิิน", "กิน", id="vowel twice"),
        pytest.param("จ่ึง", "จึ่ง", id="tone before upper vowel"),
        pytest.param("ปลู่ก", "ปลู่ก", id="tone before lower vowel, as in NFC"),
        pytest.param("สิทธ์ิ", "สิทธิ์", id="vowel after thanthakhat"),
        pytest.param("ก่้า", "ก่้า", id="two tones stay"),
        pytest.param("ป\uf70aา ฝ\uf701น", "ป่า ฝิน", id="old font"),
        pytest.param("\uf0a7 ข้อ", "\uf0a7 ข้อ", id="other private characters stay"),
        pytest.param("cafe\u0301 \u212b", "café Å", id="NFC"),
        pytest.param("กำ ½ ﬁ", "กำ ½ ﬁ", id="not NFKC"),
        pytest.param("\ufffd 工业 ✅", "\ufffd 工业 ✅", id="kept"),
        pytest.param(f"👩{ZWJ}💻 ก{ZWJ}ข", f"👩{ZWJ}💻 กข", id="joiner only in emoji"),
        pytest.param("ก\ud800ข", "ก\ufffdข", id="half a surrogate pair"),
        pytest.param("  ก   ข \n  ค  ", "ก ข\nค", id="white space"),
        pytest.param("", "", id="nothing"),
        pytest.param(f" {ZWSP}\r\n{NBSP}", "", id="nothing that shows"),
    ],
)
def test_clean(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned
    assert fold_with_offsets(raw).text == fold(cleaned)


@pytest.mark.parametrize("word", ["น้ำ", "ศูนย์", "พันธุ์", "ผู้", "ก๊าซ", "กฺ", "เป็น", "ทั้งนี้", "ฤๅ"])
def test_correct_words_do_not_change(word: str) -> None:
    assert clean(word) == word


@pytest.mark.parametrize("code", range(0xF700, 0xF71B))
def test_every_mark_of_old_fonts_becomes_a_thai_letter(code: int) -> None:
    assert unicodedata.name(clean("ก" + chr(code))[1]).startswith("THAI CHARACTER")


def test_clean_line() -> None:
    assert clean_line(" ก  ข\n\nค ") == "ก ข ค"


def test_fold() -> None:
    assert fold("ปี ๒๕๖๖\xa0BOI\nÉTAT") == "ปี 2566 boi\nétat"


def test_squash_ignores_the_typesetting_of_a_headline() -> None:
    assert squash("ดีพร้อม จัดงาน ๓ วัน\n“SME”") == squash(f"ดีพร้อม{ZWSP}จัดงาน 3 วัน “sme”")


def test_one_letter_is_longer_in_lower_case() -> None:
    letters = map(chr, range(sys.maxunicode + 1))
    assert [letter for letter in letters if len(letter.lower()) != 1] == ["İ"]


@pytest.mark.parametrize(
    ("original", "part", "shown"),
    [
        ("วันที่ ๕\xa0\xa0มีนาคม", "5 มีนาคม", "๕\xa0\xa0มีนาคม"),
        (f"ก{ZWSP}5{ZWSP}6ข", "56", f"5{ZWSP}6"),
        (f"เเม่น้{NIKHAHIT}า", "น้ำ", f"น้{NIKHAHIT}า"),
        ("cafe\u0301s", "café", "cafe\u0301"),
        ("ก\r\n\r\nข", "\n", "\r\n\r\n"),
    ],
)
def test_original_span_of_a_part(original: str, part: str, shown: str) -> None:
    folded = fold_with_offsets(original)
    at = folded.text.index(part)
    start, end = folded.original_span(at, at + len(part))
    assert original[start:end] == shown


def test_empty_spans_and_spans_out_of_range() -> None:
    folded = fold_with_offsets(" กข ")
    assert folded.original_span(0, 0) == (1, 1)
    assert folded.original_span(2, 2) == (3, 3)
    assert fold_with_offsets("").original_span(0, 0) == (0, 0)
    for start, end in [(-1, 1), (2, 1), (0, 3)]:
        with pytest.raises(ValueError, match="no span"):
            folded.original_span(start, end)


@given(texts)
def test_cleaning_any_text(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert all(line and line == " ".join(line.split()) for line in cleaned.split("\n") if cleaned)
    assert cleaned.splitlines() == (cleaned.split("\n") if cleaned else [])
    cleaned.encode("utf-8")


@given(texts)
def test_folding_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text) == fold(clean(text))


@given(texts)
def test_offsets_of_any_text(text: str) -> None:
    folded = fold_with_offsets(text)
    assert folded.text == fold(text)
    spans = [folded.original_span(at, at + 1) for at in range(len(folded.text))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[0] <= two[0] and one[1] <= two[1] for one, two in pairwise(spans))


@pytest.mark.parametrize(
    "pattern",
    ["ก่ิ", " ", "\n \u200b", "a\u0301", "เ", "\u200d", "ก่่่", "น\u0e4d้า", "่", "โรงงาน 5 แห่ง\n"],
)
def test_long_texts_are_quick(pattern: str) -> None:
    # A cabinet résumé has 240,000 characters; quadratic work would take minutes, not a second.
    text = pattern * (240_000 // len(pattern))
    assert cpu_time(clean, text) + cpu_time(fold_with_offsets, text) < 5
