"""``thaigov words`` and ``thaigov concordance`` on a small archive."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from scraper.archive.writer import ArchiveWriter
from scraper.cli import main
from scraper.model import Incoming
from scraper.thai.display_width import display_width
from tests.factories import make_article, make_capture, make_page

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def db(db_path: Path) -> Path:
    """Return an archive of twelve articles in May and twelve in June."""
    with ArchiveWriter(db_path, "test", {}) as writer:
        for number in range(1, 25):
            body = f"ข่าวที่ {number} โรงงานน้ำตาล {'เปิด' if number > 12 else 'ปิด'}"
            words = ("ข่าว", "ที่", str(number), "โรงงาน", "น้ำตาล", body.rsplit(maxsplit=1)[-1])
            article = make_article(
                number,
                title=f"หัวข้อข่าว {number}",
                body=body,
                words=words,
                published_on=date(2025, 5 if number <= 12 else 6, number),
            )
            (stored,) = writer.capture([Incoming(make_capture(number, body=body.encode()))])
            writer.save([make_page(stored, article)])
    return db_path


def run(db: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--db", str(db)])


def run_json(db: Path, *arguments: str) -> Any:
    result = run(db, *arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_term_per_month(db: Path) -> None:
    result = run(db, "words", "เปิด")
    lines = [line.rstrip() for line in result.output.splitlines()]
    assert lines[0] == "“เปิด”: 12 times in 12 of 24 articles, 50.00 per hundred"
    assert [line.split() for line in lines[2:]] == [
        ["2025-05", "0", "12", "0.00", "0"],
        ["2025-06", "12", "12", "100.00", "12"],
    ]


def test_a_term_of_several_words_says_what_is_counted(db: Path) -> None:
    assert run(db, "words", "โรงงาน น้ำตาล").output.startswith("“โรงงาน น้ำตาล”: 24 times")
    result = run(db, "words", "โรงงานน้ำตาล", "--by", "year")
    assert result.output.startswith("“โรงงานน้ำตาล”, in the index “โรงงาน น้ำตาล”: 24 times")


def test_json_has_the_groups_by_name(db: Path) -> None:
    found = run_json(db, "words", "ปิด", "--by", "year", "--by", "ministry", "--since", "2568")
    assert found["words"] == ["ปิด"]
    assert found["rows"] == [
        {
            "year": "2025",
            "ministry": None,
            "articles": 12,
            "of": 24,
            "per_hundred": 50.0,
            "occurrences": 12,
        }
    ]
    assert found["total"]["articles"] == 12


def test_an_unknown_word_leads_to_search(db: Path) -> None:
    result = run(db, "words", "ไม้ไผ่")
    assert "0 times" in result.output
    assert "thaigov search" in result.output


def test_keyness(db: Path) -> None:
    found = run_json(db, "words", "--keyness", "2568-06", "2025-05-01..2025-05-31")
    assert [each["word"] for each in found["more"]] == ["เปิด"]
    assert [each["word"] for each in found["less"]] == ["ปิด"]
    assert found["period"] == {"since": "2025-06-01", "until": "2025-06-30", "articles": 12}
    result = run(db, "words", "--keyness", "มิ.ย. 2568", "พ.ค. 2568")
    assert "Used more" in result.output
    assert re.search(r"^เปิด +12 +0 +100\.00 +0\.00 +33\.27$", result.output, re.MULTILINE)


def test_collocations(db: Path) -> None:
    result = run(db, "words", "น้ำตาล", "--collocations", "--window", "1")
    assert "24 times" in result.output
    assert re.search(r"^โรงงาน +24 +24 +0 +24 ", result.output, re.MULTILINE)
    assert "No word occurs near it" in run(db, "words", "ไม้", "--collocations").output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "which TERM"),
        (["โรงงาน", "--keyness", "2567", "2568"], "leave out TERM"),
        (["--keyness", "2567", "2568", "--since", "2567"], "leave out --since"),
        (["--keyness", "2568..2567", "2568"], "swap the two"),
        (["--keyness", "ก", "2568"], "ก"),
        (["ก", "--collocations", "--by", "year"], "--by"),
        (["…"], "no letter or digit"),
        (["ก", "--since", "2568", "--until", "2567"], "swap the two dates"),
    ],
)
def test_usage_errors(db: Path, arguments: list[str], message: str) -> None:
    result = run(db, "words", *arguments)
    assert result.exit_code == 2
    assert message in result.output


def test_concordance_is_aligned(db: Path) -> None:
    result = run(db, "concordance", "น้ำตาล", "--limit", "3", "--width", "18")
    *lines, last = result.output.splitlines()
    assert last == "24 times in 24 articles, 3 shown"
    assert [line.split()[:2] for line in lines] == [
        ["2025-06-24", "24"],
        ["2025-06-23", "23"],
        ["2025-06-22", "22"],
    ]
    columns = {display_width(line.partition("[น้ำตาล]")[0]) for line in lines}
    assert columns == {len("2025-06-24 24  ") + 18}


def test_concordance_as_json(db: Path) -> None:
    found = run_json(db, "concordance", "โรงงาน", "--until", "2568-05", "--limit", "1")
    assert (found["articles"], found["occurrences"]) == (12, 12)
    (line,) = found["lines"]
    assert line["before"] == "ข่าวที่ 12 "
    assert line["after"] == "น้ำตาล ปิด"
    assert (line["field"], line["position"], line["site_id"]) == ("body", 11, 12)


def test_a_concordance_of_nothing(db: Path) -> None:
    assert run(db, "concordance", "ไม้ไผ่").output == "0 times in 0 articles\n"
