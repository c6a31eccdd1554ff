"""Tests for queries and answers of a Wayback Machine's index."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.sources import THAIGOV
from scraper.sources.indexes import Copy, CopyBounds, IndexAnswerError
from scraper.sources.wayback import CDX_FIELDS, cdx_query, prefixes, read_cdx

PAGE = "http://www.thaigov.go.th/news/contents/details/7"
CANONICAL = "https://www.thaigov.go.th/news/contents/details/7"
HEAD = list(CDX_FIELDS)
HOME = "https://web.example"
ROW = ["20200102030405", PAGE, "200", "ABC", "th,go,thaigov)/7"]
COPY = Copy(CANONICAL, 7, "20200102030405", "ABC", f"{HOME}/web/20200102030405id_/{PAGE}")


def cdx(*rows: Any) -> str:
    return json.dumps([HEAD, *rows])


def test_cdx_query_parameters() -> None:
    parts = urlsplit(
        cdx_query("www.thaigov.go.th/news/contents/", CopyBounds(since="2020"), resume_key="k y")
    )
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert (query["url"], query["from"], query["resumeKey"]) == (
        "www.thaigov.go.th/news/contents/",
        "2020",
        "k y",
    )
    assert "to" not in query
    assert (query["matchType"], query["output"], query["filter"]) == (
        "prefix",
        "json",
        "statuscode:200",
    )
    # The server seeks by the requested columns.
    assert {"urlkey", "timestamp"} <= set(query["fl"].split(","))


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        (CopyBounds(), ["/news/contents/", "/th/news/", "/en/news/"]),
        (CopyBounds(until="20250801"), ["/news/contents/"]),
        (CopyBounds(first=162_975), ["/th/news/", "/en/news/"]),
        (CopyBounds(until="20160101"), []),
    ],
)
def test_prefixes_within_bounds(bounds: CopyBounds, expected: list[str]) -> None:
    assert prefixes(THAIGOV, bounds) == expected


def test_rows_become_copies_and_the_resume_key_is_found() -> None:
    other = ["20200102030405", "http://www.thaigov.go.th/gallery/1", "200", "DEF", "k"]
    listing = read_cdx(cdx(ROW, other), CopyBounds(), HOME)
    assert (listing.copies, listing.cursor, listing.entries) == ([COPY], "", 2)
    listing = read_cdx(cdx(ROW, [], ["key 1"]), CopyBounds(), HOME)
    assert (listing.copies, listing.cursor, listing.faults) == ([COPY], "key 1", [])
    for nothing in ("[]", "", "\n", json.dumps([HEAD])):
        listing = read_cdx(nothing, CopyBounds(), HOME)
        assert (listing.copies, listing.cursor, listing.faults) == ([], "", [])


@pytest.mark.parametrize(
    "answer",
    [
        "<html>",
        "{}",
        '[["a"], ["b", "c"]]',
        '[["timestamp"], ["2020"]]',
        "7",
        '["x"]',
        "[" * 100_000,
        cdx(["20200102030405"], 7),
    ],
)
def test_any_other_answer_is_an_error(answer: str) -> None:
    with pytest.raises(IndexAnswerError, match=r"not a response of a CDX server|no row is usable"):
        read_cdx(answer, CopyBounds(), HOME)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ([*ROW, "more"], "it has 6 fields instead of 5"),
        (ROW[:3], "it has 3 fields instead of 5"),
        (["-", *ROW[1:]], "not a time of 14 digits"),
        ([ROW[0], None, *ROW[2:]], "it has no URL"),
        ("a row", "it is not a list"),
        (7, "it is not a list"),
        ({"timestamp": "2020"}, "it is not a list"),
        (["key without an empty row before it"], "it has 1 fields"),
    ],
)
def test_an_unusable_row_is_reported(row: Any, reason: str) -> None:
    listing = read_cdx(cdx(ROW, row, ROW), CopyBounds(), HOME)
    assert listing.copies == [COPY, COPY]
    assert listing.bad == 1
    assert "row 2 is left out" in listing.faults[0]
    assert reason in listing.faults[0]


def test_a_row_without_urlkey_is_used_and_reported() -> None:
    listing = read_cdx(cdx(ROW[:4]), CopyBounds(), HOME)
    assert (listing.copies, listing.bad) == ([COPY], 0)
    assert listing.faults == ["1 rows came without their urlkey"]


@pytest.mark.parametrize("character", ["\u0085", "\u2028", "\u2029", "\x0b", "\x1c", ",", '"', "]"])
def test_special_characters_in_a_url_do_not_split_a_row(character: str) -> None:
    row = [ROW[0], f"{PAGE}?a={character}", *ROW[2:]]
    for text in (json.dumps([HEAD, row]), json.dumps([HEAD, row], ensure_ascii=False)):
        listing = read_cdx(text, CopyBounds(), HOME)
        assert [c.article for c in listing.copies] == [CANONICAL]


@pytest.mark.parametrize("end", [-1, -5, -40])
def test_the_rows_of_a_truncated_answer_are_used(end: int) -> None:
    lines = ",\n".join(json.dumps(row) for row in (HEAD, ROW, ROW, ROW))
    listing = read_cdx(f"[{lines}]"[:end], CopyBounds(), HOME)
    assert len(listing.copies) == (3 if end == -1 else 2)
    assert listing.bad == 1
    listing = read_cdx(f"[{lines},\n[bad, {{}}],\n{json.dumps(ROW)}]", CopyBounds(), HOME)
    assert (len(listing.copies), listing.bad) == (4, 1)


@given(st.text() | st.binary().map(repr), st.integers(0, 300))
def test_any_text_raises_only_index_answer_error(odd: str, place: int) -> None:
    text = cdx(ROW, ROW)
    for answer in (odd, text[:place] + odd + text[place:], text[:place]):
        with suppress(IndexAnswerError):
            assert read_cdx(answer, CopyBounds(), HOME) is not None
