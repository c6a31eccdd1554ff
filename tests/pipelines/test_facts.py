"""The stage that finds the facts of an article."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pipelines.facts import Facts
from scraper import facts
from scraper.facts import dates, hashtags
from tests.factories import make_article, make_capture, make_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.facts.kind import ArticleText


def broken(_text: ArticleText) -> Iterator[object]:
    raise ValueError("no such rule")


def test_facts_of_the_parser_are_not_changed() -> None:
    page = make_page(make_capture(), make_article(hashtags=("ดีพร้อม",)))
    article = Facts().process_item(page).article
    assert article
    assert "hashtags" not in article.facts
    assert hashtags.KIND.rows(article) == [("ดีพร้อม",)]


def test_a_crashing_rule_loses_only_its_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = tuple(
        replace(kind, find=broken) if kind.name == "ministries" else kind for kind in facts.KINDS
    )
    monkeypatch.setattr(facts, "KINDS", kinds)
    page = make_page(make_capture(), make_article(body="พบกันวันที่ 3 กันยายน 2568"))
    page = Facts().process_item(page)
    assert [(p.stage, p.kind, p.detail) for p in page.problems] == [
        ("facts", "fact-crashed", "ministries: ValueError: no such rule")
    ]
    assert page.article
    assert len(dates.KIND.rows(page.article)) == 1


def test_out_of_memory_is_not_a_crash_of_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(_text: ArticleText) -> Iterator[object]:
        raise MemoryError

    monkeypatch.setattr(facts, "KINDS", (replace(dates.KIND, find=exhausted),))
    with pytest.raises(MemoryError):
        Facts().process_item(make_page(make_capture(), make_article()))


def test_a_page_without_an_article_is_unchanged() -> None:
    page = make_page(make_capture(), None)
    assert Facts().process_item(page.model_copy(deep=True)) == page
