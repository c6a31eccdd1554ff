"""An invented press release as HTML of both layouts and as a corpus file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bs4 import BeautifulSoup

from scraper.model import Origin
from tests.factories import make_capture

if TYPE_CHECKING:
    from bs4.element import Tag

    from scraper.model import Capture

URL = "https://www.thaigov.go.th/news/contents/details/70001"
LONG, SHORT = "วันพฤหัสบดีที่ 21 สิงหาคม 2568", "21/08/2568"
HEADLINE = "กรมทดสอบเปิดศูนย์ซ่อมว่าวแห่งแรก จังหวัดสมมุติ"
LEAD = "ศูนย์นี้รับซ่อมว่าวทุกชนิดโดยไม่คิดค่าบริการ"
BODY = [
    "นายสมมติ ใจดี อธิบดีกรมทดสอบ เปิดเผยว่า ศูนย์ซ่อมว่าวจะเปิดทุกวันเสาร์",
    "ผู้สนใจนำว่าวมาซ่อมได้โดยไม่ต้องนัดล่วงหน้า",
]
NEWS = "https://www.thaigov.go.th/th/news/165000"
STAMP = "วันที่ : 21/08/2568 14:30"
OFFICE = "สำนักเลขาธิการนายกรัฐมนตรี"
PREFIX = "รัฐบาลไทย-ข่าวทำเนียบรัฐบาล-"


def block(html: str) -> Tag:
    """Return the HTML as the content of a block element."""
    found = BeautifulSoup(f"<div>{html}</div>", "lxml").div
    assert found
    return found


def html_page(
    *,
    title: str = PREFIX + HEADLINE,
    headline: str = HEADLINE,
    lead: str = LEAD,
    body: str = f"<p>{BODY[0]}</p><p>{BODY[1]}</p>",
    header: str = f"<p><span></span><span>  {LONG}  </span></p><p>{SHORT}</p><p>พิมพ์</p>",
    category: str = "ด้านเศรษฐกิจ ",
) -> str:
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title></head><body>
<div id="banner-group"><a href="/news/contents/details/5">วันศุกร์ที่ 1 สิงหาคม 2568</a></div>
<span class="Circular headtitle-2 font_level6 color2 col-xs-9 remove-xs">{category}</span>
<div class="border-normal clearfix">{header}
<div class="news-2"><figure><img src="https://media.thaigov.go.th/a/1_ว่าว 1.jpg"></figure></div>
<div class="col-sm-6 news-2"><h3 class="news-1 Circular color2"> {headline}</h3><p> {lead}</p></div>
{body}</div>
<div class="col-sm-12 hidden-print">แชร์ #ไม่ใช่แท็ก</div></body></html>"""


def news_page(main: str, *, title: str = HEADLINE, head: str = "", footer: str = OFFICE) -> str:
    """Return a rendered page of the ``news`` layout; only ``main`` and ``footer`` may contain
    semantic elements."""
    return f"""<!DOCTYPE html><html lang="th"><head><meta charset="utf-8">
<title>รัฐบาลไทย | {title}</title>{head}<script src="/app.js"></script></head><body><div id="app">
<div class="top"><img src="/logo.svg"><a href="/th/news">ข่าวทั้งหมด</a></div>
{main}
<div class="bottom"><div>{footer}</div><div>ทำเนียบรัฐบาล เลขที่ 1 ถนนตัวอย่าง</div>
<div>โทร. 0 2000 0000</div></div></div></body></html>"""


def plain_news(
    *, headline: str = HEADLINE, stamp: str = STAMP, body: str = f"<p>{BODY[0]}</p><p>{BODY[1]}</p>"
) -> str:
    return f"<div><div>{headline}</div><div>{stamp}</div><br><div>{body}</div></div>"


def corpus_text(
    *lines: str, title: str = PREFIX + HEADLINE, source: str | None = f"ที่มา : {URL}"
) -> str:
    return "\n".join([title, "", "", *lines, "", *filter(None, [source])])


def capture(
    body: str | bytes,
    *,
    url: str = URL,
    status: int | None = 200,
    content_type: str = "text/html; charset=utf-8",
    source: str | None = None,
) -> Capture:
    return make_capture(
        url=url,
        origin=Origin.CORPUS if source else Origin.WAYBACK,
        body=body.encode() if isinstance(body, str) else body,
        status=None if source else status,
        content_type="text/plain; charset=utf-8" if source else content_type,
        source=source,
    )
