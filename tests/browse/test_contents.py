"""The contents of cabinet résumés, citations, related articles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scraper.archive.writer import ArchiveWriter
from scraper.browse.citation import cite
from scraper.browse.contents import ContentsEntry, read_contents
from scraper.browse.related import related
from tests.browse.conftest import store
from tests.factories import make_article

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlite_utils import Database

SUBJECTS = ["ร่างกฎกระทรวงเรื่องหนึ่ง", "ผลการประชุมเรื่องสอง", "แผนการเรื่องสาม", "แต่งตั้งเรื่องสี่"]


def resume(*, repeated: bool) -> str:
    lines = [f"{n}. เรื่อง {title}" for n, title in enumerate(SUBJECTS, 1)]
    parts = [text for line in lines for text in (line, "สาระสำคัญ", "1. เรื่อง อื่นในข้อย่อย")]
    return "\n".join(["กฎหมาย", *lines, "", *(parts if repeated else [])])


def test_subjects_lead_to_their_parts() -> None:
    entries = read_contents(resume(repeated=True))
    assert entries == [
        ContentsEntry(number, title, 5 + 3 * (number - 1))
        for number, title in enumerate(SUBJECTS, 1)
    ]
    lines = [line for line in resume(repeated=True).split("\n") if line]
    assert all(lines[entry.paragraph].endswith(entry.title) for entry in entries)


def test_subjects_without_a_list_are_their_own_headings() -> None:
    assert [entry.paragraph for entry in read_contents(resume(repeated=False))] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "text", ["", "1. เรื่อง หนึ่ง\n2. เรื่อง สอง", "เรื่อง ก\n" * 9, "1. เรื่อง ก\n" * 9]
)
def test_other_texts_have_no_contents(text: str) -> None:
    assert read_contents(text) == []


def test_thai_digits_and_long_titles() -> None:
    text = "\n".join(f"{digit}. เรื่อง {'ก' * 300}{digit}" for digit in "๑๒๓๔")
    entries = read_contents(text)
    assert [entry.number for entry in entries] == [1, 2, 3, 4]
    assert max(len(entry.title) for entry in entries) == 161


def test_a_citation_has_both_eras_and_the_digest() -> None:
    version = {"title": "หัวข้อ", "published_on": "2025-08-21"}
    capture = {"fetched_at": "2025-09-01T00:00:00Z", "digest": "ab12"}
    cited = cite(version, "https://www.thaigov.go.th/news/1", capture, "https://a.example/-/at/1")
    assert "21 สิงหาคม 2568" in cited.thai
    assert "1 กันยายน 2568" in cited.thai
    assert "21 August 2025" in cited.english
    assert "1 September 2025" in cited.english
    for text in cited:
        assert all(part in text for part in ("“หัวข้อ.”", "thaigov.go.th", "SHA-256 ab12"))
        assert text.endswith("https://a.example/-/at/1")
    bare = cite({"title": "", "published_on": None}, "urn:x", None, "p")
    assert "ไม่ทราบวันเผยแพร่" in bare.thai
    assert "n.d." in bare.english


@pytest.fixture(scope="module")
def subjects(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Return articles about two subjects, and a résumé with the words of all."""
    texts = {1: "โครงการ เหมืองแร่", 2: "ตรวจ เหมืองแร่", 3: "เปิด สะพานข้าม", 4: "ซ่อม สะพานข้าม"}
    texts[5] = " ".join([*texts.values()] + ["คำอื่น ๆ ของมติ"] * 500)
    texts |= {number: f"เรื่องอื่น{number}" for number in range(6, 26)}
    with ArchiveWriter(tmp_path_factory.mktemp("related") / "a.db", "import", {}) as writer:
        for number, words in texts.items():
            store(writer, number, make_article(number, words=words.split()), b"%d" % number)
        yield writer.db


def test_a_long_resume_is_not_close_to_everything(subjects: Database) -> None:
    found = related(subjects, ["โครงการ", "เหมืองแร่"], {1})
    assert [row["id"] for row in found] == [2, 5]
    assert [row["id"] for row in related(subjects, ["โครงการ", "เหมืองแร่"], {1, 2})] == [5]


def test_pairs_replace_rare_words(subjects: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scraper.browse.related.MAX_ARTICLES_PER_WORD", 3)
    assert [row["id"] for row in related(subjects, ["ซ่อม", "สะพานข้าม"], {4})] == [5]
    assert related(subjects, [], {1}) == []
