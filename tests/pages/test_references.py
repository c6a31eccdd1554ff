"""Hashtags, URLs and links to other articles in a text."""

from __future__ import annotations

import pytest

from scraper.pages.references import article_links, hashtags, urls

HOME = "https://www.thaigov.go.th/news/contents/details/"


@pytest.mark.parametrize(
    ("line", "tags"),
    [
        ("#กรมทดสอบ #ซ่อมว่าว", ("กรมทดสอบ", "ซ่อมว่าว")),
        ("#ก#ข#ค", ("ก", "ข", "ค")),
        ("“#ว่าวไทย” และ (#ว่าวจีน),#ว่าวลม", ("ว่าวไทย", "ว่าวจีน", "ว่าวลม")),
        ("#30บาท #1 #๒ #2568 ข้อ #3.", ("30บาท",)),
        ("#MIND_2025 #โควิด-19", ("MIND_2025", "โควิด")),
        ("#ซ้ำ #ซ้ำ", ("ซ้ำ",)),
        # a number on a line of tags is one, a hotline for example
        ("#ว่าว #1300 #พม", ("ว่าว", "1300", "พม")),
        ("#๑๓๐๐, #ว่าว", ("๑๓๐๐", "ว่าว")),
        ("#1300 #1567", ()),
        ("โทร #ว่าว #1300", ("ว่าว",)),
        ("https://example.org/#top https://example.org/a.html#b ?x=#c", ()),
        ("Thailand&#39;s ข้อ&#3630; ก#ข C#", ()),
        ("# ว่าง ## #", ()),
        ("ไม่มี", ()),
    ],
)
def test_hashtags(line: str, tags: tuple[str, ...]) -> None:
    assert hashtags([line]) == tags


def test_hashtags_of_several_lines_keep_their_order() -> None:
    assert hashtags(["#ข", "ข้อความ", "#ก #ข"]) == ("ข", "ก")


def test_urls_end_at_brackets_and_quotes() -> None:
    assert urls("ดู (https://a.example/1) “http://b.example/ก” และ www.c.example") == [
        "https://a.example/1",
        "http://b.example/ก",
    ]


def test_links_are_canonical_and_other_articles_only() -> None:
    addresses = [
        "http://thaigov.go.th/news/contents/ministry_details/9",
        HOME + "8",
        HOME + "9",
        HOME + "7",
        "https://www.thaigov.go.th/gallery/contents/details/6",
        "https://example.org/news/contents/details/5",
    ]
    assert article_links(addresses, own=HOME + "8") == (HOME + "9", HOME + "7")
