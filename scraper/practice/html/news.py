"""Renders drafts in the ``news`` layout, where scripts fill in the pages from JSON.

The tab title, the date line, the first words of the footer and three words of the pager are those
of the real site; all tags and JSON URLs are guesses. ``Delivery`` says whether a page is sent with
its text or as an empty shell. ``static/app.js`` builds the same page from the JSON as the server
rendering here.
"""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64encode
from datetime import datetime
from functools import cache
from hashlib import sha256
from html import escape, unescape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, TypedDict

from scraper.clock import BANGKOK
from scraper.model import Attachment, Layout
from scraper.practice.html.pasted import Paste, audio_player, furniture
from scraper.practice.prose.dates import short_date
from scraper.practice.prose.drafts import MEDIA, Delivery
from scraper.sources import PATHS

if TYPE_CHECKING:
    from random import Random

    from scraper.practice.prose.drafts import Draft
    from scraper.practice.prose.written import Text

TITLE = "รัฐบาลไทย"
OFFICE = "สำนักเลขาธิการนายกรัฐมนตรี"
ARCHIVES = "https://archives.practice.example/uploads"

WITH_TEXT = frozenset({Delivery.SERVER, Delivery.JSON_LD, Delivery.NEXT_DATA})
"""Deliveries that can be read without a browser."""

_PROXY = MEDIA.removesuffix("/uploads")
_SCRIPT = '<script src="/_app/app.js" defer></script>'


class ArticleData(TypedDict):
    """An article as JSON. ``content`` is HTML; ``markup`` is ``semantic`` or ``divs``."""

    id: int
    language: str
    title: str
    page_title: str
    date: str
    published: str
    content: str
    images: list[str]
    documents: list[str]
    markup: str


class ListedArticle(TypedDict):
    """An article in the JSON of a listing."""

    path: str
    title: str
    date: str


def article_data(draft: Draft, number: int, rng: Random) -> ArticleData:
    """Return the JSON of an article; ``rng`` only affects its dirt."""
    # Cloudflare's e-mail protection does not rewrite JSON.
    paste = Paste(draft, rng, hides_emails=False)
    lines = (*draft.copies, *(text.string for text in (*shown_body(draft), *draft.tail)))
    audio = audio_player(proxied(draft.audio)) if draft.audio else ""
    return {
        "id": number,
        "language": draft.language,
        "content": audio + paste.body(lines) + furniture(draft.furniture),
        "title": paste.dirty(draft.title),
        "page_title": unescape(draft.page_title) if draft.page_title else draft.title,
        "date": shown_date(draft),
        "published": datetime.combine(draft.published_on, draft.published_at, BANGKOK).isoformat(),
        "images": [proxied(url) for url in draft.images],
        "documents": [proxied(url) for url in draft.documents],
        "markup": "divs" if draft.delivery is Delivery.DIVS else "semantic",
    }


def article_page(draft: Draft, number: int, rng: Random) -> str:
    """Return the HTML sent for an article: an empty shell or the whole page."""
    if draft.delivery not in WITH_TEXT:
        return shell_page(draft.language)
    data = article_data(draft, number, rng)
    if draft.delivery is Delivery.NEXT_DATA:
        return shell_page(draft.language, _embedded("application/json", _next_data(data)))
    is_linked = draft.delivery is Delivery.JSON_LD
    head = _embedded("application/ld+json", _json_ld(draft, data)) if is_linked else ""
    return whole_page(data, head)


def whole_page(data: ArticleData, head: str = "") -> str:
    """Return the page that ``app.js`` builds from the JSON of an article."""
    document = "Document" if data["language"] == "en" else "เอกสารประกอบ"
    app = _WHOLE[data["markup"]].substitute(
        title=escape(data["title"], quote=False),
        published=data["published"],
        date=data["date"],
        pictures="".join(f'<img src="{escape(url)}" alt="">' for url in data["images"]),
        content=data["content"],
        documents="".join(
            f'<li><a href="{escape(url)}">{document}</a></li>' for url in data["documents"]
        ),
        office=OFFICE,
    )
    title = f"{TITLE} | {escape(data['page_title'], quote=False)}"
    return _page(language=data["language"], title=title, head=head, app=app)


def shell_page(language: str, head: str = "") -> str:
    """Return an empty page with the script that fills it in."""
    return _page(language=language, title=TITLE, head=f"{head}{_SCRIPT}", app="")


