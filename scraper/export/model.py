"""Describes the tables of an export: columns, types, descriptions. Knows nothing of SQLite."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Row = tuple[Any, ...]
"""The values of a row, in the order of ``Table.columns``."""


class ColumnType(StrEnum):
    """The type of a column; a ``LIST`` contains texts."""

    TEXT = "text"
    INTEGER = "integer"
    REAL = "real"
    BOOLEAN = "boolean"
    DATE = "date"
    MOMENT = "moment"
    LIST = "list"


class Role(StrEnum):
    """Whether the rows of a table are articles, facts of articles, or what facts refer to."""

    ARTICLES = "articles"
    FACTS = "facts"
    ENTITIES = "entities"


@dataclass(frozen=True)
class Column:
    """A column of an exported table.

    Attributes:
        name: its name in the archive.
        type: its type.
        required: it is never NULL.
        meaning: its description in English.
        thai: its Thai name; empty if it has none.
        refers: the exported table to whose key it refers, if any.
        separator: what separates the values of a list in one text.
    """

    name: str
    type: ColumnType
    required: bool
    meaning: str
    thai: str
    refers: str | None = None
    separator: str = ""

    @property
    def title(self) -> str:
        """Both descriptions on one line."""
        return " · ".join(filter(None, (self.thai, self.meaning)))

    def typed(self, stored: Any) -> Any:
        """Convert a stored value: booleans to ``bool``, lists to a tuple of texts."""
        if stored is None:
            return () if self.type is ColumnType.LIST else None
        if self.type is ColumnType.BOOLEAN:
            return bool(stored)
        if self.type is ColumnType.LIST:
            return tuple(stored.split(self.separator)) if stored else ()
        return stored

    def flat(self, value: Any) -> Any:
        """Convert a typed value to one that a cell or an SQL column can hold."""
        if self.type is ColumnType.BOOLEAN:
            return None if value is None else int(value)
        return self.separator.join(value) if self.type is ColumnType.LIST else value


@dataclass(frozen=True)
class Listed:
    """A list column of articles: the distinct values of a column of a table of facts."""

    name: str
    sql: str


@dataclass(frozen=True)
class Table:
    """A table of an export.

    Attributes:
        name: its name in the archive.
        role: what its rows are.
        label: the name of its facts in JSON: that of their kind.
        columns: its columns, in order.
        key: its primary key.
        meaning: its description in English.
        thai: its Thai name.
        source: SELECT list and FROM clause, with the table as ``t``.
        order: SQL that sorts the rows of one article, or of the table.
        listed: list columns of articles, in the order of the last columns.
    """

    name: str
    role: Role
    label: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    meaning: str
    thai: str
    source: str
    order: str
    listed: tuple[Listed, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column in self.columns)

    def typed(self, stored: Row) -> Row:
        """Return a stored row with typed values."""
        return _converted(self._typing, stored)

    def flat(self, row: Row) -> Row:
        """Convert a typed row to one text or number per column."""
        return _converted(self._flattening, row)

    @cached_property
    def _typing(self) -> list[tuple[int, Callable[[Any], Any]]]:
        return [(n, column.typed) for n, column in self._converted_columns()]

    @cached_property
    def _flattening(self) -> list[tuple[int, Callable[[Any], Any]]]:
        return [(n, column.flat) for n, column in self._converted_columns()]

    def _converted_columns(self) -> Iterator[tuple[int, Column]]:
        for number, column in enumerate(self.columns):
            if column.type in {ColumnType.BOOLEAN, ColumnType.LIST}:
                yield number, column


def _converted(converters: list[tuple[int, Callable[[Any], Any]]], row: Row) -> Row:
    values = list(row)
    for number, convert in converters:
        if number < len(values):
            values[number] = convert(values[number])
    return tuple(values)
