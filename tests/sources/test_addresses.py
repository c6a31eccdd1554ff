from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.model import Layout
from scraper.sources import PRACTICE, THAIGOV, article_url, parse_address, site_of

CANONICAL = "https://www.thaigov.go.th/news/contents/details/99987"


@pytest.mark.parametrize(
    "url",
    [
        CANONICAL,
        "http://www.thaigov.go.th/news/contents/details/99987",
        "http://thaigov.go.th/news/contents/ministry_details/99987/",
        " https://WWW.thaigov.go.th/news/contents/details/99987?utm=1#top\n",
        "https://www.thaigov.go.th:443/news/contents/details/99987",
    ],
)
def test_every_form_of_an_address_is_one_article(url: str) -> None:
    address = parse_address(url)
    assert address is not None
    assert (address.url, address.site, address.number) == (CANONICAL, THAIGOV, 99987)
    assert (address.layout, address.language) == (Layout.CONTENTS, "th")


def test_languages_of_the_news_layout_are_two_pages() -> None:
    thai, english = (
        parse_address(f"https://www.thaigov.go.th/{language}/news/169370")
        for language in ("th", "en")
    )
    assert thai is not None
    assert english is not None
    assert (thai.layout, thai.language, english.language) == (Layout.NEWS, "th", "en")
    assert thai.url != english.url


@pytest.mark.parametrize(
    "url",
    [
        "https://www.thaigov.go.th/",
        "https://www.thaigov.go.th/news/contents/details/",
        "https://www.thaigov.go.th/news/contents/details/12x",
        "https://www.thaigov.go.th/news/contents/details/1234567890",
        "https://www.thaigov.go.th/th/news-ministry/a/item/85876-85876.html",
        "https://www.thaigov.go.th/gallery/contents/details/5",
        "https://www.thaigov.go.th/fr/news/5",
        "https://www.thaigov.go.th.example.com/news/contents/details/5",
        "https://example.com/news/contents/details/5",
        "javascript:alert(1)",
        "http://[broken/news/contents/details/5",
        "",
    ],
)
def test_any_other_address_is_none(url: str) -> None:
    assert parse_address(url) is None


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:1", "[::1]:80", "practice.example"])
def test_loopback_is_the_practice_site(host: str) -> None:
    address = parse_address(f"http://{host}/news/contents/details/7")
    assert address is not None
    assert address.url == article_url(PRACTICE, Layout.CONTENTS, 7)


@given(st.text())
def test_never_raises(url: str) -> None:
    assert site_of(url) in (None, THAIGOV, PRACTICE)
    parse_address(url)
