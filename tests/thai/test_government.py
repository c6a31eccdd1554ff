"""Tests for the government as speaker: sections, headlines, second posts of a Prime Minister."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.reference import read_table
from scraper.thai.government import GOVERNMENT, government_voice, without_second_posts
from scraper.thai.ministries import score_ministries
from scraper.thai.names import find_names
from scraper.thai.text import fold
from tests.hostile import UNITS, assert_linear, repeated

SECTIONS = read_table("government_categories.csv")


def voice(headline: str, category: str | None = None, body: str = "") -> str:
    """Return how the government speaks: surely, with points, or not at all."""
    found = government_voice(headline, category, body)
    if found is None:
        return "no"
    return "surely" if found.certain else f"{found.points:g}"


@pytest.mark.parametrize(
    ("headline", "category", "expected"),
    [
        ("สสส. เปิดงาน", "ข่าวคณะโฆษก", "surely"),
        ("สสส. เปิดงาน", "ข่าวรอง นรม. รมต.นร.", "surely"),
        ("สสส. เปิดงาน", "ข่าวรอง นรม  รมตนร", "surely"),  # as in the names of files
        ("Bridge opens", "Government News\t", "surely"),
        ("The cabinet met", "Cabinet Meeting Synopsis", "surely"),
        ("ลดค่าเดินทาง", "ทัน LINE ไทยคู่ฟ้า", "2.5"),
        ("ครม. ลดค่าเดินทาง", "ทัน LINE ไทยคู่ฟ้า", "7.5"),
        ("ลดค่าเดินทางตามที่นายกฯ สั่ง", "ทัน LINE ไทยคู่ฟ้า", "7.5"),
        ("ลดค่าเดินทางตามที่รองนายกฯ สั่ง", "ทัน LINE ไทยคู่ฟ้า", "2.5"),
        ("รัฐเร่งลดค่าเดินทาง", "รายการวิทยุไทยคู่ฟ้า", "6.5"),
        ("ภาครัฐเร่งลดค่าเดินทาง", "รายการวิทยุไทยคู่ฟ้า", "1.5"),
        # in the sections of the ministries a minister reports it
        ("ครม. ลดค่าเดินทาง", "ด้านสังคม", "no"),
        ("นายกฯ เปิดสะพาน", "ด้านเศรษฐกิจ", "no"),
        # without a section the headline decides
        ("นายกรัฐมนตรีเปิดสะพาน", None, "surely"),
        ("“นายกฯ” เปิดสะพาน", "", "surely"),
        ("ด่วน! ครม. ลดค่าเดินทาง", None, "surely"),
        ("สรุปผลการประชุมคณะรัฐมนตรี", None, "surely"),
        ("รองโฆษกรัฐบาลเผยลดค่าเดินทาง", None, "surely"),
        ("โฆษกประจำสำนักนายกรัฐมนตรีแจง", None, "surely"),
        ("PM opens bridge", None, "surely"),
        ("Government Spokesperson on bridges", None, "surely"),
        ("รองนายกฯ สมใจ เปิดสะพาน", None, "no"),
        ("ชาวเกาะต้อนรับนายกฯ", None, "no"),
        ("สะพานใหม่", None, "no"),
    ],
)
def test_who_speaks(headline: str, category: str | None, expected: str) -> None:
    assert voice(headline, category) == expected


def test_without_a_section_the_opening_may_name_the_spokesperson() -> None:
    body = "นางสมใจ ใจดี รองโฆษกประจำสำนักนายกรัฐมนตรี กล่าว"
    assert voice("ลดค่าเดินทาง", None, body) == "surely"
    assert voice("ลดค่าเดินทาง", None, "ก" * 400 + body) == "no"
    assert voice("ลดค่าเดินทาง", "ด้านสังคม", body) == "no"


def test_evidence() -> None:
    section = government_voice("สะพาน", "ข่าวคณะโฆษก")
    headline = government_voice("นายกฯ เปิดสะพาน", None)
    assert section
    assert headline
    assert section.evidence == "category: ข่าวคณะโฆษก"
    assert headline.evidence == "title: นายกฯ"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("นายกรัฐมนตรีและรัฐมนตรีว่าการกระทรวงกลาโหม", "นายกรัฐมนตรีและ"),
        ("นายกรัฐมนตรี และ รมว.กลาโหม กล่าว", "นายกรัฐมนตรี และ กล่าว"),
        ("นายกฯ และ รมว.กลาโหม", "นายกฯ และ"),
        ("นายกฯ/รมว.คลัง", "นายกฯ/"),
        ("นรม.และ รมว.กห. กล่าว", "นรม.และ กล่าว"),
        ("นายกรัฐมนตรี ในฐานะ รมว.มหาดไทย", "นายกรัฐมนตรี ในฐานะ"),
        ("นายกรัฐมนตรี และรักษาการ รมว.วัฒนธรรม", "นายกรัฐมนตรี และรักษาการ"),
        ("รัฐมนตรีว่าการกระทรวงการคลังพบนายกฯ และ รมว.คลังตรวจกรมสรรพากร",
         "รัฐมนตรีว่าการกระทรวงการคลังพบนายกฯ และ ตรวจกรมสรรพากร"),
        ("prime minister and defense minister gen. somjai", "prime minister and gen. somjai"),
        ("prime minister and minister of finance", "prime minister and"),
        ("pm and concurrently minister of interior", "pm and concurrently"),
        # deputies, and two people
        ("รองนายกรัฐมนตรีและรัฐมนตรีว่าการกระทรวงการคลัง", None),
        ("รองนายกฯ และ รมว.กลาโหม", None),
        ("deputy prime minister and minister of finance", None),
        ("นายกฯ และ รมว.เกษตร", None),
        ("นายกรัฐมนตรี รมว.กลาโหม และคณะ", None),
        ("นายกรัฐมนตรี และนายสมใจ ใจดี รมว.กลาโหม", None),
        ("นายก อบต. และ รมว.กลาโหม", None),
        ("นายกรัฐมนตรีและ\nรมว.กลาโหม", None),
    ],
)  # fmt: skip
def test_second_posts(text: str, kept: str | None) -> None:
    left = without_second_posts(text)
    assert len(left) == len(text)
    assert re.sub(" +", " ", left).strip() == (text if kept is None else kept)


@pytest.mark.parametrize(
    "written",
    [
        "นายกรัฐมนตรี และ รมว.กลาโหม",
        "นายกฯ และ รมว.กลาโหม",
        "นายกรัฐมนตรีและรัฐมนตรีว่าการกระทรวงกลาโหม",
        "Prime Minister and Defense Minister",
        "Prime Minister and Minister of Finance",
    ],
)
def test_a_second_post_is_not_evidence_for_its_ministry(written: str) -> None:
    body = f"นายสมใจ ใจดี {written} ชมงานของกรมทางหลวง\n{written} กล่าวอีกครั้ง"
    names = find_names(written, None, body)
    assert [found.ministry for found in score_ministries(names)] == ["transport"]
    spoken = score_ministries(names, written, government_voice(written, None))
    assert [found.ministry for found in spoken] == [GOVERNMENT, "transport"]


@given(st.text(), st.none() | st.sampled_from([row["category"] for row in SECTIONS]) | st.text())
def test_any_text_has_a_voice_or_none(text: str, category: str | None) -> None:
    found = government_voice(text, category, text)
    assert found is None or found.points > 0
    folded = fold(text)
    assert len(without_second_posts(folded)) == len(folded)


@pytest.mark.parametrize(
    "more", ["นายกฯ", "นายกฯ และ ", "นายกรัฐมนตรี และรัฐมนตรีว่าการ", "prime minister and "]
)
def test_time_is_linear(more: str) -> None:
    for unit in (*UNITS, more):
        text = repeated(unit, "", "")
        assert_linear(without_second_posts, text, 6_000)
        assert_linear(lambda value: government_voice(value, None, value), text, 6_000)
        assert_linear(lambda value: government_voice(value, "ทันข่าว"), text, 6_000)


class TestTable:
    def test_sections_are_single(self) -> None:
        keys = [re.sub(r"[\s./]+", "", row["category"]).lower() for row in SECTIONS]
        assert len(set(keys)) == len(keys)

    def test_points(self) -> None:
        assert all(not row["points"] or 0 < float(row["points"]) < 3 for row in SECTIONS)
