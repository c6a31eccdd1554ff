"""Shared by the tests for scraper.thai.dates."""

from __future__ import annotations

from datetime import date

from scraper.thai.dates import find_dates

PUBLISHED = date(2023, 3, 23)


def dates_in(text: str, published_on: date | None = PUBLISHED) -> list[str]:
    """Return each date in a text as ``text = day..day hours, precision, inferred, flags``."""
    lines = []
    for mention in find_dates(text, published_on):
        line = f"{mention.text} = {mention.start_on or 'unknown'}"
        if mention.end_on != mention.start_on:
            line += f"..{mention.end_on}"
        for joint, hour in ((" ", mention.start_time), ("-", mention.end_time)):
            line += f"{joint}{hour:%H:%M}" if hour else ""
        more = [] if mention.precision == "day" else [str(mention.precision)]
        more += ["inferred"] if mention.inferred else []
        lines.append(", ".join([line, *more, *mention.flags]))
    return lines
