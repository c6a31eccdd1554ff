"""Running the stages outside Scrapy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scraper.model import Outcome, Page
from scraper.stages.in_process import run_stages
from tests.factories import make_article, make_capture, make_page

if TYPE_CHECKING:
    from scraper.stages.in_process import Stage


class Exclaim:
    def process_item(self, item: Page) -> Page:
        assert item.article is not None
        item.article.title += "!"
        return item


class Broken:
    def process_item(self, item: Page) -> Page:
        raise ZeroDivisionError(f"no way to read {item.capture.url}")


def test_stages_run_in_order() -> None:
    stages: list[Stage] = [Exclaim(), Exclaim()]
    page = run_stages(stages, make_page(make_capture(), make_article(title="ข่าว")))
    assert page.article is not None
    assert page.article.title == "ข่าว!!"


def test_a_crashed_stage_is_named_and_costs_one_page() -> None:
    capture = make_capture()
    page = run_stages([Exclaim(), Broken(), Exclaim()], make_page(capture, make_article()))
    assert (page.capture, page.outcome, page.article) == (capture, Outcome.UNPARSED, None)
    (problem,) = page.problems
    assert (problem.stage, problem.kind) == ("broken", "stage-crashed")
    assert problem.detail == f"ZeroDivisionError: no way to read {capture.url}"


@pytest.mark.parametrize(
    "error",
    [OSError(28, "No space left on device"), FileNotFoundError(2, "gone", "x"), MemoryError()],
)
def test_a_machine_fault_is_raised(error: Exception) -> None:
    with pytest.raises(type(error)):
        run_stages([Raising(error)], make_page(make_capture(), make_article()))


@pytest.mark.parametrize("error", [OSError(75, "Value too large"), OSError("odd value")])
def test_an_os_error_about_a_value_is_the_fault_of_the_page(error: Exception) -> None:
    page = run_stages([Raising(error)], make_page(make_capture(), make_article()))
    assert [problem.kind for problem in page.problems] == ["stage-crashed"]


class Raising:
    def __init__(self, error: Exception) -> None:
        self.error = error

    def process_item(self, item: Page) -> Page:  # noqa: ARG002
        raise self.error
