"""Parser of the ``contents`` layout: complete, partial, missing and very long pages."""

from __future__ import annotations

import time
from datetime import date

import pytest

from scraper import pages
from scraper.model import Article, Attachment, Layout, Outcome, Page
from tests.pages.samples import BODY, HEADLINE, LEAD, LONG, PREFIX, SHORT, URL, capture, html_page

BLOCK = '<div class="border-normal clearfix"></div>'
HOME = "https://www.thaigov.go.th/news/contents/details/"


def read(html: str, url: str = URL) -> Page:
    return pages.read(capture(html, url=url))


def article(html: str) -> Article:
    page = read(html)
    assert page.outcome is Outcome.ARTICLE, page.problems
    assert page.article
    return page.article


def kinds(page: Page) -> list[str]:
    return [problem.kind for problem in page.problems]


def test_page_becomes_an_article() -> None:
    page = read(html_page(), "http://thaigov.go.th/news/contents/ministry_details/70001")
    assert page.outcome is Outcome.ARTICLE
    assert page.problems == []
    assert page.article == Article(
        url=URL,
        site="thaigov",
        layout=Layout.CONTENTS,
        site_id=70001,
        title=HEADLINE,
        lead=LEAD,
        body="\n".join(BODY),
        category="ด้านเศรษฐกิจ",
        published_on=date(2025, 8, 21),
        published_raw=LONG,
        entered_on=date(2025, 8, 21),
        attachments=(Attachment(kind="image", url="https://media.thaigov.go.th/a/1_ว่าว 1.jpg"),),
        parser="contents/2",
    )


@pytest.mark.parametrize(
    "header",
    [
        f"<p><span>icon</span><span> {LONG} </span></p> 4,023 <a href='javascript:print()'>พิมพ์</a>",
        f"<p><span></span><span> {LONG} </span></p><p>{SHORT}</p><p>พิมพ์</p>",
        f"<p>{LONG}</p><div id='video-player3'></div><script>flowplayer('1 มกราคม 2560')</script>",
    ],
)
def test_header_is_not_in_the_text(header: str) -> None:
    found = article(html_page(header=header))
    assert (found.published_on, found.lead, found.body) == (
        date(2025, 8, 21),
        LEAD,
        "\n".join(BODY),
    )


def test_lead_field_may_be_empty() -> None:
    found = article(html_page(lead=""))
    assert (found.lead, found.body) == (None, "\n".join(BODY))


def test_wrapped_lead_that_repeats_the_headline_is_dropped() -> None:
    assert article(html_page(lead=f"{HEADLINE[:17]}<br>{HEADLINE[17:]}")).lead is None


def test_title_entities_and_hidden_emails() -> None:
    hidden = '<a data-cfemail="5a2a281a3f223b372a363f7435283d">[email&#160;protected]</a>'
    page = read(
        html_page(
            title=f"{PREFIX}Kite&amp;#39;s day at pr@example.org",
            headline=f"Kite's day at {hidden}",
            body=f"<p>Write to {hidden} about your kite.</p>",
        )
    )
    assert page.article
    assert page.article.title == "Kite's day at pr@example.org"
    assert page.article.body == "Write to pr@example.org about your kite."
    assert page.problems == []


def test_links_hashtags_and_documents() -> None:
    found = article(
        html_page(
            body=f"<p>{BODY[0]} <a href='/news/contents/ministry_details/9'>ข่าวแรก</a></p>"
            f"<p>ไฟล์ <a href='https://media.thaigov.go.th/uploads/ว่าว#2.pdf'>แนบ</a></p>"
            f"<p>อ่านเพิ่มเติม คลิก <a href='{HOME}8'>{HOME}8</a> และ {URL}</p><p>#ก#ข ##</p>"
            f"<div>อัลบั้มภาพ</div><div>ข่าวที่เกี่ยวข้อง</div><a href='{HOME}7'>ข่าวอื่น</a>"
        )
    )
    assert found.links == (HOME + "9", HOME + "8")
    assert found.hashtags == ("ก", "ข")
    assert found.attachments[1].kind == "document"
    assert found.attachments[1].url.endswith("ว่าว#2.pdf")


def test_english_page() -> None:
    body = "<p>The Department of Tests opened the first kite repair centre of the country.</p>"
    assert article(html_page(headline="Kites", title=PREFIX + "Kites", body=body)).language == "en"
    assert article(html_page()).language == "th"


@pytest.mark.parametrize(
    ("page", "problems"),
    [
        (html_page().replace("headtitle-2", "x"), ["selector-missed"]),
        (html_page().replace("<h3", "<h4").replace("h3>", "h4>"), ["selector-missed"]),
        (html_page().replace("<h3 class", "<h3 id"), ["selector-missed"]),
        (html_page(header=""), ["no-long-date"]),
        (html_page(header=f"<p>{LONG}</p><p>ว่าว</p>"), ["unknown-header"]),
        (html_page(body=""), ["no-body"]),
        (html_page(headline="เรื่องอื่น"), ["title-headline-differ"]),
        (html_page().replace("</body>", BLOCK + "</body>"), ["selector-ambiguous"]),
    ],
)
def test_partial_page_is_an_article_with_a_problem(page: str, problems: list[str]) -> None:
    found = read(page)
    assert found.outcome is Outcome.ARTICLE
    assert found.article
    assert found.article.title == HEADLINE
    assert kinds(found) == problems


def test_problem_names_its_selector() -> None:
    (problem,) = read(html_page().replace("headtitle-2", "x")).problems
    assert "span.headtitle-2" in problem.detail


@pytest.mark.parametrize(
    "page",
    [
        html_page(title=PREFIX, headline="", lead="", body="", header=""),
        html_page(
            title="รัฐบาลไทย-",
            headline="",
            lead="",
            body="",
            header="<p><span></span><span> วันพฤหัสบดีที่ 1 มกราคม 2513 </span></p>",
        ),
        f"<html><head><title>{PREFIX}</title></head><body></body></html>",
        f"<title>รัฐบาลไทย-</title><div class='border-normal clearfix'><p>{LONG}</p></div>",
    ],
)
def test_missing_pages_have_status_200(page: str) -> None:
    found = read(page)
    assert found.outcome is Outcome.MISSING
    assert found.problems == []


@pytest.mark.parametrize(
    "page", ["", "<html></html>", "<title>Index of /</title><p>ก</p>", "ก" * 99]
)
def test_page_of_another_kind_is_unparsed(page: str) -> None:
    found = read(page)
    assert found.outcome is Outcome.UNPARSED
    assert kinds(found)[-1] == "no-article"


def test_resume_of_240_000_characters_is_parsed_quickly() -> None:
    line = "เรื่อง ร่างกฎกระทรวงกำหนดขนาดของว่าว พ.ศ. .... " * 3
    body = "".join(f"<p><span style='x'>{n}. {line}</span></p>" for n in range(1_800))
    page = html_page(body=body)
    assert len(page) > 240_000
    began = time.process_time()
    found = article(page)
    assert time.process_time() - began < 2
    assert found.body.count("\n") == 1_799
