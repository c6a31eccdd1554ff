"""Kinds of tail lines, and the split of body and tail."""

from __future__ import annotations

import re
import time

import pytest

from scraper.pages.tail import is_separator, split_tail, tail_kind
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
        ("ครั้งที่ 12/2566 วันที่ 23 มี.ค. 2566", "stamp"),
        ("***** March, 23 2023", "stamp"),
        ("23 March 2023", "stamp"),
        ("ข่าวดี #กรมทดสอบ #ซ่อมว่าว", "hashtags"),
        ("#กรมทดสอบ # ซ่อมว่าว #1300", "hashtags"),
        ("--------- # prkite #ว่าว 4.0 #สนามหลวง", "hashtags"),
        ("#ข้อมูล กรมว่าว #kite", "hashtags"),
        ("กลุ่มประชาสัมพันธ์และเผยแพร่ สำนักโฆษก", "unit"),
        ("กองสื่อสารองค์กร กรมทดสอบ", "unit"),
        ("“สื่อสารภารกิจรัฐบาล” กับสำนักโฆษก สำนักเลขาธิการนายกรัฐมนตรี", "unit"),
        ("“สื่อสารภารกิจรัฐบาลกับดิฉัน มาลี สมมติ รองโฆษกประจำสำนักนายกรัฐมนตรี”", "unit"),
        ("กองสื่อสารองค์กร กรมทดสอบ 23 มีนาคม 2566", "unit"),
        ("กรมทดสอบ วันที่ ๒๓ มี.ค. ๖๖", "unit"),
        ("โทร. 0 2000 0000 ต่อ 12", "contact"),
        ("กรมทดสอบ สายด่วน 1234", "contact"),
        ("E-mail : pr@example.org", "contact"),
        ("ธนาคารทดสอบ โทร. 0-2000-0000 (ตลอด 24 ชั่วโมง)", "contact"),
        ("กรมทดสอบ โทร. 0 2000 0000 ต่อ 1 2 3 และ 4 (เฉพาะวันและเวลาราชการ)", "contact"),
        ("• สอบถามข้อมูลเพิ่มเติม สายด่วน 1234 ตลอด 24 ชั่วโมง", "contact"),
        ("ข้อมูลเพิ่มเติมติดต่อ : นางมาลี สมมติ ผู้อำนวยการฝ่ายว่าว โทร. 02-000-0000,02-000-0001", "contact"),
        ("ติดต่อสอบถามข้อมูลเพิ่มเติมได้ที่ 02 000 0000 ต่อ 11, 12", "contact"),
        ("มาลี (080 000 0000) สมใจ (080 000 0001)", "contact"),
        ("เลขที่ 9 ถนนว่าว แขวงลม กรุงเทพฯ 10200 โทร. 0 2000 0000 โทรสาร 0 2000 0001", "contact"),
        ("หากมีข้อสงสัย สอบถามเพิ่มเติมได้ที่", "contact"),
        ("Email : kite@example.org หรือ สำนักงานว่าวทั่วประเทศ", "contact"),
        ("สอบถามว่าลมดีหรือไม่ นายสมใจกล่าว โทร. 1234 ได้", None),
        ("(ในวันและเวลาราชการ)", "contact"),
        ("For further information, please contact Kite Department", "contact"),
        ("https://example.org/ก", "link"),
        ("Facebook/X : กรมทดสอบ", "link"),
        ("| Line ID: @kite | เว็บไซต์ www.example.org", "link"),
        ("> เว็บไซต์ www.example.org", "link"),
        ("อ่านเพิ่มเติม คลิก", "link"),
        ("อ่านเพิ่มเติม คลิก https://www.thaigov.go.th/news/contents/details/9", "link"),
        ("ที่มา : กรมทดสอบ", "source"),
        ("สมมติ ใจดี: ถ่ายภาพ", "source"),
        ("มาลี สมมติ: เรียบเรียง", "source"),
        ("เผยแพร่ : มาลี สมมติ", "source"),
        ("เผยแพร่ข้อมูล : ฝ่ายว่าว กรมทดสอบ", "source"),
        ("ภาพเพิ่มเติม: Facebook ว่าวไทย", "source"),
        ("ถ่ายภาพและวีดิโอ : นายสมใจ สมมติ กลุ่มงานว่าว กระทรวงลม", "source"),
        ("Cr. กรมทดสอบ", "source"),
        ("ที่มา กรมทดสอบ", "source"),
        ("สำนักว่าวจุฬา กรมทดสอบ", "name"),
        ("Kite Bureau, Department of Tests", "name"),
        ("Written by มาลี สมมติ, สมใจ ใจดี", "source"),
        ("Photo Credit มาลี สมมติ", "source"),
        ("Graphic/Editor สมใจ ใจดี", "source"),
        ("มาลี สมมติ / สรุป สมใจ ใจดี / ถ่ายภาพ", "source"),
        ("ผู้นำเสนอ : กลุ่มว่าว กรมทดสอบ", "source"),
        ("บทความโดย ทีมว่าวกรมทดสอบ", "source"),
        ("(โปรดตรวจสอบมติที่เป็นทางการจากกรมทดสอบอีกครั้ง)", "source"),
        ("อ้างอิงจาก https://example.org", "source"),
        ("ดาวน์โหลดไฟล์ PDF", "link"),
        ("www.example.org https://example.org/ก", "link"),
        ("#ว่าวไทยครบ 240 ปี", "hashtags"),
        ("#ระบบว่าว (E-Kite)", "hashtags"),
        ("ครั้งที่ 34/2566", "stamp"),
        ("********* 16 ธันวาคม", "stamp"),
        ("5 June 2025 at 17.00 hrs.", "stamp"),
        ("กรมทดสอบ kite@example.org , wau@example.org", "contact"),
        ("มาลี สมมติ 080-000-0000 malee@example.org", "contact"),
        ("080-000-0000 คุณมาลี", "contact"),
        ("กรมทดสอบ โทร. (02) 000-0000 ต่อ 3622/3605", "contact"),
        ("กรมทดสอบ โทรศัพท์ 0 2000 0000 ถึง 36", "contact"),
        ("Tel +66 (0) 2000 0000 extension 58", "contact"),
        ("โทร. 02 000 0000 ต่อ 5 หรืออีเมล kite@example.org", "contact"),
        ("อาคาร 9 ถนนว่าว แขวงสมมติ กรุงเทพฯ 10000", "part"),
        ("หรือศูนย์ว่าว 1234 (Kite Centre)", "part"),
        ("“ว่าวไทย ลมไทย ฟ้าไทย”", "slogan"),
        ("รัฐมนตรีว่าการกระทรวงอุตสาหกรรม", "post"),
        ("Prime Minister", "post"),
        ("ประกาศว่าวจุฬา ฉบับเต็ม คลิก https://a.example/1.pdf", "link"),
        ("เว็บไซค์ : http://a.example", "link"),
        ("ธนาคารว่าวแห่งชาติ ศูนย์ลูกค้าสัมพันธ์ 0-2000 0000", "contact"),
        ("ภาพโดยและวีดิโอ : สมมติ ใจดี", "source"),
        ("*เอกสารข่าว สนง.ว่าว", "source"),
        (PROSE, None),
        ("“เราจะเปิดศูนย์ว่าวอีกสามแห่ง”", None),
        ("Photo of a kite above the hill", None),
        ("#ว่าว กลับมาอีกครั้งที่สนามของจังหวัด", None),
        ("ทั้งนี้ ผู้สนใจสอบถามได้ที่กรมทดสอบ โทร. 1234", None),
        ("หากพบว่าวหายแจ้งได้ที่กรมทดสอบ สายด่วน 1234", None),
        ("5 มีนาคม - 8 เมษายน 2566 สอบถามได้ที่กรมทดสอบ โทร. 1234", None),
        ("กรมทดสอบได้จัดงานว่าวที่จังหวัดสมมติ", None),
        ("ที่มาของว่าวจุฬามีหลายเรื่องเล่า", None),
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
        # an office alone: below a paragraph, or beside a telephone number
        ([PROSE * 2], ["สำนักว่าวจุฬา กรมทดสอบ"]),
        ([PROSE * 2], ["กลุ่มข่าว", "กองว่าว", "สำนักงานปลัดกระทรวงทดสอบ"]),
        (["สั้น"], ["สำนักว่าวจุฬา กรมทดสอบ", "โทร. 0 2000 0000"]),
        (["ผู้ร่วมงาน", "สำนักว่าวจุฬา"], []),
        ([PROSE * 2, *["สำนักว่าวจุฬา"] * 4], []),
        ([f"{PROSE * 2} ติดตามได้ที่", "กรมทดสอบ"], []),
        # who signs
        ([PROSE], ["(มาลี สมมติ)", "รัฐมนตรีว่าการกระทรวงทดสอบ"]),
        ([PROSE], ["มาลี สมมติ", "นายกรัฐมนตรี"]),
        ([PROSE, "นายกรัฐมนตรี"], []),
        # contacts above hashtags; but a list of other things that ends with one is a list
        ([PROSE], [".", "• กรมทดสอบ โทร. 1234", "• Facebook : กรมทดสอบ", ".", "#ว่าว"]),
        ([PROSE, "• ว่าวจุฬา", "• กรมทดสอบ โทร. 1234"], ["#ว่าว"]),
        ([f"{PROSE} สอบถามข้อมูลเพิ่มเติม", "ติดต่อสายด่วน 1234 ตลอด 24 ชั่วโมง"], []),
        ([PROSE * 2, "ส่วนในจังหวัดสมมติมีว่าวจุฬา"], []),
        # an address or a second office beside a number, a slogan below one
        ([PROSE], ["อาคาร 9 ถนนว่าว แขวงสมมติ 10000", "โทร. 0 2000 0000"]),
        ([PROSE, "อาคาร 9 ถนนว่าว แขวงสมมติ 10000"], []),
        ([PROSE], ["โทร. 0 2000 0000", "หรือศูนย์ว่าว 1234"]),
        ([PROSE, "หรือศูนย์ว่าว 1234"], []),
        ([f"{PROSE} สอบถามได้ที่ โทร. 1234"], ["“ว่าวไทย ลมไทย ฟ้าไทย”"]),
        ([PROSE * 3], ["“ว่าวไทย ลมไทย ฟ้าไทย”"]),
        ([PROSE, "“ว่าวไทย ลมไทย ฟ้าไทย”"], []),
        # whom to ask and where to look, above the number or the link
        ([PROSE], ["สอบถามรายละเอียดเพิ่มเติมได้ที่ ฝ่ายซ่อมว่าว กรมทดสอบ", "โทร. 0 2000 0000"]),
        ([PROSE, "สอบถามรายละเอียดเพิ่มเติมได้ที่ ฝ่ายซ่อมว่าว กรมทดสอบ"], []),
        ([PROSE], ["ติดตามดูคลิปวิดีโอตามลิงก์", "https://a.example"]),
        ([PROSE, "ติดตามดูคลิปวิดีโอตามลิงก์"], []),
        ([PROSE], ["สอบถามเพิ่มเติมได้ที่", "สำนักว่าวจุฬา กรมทดสอบ", "โทร : 02-000-0000"]),
        # about us, below an end mark or a rule
        ([PROSE * 4], ["###", f"กรมทดสอบ {PROSE}", PROSE]),
        ([PROSE * 4], ["***", "เกี่ยวกับกรมทดสอบ", PROSE * 2]),
        ([PROSE, "###", PROSE * 2], []),
        # links in a box
        ([PROSE], ["╔═════╗", "#ภาพ | งานว่าว", "> https://a.example", "╚═════╝", "#ว่าว"]),
        (["╔═════╗", "งานว่าว", "╚═════╝", PROSE * 2], []),
        ([PROSE], ["“สื่อสารภารกิจรัฐบาลกับผม สมมติ ใจดี รองโฆษกประจำสำนักนายกรัฐมนตรี”"]),
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
        *("rule", "hashtags", "stamp", "unit", "contact", "link", "source", "name", "post"),
        *("part", "slogan"),
    }
    for row in rows:
        assert not re.fullmatch(row["pattern"], ""), row


