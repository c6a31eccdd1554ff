"""Comparing versions: no text is lost, and only changes are marked."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.browse.diff import (
    MAX_WORDS,
    Budget,
    Paragraph,
    compare_texts,
    compare_words,
    split_words,
)

if TYPE_CHECKING:
    from collections.abc import Callable

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
def test_both_versions_can_be_reconstructed(old: str, new: str) -> None:
    found = compare_texts(old, new)
    assert side(found, "new") == lines(old)
    assert side(found, "gone") == lines(new)


@given(THAI)
def test_equal_texts_have_no_change(text: str) -> None:
    assert not any(paragraph.changed for paragraph in compare_texts(text, text))


@given(THAI)
def test_splitting_loses_no_text(text: str) -> None:
    assert "".join(split_words(text)) == text


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
    pieces = [piece for paragraph in compare_texts(old, new) for piece in paragraph.pieces]
    assert [piece.text for piece in pieces if piece.kind == "gone"] == gone
    assert [piece.text for piece in pieces if piece.kind == "new"] == came


def test_long_paragraphs_are_replaced_as_a_whole() -> None:
    long = "โรงงาน " * (MAX_WORDS + 1)
    assert [piece.kind for piece in compare_words(long, long + "x")] == ["gone", "new"]
    paragraphs = [f"ย่อหน้าที่ {n} ของสรุปข่าวการประชุมคณะรัฐมนตรี " * 3 for n in range(1000)]
    edited = [*paragraphs[:500], "แก้ไขแล้ว", *paragraphs[501:]]
    begun = time.process_time()
    found = compare_texts("\n".join(paragraphs), "\n".join(edited))
    assert time.process_time() - begun < 2
    assert sum(paragraph.changed for paragraph in found) == 1


def numbered(word: str, count: int) -> list[str]:
    return [f"{word}ที่ {number}" for number in range(count)]


def interleaved(word: str, count: int) -> list[str]:
    return [text for number in range(count) for text in (str(number), word)]


def chosen(seed: int, count: int) -> list[str]:
    return random.Random(seed).choices("กขคงจ", k=count)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (lambda n: numbered("โรงงาน", n), lambda n: numbered("บริษัท", n)),
        (lambda n: ["ก"] * n, lambda n: ["ก", "ข"] * (n // 2)),
        (lambda n: ["ก", "ค"] * (n // 2), lambda n: ["ก", "ข"] * (n // 2)),
        (lambda n: interleaved("ก", n // 2), lambda n: interleaved("ข", n // 2)),
        (lambda n: numbered("ก", n), lambda n: numbered("ก", n)[::-1]),
        (lambda n: chosen(1, n), lambda n: chosen(2, n)),
        (lambda n: ["โรงงาน" * n], lambda n: ["โรงงาน" * n + "ก"]),
        (lambda n: ["โรงงาน 1 " * (n // 9)], lambda n: ["โรงงาน 2 " * (n // 9)]),
    ],
    ids=["all new", "alike", "alternating", "interleaved", "reversed", "few kinds", "one", "words"],
)
def test_work_grows_linearly_with_the_text(
    old: Callable[[int], list[str]], new: Callable[[int], list[str]]
) -> None:
    """A page compares 12,000 paragraphs in about the time of some hundred."""

    def worked(count: int) -> float:
        texts = "\n".join(old(count)), "\n".join(new(count))
        tries = []
        for _ in range(3):
            begun = time.process_time()
            compare_texts(*texts, Budget())
            tries.append(time.process_time() - begun)
        return min(tries)

    worked(100)  # loads the dictionary
    small, large = worked(12_000), worked(24_000)
    assert large < 2.5 * small + 0.3
    assert large < 3


def test_omitted_paragraphs_are_counted() -> None:
    budget = Budget(characters=2000, paragraphs=5)
    found = compare_texts("\n".join(numbered("ก", 9)), "\n".join(numbered("ข", 9)), budget)
    assert len(found) == 5
    assert budget.left_out == 4
    kinds = [[piece.kind for piece in paragraph.pieces] for paragraph in found]
    assert kinds[0] == ["gone", "new", "same"]  # compared by words
    assert kinds[4] == ["gone", "new"]  # the budget for words was spent
