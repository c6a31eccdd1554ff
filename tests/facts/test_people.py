"""Tests for the rows of persons: ids, wording, agencies, and how they are found and shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.facts import Facts
from scraper.archive.article import article_details, find_articles
from scraper.browse.facets import split_ids
from scraper.facts.kind import NONE, ArticleText
from scraper.facts.people import KIND, find_person_mentions, person_id
from scraper.model import Incoming
from scraper.search.engine import Filters, search
from tests.factories import make_article, make_capture, make_page

if TYPE_CHECKING:
    from scraper.archive.writer import ArchiveWriter

BODY = (
    "พล.ต.ท. สมใจ ใจดี อธิบดีกรมโรงงานอุตสาหกรรม กล่าวว่า ดี\n"
    "นางมาลี ณ เชียงใหม่ ปลัดกระทรวงทดลอง เห็นด้วย นายสมใจ จึงกลับ"
)


def store(writer: ArchiveWriter, number: int, body: str) -> None:
    """Store an article with its facts."""
    (capture,) = writer.capture([Incoming(make_capture(number))])
    writer.save([Facts().process_item(make_page(capture, make_article(number, body=body)))])


def test_mentions_have_wording_and_agency() -> None:
    found = list(find_person_mentions(ArticleText(make_article(body=BODY))))
    assert [(m.at.text, m.name, m.title, m.post, m.agency, m.form) for m in found] == [
        ("สมใจ ใจดี", "สมใจ ใจดี", "พล.ต.ท.", "อธิบดีกรมโรงงานอุตสาหกรรม", "diw", "full"),
        ("มาลี ณ เชียงใหม่", "มาลี ณ เชียงใหม่", "นาง", "ปลัดกระทรวงทดลอง", None, "full"),
        ("สมใจ", "สมใจ ใจดี", "นาย", None, None, "first"),
    ]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("มาลี ใจดี", "มา ลีใจดี", True),
        ("มาลี ใจดี", "มาลีใจดี", True),
        ("Jon Testson", "JON TESTSON", True),
        ("มาลี ใจดี", "มาลี ใจตี", False),
    ],
)
def test_ids_depend_on_the_letters(one: str, other: str, same: bool) -> None:
    assert (person_id(one) == person_id(other)) is same


@given(st.text())
def test_ids_are_exact_in_javascript(name: str) -> None:
    assert 0 <= person_id(name) < 2**52


def test_ids_never_change() -> None:
    assert person_id("สมใจ ใจดี") == 2835710389646534


@given(st.text() | st.sampled_from([BODY, BODY.replace("ำ", "ํา"), BODY.replace(" ", "\xa0 ")]))
def test_text_is_a_slice_of_the_field(body: str) -> None:
    article = make_article(body=body)
    places = []
    for mention in find_person_mentions(ArticleText(article)):
        field, position, text = mention.at
        assert getattr(article, field)[position : position + len(text)] == text
        places.append((field, position))
    assert len(set(places)) == len(places)


def test_persons_are_stored_and_shown_once_each(writer: ArchiveWriter) -> None:
    store(writer, 1, BODY)
    (row,) = find_articles(writer.db, make_article(1).url)
    shown = article_details(writer.db, row)["people"]
    assert KIND.lines(shown) == [
        "พล.ต.ท.สมใจ ใจดี: อธิบดีกรมโรงงานอุตสาหกรรม ×2",
        "นางมาลี ณ เชียงใหม่: ปลัดกระทรวงทดลอง",
    ]
    names = [name for (name,) in writer.db.execute("SELECT name FROM people ORDER BY name")]
    assert names == ["มาลี ณ เชียงใหม่", "สมใจ ใจดี"]


@pytest.mark.parametrize("name", ["สมใจ ใจดี", "สมใจใจดี", "สม ใจใจดี"])
def test_articles_are_found_by_a_name(writer: ArchiveWriter, name: str) -> None:
    store(writer, 1, BODY)
    store(writer, 2, "นายสมใจ มั่นคง กล่าว")
    results = search(writer.db, None, Filters(person=name))
    assert [hit.site_id for hit in results.hits] == [1]


def test_facets_show_names(writer: ArchiveWriter) -> None:
    store(writer, 1, BODY)
    store(writer, 2, "นายสมใจ ใจดี กล่าว")
    rows = dict(writer.db.execute(KIND.facet_sql, {"after": 0}).fetchall())
    assert {name: set(split_ids(ids)) for name, ids in rows.items()} == {
        "สมใจ ใจดี": {1, 2},
        "มาลี ณ เชียงใหม่": {1},
        NONE: set(),
    }
