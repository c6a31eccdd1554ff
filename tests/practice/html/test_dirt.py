"""Dirt is invisible to a reader: cleaning restores the original text."""

from __future__ import annotations

from html.parser import HTMLParser
from random import Random

import pytest

from scraper.practice.html.dirt import KINDS, draw, strew
from scraper.practice.html.pasted import hidden_email
from scraper.thai.text import clean_line

TEXT = "น้ำท่วมซ้ำที่แพร่และน่าน วันที่ 5 มี.ค. 2568 ชาวบ้านกว่า 1,200 คน ต้องพึ่งพาเรือ ทั้งที่ฝนหยุดแล้ว"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(5))
def test_cleaning_takes_each_kind_of_dirt_out(kind: str, seed: int) -> None:
    assert clean_line(strew(Random(seed), TEXT, (kind,))) == TEXT


@pytest.mark.parametrize("seed", range(20))
def test_cleaning_takes_all_kinds_out_together(seed: int) -> None:
    assert clean_line(strew(Random(seed), TEXT, tuple(KINDS))) == TEXT


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_changes_something(kind: str) -> None:
    assert any(strew(Random(seed), TEXT, (kind,)) != TEXT for seed in range(9))


@pytest.mark.parametrize(
    "text", ["https://practice.example/ก แ", "#น้ำใจ แพร่", "voice@practice.example แ"]
)
def test_addresses_and_hashtags_stay_as_typed(text: str) -> None:
    assert strew(Random(1), text, tuple(KINDS)) == text


def test_certain_kinds_are_always_drawn() -> None:
    assert all("two-e" in draw(Random(seed), frozenset({"two-e"})) for seed in range(50))


def test_a_hidden_address_can_be_read_by_the_public_scheme() -> None:
    codes: list[str] = []

    class Links(HTMLParser):
        def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
            codes.extend(value for name, value in attrs if name == "data-cfemail" and value)

    Links().feed(hidden_email("voice@practice.example"))
    key, *code = bytes.fromhex(codes[0])
    assert bytes(byte ^ key for byte in code) == b"voice@practice.example"
