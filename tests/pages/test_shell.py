"""Shells, and pages that look similar."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scraper import pages
from scraper.model import Outcome
from scraper.pages.shell import is_shell
from tests.pages.news.test_parser import json_ld, next_data, shell
from tests.pages.record import RECORDED
from tests.pages.samples import BODY, HEADLINE, NEWS, STAMP, capture, html_page, news_page
from tests.pages.test_detect_challenges import PAGES as CHALLENGES

if TYPE_CHECKING:
    from pathlib import Path

SCRIPT = "<script src='/app.js'></script>"
MENU = "".join(f"<a href='/{n}'>เมนูที่ {n}</a><br>" for n in range(12))
SHELLS = {
    "bare": shell(),
    "no title": shell(title=""),
    "any title": shell(title="Loading"),
    "module": "<body><div id='app'></div><script type='module'>load()</script></body>",
    "noscript": f"<body><noscript>{BODY[0] * 9}</noscript>{SCRIPT}</body>",
    "spinner": f"<body><div id='app'><p>กำลังโหลด…</p></div>{SCRIPT}</body>",
    "skeleton": f"<header><nav>{MENU * 9}</nav></header><main></main><footer>{BODY[0]}</footer>"
    f"{SCRIPT}",
    "skeleton in divs": f"<div>{MENU}</div><div id='app'></div><div>โทร. 0 2000 0000</div>{SCRIPT}",
    "a list of articles": shell(head=next_data(title="ก", id=1)),
    "data of something else": shell(head="<script type='application/json'>{\"a\": 1}</script>"),
}
PAGES = {
    "article": news_page(f"<div>{HEADLINE}</div><div>{STAMP}</div>"),
    "old article": html_page(body="").replace("</body>", SCRIPT + "</body>"),
    "old missing page": shell(title="รัฐบาลไทย-ข่าวทำเนียบรัฐบาล-"),
    "date line alone": f"<p>{STAMP}</p>{SCRIPT}",
    "text without markers": f"<p>{BODY[0] * 3}</p>{SCRIPT}",
    "much text in short lines": f"{'<p>ข้อความสั้น ๆ ของหน้านี้</p>' * 20}{SCRIPT}",
    "missing": f"<title>รัฐบาลไทย</title><main>ไม่พบหน้าที่ต้องการ</main>{SCRIPT}",
    "failed": f"<title>รัฐบาลไทย</title><main>เกิดข้อผิดพลาด</main>{SCRIPT}",
    "json-ld": shell(head=json_ld()),
    "next-data": shell(head=next_data(), title=f"รัฐบาลไทย | {HEADLINE}"),
    "no script": "<html><body><div id='app'></div></body></html>",
    "no html": "error code: 1020",
    "empty": "",
}


@pytest.mark.parametrize("html", SHELLS.values(), ids=SHELLS)
def test_shells_are_recognised_and_have_no_problems(html: str) -> None:
    assert is_shell(html)
    page = pages.read(capture(html, url=NEWS))
    assert (page.outcome, page.problems) == (Outcome.SHELL, [])


@pytest.mark.parametrize("html", PAGES.values(), ids=PAGES)
def test_other_pages_are_not_shells(html: str) -> None:
    assert not is_shell(html)


@pytest.mark.parametrize("html", [page for _, page in CHALLENGES])
def test_challenges_are_not_shells(html: str) -> None:
    assert not is_shell(html)
    assert not is_shell(html + SCRIPT) or "<" not in html


@pytest.mark.parametrize("path", sorted(RECORDED.glob("*.html")), ids=lambda path: path.stem)
def test_recorded_pages_are_not_shells(path: Path) -> None:
    assert not is_shell(path.read_text("utf-8"))


def test_rendered_page_is_never_a_shell() -> None:
    rendered = capture(shell(), url=NEWS, status=None).model_copy(update={"rendered": True})
    page = pages.read(rendered)
    assert page.outcome is Outcome.UNPARSED
    assert [problem.kind for problem in page.problems] == ["no-article"]
