"""``datapackage.json``: the tables of a folder, described by the Frictionless standard (v1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scraper.export.manifest import LICENCE, SOURCE, write_json
from scraper.export.model import ColumnType

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.export.model import Column, Table
    from scraper.export.selection import Selection

DESCRIPTION = "datapackage.json"
MEDIA_TYPES = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
}
TYPES: dict[ColumnType, dict[str, Any]] = {
    ColumnType.TEXT: {"type": "string"},
    ColumnType.INTEGER: {"type": "integer"},
    ColumnType.REAL: {"type": "number"},
    ColumnType.BOOLEAN: {"type": "boolean", "trueValues": ["1"], "falseValues": ["0"]},
    ColumnType.DATE: {"type": "date"},
    ColumnType.MOMENT: {"type": "datetime"},
    ColumnType.LIST: {"type": "string"},
}


def write_datapackage(
    selection: Selection, folder: Path, paths: dict[str, list[str]], form: str
) -> None:
    """Describe the files of every table.

    Args:
        selection: what was written.
        folder: of the files.
        paths: the files of each table, relative to the folder.
        form: ``csv`` or ``parquet``.
    """
    known = {table.name: table for table in selection.tables}
    package = {
        "profile": "tabular-data-package" if form == "csv" else "data-package",
        "name": "thaigov",
        "title": "คลังข่าวรัฐบาลไทย · Thai government news archive",
        "homepage": SOURCE,
        "sources": [{"title": "thaigov.go.th", "path": SOURCE}],
        "licenses": [{"name": "other-pd", "title": LICENCE}],
        "resources": [
            _resource(table, paths[table.name], form, known) for table in selection.tables
        ],
    }
    write_json(folder / DESCRIPTION, package)


def _resource(table: Table, paths: list[str], form: str, known: dict[str, Table]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in table.columns],
        "primaryKey": list(table.key),
        "foreignKeys": [
            {
                "fields": column.name,
                "reference": {"resource": target.name, "fields": target.key[0]},
            }
            for column in table.columns
            if column.refers and (target := known.get(column.refers)) is not None
        ],
    }
    if form == "csv":
        schema["missingValues"] = [""]
    resource: dict[str, Any] = {
        "profile": "tabular-data-resource" if form == "csv" else "data-resource",
        "name": table.name,
        "path": paths[0] if len(paths) == 1 else paths,
        "title": table.thai,
        "description": table.meaning,
        "format": form,
        "mediatype": MEDIA_TYPES[form],
        "schema": schema,
    }
    if form == "csv":
        resource["encoding"] = "utf-8"
    return resource


def _field(column: Column) -> dict[str, Any]:
    # An empty text and NULL are one in a CSV file, so only other columns can be required there.
    is_text = column.type in {ColumnType.TEXT, ColumnType.LIST}
    required = {"constraints": {"required": True}} if column.required and not is_text else {}
    described = {"name": column.name, "title": column.thai, "description": column.meaning}
    return {**described, **TYPES[column.type], **required}
