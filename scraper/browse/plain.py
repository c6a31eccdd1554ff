"""Metadata for Datasette without this package: its own pages, none of our SQL functions.

``thaigov snapshot`` writes it beside the snapshot. Datasette 0.65 reads all of it with
``--metadata``; 1.0a takes canned queries from ``--config`` only (docs/publish.md).
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from scraper.browse.metadata import (
    ABOUT,
    INTERNAL_TABLES,
    QUERIES,
    CannedQuery,
    read_canned_queries,
    table_settings,
)
from scraper.browse.yaml_text import yaml_text
from scraper.reference import read_table
from scraper.upkeep.snapshot import METADATA_MARK

PLAIN_QUERIES = Path(__file__).parent / "plain_queries"
# Those of `thaigov browse` that plain SQLite can answer.
SHARED_QUERIES = (
    "agencies_together", "agency_activity", "captures_by_month", "doubtful_dates",
    "edits_by_ministry", "first_use", "hashtags_of_a_period", "joint_work", "ministry_activity",
    "number_gaps", "problems_by_week", "quiet_days", "removed_articles", "same_text",
)  # fmt: skip
SEARCHED = {
    "articles": {"fts_table": "articles_fts", "fts_pk": "id"},
    "industry_articles": {"fts_table": "articles_fts", "fts_pk": "id"},
    "article_words": {"fts_table": "article_words_fts", "fts_pk": "article_id"},
    "attachment_texts": {"fts_table": "attachment_texts_fts", "fts_pk": "id"},
}
# Rows on a page, where they have whole texts; 100 otherwise.
SIZES = {"articles": 20, "industry_articles": 20, "article_revisions": 20, "article_words": 20}
BYTES = {"captures": ("warc_offset", "warc_length"), "runs": ("bytes",)}
# Nearly as many values as rows; and each facet of this view reads all mentions again.
NO_FACETS = {"article_revisions", "hashtags", "article_links", "people_posts"}
_THAI_DATE = re.compile(r",\s*thai_date\((?:[^()]|\([^()]*\))*\) AS \w+")
_TYPED_DATE = re.compile(r"iso_(date|end)\(:(\w+)\)")
HEAD = f"{METADATA_MARK}, which replaces this file. Put changes into a copy.\n"


def metadata_text(database: str) -> str:
    """Return the file of metadata, in YAML.

    Args:
        database: Datasette's name for the snapshot: the file's name without its suffix.
    """
    return HEAD + yaml_text(plain_metadata(database))


def plain_metadata(database: str) -> dict[str, Any]:
    """Return the metadata of a snapshot for a Datasette without plugins."""
    return {
        **ABOUT,
        "databases": {
            database: {
                "tables": {
                    **INTERNAL_TABLES,
                    **{name: _table(name, about) for name, about in table_settings().items()},
                },
                "queries": {
                    query.name: {
                        "title": query.title,
                        "description": f"{query.description_th} · {query.description}",
                        "sql": query.sql,
                        "hide_sql": True,
                    }
                    for query in plain_queries()
                },
            }
        },
    }


@cache
def plain_queries() -> tuple[CannedQuery, ...]:
    """Return the canned queries that need none of our SQL functions, sorted by name."""
    shared = [query for query in read_canned_queries(QUERIES) if query.name in SHARED_QUERIES]
    queries = [*shared, *read_canned_queries(PLAIN_QUERIES)]
    return tuple(
        query._replace(sql=without_functions(query.sql))
        for query in sorted(queries, key=lambda query: query.name)
    )


def without_functions(sql: str) -> str:
    """Return a query with our functions of dates replaced by plain SQL.

    Typed dates may be a year, a month or a day in ISO order, in either era; columns with Thai dates
    are left out.
    """
    return _TYPED_DATE.sub(_plain_date, _THAI_DATE.sub("", sql))


def _plain_date(match: re.Match[str]) -> str:
    end, name = match[1] == "end", match[2]
    typed = (
        f"nullif(CASE WHEN CAST(:{name} AS INTEGER) > 2300 "
        f"THEN (CAST(:{name} AS INTEGER) - 543) || substr(:{name}, 5) ELSE :{name} END, '')"
    )
    return f"{typed} || '~'" if end else typed  # a tilde is greater than any rest of a date


def _table(name: str, about: dict[str, Any]) -> dict[str, Any]:
    """Return the settings of a table or view, of the keys that Datasette knows."""
    settings = {key: value for key, value in about.items() if key not in {"shown", "columns"}}
    if name in NO_FACETS or not settings["facets"]:
        del settings["facets"]
    if not settings["hidden"]:
        del settings["hidden"]
    settings |= SEARCHED.get(name, {})
    if name in SIZES:
        settings["size"] = SIZES[name]
    if name in BYTES:
        settings["units"] = dict.fromkeys(BYTES[name], "byte")
    settings["columns"] = _column_descriptions(about["columns"])
    return settings


def _column_descriptions(columns: dict[str, str]) -> dict[str, str]:
    """Return a description of each column: its Thai name, and what the dictionary says."""
    thai = {row["column"]: row["th"] for row in read_table("browse_columns.csv")}
    return {column: f"{thai[column]} · {meaning}" for column, meaning in columns.items()}
