"""What changed between two versions: nothing is lost, and no more is marked than changed."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.browse.diff import MOST_WORDS, Paragraph, compare, compare_words, cut

THAI = st.text(alphabet="กขคงอาิ่ำเแ 0๕a\n.<", max_size=60)


def side(paragraphs: list[Paragraph], left_out: str) -> str:
    texts = (
        "".join(piece.text for piece in paragraph.pieces if piece.kind != left_out)
        for paragraph in paragraphs
    )
    return "\n".join(text for text in texts if text)


def lines(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if line)


@given(THAI, THAI)
def test_both_versions_can_be_read_out_of_it(old: str, new: str) -> None:
    found = compare(old, new)
    assert side(found, "new") == lines(old)
    assert side(found, "gone") == lines(new)


@given(THAI)
def test_equal_texts_have_no_change(text: str) -> None:
    assert not any(paragraph.changed for paragraph in compare(text, text))


@given(THAI)
def test_a_text_is_cut_without_loss(text: str) -> None:
    assert "".join(cut(text)) == text


@pytest.mark.parametrize(
    ("old", "new", "gone", "came"),
    [
        ("เปิดโรงงานน้ำตาลแล้ว", "เปิดโรงงานกระดาษแล้ว", ["น้ำตาล"], ["กระดาษ"]),
        ("ราคา 25 บาท", "ราคา 26 บาท", ["25"], ["26"]),
        ("ราคา ๒๕ บาท", "ราคา ๒๖ บาท", ["๕"], ["๖"]),
        ("ก\nข\nค", "ก\nค", ["ข"], []),
        ("ก\nค", "ก\nข\nค", [], ["ข"]),
    ],
)
def test_words_that_changed_are_marked(
    old: str, new: str, gone: list[str], came: list[str]
) -> None:
    pieces = [piece for paragraph in compare(old, new) for piece in paragraph.pieces]
    assert [piece.text for piece in pieces if piece.kind == "gone"] == gone
    assert [piece.text for piece in pieces if piece.kind == "new"] == came


def test_a_long_paragraph_is_replaced_as_a_whole_and_a_long_text_is_quick() -> None:
    long = "โรงงาน " * (MOST_WORDS + 1)
    assert [piece.kind for piece in compare_words(long, long + "x")] == ["gone", "new"]
    paragraphs = [f"ย่อหน้าที่ {n} ของสรุปข่าวการประชุมคณะรัฐมนตรี " * 3 for n in range(1000)]
    edited = [*paragraphs[:500], "แก้ไขแล้ว", *paragraphs[501:]]
    begun = time.perf_counter()
    found = compare("\n".join(paragraphs), "\n".join(edited))
    assert time.perf_counter() - begun < 2
    assert sum(paragraph.changed for paragraph in found) == 1
