"""Events and statements in invented sentences."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.thai.dates import find_dates
from scraper.thai.events import EventReading, PossibleDay, find_event
from scraper.thai.text import clean, fold
from tests.hostile import UNITS, assert_linear, cpu_time, repeated

PUBLISHED = date(2023, 3, 30)
POSTS = "นายสมใจ ใจดี รองอธิบดีกรมเมฆ ผู้ตรวจราชการ และนางมาลี ดีงาม ปลัดกระทรวงฝน"


def event(body: str, title: str = "", lead: str = "") -> EventReading | None:
    texts = {"title": fold(title), "lead": fold(lead), "body": fold(body)}
    days = [
        PossibleDay(field, m.start, m.end, m.start_on, m.end_on, timed=m.start_time is not None)
        for field, text in (("lead", clean(lead)), ("body", clean(body)))
        for m in find_dates(text, PUBLISHED)
        if m.precision == "day" and m.start_on and m.end_on
    ]
    return find_event(texts, days, PUBLISHED)


@pytest.mark.parametrize(
    "body",
    [
        f"วันนี้ (29 มี.ค. 66) เวลา 10.00 น. ณ ห้องประชุมเมฆขาว {POSTS} เป็นประธานเปิดงานเมฆ",
        f"เมื่อวันที่ 29 มีนาคม 2566 {POSTS} ลงพื้นที่จังหวัดเลย",
        f"กรุงเทพฯ 29 มีนาคม 2566 - {POSTS} ร่วมประชุมเรื่องฝน",
        f"29 มีนาคม 2566 {POSTS} หารือกับผู้แทน",
        f"วันที่ 29 มีนาคม 2566 ณ สวนเมฆ จังหวัดสระบุรี {POSTS} เปิดงานเมฆ",  # ระบุ inside
        f"จังหวัดเลย : วันนี้ (29 มีนาคม 2566) {POSTS} เยี่ยมชมฟาร์ม",
        f"วันที่ 29 มีนาคม เวลา 10.30 น.\n{POSTS} ตรวจเยี่ยมโรงงาน",
        f"หัวข้อข่าวซ้ำ\nวันนี้ (29 มี.ค. 66) {POSTS} มอบรางวัล",
        # told after the event, of the event, or after the verb
        f"วันนี้ (29 มี.ค. 66) {POSTS} เปิดเผยภายหลังเป็นประธานเปิดงานเมฆ ว่า ฝนดี",
        f"{POSTS} เป็นประธานการประชุมเรื่องเมฆ ณ กรมเมฆ เมื่อวันที่ 29 มีนาคม 2566",
        f"{POSTS} เป็นประธานพิธีลงนาม วันนี้ (29 มี.ค. 66) โดยกล่าวว่า เมฆดี",
        f"{POSTS} กล่าวว่า วันที่ 29 มี.ค. 66 ได้เป็นประธานการประชุมเรื่องเมฆ",
        f"กรมเมฆ เตรียมจัดงานวันเมฆ ในวันที่ 29 มีนาคม 2566 ที่สวนเมฆ {POSTS} เปิดเผยว่า ฝนดี",
        f"วันนี้ (29 มี.ค. 66) {POSTS} เปิดเผยหลังลงพื้นที่ติดตามเมฆ ว่า ฝนดี",
        f"วันนี้ (29 มี.ค. 66) {POSTS} กล่าวว่าได้ลงพื้นที่ติดตามเมฆ",
        f"วันที่ 29 มี.ค. 66 เวลา 10.00 น. ณ กรมเมฆ {POSTS} ร่วมแถลงข่าวเรื่องเมฆ",
        "March 29, 2023, at 1000hrs, at the Cloud Room, Mr. Somjai paid a courtesy call",
        "Spokesperson Malee disclosed that on March 29, 2023, Mr. Somjai attended the Cloud Forum",
    ],
)
def test_an_event_has_its_day(body: str) -> None:
    found = event(body)
    assert found is not None
    assert (found.day.start_on, found.day.end_on) == (date(2023, 3, 29), date(2023, 3, 29))
    assert 0.5 <= found.confidence <= 1


@pytest.mark.parametrize(
    "body",
    [
        f"วันนี้ (29 มี.ค. 66) {POSTS} เปิดเผยว่า กรมเมฆเร่งลงพื้นที่ช่วยเหลือ",
        f"เมื่อวันที่ 29 มีนาคม 2566 {POSTS} ชี้แจงกรณีเมฆหาย",
        f"วันนี้ (29 มี.ค. 66) ภายหลังการประชุมคณะรัฐมนตรี {POSTS} กล่าวว่า เมฆดี",
        f"{POSTS} กล่าวภายหลังการเป็นประธานประชุมคณะรัฐมนตรี วันที่ 29 มีนาคม 2566 ว่า เมฆดี",
        "วันนี้ (29 มี.ค. 66) เป็นประธานการประชุมคณะรัฐมนตรี มีมติเห็นชอบเรื่องเมฆ",
        f"{POSTS} แถลงวันนี้ (29 มี.ค. 66) ว่า จะจัดงานวันเมฆ",
        # deadlines, data, laws, anniversaries
        "ผู้สนใจร่วมกิจกรรมสมัครภายในวันที่ 29 มีนาคม 2566 แล้วเข้าร่วมอบรม",
        "ข้อมูล ณ วันที่ 29 มีนาคม 2566 มีผู้เข้าร่วม 5 คน ร่วมกิจกรรม",
        "ประกาศลงวันที่ 29 มีนาคม 2566 ให้จัดงานได้",
        "มติคณะรัฐมนตรีเมื่อวันที่ 29 มีนาคม 2566 ให้ลงพื้นที่",
        "พระชนมพรรษา 6 รอบ 29 มีนาคม 2566 จัดพิธีทำบุญ",
        "เนื่องในวันเฉลิมพระชนมพรรษาพระบาทสมเด็จพระเจ้าอยู่หัว 29 มีนาคม 2566 ทำบุญที่วัด",
        # what is told of another day
        f"วันนี้ (29 มี.ค. 66) {POSTS} กล่าวว่า เมื่อวันที่ 1 มีนาคม 2560 กรมเมฆได้ประชุมหารือ",
        f"วันนี้ (29 มี.ค. 66) {POSTS} เปิดเผยว่า กรมเมฆได้จัดทำแผน และได้รับมอบหมายให้ดูแลฝน",
        # no day, too far, or a list of fairs in a statement
        f"{POSTS} เป็นประธานเปิดงานเมฆ ณ กรมเมฆ",
        f"เมื่อวันที่ 29 มีนาคม 2560 {POSTS} เป็นประธานเปิดงาน",
        f"{POSTS} กล่าวว่า มีสองงาน\n1. งานเมฆ วันที่ 29 มีนาคม 2566 ณ สวนเมฆ มีการอบรม",
        "March 29, 2023, Spokesperson Malee disclosed that the cabinet approved clouds",
        "",
    ],
)
def test_a_statement_is_no_event(body: str) -> None:
    assert event(body, title="กรมเมฆเผยฝนดี") is None


def test_an_event_told_far_behind_needs_a_headline_that_tells_it() -> None:
    body = f"วันนี้ (29 มี.ค. 66) โฆษกกรมเมฆ เปิดเผยว่า {POSTS} พร้อมด้วย{POSTS * 2} ต้อนรับทูตฝน"
    found = event(body, title="กรมเมฆต้อนรับทูตฝน")
    assert found is not None
    assert found.day.start_on == date(2023, 3, 29)
    assert event(body, title="กรมเมฆเผยฝนดี") is None


def test_english_headlines_tell_in_the_present() -> None:
    body = "March 29, 2023, Spokesperson Malee disclosed about a field trip of Mr. Somjai to Loei"
    assert event(body, title="Mr. Somjai joins farmers to harvest clouds") is not None
    assert event(body, title="Clouds are good") is None


def test_today_without_a_date_is_the_day_of_publication() -> None:
    found = event(f"วันนี้ เวลา 09.00 น. {POSTS} เป็นประธานเปิดงานเมฆ", title="เปิดงานเมฆ")
    assert found is not None
    assert found.day.start_on == PUBLISHED
    assert event(f"วันนี้เมฆมาก {POSTS} เปิดเผยว่า ฝนดี") is None


def test_today_may_be_written_only_further_down() -> None:
    body = "นายสมใจ ใจดี อธิบดีกรมเมฆ เป็นประธานการประชุมเรื่องฝน ณ ห้องประชุมเมฆ\nการประชุมในวันนี้มีมติ"
    found = event(body, title="กรมเมฆประชุม")
    assert found
    assert found.day.start_on == PUBLISHED
    assert not event(body.replace("ในวันนี้", "ทุกวันนี้"), title="กรมเมฆประชุม")


def test_a_slip_in_the_year_of_today() -> None:
    found = event("วันนี้ (29 มีนาคม 2565) นายสมใจ ใจดี ลงพื้นที่จังหวัดเลย")
    assert found == event("วันนี้ (29 มีนาคม 2566) นายสมใจ ใจดี ลงพื้นที่จังหวัดเลย")
    found = event("เมื่อวันที่ 29 มีนาคม 2565 นายสมใจ ใจดี ดำเนินกิจกรรมปลูกเมฆ")
    assert found
    assert found.day.start_on == date(2023, 3, 29)


def test_a_lead_that_goes_on_in_the_body() -> None:
    found = event(
        "เป็นประธานเปิดงานเมฆ ณ สวนฝน",
        title="กรมเมฆเปิดงาน",
        lead="วันที่ 29 มีนาคม 2566 ที่สวนฝน นายสมใจ ใจดี อธิบดีกรมเมฆ",
    )
    assert found
    assert found.day.field == "lead"


@pytest.mark.parametrize(
    "body",
    [
        "นายสมใจ ใจดี กล่าวระหว่างเปิดการอบรมเรื่องเมฆ วันนี้ (29 มี.ค. 66) ว่า ดี",
        "นายสมใจ ใจดี เปิดเผยในงานสัมมนาเมฆ จัดขึ้นโดยกรมเมฆ เมื่อเวลา 16.00 น. ของวันที่ 29 มีนาคม 2566",
        f"นายสมใจ ใจดี เป็นประธานเปิดงาน {'เมฆขาว ' * 80}เมื่อวันที่ 29 มีนาคม 2566 ณ สวนฝน",
    ],
)
def test_the_day_is_behind_what_happened(body: str) -> None:
    found = event(body, title="กรมเมฆเปิดงาน")
    assert found
    assert found.day.start_on == date(2023, 3, 29)


def test_a_visit_that_a_spokesperson_announces() -> None:
    found = event(
        "วันนี้ (28 มีนาคม 2566) นายสมใจ ใจดี โฆษกกรมเมฆ เปิดเผยว่า นางมาลี ดีงาม "
        "เตรียมลงพื้นที่จังหวัดเลย ระหว่างวันที่ 1-2 เมษายน 2566",
        title="โฆษกเผย ปลัดฝนเตรียมลงพื้นที่เลย 1-2 เม.ย. นี้",
    )
    assert found
    assert found.day.start_on == date(2023, 4, 1)


@pytest.mark.parametrize(
    "body",
    [
        "นายสมใจ ใจดี เปิดเผยว่า จากกรณีเมฆถล่ม เมื่อวันที่ 29 มีนาคม 2566 จึงลงพื้นที่ตรวจสอบ",
        "นายสมใจ ใจดี เปิดเผยผ่านรายการเมฆ ออกอากาศเมื่อวันที่ 29 มีนาคม 2566 ว่า ได้เปิดตัวระบบฝน",
        "กรมเมฆจัดแคมเปญฝน ตั้งแต่วันนี้ - 29 เมษายน 2566",
    ],
)
def test_the_day_of_a_cause_a_broadcast_or_a_campaign(body: str) -> None:
    assert not event(body, title="กรมเมฆเปิดตัวระบบ")


@pytest.mark.parametrize(
    "body",
    [
        # the place beside a day at the end of the opening, though somebody speaks in between
        "นายสมใจ ใจดี ลงนามเรื่องเมฆ และกล่าวถึงฝน ซึ่งดีมาก เมื่อวันที่ 29 มีนาคม 2566 ณ หอเมฆ จ.เลย",
        "นางมาลี ดีงาม รับรางวัลเมฆขาว\nณ หอประชุมฝน กรมเมฆ เมื่อวันที่ 29 มีนาคม 2566\nกรมเมฆมุ่งมั่น",
        # a ceremony on a holiday
        "กรมเมฆวางพานพุ่ม เนื่องในวันเมฆแห่งชาติ 29 มีนาคม 2566 ณ สวนฝน จังหวัดเลย",
        # a sentence in two lines, a session that others attend, what a spokesperson says was held
        f"วันนี้ (29 มี.ค. 66) {POSTS} นายเมฆ ฝนดี\nผู้ตรวจฝน ร่วมปลูกเมฆ",
        "วันนี้ (29 มี.ค. 66) นายสมใจ ใจดี ชี้แจงแนวทางปลูกเมฆ โดยมีนางมาลี ดีงาม และผู้แทน เข้าร่วม",
        "วันนี้ (29 มี.ค. 66) นายสมใจ ใจดี เปิดเผยว่า กรมเมฆ ได้จัดกิจกรรมปลูกเมฆ ที่สวนฝน",
        # วันนี้ in brackets together with the day; the economic cabinet
        "นายสมใจ ใจดี หารือกับทูตฝน ณ หอเมฆ (วันนี้ 29 มี.ค. 66) โดยกล่าวว่า เมฆดี",
        "วันนี้ (29 มี.ค. 66) นายสมใจ ใจดี เป็นประธานการประชุมคณะรัฐมนตรีเศรษฐกิจ",
        # a slip in the year in the second line
        "กรมเมฆร่วมประชุม\nวันที่ 29 มีนาคม พ.ศ. 2565 นายสมใจ ใจดี เข้าร่วมประชุมฝน",
    ],
)
def test_what_the_headline_tells_has_its_day(body: str) -> None:
    found = event(body, title="กรมเมฆจัดกิจกรรมและร่วมลงนาม")
    assert found
    assert found.day.start_on == date(2023, 3, 29)


@pytest.mark.parametrize(
    "body",
    [
        f"{POSTS} เปิดเผยว่า ฝนดี เมื่อวันที่ 29 มีนาคม 2566 ณ หอเมฆ จ.เลย",
        "เนื่องในวันเมฆแห่งชาติ 29 เมษายน 2566 ณ ห้องประชุมฝน",
        "กรมเมฆกำหนดแบบร่ม มีผลบังคับใช้วันนี้ (29 มี.ค. 66) เพื่อร่วมกิจกรรมฝน",
        "ครม. (29 มี.ค. 66) รับทราบเรื่องเมฆ\nเดินทางไปปลูกฝน",
        "มีผู้ป่วยรายใหม่ 7 ราย (29 มีนาคม 2566) มาจากเลย",
    ],
)
def test_what_the_headline_tells_is_elsewhere(body: str) -> None:
    assert not event(body, title="กรมเมฆร่วมลงนาม")


def test_a_later_paragraph_below_a_dated_statement() -> None:
    body = (
        f"วันที่ 28 มีนาคม 2566 นายสมใจ ใจดี สั่งคุมเข้ม{'เมฆขาว ' * 60}\n"
        "โดยให้กรมฝน เข้าร่วมประชุมในวันพฤหัสบดีที่ 30 มีนาคม 2566 ณ กรมเมฆ"
    )
    assert not event(body, title="ฝนคุมเข้มเมฆ")


def test_the_lead_of_a_programme_is_its_days() -> None:
    lead = "ระหว่างวันที่ 5 - 7 เมษายน 2566"
    found = event("ของ นายสมใจ ใจดี", title="การเดินทางเยือนเมืองเมฆ", lead=lead)
    assert found
    assert (found.day.start_on, found.day.end_on) == (date(2023, 4, 5), date(2023, 4, 7))
    assert not event("ของ นายสมใจ ใจดี", title="เมฆดี", lead=lead)


def test_the_days_of_an_announced_fair() -> None:
    found = event(f"{POSTS} เปิดเผยว่า กรมเมฆจะจัดงานวันเมฆ ระหว่างวันที่ 5 - 7 เมษายน 2566 ณ สวนเมฆ", "ชวนเที่ยว กำหนดจัดงานวันเมฆ")  # fmt: skip # noqa: E501
    assert found is not None
    assert (found.day.start_on, found.day.end_on) == (date(2023, 4, 5), date(2023, 4, 7))


def test_a_weak_opening_wins_over_a_later_day() -> None:
    body = (
        f"วันที่ 29 มีนาคม 2566 {POSTS} ตรวจเยี่ยมสวนเมฆ\n"
        "จะจัดงานวันเมฆ ในวันที่ 5 เมษายน 2566 เวลา 13.00 น. ณ สวนเมฆ"
    )
    found = event(body, title="กรมเมฆเผยผลงาน")
    assert found is not None
    assert found.day.start_on == date(2023, 3, 29)


def test_the_opening_wins_over_a_later_day() -> None:
    found = event(f"วันนี้ (29 มี.ค. 66) {POSTS} เป็นประธานเปิดงานเมฆ\nทั้งนี้ จะจัดงานฝน ในวันที่ 2 เมษายน 2566")
    assert found is not None
    assert found.day.start_on == date(2023, 3, 29)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("วันนี้ (29 มี.ค. 66) ณ ห้องประชุม ชั้น 5 กรมเมฆ นายสมใจ ใจดี เปิดงาน", "ห้องประชุม ชั้น 5 กรมเมฆ"),
        ("วันนี้ (29 มี.ค. 66) เวลา 13.00 น. ที่หอเมฆ จ.เลย นายสมใจ เปิดงาน", "หอเมฆ จ.เลย"),
        ("วันนี้ (29 มี.ค. 66) ที่วัดเมฆขาว จ.เลย นายณรงค์ ใจดี เป็นประธานเปิดงาน", "วัดเมฆขาว จ.เลย"),
        ("วันที่ 29 มี.ค. 66 กงสุลใหญ่ ณ เมืองฝน ร่วมงาน ณ หอเมฆ โดยมีแขก", "หอเมฆ"),
        ("วันที่ 29 มี.ค. 66 นายสมใจ ลงพื้นที่ ณ วันนี้ฝนดี", None),
        ("March 29, 2023, at 1000hrs, at the Cloud Room, Yala, Mr. Somjai met", "cloud room, yala"),
        ("March 29, 2023, Mr. Somjai opened a fair, as planned.\nAsk at the Cloud Room", None),
        ("วันที่ 29 มี.ค. 66 นายสมใจ ใจดี ร่วมงาน ณ สวนเมฆ ด้วยความยินดี", "สวนเมฆ"),
    ],
)  # fmt: skip
def test_the_place_ends_before_a_person_or_a_verb(body: str, place: str | None) -> None:
    found = event(body)
    assert found is not None
    assert (fold(body)[slice(*found.venue)] if found.venue else None) == place


PIECES = st.sampled_from(
    ["วันนี้ (29 มี.ค. 66) ", "เมื่อวันที่ 29 มีนาคม 2566 ", "ณ ", "ที่", "เปิดเผยว่า", "ภายหลัง", "เป็นประธาน",
     "จัดงาน", "ระหว่าง", "คณะรัฐมนตรี", "\n", " ", "March 29, 2023, ", "attended ", " at the "]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=5), max_size=25).map("".join))
def test_any_text_is_read(body: str) -> None:
    found = event(body, title=body, lead=body)
    if found is not None:
        text = fold(body)
        assert 0.5 <= found.confidence <= 1
        assert 0 <= found.verb < len(text)
        assert found.venue is None or found.venue[0] < found.venue[1] <= len(text)


DAY = PossibleDay("body", 0, 4, PUBLISHED, PUBLISHED)


def read(text: str) -> object:
    days = [DAY._replace(start=at, end=at + 4) for at in range(0, 1_500, 50)]
    return find_event({"title": text, "lead": text, "body": text}, days, PUBLISHED)


def test_time_is_linear() -> None:
    for unit in (*UNITS, "ณ ", "เปิดเผย", "ภายหลัง", "ประชุม", "at the ", "จัดงาน ", "วันนี้ "):
        assert_linear(read, repeated(unit), 6_000)


@pytest.mark.parametrize("unit", ["ณ ห้อง ", "เปิดเผยภายหลัง", "ประชุม ", "ในวันที่ ", "ก"])
def test_the_longest_page_is_quick(unit: str) -> None:
    read(unit)
    assert cpu_time(read, unit * (240_000 // len(unit))) < 2
