"""Addresses of articles that do not depend on the order of import."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from scraper.browse.permalinks import permalink

if TYPE_CHECKING:
    from sqlite_utils import Database

    from tests.browse.conftest import Site

CONTENTS = "https://www.thaigov.go.th/news/contents/details/12"


@pytest.mark.parametrize(
    ("url", "path"),
    [
        (CONTENTS, "/-/at/thaigov/contents/12"),
        ("https://www.thaigov.go.th/th/news/12", "/-/at/thaigov/news/12"),
        (
            "https://www.thaigov.go.th/en/news/12",
            "/-/at?url=https%3A%2F%2Fwww.thaigov.go.th%2Fen%2Fnews%2F12",
        ),
    ],
)
def test_permalink(url: str, path: str) -> None:
    assert permalink(url) == path


def test_every_form_of_an_address_leads_to_the_article(practice: Site, archive: Database) -> None:
    row_id, url, number, title = archive.execute(
        "SELECT id, url, site_id, title FROM articles WHERE site = 'practice' LIMIT 1"
    ).fetchone()
    for path in (permalink(url), "/-/at?" + urlencode({"url": url.replace("https:", "http:")})):
        answer = practice.get(path)
        assert (answer.status_code, answer.headers["location"]) == (
            302,
            f"/thaigov/articles/{row_id}",
        )
    for typed in (url, str(number), f" {number} "):
        page = practice.page("/-/search?" + urlencode({"q": typed}))
        assert f'href="/thaigov/articles/{row_id}"' in page
        assert title[:20] in page


@pytest.mark.parametrize(
    "path", ["/-/at", "/-/at?url=x", "/-/at/thaigov/contents/1", "/-/at/a/b/1"]
)
def test_an_unknown_address_is_not_found(practice: Site, path: str) -> None:
    practice.page(path, 404)
