from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.search.snippet import Snippet, find_words, hit_spans
from scraper.search.snippet import make_snippet as make_snippet_of_spans


def make_snippet(text: str, terms: list[str], width: int = 160) -> Snippet:
    return make_snippet_of_spans(text, hit_spans(text, terms), width=width)


@pytest.mark.parametrize(
    ("text", "terms", "found"),
    [
        ("โรงงานน้ำตาลแห่งใหม่", ["น้ำตาล"], ["น้ำตาล"]),
        ("งบปี ๒๕๖๘ และปี 2568", ["2568"], ["๒๕๖๘", "2568"]),
        ("SME และ sme", ["Sme"], ["SME", "sme"]),
        ("น้ำตาลทราย", ["น้ำตาล", "น้ำตาลทราย"], ["น้ำตาลทราย"]),
        ("ไม่มีคำนั้น", ["อ้อย"], []),
        ("อ้อย", [""], []),
    ],
)
def test_find_hits_returns_the_original_text(text: str, terms: list[str], found: list[str]) -> None:
    assert [text[start:end] for start, end in hit_spans(text, terms)] == found


def test_long_text_is_cut_around_the_hit() -> None:
    text = "ก่อนหน้า" * 50 + "น้ำตาล" + "ภายหลัง" * 50
    snippet = make_snippet(text, ["น้ำตาล"], width=100)
    assert snippet.text.startswith("…")
    assert snippet.text.endswith("…")
    assert [snippet.text[start:end] for start, end in snippet.hits] == ["น้ำตาล"]
    assert len(snippet.text) <= 102


def test_without_a_hit_the_beginning_is_shown() -> None:
    assert make_snippet("ข้อความสั้น", ["อ้อย"]).text == "ข้อความสั้น"


def test_newlines_become_spaces() -> None:
    assert make_snippet("หนึ่ง\nสอง", ["สอง"]).text == "หนึ่ง สอง"


def test_marked() -> None:
    assert make_snippet("ราคาอ้อยและอ้อย", ["อ้อย"]).marked("[", "]") == "ราคา[อ้อย]และ[อ้อย]"


@given(st.text(alphabet="กขที่น้ำ้่ 12๑๒ab\n\u200b", max_size=300), st.integers(1, 60))
def test_marked_parts_are_the_term(text: str, width: int) -> None:
    for start, end in (snippet := make_snippet(text, ["ที่"], width=width)).hits:
        assert 0 <= start < end <= len(snippet.text)
        assert "ท" in snippet.text[start:end]


@pytest.mark.parametrize(
    ("text", "words", "wanted", "found"),
    [
        ("กิจกรรม ก ข", ["กิจกรรม", "ก", "ข"], {"ก"}, ["ก"]),
        ("ปี ๖๖ และ 2566", ["ปี", "66", "และ", "2566"], {"66"}, ["๖๖"]),
        ("ก.พ.ร. และ กบ", ["กพร", "และ", "กบ"], {"กบ"}, ["กบ"]),
        ("มี มีนา มี", ["มี", "มีนา", "มี"], {"มี"}, ["มี", "มี"]),
        ("ABC abc", ["ABC", "abc"], {"abc"}, ["ABC", "abc"]),
        ("ไม่มี", [], {"มี"}, []),
    ],
)
def test_find_words_follows_the_segmentation(
    text: str, words: list[str], wanted: set[str], found: list[str]
) -> None:
    spans = find_words(text, words, wanted)
    assert [text[start:end] for start, end in spans] == found
