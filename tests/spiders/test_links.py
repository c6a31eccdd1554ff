"""Links of a listing: understood in every form, or told."""

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
    """Answers the listing with links in all forms."""

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
    """Return the archive, what was told, and what was asked for."""
    db = str(tmp_path_factory.mktemp("links") / "a.db")
    listing = Listing()
    with serve(SITE, intercept=listing) as served:
        listing.port = served.url.rsplit(":", 1)[1]
        arguments = {"pages": "1", "visits": "0"}
        told = crawl_all([Crawl(served.url, db, arguments, spider="latest")])
        return db, told, served.requests


def test_every_form_of_an_article_is_asked_for(crawled: tuple[str, str, list[str]]) -> None:
    db, _, requests = crawled
    found = {number for (number,) in query(db, "SELECT site_id FROM articles")}
    assert found == set(NUMBERS)
    assert not any(piece in path for path in requests for piece in ("jsessionid", "utm_", "//"))


def test_a_link_that_cannot_be_read_is_told(crawled: tuple[str, str, list[str]]) -> None:
    db, told, _ = crawled
    details = query(db, "SELECT detail FROM problems WHERE kind = 'unread-link'")
    assert len(details) == len(ODD)
    for href in ODD:
        assert any(href in detail for (detail,) in details)
        assert href in told
    assert not any(other in told for other in OTHERS)
