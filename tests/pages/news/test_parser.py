"""Parser of the ``news`` layout in various markups: articles, missing pages, failures."""

from __future__ import annotations

import json
import time
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper import pages
from scraper.model import Article, Attachment, Layout, Outcome, Page
from scraper.pages.trace import SelectorTrace
from tests.pages.samples import (
    BODY,
    HEADLINE,
    LEAD,
    NEWS,
    OFFICE,
    STAMP,
    capture,
    news_page,
    plain_news,
)

DAY = date(2025, 8, 21)
TEXT = f"<p>{BODY[0]}</p><p>{BODY[1]}</p>"
PROXY = "https://media.thaigov.go.th/t0k3n=/"
IMAGE = "https://archives.thaigov.go.th/uploads/thumbnail/news/2025/08/ว่าว 1.jpg"
PAPER = "https://archives.thaigov.go.th/uploads/document/5/2025/08/pdf/ว่าว#2.pdf"
ENGLISH = "<p>The Department of Tests opened the first kite repair centre of the country.</p>"


def read(html: str, url: str = NEWS, trace: SelectorTrace | None = None) -> Page:
    return pages.read(capture(html, url=url), trace)


def article(html: str, url: str = NEWS) -> Article:
    page = read(html, url)
    assert page.article, page.problems
    return page.article


def kinds(page: Page) -> list[str]:
    return [problem.kind for problem in page.problems]


def json_ld(**changes: Any) -> str:
    value = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": HEADLINE,
        "datePublished": "2025-08-21T07:30:00Z",
        "articleBody": "\n".join(BODY),
        "articleSection": "ด้านเศรษฐกิจ",
        "image": [PROXY + IMAGE],
        "publisher": {"@type": "Organization", "name": OFFICE},
    }
    text = json.dumps({"@graph": [value | changes]}, ensure_ascii=False)
    return f'<script type="application/ld+json">{text}</script>'


def next_data(**changes: Any) -> str:
    value = {
        "id": 165000,
        "title": HEADLINE,
        "content": TEXT,
        "publishDate": STAMP,
        "category": {"id": 3, "name": "ด้านเศรษฐกิจ"},
        "images": [{"url": PROXY + IMAGE}, {"url": "https://media.thaigov.go.th/no-suffix"}],
        "documents": [{"title": "แนบ", "src": PAPER}],
    }
    others = [{"id": n, "title": f"เรื่องที่ {n}", "content": "<p>อื่น</p>"} for n in (7, 8)]
    data = {"props": {"pageProps": {"related": others, "article": value | changes}}}
    text = json.dumps(data, ensure_ascii=False).replace("</", "<\\/")
    return f'<script id="__NEXT_DATA__" type="application/json">{text}</script>'


def shell(*, head: str = "", title: str = "รัฐบาลไทย") -> str:
    return f"""<html><head><title>{title}</title>{head}<script src="/app.js"></script></head>
<body><noscript>เปิดใช้งาน JavaScript</noscript><div id="__next"></div></body></html>"""


SEMANTIC = f"""<header><nav><a href="/th">หน้าแรก</a></nav></header><main>
<nav>หน้าแรก / ข่าว / {HEADLINE}</nav>
<article><h1>{HEADLINE}</h1><time datetime="2025-08-21T14:30:00+07:00">{STAMP}</time>
<img src="{PROXY}{IMAGE}"><div>{TEXT}</div><footer>#ว่าว</footer></article>
<aside><article><h2>เรื่องอื่น</h2><p>วันที่ : 20/08/2568 09:00</p></article></aside></main>
<footer>{OFFICE} ทำเนียบรัฐบาล</footer>"""


def test_plain_page_becomes_an_article() -> None:
    page = read(news_page(plain_news()), "http://thaigov.go.th/th/news/165000/")
    assert page.problems == []
    assert page.article == Article(
        url=NEWS,
        site="thaigov",
        layout=Layout.NEWS,
        site_id=165000,
        title=HEADLINE,
        body="\n".join(BODY),
        published_on=DAY,
        published_raw=STAMP,
        parser="news/2",
    )


