"""``csv``: a folder with a file for each table and a Frictionless ``datapackage.json``.

With ``--excel`` each file begins with a byte order mark, so that Excel reads UTF-8, no cell can run
as a formula, and none is longer than a cell may be.
"""

from __future__ import annotations

import csv
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from scraper.export.cells import CellText, defused
from scraper.export.datapackage import write_datapackage
from scraper.export.format import Format

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from scraper.export.format import Notes, Options
    from scraper.export.model import Row, Table
    from scraper.export.selection import Selection

    RowWriter = Callable[[Iterable[Row]], object]


class _TableWriter:
    """Writes the rows of one table."""

    def __init__(self, file: Any, table: Table, cells: CellText | None) -> None:
        self._writer = csv.writer(file)
        self._table = table
        self._cells = cells
        self._labels = [f"{table.name}.{name}" for name in table.names]
        self._writer.writerow(table.names)

    def write(self, rows: Iterable[Row]) -> None:
        self._writer.writerows(map(self._cells_of, rows))

    def _cells_of(self, row: Row) -> Row:
        flat = self._table.flat(row)
        if (cells := self._cells) is None:
            return flat
        return tuple(
            cells.fitted(defused(value), label)
            for value, label in zip(flat, self._labels, strict=True)
        )


def write_tables(selection: Selection, writer_of: Callable[[Table], RowWriter]) -> None:
    """Pass the rows of every table, in one pass over the articles, to the writer of the table."""
    writers = {table.name: writer_of(table) for table in selection.tables}
    for batch in selection.batches():
        for table in (selection.articles, *selection.facts):
            writers[table.name](selection.rows(table, batch))
    for table in selection.entities:
        writers[table.name](selection.entity_rows(table))


def write_csv(selection: Selection, out: Path, options: Options) -> Notes:
    """Write a file for each table, and the package's description."""
    cells = CellText() if options.excel else None
    encoding = "utf-8-sig" if options.excel else "utf-8"
    with ExitStack() as files:

        def writer_of(table: Table) -> RowWriter:
            path = out / f"{table.name}.csv"
            file = files.enter_context(path.open("w", encoding=encoding, newline=""))
            return _TableWriter(file, table, cells).write

        write_tables(selection, writer_of)
    write_datapackage(
        selection, out, {table.name: [f"{table.name}.csv"] for table in selection.tables}, "csv"
    )
    return cells.notes() if cells else []


FORMAT = Format("csv", "", write_csv)
