"""The parts of ``news`` pages."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.pages.news.markers import has_date_line, headline_in, split_page
from tests.pages.samples import BODY, HEADLINE, OFFICE, STAMP

DAY = date(2025, 8, 21)
FOOTER = [OFFICE, "เลขที่ 1 ถนนตัวอย่าง", "โทร. 0 2000 0000"]
OTHER = "วันที่ : 02/01/2568 08:00"


@pytest.mark.parametrize(
    ("page_title", "headline"),
    [
        (f"รัฐบาลไทย | {HEADLINE}", HEADLINE),
        (f" รัฐบาลไทย|{HEADLINE} ", HEADLINE),
        ("รัฐบาลไทย | Kite &amp; wind | part 2", "Kite & wind | part 2"),
        ("Royal Thai Government | Kites", "Kites"),
        ("รัฐบาลไทย", ""),
        ("รัฐบาลไทย |", ""),
        (f"รัฐบาลไทย-{HEADLINE}", None),
        ("รัฐบาลไทยเปิดศูนย์ซ่อมว่าว", None),
        ("", None),
    ],
)
def test_headline_in_a_title(page_title: str, headline: str | None) -> None:
    assert headline_in(page_title) == headline


@pytest.mark.parametrize(
    ("lines", "raw", "value"),
    [
        ([STAMP], STAMP, DAY),
        (["วันที่ :21/8/2568 14.30 น."], "วันที่ :21/8/2568 14.30 น.", DAY),
        (["วันที่ : ๒๑/๐๘/๒๕๖๘ ๑๔:๓๐"], "วันที่ : ๒๑/๐๘/๒๕๖๘ ๑๔:๓๐", DAY),
        (["วันที่ :", "21/08/2568 14:30"], STAMP, DAY),
        (["Date : 21/08/2025 14:30"], "Date : 21/08/2025 14:30", DAY),
        ([f"{STAMP} | ผู้เข้าชม 12"], f"{STAMP} | ผู้เข้าชม 12", DAY),
        (["21/08/2568 14:30"], "21/08/2568 14:30", DAY),
        (["วันที่ : 31/02/2568 14:30"], "วันที่ : 31/02/2568 14:30", None),
        (["21 ส.ค. 2568"], "21 ส.ค. 2568", DAY),
    ],
)
def test_date_lines(lines: list[str], raw: str, value: date | None) -> None:
    parts = split_page([HEADLINE], [HEADLINE, *lines, *BODY], days={"21 ส.ค. 2568": DAY})
    assert parts.date_line
    assert (parts.date_line.raw, parts.date_line.value) == (raw, value)
    assert (parts.dated, parts.text) == (tuple(lines), tuple(BODY))


@pytest.mark.parametrize("line", ["21/08/2568", "วันที่ 21 สิงหาคม 2568", "1/2568", "วันที่ :", STAMP * 9])
def test_other_lines_are_not_date_lines(line: str) -> None:
    assert split_page([HEADLINE], [HEADLINE, line, *BODY]).date_line is None


def test_unlabelled_date_counts_only_without_a_labelled_one() -> None:
    parts = split_page([HEADLINE], [HEADLINE, "20/08/2568 09:00", STAMP, *BODY])
    assert parts.date_line
    assert (parts.date_line.raw, parts.between) == (STAMP, ("20/08/2568 09:00",))


@pytest.mark.parametrize(
    ("lines", "above", "between"),
    [
        ([HEADLINE, STAMP], [], []),
        (["เมนู", HEADLINE, "แชร์", STAMP], ["เมนู"], ["แชร์"]),
        ([STAMP, HEADLINE], [], []),
        # Today's date at the top, a headline in the breadcrumbs.
        ([OTHER, "หน้าแรก", HEADLINE, "ข่าว", HEADLINE, STAMP], 5, []),
        ([OTHER, HEADLINE, STAMP], [OTHER], []),
        ([HEADLINE[:20], HEADLINE[20:], STAMP], [], []),
        (["เรื่องอื่น", STAMP], ["เรื่องอื่น"], []),
    ],
)
def test_nearest_headline_and_date_line_are_chosen(
    lines: list[str], above: list[str] | int, between: list[str]
) -> None:
    parts = split_page([HEADLINE], [*lines, *BODY, "ข่าวที่เกี่ยวข้อง", "เรื่องอื่น", OTHER])
    expected = lines[: above - 1] if isinstance(above, int) else above
    assert parts.date_line
    assert parts.date_line.raw == STAMP
    assert (list(parts.above), list(parts.between)) == (expected, between)
    assert parts.text == tuple(BODY)
    assert parts.has_related


@pytest.mark.parametrize(
    ("below", "length"),
    [
        (FOOTER, 0),
        ([f"{OFFICE} ทำเนียบรัฐบาล ถนนตัวอย่าง", "เมนูล่าง", "ข่าว"], 0),
        ([f"{OFFICE} (สลน.)"], 0),
        # The office closes the text; the footer begins with the same words.
        ([OFFICE, *FOOTER], 1),
        ([f"{OFFICE} ขอเชิญทุกท่านร่วมงาน", *FOOTER], 1),
        # No footer at all.
        ([f"{OFFICE} ขอเชิญทุกท่านร่วมงาน"], 1),
        ([OFFICE, BODY[0]], 2),
        ([], 0),
        (["‹", "1", "(current)", "2", "Next", *FOOTER], 0),
        (["1", *FOOTER], 1),
        (["เอกสารประกอบ", "เอกสารประกอบ", *FOOTER], 0),
        (["อัลบั้มภาพ", "prev", "next", "ข่าวที่เกี่ยวข้อง", BODY[0], STAMP], 0),
    ],
)
def test_where_the_text_ends(below: list[str], length: int) -> None:
    parts = split_page([HEADLINE], [HEADLINE, STAMP, *BODY, *below])
    assert parts.text == (*BODY, *below[:length])
    assert parts.below == tuple(below[length:])


def test_footer_is_not_searched_for_if_excluded() -> None:
    parts = split_page([HEADLINE], [HEADLINE, STAMP, *BODY, OFFICE], excludes_footer=True)
    assert parts.text == (*BODY, OFFICE)
    assert parts.footer is None


@pytest.mark.parametrize(
    ("text", "loading"),
    [(["กำลังโหลด…"], True), ([], False), (BODY, False), (["กำลังโหลด…", *BODY], False)],
)
def test_loading_pages_are_recognised(text: list[str], loading: bool) -> None:
    assert split_page([HEADLINE], [HEADLINE, STAMP, *text, *FOOTER]).is_loading is loading


@pytest.mark.parametrize(
    ("text", "has"),
    [(f"ก{STAMP}ข", True), ("วันที่\n:\xa021/08/2568", True), ("21/08/2568 14:30", True),
     ("21/08/2568", False), ("เบอร์ 1/2568", False)],
)  # fmt: skip
def test_date_line_within_a_text(text: str, has: bool) -> None:
    assert has_date_line(text) is has


MARKERS = [HEADLINE, HEADLINE[:20], HEADLINE[20:], STAMP, OTHER, "วันที่ :", "21/08/2568 09:00"]
BOILERPLATE = [*FOOTER, "Next", "1", "(current)", "ข่าวที่เกี่ยวข้อง", "กำลังโหลด…"]
LINES = st.lists(st.sampled_from([*MARKERS, *BOILERPLATE, *BODY]) | st.text(min_size=1, max_size=9))


@given(LINES, st.booleans())
def test_no_line_is_lost(lines: list[str], excludes_footer: bool) -> None:
    parts = split_page([HEADLINE, ""], lines, excludes_footer=excludes_footer)
    split = (parts.above, parts.headline, parts.between, parts.dated, parts.text, parts.below)
    assert sorted(line for part in split for line in part) == sorted(lines)
