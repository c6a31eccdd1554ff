"""The stage that cleans an article."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.clean import Clean
from tests.factories import make_article, make_capture, make_page


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
def test_text_is_cleaned(field: str, before: Any, after: object) -> None:
    page = make_page(make_capture(), make_article(**{field: before}))
    assert Clean().process_item(page) is page
    assert getattr(page.article, field) == after


def test_a_page_without_an_article_is_unchanged() -> None:
    page = make_page(make_capture(), None)
    assert Clean().process_item(page) == make_page(make_capture(), None)
