"""Properties of the dates of any text, and the time to find them."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scraper.reference import read_table
from scraper.thai.dates import find_dates
from scraper.thai.digits import to_thai_digits
from scraper.thai.text import clean
from tests.hostile import cpu_time
from tests.thai.dates import PUBLISHED

MONTHS = {int(row["month"]): row for row in read_table("months.csv")}
FORMS = [
    "{day} {month} {be}",
    "{day} {short} {yy}",
    "{day}{short}{yy}",
    "{day} {month} พ.ศ. {be}",
    "{day} {month} ค.ศ. {ce}",
    "{english} {day}, {ce}",
    "{day} {english} {be}",
]


@given(
    st.dates(date(1990, 1, 1), date(2042, 12, 31)),
    st.sampled_from(FORMS),
    st.sampled_from(["", "เมื่อวันที่ ", "ความคืบหน้า (", "ครั้งที่ 1/2568 "]),
    st.sampled_from(["", ") เวลา", " จำนวน 45 คน", "\n12 มกราคม"]),
    st.booleans(),
)
def test_any_day_in_any_form(day: date, form: str, left: str, right: str, thai: bool) -> None:
    row = MONTHS[day.month]
    be = day.year + 543
    written = form.format(
        day=day.day,
        month=row["thai"],
        short=row["thai_short"],
        english=row["english"].title(),
        be=be,
        yy=f"{be % 100:02}",
        ce=day.year,
    )
    text = left + written + right
    mention = find_dates(to_thai_digits(text) if thai else text, PUBLISHED)[0]
    assert (mention.start_on, mention.end_on, mention.flags) == (day, day, ())
    assert not mention.inferred


@given(st.dates(date(2010, 1, 1), date(2040, 1, 1)), st.dates(date(2010, 1, 1), date(2040, 1, 1)))
def test_any_range(first: date, last: date) -> None:
    assume(first < last)
    one, two = (f"{d.day} {MONTHS[d.month]['thai']} {d.year + 543}" for d in (first, last))
    (mention,) = find_dates(f"ระหว่างวันที่ {one} - {two} ณ", PUBLISHED)
    assert (mention.start_on, mention.end_on) == (first, last)


# fmt: off
WORDS = [
    "5", "31", "66", "2566", "256", "มีนาคม", "ก.พ.", "มี.ค", "กรกฏาคม", "พฤษภาคน", "ต.ต.",
    "May", "July", "th", "ถึง", "และ", "วันที่", "วันพุธที่", "เดือน", "ปี", "พ.ศ.", "ค.ศ.",
    "and", "June 3, ", "น.", "เวลา", "09.30", "24.00", "นี้", "ที่ผ่านมา", "ทุกปี", "คน", "โควิด-19",
    "ปีหน้า", "ปีนี้", "next year", "ปี 2566 ได้แก่ ", "ปี 2566 (", "ปัจจุบัน (", "วันนี้ (", "เป็นต้นมา",
]
# fmt: on
PIECES = st.sampled_from([*"0123456789๑๒๓ .,-–()/:\n\xa0\u200b", *WORDS])
talk = st.lists(PIECES, max_size=30).map("".join) | st.text()
days_or_none = st.none() | st.dates(date(1950, 1, 1), date(2100, 1, 1))


@given(talk, days_or_none)
def test_mentions_of_any_text_are_consistent(text: str, published_on: date | None) -> None:
    mentions = find_dates(text, published_on)
    for mention in mentions:
        assert text[mention.start : mention.end] == mention.text
        assert "\n" not in mention.text
        assert (mention.start_on is None) == (mention.end_on is None)
        if mention.start_on and mention.end_on:
            assert mention.start_on <= mention.end_on
        else:
            assert mention.flags
        assert list(mention.flags) == sorted(set(mention.flags))
    assert all(one.end <= two.start for one, two in pairwise(mentions))


@given(talk, days_or_none)
def test_cleaning_and_digits_make_no_difference(text: str, published_on: date | None) -> None:
    def dates(text: str) -> list[object]:
        return [
            m.model_dump(exclude={"start", "end", "text"}) for m in find_dates(text, published_on)
        ]

    assert dates(text) == dates(clean(text)) == dates(to_thai_digits(text))


@pytest.mark.parametrize(
    "pattern",
    [
        "ระหว่างวันที่ 27 มี.ค. - 26 เม.ย. 66 เวลา 09.00 น. และ ",
        "1, ",
        "1-2 ",
        "5 มีนาคม - ",
        "มีนาคม ",
        "5 ",
        "1 และ 2 ",
        "09.30-",
        "5 กกกกกก ",
        "June 3 - ",
        "June 3, ",
        "June 3, 4, 5, 6, 7, 8 and 9 boats, ",
        "1" * 50,
        "มีนาคม" + "2" * 5000,  # longer than int() takes
        "วันจันทร์ที่ ",
        "ปี 2566 ได้แก่ 5 มี.ค. ",
        "ปี 2566 ได้แก่\n5 มี.ค.\n",
        "ปี 2566 (5 มี.ค. ",
        "ปี 2566 ",
        "5 มี.ค. ปีหน้า - ",
        "5 มี.ค.) ถึงวันนี้ (",
        "5 มี.ค." + ")" * 5000,
        "5 มี.ค. นี้ " + "โดยเริ่ม" * 500,
    ],
)
def test_long_texts_are_quick(pattern: str) -> None:
    # A cabinet résumé has 240,000 characters and some 80 dates; quadratic work would take minutes.
    text = pattern * (240_000 // len(pattern))
    assert cpu_time(lambda text: find_dates(text, PUBLISHED), text) < 10
