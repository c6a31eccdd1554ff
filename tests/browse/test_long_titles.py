"""Headlines of 5,000 and 60,000 letters do no harm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scraper.archive.writer import ArchiveWriter
from scraper.browse.app import Options
from tests.browse.chromium import LOOKS, listening, needs_chromium, visit
from tests.browse.conftest import served, store
from tests.factories import make_article

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.browse.conftest import Site

LENGTHS = (5_000, 60_000)
PATHS = ("/", "/-/search?q=โรงงาน", "/thaigov/articles/1?q=โรงงาน", "/thaigov/articles/2")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Return the site of two articles with long headlines, the second without a space."""
    path = tmp_path_factory.mktemp("long") / "thaigov.db"
    with ArchiveWriter(path, "import", {}) as writer:
        for number, length in enumerate(LENGTHS, 1):
            title = ("โรงงาน " * length if number == 1 else "โรงงาน" * length)[:length].strip()
            article = make_article(number, title=title, words=("โรงงาน", "ย่อหน้า"))
            store(writer, number, article, b"%d" % number)
    with served(path, Options()) as site:
        yield site


def test_results_have_the_whole_headline_and_lists_its_beginning(site: Site) -> None:
    hits = site.get("/-/search.json?q=โรงงาน").json()["hits"]
    assert sorted(len(hit["title"]["text"]) for hit in hits) == [5_000, 60_000]
    for path in PATHS:
        page = site.page(path)
        title = page[page.index("<title>") : page.index("</title>")]
        assert len(title) < 400
    assert len(site.page("/")) < 40_000  # the list of the newest
    assert len(site.page("/thaigov/articles/1")) < 40_000  # with the citation and the next article


@needs_chromium
@pytest.mark.parametrize("look", ["desktop", "phone"])
def test_pages_with_long_headlines_fit(browser: Browser, site: Site, look: str) -> None:
    with listening(site) as address, visit(browser, address, **LOOKS[look]) as page:
        for path in PATHS:
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
            # The headline does not push the rest out of sight.
            heading = page.locator("main :is(h1, h3)").last
            assert heading.evaluate("element => element.offsetHeight < innerHeight")
