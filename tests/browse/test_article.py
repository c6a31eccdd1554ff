"""The page of one article: all of its text, and what the archive knows of it."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from scraper.browse.article import read_article
from tests.browse.conftest import TWIN

if TYPE_CHECKING:
    from sqlite_utils import Database

    from scraper.browse.article import Page
    from tests.browse.conftest import Site


def page_of(archive: Database, where: str) -> Page:
    (article_id,) = archive.execute(f"SELECT id FROM articles WHERE {where} LIMIT 1").fetchone()
    page = read_article(archive, article_id)
    assert page is not None
    return page


def plain(markup: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", markup))


def test_no_letter_of_any_article_is_lost_and_every_date_is_marked(archive: Database) -> None:
    marked = 0
    for (article_id,) in archive.execute("SELECT id FROM articles").fetchall():
        page = read_article(archive, article_id)
        assert page is not None
        marked += sum(line.count("<time ") for lines in page.text.values() for line in lines)
        for field, lines in page.text.items():
            text = page.row[field] or ""
            assert [plain(line) for line in lines] == [line for line in text.split("\n") if line]
    dates = archive.execute("SELECT count(*) FROM date_mentions WHERE start_on IS NOT NULL")
    assert marked >= dates.fetchone()[0] * 0.99  # of dates that overlap, the first is marked


def test_neighbours_are_the_next_numbers(archive: Database) -> None:
    page = page_of(archive, "id = (SELECT min(id) + 5 FROM articles)")
    assert page.previous is not None
    assert page.following is not None
    numbers = [
        archive.execute("SELECT site_id FROM articles WHERE id = ?", [other["id"]]).fetchone()[0]
        for other in (page.previous, page.following)
    ]
    assert numbers[0] < page.row["site_id"] < numbers[1]


def test_twins_links_and_citations(archive: Database) -> None:
    page = page_of(archive, f"site_id = {TWIN}")
    assert [twin["title"] for twin in page.twins] == [f"หัวข้อข่าวที่ {TWIN + 1}"]
    assert [link["title"] for link in page.links] == ["ข่าวที่จะถูกลบ"]
    cited = page_of(archive, f"site_id = {TWIN + 2}")
    assert [article["id"] for article in cited.citing] == [page.row["id"], page.twins[0]["id"]]


def test_related_share_words_of_the_headline(archive: Database) -> None:
    page = page_of(archive, "title LIKE '%โรงงาน%' AND ministry = 'industry'")
    assert page.row["id"] not in [article["id"] for article in page.related]
    assert sum("โรงงาน" in article["title"] for article in page.related) >= 2


def test_edits_are_told_word_by_word(archive: Database, practice: Site) -> None:
    page = page_of(archive, "revision = 2 AND body LIKE '%เมือง%'")
    (change,) = page.changes
    assert change.revision == 2
    pieces = [p for _, paragraphs in change.fields for q in paragraphs for p in q.pieces]
    assert "จังหวัด" in {piece.text for piece in pieces if piece.kind == "gone"}
    html = practice.page(f"/thaigov/articles/{page.row['id']}")
    assert re.search("<del>[^<]*จังหวัด", html)
    assert re.search("<ins>[^<]*เมือง", html)


def test_the_page_tells_where_it_came_from(archive: Database, practice: Site) -> None:
    page = page_of(archive, f"site_id = {TWIN}")
    html = practice.page(f"/thaigov/articles/{page.row['id']}")
    assert page.capture is not None
    for shown in (
        page.capture["digest"],
        page.capture["warc_file"],
        f'href="https://web.archive.org/web/*/{page.row["url"]}"',
        "วันศุกร์ที่ 12 กันยายน 2568",
        "12 September 2025",
        "กระทรวงอุตสาหกรรม",
        'href="/-/search?tag=',
    ):
        assert shown in html, shown
    removed = practice.page(f"/thaigov/articles/{page.links[0]['id']}")
    assert "Removed from the site" in removed


@pytest.mark.parametrize("path", ["/thaigov/articles/999999999", "/other/articles/1", "/-/nothing"])
def test_what_is_not_there_is_said_kindly(practice: Site, path: str) -> None:
    page = practice.page(path, 404)
    assert "ไม่พบหน้านี้" in page
    assert '<main id="content"' in page


def test_the_row_stays_data_for_programs(archive: Database, practice: Site) -> None:
    row = page_of(archive, f"site_id = {TWIN}").row
    data = practice.get(f"/thaigov/articles/{row['id']}.json?_shape=objects").json()
    assert data["rows"][0]["title"] == row["title"]


def test_agencies_lead_to_the_articles_that_name_them(archive: Database, practice: Site) -> None:
    page = page_of(archive, f"site_id = {TWIN}")
    assert [agency["agency"] for agency in page.row["agencies"]] == ["diw", "dede"]
    html = practice.page(f"/thaigov/articles/{page.row['id']}")
    assert '?agency=diw" title="Department of Industrial Works" lang="th">กรมโรงงาน' in html
    assert html.count("<small title=") == 2
    found = practice.page("/-/search?agency=diw")
    assert "พบ 3 ข่าว" in found
    assert "หน่วยงาน: กรมโรงงานอุตสาหกรรม" in found
