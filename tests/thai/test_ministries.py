"""The ministries an article is about: places, ambiguous names, dates, and the tables themselves."""

from __future__ import annotations

import re
import time
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.reference import read_table
from scraper.thai.ministries import score_ministries
from scraper.thai.text import clean_line

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.model import MinistryScore

MINISTRIES = read_table("ministries.csv")
NAMES = read_table("ministry_names.csv")
KINDS = {"name", "abbreviation", "agency", "hashtag", "officer", "programme", "none"}


def score(text: str, published_on: date | None = None) -> tuple[MinistryScore, ...]:
    """Return the ministries of a text that stands in the opening of an article."""
    return score_ministries("", None, text, published_on=published_on)


def slugs(text: str, published_on: date | None = None) -> list[str]:
    return [found.ministry for found in score(text, published_on)]


@pytest.mark.parametrize("ministry", MINISTRIES, ids=lambda row: row["slug"])
@pytest.mark.parametrize("column", ["name_th", "name_en"])
def test_every_ministry_is_known_by_its_names(ministry: dict[str, str], column: str) -> None:
    assert slugs(f"เปิดงานโดย{ministry[column]} เมื่อเช้านี้") == [ministry["slug"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("ชาวสวนเก็บผลไม้ได้มากกว่าปีก่อน", []),
        # ordinary words, and officers of the whole government, are no evidence
        ("อุตสาหกรรมยานยนต์และอุตสาหกรรมท่องเที่ยวเติบโต", []),
        ("นายกรัฐมนตรีเดินทางไปตรวจราชการ", []),
        ("โฆษกประจำสำนักนายกรัฐมนตรีแถลงข่าว", []),
        ("ตามระเบียบสำนักนายกรัฐมนตรีว่าด้วยการลา", []),
        ("นายกรัฐมนตรีและรัฐมนตรีว่าการกระทรวงการคลังเดินทางกลับ", []),
        ("รองนายกรัฐมนตรีและรัฐมนตรีว่าการกระทรวงการคลังแถลง", ["finance"]),
        ("กระทรวงการต่างประเทศสหรัฐฯ แถลง", []),
        # forms of the ministry's name
        ("ก.อุตฯ เดินหน้า", ["industry"]),
        ("รมว.อุตสาหกรรม กล่าว", ["industry"]),
        ("รองปลัดกระทรวงอุตสาหกรรมกล่าว", ["industry"]),
        ("อุตสาหกรรมจังหวัดระยองรายงาน", ["industry"]),
        # abbreviations stand alone
        ("ปลัด อก. มอบรางวัล", ["industry"]),
        ("รมว.อก.มอบรางวัล", ["industry"]),
        ("ผลิตภัณฑ์ได้ มอก. แล้ว", ["industry"]),
        ("นอก.ไม่ใช่ชื่อย่อ", []),
        ("ส.อก. ไม่ใช่ชื่อย่อ", []),
        ("สป.อว. ประชุม", ["higher-education"]),
        ("สปอ. ประชุมงานอุตสาหกรรม", ["industry"]),
        ("สปอ. ประชุม", []),
        ("พม. ช่วยเหลือ", ["social-development"]),
        ("อพม. ลงพื้นที่", ["social-development"]),  # its volunteers
        ("ซื้อข้าวสาร 5 กก. ราคา 100 บาท", []),
        ("รมว.กก. เปิดการแข่งขัน", ["tourism"]),
        ("ขอใบอนุญาต รง.4 ได้เร็วขึ้น", ["industry"]),
        ("รง. และ พน. อย่างเดียวไม่พอ", []),
        ("เริ่ม 15 กค. 66", []),
        ("ปภ.ช. รายงาน", []),
        ("ทุกอย่างดีอีกครั้ง", []),
        ("ดีอีเอส เตือนภัย", ["digital"]),
        # the same letters, decided by the words around them
        ("กพร. ตรวจเหมืองหินปูน", ["industry"]),
        ("กพร. เปิดอบรมฝีมือแรงงาน", ["labour"]),
        ("กพร. มอบรางวัลระบบราชการ", ["prime-minister-office"]),
        ("กพร. จัดงานประจำปี", []),
        ("ทช. ขยายถนนของกรมทางหลวงชนบท", ["transport"]),
        ("ทช. ปลูกปะการังในเขตทรัพยากรทางทะเลและชายฝั่ง", ["environment"]),
        ("สอน. ประกาศราคาอ้อย", ["industry"]),
        ("ครู สอน. เด็ก", []),
        # two at an event; the first named leads where they are equal
        ("ศธ.-พณ. จับมือ", ["education", "commerce"]),
        ("พณ.-ศธ. จับมือ", ["commerce", "education"]),
        ("มท.1 จับมือ รมว.ทส. ปลูกป่า", ["interior", "environment"]),
        # the bank of two ministries: the second answer alone, the first with anything more
        ("ธพว. เติมทุน", ["finance", "industry"]),
        ("sme d bank เติมทุนให้ผู้ประกอบการในสังกัด กสอ.", ["industry", "finance"]),
        ("#ข่าวพม", ["social-development"]),
        ("#ข่าวพมาก", []),
    ],
)
def test_which_ministry(text: str, expected: list[str]) -> None:
    assert slugs(text) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2022, 6, 1), ["industry"]),
        (date(2023, 3, 17), ["industry"]),
        (date(2023, 6, 1), []),
        (date(2024, 6, 1), ["transport"]),
        (None, []),
    ],
)
def test_office_holders_count_in_their_time(day: date | None, expected: list[str]) -> None:
    assert slugs("นายสุริยะ จึงรุ่งเรืองกิจ ตรวจงาน", day) == expected


