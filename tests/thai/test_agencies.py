"""Tests for counting agencies: forms of names, shared abbreviations, names inside others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.model import AgencyMentions
from scraper.reference import read_table
from scraper.thai.agencies import count_agencies
from scraper.thai.names import find_names

AGENCIES = read_table("agencies.csv")


def counts(text: str) -> dict[str, int]:
    """Return how often a body names each agency, in order."""
    return {a.agency: a.mentions for a in count_agencies(find_names("", None, text))}


@pytest.mark.parametrize("column", ["name_th", "name_en"])
def test_every_agency_is_found_by_its_names(column: str) -> None:
    for agency in AGENCIES:
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
        ("เครื่องจักรอยู่ในสภาพดีพร้อมใช้งาน", {}),
        ("สำนักงานปลัดกระทรวงอุตสาหกรรม", {"industry-ops": 1}),
        ("ปลัดกระทรวงอุตสาหกรรม", {}),
        ("มอก. ของ สมอ.", {"tisi": 1}),  # a standard, not the agency that makes it
        ("รองอธิบดีกรมอุตสาหกรรมพื้นฐานและการเหมืองแร่", {"dpim": 1}),
        ("อุตสาหกรรมจังหวัดระยอง", {"provincial-industry": 1}),
        ("สำนักงานอุตสาหกรรมจังหวัด (สอจ.)", {"provincial-industry": 2}),
        # by frequency, then by first mention
        ("กนอ. สศอ. กนอ. สมอ.", {"ieat": 2, "oie": 1, "tisi": 1}),
        # the longest name at a position counts
        ("กรมทรัพยากรน้ำบาดาล", {"groundwater": 1}),
        ("แขวงทางหลวงชนบทเลย", {"rural-roads": 1}),
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


def test_evidence_lists_places_in_reading_order() -> None:
    names = find_names("กสอ. เปิดงาน", None, "ก\nข\nกรมส่งเสริมอุตสาหกรรม (กสอ.) กสอ.", tail="กสอ.")
    assert count_agencies(names) == (
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
    found = count_agencies(find_names("", None, " ".join(row["name_th"] for row in named)))
    assert sum(agency.mentions for agency in found) == len(named)
    assert {agency.agency for agency in found} == {row["slug"] for row in named}
    assert [a.mentions for a in found] == sorted((a.mentions for a in found), reverse=True)


def test_invented_agencies_do_not_exist() -> None:
    for row in read_table("practice/agencies.csv"):
        assert counts(f"{row['name']}พื้นที่หนึ่ง ({row['abbreviation']})") == {}, row
