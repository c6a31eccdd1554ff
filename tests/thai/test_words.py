"""Tests for segmentation: words, agreement of the backends, time."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from concurrent.futures import ThreadPoolExecutor
from importlib import metadata
from importlib.util import find_spec
from itertools import islice
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.reference import read_table
from scraper.thai import words
from scraper.thai.text import clean
from scraper.thai.words import COMPARED_VERSIONS, LONGEST_RUN, load_segmenter, segment
from tests.hostile import cpu_time

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.thai.words import Backend

SENTENCES = """\
กรมส่งเสริมโรงงานตัวอย่างเชิญผู้ประกอบการ ๑๒๐ ราย ร่วมอบรม (รุ่นที่ 2) ณ จังหวัดระยอง
ครม.เห็นชอบงบ 1,234.50 ล้านบาท ตั้งแต่ ม.ค.-มี.ค 68 ให้เหมืองแร่และโรงงานน้ำตาล!
นายสมศรี เวียร์ชัย และนางเหลียงฮวก สุวรรณ์ พบผู้แทนตุรเคียที่ควอเทียร์อาร์ต
เปลี่ยนเครื่องจักรเก่าเป็นเครื่องใหม่ เขียนแผน 5 ปี เรียนรู้งานจริงในพันธุ์พืชเกรียนๆ
ข้าวสารเหนียวตากลมตากแดดจนกรอบ ส่วนมะม่วงกวนคนละกระปุก ราคาปุกละ 25 บาท ฯลฯ
ํก็์า้เ แ่กกก ๆๆ ฯ ฤๅษี ฦ ์์ ะะ อึ หึ ก็""".splitlines()

THAI = st.text(alphabet=st.characters(min_codepoint=0x0E01, max_codepoint=0x0E4E), max_size=40)


def both(text: str) -> tuple[list[str], list[str]]:
    """Return the words of a text by each backend."""
    newmm, nlpo3 = (list(load_segmenter(name).words(text)) for name in ("newmm", "nlpo3"))
    return newmm, nlpo3


needs_nlpo3 = pytest.mark.skipif(
    find_spec("nlpo3") is None, reason="nlpo3 is not installed: see `thaigov doctor`"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n…—“”()[]{}-_/*", []),
        ("โรงงานน้ำตาล", ["โรงงาน", "น้ำตาล"]),
        ("(โรงงาน)น้ำตาล", ["โรงงาน", "น้ำตาล"]),
        # numbers
        ("จ่าย 1,234.50 บาท", ["จ่าย", "1,234.50", "บาท"]),
        ("ปี ๒๕๖๘/๑", ["ปี", "2568", "1"]),
        ("10-20 คน", ["10", "20", "คน"]),
        ("09.30น.", ["09.30", "น"]),
        # other scripts, and what must stay whole
        ("COVID-19 5G R&D PM2.5", ["COVID-19", "5G", "R&D", "PM2.5"]),
        ("โทร.02-123", ["โทร", "02", "123"]),
        ("ส่งมาที่ news@diw.example.go.th", ["ส่ง", "มา", "ที่", "news@diw.example.go.th"]),
        ("ดูhttps://a.go.th/ก?b=1,", ["ดู", "https://a.go.th/", "ก", "b", "1"]),
        ("(www.a.go.th/x_1).", ["www.a.go.th/x_1"]),
        ("官報 Ünïon", ["官報", "Ünïon"]),
        # abbreviations: one word, without its dots
        ("ก.พ.ร.", ["กพร"]),
        ("กพร. กับ กพร", ["กพร", "กับ", "กพร"]),
        ("รมว.อก.", ["รมว", "อก"]),
        ("16 มี.ค 66", ["16", "มีค", "66"]),
        ("ต.ค.นี้", ["ตค", "นี้"]),
        ("โดยกสอ.", ["โดย", "กสอ"]),
        ("ศ.ดร.เมือง อ.เมือง", ["ศ", "ดร", "เมือง", "อ", "เมือง"]),
        # signs and marks are not words; single letters are
        ("ต่าง ๆ นายกฯ", ["ต่าง", "นายก"]),
        ("ะ ์ ่ า", []),
        ("ณ วัด ก", ["ณ", "วัด", "ก"]),
        # names of offices are segmented: อุตสาหกรรม must be found
        ("กระทรวงอุตสาหกรรม", ["กระทรวง", "อุตสาหกรรม"]),
        ("#ดีพร้อม", ["ดีพร้อม"]),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert segment(text) == expected


def test_own_vocabulary() -> None:
    rows = read_table("vocabulary.csv")
    own = [row["word"] for row in rows]
    assert own == list(dict.fromkeys(map(clean, own)))  # clean, and each once
    kinds = {"agency", "programme", "standard", "industry", "event", "place"}
    assert {row["kind"] for row in rows} == kinds
    for word in own:
        assert segment(f"ทั้ง{word}และ") == ["ทั้ง", word, "และ"]


@given(THAI)
def test_no_letter_is_lost_or_added(text: str) -> None:
    letters = [letter for letter in text if "ก" <= letter <= "ฮ"]
    assert [letter for letter in "".join(segment(text)) if "ก" <= letter <= "ฮ"] == letters


@needs_nlpo3
@pytest.mark.parametrize("text", SENTENCES)
def test_backends_agree_on_sentences(text: str) -> None:
    newmm, nlpo3 = both(text)
    assert newmm == nlpo3


@needs_nlpo3
@given(THAI)
def test_backends_agree_on_anything(text: str) -> None:
    newmm, nlpo3 = both(text)
    assert newmm == nlpo3


@needs_nlpo3
def test_backends_agree_on_real_articles(shared: Path) -> None:
    with tarfile.open(shared / "corpus" / "thaigov-v2-sample.tar.gz") as archive:
        files = (member for member in archive if member.isfile() and member.name.endswith(".txt"))
        for member in islice(files, 300):
            file = archive.extractfile(member)
            assert file is not None
            newmm, nlpo3 = both(clean(file.read().decode("utf-8-sig")))
            assert newmm == nlpo3, member.name
            assert newmm, member.name


@needs_nlpo3
def test_the_installed_versions_were_compared() -> None:
    """On failure: compare the new versions on a large sample and update _DISPUTED."""
    assert all(metadata.version(name).startswith(v) for name, v in COMPARED_VERSIONS.items())
    assert words.segmenter().backend.startswith("nlpo3 ")


@needs_nlpo3
def test_engine_does_not_depend_on_the_backend() -> None:
    newmm, nlpo3 = load_segmenter("newmm"), load_segmenter("nlpo3")
    assert newmm.engine == nlpo3.engine
    assert newmm.backend != nlpo3.backend


def test_engine_changes_with_the_dictionary(monkeypatch: pytest.MonkeyPatch) -> None:
    before = load_segmenter("newmm").engine
    monkeypatch.setattr(words, "_dictionary", lambda: ("กา", "มา"))
    assert load_segmenter.__wrapped__("newmm").engine != before


def test_unknown_versions_fall_back_to_pythainlp(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(COMPARED_VERSIONS, "nlpo3", "0.0.")
    assert words.segmenter().backend.startswith("newmm ")


@pytest.mark.parametrize("backend", ["newmm", pytest.param("nlpo3", marks=needs_nlpo3)])
@pytest.mark.parametrize(
    "text",
    [
        "กรอ" * 20_000,
        "กระทรวงกลาโหม" * 20_000,
        "า" * 60_000,
        "เ" * 60_000,
        "ก." * 60_000,
        "1," * 60_000,
        "a-" * 60_000,
        "http://" * 20_000,
        ("กรอ" * 39 + " ") * 500,
    ],
    ids=lambda text: text[:7],
)
def test_time_is_linear(backend: Backend, text: str) -> None:
    segmenter = load_segmenter(backend)
    # All take under 0.2 s here; quadratic work would take minutes.
    assert cpu_time(lambda text: list(segmenter.words(text)), text) < 5


def test_a_long_run_is_cut_between_letters() -> None:
    run = "เก้า" * LONGEST_RUN
    assert set(segment(run)) == {"เก้า"}


def test_threads_share_one_segmenter() -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(segment, SENTENCES * 20))
    assert found == [segment(text) for text in SENTENCES * 20]


def test_import_loads_no_engine_and_writes_nothing(tmp_path: Path) -> None:
    """PyThaiNLP would create a folder in the home directory; importing it takes 60 ms."""
    script = (
        "import sys; from scraper.thai import words\n"
        "assert not {'pythainlp', 'nlpo3'} & set(sys.modules)\n"
        "words.segment('โรงงาน')"
    )
    places = {"HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
    settings = {k: v for k, v in os.environ.items() if not k.startswith("PYTHAINLP_")}
    subprocess.run([sys.executable, "-W", "error", "-c", script], env=settings | places, check=True)
    assert list(tmp_path.iterdir()) == []


def test_installed_versions_are_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    words.segmenter()

    def asked(package: str) -> str:
        raise AssertionError(f"the version of {package} was looked up again")

    monkeypatch.setattr(metadata, "version", asked)
    words.segmenter()
