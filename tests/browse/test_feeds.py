"""Feeds are well-formed Atom for any article."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from scraper.browse.feeds import ATOM, MAX_FEED_ENTRIES
from scraper.search.engine import Filters, search
from scraper.search.paging import Order

if TYPE_CHECKING:
    from sqlite_utils import Database

    from tests.browse.conftest import Site

NAMES = {"a": ATOM}


def feed(site: Site, query: str = "") -> ET.Element:
    answer = site.get(f"/-/feed.atom{query}")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(answer.text)


@pytest.mark.parametrize(
    ("query", "words", "filters"),
    [
        ("", None, Filters()),
        ("?ministry=industry", None, Filters(ministry="industry")),
        ("?q=โรงงาน", "โรงงาน", Filters()),
    ],
)
def test_feed_has_the_newest_hits(
    practice: Site, archive: Database, query: str, words: str | None, filters: Filters
) -> None:
    found = feed(practice, query)
    hits = search(archive, words, filters, order=Order.NEW, limit=MAX_FEED_ENTRIES).hits
    entries = found.findall("a:entry", NAMES)
    assert [entry.findtext("a:title", "", NAMES) for entry in entries] == [
        hit.title.text for hit in hits
    ]
    assert found.findtext("a:updated", "", NAMES) == max(hit.changed_at for hit in hits)
    assert [entry.findtext("a:published", "", NAMES) for entry in entries] == [
        f"{hit.published_on}T00:00:00+07:00" for hit in hits
    ]
    for element in (found, *entries):
        for required in ("id", "title", "updated"):
            assert element.findtext(f"a:{required}", "", NAMES), required
    ids = [entry.findtext("a:id", "", NAMES) for entry in entries]
    assert len(set(ids)) == len(ids)
    link = entries[0].find("a:link", NAMES)
    assert link is not None
    assert practice.get(link.get("href", "").removeprefix("http://localhost")).status_code == 302


@pytest.mark.parametrize(
    ("sort", "column"), [("changed", "changed_at"), ("seen", "first_seen_at"), ("best", None)]
)
def test_a_feed_of_changes_begins_with_the_latest(
    practice: Site, archive: Database, sort: str, column: str | None
) -> None:
    entries = feed(practice, f"?sort={sort}").findall("a:entry", NAMES)
    latest = f"SELECT url FROM articles ORDER BY {column or 'published_on'} DESC, site_id DESC"
    urls = [url for (url,) in archive.execute(f"{latest} LIMIT {MAX_FEED_ENTRIES}")]
    assert [entry.findtext("a:id", "", NAMES) for entry in entries] == urls
    updated = "SELECT changed_at FROM articles WHERE url = ?"
    assert entries[0].findtext("a:updated", "", NAMES) == archive.execute(
        updated, [urls[0]]).fetchone()[0]  # fmt: skip


def test_hostile_articles_stay_text(hostile: Site) -> None:
    found = feed(hostile)
    known = {f"{{{ATOM}}}{name}" for name in
             ("feed", "entry", "id", "title", "updated", "published", "summary", "link",
              "category", "author", "name")}  # fmt: skip
    assert {element.tag for element in found.iter()} == known


def test_a_feed_without_hits_is_valid(practice: Site) -> None:
    assert feed(practice, "?q=ไม่มีคำนี้แน่").findtext("a:updated", "", NAMES).endswith("Z")
