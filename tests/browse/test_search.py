"""The search page: query strings, hits and facet counts."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode

import pytest
from datasette.utils import MultiParams
from hypothesis import given
from hypothesis import strategies as st

from scraper.browse.facets import FACETS, read_facets
from scraper.browse.search import MAX_HITS, SearchAnswer, SearchQuery, count_facets, find_hits
from scraper.facts.kind import NONE
from scraper.search.choices import CHOICES
from scraper.search.engine import Filters, matching, matching_ids_query, search
from scraper.search.query import parse_query
from tests.browse.plans import whole_reads

if TYPE_CHECKING:
    from sqlite_utils import Database

    from tests.browse.conftest import Site

PLAIN = st.text(alphabet='กขน้ำ ab12&=#%?+<"', max_size=8).map(str.strip)

SEVERAL = st.lists(PLAIN.filter(bool), unique=True, max_size=3).map(tuple)


def answer(archive: Database, search_query: SearchQuery) -> SearchAnswer:
    return SearchAnswer(
        find_hits(archive, search_query), count_facets(archive, search_query, read_facets(archive))
    )


@given(
    st.builds(
        SearchQuery,
        q=PLAIN,
        ministry=SEVERAL,
        not_person=SEVERAL,
        tag=PLAIN,
        page=st.integers(1, 99),
    )
)
def test_query_string_round_trip(search_query: SearchQuery) -> None:
    address = search_query.query_string(page=search_query.page)
    assert SearchQuery.read(MultiParams(parse_qs(address[1:]))) == search_query


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "๒", "9" * 40, "1.5"])
def test_an_invalid_page_number_means_the_first(page: str) -> None:
    assert SearchQuery.read({"page": page}).page == 1


@pytest.mark.parametrize("query", ["", "โรงงาน", "ปี", "โรงงาน OR ปี", "NOT โรงงาน"])
def test_facet_counts_match_filtered_searches(archive: Database, query: str) -> None:
    found = answer(archive, SearchQuery(q=query))
    assert found.results.total > 0
    for name in FACETS:
        for value in found.facets[name][:4]:
            chosen = answer(archive, SearchQuery.read({"q": query, name: value.value}))
            assert chosen.results.total == value.articles, (name, value)


def test_several_choices_exclusions_and_none(archive: Database) -> None:
    def total(**conditions: tuple[str, ...]) -> int:
        return find_hits(archive, SearchQuery(**conditions)).total  # type: ignore[arg-type]

    everything = total()
    for name in CHOICES:
        first, second = [value.value for value in read_facets(archive).count(range(999))[name]][:2]
        both = total(**{name: (first, second)})
        assert 0 < total(**{name: (first,)}) <= both < everything
        assert total(**{f"not_{name}": (first, second)}) == everything - both
        assert total(**{name: (NONE,)}) + total(**{f"not_{name}": (NONE,)}) == everything


def test_a_facet_with_choices_offers_the_others(archive: Database) -> None:
    facets = read_facets(archive)
    free = count_facets(archive, SearchQuery(), facets)
    chosen = count_facets(archive, SearchQuery(ministry=("industry",)), facets)
    assert chosen["ministry"] == free["ministry"]
    assert chosen["agency"] != free["agency"]


def test_choices_are_added_and_taken_away() -> None:
    query = SearchQuery(person=("ก ข",), tag="x")
    assert query.toggled("person", "ก ข") == "?tag=x"
    assert query.toggled("tag", "x") == "?" + urlencode({"person": "ก ข"})
    assert query.toggled("not_person", "ก ข") == "?" + urlencode({"not_person": "ก ข", "tag": "x"})
    assert query.toggled("person", "a") == "?" + urlencode(
        [("person", "ก ข"), ("person", "a"), ("tag", "x")]
    )


def test_every_article_has_one_year_and_one_source(archive: Database) -> None:
    facets = answer(archive, SearchQuery()).facets
    (total,) = archive.execute("SELECT count(*) FROM articles").fetchone()
    assert sum(value.articles for value in facets["year"]) == total
    assert sum(value.articles for value in facets["source"]) == total
    assert [value.value for value in facets["year"]] == ["2568"]


def test_dates_in_either_era_are_equivalent(archive: Database) -> None:
    asked = [
        SearchQuery(since="2568-06", until="2568-07"),
        SearchQuery(since="2025-06-01", until="2025-07-31"),
        SearchQuery(since="1/06/2568", until="31 ก.ค. 2568"),
        SearchQuery(since="๒๕๖๘-๐๖", until="กรกฎาคม 2568", year="2568"),
    ]
    totals = {answer(archive, search_query).results.total for search_query in asked}
    assert len(totals) == 1
    assert totals != {0}


@pytest.mark.parametrize("query", ["โรงงาน", "โรงงาน -ปี", "ปี"])
@pytest.mark.parametrize("filters", [Filters(), Filters(ministry="industry", origin="live")])
def test_a_search_reads_indexes_only(archive: Database, query: str, filters: Filters) -> None:
    for function in (matching, matching_ids_query):
        sql, values = function(parse_query(query), filters)
        assert whole_reads(archive.conn, sql, values) == []


@pytest.mark.parametrize("query", ["โรงงาน", "โรงงาน จังหวัด", "โรงงาน OR ปี", "NOT โรงงาน"])
@pytest.mark.parametrize("filters", [Filters(), Filters(ministry="industry", origin="live")])
def test_both_queries_find_the_same(archive: Database, query: str, filters: Filters) -> None:
    tree = parse_query(query)
    found = [
        {row[0] for row in archive.execute(*function(tree, filters))}
        for function in (matching, matching_ids_query)
    ]
    assert found[0] == found[1] != set()


def test_the_page_shows_hits_marked_facets_and_pages(practice: Site, archive: Database) -> None:
    page = practice.page("/-/search?q=จังหวัด")
    total = search(archive, "จังหวัด").total
    assert total > 20
    assert f"พบ {total:,} ข่าว" in page
    assert page.count('<p class="snippet"') == 20
    assert "<mark>จังหวัด</mark>" in page
    assert "กระทรวงอุตสาหกรรม" in page
    second = practice.page("/-/search?q=จังหวัด&page=2")
    assert 'rel="prev"' in second
    assert 'start="21"' in second


def test_json_and_csv_have_the_same_hits(practice: Site) -> None:
    query = "q=โรงงาน&ministry=industry&since=2568"
    data = practice.get(f"/-/search.json?{query}&size=50").json()
    sheet = practice.get(f"/-/search.csv?{query}")
    rows = list(csv.DictReader(io.StringIO(sheet.text.removeprefix("\ufeff"))))
    assert sheet.headers["content-type"].startswith("text/csv")
    assert data["total"] == len(rows) > 0
    assert [hit["id"] for hit in data["hits"]] == [int(row["id"]) for row in rows[:50]]
    first = data["hits"][0]
    start, end = first["title"]["hits"][0]
    assert first["title"]["text"][start:end] == "โรงงาน"
    assert practice.get(first["page"].removeprefix("http://localhost")).status_code == 302
    many = practice.get(f"/-/search.json?size={MAX_HITS * 9}").json()
    assert len(many["hits"]) == min(MAX_HITS, many["total"])


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("q=ก&after=x", "“x”"),
        ("q=ก&since=เมื่อวาน", "“เมื่อวาน”"),
        ("year=99", "“99”"),
        ("agency=nowhere", "nowhere"),
        ("not_province=Atlantis", "Atlantis"),
    ],
)
def test_invalid_queries_are_explained(practice: Site, query: str, message: str) -> None:
    page = practice.page(f"/-/search?{query}", 400)
    assert 'role="alert"' in page
    assert message in page
    assert message in practice.get(f"/-/search.json?{query}").json()["error"]
    assert practice.get(f"/-/feed.atom?{query}").status_code == 400


@pytest.mark.parametrize("query", ["(โรงงาน", '"โรงงาน', "โรงงาน –", "! โรงงาน &", "โรงงาน OR"])
def test_every_text_is_a_query(practice: Site, query: str, archive: Database) -> None:
    total = search(archive, "โรงงาน").total
    page = practice.page("/-/search?" + urlencode({"q": query}))
    assert f"พบ {total:,} ข่าว" in page
    assert "“โรงงาน”" in page  # what was searched
    data = practice.get("/-/search.json?" + urlencode({"q": query})).json()
    assert (data["total"], data["searched"]) == (total, "โรงงาน")


@pytest.mark.parametrize("order", ["best", "new"])
def test_json_pages_follow_each_other_to_the_end(practice: Site, order: str) -> None:
    found, url = [], f"/-/search.json?q=จังหวัด&sort={order}&size=7"
    while url:
        data = practice.get(url.removeprefix("http://localhost")).json()
        found += [hit["id"] for hit in data["hits"]]
        url = data["next_url"]
    assert len(found) == len(set(found)) == data["total"] > 20


@pytest.mark.parametrize("page", ["2", "99999", "999999"])
def test_pages_beyond_the_last_are_empty(practice: Site, page: str) -> None:
    assert "<h3>" not in practice.page(f"/-/search?q=ไม่มีคำนี้&page={page}")
    beyond = practice.page(f"/-/search?q=โรงงาน&page={page}000")
    assert "<h3>" not in beyond
    assert "ไม่มีผลต่อจากนี้แล้ว" in beyond


def test_the_table_search_uses_the_query_language(practice: Site, archive: Database) -> None:
    for query in ("โรงงาน", "ปี", "โรงงาน -ปี", "น้ําเสีย OR ๒๕๖๘"):
        data = practice.get(f"/thaigov/articles.json?_search={query}&_size=0").json()
        assert data["filtered_table_rows_count"] == search(archive, query).total, query
    data = practice.get("/thaigov/industry_articles.json?_search=โรงงาน&_size=0").json()
    industry = search(archive, "โรงงาน", Filters(ministry="industry")).total
    assert 0 < data["filtered_table_rows_count"] == industry
    titled = practice.get("/thaigov/articles.json?_search_title=โรงงาน&_size=0").json()
    total = search(archive, "โรงงาน").total
    assert 0 < titled["filtered_table_rows_count"] < total
    assert 'name="_search" value="โรงงาน"' in practice.page("/thaigov/articles?_search=โรงงาน")


def test_datasette_facets_work_with_a_search(practice: Site) -> None:
    page = practice.get("/thaigov/articles.json?_search=โรงงาน&_facet=ministry&_size=0").json()
    shown = Counter({f["value"]: f["count"] for f in page["facet_results"]["ministry"]["results"]})
    assert shown["industry"] > 0
