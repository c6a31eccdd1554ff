"""Tests for the links of a listing: followed in every form, or reported."""

from __future__ import annotations

import pytest

from scraper.practice.server.http import Answer, serve
from scraper.practice.site.still import PracticeSite
from tests.many_crawls import Crawl, crawl_all, query

SITE = PracticeSite(size=20)
NUMBERS = list(SITE.numbers())[:12]
FORMS = [
    "/news/contents/details/{}",
    "/news/contents/ministry_details/{}/",
    "//news/contents//details/{}",
    "/News/CONTENTS/Details/{}",
    "/index.php/news/contents/details/{}",
    "/news/contents/details/{}?utm_source=line&fbclid=x",
    "/news/contents/details/{}#comments",
    "/news/contents/details/{};jsessionid=1A2B3C",
    "/news/contents/details/{escaped}",
    "http://127.0.0.1:{port}//news/contents/details/{}",
    "\\\\127.0.0.1:{port}\\news\\contents\\details\\{}",
    "  /news/contents/details/{}\n",
]
ODD = [
    "/news/contents/details/12x",
    "/news/contents/details/1%2539",
    "/th/news/1234567890",
    "http://[broken/th/news/5",
]
OTHERS = [
    "/gallery/contents/details/5",
    "/about",
    "mailto:news@example.org",
    "https://x.example/th/news/5",
]


class Listing:
    """Answers with a listing that has links in all forms."""

    def __init__(self) -> None:
        self.port = ""

    def __call__(self, path: str) -> Answer | None:
        if not path.startswith("/news/contents?"):
            return None
        links = [
            form.format(n, port=self.port, escaped="".join(f"%3{digit}" for digit in str(n)))
            for form, n in zip(FORMS, NUMBERS, strict=True)
        ]
        anchors = "".join(f'<a href="{href}">x</a>' for href in [*links, *ODD, *OTHERS])
        return Answer(200, f"<title>รัฐบาลไทย</title><body>{anchors}</body>".encode())


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str, list[str]]:
    """Return the archive, the log, and the requests."""
    db = str(tmp_path_factory.mktemp("links") / "a.db")
    listing = Listing()
    with serve(SITE, intercept=listing) as served:
        listing.port = served.url.rsplit(":", 1)[1]
        arguments = {"pages": "1", "visits": "0"}
        log = crawl_all([Crawl(served.url, db, arguments, spider="latest")])
        return db, log, served.requests


def test_links_in_every_form_are_followed(crawled: tuple[str, str, list[str]]) -> None:
    db, _, requests = crawled
    found = {number for (number,) in query(db, "SELECT site_id FROM articles")}
    assert found == set(NUMBERS)
    assert not any(piece in path for path in requests for piece in ("jsessionid", "utm_", "//"))


def test_an_unreadable_link_is_reported(crawled: tuple[str, str, list[str]]) -> None:
    db, log, _ = crawled
    details = query(db, "SELECT detail FROM problems WHERE kind = 'unread-link'")
    assert len(details) == len(ODD)
    for href in ODD:
        assert any(href in detail for (detail,) in details)
        assert href in log
    assert not any(other in log for other in OTHERS)
