"""Messages hold every article and nothing that a stranger's title could run."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.search.hits import Hit
from scraper.search.snippet import Snippet
from scraper.watches.messages import (
    MESSAGES,
    atom_message,
    html_message,
    json_message,
    text_message,
)
from scraper.watches.news import NewsItem, WatchNews
from scraper.watches.saved import Watch

ATOM = "{http://www.w3.org/2005/Atom}"
BAD = "<script>alert(1)</script> \x1b[2J \u202e &amp; ]]> \ufffe \x00 '\""
SAFE_TAGS = {
    "html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "a", "mark",
}  # fmt: skip


def make_news(name: str = "factories", title: str = "โรงงานเปิด", **fields: object) -> WatchNews:
    watch = Watch(1, name, "โรงงาน", {"ministry": "industry"}, "2025-08-21T00:00:00Z", None)
    snippet = Snippet(title, ((0, min(7, len(title))),))
    hit = Hit(1, "https://example.org/1", 1, "2025-08-21", "industry", None, snippet, snippet)
    values = {"fields": (), "is_new": True} | fields
    item = NewsItem(hit, "2025-08-22T01:02:03Z", **values)  # type: ignore[arg-type]
    return WatchNews(watch, (item,), ())


CHANGED = make_news("edits", fields=("title", "body"), is_new=False)


def test_a_text() -> None:
    assert text_message([make_news(), CHANGED]).splitlines() == [
        "factories: 1 new",
        "Question: โรงงาน · ministry industry",
        "",
        "New",
        "  [โรงงานเ]ปิด",
        "  2025-08-21 · industry",
        "  [โรงงานเ]ปิด",
        "  https://example.org/1",
        "",
        "edits: 1 changed",
        "Question: โรงงาน · ministry industry",
        "",
        "Changed (title, body)",
        "  [โรงงานเ]ปิด",
        "  2025-08-21 · industry",
        "  [โรงงานเ]ปิด",
        "  https://example.org/1",
    ]


def test_json() -> None:
    (first, second) = json.loads(json_message([make_news(), CHANGED]))["watches"]
    assert (first["name"], first["new"], first["changed"]) == ("factories", 1, 0)
    assert first["articles"][0]["status"] == "new"
    assert second["articles"][0]["changed_fields"] == ["title", "body"]


def test_a_feed_has_each_article_once() -> None:
    feed = ET.fromstring(atom_message([make_news(), CHANGED]))
    (entry,) = feed.findall(f"{ATOM}entry")
    assert [each.get("term") for each in entry.findall(f"{ATOM}category")] == ["factories", "edits"]
    assert feed.findtext(f"{ATOM}updated") == "2025-08-22T01:02:03Z"
    assert feed.findtext(f"{ATOM}id") == "urn:thaigov:watch:factories:edits"


def test_nothing_is_nothing_for_people_and_a_document_for_programs() -> None:
    assert (text_message([]), html_message([])) == ("", "")
    assert json.loads(json_message([])) == {"watches": []}
    assert ET.fromstring(atom_message([])).findall(f"{ATOM}entry") == []


class Tags(HTMLParser):
    """Collects the names of elements."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        self.names.add(tag)


@pytest.mark.parametrize("form", MESSAGES)
@given(title=st.text(min_size=1) | st.just(BAD))
def test_titles_are_escaped(form: str, title: str) -> None:
    message = MESSAGES[form]([make_news(title=title)])
    assert not {"\x1b", "\x00", "\u202e"} & set(message)
    message.encode()
    if form == "atom":
        ET.fromstring(message)
    if form == "json":
        assert json.loads(message)["watches"][0]["articles"][0]["title"] == title
    if form == "html":
        tags = Tags()
        tags.feed(message)
        assert tags.names <= SAFE_TAGS