PAGER = "<div>‹</div><div>1 (current)</div><div>2</div><div>Next</div>"
CELLS = f"<tr><td><h1>{HEADLINE}</h1></td></tr><tr><td>{STAMP}</td></tr>"
APART = "<dl><dt>วันที่ :</dt><dd>21/08/2568 14:30</dd></dl>"
MARKUPS = {
    "plain": news_page(plain_news()),
    "semantic": news_page(SEMANTIC, footer=""),
    "main alone": news_page(f"<main>{plain_news()}</main>"),
    "role": news_page(f"<div role='main'>{plain_news()}</div>"),
    "headline outside": news_page(
        f"<main><h1>{HEADLINE}</h1><article><p>{STAMP}</p>{TEXT}</article></main>"
    ),
    "headline below the date": news_page(f"<p>{STAMP}</p><h1>{HEADLINE}</h1>{TEXT}"),
    "breaks": news_page(f"{HEADLINE}<br>{STAMP}<br><br>{BODY[0]}<br>{BODY[1]}<br>"),
    "label apart": news_page(f"<h3>{HEADLINE}</h3>{APART}{TEXT}"),
    "table": news_page(f"<table>{CELLS}</table>{TEXT}"),
    "today at the top": news_page(f"<div>วันที่ : 30/08/2568 08:00</div>{plain_news()}"),
    "pager": news_page(plain_news() + PAGER),
    "json-ld": shell(head=json_ld()),
    "json-ld beside": news_page(plain_news(), head=json_ld()),
    "next-data": shell(head=next_data()),
    "next-data beside": news_page(plain_news(), head=next_data()),
    "two pieces of json": news_page(plain_news(), head=next_data() + json_ld()),
}


@pytest.mark.parametrize("html", MARKUPS.values(), ids=MARKUPS)
def test_the_text_does_not_depend_on_the_markup(html: str) -> None:
    page = read(html)
    assert page.outcome is Outcome.ARTICLE, page.problems
    assert page.article
    assert page.article.title == HEADLINE
    assert page.article.body == "\n".join(BODY)
    assert page.article.published_on == DAY
    assert page.problems == []


def test_semantic_elements_bound_the_article() -> None:
    page = read(MARKUPS["semantic"])
    assert page.problems == []
    assert page.article
    assert page.article.tail == "#ว่าว"  # the footer of the article is not the site's
    assert page.article.published_raw == STAMP
    assert [file.original for file in page.article.attachments] == [IMAGE]


def test_article_footer_may_name_the_office() -> None:
    own = f"ที่มา : {OFFICE}"
    assert article(MARKUPS["semantic"].replace("#ว่าว", own)).tail == own


def test_json_is_used_if_the_page_shows_no_article() -> None:
    found = article(shell(head=next_data(lead=LEAD)))
    assert (found.lead, found.category) == (LEAD, "ด้านเศรษฐกิจ")
    assert found.published_raw == STAMP
    assert [(file.kind, file.original) for file in found.attachments] == [
        ("image", IMAGE),
        ("document", None),
    ]
    assert article(shell(head=json_ld())).published_raw == "2025-08-21T07:30:00Z"