def test_places_weigh_and_evidence_tells_why() -> None:
    (found,) = score_ministries(
        "กระทรวงอุตสาหกรรม เปิดงาน",
        "อก. เปิดงาน",
        "กสอ. จัด\nกสอ. กับ สมอ. จัด\nกสอ. ปิดงาน",
        tail="#กระทรวงอุตสาหกรรม",
    )
    assert found.ministry == "industry"
    assert found.score == 5 + 2 + 3 * 3 + 1 + 1
    assert found.evidence == (
        "opening: กสอ. ×2",
        "title: กระทรวงอุตสาหกรรม ×1",
        "opening: สมอ. ×1",
        "lead: อก. ×1",
        "body: กสอ. ×1",
        "tail: กระทรวงอุตสาหกรรม ×1",
    )


@pytest.mark.parametrize(
    ("mentions", "expected"),
    [
        ("กค. กระทรวงการคลัง กระทรวงแรงงาน", ["finance"]),  # half is not above half
        ("กค. กระทรวงการคลัง กระทรวงแรงงาน แรงงานจังหวัด", ["finance", "labour"]),
        ("มท. สธ. ศธ.", ["interior", "public-health", "education"]),
        ("มท. สธ. ศธ. วธ.", []),  # about none of four
    ],
)
def test_who_is_near_enough(mentions: str, expected: list[str]) -> None:
    assert slugs(mentions) == expected


def test_a_summary_of_all_ministries_is_about_none() -> None:
    items = "\n".join(row["name_th"] for row in MINISTRIES)
    assert slugs(f"กระทรวงคมนาคม\nกระทรวงคมนาคม\n{items}") == []
    # unless one of them leads: the ministry tells what it does with all the others
    assert slugs("\n".join(["กระทรวงคมนาคม"] * 30 + [items])) == ["transport"]


@given(st.lists(st.sampled_from([row["name"] for row in NAMES]), max_size=12), st.text())
def test_scores_are_ordered_and_near(names: list[str], between: str) -> None:
    scores = [found.score for found in score(between.join(names), date(2023, 1, 1))]
    assert scores == sorted(scores, reverse=True)
    assert all(value > scores[0] / 2 for value in scores)


def test_a_cabinet_summary_takes_no_time() -> None:
    body = "\n".join(f"{i}. กรมตัวอย่างเสนอ กพร. ให้กระทรวงพิจารณาเรื่องแร่" for i in range(5_000))
    start = time.perf_counter()
    assert score_ministries("สรุป", None, body)[0].ministry == "industry"
    assert time.perf_counter() - start < 2  # 0.03 s here, for 240,000 characters


def test_seeds_are_of_the_ministry_of_industry(shared: Path) -> None:
    for path in sorted((shared / "seeds").glob("*.txt")):
        title, *lines = path.read_text("utf-8-sig").strip().split("\n")
        found = score_ministries(title, None, "\n".join(filter(None, lines)))
        assert [ministry.ministry for ministry in found] == ["industry"], path.name


class TestTables:
    """An editor's slip in a table is found here and not in an archive."""

    def test_ministries(self) -> None:
        assert len(MINISTRIES) == 20
        for column in ("slug", "name_th", "name_en", "abbreviation"):
            assert len({row[column] for row in MINISTRIES}) == 20
        assert all(re.fullmatch("[a-z-]+", row["slug"]) for row in MINISTRIES)

    def test_every_ministry_has_names(self) -> None:
        count = Counter(row["ministry"] for row in NAMES)
        count.pop("")
        assert set(count) == {row["slug"] for row in MINISTRIES}
        assert min(count.values()) >= 5

    def test_no_name_twice(self) -> None:
        # Office holders move: the same name may stand for one ministry in two spans of time.
        keys = Counter((row["name"], row["ministry"], row["from"]) for row in NAMES)
        assert [key for key, count in keys.items() if count > 1] == []

    def test_values(self) -> None:
        for row in NAMES:
            name = row["name"]
            assert name == clean_line(name)
            assert len(name) >= 3 or row["kind"] == "hashtag", name
            assert row["kind"] in KINDS, name
            assert (row["kind"] == "none") == (row["ministry"] == ""), name
            assert 0 < float(row["weight"]) <= 1 or row["kind"] == "none", name
            assert all(word == clean_line(word) for word in row["needs"].split("|")), name

    def test_officers_and_only_they_have_dates(self) -> None:
        for row in NAMES:
            first, last = (row[day] and date.fromisoformat(row[day]) for day in ("from", "until"))
            assert bool(first) == (row["kind"] == "officer"), row["name"]
            assert not (first and last) or first < last, row["name"]

    def test_a_name_that_hides_others_has_no_meaning(self) -> None:
        hiding = {row["name"] for row in NAMES if row["kind"] == "none"}
        assert not hiding & {row["name"] for row in NAMES if row["ministry"]}

    def test_every_name_is_found(self) -> None:
        for row in NAMES:
            name = f"#{row['name']}" if row["kind"] == "hashtag" else row["name"]
            needed = row["needs"].split("|")[0]
            day = date.fromisoformat(row["from"]) if row["from"] else None
            found = slugs(f"ว่า {name} และ {needed}", day)
            assert row["ministry"] in found or row["kind"] == "none", name