def not_found_page(language: str) -> str:
    """Return a "not found" page that works without scripts."""
    return _page(language=language, title=TITLE, head="", app="<h1>404 Not Found</h1>")


def listed(draft: Draft, number: int) -> ListedArticle:
    """Return the listing entry of an article."""
    return {
        "path": PATHS[Layout.NEWS][1].format(language=draft.language, number=number),
        "title": draft.title,
        "date": short_date(draft.published_on),
    }


def shown_date(draft: Draft) -> str:
    """Return the date line, ``วันที่ : 21/08/2568 09:30``; English pages have it too."""
    return f"วันที่ : {short_date(draft.published_on)} {draft.published_at:%H:%M}"


def shown_body(draft: Draft) -> tuple[Text, ...]:
    """Return the paragraphs of a draft, or its lead if it has none: the layout has no lead."""
    return draft.paragraphs or ((draft.lead,) if draft.lead else ())


def shown_files(draft: Draft) -> tuple[Attachment, ...]:
    """Return the files of a draft, with their proxy URLs."""
    return tuple(
        Attachment(kind=file.kind, url=proxied(file.url), original=_archived(file.url))
        for file in draft.attachments
    )


def proxied(url: str) -> str:
    """Return the signed proxy URL of a file."""
    signature = urlsafe_b64encode(sha256(url.encode()).digest()).decode()
    return f"{_PROXY}/{signature}/{_archived(url)}"


def _archived(url: str) -> str:
    return url.replace(MEDIA, ARCHIVES)


def _page(**parts: str) -> str:
    return _frame().substitute(parts)


@cache
def _frame() -> Template:
    return Template(Path(__file__).with_name("shell.html").read_text("utf-8"))


def _embedded(kind: str, data: object) -> str:
    """Return data as JSON in a script element that is not executed."""
    text = json.dumps(data, ensure_ascii=False).replace("</", "<\\/")
    identity = ' id="__NEXT_DATA__"' if kind == "application/json" else ""
    return f'<script{identity} type="{kind}">{text}</script>\n'


def _next_data(data: ArticleData) -> dict[str, object]:
    return {"props": {"pageProps": {"article": data}}, "page": "/[lang]/news/[id]"}


def _json_ld(draft: Draft, data: ArticleData) -> dict[str, object]:
    lines = (text.string for text in (*shown_body(draft), *draft.tail))
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": draft.title,
        "datePublished": data["published"],
        "inLanguage": draft.language,
        "image": data["images"],
        "articleBody": "\n".join(lines),
        "publisher": {"@type": "GovernmentOrganization", "name": OFFICE},
    }


_SEMANTIC = """
<header><a href="/"><img src="/_app/logo.svg" alt="">เว็บไซต์ฝึกหัด</a>
<nav><a href="/th/news">ข่าวทั้งหมด</a> <a href="/en/news">News in English</a></nav>
<p>ปรับปรุงระบบครั้งล่าสุดเมื่อ 30 มกราคม 2560 เวลา 23.59 น.</p></header>
<aside><h2>แนะนำ</h2>
<p><a href="/th/gallery/7">ภาพงานวันเด็ก วันเสาร์ที่ 11 มกราคม 2568</a></p>
<p><a href="/th/ebook/3">วารสารกระทรวงคมนาคม ฉบับที่ 4/2567 #ข่าวแนะนำ</a></p></aside>
<main><article>
<h1 class="headline">$title</h1>
<p class="date"><time datetime="$published">$date</time></p>
<div class="pictures">$pictures</div>
<div class="content">$content</div>
<ul class="documents">$documents</ul>
</article></main>
<footer><p>$office</p>
<p>เลขที่ 1 ถนนฝึกหัด แขวงสมมุติ เขตตัวอย่าง</p>
<p>โทร. 0 2000 0000</p>
<p>สงวนลิขสิทธิ์ พ.ศ. 2568 เว็บไซต์ฝึกหัด กระทรวงดิจิทัลเพื่อเศรษฐกิจและสังคม</p></footer>
"""
_MEANINGFUL = re.compile(r"(?<=[</])(?:header|nav|aside|main|article|h1|time|footer)\b")
_WHOLE = {
    "semantic": Template(_SEMANTIC),
    "divs": Template(
        _MEANINGFUL.sub(lambda name: "span" if name[0] == "time" else "div", _SEMANTIC)
    ),
}
