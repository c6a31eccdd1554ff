"""Kinds of tail lines, and the split of body and tail."""

from __future__ import annotations

import re
import time

import pytest

from scraper.pages.tail import split_tail, tail_kind
from scraper.reference import read_table

PROSE = "นายสมมติ ใจดี กล่าวว่า ศูนย์ซ่อมว่าวจะเปิดทุกวันเสาร์ และปิดในวันที่ 1 มกราคม 2569"


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("-------------------", "rule"),
        ("___", "rule"),
        (".", "rule"),
        ("///////", "rule"),
        ("═════", "rule"),
        ("#กรมทดสอบ #ซ่อมว่าว", "hashtags"),
        ("#กรมทดสอบ, #ซ่อมว่าว |#ว่าว", "hashtags"),
        ("************** 23 มีนาคม 2566", "stamp"),
        ("๒๓ มีนาคม ๒๕๖๖", "stamp"),
        ("23 มี.ค. 66", "stamp"),
        ("วันพฤหัสบดีที่ 23 มีนาคม 2566", "stamp"),
        ("กลุ่มประชาสัมพันธ์และเผยแพร่ สำนักโฆษก", "unit"),
        ("กองสื่อสารองค์กร กรมทดสอบ", "unit"),
        ("“สื่อสารภารกิจรัฐบาล” กับสำนักโฆษก สำนักเลขาธิการนายกรัฐมนตรี", "unit"),
        ("โทร. 0 2000 0000 ต่อ 12", "contact"),
        ("กรมทดสอบ สายด่วน 1234", "contact"),
        ("E-mail : pr@example.org", "contact"),
        ("https://example.org/ก", "link"),
        ("Facebook/X : กรมทดสอบ", "link"),
        ("อ่านเพิ่มเติม คลิก https://www.thaigov.go.th/news/contents/details/9", "link"),
        ("ที่มา : กรมทดสอบ", "source"),
        ("สมมติ ใจดี: ถ่ายภาพ", "source"),
        (PROSE, None),
        ("ทั้งนี้ ผู้สนใจสอบถามได้ที่กรมทดสอบ โทร. 1234", None),
        ("ทั้งนี้ ดูรายละเอียดเพิ่มเติมได้ที่ https://example.org", None),
        ("กลุ่มเกษตรกรได้รับว่าว 30 ตัว", None),
        ("1. ว่าวจุฬา 2. ว่าวปักเป้า", None),
    ],
)
def test_tail_kinds(line: str, kind: str | None) -> None:
    assert tail_kind(line) == kind


@pytest.mark.parametrize(
    ("body", "tail"),
    [
        ([PROSE], []),
        ([PROSE], ["-----"]),
        ([PROSE, ".", PROSE], [".", "#ว่าว", "-----"]),
        ([PROSE], ["อ่านเพิ่มเติม คลิก https://a.example", "#ว่าว", "-----"]),
        # below a rule, any short lines are a sign-off
        ([PROSE], ["*****", "สมมติ ใจดี รายงาน", "อาคาร ๙ ชั้น ๓", "โทร. 1234"]),
        ([PROSE, "-----", PROSE * 3], ["#ว่าว"]),
        ([PROSE, "#ว่าว", PROSE], []),
        # without other lines, prose-like lines are the body
        (["อ่านเพิ่มเติม คลิก https://a.example"], ["-----", "#ว่าว"]),
        (["-----", "กองสื่อสารองค์กร"], []),
        ([], ["#ว่าว", "-----"]),
        ([], []),
    ],
)
def test_body_and_tail_are_split(body: list[str], tail: list[str]) -> None:
    assert split_tail([*body, *tail]) == (body, tail)


def test_table_has_known_kinds_and_no_pattern_matches_an_empty_line() -> None:
    rows = read_table("tail_lines.csv")
    assert {row["kind"] for row in rows} <= {
        *("rule", "hashtags", "stamp", "unit", "contact", "link", "source"),
    }
    for row in rows:
        assert not re.fullmatch(row["pattern"], ""), row


@pytest.mark.parametrize(
    "piece", ["-", "#ก, ", "#ก|", "โทร ", "กลุ่ม", "1 ", "คลิก", "ภาพ / ", "(02) "]
)
def test_long_lines_are_matched_quickly(piece: str) -> None:
    began = time.process_time()
    for length in (190, 240_000):
        tail_kind((piece * length)[:length] + "x!")
    assert time.process_time() - began < 1
