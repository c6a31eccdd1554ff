"""Moments as ISO text, and which of them are plausible."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from scraper.clock import CLOCK_SKEW, from_iso, implausible, now, to_iso


@pytest.mark.parametrize("year", [1, 900, 1990, 2026, 9999])
def test_iso_text_is_parsed_back(year: int) -> None:
    moment = datetime(year, 6, 7, 8, 9, 10, tzinfo=UTC)
    assert to_iso(moment) == f"{year:04}-06-07T08:09:10Z"
    assert from_iso(to_iso(moment)) == moment


def test_a_year_without_leading_zeros_is_parsed() -> None:
    assert from_iso("900-01-02T03:04:05Z") == datetime(900, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_other_time_zones_and_fractions() -> None:
    bangkok = timezone(timedelta(hours=7))
    assert to_iso(datetime(2026, 1, 1, 6, 59, 59, 999, bangkok)) == "2025-12-31T23:59:59Z"
    with pytest.raises(ValueError, match="no time zone"):
        to_iso(datetime(2026, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("moment", "reason"),
    [
        (datetime(900, 1, 1, tzinfo=UTC), "before 1990"),
        (datetime(1989, 12, 31, 23, 59, 59, tzinfo=UTC), "before 1990"),
        (now() + CLOCK_SKEW + timedelta(days=1), "in the future"),
        (datetime(2099, 1, 1, tzinfo=UTC), "in the future"),
    ],
)
def test_implausible_moments_have_a_reason(moment: datetime, reason: str) -> None:
    assert reason in (implausible(moment) or "")


@pytest.mark.parametrize("moment", [datetime(1990, 1, 1, tzinfo=UTC), now()])
def test_plausible_moments(moment: datetime) -> None:
    assert implausible(moment) is None
