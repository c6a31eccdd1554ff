"""Which copies are wanted, and in which order they are asked for."""

from __future__ import annotations

import pytest

from scraper.sources import PRACTICE, THAIGOV
from scraper.sources.indexes import MOST_FAULTS, BadEntryError, Copy, Listing, Wanted, copy_of, plan

PAGE = "http://www.thaigov.go.th/news/contents/details/7"
CANONICAL = "https://www.thaigov.go.th/news/contents/details/7"


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


@pytest.mark.parametrize(
    ("wanted", "earliest"),
    [
        (Wanted(), "20160701000000"),
        (Wanted(since="2010"), "20160701000000"),
        (Wanted(since="20200102"), "20200102000000"),
        (Wanted(first=19_444), "20180101000000"),
        (Wanted(first=95_000), "20241001000000"),
        (Wanted(first=165_000), "20250901000000"),
        (Wanted(first=165_000, since="2026"), "20260000000000"),
    ],
)
def test_when_the_first_wanted_copy_can_have_been_made(wanted: Wanted, earliest: str) -> None:
    assert wanted.earliest(THAIGOV) == earliest
    assert Wanted().earliest(PRACTICE) == "20160701000000"


@pytest.mark.parametrize(
    ("url", "timestamp", "reason"),
    [
        (None, "20200102030405", "names no address"),
        ("", "20200102030405", "names no address"),
        (7, "20200102030405", "names no address"),
        (PAGE, None, "no time of 14 digits"),
        (PAGE, "2020", "no time of 14 digits"),
        (PAGE, "-2020010203040", "no time of 14 digits"),
        (PAGE, "๒๐๒๐0102030405", "no time of 14 digits"),
        (PAGE, "20200230030405", "is no time"),
        (PAGE, "00000102030405", "is no time"),
    ],
)
def test_entries_that_cannot_be_used(url: object, timestamp: object, reason: str) -> None:
    with pytest.raises(BadEntryError, match=reason):
        copy_of(url, timestamp, "D", "source", Wanted())


def test_an_entry_without_a_digest_is_a_copy_of_its_own() -> None:
    copies = [
        copy_of(PAGE, f"202001020304{n:02}", d, f"s{n}", Wanted()) for n, d in enumerate("-x")
    ]
    assert copies == [
        Copy(CANONICAL, 7, "20200102030400", "", "s0"),
        Copy(CANONICAL, 7, "20200102030401", "x", "s1"),
    ]
    unknown = [copy(1, str(year), "") for year in (1, 2, 3)]
    assert len(plan(unknown, all_versions=False)["article 1"]) == 3
    assert len(plan(unknown, all_versions=True)["article 1"]) == 3


def test_many_faults_are_told_in_a_few_sentences() -> None:
    listing = Listing()
    for number in range(MOST_FAULTS + 5):
        listing.reject(f"line {number}", "it is no JSON", "\x1b[31m" + "x" * 500)
    assert listing.bad == MOST_FAULTS + 5
    assert len(listing.faults) == MOST_FAULTS + 1
    assert listing.faults[-1] == "5 more entries are left out"
    assert all(len(fault) < 150 and fault.isprintable() for fault in listing.faults)


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
