"""Text as markup: escaped, complete, with balanced tags."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from scraper.browse.line_breaks import runs
from scraper.browse.reading import (
    MAX_UNBROKEN,
    TextMark,
    address_marks,
    anchor_first_hit,
    date_marks,
    mention_title,
    paragraphs,
    word_starts,
)
from tests.browse.hostile import PAYLOADS


def mention(
    position: int, text: str, day: str | None = "2025-08-20", **fields: Any
) -> dict[str, Any]:
    return {
        "position": position,
        "text": text,
        "start_on": day,
        "end_on": day,
        "start_time": None,
        "end_time": None,
        "precision": "day",
        "inferred": 0,
        "flags": "",
        **fields,
    }


def test_lines_may_break_before_words() -> None:
    (starts,) = word_starts(["ราคาอ้อย ปี ๒๕๖๘"], ["ราคา", "อ้อย", "ปี", "2568"])
    assert starts == [0, 4, 9, 12]
    assert paragraphs("ราคาอ้อย ปี ๒๕๖๘", starts) == [
        Markup('<span class="cut">ราคา<wbr>อ้อย <wbr>ปี <wbr>๒๕๖๘</span>')
    ]


def test_the_browser_breaks_lines_with_too_few_words() -> None:
    long = "ก" * (MAX_UNBROKEN + 1)
    assert paragraphs(f"อ้อย{long}\nอ้อยดี", [4, len(long) + 5 + 4]) == [
        f"อ้อย<wbr>{long}",
        '<span class="cut">อ้อย<wbr>ดี</span>',
    ]


def test_word_starts_of_each_field() -> None:
    words = ["อ้อย", "ดี", "ราคา", "ดี", "ดี"]
    assert word_starts(["อ้อยดี", "ราคาดี", "ดี"], words) == [[0, 4], [0, 4], [0]]


def test_a_date_has_its_meaning_as_tooltip() -> None:
    text = "เปิดงาน 20 ส.ค. 68 แล้ว"
    (line,) = paragraphs(text, [], date_marks([mention(8, "20 ส.ค. 68")]))
    assert line == (
        'เปิดงาน <time datetime="2025-08-20" title="วันพุธที่ 20 สิงหาคม 2568 · 20 August 2025" '
        'tabindex="0">20 ส.ค. 68</time> แล้ว'
    )
    assert paragraphs("31 ก.พ.", [], date_marks([mention(0, "31 ก.พ.", None)])) == ["31 ก.พ."]


def test_mention_title_has_both_ends_hours_and_flags() -> None:
    title = mention_title(
        mention(0, "", "2025-08-20", end_on="2025-08-22", start_time="09:30", end_time="12:00",
                inferred=1, flags="far")
    )  # fmt: skip
    assert title == (
        "20 สิงหาคม 2568 – 22 สิงหาคม 2568 · เวลา 09:30–12:00 น. · 20 August 2025 – 22 August 2025"
        " · ปีอนุมานจากวันเผยแพร่ · year inferred · far"
    )


def test_urls_become_links_without_referrer() -> None:
    text = "ดูที่ https://a.example/x?a=1&b=2 และ\nhttps://a.example/x?a=1&b=2"
    first, second = paragraphs(text, [], address_marks(text))
    link = (
        '<a href="https://a.example/x?a=1&amp;b=2" rel="nofollow noopener noreferrer">'
        "https://a.example/x?a=1&amp;b=2</a>"
    )
    assert first == f"ดูที่ {link} และ"
    assert second == link


@given(
    st.lists(
        st.sampled_from([*PAYLOADS, "โรงงาน", " ", "20 ส.ค. 68", "\n", "https://a.example/<b>"])
    ),
    st.lists(st.integers(-2, 200)),
    st.lists(st.tuples(st.integers(0, 150), st.integers(0, 30))),
)
def test_text_survives_and_tags_are_balanced(
    pieces: list[str], breaks: list[int], spans: list[tuple[int, int]]
) -> None:
    text = "".join(pieces)
    marks = [TextMark(s, s + n, Markup("<time>"), Markup("</time>")) for s, n in spans]
    lines = paragraphs(text, breaks, [*marks, *address_marks(text)])
    tags = re.compile(r"</?(?:time|a|wbr|span)(?: [a-z]+=\"[^\"<>]*\")*>")
    assert [unescape(tags.sub("", line)) for line in lines] == [t for t in text.split("\n") if t]
    for line in lines:
        assert "<" not in tags.sub("", line)
        for name in ("time", "a", "span"):
            assert len(re.findall(f"<{name}[ >]", line)) == line.count(f"</{name}>")


@pytest.mark.parametrize("length", [500, 501, 60_000])
def test_long_runs_get_places_to_break(length: int) -> None:
    text = ("กี่" * length)[:length]
    pieces = runs(text)
    assert "".join(pieces) == text
    assert (len(pieces) > 1) == (length > 500)
    assert max(map(len, pieces)) <= 500
    assert not any(piece.startswith(("ี", "่")) for piece in pieces)
    assert ("<wbr>" in paragraphs(text)[0]) == (length > 500)


def test_hits_are_marked_inside_and_around_other_marks() -> None:
    link = TextMark(4, 8, Markup("<a>"), Markup("</a>"))
    marked = paragraphs("abcdefghij", [], [link], [(2, 6), (8, 10)])
    assert marked == ["ab<mark>cd</mark><a><mark>ef</mark>gh</a><mark>ij</mark>"]
    assert paragraphs("ab\ncd", [], [], [(1, 4)]) == ["a<mark>b</mark>", "<mark>c</mark>d"]
    assert paragraphs("abcd", [], [TextMark(1, 3, Markup("<a>"), Markup("</a>"))], [(1, 3)]) == [
        "a<a><mark>bc</mark></a>d"
    ]


def test_the_first_hit_of_the_text_is_the_one_to_jump_to() -> None:
    fields = {"title": [Markup("<mark>ก</mark>")], "body": [Markup("ข <mark>ก</mark>")]}
    named = anchor_first_hit(fields)
    assert named == {"title": ["<mark>ก</mark>"], "body": ['ข <mark id="hit">ก</mark>']}
    assert anchor_first_hit({"title": [Markup("<mark>ก</mark>")], "body": []})["title"] == [
        '<mark id="hit">ก</mark>'
    ]
