"""A corpus that is imported again gives equal articles."""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from scraper.export.corpus import DIFFERENCES, NAME_BYTES, corpus_date, corpus_name, corpus_text
from scraper.practice.site.still import PracticeSite
from scraper.thai.dates import read_long_date
from tests.commands import thaigov
from tests.export.sample import export
from tests.practice_corpus import write_corpus

if TYPE_CHECKING:
    from pathlib import Path

SITE = PracticeSite(120)
EQUAL = (
    "SELECT url, title, lead, body, tail, category, published_on, content_hash, language, "
    "(SELECT group_concat(tag) FROM hashtags WHERE article_id = a.id) FROM articles a ORDER BY url"
)


def rows(db: Path) -> list[Any]:
    with closing(sqlite3.connect(db)) as connection:
        return connection.execute(EQUAL).fetchall()


def imported(folder: Path, db: Path) -> Path:
    thaigov("import", "corpus", folder, "--db", db, "--workers", "1")
    return db


def test_a_corpus_imported_again_is_equal(tmp_path: Path) -> None:
    write_corpus(SITE, tmp_path / "corpus")
    one = imported(tmp_path / "corpus", tmp_path / "one.db")
    made = export(one, "corpus", tmp_path / "out")
    assert made.manifest["notes"] == []
    two = imported(made.path / "data", tmp_path / "two" / "two.db")
    assert rows(one) == rows(two)
    assert len(rows(two)) > 100
    again = export(two, "corpus", tmp_path / "again")
    texts = [sorted(p.read_bytes() for p in m.path.rglob("*.txt")) for m in (made, again)]
    assert texts[0] == texts[1]


def test_what_the_form_cannot_hold_is_listed(sample: Path, tmp_path: Path) -> None:
    made = export(sample, "corpus", tmp_path / "out")
    (note,) = made.manifest["notes"]
    with (made.path / DIFFERENCES).open(encoding="utf-8", newline="") as file:
        differences = {row["url"]: row["differs"] for row in csv.DictReader(file)}
    assert note.startswith("1 of 4 articles are not read back equal")
    # A hashtag that is nowhere in the text has no place where there is a lead.
    assert differences == {"https://practice.example/news/contents/details/5": "hashtags"}


ARTICLE = {
    "url": "https://practice.example/news/contents/details/1", "site_id": 1, "title": "หัวข้อ",
    "category": "ด้าน/เศรษฐกิจ", "published_on": "2025-08-21", "published_raw": "21 Aug 2025",
    "entered_on": "2025-08-22", "lead": None, "body": "เนื้อข่าว", "tail": "", "hashtags": ("ก",),
    "fetched_at": "2025-08-23T01:02:03Z",
}  # fmt: skip


def test_the_text_of_an_article() -> None:
    assert corpus_text(ARTICLE).splitlines() == [
        "รัฐบาลไทย-ข่าวทำเนียบรัฐบาล-หัวข้อ", "", "", "21 Aug 2025", "22/08/2568", "หัวข้อ", "#ก",
        "เนื้อข่าว", "", f"ที่มา : {ARTICLE['url']}",
    ]  # fmt: skip
    told = corpus_text(ARTICLE | {"published_raw": "วันที่ : 21/08/2568 14:30", "hashtags": ()})
    assert told.splitlines()[3:7] == ["วันพฤหัสบดีที่ 21 สิงหาคม 2568", "22/08/2568", "หัวข้อ", "....."]


def test_names_are_safe_and_short() -> None:
    name = corpus_name(ARTICLE)
    assert name.startswith("data/2025/08/23/ด้าน∕เศรษฐกิจ_1_")
    long = corpus_name(ARTICLE | {"category": "ก" * 200})
    assert len(long.rpartition("/")[2].encode()) <= NAME_BYTES
    assert name != corpus_name(ARTICLE | {"url": "https://practice.example/th/news/1"})


@pytest.mark.parametrize("days", range(0, 2_000, 97))
def test_a_long_date_is_read_back(days: int) -> None:
    day = date(2016, 1, 1) + timedelta(days=days)
    found = read_long_date(corpus_date(day))
    assert found is not None
    assert (found.value, found.flags) == (day, ())
