"""Fits texts into spreadsheet cells, and keeps them from running as formulas."""

from __future__ import annotations

from collections import Counter
from typing import Any

CELL_LIMIT = 32_767  # UTF-16 code units, by Excel's specifications and limits
CUT_MARK = "…"
# The first characters by which a spreadsheet takes a text for a formula (OWASP, CSV injection).
# A line end may follow a quotation mark that a careless reader drops.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
GUARD = "'"  # by which a spreadsheet takes the rest for text


class CellText:
    """Fits texts into cells and counts those that had to be changed, by reason and column."""

    def __init__(self) -> None:
        self._cut: Counter[str] = Counter()

    def fitted(self, value: Any, column: str) -> Any:
        """Return a value, cut visibly if it is a text longer than a cell holds."""
        if not isinstance(value, str) or _units(value) <= CELL_LIMIT:
            return value
        self._cut[column] += 1
        kept = value.encode("utf-16-le")[: 2 * (CELL_LIMIT - len(CUT_MARK))]
        return kept.decode("utf-16-le", "ignore") + CUT_MARK

    def notes(self) -> list[str]:
        """Return a sentence for each column with texts that were cut."""
        return [
            f"{count:,} values of {column} are longer than the {CELL_LIMIT:,} characters of a cell "
            f"and were cut; other formats have them whole"
            for column, count in sorted(self._cut.items())
        ]


def defused(value: Any) -> Any:
    """Return a value, escaped if it is a text that a spreadsheet would take for a formula."""
    is_formula = isinstance(value, str) and value.startswith(FORMULA_STARTS)
    return GUARD + value if is_formula else value


def _units(text: str) -> int:
    """Return the length of a text in UTF-16 code units."""
    if text.isascii() or len(text) <= CELL_LIMIT // 2:
        return len(text)
    return len(text) + sum(character > "\uffff" for character in text)
