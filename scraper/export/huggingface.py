"""``huggingface``: a folder that ``datasets.load_dataset`` reads, ready to be pushed to a hub.

One configuration for each table with rows, one split for each year of publication. The card in
README.md says what the columns mean, how many articles each year has, and what to mind.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from scraper.export.arrow import write_parquet_tables
from scraper.export.format import Format
from scraper.export.manifest import LICENCE, SOURCE
from scraper.export.model import Role
from scraper.export.tables import ARTICLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from scraper.export.arrow import ParquetTable
    from scraper.export.format import Notes, Options
    from scraper.export.model import Row, Table
    from scraper.export.selection import Selection

CARD = "README.md"
TITLE = "Thai government news"
# `datasets` keeps "all" for itself, and calls the only split "train".
ENTITIES_SPLIT, NO_YEAR_SPLIT = "train", "undated"
TEXTS = ("title", "lead", "body", "tail")
# The hub's size categories.
SIZES = ((10**3, "n<1K"), (10**4, "1K<n<10K"), (10**5, "10K<n<100K"), (10**6, "100K<n<1M"))


class _Statistics:
    """Counts characters and languages while the articles pass."""

    def __init__(self, table: Table) -> None:
        self.characters: Counter[int | None] = Counter()
        self.languages: Counter[str] = Counter()
        self._texts = [table.names.index(name) for name in TEXTS]
        self._language = table.names.index("language")

    def add(self, rows: Iterable[Row], year: int | None) -> None:
        for row in rows:
            self.characters[year] += sum(len(row[at] or "") for at in self._texts)
            self.languages[row[self._language]] += 1


def write_huggingface(selection: Selection, out: Path, options: Options) -> Notes:
    """Write a Parquet file for each table and year, and the card."""
    del options

    def path_of(table: Table, year: int | None) -> Path:
        split = ENTITIES_SPLIT if table.role is Role.ENTITIES else split_of(year)
        return out / "data" / table.name / f"{split}.parquet"

    statistics = _Statistics(selection.articles)
    tables = write_parquet_tables(selection, path_of, statistics.add)
    for written in tables.values():
        if not written.row_count:
            for path in written.paths:
                path.unlink()
                path.parent.rmdir()
    shown = [table for table in selection.tables if tables[table.name].row_count]
    text = "\n".join(
        (*_front_matter(selection, shown, tables, out), *_card(selection, shown, statistics))
    )
    (out / CARD).write_text(text + "\n", encoding="utf-8")
    return []


def split_of(year: int | None) -> str:
    """Return the split of a year of publication."""
    return NO_YEAR_SPLIT if year is None else f"y{year}"


def _front_matter(
    selection: Selection, shown: list[Table], tables: dict[str, ParquetTable], out: Path
) -> Iterator[str]:
    """Yield the YAML that the hub and ``datasets`` read; strings are quoted as in JSON."""
    count = len(selection)
    yield "---"
    yield "language:\n- th\n- en"
    yield "license: other"
    yield "license_name: thai-copyright-act-section-7"
    yield f"pretty_name: {json.dumps(TITLE)}"
    yield f"size_categories:\n- {next((name for size, name in SIZES if count < size), 'n>1M')}"
    yield "task_categories:\n- text-generation\n- text-classification\n- summarization"
    yield "tags:\n- thailand\n- government\n- news"
    yield "configs:"
    for table in shown:
        yield f"- config_name: {table.name}"
        if table.name == ARTICLES:
            yield "  default: true"
        yield "  data_files:"
        for path in tables[table.name].paths:
            yield f"  - split: {path.stem}"
            yield f"    path: {json.dumps(path.relative_to(out).as_posix())}"
    yield "---"


def _card(selection: Selection, shown: list[Table], statistics: _Statistics) -> Iterator[str]:
    """Yield the text of the card."""
    years = selection.articles_by_year()
    yield (
        f"\n# {TITLE}\n\nข่าวจากเว็บไซต์รัฐบาลไทย · {len(selection):,} press releases of the Thai "
        f"government's site ({SOURCE}), with what is read out of their texts.\n\n"
        "```python\nfrom datasets import load_dataset\n\n"
        f'articles = load_dataset("PATH", split="{split_of(next(reversed(years)))}")\n```\n'
    )
    yield "## Statistics\n\n| year | articles | characters |\n|---|---|---|"
    for year, count in years.items():
        yield f"| {year or 'undated'} | {count:,} | {statistics.characters[year]:,} |"
    languages = ", ".join(
        f"{name} {count:,}" for name, count in sorted(statistics.languages.items())
    )
    yield f"\nLanguages: {languages}.\n\n## Tables"
    for table in shown:
        about = " · ".join(filter(None, (table.thai, table.meaning)))
        yield f"\n### {table.name}\n\n{about} {selection.counts[table.name]:,} rows."
        yield "\n| column | type | meaning |\n|---|---|---|"
        for column in table.columns:
            yield f"| {column.name} | {column.type} | {column.title.replace('|', '/')} |"
    yield (
        f"\n## Licence and use\n\n{LICENCE}.\n\nThe facts are found by rules and may be wrong or "
        "missing; the columns say where each was found. The texts name persons, nearly all in a "
        "public office or role: do not build profiles of private persons from them.\n\n"
        "`manifest.json` has the query, digests of all files, and how to cite this data set."
    )


FORMAT = Format("huggingface", "", write_huggingface, packages=("pyarrow",))
