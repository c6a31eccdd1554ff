"""The hours in which a site may be asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.clock import BANGKOK
from scraper.crawl.limits import Window

NIGHT, MORNING = Window.parse("22:00-06:00"), Window.parse("1:05-04:30")
MOMENTS = st.integers(0, 2**31).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
CLOCKS = st.integers(0, 1439)


@pytest.mark.parametrize(
    ("window", "clock", "minutes"),
    [
        (NIGHT, "22:00", 0),
        (NIGHT, "00:00", 0),
        (NIGHT, "05:59", 0),
        (NIGHT, "06:00", 16 * 60),
        (NIGHT, "21:59", 1),
        (MORNING, "01:05", 0),
        (MORNING, "04:29", 0),
        (MORNING, "04:30", 20 * 60 + 35),
        (MORNING, "00:00", 65),
    ],
)
def test_how_long_until_it_opens(window: Window, clock: str, minutes: int) -> None:
    moment = datetime.fromisoformat(f"2026-03-01T{clock}:00").replace(tzinfo=BANGKOK)
    assert window.wait(moment) == timedelta(minutes=minutes)
    assert window.wait(moment.astimezone(UTC)) == timedelta(minutes=minutes)


@given(CLOCKS, CLOCKS, MOMENTS)
def test_it_is_open_when_the_wait_is_over(opens: int, closes: int, moment: datetime) -> None:
    if opens == closes:
        return
    window = Window(opens, closes)
    wait = window.wait(moment)
    assert timedelta(0) <= wait < timedelta(days=1)
    assert window.wait(moment + wait) == timedelta(0)
    if wait:
        assert window.wait(moment + wait - timedelta(seconds=1))


@pytest.mark.parametrize(
    "text", ["", "22:00", "22-6", "22:00-24:00", "06:60-07:00", "22:00-22:00", "๒๒:๐๐-06:00", "-"]
)
def test_what_is_no_window(text: str) -> None:
    with pytest.raises(ValueError, match="write 22:00-06:00"):
        Window.parse(text)


def test_how_it_is_told() -> None:
    assert str(MORNING) == "01:05-04:30 (Asia/Bangkok)"
