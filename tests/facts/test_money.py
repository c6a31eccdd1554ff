"""Tests for the facts of money: rows, and amounts inside names of programmes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipelines.facts import Facts
from scraper.facts.money import money_brief, money_line
from scraper.facts.programmes import programme_line
from tests.factories import make_article, make_capture, make_page

if TYPE_CHECKING:
    from scraper.model import Article


def with_facts(**fields: Any) -> Article:
    """Return an article with all its facts."""
    page = Facts().process_item(make_page(make_capture(), make_article(**fields)))
    assert page.article
    return page.article


def test_passages_are_as_written_and_in_reading_order() -> None:
    article = with_facts(title="งบ ๕ ล้านบาท", body="กว่า 20 - 30\xa0บาทต่อวัน", tail="US$ 5")
    found = article.facts["money"]
    assert [(m.at.field, m.at.text) for m in found] == [
        ("title", "๕ ล้านบาท"),
        ("body", "20 - 30\xa0บาท"),
        ("tail", "US$ 5"),
    ]
    for money in found:
        field, position, text = money.at
        assert getattr(article, field)[position : position + len(text)] == text
    assert [money_brief(money) for money in found] == ["5000000 THB", "20/30 THB", "5 USD"]


def test_an_amount_inside_a_programme_s_name_does_not_count() -> None:
    article = with_facts(body="โครงการ “ข้าวอิ่มละ 25 บาท” ราคา 25 บาท\nโครงการ “น้ำใส ใจดี” 5 บาท")
    assert [m.at.position for m in article.facts["money"]] == [33, 61]
    assert [p.name for p in article.facts["programmes"]] == ["ข้าวอิ่มละ 25 บาท", "น้ำใส ใจดี"]


def test_a_line_says_what_the_words_mean() -> None:
    row = {"text": "x", "low": 2.5e6, "high": 5e6, "currency": "THB", "approximate": 1, "per": "ตัน"}
    assert money_line(row) == "x = about 2,500,000 to 5,000,000 THB per ตัน"
    row = {"text": "x", "low": 0.25, "high": None, "currency": "USD", "approximate": 0, "per": None}
    assert money_line(row) == "x = 0.25 USD"
    assert programme_line({"kind": "project", "name": "น้ำใส"}) == "project: น้ำใส"
