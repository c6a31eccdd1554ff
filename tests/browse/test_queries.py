"""Every canned query works with and without parameters and scans no table of texts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from markupsafe import escape

from scraper.browse import home
from scraper.browse.functions import register
from scraper.browse.metadata import CannedQuery, canned_queries
from scraper.browse.query_dates import date_parameters
from tests.browse.plans import whole_reads

if TYPE_CHECKING:
    import sqlite3

    from sqlite_utils import Database

    from tests.browse.conftest import Site

# What to ask beside nothing; every one has an answer in the practice archive.
ASKED = {
    "ministry_activity": {"since": "2568-06-01", "until": "30/06/2568"},
    "official_appearances": {"name": "รองปลัดกระทรวง"},
    "dates_by_place": {"since": "2568-01-01", "until": "2568-12-31", "place": "จังหวัด"},
    "first_use": {"term": "กระทรวง"},
    "number_gaps": {"least": "1"},
    "quiet_days": {"least": "1"},
    "words_of_a_period": {"since": "2568-06-01", "until": "2568-08-31"},
    "hashtags_of_a_period": {"since": "2568-01-01", "until": "2568"},
    "agency_activity": {"since": "2568-09", "until": "2568-09-30", "agency": "กรอ."},
    "agencies_together": {"since": "2568", "until": "2568", "agency": "dede"},
    "joint_work": {"since": "2568-01-01", "until": "2568-12-31"},
    "doubtful_dates": {"flag": "impossible"},
}
NAMES = [query.name for query in canned_queries()]


@pytest.fixture(scope="module")
def connection(archive: Database) -> sqlite3.Connection:
    register(archive.conn)
    return archive.conn


def named(name: str) -> CannedQuery:
    return next(query for query in canned_queries() if query.name == name)


def parameters(query: CannedQuery) -> set[str]:
    return set(re.findall(r"(?<!:):([a-z]\w*)", query.sql))


def rows(site: Site, name: str, asked: dict[str, str]) -> list[dict[str, Any]]:
    answer = site.get(f"/thaigov/{name}.json?{urlencode(asked)}&_shape=array")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


def test_every_query_describes_itself_and_its_parameters() -> None:
    assert len(NAMES) >= 12
    for query in canned_queries():
        assert re.fullmatch(r"[^a-z]+ · [A-Z].+", query.title.replace("SHA", "")), query.title
        assert len(query.description) > 40
        assert re.search("[ก-๙]{8}", query.description_th), query.name
        for name in parameters(query):
            assert name in query.description, query.name
            assert name in query.description_th, query.name
    assert set(ASKED) == {query.name for query in canned_queries() if parameters(query)}


@pytest.mark.parametrize("name", NAMES)
def test_query_answers_with_and_without_parameters(practice: Site, name: str) -> None:
    asked = ASKED.get(name, {})
    assert set(asked) == parameters(named(name))
    for given in ({}, asked):
        assert rows(practice, name, given)
    page = practice.page(f"/thaigov/{name}?{urlencode(asked)}")
    assert escape(named(name).title) in page
    for parameter, value in asked.items():
        assert f'name="{parameter}" value="{value}"' in page


@pytest.mark.parametrize("name", NAMES)
def test_nonsense_parameters_never_fail(practice: Site, name: str) -> None:
    words = parameters(named(name)) - date_parameters()[name]  # of dates: test_query_dates.py
    nonsense = dict.fromkeys(words, "\"มั่ว'( OR")
    rows(practice, name, nonsense)


@pytest.mark.parametrize("name", NAMES)
def test_query_scans_no_table_of_texts(connection: sqlite3.Connection, name: str) -> None:
    query = named(name)
    assert whole_reads(connection, query.sql, dict.fromkeys(parameters(query), "")) == []


@pytest.mark.parametrize(
    "name",
    [
        "TOTALS",
        "ARTICLES_BY_SOURCE",
        "NEWEST_ARTICLES",
        "ARTICLES_BY_MONTH",
        "TAG_MENTIONS",
        "AGENCY_MENTIONS",
    ],
)
def test_home_page_scans_no_table_of_texts(connection: sqlite3.Connection, name: str) -> None:
    bounds = {"lately": "2025-08-01", "before": "2025-01-01"}
    values = ["2024-01-01"] if name == "ARTICLES_BY_MONTH" else bounds
    assert whole_reads(connection, getattr(home, name), values) == []


def test_a_full_scan_is_detected(connection: sqlite3.Connection) -> None:
    assert whole_reads(connection, "SELECT count(*) FROM articles x WHERE body LIKE '%ก%'") == [
        "articles"
    ]
