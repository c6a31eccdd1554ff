"""Hostile text on every page: nothing runs, nothing leaves, nothing breaks, in Chromium and before.

A page added later is covered once it is in ``tests.browse.pages``, and must be there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from scraper.archive.database import open_for_reading
from scraper.browse.adoption import adopted
from scraper.browse.hooks import Hooks
from scraper.browse.metadata import canned_queries
from tests.browse.chromium import LOOKS, needs_chromium, visit
from tests.browse.hostile import LONG_WORD, MANY, PAYLOADS
from tests.browse.pages import FILES, PAGES, PARAMETERS
from tests.browse.test_security import HERE, audit

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.browse.conftest import Site

FIRST_OF_MANY = len(PAYLOADS) + 1
TEXTS = (*PAYLOADS, LONG_WORD[:3000])  # servers refuse longer addresses
READ = [*dict.fromkeys(path.partition("?")[0] for path in PAGES if not path.endswith("/raw"))]
OF_AN_ARTICLE = re.compile(r"\{(person|article|capture)\}")
# What the browser says of a captured page that it may not run; see test_replay.
SANDBOXED = ("sandboxed", "Content Security Policy", "X-Frame-Options", "net::ERR_BLOCKED_BY")
# Where a text leads that the page, or an address in it, must not.
LEADS_AWAY = """() => [...document.querySelectorAll("[href], [src], [action], [formaction]")]
  .flatMap(e => ["href", "src", "action", "formaction"].map(name => e.getAttribute(name) || ""))
  .filter(url => /^[\\s\\x00-\\x20]*(javascript|vbscript|data):/i.test(url))"""


def filled(path: str, article: int, text: str = "owned") -> str:
    """Return the address of a page of the hostile archive."""
    return path.format(
        text=quote(text, safe=""), name="thaigov", article=article, person=article,
        capture=2 * article, agency="diw", ministry="industry", province="TH-20",
    )  # fmt: skip


def test_every_route_of_ours_has_an_example(hostile: Site) -> None:
    found = adopted(hostile.datasette)
    assert found is not None
    examples = [filled(path, 1).partition("?")[0] for path in (*PAGES, *FILES)]
    routes = [route for route, _ in Hooks(hostile.datasette, found).routes()]
    assert len(routes) > 20
    assert [route for route in routes if not any(re.match(route, one) for one in examples)] == []


def test_the_archive_is_hostile_everywhere(hostile_db: Path) -> None:
    """Each table that a reader sees, apart from our own reference tables, has an attack."""
    ours = {"ministries", "agencies", "provinces", "districts", "runs", "article_links",
            "related_articles", "frontier"}  # fmt: skip
    with open_for_reading(hostile_db) as db:
        for table in db.tables:
            if (
                table.name in ours
                or table.name.startswith(("_", "sqlite_"))
                or "_fts" in table.name
            ):
                continue
            if table.name in {"watches", "watch_seen", "date_mentions"}:
                continue
            columns = " OR ".join(f"instr({c.name}, 'owned')" for c in table.columns)
            (attacks,) = db.execute(f"SELECT count(*) FROM {table.name} WHERE {columns}").fetchone()
            assert attacks >= sum("owned" in text for text in PAYLOADS), table.name


@pytest.mark.parametrize("path", READ)
def test_parameters_of_pages_stay_text(hostile: Site, path: str) -> None:
    """Each page gets q and a third of all parameters, and each parameter goes to many pages."""
    at = READ.index(path)
    names, texts = ("q", *PARAMETERS[at % 3 :: 3]), (TEXTS[at:] + TEXTS[:at])
    for name, text in zip(names, texts, strict=False):  # there are more texts than names
        address = f"{filled(path, 1)}?{name}={quote(text, safe='')}"
        page = audit(hostile, address)
        assert page.status in {200, 400}, address
        assert page.faults == ["iframe"] * path.endswith("/page"), address
        assert [load for load in page.loads if not load.startswith(HERE)] == []


def test_tables_and_queries_stay_text(hostile: Site, hostile_db: Path) -> None:
    with open_for_reading(hostile_db) as db:
        tables = [*db.table_names(), *db.view_names()]
    shown = [
        name for name in tables if not name.startswith(("_", "sqlite_")) and "_fts" not in name
    ]
    queries = [query.name for query in canned_queries()]
    assert len(shown) > 25
    for name in (*shown, *queries):
        page = audit(hostile, f"/thaigov/{name}?_size=30")
        assert page.faults == [], name
        assert [load for load in page.loads if not load.startswith(HERE)] == []
        assert not [link for link in page.links if "script:" in link["href"].lower()[:14]]


def test_every_article_is_audited(hostile: Site) -> None:
    """Also the longest; each page of it is of bounded length."""
    for number in range(1, FIRST_OF_MANY + len(MANY)):
        for path in ("/thaigov/articles/{article}", "/thaigov/articles/{article}/versions/1"):
            page = audit(hostile, filled(path, number))
            assert page.faults == []


# Last: while the browser runs, this thread can run no other event loop.
@needs_chromium
@pytest.mark.parametrize("path", PAGES)
def test_no_page_runs_sends_or_breaks(browser: Browser, den: str, path: str) -> None:
    articles = range(FIRST_OF_MANY, FIRST_OF_MANY + len(MANY))
    is_captured = "/captures/" in path
    with visit(
        browser, den, SANDBOXED if is_captured else ("status of 400",), **LOOKS["phone"]
    ) as page:
        for article in articles if OF_AN_ARTICLE.search(path) else articles[:1]:
            if "/{name}/" in path and MANY[article - FIRST_OF_MANY] == LONG_WORD:
                continue  # a body of one word is laid out by the browser alone, which takes long
            text = MANY[article - FIRST_OF_MANY][:200]
            answer = page.goto(filled(path, article, text), timeout=20_000)
            assert answer is not None
            assert answer.status in {200, 400}, page.url
            assert page.evaluate(LEADS_AWAY) == [] or path.endswith("/raw")
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0 or path.endswith("/raw"), f"{page.url} is {wide} pixels too wide"
            page.mouse.move(180, 300)
            page.keyboard.press("Tab")
