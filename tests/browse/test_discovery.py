"""What other programs ask for: robots.txt, sitemaps, OpenSearch, health, cards, schema.org."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from scraper.browse import discovery
from scraper.browse.app import Options
from scraper.browse.discovery import OPENSEARCH, SITEMAP
from scraper.browse.time_limit import QueryTimeoutError
from scraper.model import Attachment
from tests.browse.conftest import TWIN, served, store
from tests.browse.hostile import PAYLOADS
from tests.factories import make_article

if TYPE_CHECKING:
    from pathlib import Path

    from sqlite_utils import Database

    from scraper.archive.writer import ArchiveWriter
    from tests.browse.conftest import Site

ROOT = "http://localhost"


def locations(site: Site, path: str) -> dict[str, str | None]:
    answer = site.get(path)
    assert answer.headers["content-type"] == "application/xml; charset=utf-8"
    names = {"s": SITEMAP}
    return {
        str(one.findtext("s:loc", "", names)): one.findtext("s:lastmod", None, names)
        for one in ET.fromstring(answer.text)
    }


def meta(page: str, name: str) -> str:
    found = re.search(
        rf'<(?:meta (?:name|property)|link rel)="{name}" (?:content|href)="([^"]*)"', page
    )
    return unescape(found[1]) if found else ""


def data_of(page: str) -> dict[str, Any]:
    (text,) = re.findall(r'<script nonce="[^"]+" type="application/ld\+json">(.*?)</script>', page)
    found: dict[str, Any] = json.loads(text)
    return found


def test_the_sitemap_has_every_article(public: Site, archive: Database) -> None:
    listed = locations(public, "/sitemap.xml")
    known = dict(archive.execute("SELECT id, changed_at FROM articles").fetchall())
    articles = {f"{ROOT}/thaigov/articles/{row}": changed for row, changed in known.items()}
    assert listed == {**{ROOT + path: None for path in discovery.OURS}, **articles}


def test_many_articles_have_a_sitemap_of_sitemaps(
    public: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = locations(public, "/sitemap.xml")
    monkeypatch.setattr(discovery, "PAGES_PER_SITEMAP", 100)
    parts = locations(public, "/sitemap.xml")
    assert list(parts) == [f"{ROOT}/sitemap-{number}.xml" for number in (1, 2, 3)]
    found: dict[str, str | None] = {}
    for part in parts:
        listed = locations(public, part.removeprefix(ROOT))
        assert not found.keys() & listed.keys()
        found |= listed
    assert found == whole
    for number in ("0", "4", "99999"):
        assert public.get(f"/sitemap-{number}.xml").status_code == 404


def test_robots_txt_names_the_sitemap(practice_db: Path) -> None:
    with served(practice_db, Options(robots=True, base_path="/news")) as site:
        told = site.get("/news/robots.txt").text
    assert "Disallow: /news/-/\n" in told
    assert f"\nSitemap: {ROOT}/news/sitemap.xml\n" in told


def test_browsers_can_add_the_search(public: Site) -> None:
    path = "/-/opensearch.xml"
    assert f'type="application/opensearchdescription+xml" href="{path}"' in public.page("/")
    found = ET.fromstring(public.page(path))
    names = {"o": OPENSEARCH}
    assert len(found.findtext("o:ShortName", "", names)) <= 16
    for url in found.findall("o:Url", names):
        asked = url.get("template", "").replace("{searchTerms}", "อ้อย").replace("{count?}", "5")
        assert public.get(asked.removeprefix(ROOT)).status_code == 200


def test_health_is_reported(public: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = public.get("/-/healthz")
    assert answer.json()["ok"] is True
    assert answer.headers["cache-control"] == "no-store"

    def never(*_: object) -> None:
        raise QueryTimeoutError

    monkeypatch.setattr(discovery, "_first_row", never)
    assert public.get("/-/healthz").status_code == 503


def test_an_article_has_a_card_and_data(public: Site, archive: Database) -> None:
    (number,) = archive.execute("SELECT id FROM articles WHERE site_id = ?", [TWIN]).fetchone()
    row = archive.table("articles").get(number)
    address = f"{ROOT}/thaigov/articles/{number}"
    page = public.page(f"/thaigov/articles/{number}?q=x")
    assert meta(page, "canonical") == meta(page, "og:url") == address
    assert meta(page, "og:title").startswith(row["title"])
    assert meta(page, "og:type") == "article"
    assert meta(page, "description") == "เนื้อข่าวเดียวกันทั้งสองหมายเลข"
    data = data_of(page)
    assert (data["@type"], data["headline"], data["url"]) == ("NewsArticle", row["title"], address)
    assert (data["datePublished"], data["isBasedOn"]) == (row["published_on"], row["url"])
    authors = {author["alternateName"] for author in data["author"]}
    assert authors == {"Ministry of Industry", "Ministry of Energy"}
    assert data["keywords"] == ["ข่าวทดสอบ"]


def test_an_edited_article_tells_when(public: Site, archive: Database) -> None:
    sql = "SELECT id, changed_at FROM articles WHERE revision > 1 LIMIT 1"
    number, changed = archive.execute(sql).fetchone()
    assert data_of(public.page(f"/thaigov/articles/{number}"))["dateModified"] == changed


@pytest.mark.parametrize("number", range(1, len(PAYLOADS) + 1))
def test_hostile_texts_stay_text_in_cards(hostile: Site, number: int) -> None:
    page = hostile.page(f"/thaigov/articles/{number}")
    assert data_of(page)["headline"] == hostile.get(
        f"/thaigov/articles/{number}.json?_shape=array").json()[0]["title"]  # fmt: skip


def test_pictures_and_long_titles(writer: ArchiveWriter, db_path: Path) -> None:
    picture = Attachment(kind="image", url="https://media.example/ภาพ 1#2.jpg")
    long = make_article(1, title="ก" * 60_000, body="", attachments=(picture,), published_on=None)
    store(writer, 1, long, b"1")
    store(writer, 2, make_article(2, title="", body="คำ " * 500), b"2")
    with served(db_path, Options()) as site:
        page = site.page("/thaigov/articles/1")
        url = "https://media.example/%E0%B8%A0%E0%B8%B2%E0%B8%9E%201#2.jpg"
        assert meta(page, "og:image") == data_of(page)["image"] == url
        assert len(data_of(page)["headline"]) == 1000
        assert len(page) < 60_000 * 12
        told = meta(site.page("/thaigov/articles/2"), "description")
        assert told.endswith("คำ…")
        assert len(told) <= 201


def test_pages_tell_their_canonical_address(public: Site) -> None:
    search = public.page("/-/search?utm=1&q=อ้อย&page=2&since=")
    assert (
        meta(search, "canonical")
        == f"{ROOT}/-/search?q=%E0%B8%AD%E0%B9%89%E0%B8%AD%E0%B8%A2&page=2"
    )
    assert meta(public.page("/-/search"), "canonical") == f"{ROOT}/-/search"
    assert meta(public.page("/-/dashboard?months=60"), "canonical") == f"{ROOT}/-/dashboard"
    assert not meta(public.page("/-/search?since=x", 400), "canonical")
