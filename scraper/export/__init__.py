"""Writes selected articles and their facts in the formats of other programs, one module each.

To add a format: a module with its ``FORMAT``, an entry in ``FORMATS``, and a section of
docs/export.md. What is exported follows from the archive's schema (``tables``), so a new kind of
fact requires no change here. A format writes only what it is given in ``Selection``, in that order,
and nothing that depends on the moment or the machine: the same archive and query give the same
bytes.
"""

from __future__ import annotations

from typing import NamedTuple


class LazyFormat(NamedTuple):
    """A format whose module is imported when it is written.

    Attributes:
        module: the module with its ``FORMAT``.
        summary: what it is, for the help.
        needs: the packages of the extra ``export`` that it needs.
    """

    module: str
    summary: str
    needs: frozenset[str] = frozenset()


_ARROW, _XLSX, _ICS = frozenset({"pyarrow"}), frozenset({"xlsxwriter"}), frozenset({"icalendar"})

FORMATS = {
    "jsonl": LazyFormat("scraper.export.jsonl", "one JSON object a line, with all its facts"),
    "csv": LazyFormat("scraper.export.delimited", "a folder of tables with a datapackage.json"),
    "parquet": LazyFormat(
        "scraper.export.parquet", "a folder of typed tables, partitioned by year", _ARROW
    ),
    "xlsx": LazyFormat(
        "scraper.export.workbook", "an Excel workbook, a sheet for each table", _XLSX
    ),
    "corpus": LazyFormat(
        "scraper.export.corpus", "a folder of text files in PyThaiNLP's corpus format"
    ),
    "sqlite": LazyFormat("scraper.export.slim", "a small database for SQL and plain Datasette"),
    "ics": LazyFormat("scraper.export.calendar", "the events as a calendar", _ICS),
    "geojson": LazyFormat("scraper.export.geojson", "articles and events by province"),
    "huggingface": LazyFormat(
        "scraper.export.huggingface", "a folder for datasets.load_dataset", _ARROW
    ),
    "wacz": LazyFormat("scraper.export.wacz", "the archived pages, for ReplayWeb.page and pywb"),
}
"""The formats by name."""
