"""The pages of people, agencies, ministries and provinces: their figures are those of a search."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from scraper.browse.entities import ENTITIES, EntityKind, entity_path, facet_path
from scraper.browse.entity_page import EVENTS, NEWEST_ARTICLES, PER_DAY, read_entity
from scraper.browse.entity_views import narrowed, read_entities
from scraper.browse.search import SearchQuery, find_hits
from scraper.search.engine import Filters, search
from tests.browse.plans import whole_reads

if TYPE_CHECKING:
    from sqlite_utils import Database

    from scraper.browse.entity_page import EntityPage
    from tests.browse.conftest import Site

ALL = ENTITIES.values()


def first_page(archive: Database, entity: EntityKind) -> EntityPage:
    key = read_entities(archive, entity.facet)[0]["key"]
    page = read_entity(archive, entity.facet, str(key))
    assert page is not None
    return page


def test_addresses() -> None:
    assert entity_path("person", 12) == "/-/people/12"
    assert facet_path("province", "TH-20") == "/-/provinces/TH-20"
    assert facet_path("person", "สมใจ ใจดี") == facet_path("person", "สมใจใจดี")
    assert facet_path("person", "none") == facet_path("category", "x") == ""


@pytest.mark.parametrize("entity", ALL, ids=list(ENTITIES))
def test_a_page_and_the_list_count_what_a_search_finds(
    archive: Database, entity: EntityKind
) -> None:
    rows = read_entities(archive, entity.facet)
    assert [row["articles"] for row in rows] == sorted((r["articles"] for r in rows), reverse=True)
    page = first_page(archive, entity)
    found = find_hits(archive, SearchQuery.read({entity.facet: page.choice, "sort": "new"}))
    assert page.articles == rows[0]["articles"] == found.total > 0
    assert sum(column.total for column in page.chart.columns) == page.articles
    assert {row["id"] for row in page.newest} <= {hit.id for hit in found.hits}
    assert page.newest[0]["published_on"] == page.last == found.hits[0].published_on


@pytest.mark.parametrize("entity", ALL, ids=list(ENTITIES))
def test_what_is_named_together_is_what_both_filters_find(
    archive: Database, entity: EntityKind
) -> None:
    page = first_page(archive, entity)
    compared = 0
    for section, rows, _ in page.sections:
        if section.of and section.id not in {"posts", "officers", "own-agencies"}:
            row = rows[0]
            value = row["name"] if section.of == "person" else str(row["key"])
            if section.of == entity.facet:
                continue  # two of one kind are alternatives of a search
            both = SearchQuery.read({entity.facet: page.choice, section.of: value})
            assert find_hits(archive, both).total == row["articles"], section.id
            compared += 1
    assert compared


@pytest.mark.parametrize("entity", ALL, ids=list(ENTITIES))
def test_no_text_is_read(archive: Database, entity: EntityKind) -> None:
    values = {"key": read_entities(archive, entity.facet)[0]["key"]}
    filled = [
        sql.format(own=entity.own_sql, column=entity.column, event=entity.event, most=9)
        for sql in (PER_DAY, NEWEST_ARTICLES, EVENTS, *(s.sql for s in entity.sections))
    ]
    for sql in (entity.row_sql, *filled):
        assert whole_reads(archive.conn, sql, values) == [], sql
    assert whole_reads(archive.conn, entity.list_sql) == []


@pytest.mark.parametrize("entity", ALL, ids=list(ENTITIES))
def test_the_pages_link_to_each_other(
    practice: Site, archive: Database, entity: EntityKind
) -> None:
    page = first_page(archive, entity)
    path = entity_path(entity.facet, page.row["key"])
    listed = practice.page(f"/-/{entity.path}")
    assert f'href="{path}"' in listed
    shown = practice.page(path)
    assert page.row["name_th"] in shown
    assert f"{entity.facet}={urlencode({'': page.choice})[1:].replace('+', '%20')}" in shown
    found = practice.page("/-/search?" + urlencode({entity.facet: page.choice}))
    assert f'href="{path}"' in found  # from the condition and the facet
    assert f'href="/-/{entity.path}"' in found


def test_posts_are_in_order_of_time(archive: Database) -> None:
    sql = "SELECT person FROM people_posts GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
    (person,) = archive.execute(sql).fetchone()
    page = read_entity(archive, "person", str(person))
    assert page is not None
    posts = page.sections[0]
    assert posts.section.id == "posts"
    assert len(posts.rows) == len(posts.spans) > 1
    assert [row["first_on"] for row in posts.rows] == sorted(r["first_on"] for r in posts.rows)
    assert all(0 <= start <= start + length <= 100.1 for start, length in posts.spans)


@pytest.mark.parametrize(
    "path",
    ["people/1", "people/x", f"people/{'9' * 30}", "agencies/nowhere", "provinces/TH-99"],
)
def test_what_the_archive_does_not_know_is_not_found(practice: Site, path: str) -> None:
    practice.page(f"/-/{path}", 404)


def test_an_agency_that_no_article_names_has_a_page(practice: Site, archive: Database) -> None:
    unnamed = read_entities(archive, "agency")[-1]
    assert unnamed["articles"] == 0
    assert "No article names it" in practice.page(f"/-/agencies/{unnamed['key']}")


def test_lists_are_narrowed_and_paged() -> None:
    rows = [{"key": n, "name": f"นาย {n}", "articles": 500 - n} for n in range(450)]
    assert [len(narrowed(rows, "", page).rows) for page in (1, 2, 3, 4)] == [200, 200, 50, 0]
    assert narrowed(rows, "๔๔๙", 1).rows == rows[-1:]
    assert narrowed([], "", 1).total == 0


@pytest.mark.parametrize(
    ("table", "path"),
    [
        ("people", "people"),
        ("person_mentions", "people"),
        ("article_agencies", "agencies"),
        ("place_mentions", "provinces"),
        ("ministries", "ministries"),
    ],
)
def test_tables_link_to_the_pages(practice: Site, table: str, path: str) -> None:
    (first, *_) = re.findall(rf'href="(/-/{path}/[\w-]+)"', practice.page(f"/thaigov/{table}"))
    practice.page(first)


def test_marks_in_articles_link_to_the_pages(practice: Site, archive: Database) -> None:
    row = archive.execute(
        "SELECT article_id, person FROM person_mentions WHERE field = 'body' LIMIT 1"
    ).fetchone()
    page = practice.page(f"/thaigov/articles/{row[0]}")
    assert f'<a class="fact person" href="/-/people/{row[1]}"' in page


@pytest.mark.parametrize(
    "path",
    ["/-/people", "/-/agencies/diw", "/-/map?q=อ้อย", "/-/calendar", "/-/calendar.ics", "/-/money",
     "/-/money.csv"],
)  # fmt: skip
def test_the_public_has_the_pages(public: Site, path: str) -> None:
    answer = public.get(path)
    assert answer.status_code == 200
    if not path.endswith(("ics", "csv")):
        address = path.replace("อ้อย", "%E0%B8%AD%E0%B9%89%E0%B8%AD%E0%B8%A2")
        assert f'<link rel="canonical" href="http://localhost{address}">' in answer.text


def test_every_form_of_a_result_takes_several_choices(practice: Site, archive: Database) -> None:
    chosen = "province=TH-20&province=TH-21&not_agency=diw"
    filters = Filters(province=("TH-20", "TH-21"), not_agency="diw")
    total = search(archive, None, filters).total
    assert total > search(archive, None, Filters(province="TH-20", not_agency="diw")).total
    whole = practice.get(f"/-/search.json?{chosen}&size=all").json()
    assert whole["total"] == len(whole["hits"]) == total
    assert practice.get(f"/-/search.json?{chosen}").json()["province"] == ["TH-20", "TH-21"]
    assert len(practice.get(f"/-/search.csv?{chosen}").text.splitlines()) == total + 1
    feed = practice.page(f"/-/feed.atom?{chosen}")
    assert feed.count("<entry>") == min(total, 50)
    assert "province=TH-20&amp;province=TH-21" in feed
