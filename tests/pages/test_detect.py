"""Classification of answers: page of the site, refusal, challenge or something else."""

from __future__ import annotations

import pytest

from scraper.pages.detect import Form, block_reason, form_of, is_site_page
from tests.pages.samples import HEADLINE, PREFIX, STAMP, capture, html_page, news_page, plain_news


@pytest.mark.parametrize("status", [401, 403, 429])
def test_status_alone_makes_a_refusal(status: int) -> None:
    assert str(status) in (block_reason(capture("Forbidden", status=status), "Forbidden") or "")


@pytest.mark.parametrize(
    "body",
    [
        "<p>ผู้โจมตีใช้หน้า Just a moment... ของ Cloudflare และ Sucuri WebSite Firewall หลอกผู้ใช้</p>",
        "<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>",
        "<script>window._cf_chl_opt={}</script><p>title: Request Rejected</p>",
    ],
)
def test_article_that_mentions_a_firewall_is_not_a_challenge(body: str) -> None:
    for page in (html_page(body=body), news_page(plain_news(body=body))):
        assert block_reason(capture(page), page) is None


def test_challenge_marker_far_down_the_page_is_ignored() -> None:
    page = "x" * 9_000 + "<title>Just a moment...</title>"
    assert block_reason(capture(page), page) is None


@pytest.mark.parametrize(
    ("content_type", "form"),
    [
        ("text/html; charset=utf-8", Form.HTML),
        ("TEXT/HTML", Form.HTML),
        ("", Form.HTML),
        ("application/xhtml+xml", Form.HTML),
        ("text/plain", Form.TEXT),
        ("application/pdf", Form.OTHER),
        ("image/jpeg", Form.OTHER),
    ],
)
def test_form_follows_the_media_type(content_type: str, form: Form) -> None:
    assert form_of(capture("", content_type=content_type)) is form


@pytest.mark.parametrize(
    ("page", "is_own"),
    [
        (html_page(), True),
        (news_page(plain_news()), True),
        (f"<title>{PREFIX}</title>", True),
        ("<title>\n รัฐบาลไทย-</title>", True),
        ("<title>รัฐบาลไทย</title>", True),
        (f"<TITLE lang='th'>รัฐบาลไทย | {HEADLINE}</TITLE>", True),
        (f"<p>{STAMP}</p>", True),
        ("<div class='border-normal clearfix'></div>", True),
        ("<title>Log in to the network</title><p>รัฐบาลไทย</p>", False),
        ("<title>thaigov.example is for sale</title>", False),
        ("<title>รัฐบาลไทยพักปรับปรุง</title>", False),
        ("<h1>Service Unavailable</h1>", False),
        ("", False),
    ],
)
def test_pages_of_the_site_are_recognised(page: str, is_own: bool) -> None:
    assert is_site_page(page) is is_own