@pytest.mark.parametrize(
    ("html", "problems"),
    [
        (news_page(plain_news(), head=json_ld(headline="เรื่องอื่น")), []),
        (news_page(plain_news(), head=next_data(title="เรื่องอื่น")), ["title-differs"]),
        (news_page(plain_news(), head=json_ld(datePublished="2025-08-19")), ["date-differs"]),
        # Half past six in the evening of the 20th in London is the 21st in Bangkok.
        (news_page(plain_news(), head=json_ld(datePublished="2025-08-20T18:30:00Z")), []),
        (news_page(plain_news(), head=json_ld(articleBody="ลมแรงมาก")), ["text-differs"]),
        (news_page(plain_news(), head="<script type='application/ld+json'></script>"),
         ["malformed-json"]),
        (news_page(plain_news(), footer="หน่วยงาน"), ["no-footer"]),
        (news_page(plain_news(stamp="21/08/2568 14:30")), ["unlabelled-date"]),
        (news_page(plain_news(stamp="วันที่ : 31/02/2568 14:30")), ["impossible-date"]),
        (news_page(plain_news(headline="เรื่องอื่น")), ["no-headline"]),
        (news_page(plain_news(stamp=f"หมวดข่าว<br>{STAMP}")), ["unknown-header"]),
        (news_page(plain_news(body="")), ["no-body"]),
        (news_page(plain_news() + "<h3>ข่าวที่เกี่ยวข้อง</h3><p>อื่น</p>"), ["related-news-cut"]),
        (news_page(f"<article>{plain_news()}</article>" * 2), ["selector-ambiguous"]),
        (news_page(f"<h1>{HEADLINE}</h1>{plain_news()}", title=""), ["no-title"]),
        (news_page(plain_news() + "<font>" * 3000), ["page-cut-off", "no-footer"]),
    ],
)  # fmt: skip
def test_deviations_are_reported(html: str, problems: list[str]) -> None:
    page = read(html)
    assert page.outcome is Outcome.ARTICLE, page.problems
    assert kinds(page) == problems


@pytest.mark.parametrize(
    ("url", "title", "body", "language", "problems"),
    [
        ("/th/news/165000", HEADLINE, TEXT, "th", []),
        ("/en/news/165000", "Kites", ENGLISH, "en", []),
        ("/en/news/165000", HEADLINE, TEXT, "en", ["language-differs"]),
        ("/th/news/165000", "Kites", ENGLISH, "th", ["language-differs"]),
    ],
)
def test_language_comes_from_the_address_and_is_checked_against_the_text(
    url: str, title: str, body: str, language: str, problems: list[str]
) -> None:
    html = news_page(plain_news(headline=title, body=body), title=title)
    page = read(html, f"https://www.thaigov.go.th{url}")
    assert page.article
    assert page.article.language == language
    assert kinds(page) == problems


def test_files_and_links() -> None:
    body = f"""{TEXT}<p>อ่าน <a href="/th/news/9">ข่าวแรก</a></p><img src="{PROXY}{IMAGE}">
<p><img src="/icons/line.svg"><a href="{PROXY}{PAPER}">เอกสารประกอบ</a></p>"""
    found = article(news_page(plain_news(body=body)))
    assert found.attachments == (
        Attachment(kind="image", url=PROXY + IMAGE, original=IMAGE),
        Attachment(kind="document", url=PROXY + PAPER, original=PAPER),
    )
    assert found.links == ("https://www.thaigov.go.th/th/news/9",)
    assert found.body.endswith("อ่าน ข่าวแรก")


def test_text_may_name_the_office() -> None:
    last = f"{OFFICE} จะแจ้งวันนัดให้ทราบต่อไป"
    body = f"<p>{BODY[0]}</p><p>{OFFICE}</p><p>{BODY[1]}</p><p>{last}</p>"
    text = "\n".join([BODY[0], OFFICE, BODY[1], last])
    assert article(news_page(plain_news(body=body))).body == text
    assert article(news_page(f"<main>{plain_news(body=body)}</main>")).body == text
    assert article(news_page(plain_news(body=body), footer="")).body.startswith(text)


MISSING = "<main><h1>ไม่พบหน้าที่ต้องการ</h1><a href='/th'>กลับหน้าหลัก</a></main>"


@pytest.mark.parametrize(
    "html",
    [
        news_page(MISSING, title=""),
        news_page(MISSING, title="ไม่พบหน้าที่ต้องการ"),
        news_page(MISSING, title="").replace("รัฐบาลไทย | ", "รัฐบาลไทย"),
        news_page("<h2>404</h2><p>This page could not be found.</p>", title=""),
        news_page(f"<div>วันที่ : 30/08/2568 08:00</div>{MISSING}", title=""),
    ],
)
def test_missing_page(html: str) -> None:
    page = read(html)
    assert (page.outcome, page.problems) == (Outcome.MISSING, [])


