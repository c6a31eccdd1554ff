from __future__ import annotations

import pytest

from pipelines.clean import Clean
from scraper.model import Article, Layout, Outcome, Page
from tests.pages.samples import URL, capture


def article(**fields: object) -> Article:
    given = {
        "url": URL,
        "site": "thaigov",
        "layout": Layout.CONTENTS,
        "site_id": 1,
        "parser": "t/1",
    }
    return Article.model_validate({"title": "ก", **given, **fields})


@pytest.mark.parametrize(
    ("field", "before", "after"),
    [
        ("title", " น\u0e4dา\nเเพร่\u200b ", "นำ แพร่"),
        ("lead", "ก\xa0\xa0ข\r\n\r\nค", "ก ข\nค"),
        ("lead", " \u200b", None),
        ("body", "ก \n\n \u200b\nข", "ก\nข"),
        ("tail", "-----\r\n#ก", "-----\n#ก"),
        ("category", "ด้านเศรษฐกิจ \t", "ด้านเศรษฐกิจ"),
        ("category", "\t", None),
        ("hashtags", ("น\u0e4dา", "นำ", "\u200b"), ("นำ",)),
    ],
)
def test_text_is_cleaned(field: str, before: object, after: object) -> None:
    page = Page(capture=capture(""), outcome=Outcome.ARTICLE, article=article(**{field: before}))
    assert Clean().process_item(page) is page
    assert getattr(page.article, field) == after


def test_a_page_without_an_article_passes_through() -> None:
    page = Page(capture=capture(""), outcome=Outcome.MISSING)
    assert Clean().process_item(page) == Page(capture=capture(""), outcome=Outcome.MISSING)
