"""Search on a small archive with known answers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from scraper.model import Attachment, Incoming, MinistryScore
from scraper.search.engine import Filters, matching_ids, search
from scraper.search.paging import Order
from scraper.search.query import MAX_DEPTH, QueryError
from scraper.search.spellings import spellings
from tests.factories import make_article, make_capture, make_page

if TYPE_CHECKING:
    from scraper.archive.writer import ArchiveWriter

TEXTS = {
    1: ("เปิดโรงงานน้ำตาลแห่งใหม่", "ราคาอ้อยปี 2568 ดีขึ้น", "ราคา อ้อย ปี 2568 ดี ขึ้น"),
    2: ("ข้าวหอมมะลิ", "ราคาข้าวปี ๒๕๖๘ และน้ำตาล", "ราคา ข้าว ปี 2568 และ น้ำตาล"),
    3: ("มาตรฐาน มอก. 5-2567", "ตรวจโรงงาน SME ใน จ.ตาก", "ตรวจ โรงงาน sme ใน จ ตาก"),
    4: ("ฝนตกหนัก", "ไม่มีเรื่องของ โรงงาน\nน้ำตาล", "ไม่ มี เรื่อง ของ โรงงาน น้ำตาล"),
}
TITLE_WORDS = {
    1: "เปิด โรงงาน น้ำตาล แห่ง ใหม่",
    2: "ข้าวหอมมะลิ",
    3: "มาตรฐาน มอก. 5 2567",
    4: "ฝน ตก หนัก",
}


@pytest.fixture
def archive(writer: ArchiveWriter) -> ArchiveWriter:
    for number, (title, body, words) in TEXTS.items():
        ministry = MinistryScore(ministry="industry", score=1, evidence=("ก",))
        article = make_article(
            number,
            title=title,
            body=body,
            words=(*TITLE_WORDS[number].split(), *words.split()),
            published_on=date(2025, 8, number),
            category="ด้านเศรษฐกิจ" if number < 3 else None,
            ministries=(ministry,) if number == 3 else (),
            hashtags=("ข้าว",) if number == 2 else (),
            attachments=(Attachment(kind="image", url="https://a.example/"),)
            if number == 2
            else (),
        )
        (stored,) = writer.capture([Incoming(make_capture(number, body=title.encode()))])
        writer.save([make_page(stored, article)])
    return writer


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("น้ำตาล", {1, 2, 4}),
        ("ำตา", {1, 2, 4}),  # any piece of a text
        ("น้ําตาล", {1, 2, 4}),  # sara am in two parts
        ("โรงงานน้ำตาล", {1}),
        ('"โรงงาน น้ำตาล"', set()),  # never across a line end
        ("โรงงาน น้ำตาล", {1, 4}),
        ("อ้อย OR ข้าว", {1, 2}),
        ("น้ำตาล NOT ข้าว", {1, 4}),
        ("น้ำตาล -โรงงาน", {2}),
        ("(อ้อย OR ข้าว) น้ำตาล", {1, 2}),
        ("NOT น้ำตาล", {3}),
        ("2568", {1, 2}),
        ("๒๕๖๘", {1, 2}),
        ("sme", {3}),
        ("มอก.", {3}),
        ("5-2567", {3}),
        ("ปี", {1, 2}),  # two characters: a word
        ("ดี", {1}),
        ("มี", {4}),  # not the middle of another word
        ("ปี OR มี", {1, 2, 4}),
        ("ปี น้ำตาล -ข้าว", {1}),
        ("ไม่มีที่ไหน", set()),
        ("=ตาก", {3}),
        ("=ตา", set()),
        ("=น้ำตา", set()),
        ("=น้ำ*", {1, 2, 4}),
        ("ต*", {3, 4}),  # ตาก, ตรวจ, ตก
        ("จ.ตาก –", {3}),
        ("ปี2568", {1, 2}),
        ("5-๒๕๖๗", {3}),
        ("–", set()),
    ],
)
def test_query_finds(archive: ArchiveWriter, query: str, found: set[int]) -> None:
    results = search(archive.db, query)
    assert {hit.site_id for hit in results.hits} == found
    assert results.total == len(found)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(ministry="industry"), {3}),
        (Filters(category="ด้านเศรษฐกิจ"), {1, 2}),
        (Filters(since=date(2025, 8, 2), until=date(2025, 8, 3)), {2, 3}),
        (Filters(category="ด้านเศรษฐกิจ", since=date(2025, 8, 2)), {2}),
    ],
)
def test_filters(archive: ArchiveWriter, filters: Filters, found: set[int]) -> None:
    hits = search(archive.db, "น้ำตาล OR โรงงาน", filters).hits
    assert {hit.site_id for hit in hits} == found


def test_headline_counts_more_and_newest_comes_first_on_request(archive: ArchiveWriter) -> None:
    assert search(archive.db, "น้ำตาล").hits[0].site_id == 1
    newest = [hit.site_id for hit in search(archive.db, "น้ำตาล", order=Order.NEW).hits]
    assert newest == [4, 2, 1]
    page = search(archive.db, "น้ำตาล", order=Order.NEW, limit=1, offset=1)
    assert ([hit.site_id for hit in page.hits], page.total) == ([2], 3)


@pytest.mark.parametrize(
    ("term", "all_spellings"),
    [
        ("อ้อย", {"อ้อย"}),
        ("ต่างๆ", {"ต่างๆ", "ต่าง ๆ"}),
        ("กรมโรงงานฯ ที่", {"กรมโรงงานฯ ที่", "กรมโรงงาน ฯ ที่"}),
        ("ข้าว ฯลฯ", {"ข้าว ฯลฯ"}),
        ("30บาท", {"30บาท", "30 บาท", "๓๐บาท", "๓๐ บาท"}),
        ("ปี ๒๕๖๘", {"ปี ๒๕๖๘", "ปี๒๕๖๘", "ปี 2568", "ปี2568"}),
    ],
)
def test_spellings(term: str, all_spellings: set[str]) -> None:
    assert set(spellings(term)) == all_spellings


def test_hits_as_words_come_before_hits_inside_words(writer: ArchiveWriter) -> None:
    texts = {1: ("อัตราดอกเบี้ยตรา", "อัตรา ดอกเบี้ย ตรา"), 2: ("งานจังหวัดตราด", "งาน จังหวัด ตราด")}
    for number in (1, 2, 3):
        title, words = texts[number % 2 + 1]
        article = make_article(number, title=title * number, words=tuple(words.split() * number))
        (stored,) = writer.capture([Incoming(make_capture(number, body=title.encode() * number))])
        writer.save([make_page(stored, article)])
    assert {hit.site_id for hit in search(writer.db, "ตราด").hits[:2]} == {1, 3}
    assert search(writer.db, "=ตราด").total == 2


@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("query", ["น้ำตาล", "น้ำตาล OR มี", "ปี", "NOT ยางพารา", None])
def test_each_page_begins_where_the_one_before_ended(
    archive: ArchiveWriter, query: str | None, order: Order
) -> None:
    archive.db.execute("UPDATE articles SET published_on = NULL WHERE site_id IN (2, 3)")
    whole = [hit.site_id for hit in search(archive.db, query, order=order).hits]
    found, after = [], None
    for _ in range(len(whole)):
        page = search(archive.db, query, order=order, limit=1, after=after)
        found += [hit.site_id for hit in page.hits]
        after = page.next
    assert found == whole
    assert after is None
    ids = matching_ids(archive.db, query, Filters(), order)
    assert list(ids) == [hit.id for hit in search(archive.db, query, order=order).hits]


def test_latest_changes_and_latest_arrivals_come_first(archive: ArchiveWriter) -> None:
    change = "UPDATE articles SET changed_at = ?, first_seen_at = ? WHERE site_id = ?"
    archive.db.execute(change, ["2099-01-02T00:00:00Z", "2000-01-01T00:00:00Z", 1])
    archive.db.execute(change, ["2099-01-01T00:00:00Z", "2099-01-01T00:00:00Z", 4])
    for order, first in ((Order.CHANGED, [1, 4]), (Order.SEEN, [4, 2])):
        hits = search(archive.db, "น้ำตาล", order=order).hits
        assert [hit.site_id for hit in hits[:2]] == first


@pytest.mark.parametrize("token", ["", "1", "x,y,z", "1,2,3,4", "2025-01-01,1,1", "1,-.e-,2"])
def test_a_foreign_position_is_refused(archive: ArchiveWriter, token: str) -> None:
    with pytest.raises(QueryError, match="not a position"):
        search(archive.db, "น้ำตาล", after=token)


def test_beyond_the_end_a_page_is_empty(archive: ArchiveWriter) -> None:
    page = search(archive.db, "น้ำตาล", offset=100_000)
    assert (page.hits, page.next, page.total) == ((), None, 3)


def test_a_headline_is_whole_and_an_excerpt_begins_at_a_word(writer: ArchiveWriter) -> None:
    words = ("กระทรวง", "เปิด", "งาน") * 10 + ("น้ำตาล",)
    text = "".join(words)
    article = make_article(1, title=text, body=text, words=words * 2)
    (stored,) = writer.capture([Incoming(make_capture())])
    writer.save([make_page(stored, article)])
    (hit,) = search(writer.db, "น้ำตาล").hits
    assert hit.title.marked("[", "]") == text.replace("น้ำตาล", "[น้ำตาล]")
    assert hit.snippet.text.startswith(("…กระทรวง", "…เปิด", "…งาน"))


def test_hits_are_marked_in_headline_and_snippet(archive: ArchiveWriter) -> None:
    hit = search(archive.db, "น้ำตาล 2568", order=Order.NEW).hits[0]
    assert hit.snippet.marked("[", "]") == "ราคาข้าวปี [๒๕๖๘] และ[น้ำตาล]"
    hit = search(archive.db, "โรงงานน้ำตาล").hits[0]
    assert hit.title.marked("[", "]") == "เปิด[โรงงานน้ำตาล]แห่งใหม่"


def test_short_terms_are_marked_as_words(archive: ArchiveWriter) -> None:
    (hit,) = search(archive.db, "มี").hits
    assert hit.snippet.marked("[", "]") == "ไม่[มี]เรื่องของ โรงงาน น้ำตาล"
    hit = search(archive.db, "ปี น้ำตาล", order=Order.NEW).hits[0]
    assert hit.snippet.marked("[", "]") == "ราคาข้าว[ปี] ๒๕๖๘ และ[น้ำตาล]"


def test_a_plain_sqlite_query_finds_the_same(archive: ArchiveWriter) -> None:
    rows = archive.db.execute(
        "SELECT rowid FROM articles_fts WHERE articles_fts MATCH '\"น้ำตาล\"' ORDER BY rowid"
    ).fetchall()
    assert rows == [(1,), (2,), (4,)]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(origin="live"), {1, 2, 3, 4}),
        (Filters(origin="wayback"), set()),
        (Filters(attachment="image"), {2}),
        (Filters(attachment="video"), set()),
        (Filters(tag="ข้าว"), {2}),
        (Filters(tag="ข้"), set()),
        (Filters(category="ด้านเศรษฐกิจ", tag="ข้าว"), {2}),
    ],
)
def test_filters_without_words(archive: ArchiveWriter, filters: Filters, found: set[int]) -> None:
    results = search(archive.db, None, filters)
    assert {hit.site_id for hit in results.hits} == found
    assert results.total == len(found)


def test_no_words_or_filters_find_all_newest_first(archive: ArchiveWriter) -> None:
    assert [hit.site_id for hit in search(archive.db, None).hits] == [4, 3, 2, 1]


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("น้ำตาล -ข้าว", [1, 4]),  # the index alone ranks
        ("น้ำตาล OR มี", [1, 4, 2]),  # both indexes
        ("ปี OR น้ำตาล", [1, 4, 2]),
    ],
)
def test_the_best_match_comes_first_with_either_index(
    archive: ArchiveWriter, query: str, best: list[int]
) -> None:
    found = [hit.site_id for hit in search(archive.db, query).hits]
    assert found[0] == best[0]
    assert sorted(found) == sorted(best)
    pages = [search(archive.db, query, limit=1, offset=n).hits[0].site_id for n in range(len(best))]
    assert pages == found


@pytest.mark.parametrize(
    "nested",
    ["NOT " * MAX_DEPTH + "น้ำตาล", "-(ปี " * (MAX_DEPTH // 2) + "มี" + ")" * (MAX_DEPTH // 2),
     "ปี OR (มี " * MAX_DEPTH + "มี" + ")" * MAX_DEPTH,
     "น้ำตาล OR (โรงงาน " * MAX_DEPTH + "ข้าว" + ")" * MAX_DEPTH],
)  # fmt: skip
def test_sqlite_can_parse_the_most_nested_queries(archive: ArchiveWriter, nested: str) -> None:
    assert search(archive.db, nested, Filters(ministry="industry")).total >= 0
    assert search(archive.db, nested).total > 0
