"""Which invented releases are alike, and how."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.thai.likeness import (
    SHINGLE,
    WINDOW,
    ComparedText,
    Likeness,
    LikenessKind,
    _window_minima,
    fingerprints,
    likeness,
    read_compared_text,
)

LETTERS = "กขคงจฉชซญดตถทธนบปผฝพฟภมยรลวศสหอฮ"


def prose(seed: int, characters: int) -> str:
    """Return invented text without repetitions, in paragraphs."""
    chance = random.Random(seed)
    words = ["".join(chance.choices(LETTERS, k=6)) for _ in range(characters // 7)]
    return "\n".join(" ".join(words[at : at + 30]) for at in range(0, len(words), 30))


COMMON = prose(1, 2000)


def release(body: str, title: str = "หัวข้อ", day: str = "2025-08-21") -> ComparedText:
    return read_compared_text(title, body, day)


def kind(one: ComparedText, other: ComparedText) -> LikenessKind | None:
    found = likeness(one, other)
    assert found == likeness(other, one)
    return found and found.kind


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (COMMON, COMMON.replace("\n", " \n\n"), "repost"),
        ("ทดสอบ 1", "ทดสอบ1", "repost"),
        ("โลหิต ๔๔,๒๕๐ ซีซี", "โลหิต 44,250 ซีซี", "repost"),
        (COMMON, COMMON + "\n" + prose(2, 200), "near"),
        (f"{COMMON} 5 คัน", f"{COMMON} 5 คัน 7 คน", "near"),
        (f"รับโลหิต 44,250 ซีซี {COMMON}", f"รับโลหิต 61,200 ซีซี {COMMON}", "series"),
        (f"จังหวัดระยอง {COMMON}", f"จังหวัดอุดรธานี {COMMON}", "series"),
        (f"ที่ อ.ปากดี {COMMON}", f"ที่ อ.ปากร้าย {COMMON}", "series"),
        (f"{COMMON} 19 พ.ค. {prose(3, 500)}", f"{COMMON} 10 มิ.ย. {prose(4, 500)}", "series"),
        (COMMON, prose(5, 20_000) + "\n" + COMMON + "\n" + prose(6, 20_000), "contained"),
        (f"{COMMON} 7 คัน", f"{COMMON} 9 คัน {prose(7, 4000)}", None),
        (prose(8, 150), prose(8, 150) + prose(9, 2000), None),  # a greeting in a long text
        (COMMON, prose(10, 2000), None),
        (f"{COMMON} {prose(11, 1000)}", f"{COMMON} {prose(12, 1000)}", None),
        ("", "ก", None),
    ],
)
def test_kind_of_likeness(one: str, other: str, expected: str | None) -> None:
    assert kind(release(one), release(other, title="หัวข้ออื่น")) == expected


def test_a_corrected_release_of_the_same_day_is_not_a_series() -> None:
    before, after = (f"รับโลหิต {number} ซีซี {COMMON}" for number in ("44,250", "44,520"))
    assert kind(release(before), release(after)) == "near"
    assert kind(release(before), release(after, day="2025-08-22")) == "series"
    assert kind(release(before), release(after, title="หัวข้อ 2")) == "series"


def test_similarity_is_the_share_of_common_shingles() -> None:
    text = prose(20, 1400).replace("\n", "").replace(" ", "")
    shingles = len(text) - SHINGLE + 1
    assert likeness(release(text), release(text)) == Likeness(LikenessKind.REPOST, 1.0)
    longer = text + prose(21, 140).replace("\n", "").replace(" ", "")
    common = round(shingles / (len(longer) - SHINGLE + 1), 3)
    assert likeness(release(text), release(longer)) == (LikenessKind.NEAR, common)


def minima(values: list[int]) -> set[int]:
    """The definition: the minimum of every window."""
    return {
        min(values[start : start + WINDOW]) for start in range(max(1, len(values) - WINDOW + 1))
    }


@given(st.lists(st.integers(0, 50) | st.integers(0, 2**32 - 1), min_size=1, max_size=400))
def test_window_minima(values: list[int]) -> None:
    assert _window_minima(values) == minima(values)


@pytest.mark.parametrize("values", [list(range(500)), list(range(500, 0, -1)), [7] * 500])
def test_window_minima_of_sorted_values(values: list[int]) -> None:
    assert _window_minima(values) == minima(values)


@given(st.text(max_size=300), st.text(max_size=300))
def test_a_long_common_passage_gives_a_common_fingerprint(before: str, after: str) -> None:
    passage = COMMON.replace("\n", "ก").replace(" ", "ข")[: WINDOW + SHINGLE]
    found = set(fingerprints(f"ก{before}ก{passage}ก{after}"))
    assert found & set(fingerprints(passage))


@given(st.text())
def test_any_text_can_be_compared(text: str) -> None:
    found = fingerprints(text)
    assert found == sorted(set(found))
    assert all(0 <= value < 2**32 for value in found)
    same = likeness(release(text), release(f" {text}\n"))
    assert same == (LikenessKind.REPOST, 1.0)


def test_a_text_has_about_one_fingerprint_for_fifty_characters() -> None:
    text = prose(30, 50_000)
    characters = len(text.replace("\n", "").replace(" ", ""))
    assert 45 < characters / len(fingerprints(text)) < 55


def test_a_text_without_characters_has_no_fingerprint() -> None:
    assert fingerprints(" \n") == []
    assert len(fingerprints("ก")) == 1
