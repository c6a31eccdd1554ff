from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from scraper.sources.indexes import (
    Copy,
    IndexAnswerError,
    Wanted,
    cdx_query,
    collections_of,
    plan,
    read_cdx,
    read_common_crawl,
)

PAGE = "http://www.thaigov.go.th/news/contents/details/7"
CANONICAL = "https://www.thaigov.go.th/news/contents/details/7"
HEAD = ["timestamp", "original", "statuscode", "digest"]
HOME = "https://web.example"


def cdx(*rows: list[str]) -> str:
    return json.dumps([HEAD, *rows])


def test_cdx_query_names_what_is_wanted_and_no_more() -> None:
    parts = urlsplit(cdx_query("www.thaigov.go.th/news/contents/", Wanted(since="2020"), "k y"))
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


def test_cdx_rows_become_copies_and_the_key_is_found() -> None:
    row = ["20200102030405", PAGE, "200", "ABC"]
    other = ["20200102030405", "http://www.thaigov.go.th/gallery/1", "200", "DEF"]
    copy = Copy(CANONICAL, 7, "20200102030405", "ABC", f"{HOME}/web/20200102030405id_/{PAGE}")
    assert read_cdx(cdx(row, other), Wanted(), HOME) == ([copy], "")
    assert read_cdx(cdx(row, [], ["key 1"]), Wanted(), HOME) == ([copy], "key 1")
    assert read_cdx("[]", Wanted(), HOME) == read_cdx("", Wanted(), HOME) == ([], "")


@pytest.mark.parametrize(
    "answer", ["<html>", "{}", '[["a"], ["b", "c"]]', '[["timestamp"], ["2020"]]', "7", '["x"]']
)
def test_another_answer_is_an_error(answer: str) -> None:
    with pytest.raises(IndexAnswerError, match="not an answer of a CDX server"):
        read_cdx(answer, Wanted(), HOME)


@pytest.mark.parametrize(
    ("wanted", "taken"),
    [
        (Wanted(), True),
        (Wanted(first=7, last=7), True),
        (Wanted(first=8), False),
        (Wanted(last=6), False),
        (Wanted(since="2020", until="2020"), True),
        (Wanted(since="20200103"), False),
        (Wanted(until="20200102"), True),
        (Wanted(until="20200101"), False),
    ],
)
def test_bounds(wanted: Wanted, *, taken: bool) -> None:
    assert wanted.takes(7, "20200102030405") is taken


def test_collections_of_the_years_asked_for() -> None:
    names = ["CC-MAIN-2025-05", "CC-MAIN-2024-51", "CC-MAIN-2020-24", "CC-MAIN-2008-2009"]
    answer = json.dumps(
        [{"id": name, "cdx-api": f"https://i.example/{name}-index"} for name in names]
    )
    assert len(collections_of(answer, Wanted())) == 4
    assert collections_of(answer, Wanted(since="20240101", until="2024")) == [
        "https://i.example/CC-MAIN-2024-51-index"
    ]
    with pytest.raises(IndexAnswerError, match="not a list of collections"):
        collections_of("[{}]", Wanted())


def test_common_crawl_lines_become_copies() -> None:
    line = {
        "timestamp": "20200102030405",
        "url": PAGE,
        "status": "200",
        "digest": "ABC",
        "filename": "crawl/part.warc.gz",
        "offset": "10",
        "length": "20",
    }
    lines = "\n".join(json.dumps(row) for row in (line, {**line, "status": "301"}))
    assert read_common_crawl(lines, Wanted()) == [
        Copy(CANONICAL, 7, "20200102030405", "ABC", "crawl/part.warc.gz:10:20")
    ]
    assert read_common_crawl("", Wanted()) == []
    with pytest.raises(IndexAnswerError, match="not a line of a Common Crawl index"):
        read_common_crawl('{"url": "x"}', Wanted())


def copy(number: int, timestamp: str, digest: str) -> Copy:
    return Copy(f"article {number}", number, timestamp, digest, f"{timestamp}/{number}")


def test_plan_of_the_latest_copy_goes_backwards_and_passes_over_equal_bytes() -> None:
    copies = [
        copy(2, "2020", "A"),
        copy(2, "2021", "A"),
        copy(2, "2022", "B"),
        copy(1, "2019", "C"),
    ]
    planned = plan([*copies, *copies], all_versions=False)
    assert list(planned) == ["article 1", "article 2"]
    assert [c.timestamp for c in planned["article 2"]] == ["2022", "2021"]


def test_plan_of_all_versions_keeps_a_change_back() -> None:
    copies = [copy(1, year, digest) for year, digest in zip("123456", "AABBAC", strict=True)]
    planned = plan(reversed(copies), all_versions=True)
    assert [c.timestamp for c in planned["article 1"]] == ["1", "3", "5", "6"]