@pytest.mark.parametrize(
    "main",
    [
        "<main><h1>ขออภัย ระบบขัดข้องชั่วคราว กรุณาลองใหม่ภายหลัง</h1></main>",
        "<main><h1>ไม่พบหน้าที่ต้องการ</h1><p>เกิดข้อผิดพลาดในการโหลดข้อมูล</p></main>",
        "<main></main>",
        "<main>กำลังโหลด…</main>",
        f"<main><h1>{HEADLINE}</h1></main>",
        f"<main><h1>{HEADLINE}</h1><p>{STAMP}</p><p>กำลังโหลด…</p></main>",
        "<ul><li><a href='/th/news/7'>เรื่องที่ 7</a> 20/08/2568</li></ul>",
    ],
)
@pytest.mark.parametrize("title", ["", HEADLINE])
def test_failed_pages_are_unparsed(main: str, title: str) -> None:
    page = pages.read(
        capture(news_page(main, title=title), url=NEWS).model_copy(update={"rendered": True})
    )
    assert page.outcome is Outcome.UNPARSED
    assert kinds(page)[-1] == "no-article"


@pytest.mark.parametrize("title", [f"{HEADLINE}", "รัฐบาลไทย-ข่าวทำเนียบรัฐบาล-", "Parked"])
def test_page_of_another_site_is_never_missing(title: str) -> None:
    page = read(f"<title>{title}</title><main>ไม่พบหน้าที่ต้องการ</main>")
    assert page.outcome is Outcome.UNPARSED
    assert "ไม่พบหน้าที่ต้องการ" in page.problems[-1].detail


def test_trace_has_matches_of_markers_and_chosen_sources() -> None:
    trace = SelectorTrace()
    read(news_page(plain_news(), head=json_ld()), trace=trace)
    found = {result.name: (len(result.matches), result.first) for result in trace.results}
    assert found["date line"] == (1, STAMP)
    assert found["headings"] == (0, "")
    assert found["text"] == (2, BODY[0])
    assert found["articles in JSON"] == (1, HEADLINE)
    assert trace.sources == {
        "title": "head > title",
        "published_on": "date line",
        "body": "body",
    }
    trace = SelectorTrace()
    read(shell(head=json_ld()), trace=trace)
    assert trace.sources["body"] == "JSON-LD"


LINES = st.lists(st.sampled_from([*BODY, OFFICE, "#ว่าว", "-----", "โทร. 1", "12"]), max_size=9)


@given(LINES)
def test_no_line_of_the_main_content_is_lost(lines: list[str]) -> None:
    body = "".join(f"<p>{line}</p>" for line in lines)
    found = article(news_page(f"<main>{plain_news(body=body)}</main>"))
    shown = [line for line in f"{found.body}\n{found.tail}".split("\n") if line]
    # A rule between paragraphs is in neither of them.
    assert [line for line in shown if line != "-----"] == [
        line for line in lines if line != "-----"
    ]


def test_resume_of_240_000_characters_is_parsed_quickly() -> None:
    line = "เรื่อง ร่างกฎกระทรวงกำหนดขนาดของว่าว พ.ศ. .... " * 3
    body = "".join(f"<p><span style='x'>{n}. {line}</span></p>" for n in range(1_800))
    page = news_page(plain_news(body=body))
    assert len(page) > 240_000
    began = time.process_time()
    found = article(page)
    assert time.process_time() - began < 2
    assert found.body.count("\n") == 1_799


def test_changed_date_line_is_reported() -> None:
    page = read(news_page(plain_news(stamp="เผยแพร่เมื่อวันพฤหัสบดี")))
    assert page.outcome is Outcome.UNPARSED
    assert kinds(page) == ["no-date-line", "no-article"]
    assert BODY[0][:40] in page.problems[-1].detail
