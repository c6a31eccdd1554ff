"""Routes of a practice site, for each layout.

Knows which pages exist and how they link to each other; the site makes their content, and the
server handles requests and answers.
"""

from __future__ import annotations

import re
import time
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode, urlsplit

from scraper.model import Layout
from scraper.practice.html.contents import listing_page, page, search_page
from scraper.practice.html.news import WITH_TEXT, listed, not_found_page, shell_page
from scraper.practice.prose.drafts import Delivery
from scraper.practice.server.answers import SCRIPT, Answer, html_answer, json_answer, moved_answer
from scraper.practice.site.deliveries import GONE_STATUS
from scraper.sources import PATHS

if TYPE_CHECKING:
    from scraper.practice.site.base import BaseSite

_CONTENTS, _CONTENTS_HOME = "/news/contents", ("/", "/main/contents")
_SECTIONS = ("/", "/th", "/en", "/th/news", "/en/news")
_DATA = re.compile(r"/api/news(?:/(\d{1,9}))?")
_STATIC, _ANALYTICS = "/_app/", "/_analytics/collect.js"
_TYPES = {".js": SCRIPT, ".css": "text/css", ".svg": "image/svg+xml"}
_ALLOWED = {Layout.CONTENTS: ("/news/",), Layout.NEWS: ("/th/", "/en/", "/api/")}
_WAIT = 0.3  # seconds; delay of slow JSON


class Asked(NamedTuple):
    """A requested page.

    Attributes:
        path, query: parts of its URL; for a repeated parameter the last value.
        base: scheme, host and port of the server.
    """

    path: str
    query: dict[str, str]
    base: str

    @property
    def page(self) -> int | None:
        """The page number of a listing, None if it is not a positive integer."""
        page = self.query.get("page", "1")
        return int(page) if page.isdecimal() and int(page) else None


def contents_answer(site: BaseSite, asked: Asked) -> Answer | None:
    """Return the answer of a ``contents`` site, None if it has no such page."""
    if match := PATHS[Layout.CONTENTS][0].match(asked.path):
        number = int(match["number"])
        changed_at = site.changed_at(number) if site.exists(number) else None
        return html_answer(site.html(number), changed_at)
    if asked.path in _CONTENTS_HOME:
        return _contents_listing(site, asked._replace(query={}), "หน้าแรก")
    if asked.path == _CONTENTS:
        return _contents_listing(site, asked, "ข่าวทั้งหมด")
    if asked.path == "/search":
        return _search(site, asked.query.get("keyword", ""), asked.base)
    return None


def news_answer(site: BaseSite, asked: Asked) -> Answer | None:
    """Return the answer of a ``news`` site, None if it has no such page."""
    if match := PATHS[Layout.NEWS][0].match(asked.path):
        return _news_article(site, int(match["number"]), match["language"])
    if match := _DATA.fullmatch(asked.path):
        return _data(site, asked, int(match[1])) if match[1] else _listing_data(site, asked)
    if match := PATHS[Layout.CONTENTS][0].match(asked.path):
        address = site.successor(int(match["number"]))
        return moved_answer(urlsplit(address).path if address else "/th/news")
    if asked.path == "/sitemap.xml":
        return _sitemap(asked.base)
    return _fixed().get(asked.path)


def robots_answer(layout: Layout, base: str, crawl_delay: float | None) -> Answer:
    """Return the robots.txt of a site."""
    lines = ["User-agent: *", "Disallow: /search", "Disallow: /admin/"]
    lines += [f"Allow: {path}" for path in _ALLOWED[layout]]
    if crawl_delay is not None:
        lines.append(f"Crawl-delay: {crawl_delay:g}")
    if layout is Layout.NEWS:
        lines += ["", f"Sitemap: {base}/sitemap.xml"]
    return Answer(HTTPStatus.OK, "\n".join(lines).encode(), "text/plain")


def no_such_page() -> Answer:
    """Return the 404 answer for an unknown path."""
    return Answer(HTTPStatus.NOT_FOUND, page("404", "<h1>404</h1>").encode())


ANSWERS = {Layout.CONTENTS: contents_answer, Layout.NEWS: news_answer}


def _contents_listing(site: BaseSite, asked: Asked, heading: str) -> Answer | None:
    if asked.page is None:
        return None
    category = asked.query.get("category")
    articles = site.listing(asked.page, category)
    neighbours = [n for n in (asked.page - 1, asked.page + 1) if n and (articles or n == 1)]
    same = {"category": category} if category else {}
    return html_answer(
        listing_page(
            heading,
            ((f"{_CONTENTS}/details/{number}", title) for number, title in articles),
            ((n, f"{_CONTENTS}?{urlencode({**same, 'page': n})}") for n in neighbours),
        )
    )


def _search(site: BaseSite, keyword: str, base: str) -> Answer:
    found = site.search(keyword) if keyword else []
    addresses = ((f"{base}{_CONTENTS}/details/{number}", title) for number, title in found)
    return html_answer(search_page(keyword, addresses))


def _news_article(site: BaseSite, number: int, language: str) -> Answer:
    """Return the page of a number: with its text, as a shell, or a 404 for some gaps."""
    draft = site.draft(number)
    if draft and draft.language == language:
        has_text = draft.delivery in WITH_TEXT
        return html_answer(site.html(number), site.changed_at(number) if has_text else None)
    if draft is None and site.gap(number) == GONE_STATUS:
        return Answer(HTTPStatus.NOT_FOUND, not_found_page(language).encode())
    return html_answer(shell_page(language))


def _data(site: BaseSite, asked: Asked, number: int) -> Answer:
    draft = site.draft(number)
    if draft is None or draft.language != asked.query.get("lang", "th"):
        return json_answer({"error": "no such article"})._replace(status=HTTPStatus.NOT_FOUND)
    if draft.delivery is Delivery.SLOW:
        time.sleep(_WAIT)
    return json_answer(site.data(number), site.changed_at(number))


def _listing_data(site: BaseSite, asked: Asked) -> Answer | None:
    if asked.page is None:
        return None
    language = asked.query.get("lang", "th")
    found, more = (site.listing(page, None, language) for page in (asked.page, asked.page + 1))
    drafts = ((number, site.draft(number)) for number, _ in found)
    articles = [listed(draft, number) for number, draft in drafts if draft]
    return json_answer({"articles": articles, "page": asked.page, "more": bool(more)})


def _sitemap(base: str) -> Answer:
    places = "".join(f"<url><loc>{base}{path}</loc></url>\n" for path in _SECTIONS)
    text = f"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
{places}</urlset>
"""
    return Answer(HTTPStatus.OK, text.encode(), "application/xml")


@cache
def _fixed() -> dict[str, Answer]:
    """Return the answers that all ``news`` sites share, by path: shells and static files."""
    shells = {
        path: html_answer(shell_page("en" if path.startswith("/en") else "th"))
        for path in _SECTIONS
    }
    files = {
        f"{_STATIC}{file.name}": Answer(HTTPStatus.OK, file.read_bytes(), _TYPES[file.suffix])
        for file in Path(__file__).with_name("static").iterdir()
    }
    return {**shells, **files, _ANALYTICS: Answer(HTTPStatus.OK, b"var counted = 1;", SCRIPT)}
