"""Datasette's metadata: titles and descriptions of tables, sort orders, canned queries.

Descriptions come from the data dictionary, the rest from ``data/reference/browse_tables.csv`` and
``queries/``.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from scraper.archive.watch_tables import PRIVATE_TABLES
from scraper.dictionary import dictionary
from scraper.export.manifest import LICENCE
from scraper.reference import read_table

QUERIES = Path(__file__).parent / "queries"
ABOUT = {
    "title": "คลังข่าวรัฐบาลไทย · Thai government news archive",
    "description": (
        "ข่าวจากเว็บไซต์รัฐบาลไทย ค้นได้ทุกคำ พร้อมประวัติการแก้ไขและแหล่งที่มา · News of the Thai "
        "government's site, searchable to the letter, with every version and where it came from."
    ),
    "source": "thaigov.go.th",
    "source_url": "https://www.thaigov.go.th/",
    "license": LICENCE,
}
# Tables of no interest to readers. Datasette itself hides those of the full-text indexes.
INTERNAL_TABLES = {
    name: {"hidden": True}
    for name in (
        "_sqlite_migrations",
        "_article_digests",
        "_article_signatures",
        "_fingerprints",
        "_articles_to_compare",
        "_word_places",
        "_revision_texts",
        "article_words_fts",
        "article_revisions_fts",
    )
}


class CannedQuery(NamedTuple):
    """A file of ``queries/``."""

    name: str
    title: str
    description_th: str
    description: str
    sql: str


@cache
def canned_queries() -> tuple[CannedQuery, ...]:
    """Return the canned queries, sorted by file name."""
    return read_canned_queries(QUERIES)


def read_canned_queries(folder: Path) -> tuple[CannedQuery, ...]:
    """Return the canned queries of a folder, sorted by file name."""
    return tuple(_read_canned_query(path) for path in sorted(folder.glob("*.sql")))


def _read_canned_query(path: Path) -> CannedQuery:
    """Parse the file of a canned query.

    It starts with comments: a line with the title, the description in Thai, an empty comment, the
    description in English. The SQL follows.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    title, *comments = [line[2:].strip() for line in lines if line.startswith("--")]
    between = comments.index("")
    thai, english = " ".join(comments[:between]), " ".join(comments[between + 1 :])
    sql = "\n".join(line for line in lines if not line.startswith("--")).strip()
    return CannedQuery(path.stem, title, thai, english, sql)


def metadata(database: str) -> dict[str, Any]:
    """Return the metadata of the site.

    Args:
        database: Datasette's name for the archive.
    """
    return {
        **ABOUT,
        "databases": {
            database: {
                "tables": {**INTERNAL_TABLES, **table_settings()},
                "queries": {
                    query.name: {
                        "title": query.title,
                        "description_th": query.description_th,
                        "description": query.description,
                        "sql": query.sql,
                        "hide_sql": True,
                    }
                    for query in canned_queries()
                },
            }
        },
    }


def merged(ours: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
    """Return metadata with the values of ``theirs`` in place of ours, at every depth."""
    both = {**ours, **theirs}
    for name in ours.keys() & theirs.keys():
        if isinstance(ours[name], dict) and isinstance(theirs[name], dict):
            both[name] = merged(ours[name], theirs[name])
    return both


@cache
def table_settings() -> dict[str, dict[str, Any]]:
    """Return Datasette's settings of each table and view, by name."""
    shown = {row["table"]: row for row in read_table("browse_tables.csv")}
    return {name: _settings_of(name, row) for name, row in shown.items()}


def _settings_of(name: str, row: dict[str, str]) -> dict[str, Any]:
    entry = dictionary()[name]
    settings: dict[str, Any] = {
        "title": f"{row['title_th']} · {row['title_en']}",
        "description": entry.meaning,
        "columns": entry.columns,
        "hidden": row["hidden"] == "1",
        "facets": row["facets"].split(),
        "shown": row["shown"].split(),
    }
    if name in PRIVATE_TABLES:
        settings["allow"] = False  # for nobody: the file may be served without a snapshot
    if row["label"]:
        settings["label_column"] = row["label"]
    if row["sort"]:
        order = "sort_desc" if row["sort"].startswith("-") else "sort"
        settings[order] = row["sort"].removeprefix("-")
    return settings
