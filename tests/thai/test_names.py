"""Tests for finding names in the places of an article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.reference import read_table
from scraper.thai.names import PLACES, find_names, split_places
from scraper.thai.text import fold

AGENCIES = read_table("agencies.csv")


def test_names_are_found_by_place() -> None:
    found = find_names("กสอ. พบ สมอ.", "กสอ.", "ก\nกสอ. กับ กสอ.\nกสอ.", tail="DIPROM\n#กสอ. diprom")
    assert [(named.place, named.name, named.times) for named in found] == [
        ("title", "กสอ.", 1),
        ("title", "สมอ.", 1),
        ("lead", "กสอ.", 1),
        ("opening", "กสอ.", 2),
        ("body", "กสอ.", 1),
        ("tail", "DIPROM", 2),
        ("tail", "กสอ.", 1),
    ]
    assert found[3].evidence == "opening: กสอ. ×2"


@given(st.lists(st.sampled_from([row["name_th"] for row in AGENCIES]), max_size=9), st.text())
def test_found_names_occur_in_the_text(written: list[str], between: str) -> None:
    text = between.join(written)
    found = find_names(text, text, "", tail=text)
    places = [PLACES.index(named.place) for named in found]
    assert places == sorted(places)
    folds = {place: fold(text) for place in ("title", "lead", "tail")}
    for named in found:
        assert named.times == len(named.spans) >= 1
        for start, end in named.spans:
            assert folds[named.place][start:end] == fold(named.name)


def names(text: str) -> list[str]:
    """Return the names found in a headline."""
    return [named.name for named in find_names(text, None, "") for _ in named.spans]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # spaces missing or added at the seams of a name
        ("อธิบดีกรม ประมง", ["กรมประมง"]),
        ("สำนักงาน คณะกรรมการอาหาร และยา", ["สำนักงานคณะกรรมการอาหารและยา"]),
        ("กรมอุทยานแห่งชาติสัตว์ป่าและพันธุ์พืช", ["กรมอุทยานแห่งชาติ สัตว์ป่า และพันธุ์พืช"]),
        ("รมว. คลัง", ["รมว.คลัง"]),
        ("กรมปร ะมง", []),  # within a word
        # the agency of another country
        ("กองทัพเรือจีน", []),
        ("กรมศุลกากรของญี่ปุ่น", []),
        ("กรมประมงแห่งราชอาณาจักรกัมพูชา", []),
        ("กรมประมงจับมือจีน", ["กรมประมง"]),
        ("the US Fine Arts Department", []),
        ("the Fine Arts Department", ["Fine Arts Department"]),
        ("Fine Arts Departments", []),
        # the name of something else
        ("สหกรณ์ออมทรัพย์กรมประมง", []),
        ("สหภาพแรงงานการประปานครหลวง", []),
        ("โรงพยาบาลมหาวิทยาลัยนเรศวร", []),
        ("ผู้อำนวยการนิคมอุตสาหกรรมแห่งหนึ่ง", []),
        ("ผู้ว่าการการนิคมอุตสาหกรรม", ["การนิคมอุตสาหกรรม"]),
        ("คณะกรรมการการกีฬาแห่งประเทศไทย", ["การกีฬาแห่งประเทศไทย"]),
        # short forms
        ("บมจ.ไปรษณีย์ไทย กับ บจ. ไปรษณีย์ไทย", ["บมจ.ไปรษณีย์ไทย", "บจ.ไปรษณีย์ไทย"]),
        ("ธ.ออมสิน กับ ม.เชียงใหม่", ["ธ.ออมสิน", "ม.เชียงใหม่"]),
        ("อีก 25 กม.เชียงใหม่ไม่ไกล", []),
        ("ม.ราชภัฏเลย", ["ม.ราชภัฏเลย"]),
        ("เลขาธิการคณะกรรมการอาหารและยา", ["เลขาธิการคณะกรรมการอาหารและยา"]),
        # codes that begin like an abbreviation
        ("ทางหลวง ทล.1234", []),
        ("มท.1 เปิดงาน", ["มท."]),
    ],
)
def test_which_names(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("ณ โรงแรมแห่งหนึ่ง กรุงเทพมหานคร", 0),
        ("ในพื้นที่กรุงเทพมหานครและปริมณฑล", 0),
        ("ผู้ว่าราชการกรุงเทพมหานคร", 1),
        ("ร่วมกับ กทม.", 1),
        ("กระทรวงมหาดไทยและกรุงเทพมหานคร ออกประกาศ", 1),
        ("กทม. ชี้แจงว่า", 1),
        ("คณะกรรมการโรคติดต่อกรุงเทพมหานคร ดำเนินการ", 0),
        ("เที่ยวเมืองพัทยา", 0),
        ("นายกเมืองพัทยา", 1),
    ],
)
def test_authorities_with_the_name_of_a_place(text: str, times: int) -> None:
    found = [name for name in find_names(text, None, "") if name.meanings[0].agency]
    assert sum(name.times for name in found) == times


def test_spans_of_opening_and_body_are_offsets_in_the_body() -> None:
    body = "กสอ.\nก กสอ.\nสมอ. กสอ."
    found = find_names("", None, body)
    assert [(named.place, named.spans) for named in found] == [
        ("opening", ((0, 4), (7, 11))),
        ("body", ((12, 16),)),
        ("body", ((17, 21),)),
    ]
    assert [place.text for place in split_places("t", "l", body, "e")] == [
        "t", "l", "กสอ.\nก กสอ.", "สมอ. กสอ.", "e",
    ]  # fmt: skip
