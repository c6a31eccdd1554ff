"""Tests for scoring ministries: places, ambiguous names, dates."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.reference import read_table
from scraper.thai.government import government_voice
from scraper.thai.ministries import MOST_AT_ONCE, score_ministries
from scraper.thai.names import find_names
from tests.hostile import cpu_time

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.model import MinistryScore

MINISTRIES = read_table("ministries.csv")
NAMES = read_table("ministry_names.csv")
ALL_MINISTRIES = "\n".join(row["name_th"] for row in MINISTRIES)


def score(text: str, published_on: date | None = None) -> tuple[MinistryScore, ...]:
    """Return the ministries of an article with this opening."""
    return score_ministries(find_names("", None, text, published_on=published_on))


def slugs(text: str, published_on: date | None = None) -> list[str]:
    return [found.ministry for found in score(text, published_on)]


@pytest.mark.parametrize("ministry", MINISTRIES, ids=lambda row: row["slug"])
@pytest.mark.parametrize("column", ["name_th", "name_en"])
def test_every_ministry_is_found_by_its_names(ministry: dict[str, str], column: str) -> None:
    assert slugs(f"เปิดงานโดย{ministry[column]} เมื่อเช้านี้") == [ministry["slug"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("ชาวสวนเก็บผลไม้ได้มากกว่าปีก่อน", []),
        # ordinary words and officers of the whole government are not evidence
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
        # abbreviations are separate words
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
        # two at an event; of equals the first named leads
        ("ศธ.-พณ. จับมือ", ["education", "commerce"]),
        ("พณ.-ศธ. จับมือ", ["commerce", "education"]),
        ("มท.1 จับมือ รมว.ทส. ปลูกป่า", ["interior", "environment"]),
        # the bank of two ministries, alone and with another name
        ("ธพว. เติมทุน", ["finance", "industry"]),
        ("sme d bank เติมทุนให้ผู้ประกอบการในสังกัด กสอ.", ["industry", "finance"]),
        # names that contain a ministry's name
        ("เปิดทำการศาลแรงงานจังหวัดระยอง", []),
        ("กองทัพเรือสหรัฐฯ ฝึกร่วม", []),
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
def test_office_holders_count_during_their_term(day: date | None, expected: list[str]) -> None:
    assert slugs("นายสุริยะ จึงรุ่งเรืองกิจ ตรวจงาน", day) == expected


def test_score_and_evidence_by_place() -> None:
    names = find_names(
        "กระทรวงอุตสาหกรรม เปิดงาน",
        "อก. เปิดงาน",
        "กสอ. จัด\nกสอ. กับ สมอ. จัด\nกสอ. ปิดงาน",
        tail="#กระทรวงอุตสาหกรรม",
    )
    (found,) = score_ministries(names)
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
        ("กค. กระทรวงการคลัง กระทรวงแรงงาน", ["finance"]),  # half is not more than half
        ("กค. กระทรวงการคลัง กระทรวงแรงงาน แรงงานจังหวัด", ["finance", "labour"]),
        ("มท. สธ. ศธ.", ["interior", "public-health", "education"]),
        ("มท. สธ. ศธ. วธ.", []),  # about none of four
    ],
)
def test_ministries_close_to_the_best(mentions: str, expected: list[str]) -> None:
    assert slugs(mentions) == expected


def test_a_summary_of_all_ministries_is_about_none() -> None:
    items = "\n".join(row["name_th"] for row in MINISTRIES)
    assert slugs(f"กระทรวงคมนาคม\nกระทรวงคมนาคม\n{items}") == []
    # unless one of them leads
    assert slugs("\n".join(["กระทรวงคมนาคม"] * 30 + [items])) == ["transport"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # one weak word below the opening is not enough, two are
        ("ก\nข\nส่งเสริม มอก.", []),
        ("ก\nข\nส่งเสริม มอก. และอุตสาหกรรมสีเขียว", ["industry"]),
        ("ก\nข\nพบผู้ว่าราชการจังหวัด", []),
        ("ก\nข\nพบ ก.อุตฯ", ["industry"]),
    ],
)
def test_a_least_score(text: str, expected: list[str]) -> None:
    assert slugs(text) == expected


def of_headline(
    headline: str,
    body: str = "",
    *,
    category: str | None = "ด้านสังคม",
    day: date | None = date(2024, 10, 1),
) -> list[str]:
    """Return the ministries of an article with this headline and body."""
    names = find_names(headline, None, body, published_on=day)
    found = score_ministries(names, headline, government_voice(headline, category, body))
    return [one.ministry for one in found]


@pytest.mark.parametrize(
    ("headline", "body", "expected"),
    [
        # the subject comes first, even if the text names another more often
        ("ดีอีเอสเตือนข่าวลวงเรื่อง สปสช.", "สปสช. แจ้ง สปสช. ย้ำ", ["digital", "public-health"]),
        ("กรมทางหลวงพบ กฟผ.", "กฟผ. และ กฟผ. กับ กฟผ.", ["transport", "energy"]),
        ("“กรมทางหลวง” พบ กฟผ.", "กฟผ. และ กฟผ. กับ กฟผ.", ["transport", "energy"]),
        ("รองอธิบดีกรมทางหลวงพบ กฟผ.", "กฟผ. และ กฟผ. กับ กฟผ.", ["transport", "energy"]),
        ("ปลัดฯ ณัฐพล ประชุม กบง.", "กบง. ที่กระทรวงพลังงาน", ["industry", "energy"]),
        ("“เอกนัฏ” ร่วมงานวันสถาปนากระทรวงยุติธรรม", "กระทรวงยุติธรรม", ["industry", "justice"]),
        # not where it is hardly named again, begins with something else or names another post
        ("กรมทางหลวงแจ้งข่าว", "กฟผ. " * 20, ["energy"]),
        ("ชาวบ้านเชิญกรมทางหลวงพบ กฟผ.", "กฟผ. และ กฟผ. กับ กฟผ.", ["energy"]),
        ("ผู้ว่าราชการจังหวัดพบ กฟผ.", "กฟผ.", ["energy"]),
        # of a list of ministries the subject
        ("รมว.อุตสาหกรรมพบ 20 กระทรวง", ALL_MINISTRIES, ["industry"]),
    ],
)  # fmt: skip
def test_the_subject_of_a_headline(headline: str, body: str, expected: list[str]) -> None:
    assert of_headline(headline, body) == expected


@pytest.mark.parametrize(
    ("headline", "category", "expected"),
    [
        ("กสอ. ช่วยชาวสวน", "ด้านเศรษฐกิจ", ["industry"]),
        ("กสอ. ช่วยชาวสวน", "ข่าวคณะโฆษก", ["prime-minister-office", "industry"]),
        ("ฝนตกทั่วไป", "ข่าวคณะโฆษก", ["prime-minister-office"]),
        ("ฝนตกทั่วไป", "ด้านเศรษฐกิจ", []),
        ("กสอ. ช่วยชาวสวน", "ทัน LINE ไทยคู่ฟ้า", ["industry"]),
        ("ครม. ให้ กสอ. ช่วยชาวสวน", "ทัน LINE ไทยคู่ฟ้า", ["prime-minister-office", "industry"]),
        ("ครม. ให้ กสอ. ช่วยชาวสวน", "ด้านเศรษฐกิจ", ["industry"]),
        ("ครม. ให้ กสอ. ช่วยชาวสวน", None, ["prime-minister-office", "industry"]),
        ("สปน. ย้ายที่ทำการ", "ข่าวทำเนียบรัฐบาล", ["prime-minister-office"]),
        # four ministries are too many to be listed
        ("ครม. พบ มท. สธ. ศธ. วธ.", "ข่าวคณะโฆษก", ["prime-minister-office"]),
    ],
)
def test_the_government_comes_first(
    headline: str, category: str | None, expected: list[str]
) -> None:
    assert of_headline(headline, category=category) == expected


def test_a_cabinet_summary_is_the_government_s() -> None:
    items = "\n".join(row["name_th"] for row in MINISTRIES)
    assert of_headline("สรุปมติ", items, category="สรุปข่าวการประชุม ครม.") == ["prime-minister-office"]
    assert of_headline("สรุปผลการประชุมคณะรัฐมนตรี", items, category=None) == ["prime-minister-office"]
    titles = "\n".join(f"Title: report of the {row['name_en']}" for row in MINISTRIES)
    assert of_headline("The cabinet met", titles, category="Cabinet Meeting Synopsis") == [
        "prime-minister-office"
    ]


def test_whoever_comes_first_has_the_best_score() -> None:
    names = find_names("กสอ. พบ กฟผ.", None, "กฟผ. กับ กฟผ.")
    voice = government_voice("กสอ. พบ กฟผ.", "ข่าวคณะโฆษก")
    assert [(m.ministry, m.score) for m in score_ministries(names, "", voice)] == [
        ("prime-minister-office", 11),
        ("energy", 11),
    ]
    first, second = score_ministries(names, "กสอ. พบ กฟผ.")
    assert (first.ministry, first.score, second.score) == ("industry", 11, 11)
    assert first.evidence == ("title: กสอ. ×1",)


@given(
    st.lists(st.sampled_from([row["name"] for row in NAMES]), max_size=12),
    st.text(),
    st.sampled_from([None, "ด้านสังคม", "ข่าวคณะโฆษก", "ทัน LINE ไทยคู่ฟ้า"]),
)
def test_scores_descend_and_are_close_to_the_best(
    names: list[str], between: str, category: str | None
) -> None:
    text = between.join(names)
    scores = [found.score for found in score(text, date(2023, 1, 1))]
    assert scores == sorted(scores, reverse=True)
    assert all(value > scores[0] / 2 for value in scores)
    found = find_names(text, None, text, published_on=date(2023, 1, 1))
    spoken = score_ministries(found, text, government_voice(text, category, text))
    assert len({one.ministry for one in spoken}) == len(spoken) <= MOST_AT_ONCE + 1
    assert [one.score for one in spoken] == sorted((o.score for o in spoken), reverse=True)


def test_a_cabinet_summary_is_quick() -> None:
    body = "\n".join(f"{i}. กรมตัวอย่างเสนอ กพร. ให้กระทรวงพิจารณาเรื่องแร่" for i in range(5_000))
    assert score(body)[0].ministry == "industry"
    assert cpu_time(score, body) < 2  # 0.03 s here, for 240,000 characters


def test_seed_articles_are_about_the_ministry_of_industry(shared: Path) -> None:
    for path in sorted((shared / "seeds").glob("*.txt")):
        title, *lines = path.read_text("utf-8-sig").strip().split("\n")
        found = score_ministries(find_names(title, None, "\n".join(filter(None, lines))))
        assert [ministry.ministry for ministry in found] == ["industry"], path.name
