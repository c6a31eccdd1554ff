"""The stage that fills the words of an article."""

from __future__ import annotations

from pipelines.words import Words
from scraper.thai.words import segment, segmenter
from tests.factories import make_article, make_capture, make_page


def test_words_come_from_title_lead_and_body() -> None:
    article = make_article(
        title="เปิดโรงงาน", lead="งานใหญ่", body="ชาวบ้านยินดี\nมีงานทำ", tail="ไม่นับ", words=()
    )
    page = Words().process_item(make_page(make_capture(), article))
    assert page.article is not None
    expected = [*segment("เปิดโรงงาน"), *segment("งานใหญ่"), *segment("ชาวบ้านยินดี มีงานทำ")]
    assert page.article.words == tuple(expected)
    assert page.article.engine == segmenter().engine


def test_lead_and_body_may_be_empty() -> None:
    article = make_article(title="โรงงาน", lead=None, body="")
    page = Words().process_item(make_page(make_capture(), article))
    assert page.article is not None
    assert page.article.words == ("โรงงาน",)


def test_a_page_without_an_article_is_unchanged() -> None:
    page = make_page(make_capture(), None)
    assert Words().process_item(page.model_copy(deep=True)) == page