@pytest.mark.parametrize(
    "piece",
    [
        *("-", "#ก, ", "#ก|", "โทร ", "กลุ่ม", "1 ", "คลิก", "ภาพ / ", "(02) "),
        *(
            "กรม ",
            "# ก",
            "line : ก|",
            "ได้",
            "สอบถาม ",
            "สายด่วน 1",
            "for further ",
            "กองก (",
            "office ",
            "editor ก",
            "ขอบคุณภาพ ",
            "ก@b.c ",
            "เขต 10000 ",
            "เลขที่ 1 ถนน 10000 โทร. 1 ",
            "สอบถามข้อมูล โทร. 1 ",
            "ติดตาม ลิงก์ ",
            "ก (01 ",
            "“ก",
            "www.a ",
        ),
    ],
)
def test_long_lines_are_matched_quickly(piece: str) -> None:
    began = time.process_time()
    for length in (190, 240_000):
        tail_kind((piece * length)[:length] + "x!")
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "lines",
    [["กรมทดสอบ"], ["• ว่าว"], ["• โทร. 1234"], ["╚══╝"], ["╔══╗", "ว่าว"], ["."], ["###", "ก"]],
)
def test_many_lines_are_split_quickly(lines: list[str]) -> None:
    times = []
    for count in (20_000, 40_000):
        many = lines * (count // len(lines))
        began = time.process_time()
        split_tail(many)
        times.append(time.process_time() - began)
    assert times[1] < max(2.6 * times[0], 0.1)


@pytest.mark.parametrize("line", [".", "###", "*****", "___", "๛", "═══", "–", "“”", "🙂"])
def test_lines_without_a_letter_or_digit_are_separators(line: str) -> None:
    assert is_separator(line)


@pytest.mark.parametrize("line", ["1.", "ก", "- x", "√", "✓", "๑", "้", "ี่"])
def test_other_lines_are_not(line: str) -> None:
    assert not is_separator(line)
