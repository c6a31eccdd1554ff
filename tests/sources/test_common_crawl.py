"""The list of Common Crawl's collections, and the answers of their indexes."""

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
    query,
    read_collections,
    read_common_crawl,
    that_can_hold,
)
from scraper.sources.indexes import Copy, IndexAnswerError, Wanted

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
    ("wanted", "asked"),
    [
        (Wanted(), NAMES[:6]),  # July 2016 may lie within the crawl that ended in week 26
        (Wanted(since="20240101", until="2024"), ["CC-MAIN-2024-51"]),
        (Wanted(since="20241001"), NAMES[:3]),
        (Wanted(until="20200601"), NAMES[3:6]),
        (Wanted(first=95_000), NAMES[:3]),
        (Wanted(first=162_975), NAMES[:1]),
        (Wanted(until="20150101"), []),
    ],
)
def test_only_collections_that_can_hold_it(wanted: Wanted, asked: list[str]) -> None:
    collections, faults = read_collections(collinfo(*NAMES), INDEX)
    assert [c.name for c in that_can_hold(collections, THAIGOV, wanted)] == asked
    assert faults == []


def test_times_that_are_told_count_more_than_a_name() -> None:
    told = {"from": "2024-12-01T01:02:03", "to": "2024-12-15T01:02:03"}
    collections, _ = read_collections(collinfo("CC-MAIN-2024-51", **told), INDEX)
    assert that_can_hold(collections, THAIGOV, Wanted(since="20241216")) == []
    assert len(that_can_hold(collections, THAIGOV, Wanted(since="20241215"))) == 1
    assert that_can_hold(collections, THAIGOV, Wanted(until="20241130")) == []
    for odd in ({"from": "?", "to": 7}, {"from": told["to"], "to": told["from"]}):
        collections, _ = read_collections(collinfo("CC-MAIN-2024-51", **odd), INDEX)
        assert len(that_can_hold(collections, THAIGOV, Wanted(since="20241216"))) == 1
    for strange in ("CC-MAIN-2024-99", "CC-NEWS", "x"):  # may hold anything
        collections, _ = read_collections(collinfo(strange), INDEX)
        assert len(that_can_hold(collections, THAIGOV, Wanted(until="20160801"))) == 1


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
def test_an_odd_collection_takes_no_other_with_it(entry: object) -> None:
    text = json.dumps([entry, *json.loads(collinfo("CC-MAIN-2020-24"))])
    collections, faults = read_collections(text, INDEX)
    assert [c.name for c in collections] == ["CC-MAIN-2020-24"]
    assert len(faults) == 1
    with pytest.raises(IndexAnswerError, match="not a list of collections"):
        read_collections(json.dumps([entry]), INDEX)


@pytest.mark.parametrize("text", ["", "<html>", "{}", "7", "[]", "[" * 100_000])
def test_what_is_no_list_of_collections(text: str) -> None:
    with pytest.raises(IndexAnswerError, match="not a list of collections"):
        read_collections(text, INDEX)


def test_one_query_asks_for_all_layouts() -> None:
    (collection,), _ = read_collections(collinfo("CC-MAIN-2024-51"), INDEX)
    asked = parse_qs(urlsplit(query(collection, "www.thaigov.go.th")).query)
    assert asked == {"url": ["www.thaigov.go.th/*"], "output": ["json"]}
    assert parse_qs(urlsplit(query(collection, "a", 3)).query)["page"] == ["3"]


def lines(*rows: Any) -> bytes:
    return "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows).encode()


def test_lines_become_copies() -> None:
    listing = read_common_crawl(lines(LINE, {**LINE, "status": "301"}), Wanted())
    assert (listing.copies, listing.entries, listing.faults) == ([COPY], 2, [])
    for nothing in (b"", b"\n \r\n", b'{"message": "No Captures found for: x"}'):
        listing = read_common_crawl(nothing, Wanted())
        assert (listing.copies, listing.faults) == ([], [])
    with pytest.raises(IndexAnswerError, match="no line can be used; line 1 is left out"):
        read_common_crawl(b'{"url": "x"}', Wanted())


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
def test_lines_that_are_used_in_other_forms(line: dict[str, object]) -> None:
    assert read_common_crawl(lines(line), Wanted()).copies == [COPY]
    assert read_common_crawl(b"\xef\xbb\xbf" + lines(line) + b"\r\n", Wanted()).copies == [COPY]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("no JSON", "it is no JSON"),
        ("[" * 100_000, "it is no JSON"),
        ("[]", "it is no JSON object"),
        ("7", "it is no JSON object"),
        ("null", "it is no JSON object"),
        ('"text"', "it is no JSON object"),
        ({**LINE, "filename": None}, "no file of the archive"),
        ({**LINE, "filename": "/etc/passwd"}, "no file of the archive"),
        ({**LINE, "filename": "crawl/../x"}, "no file of the archive"),
        ({**LINE, "filename": "x?y"}, "no file of the archive"),
        ({**LINE, "filename": "https://evil.example/x"}, "no file of the archive"),
        ({**LINE, "offset": "-1"}, "offset '-1' is no number"),
        ({**LINE, "offset": -1}, "offset '-1' is no number"),
        ({**LINE, "offset": 1.5}, "offset '1.5' is no number"),
        ({**LINE, "offset": True}, "offset 'True' is no number"),
        ({**LINE, "offset": "9" * 50}, "is no number"),
        ({**LINE, "length": "0"}, "its record has no bytes"),
        ({**LINE, "length": "๕"}, "is no number"),
        ({**LINE, "url": None}, "it names no address"),
        ({**LINE, "timestamp": "2020"}, "no time of 14 digits"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(line: Any, reason: str) -> None:
    listing = read_common_crawl(lines(LINE, line, LINE), Wanted())
    assert (listing.copies, listing.bad) == ([COPY, COPY], 1)
    assert listing.faults[0].startswith("line 2 is left out: ")
    assert reason in listing.faults[0]


def test_bytes_that_are_no_utf_8_are_named() -> None:
    listing = read_common_crawl(lines(LINE) + b'\n{"url": "\xff"}', Wanted())
    assert (listing.copies, listing.bad) == ([COPY], 1)


@pytest.mark.parametrize("character", ["\u0085", "\u2028", "\u2029", "\x0b", "\x1c", "\x1e", "\r"])
def test_only_a_line_feed_ends_a_line(character: str) -> None:
    raw = json.dumps({**LINE, "url": f"{PAGE}?a={character}"}, ensure_ascii=False)
    listing = read_common_crawl(lines(raw, LINE), Wanted())
    assert [c.article for c in listing.copies] == [CANONICAL, CANONICAL]


@given(st.binary(), st.integers(0, 400))
def test_nothing_else_is_raised(odd: bytes, place: int) -> None:
    text = lines(LINE, LINE)
    for answer in (odd, text[:place] + odd + text[place:], text[:place]):
        with suppress(IndexAnswerError):
            assert read_common_crawl(answer, Wanted()) is not None
