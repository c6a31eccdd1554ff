"""Tests for the list of Common Crawl's collections and the answers of their indexes."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.sources import THAIGOV
from scraper.sources.common_crawl import (
    collections_within,
    index_url,
    read_collections,
    read_common_crawl,
)
from scraper.sources.indexes import Copy, CopyBounds, IndexAnswerError

PAGE = "http://www.thaigov.go.th/news/contents/details/7"
CANONICAL = "https://www.thaigov.go.th/news/contents/details/7"
INDEX = "https://i.example"
LINE = {
    "urlkey": "th,go,thaigov)/news/contents/details/7",
    "timestamp": "20200102030405",
    "url": PAGE,
    "status": "200",
    "digest": "ABC",
    "filename": "crawl/part.warc.gz",
    "offset": "10",
    "length": "20",
}
COPY = Copy(CANONICAL, 7, "20200102030405", "ABC", "crawl/part.warc.gz:10:20")


def collinfo(*names: str, **more: Any) -> str:
    return json.dumps([{"id": name, "cdx-api": f"{INDEX}/{name}-index", **more} for name in names])


NAMES = [
    "CC-MAIN-2026-21",
    "CC-MAIN-2025-05",
    "CC-MAIN-2024-51",
    "CC-MAIN-2020-24",
    "CC-MAIN-2016-30",
    "CC-MAIN-2016-26",
    "CC-MAIN-2015-14",
    "CC-MAIN-2012",
    "CC-MAIN-2009-2010",
    "CC-MAIN-2008-2009",
]


@pytest.mark.parametrize(
    ("bounds", "asked"),
    [
        (CopyBounds(), NAMES[:6]),  # July 2016 may be within the crawl that ended in week 26
        (CopyBounds(since="20240101", until="2024"), ["CC-MAIN-2024-51"]),
        (CopyBounds(since="20241001"), NAMES[:3]),
        (CopyBounds(until="20200601"), NAMES[3:6]),
        (CopyBounds(first=95_000), NAMES[:3]),
        (CopyBounds(first=162_975), NAMES[:1]),
        (CopyBounds(until="20150101"), []),
    ],
)
def test_collections_within_bounds(bounds: CopyBounds, asked: list[str]) -> None:
    collections, faults = read_collections(collinfo(*NAMES), INDEX)
    assert [c.name for c in collections_within(collections, THAIGOV, bounds)] == asked
    assert faults == []


def test_listed_days_take_precedence_over_the_name() -> None:
    days = {"from": "2024-12-01T01:02:03", "to": "2024-12-15T01:02:03"}
    collections, _ = read_collections(collinfo("CC-MAIN-2024-51", **days), INDEX)
    assert collections_within(collections, THAIGOV, CopyBounds(since="20241216")) == []
    assert len(collections_within(collections, THAIGOV, CopyBounds(since="20241215"))) == 1
    assert collections_within(collections, THAIGOV, CopyBounds(until="20241130")) == []
    for odd in ({"from": "?", "to": 7}, {"from": days["to"], "to": days["from"]}):
        collections, _ = read_collections(collinfo("CC-MAIN-2024-51", **odd), INDEX)
        assert len(collections_within(collections, THAIGOV, CopyBounds(since="20241216"))) == 1
    for strange in ("CC-MAIN-2024-99", "CC-NEWS", "x"):  # may contain anything
        collections, _ = read_collections(collinfo(strange), INDEX)
        assert len(collections_within(collections, THAIGOV, CopyBounds(until="20160801"))) == 1


@pytest.mark.parametrize(
    "entry",
    [
        7,
        None,
        [],
        {},
        {"id": "CC-MAIN-2024-51"},
        {"id": 1, "cdx-api": 2},
        {"id": "CC-MAIN-2024-51", "cdx-api": "https://elsewhere.example/x"},
        {"id": "CC-MAIN-2024-51", "cdx-api": "http://["},
    ],
)
def test_an_unusable_collection_does_not_affect_others(entry: object) -> None:
    text = json.dumps([entry, *json.loads(collinfo("CC-MAIN-2020-24"))])
    collections, faults = read_collections(text, INDEX)
    assert [c.name for c in collections] == ["CC-MAIN-2020-24"]
    assert len(faults) == 1
    with pytest.raises(IndexAnswerError, match="not a list of collections"):
        read_collections(json.dumps([entry]), INDEX)


@pytest.mark.parametrize("text", ["", "<html>", "{}", "7", "[]", "[" * 100_000])
def test_text_that_is_not_a_list_of_collections_is_rejected(text: str) -> None:
    with pytest.raises(IndexAnswerError, match="not a list of collections"):
        read_collections(text, INDEX)


def test_one_query_covers_all_layouts() -> None:
    (collection,), _ = read_collections(collinfo("CC-MAIN-2024-51"), INDEX)
    asked = parse_qs(urlsplit(index_url(collection, "www.thaigov.go.th")).query)
    assert asked == {"url": ["www.thaigov.go.th/*"], "output": ["json"]}
    assert parse_qs(urlsplit(index_url(collection, "a", 3)).query)["page"] == ["3"]


def lines(*rows: Any) -> bytes:
    return "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows).encode()


def test_lines_become_copies() -> None:
    listing = read_common_crawl(lines(LINE, {**LINE, "status": "301"}), CopyBounds())
    assert (listing.copies, listing.entries, listing.faults) == ([COPY], 2, [])
    for nothing in (b"", b"\n \r\n", b'{"message": "No Captures found for: x"}'):
        listing = read_common_crawl(nothing, CopyBounds())
        assert (listing.copies, listing.faults) == ([], [])
    with pytest.raises(IndexAnswerError, match="no line is usable: line 1 is left out"):
        read_common_crawl(b'{"url": "x"}', CopyBounds())


@pytest.mark.parametrize(
    "line",
    [
        {**LINE, "offset": 10, "length": 20},
        {**LINE, "more": [1]},
        {name: value for name, value in LINE.items() if name != "status"},
        {**LINE, "status": None},
        {**LINE, "status": 200},
        {name: value for name, value in LINE.items() if name != "urlkey"},
    ],
)
def test_lines_in_other_forms_are_usable(line: dict[str, object]) -> None:
    assert read_common_crawl(lines(line), CopyBounds()).copies == [COPY]
    assert read_common_crawl(b"\xef\xbb\xbf" + lines(line) + b"\r\n", CopyBounds()).copies == [COPY]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("no JSON", "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        ("[]", "it is not a JSON object"),
        ("7", "it is not a JSON object"),
        ("null", "it is not a JSON object"),
        ('"text"', "it is not a JSON object"),
        ({**LINE, "filename": None}, "not a file of the archive"),
        ({**LINE, "filename": "/etc/passwd"}, "not a file of the archive"),
        ({**LINE, "filename": "crawl/../x"}, "not a file of the archive"),
        ({**LINE, "filename": "x?y"}, "not a file of the archive"),
        ({**LINE, "filename": "https://evil.example/x"}, "not a file of the archive"),
        ({**LINE, "offset": "-1"}, "offset '-1' is not a number"),
        ({**LINE, "offset": -1}, "offset '-1' is not a number"),
        ({**LINE, "offset": 1.5}, "offset '1.5' is not a number"),
        ({**LINE, "offset": True}, "offset 'True' is not a number"),
        ({**LINE, "offset": "9" * 50}, "is not a number"),
        ({**LINE, "length": "0"}, "its record is empty"),
        ({**LINE, "length": "๕"}, "is not a number"),
        ({**LINE, "url": None}, "it has no URL"),
        ({**LINE, "timestamp": "2020"}, "not a time of 14 digits"),
    ],
)
def test_an_unusable_line_is_reported(line: Any, reason: str) -> None:
    listing = read_common_crawl(lines(LINE, line, LINE), CopyBounds())
    assert (listing.copies, listing.bad) == ([COPY, COPY], 1)
    assert listing.faults[0].startswith("line 2 is left out: ")
    assert reason in listing.faults[0]


def test_a_line_that_is_not_utf_8_is_reported() -> None:
    listing = read_common_crawl(lines(LINE) + b'\n{"url": "\xff"}', CopyBounds())
    assert (listing.copies, listing.bad) == ([COPY], 1)


@pytest.mark.parametrize("character", ["\u0085", "\u2028", "\u2029", "\x0b", "\x1c", "\x1e", "\r"])
def test_only_a_line_feed_ends_a_line(character: str) -> None:
    raw = json.dumps({**LINE, "url": f"{PAGE}?a={character}"}, ensure_ascii=False)
    listing = read_common_crawl(lines(raw, LINE), CopyBounds())
    assert [c.article for c in listing.copies] == [CANONICAL, CANONICAL]


@given(st.binary(), st.integers(0, 400))
def test_any_bytes_raise_only_index_answer_error(odd: bytes, place: int) -> None:
    text = lines(LINE, LINE)
    for answer in (odd, text[:place] + odd + text[place:], text[:place]):
        with suppress(IndexAnswerError):
            assert read_common_crawl(answer, CopyBounds()) is not None
