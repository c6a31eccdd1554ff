"""Tests for article URLs and the facts about sites."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.model import Layout
from scraper.sources import (
    PRACTICE,
    THAIGOV,
    Site,
    article_url,
    has_site_form,
    parse_address,
    resembles_article,
    site_of,
)

CANONICAL = "https://www.thaigov.go.th/news/contents/details/99987"


@pytest.mark.parametrize(
    "url",
    [
        CANONICAL,
        "http://www.thaigov.go.th/news/contents/details/99987",
        "http://thaigov.go.th/news/contents/ministry_details/99987/",
        " https://WWW.thaigov.go.th/news/contents/details/99987?utm=1#top\n",
        "https://www.thaigov.go.th:443/news/contents/details/99987",
        "http://www.thaigov.go.th:80/news/contents/details/99987",
        "https://www.thaigov.go.th./news/contents/details/99987",
        "https://www.thaigov.go.th//news/contents//details/99987",
        "https://www.thaigov.go.th/NEWS/Contents/Details/99987",
        "https://www.thaigov.go.th/index.php/news/contents/details/99987",
        "https://www.thaigov.go.th/Index.php//news/contents/details/99987/",
        "https://www.thaigov.go.th/news/contents/details/%39%399%387",
        "https://www.thaigov.go.th/%6Eews/contents/details/99987",
        "https://www.thaigov.go.th/news/contents/details/99987;jsessionid=1A2B",
        "https://www.thaigov.go.th/news;v=1/contents/details/99987;jsessionid=1A2B?fbclid=x",
        "https://www.thaigov.go.th/news/./contents/old/../details/99987",
        "https://www.thaigov.go.th/news/contents/details/99987?utm_source=line&utm_medium=x#a",
        "https:\\\\www.thaigov.go.th\\news\\contents\\details\\99987",
    ],
)
def test_every_form_of_a_url_is_one_article(url: str) -> None:
    address = parse_address(url)
    assert address is not None
    assert (address.url, address.site, address.number) == (CANONICAL, THAIGOV, 99987)
    assert (address.layout, address.language) == (Layout.CONTENTS, "th")


def test_each_language_of_the_news_layout_has_its_own_page() -> None:
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
        "https://www.thaigov.go.th/th/news/๑๖",
        "https://www.thaigov.go.th/th/news/1%2539",
        "https://www.thaigov.go.th/index.php/index.php/th/news/5",
        "javascript:alert(1)",
        "http://[broken/news/contents/details/5",
        "",
    ],
)
def test_other_urls_are_rejected(url: str) -> None:
    assert parse_address(url) is None


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:1", "[::1]:80", "practice.example"])
def test_loopback_is_the_practice_site(host: str) -> None:
    address = parse_address(f"http://{host}/news/contents/details/7")
    assert address is not None
    assert address.url == article_url(PRACTICE, Layout.CONTENTS, 7)


@pytest.mark.parametrize(
    ("url", "resembles"),
    [
        ("https://www.thaigov.go.th/th/news/12x", True),
        ("https://www.thaigov.go.th/th/news/1234567890", True),
        ("https://www.thaigov.go.th/fr/news/5", True),
        ("https://www.thaigov.go.th/th/news/๑๖", True),
        ("https://www.thaigov.go.th/th/news/1%2539", True),
        ("https://www.thaigov.go.th/news/contents/details/no-5", True),
        ("http://[broken/th/news/5", True),
        ("https://www.thaigov.go.th/index.php?/news/contents/details/5", True),
        ("https://www.thaigov.go.th/index.php?c=news&m=details&id=5", True),
        ("https://www.thaigov.go.th/amp/news/contents/details/5", True),
        ("https://www.thaigov.go.th/news/contents/details?id=5", True),
        ("https://www.thaigov.go.th/news/contents?lang=&id=5", True),
        ("https://www.thaigov.go.th/news/details/5", True),
        ("https://www.thaigov.go.th/th-TH/news/5", True),
        ("https://www.thaigov.go.th/#!/th/news/5", True),
        ("https://www.thaigov.go.th/go?url=https%3A%2F%2Fx%2Fth%2Fnews%2F5", True),
        ("https://www.thaigov.go.th/uploads/document/news/5", False),
        ("https://www.thaigov.go.th/news/contents?page=3&a=b", False),
        ("https://www.thaigov.go.th/oldnews/5", False),
        ("https://www.thaigov.go.th/news/2025-06/x.pdf", False),
        ("https://www.thaigov.go.th/th/news?page=2", False),
        ("https://www.thaigov.go.th/th/news/about", False),
        ("https://www.thaigov.go.th/news/contents?page=3", False),
        ("https://www.thaigov.go.th/gallery/contents/details/5", False),
        ("https://elsewhere.example/th/news/12x", False),
        ("mailto:news@example.org", False),
    ],
)
def test_resembles_article(url: str, *, resembles: bool) -> None:
    assert parse_address(url) is None
    assert resembles_article(url) is resembles


@pytest.mark.parametrize(
    ("path", "plain"),
    [
        ("/th/news/5", True),
        ("/news/contents/ministry_details/5", True),
        ("/th/news/5?fbclid=1", False),
        ("/TH/news/5", False),
        ("//th/news/5", False),
    ],
)
def test_has_site_form(path: str, *, plain: bool) -> None:
    assert has_site_form(THAIGOV.home + path) is plain


@pytest.mark.parametrize(
    ("first", "last", "layouts"),
    [
        (None, None, [Layout.CONTENTS, Layout.NEWS]),
        (19_444, 21_653, [Layout.CONTENTS, Layout.NEWS]),
        (100_612, None, [Layout.NEWS]),
        (162_975, 162_975, [Layout.NEWS]),
    ],
)
def test_layouts_that_may_contain_numbers(
    first: int | None, last: int | None, layouts: list[Layout]
) -> None:
    assert THAIGOV.layouts_of(first, last) == layouts


@pytest.mark.parametrize("site", [THAIGOV, PRACTICE])
def test_days_ascend_with_numbers(site: Site) -> None:
    for days in site.earliest.values():
        assert days == tuple(sorted(days)) == tuple(sorted(days, key=lambda pair: pair[1]))


@given(st.text())
def test_any_text_is_accepted(url: str) -> None:
    resembles_article(url)
    assert site_of(url) in (None, THAIGOV, PRACTICE)
    parse_address(url)
