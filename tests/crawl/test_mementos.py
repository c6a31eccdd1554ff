"""Whose page an answer of a web archive is, by its Link headers and its address."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import Response

from scraper.crawl.mementos import is_another_page, is_raw, original_urls
from scraper.sources.indexes import Copy

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
def test_links_of_a_header(links: tuple[str, ...], found: list[str]) -> None:
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
def test_what_is_another_page(other: str, *, is_other: bool) -> None:
    assert is_another_page(answer(f'<{other}>; rel="original"'), COPY) is is_other
    moved = REPLAY.replace("06id_", "07id_") + other
    if other and "[" not in other:
        assert is_another_page(answer(url=moved), COPY) is is_other
        assert is_another_page(answer(status=302, Location=moved), COPY) is is_other


def test_without_a_word_the_copy_is_what_was_asked_for() -> None:
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
def test_the_page_as_it_came(url: str, *, raw: bool) -> None:
    assert is_raw(answer(url=url)) is raw


@given(st.text(st.characters(max_codepoint=255)))
def test_no_header_breaks_it(text: str) -> None:
    is_another_page(answer(text, status=302, Location=text), COPY)


@pytest.mark.parametrize("piece", ["<a>;", '<a>; rel="', "<a>; a=b", "<a;b", '"\\', "<a> ; x;"])
def test_reading_takes_time_in_proportion_to_the_header(piece: str) -> None:
    def seconds(times: int) -> float:
        response = answer(piece * times)
        begun = time.process_time()
        original_urls(response)
        return time.process_time() - begun

    seconds(100)
    single = min(seconds(4_000) for _ in range(3))
    assert min(seconds(16_000) for _ in range(3)) < 4 * 3 * single + 0.1
