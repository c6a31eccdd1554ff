"""Of which page a response of a web archive is a copy, by its Link headers and URL."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import Response

from scraper.crawl.mementos import is_another_page, is_raw, original_urls
from scraper.sources.indexes import Copy
from tests.hostile import assert_linear

URL = "https://www.thaigov.go.th/news/contents/details/5"
REPLAY = "https://web.archive.org/web/20240306060606id_/"
COPY = Copy(URL, 5, "20240306060606", "D", REPLAY + URL)


def answer(*links: str, url: str = REPLAY + URL, status: int = 200, **more: str) -> Response:
    headers: dict[str, str | list[str]] = {**more}
    if links:
        headers["Link"] = list(links)
    return Response(url, status=status, headers=headers)


@pytest.mark.parametrize(
    ("links", "found"),
    [
        ((), []),
        (("",), []),
        (('<http://a/>; rel="original"',), ["http://a/"]),
        (("<http://a/>;rel=original",), ["http://a/"]),
        (('<http://a/>; REL="Original"',), ["http://a/"]),
        (('<http://a/> ; rel = "original timegate"',), ["http://a/"]),
        (('<http://a/>; title="a, b; rel=x"; rel="original"',), ["http://a/"]),
        (('<http://a/,b;c>; rel="original", <x>; rel="timemap"',), ["http://a/,b;c"]),
        (('<x>; rel="timemap"; from="a, b", <http://a/>; rel="original"',), ["http://a/"]),
        (('<x>; rel="timemap",\t<http://a/>;\t rel="original"',), ["http://a/"]),
        (('<x>; rel="timemap"', '<http://a/>; rel="original"'), ["http://a/"]),
        (('<http://a/>; rel="originally"',), []),
        (('<http://a/>; title="rel=original"',), []),
        (("<http://a/>",), []),
        (("http://a/; rel=original",), []),
        (("<http://a/; rel=original",), []),
    ],
)
def test_links_with_the_relation_original(links: tuple[str, ...], found: list[str]) -> None:
    assert original_urls(answer(*links, url="https://web.archive.org/other")) == found


@pytest.mark.parametrize(
    ("other", "is_other"),
    [
        (URL, False),
        (URL.replace("https", "http"), False),
        (URL.replace("www.", ""), False),
        (URL.replace("https://www.", "http://"), False),
        (URL.replace("www.thaigov", "WWW.ThaiGov"), False),
        (URL + "/", False),
        (URL + "?a=1", False),
        (URL.replace("details/5", "details/%35"), False),
        (URL.replace("/details/", "/ministry_details/"), False),
        (URL.replace(".th/", ".th:443/"), False),
        (URL + "0", True),
        ("https://www.thaigov.go.th/", True),
        ("https://www.thaigov.go.th/th/news/5", True),
        ("https://elsewhere.example/news/contents/details/5", True),
        ("", True),
        ("http://[", True),
    ],
)
def test_is_another_page(other: str, *, is_other: bool) -> None:
    assert is_another_page(answer(f'<{other}>; rel="original"'), COPY) is is_other
    moved = REPLAY.replace("06id_", "07id_") + other
    if other and "[" not in other:
        assert is_another_page(answer(url=moved), COPY) is is_other
        assert is_another_page(answer(status=302, Location=moved), COPY) is is_other


def test_without_a_statement_it_is_the_requested_page() -> None:
    assert not is_another_page(answer(), COPY)
    assert not is_another_page(answer('<https://x/>; rel="timegate"'), COPY)


@pytest.mark.parametrize(
    ("url", "raw"),
    [
        (REPLAY + URL, True),
        (REPLAY.replace("id_", "") + URL, False),
        (REPLAY.replace("id_", "if_") + URL, False),
        ("https://web.archive.org/other", True),
    ],
)
def test_is_raw(url: str, *, raw: bool) -> None:
    assert is_raw(answer(url=url)) is raw


@given(st.text(st.characters(max_codepoint=255)))
def test_any_header_can_be_parsed(text: str) -> None:
    is_another_page(answer(text, status=302, Location=text), COPY)


@pytest.mark.parametrize("piece", ["<a>;", '<a>; rel="', "<a>; a=b", "<a;b", '"\\', "<a> ; x;"])
def test_parsing_takes_linear_time(piece: str) -> None:
    assert_linear(original_urls, lambda times: answer(piece * times), 8_000)
