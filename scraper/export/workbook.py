"""``xlsx``: a sheet for each table, after a sheet that explains the columns.

Cells hold plain values, never formulas or links. A text too long for a cell is cut visibly and
reported; a table too long for a sheet continues on another.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from scraper.export.cells import CellText
from scraper.export.delimited import write_tables
from scraper.export.format import Format
from scraper.export.manifest import LICENCE
from scraper.export.model import ColumnType

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from scraper.export.delimited import RowWriter
    from scraper.export.format import Notes, Options
    from scraper.export.model import Row, Table
    from scraper.export.selection import Selection

MAX_ROWS = 1_048_576  # of a sheet, with the heading
MAX_NAME = 31  # characters of a sheet's name
FIRST_DAY = date(1900, 3, 1)  # Excel's calendar has a 29 February 1900, and no day before that year
MADE_AT = datetime(2000, 1, 1)  # noqa: DTZ001 - the file's own date must not depend on the moment
WIDTHS = {"title": 60, "body": 60, "lead": 40, "tail": 30, "url": 40, "text": 30, "evidence": 40}
WIDTH = 16
COLUMNS_SHEET = "columns"


class _Sheet:
    """Writes the rows of one table to a sheet, and to more sheets as each is full."""

    def __init__(self, book: xlsxwriter.Workbook, table: Table, cells: CellText) -> None:
        self._book = book
        self._table = table
        self._cells = cells
        self._labels = [f"{table.name}.{name}" for name in table.names]
        self._dates = [column.type is ColumnType.DATE for column in table.columns]
        self._bold = book.formats_by_use["heading"]
        self._day = book.formats_by_use["day"]
        self._number = 0
        self._begin()

    def _begin(self) -> None:
        self._number += 1
        suffix = f" {self._number}" if self._number > 1 else ""
        self._sheet = self._book.add_worksheet(self._table.name[: MAX_NAME - len(suffix)] + suffix)
        self._sheet.freeze_panes(1, 0)
        for number, name in enumerate(self._table.names):
            self._sheet.set_column(number, number, WIDTHS.get(name, WIDTH))
            self._sheet.write_string(0, number, name, self._bold)
        self._at = 1

    def write(self, rows: Iterable[Row]) -> None:
        """Add rows."""
        for row in rows:
            if self._at == MAX_ROWS:
                self._begin()
            for number, value in enumerate(self._table.flat(row)):
                if value is not None and value != "":
                    self._write_cell(number, value)
            self._at += 1

    def _write_cell(self, number: int, value: Any) -> None:
        if not isinstance(value, str):
            self._sheet.write_number(self._at, number, value)
            return
        if self._dates[number] and (day := date.fromisoformat(value)) >= FIRST_DAY:
            self._sheet.write_datetime(self._at, number, day, self._day)
            return
        self._sheet.write_string(self._at, number, self._cells.fitted(value, self._labels[number]))


class _Book(xlsxwriter.Workbook):  # type: ignore[misc] # it is not typed
    """A workbook in constant memory, the same for the same contents."""

    def __init__(self, path: Path) -> None:
        # Its temporary files are beside it, so they are removed with it.
        super().__init__(str(path), {"constant_memory": True, "tmpdir": str(path.parent)})
        self.use_zip64()
        self.set_properties({"created": MADE_AT, "comments": LICENCE})
        self.formats_by_use = {
            "heading": self.add_format({"bold": True}),
            "day": self.add_format({"num_format": "yyyy-mm-dd"}),
        }

    def abandon(self) -> None:
        """Close the temporary files of an unfinished workbook, which XlsxWriter leaves open."""
        for sheet in self.worksheets():
            with suppress(OSError):  # on a full disk, what is buffered cannot be written
                sheet.row_data_fh.close()


def write_xlsx(selection: Selection, out: Path, options: Options) -> Notes:
    """Write the sheet of columns and a sheet for each table."""
    del options
    cells = CellText()
    book = _Book(out)
    try:
        _describe(book, selection)

        def writer_of(table: Table) -> RowWriter:
            return _Sheet(book, table, cells).write

        write_tables(selection, writer_of)
        book.close()
    except BaseException as error:
        book.abandon()
        if isinstance(error, FileCreateError):
            raise OSError(str(error)) from error
        raise
    return cells.notes()


def _describe(book: _Book, selection: Selection) -> None:
    """Write what each column means."""
    sheet = book.add_worksheet(COLUMNS_SHEET)
    rows = [("table", "column", "ความหมาย", "meaning")]
    for table in selection.tables:
        rows.append((table.name, "", table.thai, table.meaning))
        rows += [(table.name, column.name, column.thai, column.meaning) for column in table.columns]
    for number, width in enumerate((20, 20, 30, 100)):
        sheet.set_column(number, number, width)
    sheet.freeze_panes(1, 0)
    for at, row in enumerate(rows):
        for number, text in enumerate(row):
            heading = () if at else (book.formats_by_use["heading"],)
            sheet.write_string(at, number, text, *heading)


FORMAT = Format("xlsx", ".xlsx", write_xlsx, packages=("xlsxwriter",))
