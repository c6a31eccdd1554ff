"""Bounds how many rows of a query, and how many bytes, are in memory."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import sqlite3

MAX_FILE_ROWS = 100_000  # of a query's CSV file
MAX_BYTES = 64 * 2**20  # characters and bytes of all cells
MESSAGE = (
    "คำตอบยาวเกินไป ลองเลือกเฉพาะบางช่วงหรือบางคอลัมน์ · "
    "The answer is too large; ask for fewer rows or columns"
)


class AnswerTooLargeError(Exception):
    """The rows of a query are too many for a file, or too large for the memory of the machine."""

    def __init__(self) -> None:
        super().__init__(MESSAGE)


class RowBound(NamedTuple):
    """How many rows a query may return.

    Attributes:
        rows: at most.
        is_cut: whether further rows are left out; otherwise they are an error.
    """

    rows: int
    is_cut: bool


def bounded_rows(cursor: sqlite3.Cursor, bound: RowBound | None) -> tuple[list[Any], bool]:
    """Fetch the rows of a cursor; return them and whether further ones were left out.

    Args:
        cursor: of a query.
        bound: None for all rows.

    Raises:
        AnswerTooLargeError: they are too many or too large.
    """
    rows: list[Any] = []
    size = 0
    for row in islice(cursor, bound.rows + 1 if bound else None):
        size += sum(len(value) for value in row if isinstance(value, str | bytes))
        is_beyond = bound is not None and len(rows) == bound.rows
        if is_beyond and bound and bound.is_cut:
            return rows, True
        if is_beyond or size > MAX_BYTES:
            raise AnswerTooLargeError
        rows.append(row)
    return rows, False
