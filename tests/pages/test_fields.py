"""Assignment of lines to the fields of the editors' form."""

from __future__ import annotations

import pytest

from scraper.pages.fields import Fields, fields_of_lines, has_site_title, headline_of
from tests.pages.samples import BODY, HEADLINE, LEAD, LONG, PREFIX, SHORT

FIRST, SECOND = "กรมทดสอบเปิดศูนย์", "ซ่อมว่าวแห่งแรก จังหวัดสมมุติ"


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        (PREFIX + HEADLINE, HEADLINE),
        ("รัฐบาลไทย-" + HEADLINE, HEADLINE),
        (PREFIX + "ว่าว-ไทย", "ว่าว-ไทย"),
        (PREFIX, ""),
        ("รัฐบาลไทย-", ""),
        (PREFIX + " \u200bว่าว\xa0 ไทย\n", "ว่าว ไทย"),
        (PREFIX + "Kite&#39;s day", "Kite's day"),
        (PREFIX + "Kite&amp;#39;s day", "Kite's day"),
        ("ว่าว", "ว่าว"),
    ],
)
def test_headline_follows_the_site_name_in_the_title(title: str, headline: str) -> None:
    assert headline_of(title) == headline


def test_site_title_is_recognised() -> None:
    assert has_site_title("รัฐบาลไทย-")
    assert not has_site_title("Index of /")


@pytest.mark.parametrize(
    "header",
    [
        [],
        [LONG],
        [LONG, "พิมพ์"],
        [LONG, SHORT, "พิมพ์"],
        [LONG, "8,018", "พิมพ์"],
        [LONG, "12"],
        [SHORT, LONG],
    ],
)
@pytest.mark.parametrize("headline", [[HEADLINE], [FIRST, SECOND], [HEADLINE.replace(" ", "  ")]])
@pytest.mark.parametrize(
    "lead",
    [
        [LEAD],
        ["....."],
        [HEADLINE],
        [FIRST, SECOND],
        [f"“{HEADLINE}”"],
        [FIRST, f"{SECOND} และพบอธิบดี"],
        [LONG],
        ["#ว่าว"],
    ],
)
def test_fields_follow_the_order_of_the_form(
    header: list[str], headline: list[str], lead: list[str]
) -> None:
    fields = fields_of_lines(HEADLINE, [*header, *headline, *lead, *BODY])
    assert fields == Fields(HEADLINE, *map(tuple, (header, headline, lead, BODY)))


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("ติดต่อ pr@example.org ได้ทุกวัน", "ติดต่อ [email protected] ได้ทุกวัน"),
        ("ที่ a@b.example หรือ c@d.example", "ที่ [email protected] หรือ [email\xa0protected]"),
        ("ศูนย์ซ่อมว่าวเปิดรับ ๓๐ คน", "ศูนย์ซ่อมว่าวเปิดรับ 30 คน"),
        ("ศูนย์ซ่อมว่าวแห่งแรกของจังหวัด", "ศูนย์ซ่อมว่าวเเห่งแรกของจังหวัด"),
        ("ศูนย์ซ่อมว่าวแห่งแรกของจังหวัดสมมุติ", "ศูนย์ซ่อมว่าวแห่งแรกของจังหวัดสมมติ"),
    ],
)
def test_headline_may_differ_slightly_from_the_title(title: str, line: str) -> None:
    assert fields_of_lines(title, [LONG, line, LEAD]).headline == (line,)


def test_without_a_headline_all_lines_below_the_header_are_rest() -> None:
    fields = fields_of_lines("เรื่องอื่นโดยสิ้นเชิงที่ไม่มีในหน้านี้", [LONG, LEAD, *BODY])
    assert fields.headline == fields.lead == ()
    assert fields.rest == (LEAD, *BODY)


def test_without_a_title_the_line_below_the_header_is_the_headline() -> None:
    fields = fields_of_lines("", [LONG, HEADLINE, LEAD])
    assert (fields.title, fields.headline) == (HEADLINE, (HEADLINE,))


def test_lead_over_several_lines_has_at_most_255_characters() -> None:
    long = "ก" * 250
    assert fields_of_lines(HEADLINE, [HEADLINE, FIRST, SECOND + long]).lead == (FIRST,)


def test_lead_that_the_body_repeats_has_the_same_lines() -> None:
    lead = (f"{HEADLINE} พร้อมชวนเล่นว่าว", "ชมว่าวจุฬา ว่าวปักเป้า")
    copy = (lead[0], f"{lead[1]} ณ ท้องสนามหลวง")
    fields = fields_of_lines(HEADLINE, [HEADLINE, *lead, *copy, *BODY])
    assert fields.lead == lead
    assert fields.rest == (*copy, *BODY)
    assert fields_of_lines(HEADLINE, [HEADLINE, *lead, lead[0], *BODY]).lead == lead[:1]
