"""Lead, body and tail of a press release, and dropped lines."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.pages.fields import fields_of_lines
from scraper.pages.press_release import PressRelease, read_press_release
from scraper.thai.text import clean
from tests.pages.samples import BODY, HEADLINE, LEAD, LONG, SHORT

AUDIO = "Your browser does not support the audio element."
RELATED = ["อัลบั้มภาพ", "prev", "next", "ข่าวที่เกี่ยวข้อง", "ข่าวอื่น วันที่ 1 มกราคม 2560"]


def read(*lines: str, title: str = HEADLINE) -> PressRelease:
    return read_press_release(fields_of_lines(title, lines))


def kinds(release: PressRelease) -> list[str]:
    return [problem.kind for problem in release.problems]


def test_plain_release() -> None:
    release = read(LONG, SHORT, "พิมพ์", HEADLINE, LEAD, *BODY, "-----", "#ว่าว")
    assert release.title == HEADLINE
    assert release.published_on == release.entered_on == date(2025, 8, 21)
    assert release.published_raw == LONG
    assert release.lead == LEAD
    assert release.body == tuple(BODY)
    assert release.tail == ("-----", "#ว่าว")
    assert release.hashtags == ("ว่าว",)
    assert release.problems == ()


@pytest.mark.parametrize(
    "lead",
    [
        HEADLINE,
        f"“{HEADLINE}”",
        HEADLINE[:20],
        ".....",
        "- -",
        "…",
        HEADLINE.replace("กรม", "กรม ฯ"),
        HEADLINE + "ไทย",
        "#ว่าว #กรมทดสอบ",
        BODY[0],
        BODY[0][:60],
        BODY[0][:60] + "...",
        BODY[0] + BODY[1][:10],
        BODY[0].replace("นาย", "น.ส."),
    ],
)
def test_lead_that_repeats_headline_or_body_is_dropped(lead: str) -> None:
    release = read(LONG, HEADLINE, lead, *BODY)
    assert release.lead is None
    assert release.body == tuple(BODY)


@pytest.mark.parametrize(
    "lead",
    [
        LEAD,
        f"{HEADLINE} เปิดทุกวันเสาร์",
        f"{HEADLINE} วันเสาร์",
        "Kites",
        "ณ วันที่ 21 สิงหาคม 2568",
        f"วันนี้ {BODY[0]}",
    ],
)
def test_lead_with_its_own_text_is_kept(lead: str) -> None:
    assert read(LONG, HEADLINE, lead, *BODY).lead == lead


def test_lead_that_goes_on_for_a_word_is_dropped_below_a_long_headline() -> None:
    headline = f"{HEADLINE} เพื่อเด็กและผู้ใหญ่ที่รักว่าวจุฬาและว่าวปักเป้าในทุกตำบลของจังหวัดสมมุติตลอดปีนี้"
    assert read(LONG, headline, f"{headline} เป็นต้นไป", *BODY, title=headline).lead is None


def test_copy_of_a_lead_that_continues_is_not_a_paragraph() -> None:
    lead = f"{HEADLINE} เปิดทุกวันเสาร์และวันอาทิตย์ที่สนามหลวง"
    release = read(LONG, HEADLINE, lead, lead, *BODY)
    assert release.lead == lead
    assert release.body == tuple(BODY)
    assert read(LONG, HEADLINE, lead, lead).body == (lead,)


def test_lead_that_spells_out_the_headline_is_dropped() -> None:
    headline = "ปลัด ก.ว่าวฯ เปิดศูนย์ซ่อมว่าวแห่งแรกของจังหวัดสมมุติ"
    lead = headline.replace("ก.ว่าวฯ", "กระทรวงว่าวไทย")
    assert read(LONG, headline, lead, *BODY, title=headline).lead is None
    lead = f"เมื่อวานนี้ ที่สวนว่าว {headline}"
    assert read(LONG, headline, lead, *BODY, title=headline).lead == lead


def test_lead_that_is_a_part_of_the_headline_is_dropped() -> None:
    lead = HEADLINE[HEADLINE.index(" ") + 1 :] if " " in HEADLINE else HEADLINE[6:]
    assert read(LONG, HEADLINE, lead, *BODY).lead is None


def test_wrapped_lead_is_joined() -> None:
    release = read(LONG, HEADLINE, HEADLINE[:17], HEADLINE[17:] + " และเปิดทุกวัน", *BODY)
    assert release.lead == f"{HEADLINE[:17]} {HEADLINE[17:]} และเปิดทุกวัน"
    assert release.body == tuple(BODY)


@pytest.mark.parametrize("copies", range(5))
def test_copies_of_the_headline_below_the_lead_are_dropped(copies: int) -> None:
    assert read(LONG, HEADLINE, LEAD, *[HEADLINE] * copies, *BODY).body == tuple(BODY)


@pytest.mark.parametrize("label", ["ข่าวที่ 1/2568", "."])
def test_copy_of_the_headline_below_a_label_is_dropped_but_not_a_caption_further_down(
    label: str,
) -> None:
    body = (*BODY, BODY[0], HEADLINE, BODY[1])
    release = read(LONG, HEADLINE, LEAD, label, HEADLINE, *body)
    assert release.body == (body if label == "." else (label, *body))


def test_split_copy_is_dropped_but_not_a_paragraph_that_begins_like_the_headline() -> None:
    goes_on = f"{HEADLINE} ตามนโยบายของอธิบดี"
    release = read(LONG, HEADLINE, LEAD, HEADLINE[:17], HEADLINE[17:], goes_on, *BODY)
    assert release.body == (goes_on, *BODY)


@pytest.mark.parametrize(
    "lead", ["วันพุธที่ 20 สิงหาคม 2568", "วันพุธ ที่ 20 ส.ค.68", "20 สิงหาคม 2568", LONG, SHORT]
)
def test_date_of_a_broadcast_is_its_lead(lead: str) -> None:
    release = read(LONG, HEADLINE, lead, AUDIO, *BODY)
    assert (release.lead, release.body) == (lead, tuple(BODY))
    assert read(LONG, HEADLINE, lead, lead, *BODY).lead == lead


def test_lines_without_a_letter_or_digit_are_in_no_paragraph() -> None:
    last = BODY[1] * 3
    release = read(LONG, HEADLINE, LEAD, ".", BODY[0], "*****", "๛", last, "###", "#ว่าว")
    assert release.body == (BODY[0], last)
    assert release.tail == ("###", "#ว่าว")
    assert release.dropped[-3:] == (".", "*****", "๛")
    assert read(LONG, HEADLINE, LEAD, ".", *BODY).body == tuple(BODY)


def test_near_copies_of_the_headline_are_dropped_unless_they_name_another_number() -> None:
    title = "กรมทดสอบเปิดศูนย์ซ่อมว่าวแห่งแรกของจังหวัดสมมุติ ให้บริการ 12 อำเภอ ตลอดปี"
    for copy, is_dropped in (
        (title.replace("กรมทดสอบ", "กรมทดลอง"), True),
        (title.replace("12", "21"), False),
        (f"{title} และเปิดรับสมาชิกใหม่ทุกวันเสาร์", False),
    ):
        body = read(LONG, title, LEAD, copy, *BODY, title=title).body
        assert body == (tuple(BODY) if is_dropped else (copy, *BODY))


def test_event_date_at_the_head_of_the_body_is_kept() -> None:
    assert read(LONG, HEADLINE, LEAD, HEADLINE, LONG, *BODY).body == (LONG, *BODY)


def test_related_news_is_cut_and_reported() -> None:
    release = read(LONG, HEADLINE, LEAD, *BODY, "#ว่าว", *RELATED)
    assert release.tail == ("#ว่าว",)
    assert release.dropped[-len(RELATED) :] == tuple(RELATED)
    assert kinds(release) == ["related-news-cut"]


def test_album_caption_in_the_text_is_kept() -> None:
    lines = ["อัลบั้มภาพ", "ภาพที่หนึ่งเป็นภาพว่าวจุฬาที่ผู้ร่วมงานทำขึ้นเองทั้งหมด"]
    assert read(LONG, HEADLINE, LEAD, *lines).body == tuple(lines)


def test_copies_of_a_headline_with_a_hidden_email_are_dropped() -> None:
    hidden = "ส่งว่าวมาที่ [email protected] ภายในวันนี้"
    release = read(LONG, hidden, hidden, hidden, *BODY, title="ส่งว่าวมาที่ a@b.example ภายในวันนี้")
    assert release.title == "ส่งว่าวมาที่ a@b.example ภายในวันนี้"
    assert (release.lead, release.body, release.problems) == (None, tuple(BODY), ())


def test_lead_without_a_body_is_kept() -> None:
    release = read(LONG, HEADLINE, LEAD)
    assert (release.lead, release.body) == (LEAD, ())
    assert kinds(release) == ["no-body"]


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ([HEADLINE, LEAD, *BODY], "no-long-date"),
        (["วันพุธที่ 21 สิงหาคม 2568", HEADLINE, LEAD, *BODY], "wrong-weekday"),
        (["วันพุธที่ 31 กุมภาพันธ์ 2567", HEADLINE, LEAD, *BODY], "impossible"),
        ([LONG, "19/08/2568", "พิมพ์", HEADLINE, LEAD, *BODY], "short-date-differs"),
        (["วันพฤหัสบดีที่ 1 มกราคม 2513", HEADLINE, LEAD, *BODY], "epoch-date"),
        ([LONG, *BODY], "no-headline"),
        ([LONG, HEADLINE.replace("แห่งแรก", "แห่งใหม่"), LEAD, *BODY], "title-headline-differ"),
    ],
)
def test_deviations_are_reported(lines: list[str], problem: str) -> None:
    assert kinds(read(*lines)) == [problem]


def test_epoch_is_not_a_date_of_publication() -> None:
    release = read("วันพฤหัสบดีที่ 1 มกราคม 2513", HEADLINE, LEAD, *BODY)
    assert release.published_on is None
    assert release.published_raw == "วันพฤหัสบดีที่ 1 มกราคม 2513"


def test_page_with_only_a_date_is_empty() -> None:
    assert read("วันพฤหัสบดีที่ 1 มกราคม 2513", title="").is_empty
    assert not read(LONG, title=HEADLINE).is_empty


# fmt: off
SHREDS = [
    HEADLINE, HEADLINE[:17], HEADLINE[17:], LEAD, *BODY, LONG, SHORT, "พิมพ์", "12", "...", AUDIO,
    "#ว่าว", "-----", "** 1 มกราคม 2568", "กองสื่อสารองค์กร", *RELATED,
]
# fmt: on
CLEAN = st.text(min_size=1, max_size=30).map(clean).filter(bool)
LINES = st.lists(st.sampled_from(SHREDS) | CLEAN, max_size=20)


@given(LINES, st.sampled_from([HEADLINE, "", "อื่น"]))
def test_no_line_is_lost_or_invented(lines: list[str], title: str) -> None:
    lines = [part for line in lines for part in line.split("\n")]
    fields = fields_of_lines(title, lines)
    release = read_press_release(fields)
    lead = fields.lead if release.lead else ()
    parts = (*release.dropped, *lead, *release.body, *release.tail)
    assert Counter(parts) == Counter(lines)
