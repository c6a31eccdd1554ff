from __future__ import annotations

from pipelines.parse import Parse
from scraper.model import Outcome, Page
from tests.pages.samples import HEADLINE, capture, html_page


def test_a_page_gets_its_article() -> None:
    page = Parse().process_item(Page(capture=capture(html_page())))
    assert page.outcome is Outcome.ARTICLE
    assert page.article
    assert page.article.title == HEADLINE


def test_a_page_with_an_outcome_is_unchanged() -> None:
    page = Page(capture=capture(html_page()), outcome=Outcome.DUPLICATE)
    assert Parse().process_item(page) is page
    assert page.article is None
