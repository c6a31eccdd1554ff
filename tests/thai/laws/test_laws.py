"""Tests for named laws: kinds, where a name ends, one spelling. Many names are invented."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.reference import read_table
from scraper.thai.laws import complete_names, find_laws
from scraper.thai.laws.names import WORDS
from scraper.thai.text import fold


def laws(text: str) -> list[tuple[str, str]]:
    return [(law.kind, law.name) for law in find_laws(fold(text))]


ACT, DECREE = "พระราชบัญญัติ", "พระราชกำหนด"
UNDER = f"ออกตามความใน{ACT}แมวจร พ.ศ. 2522"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("พ.ร.บ.แมวจร พ.ศ.2535 กำหนดว่า", [("act", f"{ACT}แมวจร พ.ศ. 2535")]),
        ("พรบ. แมวจร พ.ศ. ๒๕๓๕", [("act", f"{ACT}แมวจร พ.ศ. 2535")]),
        ("พระราชบัญญัติแมวจร พุทธศักราช 2485", [("act", f"{ACT}แมวจร พ.ศ. 2485")]),
        ("พ.ร.บ.แมวจร (ฉบับที่ 2) พ.ศ. 2560", [("act", f"{ACT}แมวจร (ฉบับที่ 2) พ.ศ. 2560")]),
        ("พ.ร.บ.แมวจร 2566 ภายใน", [("act", f"{ACT}แมวจร พ.ศ. 2566")]),
        # a blank inside a name that a year closes
        (
            "พ.ร.บ.การเลี้ยงแมว สุนัข และนกแก้ว พ.ศ. 2562",
            [("act", f"{ACT}การเลี้ยงแมว สุนัข และนกแก้ว พ.ศ. 2562")],
        ),
        # without a year: a known name, the first blank, the first word no name has
        ("พ.ร.บ.โรงงานกำหนดไว้", [("act", f"{ACT}โรงงาน")]),
        ("พ.ร.บ.คอมพิวเตอร์ฯ", [("act", f"{ACT}ว่าด้วยการกระทำความผิดเกี่ยวกับคอมพิวเตอร์")]),
        ("พ.ร.บ.แมวจร ที่ประชุม", [("act", f"{ACT}แมวจร")]),
        ("พ.ร.บ.แมวจรซึ่งจะ", [("act", f"{ACT}แมวจร")]),
        ("พ.ร.บ.แมวจรฉบับใหม่", [("act", f"{ACT}แมวจร")]),
        ("พ.ร.บ.แมวจรและ พ.ร.บ.นกแก้ว", [("act", f"{ACT}แมวจร"), ("act", f"{ACT}นกแก้ว")]),
        ("ประมวลกฎหมายอาญา มาตรา 5", [("act", "ประมวลกฎหมายอาญา")]),
        ("ตามกฎหมายคุ้มครองข้อมูลส่วนบุคคล", [("act", f"{ACT}คุ้มครองข้อมูลส่วนบุคคล")]),
        ("พ.ร.ก.ฉุกเฉิน", [("decree", f"{DECREE}การบริหารราชการในสถานการณ์ฉุกเฉิน")]),
        (
            "พระราชกฤษฎีกาว่าด้วยแมวจร พ.ศ. 2551",
            [("decree", "พระราชกฤษฎีกาว่าด้วยแมวจร พ.ศ. 2551")],
        ),
        # drafts
        ("ร่าง พ.ร.บ.แมวจร พ.ศ. ....", [("draft", f"ร่าง{ACT}แมวจร")]),
        ("(ร่าง) พ.ร.บ.แมวจร (ฉบับที่ ..) พ.ศ. ….", [("draft", f"ร่าง{ACT}แมวจร")]),
        ("ร่างกฎกระทรวงกำหนดอาหารแมว พ.ศ. ....", [("draft", "ร่างกฎกระทรวงกำหนดอาหารแมว")]),
        # verbs and prepositions inside nouns, a blank before the ministry of a regulation
        ("พ.ร.ก.แลกนกแก้วระหว่างเมือง เกี่ยวกับ", [("decree", f"{DECREE}แลกนกแก้วระหว่างเมือง")]),
        ("พ.ร.บ.ควบคุมโรคจากแมวจรฯ อีก", [("act", f"{ACT}ควบคุมโรคจากแมวจร")]),
        (
            "(ร่าง) ประกาศกระทรวงแมว เรื่องการเปิดเผยชื่อนกแก้ว พ.ศ. ...",
            [("draft", "ร่างประกาศกระทรวงแมว เรื่อง การเปิดเผยชื่อนกแก้ว")],
        ),
        (
            "ร่างกฎกระทรวงแบ่งส่วนราชการกรมนกแก้ว กระทรวงแมว พ.ศ. .... ตามที่",
            [("draft", "ร่างกฎกระทรวงแบ่งส่วนราชการกรมนกแก้ว กระทรวงแมว")],
        ),
        ("ใน พ.ร.บ. ระบุไว้ชัดเจนว่า กฎระเบียบว่าด้วยสินค้าแมวของสหภาพ", []),
        # verbs that are part of a title; a committee whose name has ว่าด้วย; a title in marks
        (
            "ประกาศกระทรวงแมว เรื่อง ระบุชื่อแมวหายาก พ.ศ. 2565",
            [("regulation", "ประกาศกระทรวงแมว เรื่อง ระบุชื่อแมวหายาก พ.ศ. 2565")],
        ),
        (
            "กฎกระทรวงการว่ากล่าวแมวจร พ.ศ. 2560",
            [("regulation", "กฎกระทรวงการว่ากล่าวแมวจร พ.ศ. 2560")],
        ),
        (
            "ร่างกฎกระทรวงกำหนดให้กรงแมวต้องเป็นไปตามมาตรฐาน เพื่อ",
            [("draft", "ร่างกฎกระทรวงกำหนดให้กรงแมวต้องเป็นไปตามมาตรฐาน")],
        ),
        (
            "ประกาศคณะกรรมการว่าด้วยสัญญา เรื่อง ‘ให้ร้านแมวเป็นธุรกิจที่ควบคุม’ แล้ว",
            [("regulation", "ประกาศคณะกรรมการว่าด้วยสัญญา เรื่อง ให้ร้านแมวเป็นธุรกิจที่ควบคุม")],
        ),
        ("ประกาศคณะกรรมการกลางว่าด้วยราคาสินค้าและบริการ เพื่อกำหนดมาตรการ", []),
        (
            "ประกาศธนาคารแมว (ธมว.) ที่ 28/2562 เรื่อง การออมของแมวบ้าน",
            [("regulation", "ประกาศธนาคารแมว (ธมว.) ที่ 28/2562 เรื่อง การออมของแมวบ้าน")],
        ),
        (
            "ร่างข้อบังคับ กพท. ว่าด้วยแมวบนเครื่องบิน พ.ศ. ....",
            [("draft", "ร่างข้อบังคับกพท.ว่าด้วยแมวบนเครื่องบิน")],
        ),
        # a number alone, a year in brackets without a number, several articles
        (
            "ตามข้อกำหนด (ฉบับที่ 25) และข้อกำหนดฯ ฉบับที่ 27",
            [
                ("regulation", "ข้อกำหนด ฉบับที่ 25"),
                ("regulation", "ข้อกำหนด ฉบับที่ 27"),
            ],
        ),
        (
            "กฎกระทรวง (พ.ศ. 2535) ออกตามความในพระราชบัญญัติแมวจร พ.ศ. 2522",
            [("regulation", f"กฎกระทรวง พ.ศ. 2535 {UNDER}"), ("act", f"{ACT}แมวจร พ.ศ. 2522")],
        ),
        (
            "ร่างกฎกระทรวงออกตามความในมาตรา 9 ถึงมาตรา 9/6 แห่งพระราชบัญญัติแมวจร พ.ศ. 2522",
            [("draft", f"ร่างกฎกระทรวง {UNDER}"), ("act", f"{ACT}แมวจร พ.ศ. 2522")],
        ),
        # a law named by its subject, also misspelt; a month's year closes no name
        (
            "ตามกฎหมายว่าด้วยโรงงานและกฎหมายว่าด้วยการส่งเสริมการลงทุน",
            [
                ("act", f"{ACT}โรงงาน"),
                ("act", f"{ACT}ส่งเสริมการลงทุน"),
            ],
        ),
        ("กฏหมายคุ้มครองข้อมูลส่วนบุคคล", [("act", f"{ACT}คุ้มครองข้อมูลส่วนบุคคล")]),
        ("กฎหมายว่าด้วยแมวในต่างประเทศ และกฎหมายยา", []),
        ("พ.ร.บ.แมวจรเสร็จ คาดว่าเปิดเดือนตุลาคม 2567", [("act", f"{ACT}แมวจรเสร็จ")]),
        # a decree that lowers a tax
        (
            "พระราชกฤษฎีกาออกตามความในประมวลรัษฎากร ว่าด้วยการยกเว้นค่าแมว (ฉบับที่ 7) พ.ศ. 2560",
            [
                (
                    "decree",
                    "พระราชกฤษฎีกาออกตามความในประมวลรัษฎากรว่าด้วยการยกเว้นค่าแมว (ฉบับที่ 7) พ.ศ. 2560",
                )
            ],
        ),
        # an act that amends or repeals another
        (
            "พ.ร.บ.ยกเลิกพระราชบัญญัติแมวจร พ.ศ. 2530",
            [("act", f"{ACT}ยกเลิกพระราชบัญญัติแมวจร พ.ศ. 2530")],
        ),
        # the constitution
        (
            "รัฐธรรมนูญแห่งราชอาณาจักรไทย พุทธศักราช 2560",
            [("constitution", "รัฐธรรมนูญแห่งราชอาณาจักรไทย พ.ศ. 2560")],
        ),
        ("มาตรา 77 ของรัฐธรรมนูญ", [("constitution", "รัฐธรรมนูญแห่งราชอาณาจักรไทย")]),
        ("การแก้ไขรัฐธรรมนูญ ศาลรัฐธรรมนูญ องค์กรอิสระตามรัฐธรรมนูญ", []),
        # regulations
        (
            "ประกาศกระทรวงมหาดไทย เรื่อง การเลี้ยงแมว พ.ศ. 2566",
            [("regulation", "ประกาศกระทรวงมหาดไทย เรื่อง การเลี้ยงแมว พ.ศ. 2566")],
        ),
        (
            "ระเบียบสำนักนายกรัฐมนตรี ว่าด้วยการเลี้ยงแมว พ.ศ. 2566",
            [("regulation", "ระเบียบสำนักนายกรัฐมนตรีว่าด้วยการเลี้ยงแมว พ.ศ. 2566")],
        ),
        (
            "ประกาศกระทรวงสาธารณสุขที่ 38 พ.ศ. 2561",
            [("regulation", "ประกาศกระทรวงสาธารณสุขที่ 38 พ.ศ. 2561")],
        ),
        ("กฎกระทรวง ฉบับที่ 6 (พ.ศ. 2522)", [("regulation", "กฎกระทรวง ฉบับที่ 6 พ.ศ. 2522")]),
        ("คำสั่งหัวหน้า คสช. ที่ 22/2558", [("regulation", "คำสั่งหัวหน้า คสช. ที่ 22/2558")]),
        # the act that a regulation is issued under is named, too
        (
            "กฎกระทรวง ฉบับที่ 6 (พ.ศ. 2522) ออกตามความใน พ.ร.บ.แมวจร พ.ศ. 2522 ซึ่ง",
            [
                ("regulation", f"กฎกระทรวง ฉบับที่ 6 พ.ศ. 2522 ออกตามความใน{ACT}แมวจร พ.ศ. 2522"),
                ("act", f"{ACT}แมวจร พ.ศ. 2522"),
            ],
        ),
        (
            "ร่างกฎกระทรวง ฉบับที่ .. (พ.ศ. ....) ออกตามความในพระราชบัญญัติแมวจร พ.ศ. 2522",
            [
                ("draft", f"ร่างกฎกระทรวง ออกตามความใน{ACT}แมวจร พ.ศ. 2522"),
                ("act", f"{ACT}แมวจร พ.ศ. 2522"),
            ],
        ),
        (
            f"ประกาศกรมแมว ฉบับที่ 9 (พ.ศ. 2566) {UNDER} เรื่อง ที่นอนแมวที่อยู่ในเมือง ลงวันที่",
            [
                (
                    "regulation",
                    f"ประกาศกรมแมว ฉบับที่ 9 (พ.ศ. 2566) {UNDER} เรื่อง ที่นอนแมวที่อยู่ในเมือง",
                ),
                ("act", f"{ACT}แมวจร พ.ศ. 2522"),
            ],
        ),
        (
            "กฎกระทรวง ฉบับที่ 12 (พ.ศ. 2549) ออกตามความในประมวลรัษฎากรว่าด้วยการยกเว้นรัษฎากร",
            [
                (
                    "regulation",
                    "กฎกระทรวง ฉบับที่ 12 พ.ศ. 2549 ออกตามความในประมวลรัษฎากรว่าด้วยการยกเว้นรัษฎากร",
                ),
                ("act", "ประมวลรัษฎากร"),
            ],
        ),
        (
            "ข้อกำหนดออกตามความในมาตรา 9 แห่งพระราชกำหนดแมวจร พ.ศ. 2548 (ฉบับที่ 27)",
            [
                (
                    "regulation",
                    f"ข้อกำหนด ออกตามความใน{DECREE}แมวจร พ.ศ. 2548 (ฉบับที่ 27)",
                ),
                ("decree", f"{DECREE}แมวจร พ.ศ. 2548"),
            ],
        ),
        ("กฎกระทรวงบ้านแมวจร พ.ศ. 2557", [("regulation", "กฎกระทรวงบ้านแมวจร พ.ศ. 2557")]),
        (
            "กฎกระทรวงกำหนดหลักเกณฑ์ วิธีการ และเงื่อนไขการเลี้ยงแมว ของกรม",
            [("regulation", "กฎกระทรวงกำหนดหลักเกณฑ์ วิธีการ และเงื่อนไขการเลี้ยงแมว")],
        ),
        (
            "ร่างประกาศกรมแมว เรื่อง การให้แมวอยู่ในบ้านเป็นการเฉพาะ เพื่อ",
            [("draft", "ร่างประกาศกรมแมว เรื่อง การให้แมวอยู่ในบ้านเป็นการเฉพาะ")],
        ),
        # the abbreviation behind the word, a line end before the year, ฯ before the year
        ("พระราชบัญญัติ (พ.ร.บ.) แมวจร พ.ศ. 2535", [("act", f"{ACT}แมวจร พ.ศ. 2535")]),
        ("พระราชบัญญัติแมวจร\nพ.ศ. 2535", [("act", f"{ACT}แมวจร พ.ศ. 2535")]),
        ("พ.ร.บ.โรงงานฯ พ.ศ. 2535", [("act", f"{ACT}โรงงาน พ.ศ. 2535")]),
        # codes, and short names that others begin with
        ("ตามประมวลกฎหมายที่ดินสำหรับกรณี", [("act", "ประมวลกฎหมายที่ดิน")]),
        ("พ.ร.บ.ยากำหนดไว้ พ.ร.บ.ยาเส้นแมว ที่", [("act", f"{ACT}ยา"), ("act", f"{ACT}ยาเส้นแมว")]),
        # in English
        (
            "as required by the Cat Bank of Thailand Act B.E. 2536 (1993)",
            [("act", "cat bank of thailand act b.e. 2536")],
        ),
        (
            "approved the draft Ministerial Regulation on Cat Beds (No. 2), B.E. …, as proposed",
            [("draft", "draft ministerial regulation on cat beds (no. 2)")],
        ),
        (
            "Section 158 of the Constitution of the Kingdom of Thailand",
            [("constitution", "constitution of the kingdom of thailand")],
        ),
        ("The government must act on B.E. 2567 plans under the Cat Act", []),
        # no names
        ("ร่างพระราชบัญญัติใช้บังคับแล้ว พระราชกฤษฎีกาภายใต้กฎหมาย พระราชบัญญัติปัจจุบัน", []),
        ("พ.ร.บ.นี้ พ.ร.บ. ดังกล่าว พ.ร.บ.ฯ พ.ร.บ.ฉบับใหม่ พระราชบัญญัติที่เกี่ยวข้อง", []),
        ("ระเบียบที่เกี่ยวข้อง กฎกระทรวงสาธารณสุข กฎกระทรวงกำหนด", []),
        ("กระทรวงประกาศผลสอบ ประกาศกรมในวันที่ 12 มีนาคม คำสั่งกรมน้ำ ที่ 5/2560", []),
        ("กลุ่มสมุนไพรบ้านเหนือ", []),
    ],
)
def test_laws(text: str, expected: list[tuple[str, str]]) -> None:
    assert laws(text) == expected


def test_every_known_act_ends_where_its_name_ends() -> None:
    for row in read_table("laws.csv"):
        word, kind = WORDS[row["kind"]], "decree" if row["kind"] == "decree" else "act"
        for name in (row["name"], *filter(None, row["also"].split("|"))):
            assert laws(f"ตาม{word}{name}มาตรา 5") == [(kind, word + row["name"])]


def test_a_draft_that_repeals_a_law_ends_with_its_own_dots() -> None:
    text = fold("ร่าง พ.ร.บ.ยกเลิกพระราชบัญญัติแมวจร พ.ศ. 2530 พ.ศ. .... เสนอ")
    assert [text[law.start : law.end] for law in find_laws(text)] == [text.removesuffix(" เสนอ")]


def test_names_cut_short_are_completed() -> None:
    whole = f"{ACT}การเลี้ยงแมวระหว่างบ้านและวัด พ.ศ. 2562"
    short, dated = f"{ACT}การเลี้ยงแมว", f"{ACT}การเลี้ยงแมว พ.ศ. 2562"
    assert complete_names([dated, whole])[dated] == whole
    assert complete_names([short, whole])[short] == short
    assert complete_names([short, whole], [short])[short] == whole


def test_names_without_a_year_are_completed() -> None:
    full, other = "ก พ.ศ. 2535", "ข พ.ศ. 2540"
    assert complete_names(["ก", full]) == {"ก": full, full: full}
    assert complete_names(["ข", other, "ข พ.ศ. 2541"])["ข"] == "ข"


@given(st.one_of(st.text(max_size=60), st.text("พ.รบกศ 2535()ฯ“”ก\nร่างมาตราฉบับที่", max_size=60)))
def test_laws_of_any_text_are_consistent(text: str) -> None:
    text = fold(text)
    found = find_laws(text)
    for a, b in itertools.pairwise(found):
        assert a.end <= b.start or (b.end <= a.end and a.kind in {"regulation", "draft"})
    for law in found:
        assert 0 <= law.start < law.end <= len(text)
        assert law.name.strip() == law.name
