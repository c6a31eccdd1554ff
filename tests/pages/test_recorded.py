"""Recorded pages, each with the expected result of parsing and cleaning."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from pipelines.clean import Clean
from scraper.model import Layout, Origin, Outcome, Page
from scraper.pages import read
from tests.factories import make_capture
from tests.pages.record import NAMES, RECORDED

if TYPE_CHECKING:
    from pathlib import Path

PAGES = sorted(RECORDED.glob("*.html"))


def made_of(page: Page) -> dict[str, Any]:
    """Return a page in the form of an expectation."""
    if page.article is None:
        return {"outcome": page.outcome, "url": page.capture.url}
    article = page.article.model_dump(mode="json")
    files = sorted(f"{file['kind']} {file['url']}" for file in article["attachments"])
    lists = {"hashtags": sorted(article["hashtags"]), "links": sorted(article["links"])}
    return {**article, **lists, "attachments": files, "outcome": page.outcome}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_recorded_page_is_parsed_as_expected(path: Path) -> None:
    wanted = json.loads(path.with_suffix(".json").read_text("utf-8"))
    capture = make_capture(url=wanted["url"], body=path.read_bytes(), origin=Origin.LIVE)
    page = Clean().process_item(read(capture))
    found = made_of(page)
    assert {name: found[name] for name in wanted} == wanted
    assert page.outcome in (Outcome.ARTICLE, Outcome.MISSING)


def test_pages_and_expectations_match() -> None:
    assert {path.stem for path in PAGES} == {path.stem for path in RECORDED.glob("*.json")}


@pytest.mark.parametrize(
    ("layout", "oddity"), [(layout, name) for layout in Layout for name in NAMES[layout]]
)
def test_every_oddity_is_recorded_in_every_layout(layout: Layout, oddity: str) -> None:
    assert (RECORDED / f"{layout}-{oddity}.html").is_file()


def test_recorded_pages_stay_small() -> None:
    assert sum(path.stat().st_size for path in RECORDED.iterdir()) < 2_000_000
