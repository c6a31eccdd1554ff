"""Counts, periods, neighbours and contexts of words in a small archive with known answers."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from scraper.archive.schema import migrations
from scraper.model import Incoming, MinistryScore
from scraper.search.engine import Filters
from scraper.search.query import QueryError
from scraper.statistics.collocations import find_collocations
from scraper.statistics.concordance import make_concordance
from scraper.statistics.counts import count_term
from scraper.statistics.keyness import compare_periods, key_words
from scraper.statistics.terms import WordReader, find_occurrences
from scraper.thai.display_width import display_width
from tests.factories import make_article, make_capture, make_page

if TYPE_CHECKING:
    from scraper.archive.writer import ArchiveWriter

MAY, JUNE = (2025, 5), (2025, 6)
# Body, whose words are separated by spaces, month and ministry.
ARTICLES: dict[int, tuple[str, tuple[int, int] | None, str | None]] = {
    1: ("โรงงาน น้ำตาล ส่ง อ้อย ให้ โรงงาน", MAY, "industry"),
    2: ("ราคา น้ำตาล", MAY, "commerce"),
    3: ("โรงงาน น้ำ", JUNE, "industry"),
    4: ("COVID-19 และ covid-19 ปี 2568", JUNE, None),
    5: ("โรงงาน COVID", None, "industry"),
}


@pytest.fixture
def archive(writer: ArchiveWriter) -> ArchiveWriter:
    for number, (body, month, ministry) in ARTICLES.items():
        add(writer, number, body, month and date(*month, number), ministry)
    return writer


def add(
    writer: ArchiveWriter, number: int, body: str, day: date | None, ministry: str | None = None
) -> None:
    article = make_article(
        number,
        title="ก",
        body=body,
        words=tuple(body.split()),
        published_on=day,
        ministries=(MinistryScore(ministry=ministry, score=1, evidence=("ก",)),)
        if ministry
        else (),
    )
    (stored,) = writer.capture([Incoming(make_capture(number, body=body.encode()))])
    writer.save([make_page(stored, article)])


def test_count_per_month(archive: ArchiveWriter) -> None:
    counts = count_term(archive.db, "โรงงาน")
    assert counts.as_dicts() == [
        {"month": None, "articles": 1, "of": 1, "per_hundred": 100.0, "occurrences": 1},
        {"month": "2025-05", "articles": 1, "of": 2, "per_hundred": 50.0, "occurrences": 2},
        {"month": "2025-06", "articles": 1, "of": 2, "per_hundred": 50.0, "occurrences": 1},
    ]
    assert (counts.total.articles, counts.total.of, counts.total.occurrences) == (3, 5, 4)


def test_count_per_month_and_ministry(archive: ArchiveWriter) -> None:
    counts = count_term(archive.db, "น้ำตาล", by=("year", "ministry"))
    assert [(row.group, row.articles, row.of) for row in counts.rows] == [
        ((None, "industry"), 0, 1),
        (("2025", None), 0, 1),
        (("2025", "commerce"), 1, 1),
        (("2025", "industry"), 1, 2),
    ]


def test_filters(archive: ArchiveWriter) -> None:
    filters = Filters(ministry="industry", since=date(2025, 5, 1), until=date(2025, 5, 31))
    counts = count_term(archive.db, "โรงงาน", filters)
    assert (counts.total.articles, counts.total.of, counts.total.occurrences) == (1, 1, 2)
    assert make_concordance(archive.db, "โรงงาน", filters).occurrences == 2


@pytest.mark.parametrize(
    ("term", "words", "found"),
    [
        ("โรงงาน", ("โรงงาน",), {1: 2, 3: 1, 5: 1}),
        ("โรงงาน น้ำตาล", ("โรงงาน", "น้ำตาล"), {1: 1}),
        ("โรงงานน้ำตาล", ("โรงงาน", "น้ำตาล"), {1: 1}),  # segmented like the texts
        ("น้ำตาล โรงงาน", ("น้ำตาล", "โรงงาน"), {}),
        ("covid", ("covid",), {4: 2, 5: 1}),
        ("Covid-19", ("covid", "19"), {4: 2}),
        ("๒๕๖๘", ("2568",), {4: 1}),
        ("น้ํา", ("น้ำ",), {3: 1}),  # sara am in two parts
        ("ฟหกด", ("ฟ", "ห", "กด"), {}),
    ],
)
def test_occurrences(
    archive: ArchiveWriter, term: str, words: tuple[str, ...], found: dict[int, int]
) -> None:
    occurrences = find_occurrences(archive.db, term)
    if found:
        assert occurrences.words == words
    numbers = dict(archive.db.execute("SELECT id, site_id FROM articles"))
    assert {numbers[key]: value for key, value in occurrences.articles.items()} == found


@pytest.mark.parametrize("term", ["", " ", "…", "ก" * 201])
def test_a_term_needs_a_letter_or_digit(archive: ArchiveWriter, term: str) -> None:
    with pytest.raises(QueryError):
        find_occurrences(archive.db, term)


@given(term=st.text(max_size=20))
def test_any_term_is_counted_or_refused(term: str) -> None:
    with sqlite3.connect(":memory:") as connection:
        db = Database(connection)
        migrations.apply(db)
        try:
            assert not find_occurrences(db, term).articles
        except QueryError:
            assert not re.search(r"[ก-ฮa-zA-Z0-9]", term)
    connection.close()


def test_the_view_counts_the_same(archive: ArchiveWriter) -> None:
    rows = archive.db.execute(
        "SELECT month, ministry, articles, occurrences FROM words_by_month "
        "WHERE word = 'โรงงาน' ORDER BY 1, 2"
    ).fetchall()
    counts = count_term(archive.db, "โรงงาน", by=("month", "ministry"))
    assert rows == [
        (*row.group, row.articles, row.occurrences) for row in counts.rows if row.articles
    ]


WORDS = st.lists(
    st.sampled_from(
        ["น้ำ", "ปี", "COVID-19", "1,234.50", "R&D", "name@host.go.th", "ฯลฯ", "Ä’x", "5G", "_", "ๆ"]
    )
)


@given(words=WORDS)
def test_words_are_divided_as_in_the_index(words: list[str]) -> None:
    with sqlite3.connect(":memory:") as connection:
        db = Database(connection)
        migrations.apply(db)
        text = " ".join(words)
        db.execute("INSERT INTO article_words VALUES (1, ?, 'test')", [text])
        indexed = db.execute('SELECT term FROM _word_places ORDER BY doc, "offset"').fetchall()
        reader = WordReader(db)
        assert list(reader.divided(text.split())) == [word for (word,) in indexed]
        assert reader.all_counts() == reader.divided_counts(Counter(text.split()))
    connection.close()


def test_key_words_have_floors_and_a_direction() -> None:
    words = Counter({"อ้อย": 40, "ข้าว": 5, "หายาก": 4, "2568": 60, "มกราคม": 60, "ก": 60, "ที่": 90})
    others = Counter({"อ้อย": 10, "ข้าว": 60, "หายไป": 4, "ที่": 90})
    more, less = key_words(words, 100, others, 100)
    assert [(key.word, key.articles, key.against) for key in more] == [("อ้อย", 40, 10)]
    assert [(key.word, key.per_hundred_against) for key in less] == [("ข้าว", 60.0)]
    assert key_words(Counter(), 0, Counter(), 0) == ([], [])


def test_compare_periods(writer: ArchiveWriter) -> None:
    for number in range(1, 25):
        late = number > 12
        add(writer, number, "เหมือน ใหม่" if late else "เหมือน เก่า", date(2025, 6 if late else 5, 1))
    may, june = ((date(2025, month, 1), date(2025, month, 28)) for month in (5, 6))
    found = compare_periods(writer.db, june, may)
    assert (found.period.articles, found.against.articles) == (12, 12)
    assert [key.word for key in found.more] == ["ใหม่"]
    assert [key.word for key in found.less] == ["เก่า"]
    assert compare_periods(writer.db, june, may, Filters(ministry="energy")).more == ()


def test_collocations(writer: ArchiveWriter) -> None:
    for number in range(1, 31):
        near = "โรงงาน น้ำตาล" if number <= 10 else "ข่าว อื่น"
        add(writer, number, f"{near} {'คำ ' * 9} ไกล ที่ ที่", date(2025, 5, 1))
    found = find_collocations(writer.db, "โรงงาน", window=3)
    assert found.occurrences == 10
    first = found.collocates[0]
    assert (first.word, first.together, first.before, first.after) == ("น้ำตาล", 10, 0, 10)
    assert first.occurrences == 10
    assert "ไกล" not in {each.word for each in found.collocates}
    everything = Filters(since=date(2025, 1, 1))
    assert find_collocations(writer.db, "โรงงาน", everything, window=3) == found
    before = find_collocations(writer.db, "น้ำตาล", window=1).collocates
    assert [(each.word, each.before, each.after) for each in before] == [
        ("โรงงาน", 10, 0),
        ("คำ", 0, 10),
    ][: len(before)]


def contexts(writer: ArchiveWriter, term: str, **options: Any) -> list[tuple[int, str, str, str]]:
    lines = make_concordance(writer.db, term, **options).lines
    return [(line.site_id, line.before, line.text, line.after) for line in lines]


def test_concordance(archive: ArchiveWriter) -> None:
    assert contexts(archive, "โรงงาน", width=8) == [
        (3, "", "โรงงาน", " น้ำ"),
        (1, "", "โรงงาน", " น้ำตาล ส่"),
        (1, " อ้อย ให้ ", "โรงงาน", ""),
        (5, "", "โรงงาน", " COVID"),
    ]
    assert contexts(archive, "covid-19", limit=1) == [(4, "", "COVID-19", " และ covid-19 ปี 2568")]
    assert contexts(archive, "ไม่มีที่ไหน") == []


def test_a_line_is_found_where_it_says(archive: ArchiveWriter) -> None:
    for line in make_concordance(archive.db, "น้ำตาล").lines:
        (text,) = archive.db.execute(
            f"SELECT {line.field} FROM articles WHERE url = ?", [line.url]
        ).fetchone()
        assert text[line.position : line.position + len(line.text)] == line.text


def test_contexts_are_measured_in_columns(writer: ArchiveWriter) -> None:
    body = "กี่ปี่ " * 20 + "โรงงาน" + " กี่ปี่" * 20
    article = make_article(1, body=body, words=tuple(body.split()))
    (stored,) = writer.capture([Incoming(make_capture())])
    writer.save([make_page(stored, article)])
    (line,) = make_concordance(writer.db, "โรงงาน", width=20).lines
    assert display_width(line.before) == display_width(line.after) == 20


def test_an_abbreviation_is_found_with_its_dots(writer: ArchiveWriter) -> None:
    article = make_article(
        1, body="สำนักงาน ก.พ.ร. และ กพร.", words=("สำนักงาน", "กพร", "และ", "กพร")
    )
    (stored,) = writer.capture([Incoming(make_capture())])
    writer.save([make_page(stored, article)])
    found = make_concordance(writer.db, "กพร")
    assert [line.text for line in found.lines] == ["ก.พ.ร", "กพร"]
    assert found.occurrences == 2


def test_pieces_of_names_are_not_key_words(writer: ArchiveWriter) -> None:
    for number in range(1, 13):
        in_june = number > 6
        body = "รมว. สมใจ สุข เกษม เปิด เขื่อน" if in_june else "เปิด งาน"
        add(writer, number, body, date(2025, 6 if in_june else 5, number))
    ids = writer.db.execute("SELECT id FROM articles WHERE published_on >= '2025-06-01'").fetchall()
    writer.db.execute("INSERT INTO people VALUES (1, 'สมใจ สุขเกษม')")
    for (article_id,) in ids:
        writer.db.execute(
            "INSERT INTO person_mentions VALUES (?, 'body', 5, ?, 1, NULL, NULL, NULL, 'full')",
            [article_id, "สมใจ สุขเกษม"],
        )
    found = compare_periods(
        writer.db, (date(2025, 6, 1), date(2025, 6, 30)), (date(2025, 5, 1), date(2025, 5, 31))
    )
    words = {key.word for key in found.more}
    assert "เขื่อน" in words
    assert not words & {"สมใจ", "สุข", "เกษม"}
