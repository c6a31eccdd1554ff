"""The functions on plain strings: passages at their offsets, whatever the string."""

from __future__ import annotations

import doctest
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper import api
from scraper.api import Passage, texts
from scraper.thai.text import clean
from tests.hostile import assert_linear, repeated

if TYPE_CHECKING:
    from collections.abc import Callable

FIND = (
    api.find_dates, api.find_people, api.find_agencies, api.find_places, api.find_money,
    api.find_laws, api.find_programmes, api.find_contacts,
)  # fmt: skip
TEXT = (
    "นายสมใจ ใจดี อธิบดีกรมโรงงานอุตสาหกรรม (กรอ.) เปิดโครงการ “โรงงานใส่ใจ” ที่ อ.ศรีราชา จ.ชลบุรี "
    "วันที่ ๒๗ มี.ค. ๖๖ ด้วยงบประมาณ ๑.๕ ล้านบาท ตาม พ.ร.บ.โรงงาน พ.ศ. 2535 โทร. 0 2430 6000"
)
PIECES = (
    *TEXT.split(),
    "\n",
    " ",
    "\u200b",
    "\xa0",
    "น\u0e4d\u0e49า",
    "เเ",
    "İ",
    "\ud800",
    "24.00 น.",
)
by_name = pytest.mark.parametrize("find", FIND, ids=lambda find: find.__name__)


@by_name
def test_one_sentence_has_a_passage_of_each_kind(find: Callable[[str], list[Any]]) -> None:
    found = find(TEXT)
    assert found
    for passage in found:
        assert isinstance(passage, Passage)
        assert passage.text == TEXT[passage.start : passage.end]
        assert passage.field is None


@by_name
@given(pieces=st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=30))
def test_passages_are_slices_in_order(find: Callable[[str], list[Any]], pieces: list[str]) -> None:
    text = " ".join(pieces)
    found = find(text)
    assert [one.text for one in found] == [text[one.start : one.end] for one in found]
    assert [one.start for one in found] == sorted(one.start for one in found)


@by_name
def test_hidden_faults_of_a_text_change_offsets_only(find: Callable[[str], list[Any]]) -> None:
    faulty = "\u200b\xa0\n" + TEXT.replace(" ", " \u200b ")
    assert len(find(faulty)) == len(find(clean(faulty)))
    for passage in find(faulty):
        assert passage.text == faulty[passage.start : passage.end]


@by_name
@pytest.mark.parametrize("value", [None, 2568, 1.5, b"text", ["text"]], ids=repr)
def test_only_strings_are_texts(find: Callable[[Any], list[Any]], value: Any) -> None:
    with pytest.raises(TypeError, match="a text must be a string, not"):
        find(value)


@pytest.mark.parametrize("function", [api.clean, api.fold, api.segment, api.find_ministries])
def test_only_strings_are_texts_elsewhere(function: Callable[[Any], Any]) -> None:
    with pytest.raises(TypeError, match="a text must be a string, not float: nan"):
        function(float("nan"))


def test_an_empty_text_has_nothing() -> None:
    assert [find("") for find in FIND] == [[]] * len(FIND)
    assert (api.clean(""), api.fold(""), api.segment(""), api.find_ministries("")) == (
        "",
        "",
        [],
        [],
    )


def test_a_year_is_inferred_from_the_day_of_publication() -> None:
    (without,) = api.find_dates("เริ่ม 3 เมษายนนี้")
    (found,) = api.find_dates("เริ่ม 3 เมษายนนี้", date(2025, 3, 1))
    assert without.start_on is None
    assert (found.start_on, found.inferred) == (date(2025, 4, 3), True)


def test_the_end_of_a_day() -> None:
    (found,) = api.find_dates("วันที่ 3 เมษายน 2568 เวลา 20.00-24.00 น.")
    assert found.end_time is not None
    assert f"{found.end_time:%H:%M}" == "23:59"


def test_an_amount_in_a_programme_s_name_is_not_found() -> None:
    assert api.find_money("โครงการ “อิ่มละ 25 บาท” เริ่มแล้ว") == []


def test_a_person_s_name_is_not_a_province() -> None:
    assert api.find_places("นายสมใจ ชลบุรี กล่าวว่า") == []


def test_a_headline_counts_more() -> None:
    body = "กระทรวงอุตสาหกรรมหารือกระทรวงพลังงาน และกระทรวงพลังงานเห็นด้วย"
    scores = {found.ministry: found.score for found in api.find_ministries(body)}
    titled = {
        found.ministry: found.score
        for found in api.find_ministries(body, title="กระทรวงอุตสาหกรรมเปิดโครงการ")
    }
    assert titled["industry"] > scores.get("industry", 0)


def test_examples_of_docstrings() -> None:
    assert doctest.testmod(texts).failed == 0


def test_passages_are_values() -> None:
    one, other = (api.find_money("ราคา 5 บาท")[0] for _ in range(2))
    assert (one, hash(one)) == (other, hash(other))


@by_name
def test_time_is_linear(find: Callable[[str], list[Any]]) -> None:
    assert_linear(find, repeated(f"{TEXT}\n"), 60_000)
