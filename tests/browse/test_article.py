"""The page of one article."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from functools import partial
from html import unescape
from typing import TYPE_CHECKING

import pytest

from pipelines.facts import Facts
from scraper.archive.writer import ArchiveWriter
from scraper.browse import article as article_module
from scraper.browse.app import Options
from scraper.browse.article import FIELDS, read_article, revision_changes
from scraper.browse.diff import Budget
from tests.browse.conftest import TWIN, served, store
from tests.factories import MOMENT, make_article, make_capture, make_page

if TYPE_CHECKING:
    from pathlib import Path

    from sqlite_utils import Database

    from scraper.browse.article import ArticlePage
    from tests.browse.conftest import Site


def page_of(archive: Database, where: str) -> ArticlePage:
    (article_id,) = archive.execute(f"SELECT id FROM articles WHERE {where} LIMIT 1").fetchone()
    page = read_article(archive, article_id)
    assert page is not None
    return page


def plain(markup: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", markup))


def test_all_text_is_shown_and_every_date_marked(archive: Database) -> None:
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


def test_people_places_and_money_are_marked(tmp_path: Path) -> None:
    body = "นายสมใจ ใจดี อธิบดีกรมโรงงานอุตสาหกรรม มอบเงิน 5 ล้านบาท ที่จังหวัดชลบุรี"
    path = tmp_path / "facts.db"
    with ArchiveWriter(path, "import", {}) as writer:
        page = Facts().process_item(make_page(make_capture(), make_article(body=body)))
        store(writer, 1, page.article, b"1")
    with served(path, Options()) as site:
        html = site.page("/facts/articles/1")
        person = html[html.index('class="fact person"') :]
        assert "อธิบดีกรมโรงงานอุตสาหกรรม" in person[:300]
        found = re.findall(r'href="(/-/(?:people|provinces)/[^"]+)"', html)
        assert len(found) >= 3  # the person in text and margin, the place
        assert all("ข่าวทั้งหมด 1" in site.page(link) for link in found)
        assert re.search(
            r'<data class="fact money" value="5000000" title="5,000,000 THB" tabindex="0">', html
        )


def test_near_copies_and_series_are_listed(tmp_path: Path) -> None:
    path = tmp_path / "similar.db"
    with ArchiveWriter(path, "import", {}) as writer:
        for number in (1, 2, 3):
            store(writer, number, make_article(number), str(number).encode())
        writer.db.execute("DELETE FROM related_articles")
        for pair in ((1, 2, "series", 0.9), (3, 1, "contained", 1.0)):
            writer.db.execute("INSERT INTO related_articles VALUES (?, ?, ?, ?)", pair)
    with served(path, Options()) as site:
        page = site.page("/similar/articles/1")
        assert re.search(r'id="series".*?/similar/articles/2"', page, re.DOTALL)
        assert re.search(r'id="contains".*?/similar/articles/3"', page, re.DOTALL)
        whole = site.page("/similar/articles/3")
        assert re.search(r'id="contained".*?/similar/articles/1"', whole, re.DOTALL)


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
    page = page_of(archive, "title LIKE '%เครื่องจักร%' AND ministry = 'industry'")
    assert page.row["id"] not in [article["id"] for article in page.related]
    assert sum("เครื่องจักร" in article["title"] for article in page.related) >= 2


def test_edits_are_shown_word_by_word(archive: Database, practice: Site) -> None:
    page = page_of(archive, "revision = 2 AND body LIKE '%เมือง%'")
    (change,) = page.changes
    assert change.revision == 2
    pieces = [p for _, paragraphs in change.fields for q in paragraphs for p in q.pieces]
    assert "จังหวัด" in {piece.text for piece in pieces if piece.kind == "gone"}
    html = practice.page(f"/thaigov/articles/{page.row['id']}")
    assert re.search("<del>[^<]*จังหวัด", html)
    assert re.search("<ins>[^<]*เมือง", html)


def test_the_page_shows_its_origin(archive: Database, practice: Site) -> None:
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
def test_missing_articles_are_reported(practice: Site, path: str) -> None:
    page = practice.page(path, 404)
    assert "ไม่พบหน้านี้" in page
    assert '<main id="content"' in page


def test_row_json_is_unchanged(archive: Database, practice: Site) -> None:
    row = page_of(archive, f"site_id = {TWIN}").row
    data = practice.get(f"/thaigov/articles/{row['id']}.json?_shape=objects").json()
    assert data["rows"][0]["title"] == row["title"]


def test_agencies_link_to_their_articles(archive: Database, practice: Site) -> None:
    page = page_of(archive, f"site_id = {TWIN}")
    assert [agency["agency"] for agency in page.row["agencies"]] == ["diw", "dede"]
    html = practice.page(f"/thaigov/articles/{page.row['id']}")
    link = re.escape('<a href="/-/agencies/diw" lang="th" title="Department of Industrial Works">')
    assert re.search(f"{link}กรมโรงงาน", html)
    assert html.count("<small title=") == 2
    found = practice.page("/-/search?agency=diw")
    assert "พบ 3 ข่าว" in found
    assert found.count('<a href="/-/agencies/diw"') == 1  # the condition


def test_a_long_history_is_shortened_with_a_note(tmp_path: Path) -> None:
    """12,000 paragraphs that all changed; the page took 14 s of work before there was a bound."""
    path = tmp_path / "long.db"
    with ArchiveWriter(path, "import", {}) as writer:
        for day, word in enumerate(("โรงงาน", "บริษัท")):
            body = "\n".join(f"{word}ที่ {number}" for number in range(12_000))
            moment = MOMENT + timedelta(days=day)
            article = make_article(1, title="หัวข้อ", body=body)
            store(writer, 1, article, word.encode(), fetched_at=moment)
    with served(path, Options()) as site:
        begun = time.process_time()
        html = site.page("/long/articles/1")
        first = time.process_time() - begun
        later = []
        for _ in range(3):
            begun = time.process_time()
            assert site.page("/long/articles/1").count("<del>") == html.count("<del>")
            later.append(time.process_time() - begun)
    assert 0 < html.count("<del>") < 3000
    assert "11,000 more changed paragraphs are not shown" in html
    assert 'href="/long/article_revisions?article_id=1"' in html
    assert first < 6
    assert min(later) < first


def test_revisions_too_long_to_compare_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["ก" * 900, "ข" * 900, "ค" * 900]
    revisions = [
        {**dict.fromkeys((*FIELDS, "published_on")), "body": text, "revision": n, "seen_at": "x"}
        for n, text in enumerate(texts, 1)
    ]
    monkeypatch.setattr(article_module, "Budget", partial(Budget, texts=2000))
    newest, oldest = revision_changes(
        {**revisions.pop(), "revisions": revisions, "changed_at": "x"}
    )
    assert [name for name, _ in newest.fields] == ["body"]
    assert oldest.fields == ()
