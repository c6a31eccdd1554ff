"""Elements of sentences become facts with the values that the archive should store."""

from __future__ import annotations

import pytest

from scraper.practice.prose.elements import element_fact
from scraper.practice.prose.written import Fact, Text, fill


def facts(template: str) -> list[tuple[str, Fact]]:
    """Return the text and the fact of each element of a sentence."""
    text = fill(template, Text, element_fact)
    return [(text.string[mark.start : mark.end], fact) for mark, fact in text.facts()]


@pytest.mark.parametrize(
    ("template", "written", "kind", "values"),
    [
        (
            "นาย<person title='นาย' post='ปลัด{x}'>สมใจ ใจดี</person>กล่าว",
            "สมใจ ใจดี",
            "people",
            ("สมใจ ใจดี", "นาย", "ปลัดx", None, "full"),
        ),
        (
            "นาย<first title='นาย' of='สมใจ ใจดี'>สมใจ</first>กล่าว",
            "สมใจ",
            "people",
            ("สมใจ ใจดี", "นาย", None, None, "first"),
        ),
        ("ใน<province>จังหวัดตาก</province>", "จังหวัดตาก", "places", ("TH-63", None, "ตาก")),
        ("ที่<province name='เลย'>เมืองเลย</province>", "เมืองเลย", "places", ("TH-42", None, "เลย")),
        ("ที่<area code='6201'>อ.เมือง</area>", "อ.เมือง", "places", ("TH-62", "6201")),
        ("<money low='1' high='2' per='วัน'>1-2 บาท</money>", "1-2 บาท", "money", (1.0, 2.0, "THB")),
        ("<law kind='decree'>พระราชกำหนดเมฆ</law>", "พระราชกำหนดเมฆ", "laws", ("decree",)),
        ("“<programme>น้ำใส</programme>”", "น้ำใส", "programmes", ("project", "")),
        ("<contact kind='hotline'>1300</contact>", "1300", "contacts", ("hotline", "1300", False)),
        ("<agency slug='diw'>กรมโรงงาน</agency>", "กรมโรงงาน", "agency_mentions", ("diw",)),
    ],
)
def test_elements(template: str, written: str, kind: str, values: tuple[object, ...]) -> None:
    ((found, fact),) = facts(template)
    assert (found, fact.kind) == (written, kind)
    assert set(values) <= set(fact.value)


def test_elements_may_be_nested() -> None:
    assert [written for written, _ in facts("<venue>หอ <province>เลย</province></venue>")] == [
        "หอ เลย",
        "เลย",
    ]


def test_an_unknown_element_is_an_error() -> None:
    with pytest.raises(LookupError):
        facts("<cloud>ฝน</cloud>")
    with pytest.raises(LookupError):
        facts("<province>เมืองเมฆ</province>")
