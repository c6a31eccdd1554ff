"""The times that a recovery is bounded by, as archives write them or as a reader types them."""

from __future__ import annotations

import pytest

from spiders.base import ArgumentError
from spiders.recovery import moment
from spiders.wayback import WaybackSpider


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("", "", ""),
        ("2018", "2018", "2018"),
        ("20180101", "20180101", "20180101"),
        ("20180101123000", "20180101123000", "20180101123000"),
        ("2561", "20180101", "20181231"),
        ("25610131123000", "20180131123000", "20180131123000"),
        ("2561-02", "20180201", "20180228"),
        ("31/1/61", "20180131", "20180131"),
        ("๒๕๖๑", "20180101", "20181231"),
        ("31 ม.ค. 2561", "20180131", "20180131"),
    ],
)
def test_a_bound(typed: str, first: str, last: str) -> None:
    assert moment("since", typed) == first
    assert moment("until", typed, last=True) == last
    assert WaybackSpider(since=typed).wanted.since == first


@pytest.mark.parametrize("typed", ["201", "31/2/2561", "256101", "2200", "last year"])
def test_what_is_no_bound_is_told(typed: str) -> None:
    with pytest.raises(ArgumentError, match=r"since: .+ is not a date"):
        WaybackSpider(since=typed)
