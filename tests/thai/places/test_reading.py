"""Places in invented sentences, by the shapes that trip a rule."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.thai.places import Place, PlaceKind, find_places, province_code
from scraper.thai.places.gazetteer import (
    bangkok_districts,
    districts,
    province_names,
    provinces,
    subdistricts,
)
from scraper.thai.text import clean, fold
from tests.hostile import UNITS, assert_linear, cpu_time, repeated


def places(*texts: str) -> list[Place]:
    return find_places({f"{n}": fold(text) for n, text in enumerate(texts)})


def provinces_in(*texts: str) -> list[str]:
    return [place.province for place in places(*texts) if place.kind is PlaceKind.PROVINCE]


def smaller_in(*texts: str) -> list[tuple[str, str, str | None]]:
    return [
        (place.kind.value, place.name_th, place.district)
        for place in places(*texts)
        if place.kind is not PlaceKind.PROVINCE
    ]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        # with the word, in full and short, with and without a space
        ("ที่จังหวัดชลบุรี", ["TH-20"]),
        ("โรงงานใน จ.แพร่ และ จว.เลย", ["TH-54", "TH-42"]),
        ("จังหวัด ตาก", ["TH-63"]),
        ("ในพื้นที่จ.น่าน", ["TH-55"]),
        ("จังหวัด“น่าน”", ["TH-55"]),
        # bare
        ("ลงพื้นที่ระยองพบชาวบ้าน", ["TH-21"]),
        ("ผู้ตรวจฯ ลงพื้นที่ตราด", ["TH-23"]),
        ("ขบวนรถไฟสายใต้ถึงสงขลา", ["TH-90"]),
        # lists with the word only before the first, or none
        ("จังหวัดพะเยา แพร่ น่าน และตาก", ["TH-56", "TH-54", "TH-55", "TH-63"]),
        ("3 จังหวัด (เลย หนองคาย บึงกาฬ)", ["TH-42", "TH-43", "TH-38"]),
        ("ระหว่างน่าน-แพร่-ลำปาง", ["TH-55", "TH-54", "TH-52"]),
        ("จันทบุรี และตราด", ["TH-22", "TH-23"]),
        # inside words, or words themselves
        ("การแพร่ระบาดและเผยแพร่ข่าว", []),
        ("อัตราดอกเบี้ยลดลง สมัครได้เลย", []),
        ("เรือในน่านน้ำไทย ปลาตากแห้ง ตากแดด", []),
        ("มาเลเซีย กัมมันตรังสี ประชุมพร้อมกัน", []),
        ("ได้เลย นครราชสีมา", ["TH-30"]),
        ("อยู่เชียงใหม่เลยมาไม่ได้", ["TH-50"]),
        ("หลายจังหวัดแพร่ระบาดหนัก", []),
        # persons
        ("นายสุรินทร์ ใจงาม และนางระยอง ดีพร้อม", []),
        ("นายสมใจ ณ เชียงใหม่ รองปลัด", []),
        ("ประชุม ณ เชียงใหม่", ["TH-50"]),
        # universities, banks, firms, roads, ships, buildings
        ("มหาวิทยาลัยเชียงใหม่ กับมหาวิทยาลัยราชภัฏนครปฐม", []),
        ("มหาวิทยาลัยสงขลานครินทร์", []),
        ("ธนาคารกรุงเทพ", []),
        ("บริษัท เหล็กระยอง จำกัด ในชลบุรี", ["TH-20"]),
        ("บริษัทหนึ่งในระยอง", ["TH-21"]),
        ("ถนนเพชรบุรี และถ.พิษณุโลก", []),
        ("เรือหลวงสุโขทัย", []),
        ("อาคารราชบุรีดิเรกฤทธิ์", []),
        ("สถานีกลางกรุงเทพอภิวัฒน์", []),
        ("ข้าวหอมมะลิปทุมธานี", []),
        ("หมู่เกาะอ่างทอง", []),
        # agencies and posts that name their province
        ("สำนักงานอุตสาหกรรมจังหวัดชลบุรี", ["TH-20"]),
        ("สอจ.ตาก และผู้ว่าราชการจังหวัดเลย", ["TH-63", "TH-42"]),
        # nicknames and short forms
        ("ชาวเมืองย่าโมต้อนรับพ่อเมืองสุรินทร์", ["TH-30", "TH-32"]),
        ("โคราช สุราษฎร์ และอุบลฯ", ["TH-30", "TH-84", "TH-34"]),
        ("ตัวเมืองอุดรธานี", ["TH-41"]),
        ("อยุธยา", ["TH-14"]),
        ("เมืองเก่าสมัยอยุธยา", []),
        ("อำเภอเมืองกาญจน์", ["TH-71"]),
        # Bangkok: the place, and the authority
        ("เขตดุสิต กรุงเทพฯ", ["TH-10"]),
        ("ในกรุงเทพมหานครและปริมณฑล", ["TH-10"]),
        ("ถนนวิภาวดีรังสิต กทม.", ["TH-10"]),
        ("ผู้ว่าราชการกรุงเทพมหานคร", []),
        ("สายด่วน กทม. 1555", []),
        ("กระทรวงมหาดไทย และกรุงเทพมหานคร ช่วยกัน", []),
        ("สั่งการให้กรุงเทพมหานคร เร่งสำรวจ", []),
        # English
        ("The Minister visited Chonburi and Nakhon Si Thammarat", ["TH-20", "TH-80"]),
        ("in Tak, Kanchanaburi, and Ubon-Ratchathani", ["TH-63", "TH-71", "TH-34"]),
        ("Nan Hua of the bank said; Bangkok Bank; Chiang Mai University", []),
        ("BANGKOK – The cabinet", ["TH-10"]),
        ("a takeover of Krabilia", []),
    ],
)  # fmt: skip
def test_provinces(text: str, codes: list[str]) -> None:
    assert provinces_in(text) == codes


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ต.ในเมือง อ.เมือง จ.ขอนแก่น", [
            ("subdistrict", "ในเมือง", "4001"), ("district", "เมืองขอนแก่น", "4001")]),
        ("อำเภอเมืองตราด", [("district", "เมืองตราด", "2301")]),
        ("อำเภอศรีราชา", [("district", "ศรีราชา", "2007")]),
        ("แขวงดินแดง เขตดินแดง กรุงเทพฯ", [
            ("subdistrict", "ดินแดง", "1026"), ("district", "ดินแดง", "1026")]),
        # two of the name: the article's province decides
        ("อำเภอเฉลิมพระเกียรติ จังหวัดน่าน", [("district", "เฉลิมพระเกียรติ", "5515")]),
        ("อำเภอเฉลิมพระเกียรติ", []),
        # no name, no such district, or the end of a rank
        ("ทุกอำเภอ ปลัดอำเภอ ตำบลและอำเภอ เขตเศรษฐกิจพิเศษ", []),
        ("อ.ไม่มีจริง ต.ไม่มีจริง", []),
        ("พล.ต.อ.เมือง พ.ต.ต.บางรัก", []),
        ("จ.ยะลา อ.เบตง", [("district", "เบตง", "9502")]),
    ],
)  # fmt: skip
def test_districts_and_subdistricts(text: str, found: list[tuple[str, str, str | None]]) -> None:
    assert smaller_in(text) == found


def test_a_subdistrict_named_like_a_far_province_is_not_that_province() -> None:
    text = "ตำบลอ่างทอง อำเภอเมือง จังหวัดกำแพงเพชร ชาวอ่างทองดีใจ"
    assert provinces_in(text) == ["TH-62"]
    assert ("subdistrict", "อ่างทอง", "6201") in smaller_in(text)


def test_a_village_named_like_a_province_is_not_that_province() -> None:
    assert provinces_in("หมู่บ้านเชียงใหม่ จังหวัดเลย", "ชาวเชียงใหม่ดีใจ") == ["TH-42"]
    assert provinces_in("หมู่บ้านเชียงใหม่ จังหวัดเลย", "และจังหวัดเชียงใหม่") == ["TH-42", "TH-50"]


def test_offsets_hold_the_word_before_the_name() -> None:
    text = "ไป อ. เมืองชลบุรี จังหวัดชลบุรี"
    assert [text[place.start : place.end] for place in places(text)] == [
        "อ. เมืองชลบุรี", "ชลบุรี", "จังหวัดชลบุรี",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name", ["TH-20", "th-20", "ชลบุรี", "จ.ชลบุรี", "Chon Buri", "chonburi province"]
)
def test_a_province_is_known_by_all_its_names(name: str) -> None:
    assert province_code(name) == "TH-20"


def test_an_unknown_province_has_no_code() -> None:
    assert province_code("แอตแลนติส") is None


def test_the_tables_agree() -> None:
    assert len(provinces()) == 77
    assert set(province_names().codes.values()) == set(provinces())
    owners = {area.province for found in districts().areas.values() for area in found}
    assert owners == set(provinces())
    assert len({area.code for found in bangkok_districts().areas.values() for area in found}) == 50
    assert sum(map(len, subdistricts().areas.values())) > 7_400


PIECES = st.sampled_from(
    ["จังหวัด", "จ.", "อ.", "อำเภอเมือง", "ต.", "เขต", "ชลบุรี", "แพร่", "เลย", "กทม.", " ", "และ", "\n",
     "บริษัท", "จำกัด", "ณ ", "นาย", "Tak", "phuket", "ๆ", "ฯ", "เมือง", "อ่างทอง", "\u0e4d", "İ"]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=4), max_size=30).map("".join))
def test_any_text_is_read(text: str) -> None:
    found = places(text)
    folded = fold(text)
    assert all(0 <= place.start < place.end <= len(folded) for place in found)
    assert [place.start for place in found] == sorted(place.start for place in found)
    assert places(clean(text)) == found


@pytest.mark.parametrize("begin", ["", "จังหวัดชลบุรี "])
def test_time_is_linear(begin: str) -> None:
    for unit in (
        *UNITS,
        "จ.",
        "เลย ",
        "จังหวัด",
        "อ.",
        "อ.เมือง ",
        "ต.ในเมือง",
        "บริษัท",
        "ตาก-",
        "กทม.",
    ):
        assert_linear(places, repeated(unit, begin), 6_000)


@pytest.mark.parametrize("unit", ["เลย ", "อ.เมือง ", "จ.ตาก ต.ในเมือง ", "บริษัทระยอง ", "tak "])
def test_the_longest_page_is_quick(unit: str) -> None:
    places(unit)
    assert cpu_time(places, unit * (240_000 // len(unit))) < 4
