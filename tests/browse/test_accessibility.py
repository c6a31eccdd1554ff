"""The pages work for people: contrast, landmarks, headings, languages, keyboard, paper.

axe-core looks at every kind of page, in light, in dark and on a phone of 360 pixels; what it cannot
know is looked for by hand.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from scraper.archive.writer import ArchiveWriter
from scraper.browse.app import Options
from scraper.model import Attachment
from tests.attachments.small_archive import document
from tests.attachments.stored import attachment_capture
from tests.attachments.stored import store as store_attachments
from tests.browse.chromium import DESKTOP, LOOKS, keep, listening, needs_chromium, visit
from tests.browse.conftest import TWIN, served, store
from tests.factories import MOMENT, make_article

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page
    from sqlite_utils import Database

pytestmark = needs_chromium

PAGES = (
    "/",
    "/-/search?q=โรงงาน&ministry=industry&since=2568",
    "/-/search?q=(",
    "/-/search?q=ฆฆฆฆฆ",
    "/-/dashboard?q=จังหวัด",
    "/-/dashboard?q=(&ministry=industry&months=120",
    "/-/search?q=จังหวัด&versions=1",
    "/-/search?q=โรงงาร",
    "/-/compare",
    "/-/compare?q=โรงงาน&q=ปี OR น้ำ&q=จังหวัด&q=อ้อย&q=น้ำตาล&q=เกินมา",
    "/-/concordance?q=โรงงาน&order=after",
    "/-/concordance?q=–",
    "/-/keyness?period=2568-08&against=2568-07",
    "/-/tables",
    "/-/people",
    "/-/people?q=ฆฆฆฆฆ",
    "/-/agencies",
    "/-/ministries/industry",
    "/-/provinces/TH-20",
    "/-/map?q=โรงงาน",
    "/-/calendar",
    "/-/calendar?month=x",
    "/-/money",
    "/-/search?person=none&not_province=TH-20&agency=diw",
    "/thaigov/articles?_facet=layout&site_id__gt=5",
    "/thaigov/captures/1",
    "/thaigov/first_use?term=กระทรวง",
    "/thaigov/first_use?term=ฆฆฆฆฆ",
    "/thaigov?sql=select+1",
    "/-/nothing",
)
# Thai that no element says is Thai, and English sentences on a Thai page that nothing says are
# English. What an archive holds may be of any language, and code is of none.
MISLABELLED = r"""() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const found = []
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim(), parent = walker.currentNode.parentElement
    if (parent.closest("script, style, code, pre, td, dd, option, [hidden]")) continue
    const language = parent.closest("[lang]").lang
    if (/[ก-๙]{2}/.test(text) && language !== "th") found.push(text)
    if (/^[A-Za-z ,;'’.]*[a-z]{2,} [a-z]{2,}[A-Za-z ,;'’.]*$/.test(text) && language !== "en")
      found.push(text)
  }
  return found
}"""
# All of axe-core's rules on the desktop; elsewhere those that depend on colours, width and fingers.
RULES = {
    "desktop": (),
    "dark": ("color-contrast", "link-in-text-block"),
    "phone": ("color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"),
}
MOVING = """() => [...document.querySelectorAll("*")].filter(element => {
  const style = getComputedStyle(element)
  return style.animationName !== "none" || style.transitionDuration !== "0s"
    || style.scrollBehavior !== "auto"
}).length"""


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of an archive of articles that lack what others have."""
    path = tmp_path_factory.mktemp("odd") / "thaigov.db"
    gone = [MOMENT + timedelta(days=days) for days in (30, 60)]
    with ArchiveWriter(path, "import odd", {}) as writer:
        store(writer, 1, make_article(1, title="", published_on=None, body=""), b"1")
        store(writer, 2, make_article(2, title="แผนหนึ่ง", body="เขื่อนและคลอง " * 9), b"2")
        other = make_article(2, title="เรื่องอื่น", body="งานแสดงสินค้าปลายปี\n" * 9)
        store(writer, 2, other, b"3", fetched_at=MOMENT + timedelta(days=9))
        for moment in gone:
            store(writer, 2, None, str(moment).encode(), fetched_at=moment)
        files = tuple(Attachment(kind="document", url=document(n)) for n in (16, 29, 20))
        english = make_article(
            3, title="Permits go online", body="Firms apply.", language="en", attachments=files
        )
        store(writer, 3, english, b"4")
        store_attachments(writer, *(attachment_capture(document(n)) for n in (16, 29)))
    with served(path, Options()) as site, listening(site) as address:
        yield address


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of an archive without an article."""
    path = tmp_path_factory.mktemp("empty") / "thaigov.db"
    with ArchiveWriter(path, "import nothing", {}):
        pass
    with served(path, Options()) as site, listening(site) as address:
        yield address


def faults(page: Page, rules: tuple[str, ...] = ()) -> list[str]:
    """Return the problems of a page found by axe-core's rules (all or some) and by ours."""
    answer = Axe().run(page, options={"runOnly": rules} if rules else {}).response
    assert "color-contrast" in {rule["id"] for rule in answer["passes"]}
    broken = [
        f"{page.url} {rule['id']}: {node['html'][:200]}"
        for rule in answer["violations"]
        for node in rule["nodes"]
    ]
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    languages = [f"{page.url} language: {text}" for text in page.evaluate(MISLABELLED)]
    return broken + languages + [f"{page.url} is {wide} pixels too wide"] * (wide > 0)


