"""Tests for finding persons: every shape of name, title and post, with invented people."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.model import TextField
from scraper.thai.people import Person, find_people, split_posts
from scraper.thai.text import clean, fold
from tests.hostile import UNITS, assert_linear, cpu_time, repeated

if TYPE_CHECKING:
    from collections.abc import Iterable


def people(body: str, title: str = "") -> list[Person]:
    """Return the persons of an article."""
    written = {TextField.TITLE: clean(title), TextField.BODY: clean(body)}
    return find_people({field: fold(text) for field, text in written.items()}, written)


def names(body: str, title: str = "") -> list[str]:
    """Return the full names of an article, each once, in reading order."""
    return list(dict.fromkeys(person.name for person in people(body, title) if person.full))


def posts(body: str) -> dict[str, list[str]]:
    """Return the posts beside each name, in reading order."""
    found: dict[str, list[str]] = {}
    for person in people(body):
        own = found.setdefault(person.name, [])
        if person.post:
            own.append(clean(body)[person.post.start : person.post.end])
    return found


def texts(found: Iterable[Person], body: str) -> list[tuple[str, str, bool]]:
    """Return what is written, whom it means and whether in full."""
    return [(clean(body)[p.start : p.end], p.name, p.full) for p in found]


@pytest.mark.parametrize(
    "title",
    [
        "นาย", "นาง", "นางสาว", "น.ส.", "น.ส. ", "นางาสาว", "นาสาว", "ด.ช.", "ดร.", "ดร. ", "ศ.ดร.",
        "ผศ.ดร.", "รศ. ดร. ", "ศ.ดร.นพ.", "ผู้ช่วยศาสตราจารย์ ดร.", "ศาสตราจารย์พิเศษ ", "นพ.",
        "พญ.", "นายแพทย์", "แพทย์หญิง", "ภก.", "ทพ.", "พล.อ.", "พล.อ. ", "พล. อ. ", "พลเอก ",
        "พล.ต.ท. ", "พล.ต.ต.หญิง ", "พ.ต.อ.", "พันตำรวจเอก ",
        "ว่าที่ร้อยตรี ", "ว่าที่ ร.ต.", "ม.ล.", "ม.ร.ว.",
        "หม่อมหลวง", "คุณหญิง", "ท่านผู้หญิง", "ดาโต๊ะ ศรี ", "ฯพณฯ ", "ฯพณฯ นาย", "พลเรือเอก ",
        "นายกองเอก ", "พันโท ดร.",
    ],
)  # fmt: skip
@pytest.mark.parametrize("before", ["", "พร้อมด้วย", "โดยมี", "และ", "(", "“"])
def test_titles(before: str, title: str) -> None:
    body = f"{before}{title}สมใจ ใจดี กล่าวว่า"
    (person,) = people(body)
    assert (person.name, person.full) == ("สมใจ ใจดี", True)
    assert person.title is not None
    assert body[person.title.start : person.title.end] == title.strip()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # a verb glued to the surname or to the first name
        ("นางมาลี ใจดีเป็นประธานเปิดงาน", ["มาลี ใจดี"]),
        ("นางมาลี ใจดีกล่าวว่า", ["มาลี ใจดี"]),
        ("นายสมใจ ใจดีพร้อมด้วยคณะ", ["สมใจ ใจดี"]),
        ("นายสมใจ ใจดีอธิบดีกรมทดลอง", ["สมใจ ใจดี"]),
        ("นายสมใจกล่าวว่า ดี", []),
        # another mention decides where an unlisted surname ends
        ("นายสมใจ ภูพานคำไทรไพรี นำทีม ต่อมานายสมใจ ภูพานคำไทรไพรีลุยงาน", ["สมใจ ภูพานคำไทรไพรี"]),
        # the space is missing or misplaced
        ("นายสมใจใจดี เปิดเผยว่า", ["สมใจ ใจดี"]),
        ("นางมาลี ใจดี มาถึง แล้วนางมา ลีใจดี กลับ", ["มาลี ใจดี"]),
        ("นาย สมใจ ใจดี กล่าว", ["สมใจ ใจดี"]),
        ("นายนายสมใจ ใจดี กล่าว", ["สมใจ ใจดี"]),
        # a letter of the surname is changed
        ("นายสมใจ ใจดี มาถึง นายสมใจ ใจดี กล่าว และนายสมใจ ใจตี กลับ", ["สมใจ ใจดี"]),
        # two persons whose surnames are not alike
        ("นายสมใจ ใจดี และนายสมใจ มั่นคง", ["สมใจ ใจดี", "สมใจ มั่นคง"]),
        # surnames that begin like a verb or a post, or have a word of sentences: a post follows
        ("นายสมใจ นำคำไพรดี ปลัดอำเภอลอง กล่าว", ["สมใจ นำคำไพรดี"]),
        ("นายสมใจ รองคำไพร นายกสมาคมลอง", ["สมใจ รองคำไพร"]),
        ("พล.ต.ต.สมใจ ซื่อต่อคำไพรดี ผบก.ลอง นำทีม", ["สมใจ ซื่อต่อคำไพรดี"]),
        ("นายสมใจ นำผู้คน กลับบ้าน", []),
        ("นายสมใจ ใจดี มาถึง แล้วนายสมใจ นำคำไพรดี ปลัดอำเภอลอง ไป", ["สมใจ ใจดี"]),
        ("นายสมใจคำไพรดี ปลัดอำเภอลอง กล่าว", ["สมใจ คำไพรดี"]),
        ("นายสมใจตรวจเยี่ยม ผู้ว่าราชการจังหวัดลอง", []),
        ("นายสมใจ ใจ ดี ปลัดอำเภอลอง", ["สมใจ ใจดี"]),
        ("นายสมใจ เทสตานันท์มหาวิทยาลัยลองทดสอบ", ["สมใจ เทสตานันท์"]),
        ("นายสมใจ คำไพรรองผู้ว่าราชการจังหวัดตราด", ["สมใจ คำไพร"]),
        ("ดร.เจ้าสมใจ ณ ลำพูน กล่าว", ["เจ้าสมใจ ณ ลำพูน"]),
        # surnames of several words
        ("คุณสมใจ ดิศกุล ณ อยุธยา กล่าว", ["สมใจ ดิศกุล ณ อยุธยา"]),
        ("นายสมใจ ณ เชียงใหม่ กล่าว", ["สมใจ ณ เชียงใหม่"]),
        ("นายสมใจ ชุมสาย ณ อยุธยา กล่าว", ["สมใจ ชุมสาย ณ อยุธยา"]),
        ("นายสมใจ ใจดี ณ ห้องประชุม", ["สมใจ ใจดี"]),
        ("นายสมใจ ณ ห้องประชุม", []),
        ("นายเยนส์ ฟันเดอร์ ฮึลสท์ เยี่ยมชม", ["เยนส์ ฟันเดอร์ ฮึลสท์"]),
        ("นายซาเลม อัล ทดสอบี เยี่ยมชม", ["ซาเลม อัล ทดสอบี"]),
        ("นายทดโซ คิม ยี ประธานบริษัท", ["ทดโซ คิม ยี"]),
        ("นายจอห์น เอฟ. ทดสอบสัน กล่าว", ["จอห์น เอฟ. ทดสอบสัน"]),
        ("นายมุน ซึง-ฮย็อน กล่าว", ["มุน ซึง-ฮย็อน"]),
        ("นางทดสอ เลี้ยง ผิง แคที (H.E. Ms. Testso Liang)", ["ทดสอ เลี้ยง ผิง แคที"]),
        ("นายทดโซ ลองกี นิตยสารลองเล่ม กล่าว", ["ทดโซ ลองกี"]),
        # no persons
        ("นายกรัฐมนตรี กล่าวว่า นายกฯ มอบหมาย และนายกเทศมนตรี ชี้แจง", []),
        ("นายจ้าง ลูกจ้าง และนายหน้า ค้าที่ดิน นายทะเบียน จังหวัด", []),
        ("นายอำเภอ เมือง นายแพทย์สาธารณสุขจังหวัด ระยอง", []),
        ("ทนายความ อาสา ขุนนาง ใหญ่ มิถุนายน ปีหน้า", []),
        ("คุณภาพ ชีวิต คุณธรรม จริยธรรม ขอบคุณ ทุกท่าน ทรงคุณวุฒิ ด้านกฎหมาย", []),
        ("ต่อไปว่าที่ประชุม เห็นชอบ พ.ศ. สองพัน", []),
        ("มิถุนายนที่ผ่านมา เห็นชอบ เกียรติคุณยกย่อง มั่นคง ผู้หญิงเรา สามารถ คุณความดี มั่นคง", []),
        ("พล.อ.สมใจ กล้าตัดสินใจเปิดประเทศ และพล.อ.สมใจ ดำเนินนโยบายและโครงการ", []),
        ("นายสมใจ เพิ่งเปิดเผย นายสมใจ ใจดี", ["สมใจ ใจดี"]),
        ("สมเด็จพระนางเจ้า ฯ พระบรมราชินี", []),
        ("ราคาสับปะรดนางแล จังหวัดเชียงราย", []),
        # places, firms and prizes named after persons
        ("ที่มูลนิธินายสมใจ ใจดี และถนนพลเอก สมใจ ใจดี", []),
        # the surname is withheld
        ("จับกุมนายสมใจ (สงวนนามสกุล) อายุ 30 ปี และนายมานะ ขอสงวนนามสกุล", []),
        # a nickname
        ("หมอสมใจ ลงพื้นที่", []),
        # weak titles need a listed name
        ("ผู้โชคดี ได้แก่ คุณสมใจ ใจดี", ["สมใจ ใจดี"]),
        # without a title: behind a post, in a list, in credits
        ("รัฐมนตรีสมใจ ใจดี กล่าว", ["สมใจ ใจดี"]),
        ("ผู้ชนะ ได้แก่\n1. สมใจ ใจดี\n2. มาลี มั่นคง", ["สมใจ ใจดี", "มาลี มั่นคง"]),
        ("จบข่าว\nเผยแพร่ : สมใจ ภูพานคำไพร", ["สมใจ ภูพานคำไพร"]),
        ("จบข่าว\nสมใจ ภูพานคำไพร, มาลี ใจดี: สรุป/รายงาน", ["สมใจ ภูพานคำไพร", "มาลี ใจดี"]),
        ("สมใจ ใจดี ปลัดกระทรวงลอง กล่าว", ["สมใจ ใจดี"]),
        ("ชนะ ได้แก่\nสมชาย คำไพร 08-1234-5678", ["สมชาย คำไพร"]),
        ("กล่าวว่า ท่านสมใจ ใจดี มีความเห็น", ["สมใจ ใจดี"]),
        ("รวมทั้ง อาจารย์ สมใจ คำไพร อาจารย์ประจำคณะลอง", ["สมใจ คำไพร"]),
        ("ภาพของ “อาจารย์สมใจ โปษยทส” ซึ่ง", ["สมใจ โปษยทส"]),
        ("ครูสมใจ ปลูกผัก โค้ชลอง สมใจ โปษยทส กขค", []),
        ("เขาเห็นสมใจ ใจดี อยู่", []),
        ("จบข่าว\nPhoto Credit สมใจ คำไพร, มาลี ใจดี", ["สมใจ คำไพร", "มาลี ใจดี"]),
        ("จบข่าว\nสมใจ คำไพร ภาพ", ["สมใจ คำไพร"]),
        ("จบข่าว\nสมใจ คำไพร – ข่าว/", ["สมใจ คำไพร"]),
        # monks and royalty
        ("หลวงพ่อทดลอง จิตฺตสํวโร เจ้าอาวาส", ["ทดลอง จิตฺตสํวโร"]),
        (
            "เสด็จแทนสมเด็จพระนางเจ้าสิริกิติ์ พระบรมราชินีนาถ พระบรมราชชนนีพันปีหลวง ณ วัด",
            ["สมเด็จพระนางเจ้าสิริกิติ์ พระบรมราชินีนาถ พระบรมราชชนนีพันปีหลวง"],
        ),
        ("สถาบันเทคโนโลยีพระจอมเกล้า", []),
        # in Latin letters
        ("H.E. Mr. Jon Testson (นายจอน เทสต์สัน) เอกอัครราชทูต", ["Jon Testson"]),
        ("นายจอน เทสต์สัน (Mr. Jon Testson) เอกอัครราชทูต", ["จอน เทสต์สัน"]),
        ("Mr.Jon Testson and Dr. Ann van der Probe visited.", ["Jon Testson", "Ann van der Probe"]),
        ("นาย Jon Testson กล่าว", ["Jon Testson"]),
        ("Prime Minister Somjai Jaidee's speech", ["Somjai Jaidee"]),
        ("Prime Minister Office Meeting. Government Spokesperson said.", []),
        ("The Minister met Mr. Somjai.", []),
        ("at the King Abdul Test International Center", []),
        ("Chief Gender Equality Officer-CGEO", []),
    ],
)  # fmt: skip
def test_names(body: str, expected: list[str]) -> None:
    assert names(body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("นายสมใจ ใจดี ปลัดกระทรวงทดลอง กล่าวว่า", ["ปลัดกระทรวงทดลอง"]),
        ("นายสมใจ ใจดี อธิบดีกรมทดลอง กระทรวงลอง เปิดเผยว่า", ["อธิบดีกรมทดลอง กระทรวงลอง"]),
        ("นายสมใจ ใจดี ปลัดกระทรวงทดลองเป็นประธาน", ["ปลัดกระทรวงทดลอง"]),
        ("ปลัดกระทรวงทดลอง นายสมใจ ใจดี กล่าว", ["ปลัดกระทรวงทดลอง"]),
        ("ผู้จัดการธนาคารลอง (นายสมใจ ใจดี) และคณะ", ["ผู้จัดการธนาคารลอง"]),
        (
            "นายสมใจ ใจดี รองนายกรัฐมนตรี และรัฐมนตรีว่าการกระทรวงทดลอง เปิดเผย",
            ["รองนายกรัฐมนตรี และรัฐมนตรีว่าการกระทรวงทดลอง"],
        ),
        (
            "นายสมใจ ใจดี รองปลัดกระทรวงทดลอง ในฐานะโฆษกกระทรวงทดลอง กล่าว",
            ["รองปลัดกระทรวงทดลอง ในฐานะโฆษกกระทรวงทดลอง"],
        ),
        (
            "นายสมใจ ใจดี รองปลัดกระทรวงลอง รักษาราชการแทน อธิบดีกรมทดลอง กล่าว",
            ["รองปลัดกระทรวงลอง รักษาราชการแทน อธิบดีกรมทดลอง"],
        ),
        ("นายสมใจ ใจดี ปลัดกระทรวงลอง และผู้แทนกรมทดลอง", ["ปลัดกระทรวงลอง"]),
        ("นายสมใจ ใจดี ปลัดกระทรวงลอง และคณะ", ["ปลัดกระทรวงลอง"]),
        ("นายสมใจ ใจดี ผู้อำนวยการเขต 9 กล่าว", ["ผู้อำนวยการเขต 9"]),
        (
            "นายสมใจ ใจดี ประธาน บริษัท ลอง ทดสอบ จำกัด (มหาชน) กล่าว",
            ["ประธาน บริษัท ลอง ทดสอบ จำกัด (มหาชน)"],
        ),
        (
            "นายสมใจ ใจดี ผู้บริหารบริษัท ลอง ทดสอบ จำกัด กล่าว",
            ["ผู้บริหารบริษัท ลอง ทดสอบ จำกัด"],
        ),
        ("นายสมใจ ใจดี ประธานบริษัท ลองกี้ เทสกี้ และคณะ", ["ประธานบริษัท ลองกี้ เทสกี้"]),
        ("นายสมใจ ใจดี รองประธานบริษัท พร้อมด้วยคณะ", ["รองประธานบริษัท"]),
        ("นายสมใจ ใจดี กรรมการผู้จัดการ TEST Bank และคณะ", ["กรรมการผู้จัดการ TEST Bank"]),
        (
            "นายสมใจ ใจดี ปลัดกระทรวงลอง และประธานกรรมการ TEST Bank กล่าว",
            ["ปลัดกระทรวงลอง และประธานกรรมการ TEST Bank"],
        ),
        ("นายสมใจ ใจดี ปลัดกระทรวงลอง Kick off งาน", ["ปลัดกระทรวงลอง"]),
        ("นายสมใจ ใจดี ผู้แทนองค์การลอง (TEST) ประจำไทย กล่าว", ["ผู้แทนองค์การลอง (TEST) ประจำไทย"]),
        ("นายสมใจ ใจดี อธิบดี (นักบริหารสูง) กรมลอง ไป", ["อธิบดี (นักบริหารสูง) กรมลอง"]),
        ("นายสมใจ ใจดี ปลัดกระทรวงลอง (ปกล.) กรมทดสอบ", ["ปลัดกระทรวงลอง"]),
        (
            "ตำแหน่ง เลขานุการรัฐมนตรีว่าการกระทรวงลอง (นายสมใจ ใจดี)",
            ["รัฐมนตรีว่าการกระทรวงลอง"],
        ),
        ("เลขานุการรัฐมนตรีว่าการกระทรวงลอง นายสมใจ ใจดี", ["เลขานุการรัฐมนตรีว่าการกระทรวงลอง"]),
        ("ผู้ใหญ่บ้านนายสมใจ ใจดี กล่าว", ["ผู้ใหญ่บ้าน"]),
        ("ผู้จัดการกองทุน นายสมใจ ใจดี กล่าว", ["ผู้จัดการกองทุน"]),
        ("นายสมใจ ใจดี (ใจ) อดีตปลัดกระทรวงทดลอง", ["อดีตปลัดกระทรวงทดลอง"]),
        ("นายสมใจ ใจดี กล่าวถึงปลัดกระทรวงทดลอง", []),
        ("นายสมใจ ใจดี อุตสาหกรรมจังหวัดสระบุรี กล่าว", ["อุตสาหกรรมจังหวัดสระบุรี"]),
        ("นายสมใจ ใจดี นายอำเภอลองทดลอง พร้อมด้วย", ["นายอำเภอลองทดลอง"]),
        # a minister, then another minister's post without a name
        (
            "นายสมใจ ใจดี รัฐมนตรีว่าการกระทรวงลอง มอบหมายให้รัฐมนตรีช่วยว่าการกระทรวงลอง",
            ["รัฐมนตรีว่าการกระทรวงลอง"],
        ),
        ("BOI Secretary-General Jon Testson said", ["BOI Secretary-General"]),
        ("Mr. Jon Testson, Ambassador of Testland, said", ["Ambassador of Testland"]),
        (
            "met Prime Minister and Test Minister Gen. Jon Testson",
            ["Prime Minister and Test Minister"],
        ),
    ],
)  # fmt: skip
def test_posts(body: str, expected: list[str]) -> None:
    ((_, found),) = posts(body).items()
    assert found == expected


def test_a_count_of_men_is_not_a_person() -> None:
    assert names("มีตำรวจ 30 นาย โดยเน้นความพร้อม ของคน") == []
    assert names("1. นายสมใจ ใจดี กล่าวว่า") == ["สมใจ ใจดี"]


def test_the_cabinet_is_not_a_post() -> None:
    assert posts("คณะรัฐมนตรีมีมติแต่งตั้ง นายสมใจ ใจดี") == {"สมใจ ใจดี": []}


def test_a_verb_after_a_first_name_is_not_a_surname() -> None:
    assert names("นายสมใจ อธิบายว่า ฝนดี") == []


def test_posts_of_persons_in_a_row() -> None:
    body = "พร้อมด้วย นายสมใจ ใจดี นายมานะ มั่นคง และนางมาลี มีสุข รองปลัดกระทรวงทดลอง เข้าร่วม"
    shared = ["รองปลัดกระทรวงทดลอง"]
    assert posts(body) == {"สมใจ ใจดี": shared, "มานะ มั่นคง": shared, "มาลี มีสุข": shared}


def test_each_person_of_a_row_has_the_own_post() -> None:
    body = "นายสมใจ ใจดี ปลัดกระทรวงลอง นายมานะ มั่นคง รองปลัดกระทรวงลองนางมาลี มีสุข กล่าว"
    assert posts(body) == {
        "สมใจ ใจดี": ["ปลัดกระทรวงลอง"],
        "มานะ มั่นคง": ["รองปลัดกระทรวงลอง"],
        "มาลี มีสุข": [],
    }


@pytest.mark.parametrize(
    ("written", "post"),
    [
        ("นายสมใจกล่าวว่า", None),
        ("นายสมใจ กล่าวว่า", None),
        ("นายสมใจฯ กล่าวว่า", None),
        ("รองปลัดฯสมใจ ร่วมงาน", "รองปลัดฯ"),
        ("รองปลัดฯ สมใจ ร่วมงาน", "รองปลัดฯ"),
        ("ผู้ตรวจฯ สมใจ ร่วมงาน", "ผู้ตรวจฯ"),
        ("เลขาฯ สมใจ ร่วมงาน", "เลขาฯ"),
        ("รมว.สมใจ ร่วมงาน", "รมว."),
        ("ท่านสมใจ ร่วมงาน", None),
        ("หมอสมใจ ร่วมงาน", None),
        ("“สมใจ” ลุยงาน", None),
    ],
)
def test_first_names_are_resolved_in_the_article(written: str, post: str | None) -> None:
    body = f"นายสมใจ ใจดี กล่าวว่า ดี\n{written}"
    full, first = people(body)
    assert texts([full, first], body) == [
        ("สมใจ ใจดี", "สมใจ ใจดี", True),
        ("สมใจ", "สมใจ ใจดี", False),
    ]
    assert (body[first.post.start : first.post.end] if first.post else None) == post


def test_first_names_are_resolved_in_headlines() -> None:
    found = people("นายสมใจ ใจดี กล่าวว่า ดี", title="สมใจ ลุยงาน")
    assert [(person.field, person.full) for person in found] == [
        (TextField.TITLE, False),
        (TextField.BODY, True),
    ]


@pytest.mark.parametrize(
    "body",
    [
        "นายสมใจ ใจดี และนายสมใจ มั่นคง มาถึง\nนายสมใจ กล่าว",  # which of them?
        "นายมานะ ใจดี มาถึง\nนายสมใจ กล่าว",  # nobody
    ],
)
def test_a_first_name_of_no_or_several_persons_is_ignored(body: str) -> None:
    assert all(person.full for person in people(body))


def test_full_names_are_found_again_without_title() -> None:
    body = "นายสมใจ ใจดี มาถึง\nในเรื่องนี้ สมใจ ใจดี กล่าวว่า"
    assert texts(people(body), body) == [("สมใจ ใจดี", "สมใจ ใจดี", True)] * 2


@pytest.mark.parametrize(
    ("passage", "expected"),
    [
        ("ปลัดกระทรวงลอง", ["ปลัดกระทรวงลอง"]),
        ("รองปลัดกระทรวงลอง ในฐานะโฆษกกระทรวงลอง", ["รองปลัดกระทรวงลอง", "โฆษกกระทรวงลอง"]),
        ("อธิบดีกรมลองและทดสอบ", ["อธิบดีกรมลองและทดสอบ"]),
        ("ประธานรัฐสภาและอดีตนายกรัฐมนตรี", ["ประธานรัฐสภา", "อดีตนายกรัฐมนตรี"]),
        ("ที่ปรึกษา รมว.ลอง", ["ที่ปรึกษา รมว.ลอง"]),
        (
            "รองปลัดกระทรวงลอง รักษาราชการแทน อธิบดีกรมลอง",
            ["รองปลัดกระทรวงลอง", "รักษาราชการแทน อธิบดีกรมลอง"],
        ),
    ],
)
def test_split_posts(passage: str, expected: list[str]) -> None:
    assert split_posts(passage) == expected


PIECES = st.sampled_from(
    [
        "นาย", "นางสาว", "ดร.", "พล.ต.อ. ", "คุณ", "สมใจ", "ใจดี", "มาลี", " ", " ", "\n", "ฯ",
        "“", "”", "(", ")", "และ", "ปลัด",
        "รองปลัดฯ ", "กระทรวง", "กล่าว", "ณ ", "ณ อยุธยา", "พร้อมด้วย", "เขต 9",
        "บริษัท ", "จำกัด", "Mr. ", "Jon ", "Testson", ", President of ", "พฺรหฺมํ", "สมเด็จพระ",
        "พัชรกิติยาภา", "İ", "ํา", ":", "สรุป/", "1. ",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).map("".join) | st.text())
def test_properties(text: str) -> None:
    body = clean(text)
    found = people(body)
    assert found == people(clean(body))
    for person in found:
        assert 0 <= person.start < person.end <= len(fold(body))
        assert person.name
    for person, following in pairwise(found):
        assert person.end <= following.start


OWN_UNITS = (
    "นาย", "นายสมใจ ใจดี ", "นายสมใจ ",
    "นายสมใจ ใจดี ปลัด", "นายสมใจ ใจดี นายสมใจ ใจตี ", "ปลัด", "ปลัด ",
    "ปลัด และ", "สมใจ ", "สมใจ ใจดี ", "สมใจใจดี", "ดร.",
    "ว่าที่ ", "คุณ", "รมว.สมใจ ", "“สมใจ", "ณ ",
    "นายสมใจ ณ ", "บริษัท ", "Mr. ", "Mr. A B, ",
    "Mr. Jon Testson, President of the ", "President ", "A-", "King of the ",
    "ฺ", "ก ฺ", "สมเด็จพระ", "สมเด็จพระพัชรกิติยาภา ",
    "นายสมใจ (", "นายก/", "-", "\nสมใจ ใจดี: สรุป/",
    "นายสมใจ นำคำไพร ปลัด", "นายสมใจคำไพรดี ปลัด", "ประธาน TEST ", "นายสมใจ ใจดี ประธาน 1 ",
    "นายทดโซ ลองกี ", "อธิบดี (นัก) ",
)  # fmt: skip


@pytest.mark.parametrize("begin", ["", "นายสมใจ ใจดี ปลัด"])
def test_time_is_linear(begin: str) -> None:
    people("นายสมใจ ใจดี Mr. Jon Testson")  # loads the tables
    for unit in (*UNITS, *OWN_UNITS):
        assert_linear(people, repeated(unit, begin), 6_000)


@pytest.mark.parametrize("unit", OWN_UNITS)
def test_the_longest_page_is_quick(unit: str) -> None:
    text = unit * (240_000 // len(unit))
    assert cpu_time(people, text) < 6


def test_two_hundred_thousand_first_names_are_quick() -> None:
    body = "".join(
        f"นายสม{chr(0xE01 + n % 40)}{chr(0xE01 + n // 40 % 40)} ใจดี " for n in range(14_000)
    )
    assert cpu_time(people, body) < 6
