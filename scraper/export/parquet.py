"""``parquet``: a folder for each table, with a folder for each year of publication.

The names of the folders, ``year=2025``, are those of Hive, from which DuckDB, Spark and pandas know
the year without opening a file. Facts have the year of their article.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.export.arrow import write_parquet_tables
from scraper.export.datapackage import write_datapackage
from scraper.export.format import Format
from scraper.export.model import Role

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.export.format import Notes, Options
    from scraper.export.model import Table
    from scraper.export.selection import Selection

FILE = "part-0.parquet"
# Hive's name for NULL would make pandas fail: pyarrow cannot join dictionaries with nulls.
NO_YEAR = 0


def write_parquet(selection: Selection, out: Path, options: Options) -> Notes:
    """Write the files of every table, and the package's description."""
    del options

    def path_of(table: Table, year: int | None) -> Path:
        if table.role is Role.ENTITIES:
            return out / table.name / FILE
        return out / table.name / f"year={year or NO_YEAR}" / FILE

    tables = write_parquet_tables(selection, path_of)
    paths = {
        name: [path.relative_to(out).as_posix() for path in table.paths]
        for name, table in tables.items()
    }
    write_datapackage(selection, out, paths, "parquet")
    return []


FORMAT = Format("parquet", "", write_parquet, packages=("pyarrow",))
