"""Tests for finding agencies: forms of names, shared abbreviations, names inside others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.model import AgencyMentions
from scraper.reference import read_table
from scraper.thai.agencies import AgencyName, count_agencies, find_agencies
from scraper.thai.names import find_names_in, split_places
from scraper.thai.text import clean, fold

AGENCIES = [row for row in read_table("agencies.csv") if row["kind"] != "centre"]
IN_CONTEXT = {"bangkok", "pattaya"}


def find(title: str = "", lead: str = "", body: str = "", tail: str = "") -> tuple[AgencyName, ...]:
    """Return the agencies named in an article with these fields."""
    places = split_places(*map(fold, (title, lead, body, tail)))
    return find_agencies(find_names_in(places), places)


def counts(text: str) -> dict[str, int]:
    """Return how often a body names each agency, in order."""
    return {a.agency: a.mentions for a in count_agencies(find(body=text))}


@pytest.mark.parametrize("column", ["name_th", "name_en"])
def test_every_agency_is_found_by_its_names(column: str) -> None:
    for agency in AGENCIES:
        if agency["slug"] not in IN_CONTEXT:
            assert counts(f"เปิดงานโดย{agency[column]} เมื่อเช้านี้") == {agency["slug"]: 1}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ("รมว.อุตสาหกรรม เปิดงาน", {}),  # a ministry is not an agency
        # every form of a name, and the name in full with its abbreviation, count
        ("กรมโรงงานอุตสาหกรรม (กรอ.) ตรวจโรงงาน กรมโรงงานฯ พบว่า", {"diw": 3}),
        ("กสอ. หรือ ดีพร้อม (DIPROM)", {"diprom": 3}),
        ("ดีพร้อมเซ็นเตอร์", {"diprom": 1}),
        ("สร้างอาชีพดีพร้อม", {}),  # its scheme
        ("เครื่องจักรอยู่ในสภาพดีพร้อมใช้งาน", {}),
        ("สำนักงานปลัดกระทรวงอุตสาหกรรม", {"industry-ops": 1}),
        ("ปลัดกระทรวงอุตสาหกรรม", {}),
        ("มอก. ของ สมอ.", {"tisi": 1}),  # a standard, not the agency that makes it
        ("รองอธิบดีกรมอุตสาหกรรมพื้นฐานและการเหมืองแร่", {"dpim": 1}),
        ("อุตสาหกรรมจังหวัดระยอง", {}),  # the head of the office
        ("สำนักงานอุตสาหกรรมจังหวัดระยอง", {"provincial-industry": 1}),
        ("สำนักงานสถิติจังหวัด กับสำนักงานสถิติแห่งชาติ", {"provincial-statistics": 1, "nso": 1}),
        ("สำนักงานอุตสาหกรรมจังหวัด (สอจ.)", {"provincial-industry": 2}),
        # by frequency, then by first mention
        ("กนอ. สศอ. กนอ. สมอ.", {"ieat": 2, "oie": 1, "tisi": 1}),
        # the longest name at a position counts
        ("กรมทรัพยากรน้ำบาดาล", {"groundwater": 1}),
        ("แขวงทางหลวงชนบทเลย", {}),  # a part of an agency
        (
            "ศาลปกครองสูงสุด และศาลปกครอง",
            {"supreme-administrative-court": 1, "administrative-court": 1},
        ),
        ("มหาวิทยาลัยราชภัฏเลย และมหาวิทยาลัยราชภัฏทุกแห่ง", {"rajabhat-loei": 1, "rajabhat": 1}),
        ("สำนักงาน ก.พ.ร.", {"opdc": 1}),
        ("สำนักงาน ก.พ. อบรม", {"ocsc": 1}),
        # not agencies
        ("โครงการนิคมอุตสาหกรรมแห่งใหม่", {}),
        ("ประธานสภาอุตสาหกรรมจังหวัดระยอง", {}),
        ("เปิดทำการศาลแรงงานจังหวัด", {}),
        ("พิธีเนื่องในวันกองทัพไทย", {}),
        ("แผนพัฒนาการเกษตรจังหวัด", {}),
        ("กิจการโทรทัศน์ และกิจการโทรคมนาคมแห่งชาติ", {}),
        ("กองทัพเรือสหรัฐฯ", {}),
        ("ศูนย์ดำรงธรรม", {}),
        ("สถานีตำรวจภูธร", {}),
        ("โรงเรียนเทศบาล", {}),
        ("กรมสมเด็จพระ กรมหลวง กรมพระยา", {}),
        ("the International Court of Justice", {}),
        # bodies without a ministry, administrations as a class, parts of the state without a head
        ("ป.ป.ช. สตง. กกต.", {"nacc": 1, "audit-office": 1, "ect": 1}),
        ("นายกองค์การบริหารส่วนจังหวัดเลย กับ อบต.", {"pao": 1, "tao": 1}),
        ("เทศบาลนครแห่งหนึ่ง", {"municipality": 1}),
        ("แบงก์ชาติ หรือ ธปท.", {"bot": 2}),
        ("สายแยก ทล.117 ของทางหลวง", {}),
        # a shared abbreviation belongs to the agency whose name is also there
        ("กพร. ตรวจเหมือง", {"dpim": 1}),
        ("กพร. เปิดอบรมฝีมือแรงงานในเหมือง", {"dpim": 1, "skill-development": 1}),
        ("กรมพัฒนาฝีมือแรงงาน (กพร.) เปิดอบรมในเหมือง", {"skill-development": 2}),
        ("กพร. จัดงานประจำปี", {}),
        ("บอร์ด กอช. พัฒนาอุตสาหกรรม", {}),
        ("กอช. ชวนแรงงานเริ่มการออม", {"national-savings-fund": 1}),
        ("BOI secretary-general Narit", {"boi": 1}),
        ("ธพว. เติมทุน", {"sme-bank": 1}),  # of two ministries, and one agency
        ("The Department of Industrial Works said", {"diw": 1}),
    ],
)
def test_which_agencies(text: str, expected: dict[str, int]) -> None:
    found = counts(text)
    assert found == expected
    assert list(found) == sorted(expected, key=lambda slug: -expected[slug])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # an abbreviation counts in the article that defines it, before the definition too
        ("กทดล. พบว่า กรมทางหลวง (กทดล.)", {"highways": 3}),
        ("กรมทางหลวง (ทล.) กับ ทล. และ ทล.1234", {"highways": 3}),
        ("กรมทางหลวง หรือ กทดล. กับ กทดล.", {"highways": 3}),
        ("กรมทางหลวง (Department of Highways: DOH) กับ doh", {"highways": 4}),
        ("กรมทางหลวง (กทดล. หรือ DOH) กับ กทดล.", {"highways": 4}),
        ("สถาบันข้อมูลขนาดใหญ่ (องค์การมหาชน) (สขดล.) กับ สขดล.", {"bdi": 3}),
        ("กทดล. พบว่า", {}),
        # behind a person's post or a board the bracket abbreviates that
        ("อธิบดีกรมทางหลวง (อทดล.) กับ อทดล.", {"highways": 1}),
        ("คณะกรรมการการเคหะแห่งชาติ (กกดล.) กับ กกดล.", {"nha": 1}),
        # what stands in brackets is no abbreviation of it
        ("กรมทางหลวง (คค.) กับ คค.", {"highways": 1}),
        ("กรมทางหลวง (can) can", {"highways": 1}),
        ("กรมทางหลวง (ตามแผน) กับแผน", {"highways": 1}),
        # the same letters defined as something else mean no agency anywhere
        ("สมอ. เปิดงาน ศูนย์ประสานงานหมอนวดไทยโบราณ (สมอ.) กับ สมอ.", {}),
        ("สำนักงานส่งเสริมดนตรีในสวนสาธารณะ (สมอ.)", {}),
        # unless the name is only misspelt
        ("สำนักงานมาตราฐานผลิตภัณท์อุตสาหกรรม (สมอ.)", {"tisi": 1}),
        ("คณะกรรมการอาหารและยา (อย.)", {"fda": 1}),
        ("โครงการตรวจฉลาก (อย.)", {"fda": 1}),  # the agency in charge
        # names shortened with ฯ
        ("กรมสวัสดิฯ", {"labour-protection": 1}),
        ("กรมพัฒนาฯ", {}),  # several begin so
        ("กรมพัฒนาที่ดิน โดยกรมพัฒนาฯ", {"land-development": 2}),
        ("กรมพัฒนาที่ดินฯ", {"land-development": 1}),
        ("การกีฬาแห่งประเทศไทย ชื่อย่อการกีฬาฯ", {"sat": 2}),
        ("ส่งเสริมการกีฬาฯ", {}),
        ("กรมฯ สำนักงานฯ ฯลฯ กรม ฯลฯ", {}),
    ],
)
def test_names_that_the_article_explains(text: str, expected: dict[str, int]) -> None:
    assert counts(text) == expected


def test_mentions_are_in_reading_order_with_their_place() -> None:
    found = find("กสอ.", "ก สมอ.", "ก\nข\nกรมทางหลวง (กทดล.)", "กทดล.")
    assert [(name.agency, name.place, name.name, name.start, name.end) for name in found] == [
        ("diprom", "title", "กสอ.", 0, 4),
        ("tisi", "lead", "สมอ.", 2, 6),
        ("highways", "body", "กรมทางหลวง", 4, 14),
        ("highways", "body", "กทดล.", 16, 21),
        ("highways", "tail", "กทดล.", 0, 5),
    ]


def test_evidence_lists_places_in_reading_order() -> None:
    found = find("กสอ. เปิดงาน", "", "ก\nข\nกรมส่งเสริมอุตสาหกรรม (กสอ.) กสอ.", "กสอ.")
    assert count_agencies(found) == (
        AgencyMentions(
            agency="diprom",
            mentions=5,
            evidence=(
                "title: กสอ. ×1",
                "body: กรมส่งเสริมอุตสาหกรรม ×1",
                "body: กสอ. ×2",
                "tail: กสอ. ×1",
            ),
        ),
    )


@given(st.lists(st.sampled_from(AGENCIES), max_size=12))
def test_mentions_add_up(named: list[dict[str, str]]) -> None:
    named = [row for row in named if row["slug"] not in IN_CONTEXT]
    found = count_agencies(find(body=" | ".join(row["name_th"] for row in named)))
    assert sum(agency.mentions for agency in found) == len(named)
    assert {agency.agency for agency in found} == {row["slug"] for row in named}
    assert [a.mentions for a in found] == sorted((a.mentions for a in found), reverse=True)


PIECES = st.sampled_from(
    [
        "กรมทางหลวง",
        "กสอ.",
        " (",
        ")",
        "หรือ",
        "ฯ",
        "\n",
        " ",
        "กรม",
        "การกีฬา",
        "สมอ.",
        "คณะกรรมการ",
        "DIPROM",
    ]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=4), max_size=30).map("".join))
def test_any_text_is_read(text: str) -> None:
    found = find("", "", text)
    folded = fold(text)
    spans = [(name.start, name.end) for name in found]
    assert spans == sorted(spans)
    assert all(0 <= start < end <= len(folded) for start, end in spans)
    assert find("", "", clean(text)) == found


def test_invented_agencies_do_not_exist() -> None:
    for row in read_table("practice/agencies.csv"):
        assert counts(f"{row['name']}พื้นที่หนึ่ง ({row['abbreviation']})") == {}, row
