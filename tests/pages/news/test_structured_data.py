"""Articles in the JSON of a page."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parsel import Selector

from scraper.pages.lines import lines_of
from scraper.pages.news.structured_data import StructuredData, as_element, day_of
from scraper.pages.trace import SelectorTrace
from tests.pages.samples import BODY, HEADLINE

ONE = {"title": HEADLINE, "content": BODY[0], "id": 7}
OTHER = {"title": "เรื่องอื่น", "content": BODY[1], "id": 8}


def data_in(value: Any, attributes: str = "type='application/json'") -> StructuredData:
    text = value if isinstance(value, str) else json.dumps(value)
    html = f"<html><body><script {attributes}>{text}</script></body></html>"
    return StructuredData(Selector(text=html, type="html"), SelectorTrace())


@pytest.mark.parametrize(
    ("value", "titles", "number", "found"),
    [
        (ONE, [], None, HEADLINE),
        (ONE, ["อีกเรื่อง"], None, None),
        (ONE, ["อีกเรื่อง"], 7, HEADLINE),
        (ONE, [], 9, None),
        (ONE, [f"“{HEADLINE}”"], None, HEADLINE),
        ([ONE, OTHER], [], None, None),
        ([ONE, OTHER], [], 8, "เรื่องอื่น"),
        ([OTHER, ONE], ["", HEADLINE], None, HEADLINE),
        ({"a": [{"b": {"c": ONE}}], "d": OTHER}, [HEADLINE], None, HEADLINE),
        ({"Head_Line": HEADLINE, "article-body": BODY[0]}, [], None, HEADLINE),
        ({"title": HEADLINE}, [HEADLINE], None, None),
        ({"title": HEADLINE, "content": " "}, [HEADLINE], None, None),
        ({"title": [HEADLINE], "content": {"html": BODY[0]}}, [HEADLINE], None, None),
        ([], [HEADLINE], 7, None),
        ("7", [HEADLINE], 7, None),
        ("{", [HEADLINE], 7, None),
    ],
)
def test_which_object_is_the_article(
    value: Any, titles: list[str], number: int | None, found: str | None
) -> None:
    article = data_in(value).article(titles, number)
    assert (article and article.title) == found


@pytest.mark.parametrize(
    ("attributes", "source"),
    [
        ("type='application/ld+json'", "JSON-LD"),
        ("type='application/json' id='__NEXT_DATA__'", "__NEXT_DATA__"),
        ("type='application/json' id='data'", "JSON"),
    ],
)
def test_source_is_the_kind_of_json(attributes: str, source: str) -> None:
    article = data_in(ONE, attributes).article([])
    assert article
    assert article.source == source


def test_other_scripts_are_ignored() -> None:
    assert data_in(ONE, "").articles == data_in(ONE, "type='module'").articles == []


@pytest.mark.parametrize("text", ["{", "", "[" * 100_000, '"\\ud800'])
def test_malformed_json_is_reported(text: str) -> None:
    assert data_in(text).malformed == ["JSON"]


@pytest.mark.parametrize(
    ("files", "addresses"),
    [
        ("/a.jpg", ["/a.jpg"]),
        (["/a.jpg", {"url": "/b.pdf"}, [{"src": "/c.jpg"}]], ["/a.jpg", "/b.pdf", "/c.jpg"]),
        ({"@type": "ImageObject", "contentUrl": "/a.jpg"}, ["/a.jpg"]),
        (["", None, 3, "none", {}], []),
    ],
)
def test_file_urls(files: Any, addresses: list[str]) -> None:
    article = data_in(ONE | {"images": files}).article([])
    assert article
    assert list(article.files) == addresses


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2025-08-21", date(2025, 8, 21)),
        ("2025-08-21T23:30:00", date(2025, 8, 21)),
        ("2025-08-21T23:30:00Z", date(2025, 8, 22)),
        ("2025-08-21T23:30:00+07:00", date(2025, 8, 21)),
        ("วันที่ : 21/08/2568 14:30", date(2025, 8, 21)),
        ("21/08/2568", date(2025, 8, 21)),
        ("9999-12-31T23:59:59Z", None),
        ("31/02/2568", None),
        ("เมื่อวาน", None),
        ("", None),
    ],
)
def test_day_of_machine_readable_dates_and_date_lines(value: str, day: date | None) -> None:
    assert day_of(value) == day


@pytest.mark.parametrize(
    "text", ["\n".join(BODY), f"<p>{BODY[0]}</p>{BODY[1]}", f"{BODY[0]}<br>{BODY[1]}&nbsp;"]
)
def test_html_and_plain_text_become_lines(text: str) -> None:
    assert [line.text for line in lines_of(as_element(text))] == BODY


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["title", "body", "image", "id", "date"]), inner)
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_json_is_accepted(value: Any) -> None:
    found = data_in(json.dumps(value))
    assert not found.malformed
    assert all(article.title and article.body for article in found.articles)
