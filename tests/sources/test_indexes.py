"""Tests for the bounds on copies and the order in which they are fetched."""

from __future__ import annotations

import pytest

from scraper.sources import PRACTICE, THAIGOV
from scraper.sources.indexes import (
    MOST_FAULTS,
    BadEntryError,
    Copy,
    CopyBounds,
    Listing,
    make_copy,
    plan_copies,
)

PAGE = "http://www.thaigov.go.th/news/contents/details/7"
CANONICAL = "https://www.thaigov.go.th/news/contents/details/7"


@pytest.mark.parametrize(
    ("bounds", "taken"),
    [
        (CopyBounds(), True),
        (CopyBounds(first=7, last=7), True),
        (CopyBounds(first=8), False),
        (CopyBounds(last=6), False),
        (CopyBounds(since="2020", until="2020"), True),
        (CopyBounds(since="20200103"), False),
        (CopyBounds(until="20200102"), True),
        (CopyBounds(until="20200101"), False),
    ],
)
def test_bounds(bounds: CopyBounds, *, taken: bool) -> None:
    assert bounds.include(7, "20200102030405") is taken


@pytest.mark.parametrize(
    ("bounds", "earliest"),
    [
        (CopyBounds(), "20160701000000"),
        (CopyBounds(since="2010"), "20160701000000"),
        (CopyBounds(since="20200102"), "20200102000000"),
        (CopyBounds(first=19_444), "20180101000000"),
        (CopyBounds(first=95_000), "20241001000000"),
        (CopyBounds(first=165_000), "20250901000000"),
        (CopyBounds(first=165_000, since="2026"), "20260000000000"),
    ],
)
def test_earliest_time_of_a_copy_within_bounds(bounds: CopyBounds, earliest: str) -> None:
    assert bounds.earliest(THAIGOV) == earliest
    assert CopyBounds().earliest(PRACTICE) == "20160701000000"


@pytest.mark.parametrize(
    ("url", "timestamp", "reason"),
    [
        (None, "20200102030405", "has no URL"),
        ("", "20200102030405", "has no URL"),
        (7, "20200102030405", "has no URL"),
        (PAGE, None, "not a time of 14 digits"),
        (PAGE, "2020", "not a time of 14 digits"),
        (PAGE, "-2020010203040", "not a time of 14 digits"),
        (PAGE, "๒๐๒๐0102030405", "not a time of 14 digits"),
        (PAGE, "20200230030405", "is not a time"),
        (PAGE, "00000102030405", "is not a time"),
    ],
)
def test_unusable_entries(url: object, timestamp: object, reason: str) -> None:
    with pytest.raises(BadEntryError, match=reason):
        make_copy(url, timestamp, "D", "source", CopyBounds())


def test_copies_without_a_digest_are_all_kept() -> None:
    copies = [
        make_copy(PAGE, f"202001020304{n:02}", d, f"s{n}", CopyBounds()) for n, d in enumerate("-x")
    ]
    assert copies == [
        Copy(CANONICAL, 7, "20200102030400", "", "s0"),
        Copy(CANONICAL, 7, "20200102030401", "x", "s1"),
    ]
    unknown = [copy(1, str(year), "") for year in (1, 2, 3)]
    assert len(plan_copies(unknown, all_versions=False)["article 1"]) == 3
    assert len(plan_copies(unknown, all_versions=True)["article 1"]) == 3


def test_faults_beyond_the_limit_are_only_counted() -> None:
    listing = Listing()
    for number in range(MOST_FAULTS + 5):
        listing.reject(f"line {number}", "it is not JSON", "\x1b[31m" + "x" * 500)
    assert listing.bad == MOST_FAULTS + 5
    assert len(listing.faults) == MOST_FAULTS + 1
    assert listing.faults[-1] == "5 more entries are left out"
    assert all(len(fault) < 150 and fault.isprintable() for fault in listing.faults)


def copy(number: int, timestamp: str, digest: str) -> Copy:
    return Copy(f"article {number}", number, timestamp, digest, f"{timestamp}/{number}")


def test_alternatives_are_newest_first_without_equal_bytes() -> None:
    copies = [
        copy(2, "2020", "A"),
        copy(2, "2021", "A"),
        copy(2, "2022", "B"),
        copy(1, "2019", "C"),
    ]
    planned = plan_copies([*copies, *copies], all_versions=False)
    assert list(planned) == ["article 1", "article 2"]
    assert [c.timestamp for c in planned["article 2"]] == ["2022", "2021"]


def test_all_versions_include_a_change_back() -> None:
    copies = [copy(1, year, digest) for year, digest in zip("123456", "AABBAC", strict=True)]
    planned = plan_copies(reversed(copies), all_versions=True)
    assert [c.timestamp for c in planned["article 1"]] == ["1", "3", "5", "6"]
