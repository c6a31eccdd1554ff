"""Creates small captures, articles and pages with sensible defaults."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from scraper.facts import KINDS
from scraper.model import Article, Capture, Layout, Origin, Outcome, Page
from scraper.sources import PRACTICE, article_url
from scraper.warc.record import digest_of

MOMENT = datetime(2025, 8, 21, 3, 0, 0, tzinfo=UTC)
FIRST, SECOND = "โรงงานเปิดประตูให้ชาวบ้านเข้าชม", "โรงงานปิดประตูเพราะฝนตกหนัก"


def make_capture(number: int = 1, body: bytes = b"<p>page</p>", **fields: Any) -> Capture:
    """Return a live capture of a practice article that is not stored yet."""
    defaults = {
        "url": article_url(PRACTICE, Layout.CONTENTS, number),
        "fetched_at": MOMENT,
        "origin": Origin.LIVE,
        "status": 200,
        "content_type": "text/html; charset=utf-8",
        "body": body,
        "digest": digest_of(body),
    }
    return Capture.model_validate({**defaults, **fields})


def make_article(number: int = 1, **fields: Any) -> Article:
    """Return a practice article as the stages complete it.

    Facts are given by the name of their kind, such as ``dates``.
    """
    defaults = {
        "url": article_url(PRACTICE, Layout.CONTENTS, number),
        "site": PRACTICE.slug,
        "layout": Layout.CONTENTS,
        "site_id": number,
        "title": f"หัวข้อข่าวที่ {number}",
        "body": "ย่อหน้าแรกของข่าว\nย่อหน้าที่สอง",
        "published_on": date(2025, 8, 21),
        "published_raw": "วันพฤหัสบดีที่ 21 สิงหาคม 2568",
        "parser": "contents/1",
        "words": ("ย่อหน้า", "แรก"),
        "engine": "test",
    }
    facts = {
        kind.name: tuple(fields.pop(kind.name))
        for kind in KINDS
        if kind.find and kind.name in fields
    }
    return Article.model_validate({**defaults, **fields, "facts": facts})


def make_page(capture: Capture, article: Article | None, **fields: Any) -> Page:
    """Return a page whose capture is stored."""
    outcome = Outcome.MISSING if article is None else Outcome.ARTICLE
    return Page(capture=capture, article=article, **{"outcome": outcome, **fields})


def make_corpus_file(number: int = 1, sentence: str = FIRST, day: int = 0) -> Capture:
    """Return a capture of a corpus file with one sentence, fetched on a day after ``MOMENT``."""
    url = article_url(PRACTICE, Layout.CONTENTS, number)
    title = f"หัวข้อข่าวทดลองหมายเลข {number}"
    text = (
        f"รัฐบาลไทย-ข่าวทำเนียบรัฐบาล-{title}\n\n\nวันพฤหัสบดีที่ 21 สิงหาคม 2568\n{title}\n.....\n"
        f"{sentence} เมื่อวันที่ 20 สิงหาคม 2568\n\nที่มา : {url}"
    )
    return make_capture(
        number,
        body=text.encode(),
        digest=digest_of(text.encode()),
        fetched_at=MOMENT + timedelta(days=day),
        origin=Origin.CORPUS,
        status=None,
        content_type="text/plain; charset=utf-8",
        source=f"data/2025/08/{day + 1:02}/ด้านทดลอง_{number}.txt",
    )
