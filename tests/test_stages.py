"""The stages outside Scrapy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.model import Outcome, Page
from scraper.stages import run
from tests.factories import make_article, make_capture, make_page

if TYPE_CHECKING:
    from scraper.stages import Stage


class Titles:
    def process_item(self, item: Page) -> Page:
        assert item.article is not None
        item.article.title += "!"
        return item


class Broken:
    def process_item(self, item: Page) -> Page:
        raise ZeroDivisionError(f"no way to read {item.capture.url}")


def test_stages_run_in_order() -> None:
    stages: list[Stage] = [Titles(), Titles()]
    page = run(stages, make_page(make_capture(), make_article(title="ข่าว")))
    assert page.article is not None
    assert page.article.title == "ข่าว!!"


def test_a_stage_that_crashes_costs_one_page_and_is_named() -> None:
    capture = make_capture()
    page = run([Titles(), Broken(), Titles()], make_page(capture, make_article()))
    assert (page.capture, page.outcome, page.article) == (capture, Outcome.UNPARSED, None)
    (problem,) = page.problems
    assert (problem.stage, problem.kind) == ("broken", "stage-crashed")
    assert problem.detail == f"ZeroDivisionError: no way to read {capture.url}"
