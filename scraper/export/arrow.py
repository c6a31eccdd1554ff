"""Tables as Parquet files: one row group for each thousand articles, typed and described."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from scraper.export.model import ColumnType, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from scraper.export.model import Column, Row, Table
    from scraper.export.selection import Selection

# Rows of a group, by which DuckDB and Spark skip what a query cannot match: about 8 MB of text, and
# for facts about 100 kB; what waits for a full group is in memory, for each table.
ARTICLES_IN_GROUP, FACTS_IN_GROUP = 1_000, 10_000
TYPES = {
    ColumnType.TEXT: pa.string(),
    ColumnType.INTEGER: pa.int64(),
    ColumnType.REAL: pa.float64(),
    ColumnType.BOOLEAN: pa.bool_(),
    ColumnType.DATE: pa.date32(),
    ColumnType.MOMENT: pa.timestamp("ms", "UTC"),
    ColumnType.LIST: pa.list_(pa.string()),
}
CONVERTERS: dict[ColumnType, Callable[[str], Any]] = {
    ColumnType.DATE: date.fromisoformat,
    ColumnType.MOMENT: datetime.fromisoformat,
}


def arrow_schema(table: Table) -> pa.Schema:
    """Return the schema of a table, with descriptions in both languages."""
    return pa.schema(
        [_field(column) for column in table.columns],
        metadata={"description": table.meaning, "title": table.thai, "key": ", ".join(table.key)},
    )


def _field(column: Column) -> pa.Field:
    described = {"description": column.meaning, "title": column.thai}
    return pa.field(
        column.name, TYPES[column.type], nullable=not column.required,
        metadata={name: text for name, text in described.items() if text},
    )  # fmt: skip


class ParquetTable:
    """Writes one table to files, each of which gets the rows of one year.

    Args:
        table: the table.
        path_of: returns the file for a year.
    """

    def __init__(self, table: Table, path_of: Callable[[Table, int | None], Path]) -> None:
        self.paths: list[Path] = []
        self.row_count = 0
        self._table = table
        self._path_of = path_of
        self._schema = arrow_schema(table)
        self._group = ARTICLES_IN_GROUP if table.role is Role.ARTICLES else FACTS_IN_GROUP
        self._waiting: list[Row] = []
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def write(self, rows: Iterable[Row], year: int | None = None) -> None:
        """Add rows; those of one year must be added one after the other."""
        path = self._path_of(self._table, year)
        for row in rows:
            if not self.paths or self.paths[-1] != path:
                self._begin(path)
            self._waiting.append(row)
            if len(self._waiting) >= self._group:
                self._flush()

    def finish(self) -> None:
        """Write what is waiting; a table without rows becomes a file with its columns only."""
        if not self.paths:
            self._begin(self._path_of(self._table, None))
        self._flush()
        self.__exit__()

    def _begin(self, path: Path) -> None:
        self._flush()
        self.__exit__()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._writer = pq.ParquetWriter(
            path, self._schema, compression="zstd", write_page_index=True
        )
        self.paths.append(path)

    def _flush(self) -> None:
        if self._writer is None or not self._waiting:
            return
        arrays = [
            pa.array(_converted(values, column.type), TYPES[column.type])
            for column, values in zip(
                self._table.columns, zip(*self._waiting, strict=True), strict=True
            )
        ]
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema))
        self.row_count += len(self._waiting)
        self._waiting = []


def _converted(values: Iterable[Any], kind: ColumnType) -> list[Any]:
    convert = CONVERTERS.get(kind)
    if convert is None:
        return list(values)
    return [None if value is None else convert(value) for value in values]


def write_parquet_tables(
    selection: Selection,
    path_of: Callable[[Table, int | None], Path],
    on_articles: Callable[[list[Row], int | None], None] = lambda _rows, _year: None,
) -> dict[str, ParquetTable]:
    """Write every table in one pass over the articles.

    Args:
        selection: what to write.
        path_of: returns the file for the rows of a table and year.
        on_articles: called with the articles of each batch, and their year.

    Returns:
        The finished tables by name.
    """
    tables = {table.name: ParquetTable(table, path_of) for table in selection.tables}
    try:
        for batch in selection.batches():
            articles = selection.rows(selection.articles, batch)
            tables[selection.articles.name].write(articles, batch.year)
            on_articles(articles, batch.year)
            for table in selection.facts:
                tables[table.name].write(selection.rows(table, batch), batch.year)
        for table in selection.entities:
            tables[table.name].write(selection.entity_rows(table))
        for written in tables.values():
            written.finish()
    finally:
        for written in tables.values():
            written.__exit__()
    return tables
