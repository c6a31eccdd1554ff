"""The site in Chromium, by mouse, by keyboard and on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, expect

from scraper.browse.app import Options
from tests.browse.chromium import DESKTOP, LOOKS, keep, listening, needs_chromium, visit
from tests.browse.conftest import TWIN, served, store
from tests.browse.hostile import PAYLOADS
from tests.factories import make_article

if TYPE_CHECKING:
    from pathlib import Path

    from sqlite_utils import Database

    from scraper.archive.writer import ArchiveWriter

pytestmark = needs_chromium


def test_search_leads_to_an_article(browser: Browser, home: str) -> None:
    with visit(browser, home, **DESKTOP) as page:
        page.goto("/")
        page.get_by_role("searchbox").fill("โรงงาน")
        page.keyboard.press("Enter")
        expect(page.locator("mark").first).to_have_text("โรงงาน")
        all_hits = page.locator("#count").inner_text()
        page.get_by_role("complementary").get_by_role("link", name="กระทรวงอุตสาหกรรม").click()
        expect(page.locator("#count")).not_to_have_text(all_hits)
        assert "ministry=industry" in page.url
        assert "q=" in page.url
        headline = page.locator(".hits h3").first.inner_text()
        page.locator(".hits h3 a").first.click()
        expect(page.locator("article h1")).to_have_text(headline)
        expect(page.locator("article time").first).to_be_visible()
        page.go_back()
        page.get_by_role("link", name="เอาออก · Remove: กระทรวง").click()
        expect(page.locator("#count")).to_have_text(all_hits)


def test_an_edit_is_shown(browser: Browser, home: str, archive: Database, tmp_path: Path) -> None:
    (article_id,) = archive.execute(
        "SELECT id FROM articles WHERE revision = 2 AND body LIKE '%เมือง%' LIMIT 1"
    ).fetchone()
    with visit(browser, home, **DESKTOP) as page:
        page.goto(f"/thaigov/articles/{article_id}")
        page.get_by_role("link", name="แก้ไขแล้ว 1 ครั้ง").click()
        expect(page.locator("#changes ins").first).to_be_visible()
        expect(page.locator("#changes del").first).to_be_visible()
        keep(page, "edit", tmp_path)


def test_a_canned_query_with_a_parameter(browser: Browser, home: str) -> None:
    with visit(browser, home, **DESKTOP) as page:
        page.goto("/-/tables")
        page.get_by_role("link", name="First use of a term").click()
        page.get_by_label("term").fill("กระทรวง")
        page.get_by_role("button", name="Run").click()
        expect(page.locator(".rows-and-columns tbody tr")).to_have_count(20)
        page.locator("td.col-article_id a").first.click()
        expect(page.locator("article")).to_contain_text("กระทรวง")


def test_sql_and_table_menus_work_with_the_content_security_policy(
    browser: Browser, home: str
) -> None:
    with visit(browser, home, **DESKTOP) as page:
        page.goto("/-/tables")
        page.locator("#sql-editor").fill("SELECT thai_date('2025-08-21') AS day")
        page.get_by_role("button", name="Run SQL").click()
        expect(page.locator("td.col-day")).to_have_text("21 สิงหาคม 2568")
        page.goto("/thaigov/ministries")
        page.locator("th.col-name_en svg").click()
        expect(page.locator(".dropdown-menu")).to_be_visible()
        page.locator(".dropdown-sort-desc").click()
        expect(page.locator("td.col-name_en").first).to_contain_text("Office of the Prime")


def test_skip_link_works_by_keyboard(browser: Browser, home: str) -> None:
    with visit(browser, home, **DESKTOP) as page:
        page.goto("/-/search?q=จังหวัด")
        page.keyboard.press("Tab")
        expect(page.locator(".skip").first).to_be_focused()
        expect(page.locator(".skip").first).to_be_visible()
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()
        for role in ("banner", "main", "contentinfo", "complementary", "search"):
            expect(page.get_by_role(role)).to_have_count(1)


def test_hits_are_reached_by_keyboard(browser: Browser, home: str) -> None:
    with visit(browser, home, **DESKTOP) as page:
        page.goto("/-/search?q=จังหวัด")
        hits, box = page.locator(".hits h3 a"), page.get_by_role("searchbox")
        for key in ("Tab", "Tab", "Enter", "Tab"):
            page.keyboard.press(key)
        expect(hits.first).to_be_focused()
        page.keyboard.press("ArrowDown")
        expect(hits.nth(1)).to_be_focused()
        page.keyboard.press("/")
        expect(box).to_be_focused()
        expect(box).to_have_value("จังหวัด")
        page.keyboard.press("ArrowUp")
        expect(box).to_be_focused()
        page.keyboard.press("ArrowDown")
        expect(hits.first).to_be_focused()
        page.keyboard.press("ArrowUp")
        expect(box).to_be_focused()
        page.keyboard.type("/2")
        expect(box).to_have_value("/2")
        page.goto("/thaigov/articles/1")
        page.keyboard.press("ArrowDown")  # scrolls, as everywhere
        page.keyboard.press("/")
        expect(box).to_be_focused()


@pytest.mark.parametrize("length", [5_000, 60_000])
def test_long_titles_are_harmless(
    browser: Browser, db_path: Path, writer: ArchiveWriter, length: int
) -> None:
    store(writer, 1, make_article(1, title="กขคง" * (length // 4), body="ย่อหน้า"), b"1")
    pages = ("/", "/thaigov/articles/1")
    if length == 5_000:
        pages = ("/-/search?q=ย่อหน้า", "/thaigov/articles")
    with (
        served(db_path, Options()) as site,
        listening(site) as address,
        visit(browser, address, **LOOKS["phone"]) as page,
    ):
        for path in pages:
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path


def test_hits_are_marked_and_jumped_to(browser: Browser, home: str) -> None:
    with visit(browser, home, **DESKTOP) as page:
        page.goto("/-/search?q=จังหวัด")
        page.locator(".hits h3 a").first.click()
        expect(page.locator("mark#hit")).to_have_text("จังหวัด")
        expect(page.locator("mark#hit")).to_be_in_viewport()
        expect(page.locator(".found-here")).to_contain_text("แห่ง")
        page.get_by_role("link", name="ไม่เน้นคำ").click()
        expect(page.locator("article mark")).to_have_count(0)


@pytest.mark.parametrize("look", ["desktop", "phone"])
def test_the_meaning_of_a_mark_is_shown_to_keyboard_and_touch(
    browser: Browser, home: str, archive: Database, look: str
) -> None:
    (article_id,) = archive.execute(
        "SELECT article_id FROM date_mentions WHERE field = 'body' AND start_on IS NOT NULL LIMIT 1"
    ).fetchone()
    with visit(browser, home, **LOOKS[look]) as page:
        page.goto(f"/thaigov/articles/{article_id}")
        mark = page.locator(".body time").first
        shown = "element => getComputedStyle(element, '::after').content"
        assert mark.evaluate(shown) == "none"
        mark.tap() if look == "phone" else mark.focus()
        expect(mark).to_be_focused()
        assert (mark.get_attribute("title") or "?") in mark.evaluate(shown)


@pytest.mark.parametrize("name", LOOKS)
def test_pages_fit_their_window(
    browser: Browser, home: str, archive: Database, tmp_path: Path, name: str
) -> None:
    ids = archive.execute(
        "SELECT id FROM articles WHERE revision > 1 OR site_id = ? ORDER BY id DESC LIMIT 8", [TWIN]
    )
    articles = [f"/thaigov/articles/{article_id}" for (article_id,) in ids]
    paths = {
        "home": "/",
        "dashboard": "/-/dashboard?q=จังหวัด",
        "search": "/-/search?q=โรงงาน",
        "article": articles[-1],
        "versions": "/-/search?q=จังหวัด&versions=1",
        "compare": "/-/compare?q=โรงงาน&q=ปี&q=จังหวัด&q=อ้อย&q=น้ำ",
        "concordance": "/-/concordance?q=โรงงาน",
        "keyness": "/-/keyness?period=2568-08&against=2568-07",
        "tables": "/-/tables",
        "table": "/thaigov/ministries",
        "query": "/thaigov/ministry_activity",
    }
    with visit(browser, home, **LOOKS[name]) as page:
        for part, path in [*paths.items(), *(("", path) for path in articles)]:
            page.goto(path)
            if part:
                keep(page, f"{part}-{name}", tmp_path)
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, f"{path} is {wide} pixels wider than the window"


def test_hostile_text_runs_no_script(browser: Browser, den: str) -> None:
    with visit(browser, den, **DESKTOP) as page:
        for path in (f"/thaigov/articles/{n + 1}?q=owned" for n in range(len(PAYLOADS))):
            page.goto(path)
            assert page.url == den + path or "?" in path
            page.mouse.move(400, 300)
        for link in page.get_by_role("link").all():
            assert not (link.get_attribute("href") or "").lower().startswith("javascript:")