def visited(page: Page, paths: list[str], rules: tuple[str, ...] = ()) -> list[str]:
    found = []
    for path in paths:
        page.goto(path)
        found += faults(page, rules)
    return found


@pytest.mark.parametrize("look", LOOKS)
def test_pages_have_no_accessibility_violations(
    browser: Browser, home: str, archive: Database, look: str
) -> None:
    edited = archive.execute("SELECT min(id) FROM articles WHERE revision > 1").fetchone()
    twin = archive.execute("SELECT id FROM articles WHERE site_id = ?", [TWIN]).fetchone()
    articles = [f"/thaigov/articles/{article_id}" for (article_id,) in (edited, twin)]
    busy = "SELECT person FROM people_posts GROUP BY 1 ORDER BY sum(articles) DESC LIMIT 1"
    articles += [f"{articles[0]}/versions/1?q=จังหวัด", f"{articles[0]}?q=เมือง"]
    articles += [f"/-/people/{person}" for (person,) in archive.execute(busy)]
    with visit(browser, home, expected=("status of 40",), **LOOKS[look]) as page:
        assert not (found := visited(page, [*PAGES, *articles], RULES[look])), "\n".join(found)


def test_pages_with_little_content_have_no_violations(
    browser: Browser, odd: str, empty: str, tmp_path: Path
) -> None:
    with visit(browser, odd, expected=("status of 400",), **LOOKS["phone"]) as page:
        paths = [*(f"/thaigov/articles/{n}" for n in (1, 2, 3)), "/-/dashboard"]
        paths += ["/-/search?q=เอกสาร&attachments=1", "/-/search?q=%3Dก&attachments=1"]
        paths += ["/-/search?q=เขื่อน"]
        assert not (found := visited(page, paths)), "\n".join(found)
        page.goto("/thaigov/articles/2")
        expect(page.get_by_role("note")).to_have_count(2)  # removed, and perhaps another's number
        keep(page, "odd", tmp_path)
    with visit(browser, empty, **DESKTOP) as page:
        paths = ["/", "/-/search", "/-/dashboard", "/-/tables", "/-/people", "/-/ministries/energy"]
        paths += ["/-/compare?q=ก", "/-/concordance?q=ก", "/-/keyness", "/-/search?q=ก&versions=1"]
        paths += ["/-/map", "/-/calendar", "/-/money"]
        assert not (found := visited(page, paths)), "\n".join(found)
        page.goto("/-/dashboard")
        keep(page, "empty", tmp_path)


def test_low_contrast_is_detected(browser: Browser, home: str) -> None:
    with visit(browser, home, **DESKTOP) as page:
        page.goto("/")
        page.locator("h1").evaluate("heading => { heading.style.color = '#cccccc' }")
        page.locator("h2").first.evaluate("heading => { heading.removeAttribute('lang') }")
        page.locator(".hint").first.evaluate("hint => { hint.lang = 'en' }")
        found = faults(page)
        assert any("color-contrast" in fault for fault in found)
        assert any("language" in fault for fault in found)


def test_tab_order_leads_to_results_and_facets(browser: Browser, home: str) -> None:
    with visit(browser, home, **DESKTOP) as page:
        page.goto("/-/search?q=จังหวัด")
        order = walk(page, 120)
    assert order[0] == "skip"
    places = [order.index(place) for place in ("banner", "ask", "facets", "hits")]
    assert places == sorted(places)
    with visit(browser, home, **DESKTOP) as page:
        page.goto("/-/search?q=จังหวัด")
        for key in ("Tab", "Tab", "Enter", "Tab"):  # the second link skips to the results
            page.keyboard.press(key)
        assert page.locator(":focus").evaluate("link => link.matches('.hits li:first-child a')")
    with visit(browser, home, **DESKTOP) as page:
        page.goto("/")
        order = walk(page, 40)
        assert [place for place in dict.fromkeys(order) if place][:4] == [
            "skip", "banner", "ask", "main",
        ]  # fmt: skip


def walk(page: Page, presses: int) -> list[str]:
    """Return in which part of a page each press of the tab key lands; every place must be seen."""
    order = []
    for _ in range(presses):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.count() == 0:  # past the last one
            break
        order.append(
            focused.evaluate(
                """element => {
                  const style = getComputedStyle(element)
                  if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2)
                    return "unseen " + element.outerHTML
                  if (element.matches(".skip")) return "skip"
                  if (element.closest("header.site")) return "banner"
                  if (element.closest("form[role=search]")) return "ask"
                  for (const name of ["facets", "hits"])
                    if (element.closest("." + name)) return name
                  return element.closest("main") ? "main" : ""
                }"""
            )
        )
    assert [place for place in order if place.startswith("unseen")] == []
    return order


def test_pages_have_no_animations(browser: Browser, home: str) -> None:
    with visit(browser, home, **DESKTOP) as page:
        for path in ("/", "/-/dashboard", "/thaigov/ministries"):
            page.goto(path)
            assert page.evaluate(MOVING) == 0, path


def test_printing_an_article_omits_the_rest_of_the_page(
    browser: Browser, home: str, tmp_path: Path
) -> None:
    with visit(browser, home, color_scheme="dark") as page:
        page.goto("/thaigov/articles/1")
        page.emulate_media(media="print")
        expect(page.get_by_role("article")).to_be_visible()
        for part in ("header.site", "footer.site", ".neighbours", ".skip"):
            expect(page.locator(part)).to_be_hidden()
        body = page.locator(".body p").first
        assert body.evaluate("element => getComputedStyle(element).color") == "rgb(0, 0, 0)"
        keep(page, "paper", tmp_path)
