"""The only source of the current time: UTC, whole seconds, ISO 8601 with Z.

``THAIGOV_CLOCK`` sets the clock of a process, which then runs on from that moment, so that drills
and tests can simulate weeks.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta, timezone
from functools import cache

from scraper.errors import ReportedError

BANGKOK = timezone(timedelta(hours=7), "Asia/Bangkok")  # without summer time since 1920
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # there were no web pages before
CLOCK_SKEW = timedelta(minutes=5)  # by which another machine's clock may be ahead of ours


class ClockError(ReportedError):
    """THAIGOV_CLOCK is not a moment; the message shows the format."""

    exit_code = 2


def now() -> datetime:
    """Return the current moment in UTC, in whole seconds.

    Raises:
        ClockError: THAIGOV_CLOCK is not a moment.
    """
    return (datetime.now(UTC) + _offset()).replace(microsecond=0)


def to_iso(moment: datetime) -> str:
    """Return a moment as the archive stores it, such as ``2025-08-21T03:04:05Z``.

    Raises:
        ValueError: the moment has no time zone, so its UTC value is unknown.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone")
    # Not strftime: its %Y does not pad years before 1000 on Linux.
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def from_iso(text: str) -> datetime:
    """Parse a moment written by ``to_iso``, including by versions that did not pad the year."""
    return datetime.fromisoformat(text.rjust(len("0000-00-00T00:00:00Z"), "0"))


def implausible(moment: datetime) -> str | None:
    """Return why a page cannot have been fetched at this aware moment, or None if it can."""
    if moment < EARLIEST:
        return f"{to_iso(moment)} is before {EARLIEST:%Y}, when there were no web pages"
    if moment > now() + CLOCK_SKEW:
        return f"{to_iso(moment)} is in the future"
    return None


@cache
def _offset() -> timedelta:
    """Return the difference between the clock of this process and the machine's."""
    text = os.environ.get("THAIGOV_CLOCK", "")
    if not text:
        return timedelta(0)
    try:
        return from_iso(text) - datetime.now(UTC)
    except (ValueError, TypeError) as error:
        raise ClockError(
            f"THAIGOV_CLOCK={text} is not a time with a time zone; write 2026-01-31T20:00:00Z"
        ) from error
