"""Runs each example in docs/dates.md through `find_dates`."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from scraper.thai.dates import find_dates, mentions
from scraper.thai.dates.date_mention import DateMention, Precision

PAGE = (Path(__file__).parents[3] / "docs" / "dates.md").read_text("utf-8")
PUBLISHED = date(2025, 8, 21)

Row = tuple[str, ...]


def rows_of(*header: str) -> list[Row]:
    """Return the rows of all tables of the page with these column headings."""
    rows: list[Row] = []
    in_table = False
    for line in PAGE.split("\n"):
        cells = tuple(cell.strip() for cell in line.strip("|").split("|"))
        if not line.startswith("|"):
            in_table = False
        elif cells == header:
            in_table = True
        elif in_table and set(line) - set("|-"):
            rows.append(cells)
    return rows


def row_of(text: str, mention: DateMention) -> Row:
    """Return a mention as a row of such a table."""
    hours = "-".join(f"{t:%H:%M}" for t in (mention.start_time, mention.end_time) if t)
    if mention.until_24:
        hours = hours.replace("-23:59", "-24:00")
    also = [
        hours,
        "" if mention.precision is Precision.DAY else mention.precision,
        "inferred" if mention.inferred else "",
        *mention.flags,
    ]
    return (
        f"{text[: mention.start]}**{mention.text}**{text[mention.end :]}",
        str(mention.start_on or ""),
        str(mention.end_on or ""),
        ", ".join(filter(None, also)),
    )


FOUND: defaultdict[str, list[Row]] = defaultdict(list)
for row in rows_of("example", "start_on", "end_on", "also"):
    FOUND[row[0].replace("**", "")].append(row)
NOTHING = rows_of("example", "because")
FLAGS = [flag.strip("`") for flag, _ in rows_of("flag", "means")]


@pytest.mark.parametrize("text", FOUND)
def test_examples_of_dates(text: str) -> None:
    assert [row_of(text, mention) for mention in find_dates(text, PUBLISHED)] == FOUND[text]


@pytest.mark.parametrize(("text", "reason"), NOTHING)
def test_examples_without_dates(text: str, reason: str) -> None:
    assert find_dates(text, PUBLISHED) == [], reason


def test_every_flag_is_explained_and_has_an_example() -> None:
    in_code = (mentions.__doc__ or "").partition("\nFlags")[2]
    assert in_code
    assert sorted(re.findall("``([a-z-]+)``", in_code)) == FLAGS
    shown = {word for rows in FOUND.values() for *_, also in rows for word in also.split(", ")}
    # This one needs a text without a publication date.
    assert set(FLAGS) - shown == {"no-year"}
    assert find_dates("20 มีนาคม", None)[0].flags == ("no-year",)


def test_the_page_has_examples() -> None:
    assert len(FOUND) > 50
    assert len(NOTHING) > 10
