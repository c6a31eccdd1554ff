"""Everything that reads text takes linear time, whatever the text."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from scraper.thai.agencies import find_agencies
from scraper.thai.contacts import find_contacts
from scraper.thai.contacts.warnings import is_warned_of
from scraper.thai.dates import find_dates, read_long_date, read_short_date, read_stamp
from scraper.thai.laws import find_laws
from scraper.thai.likeness import fingerprints, read_compared_text
from scraper.thai.money import find_money
from scraper.thai.names import find_names, find_names_in, split_places
from scraper.thai.programmes import find_programmes
from scraper.thai.text import clean, fold, fold_with_offsets
from scraper.thai.words import segment
from tests.hostile import UNITS, assert_linear, cpu_time, repeated

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = date(2025, 8, 21)
FUNCTIONS: dict[str, Callable[[str], Any]] = {
    "clean": clean,
    "fold": fold,
    "fold_with_offsets": fold_with_offsets,
    "find_dates": lambda text: find_dates(text, DAY),
    "read_long_date": read_long_date,
    "read_short_date": read_short_date,
    "read_stamp": read_stamp,
    "segment": segment,
    "fingerprints": fingerprints,
    "read_compared_text": lambda text: read_compared_text(text, text, None),
    "find_names": lambda text: find_names(text, text, text),
    "find_money": lambda text: find_money(fold(text)),
    "find_contacts": lambda text: find_contacts(fold(text)),
    "is_warned_of": lambda text: is_warned_of(text, len(text) // 2, len(text) // 2),
    "find_laws": lambda text: find_laws(fold(text)),
    "find_programmes": lambda text: find_programmes(fold(text)),
    "find_agencies": lambda text: agencies_in(fold(text)),
}
# What the rules for money, contacts, laws and programmes begin with or repeat.
NAMED = (
    "5 บาท", "1 - ", "1,000,", "1 ล้าน", "us$1 ", "ล้าน", "หนึ่งล้าน", "5 บาท (", "งบกว่า", "ตันละ",
    "5 บาทต่อ", "02 ", "0 2202 3222, ", "0 2202 3222,3222", "+66", "สายด่วน ", "สายด่วน 1567 และ ",
    "ศูนย์ดำรงธรรม 1567", "a@", "a@a.", "line @", "line id ", "facebook: ", "เพจ “", "www.ก",
    "a.com/", "x.go.th(", "มิจฉาชีพ", "พ.ร.บ.", "พ.ร.บ.ก ", "ร่าง", "พ.ร.บ.ก พ.ศ. 2535",
    "ระเบียบกระทรวงก ", "ประกาศกรมเรื่อง", "คำสั่งคสช ที่ 1", "มาตรา 1 ของ", "กฎหมายโรงงาน", "(ฉบับที่ ",
    "กฎกระทรวง ฉบับที่ 1 ออกตามความในพ.ร.บ.ก ", "ออกตามความใน", "ข้อกำหนดออกตามความในพ.ร.ก.ก ",
    "the act b.e. 2500 ", "draft act on the ", "พ.ร.บ. (พ.ร.บ.) ",
    "โครงการ", "โครงการ “", "โครงการก", "คนละครึ่ง",
)  # fmt: skip


def agencies_in(text: str) -> Any:
    """Return the agencies named in a folded body."""
    places = split_places("", "", text, "")
    return find_agencies(find_names_in(places), places)


AGENCY_UNITS = (
    "กรมทางหลวง (กทดล.) ",
    "กรมทางหลวง (",
    "สมอ. (สมอ.) ",
    "คณะกรรมการ (สมอ.) ",
    "กรมฯ",
    "การกีฬาฯ ",
    "กรมกรม",
    "กรมทางหลวงหรือ",
    "คณะกรรมการคณะกรรมการ",
    "กทม. ",
    "ธนาคาร ",
    "กรม ทาง หลวง ",
)


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize(("begin", "end"), [("", ""), ("วันที่ #www.1", "x!ก")])
def test_time_is_linear(name: str, begin: str, end: str) -> None:
    function = FUNCTIONS[name]
    function("5 มีนาคม 2568")  # loads the tables
    for unit in UNITS:
        assert_linear(function, repeated(unit, begin, end), 6_000)


@pytest.mark.parametrize("unit", AGENCY_UNITS)
def test_agencies_take_linear_time(unit: str) -> None:
    agencies_in("")
    assert_linear(agencies_in, repeated(unit), 120_000)


def test_many_definitions_take_linear_time() -> None:
    assert_linear(agencies_in, lambda length: many_definitions(length // 20), 120_000)


def many_definitions(count: int) -> str:
    """Return a text that defines so many abbreviations of one agency."""
    letters = "กขคงจฉชซฌญ"
    return " ".join(
        f"กรมทางหลวง (ก{''.join(letters[int(d)] for d in str(n))}.)" for n in range(count)
    )


@pytest.mark.parametrize("unit", ["ุ่", "\u0301\u0323", "ู้", "1,", "1 มกราคม 2568 - ", " "])
def test_the_longest_page_is_quick(unit: str) -> None:
    text = f"ก{unit * (240_000 // len(unit))}a"
    assert cpu_time(clean, text) < 1
    assert cpu_time(lambda value: find_dates(value, DAY), text) < 4
    assert cpu_time(segment, text) < 4


@pytest.mark.parametrize(
    ("name", "slowest"),
    [
        ("find_money", "us$1 "),
        ("find_contacts", "02 "),
        ("find_laws", "ประกาศกรมเรื่อง"),
        ("find_programmes", "โครงการก"),
    ],
)
def test_named_things_take_linear_time(name: str, slowest: str) -> None:
    function = FUNCTIONS[name]
    function("5 บาท 1567 พ.ร.บ.แร่")  # loads the tables
    for unit in NAMED:
        assert_linear(function, repeated(unit), 20_000)
    assert cpu_time(function, slowest * (240_000 // len(slowest))) < 4
