"""The time of day, in one place: UTC, whole seconds, ISO 8601 with Z."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present moment in UTC, in whole seconds, as captures and runs record it."""
    return datetime.now(UTC).replace(microsecond=0)


def to_iso(moment: datetime) -> str:
    """Return a moment as the archive stores it, such as ``2025-08-21T03:04:05Z``.

    Raises:
        ValueError: the moment has no time zone, so that its UTC value is unknown.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def from_iso(text: str) -> datetime:
    """Return the moment that ``to_iso`` wrote."""
    return datetime.fromisoformat(text)
