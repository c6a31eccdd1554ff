"""Suggestions come from the archive's own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scraper.archive.writer import ArchiveWriter
from scraper.model import Incoming, MinistryScore
from scraper.search import corrections
from scraper.search.corrections import Suggestion, suggest_queries
from scraper.search.engine import Filters, search
from tests.factories import make_article, make_capture, make_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlite_utils import Database

WORDS = "กระทรวง อุตสาหกรรม ตรวจ โรงงาน น้ำตาล ตาม กฎหมาย ให้ อนุญาต covid"
SIZE = 12


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Return twelve articles with the same words; one of them also has a mistake."""
    with ArchiveWriter(tmp_path_factory.mktemp("words") / "a.db", "import", {}) as writer:
        fill(writer)
        yield writer.db


def fill(writer: ArchiveWriter) -> None:
    industry = MinistryScore(ministry="industry", score=1, evidence=("ก",))
    for number in range(SIZE):
        words = WORDS.split() + (["กฏหมาย"] if number == 0 else [])
        article = make_article(
            number + 1,
            body="".join(words),
            words=words,
            ministries=(industry,) if number == 1 else (),
        )
        (stored,) = writer.capture([Incoming(make_capture(number + 1, body=b"%d" % number))])
        writer.save([make_page(stored, article)])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("โรงงาร", "โรงงาน"),  # replaced
        ("โรงงงาน", "โรงงาน"),  # added
        ("โรงาน", "โรงงาน"),  # left out
        ("โรงางน", "โรงงาน"),  # exchanged
        ("กระทรวงอุตสาหกรรณ", "กระทรวงอุตสาหกรรม"),  # in words of several
        ("covud", "covid"),
        ("กฏหมาย", "กฎหมาย"),  # articles have the mistake, too
        ("Fi''ko", "โรงงาน"),  # the keys of the other keyboard layout
        ("โรงงาร น้ำตาร", "โรงงาน น้ำตาล"),
        ("=โรงงาร", "=โรงงาน"),
        ("โรงงาร -ราคา", "โรงงาน -ราคา"),
    ],
)
def test_what_was_meant_is_suggested(db: Database, typed: str, meant: str) -> None:
    total = search(db, typed).total
    assert suggest_queries(db, typed, total=total) == (Suggestion(meant, search(db, meant).total),)


@pytest.mark.parametrize("typed", ["โรงงาน", "ฆฆฆฆฆฆ", "ปี", "", "–", "zzzz", "ต่างประเทศ"])
def test_nothing_is_invented(db: Database, typed: str) -> None:
    total = search(db, typed or None).total
    assert suggest_queries(db, typed, total=total) == ()


def test_suggestions_pass_the_filters(db: Database) -> None:
    assert suggest_queries(db, "โรงงาร", Filters(ministry="industry")) == (Suggestion("โรงงาน", 1),)
    assert suggest_queries(db, "โรงงาร", Filters(ministry="energy")) == ()


def test_frequent_terms_cost_nothing(db: Database) -> None:
    assert suggest_queries(db, "กฏหมาย", total=corrections.RARE) == ()


def test_the_number_of_tried_terms_is_limited(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corrections, "MOST_TRIED", 3)
    assert suggest_queries(db, "โรงงาร") == ()


def test_letters_that_sound_alike_are_few() -> None:
    table = corrections.sounds_alike()
    assert "ฏ" in table["ฎ"]
    assert all(letter not in others for letter, others in table.items())
