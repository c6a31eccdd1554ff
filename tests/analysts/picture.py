"""Draws docs/images/tables.svg, the tables of an archive, from the schema.

Tables that refer to nothing but an article stand left of ``articles``, those that lead from an
article to people, agencies or places right of it.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from contextlib import closing
from html import escape
from textwrap import wrap
from typing import TYPE_CHECKING, NamedTuple

from scraper.browse.metadata import table_settings
from tests.conftest import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

PICTURE = REPOSITORY / "docs" / "images" / "tables.svg"
CENTRE = ("articles", "article_revisions", "article_words", "captures")
REFERENCES = ("people", "agencies", "ministries", "districts", "provinces")
# What a run did, and what an operator saved: of no interest to analysts.
NOT_SHOWN = {"runs", "problems", "frontier", "watches", "watch_seen"}
BOX, GUTTER, MARGIN = 232, 56, 16  # pixels
LINE, HEAD, GAP, LETTERS = 15, 34, 14, 29
SVG = "http://www.w3.org/2000/svg"
STYLE = """
svg { background: #fff; font: 12px ui-monospace, Menlo, Consolas, monospace; }
rect { fill: #f6f8fa; stroke: #57606a; }
text { fill: #24292f; }
.name { font-weight: bold; font-size: 13px; }
.thai { fill: #57606a; font-family: sans-serif; }
path { fill: none; stroke: #8c959f; stroke-width: 1.3; }
path.people { stroke: #bc4c00; } path.agencies { stroke: #0969da; }
path.ministries { stroke: #8250df; } path.districts { stroke: #bf3989; }
path.provinces { stroke: #1a7f37; }
@media (prefers-color-scheme: dark) {
  svg { background: #0d1117; }
  rect { fill: #161b22; stroke: #8b949e; }
  text { fill: #e6edf3; }
  .thai { fill: #9da7b3; }
}
"""


class _Table(NamedTuple):
    name: str
    columns: Sequence[str]
    refers: Sequence[str]

    @property
    def lines(self) -> list[str]:
        """The names of the columns, as the box shows them."""
        shown = [column for column in self.columns if column != "article_id"]
        if self.name == "articles":
            shown.remove("body")
            shown = ["body", *shown]
        return wrap(", ".join(shown), LETTERS)

    @property
    def height(self) -> int:
        """Of the box."""
        return HEAD + len(self.lines) * LINE + 6


class _Box(NamedTuple):
    table: _Table
    x: int
    y: int

    @property
    def middle(self) -> int:
        """Height at which lines begin and end."""
        return self.y + self.table.height // 2


def draw_tables(db: Path) -> str:
    """Return the picture of an archive's tables, as SVG."""
    tables = {table.name: table for table in _read(db)}
    columns: dict[int, list[_Table]] = defaultdict(list)
    for table in tables.values():
        if table.name not in CENTRE + REFERENCES:
            leads_on = any(name in REFERENCES for name in table.refers)
            columns[2 if leads_on else 0].append(table)
    columns[1] = [tables[name] for name in CENTRE]
    columns[3] = [tables[name] for name in REFERENCES]
    tallest = max(map(_height, columns.values()))
    boxes = [box for number in columns for box in _stack(columns[number], number, tallest)]
    width, height = 2 * MARGIN + 4 * BOX + 3 * GUTTER + 20, tallest + 2 * MARGIN
    placed = {box.table.name: box for box in boxes}
    lines = [line for box in boxes for line in _lines(box, placed)]
    return "\n".join(
        (
            f'<svg xmlns="{SVG}" width="{width}" height="{height}" role="img">',
            "<title>The tables of an archive and what they refer to</title>",
            f"<style>{STYLE}</style>",
            *lines,
            *(_drawn(box) for box in boxes),
            "</svg>\n",
        )
    )


def _read(db: Path) -> Iterator[_Table]:
    """Yield the tables of an archive that readers may want, by name."""
    with closing(sqlite3.connect(f"file:{db}?mode=ro", uri=True)) as connection:
        for name in sorted(table_settings()):
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({name})")]
            keys = connection.execute(f"PRAGMA foreign_key_list({name})").fetchall()
            is_view = not connection.execute(
                "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (name,)
            ).fetchone()
            if not is_view and name not in NOT_SHOWN:
                yield _Table(name, columns, sorted({key[2] for key in keys} - NOT_SHOWN))


def _height(tables: Sequence[_Table]) -> int:
    return sum(table.height + GAP for table in tables) - GAP


def _stack(tables: Sequence[_Table], column: int, height: int) -> Iterator[_Box]:
    """Place the tables of a column, spread over the height of the picture."""
    gap = (height - _height(tables)) / max(len(tables) - 1, 1)
    y = float(MARGIN)
    for table in tables:
        yield _Box(table, MARGIN + column * (BOX + GUTTER), round(y))
        y += table.height + GAP + gap


def _lines(box: _Box, boxes: dict[str, _Box]) -> Iterator[str]:
    for name in box.table.refers:
        other = boxes[name]
        start, end = box.middle, other.middle
        if other.x == box.x:  # in one column: around its right side
            right = box.x + BOX
            curve = f"M{right},{start} C{right + 34},{start} {right + 34},{end} {right},{end}"
        else:
            first, last = sorted((box, other), key=lambda one: one.x)
            begin, finish, half = first.x + BOX, last.x, GUTTER // 2
            curve = (
                f"M{begin},{first.middle} C{begin + half},{first.middle} "
                f"{finish - half},{last.middle} {finish},{last.middle}"
            )
        yield f'<path class="{name}" d="{curve}"/>'


def _drawn(box: _Box) -> str:
    table, x, y = box
    thai = table_settings()[table.name]["title"].partition(" · ")[0]
    text = "".join(
        f'<text x="{x + 10}" y="{y + HEAD + 11 + number * LINE}">{escape(line)}</text>'
        for number, line in enumerate(table.lines)
    )
    return (
        f'<rect x="{x}" y="{y}" width="{BOX}" height="{table.height}" rx="4"/>'
        f'<text class="name" x="{x + 10}" y="{y + 16}">{table.name}</text>'
        f'<text class="thai" lang="th" x="{x + 10}" y="{y + 31}">{escape(thai)}</text>{text}'
    )
