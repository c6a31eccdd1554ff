"""The time of day, in one place: UTC, whole seconds, ISO 8601 with Z.

``THAIGOV_CLOCK`` sets the clock of a process: it begins at that moment and goes on as any clock
does. Drills and tests live through weeks that way; nothing else in the program asks for the time.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta, timezone
from functools import cache

from scraper.errors import ReportedError

BANGKOK = timezone(timedelta(hours=7), "Asia/Bangkok")  # without summer time since 1920
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # no page on the web is older
CLOCK_SKEW = timedelta(minutes=5)  # how far another machine's clock may be ahead of ours


class ClockError(ReportedError):
    """THAIGOV_CLOCK names no moment; the message says what it may be."""

    exit_code = 2


def now() -> datetime:
    """Return the present moment in UTC, in whole seconds, as captures and runs record it.

    Raises:
        ClockError: THAIGOV_CLOCK names no moment.
    """
    return (datetime.now(UTC) + _ahead()).replace(microsecond=0)


def to_iso(moment: datetime) -> str:
    """Return a moment as the archive stores it, such as ``2025-08-21T03:04:05Z``.

    Raises:
        ValueError: the moment has no time zone, so that its UTC value is unknown.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone")
    # Not strftime: its %Y does not pad years before 1000 on Linux.
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def from_iso(text: str) -> datetime:
    """Return the moment that ``to_iso`` wrote, also in versions that did not pad the year."""
    return datetime.fromisoformat(text.rjust(len("0000-00-00T00:00:00Z"), "0"))


def implausible(moment: datetime) -> str | None:
    """Return why a page cannot have been fetched at a moment, None where it can.

    Args:
        moment: with a time zone.
    """
    if moment < EARLIEST:
        return f"{to_iso(moment)} is before {EARLIEST:%Y}, when there were no web pages"
    if moment > now() + CLOCK_SKEW:
        return f"{to_iso(moment)} is in the future"
    return None


@cache
def _ahead() -> timedelta:
    """Return by how much the clock of this process differs from the machine's."""
    text = os.environ.get("THAIGOV_CLOCK", "")
    if not text:
        return timedelta(0)
    try:
        return from_iso(text) - datetime.now(UTC)
    except (ValueError, TypeError) as error:
        raise ClockError(
            f"THAIGOV_CLOCK={text} is no moment with a time zone; write 2026-01-31T20:00:00Z"
        ) from error
