"""The list of tables, and our changes to Datasette's table pages: search and links."""

from __future__ import annotations

from itertools import count
from re import sub
from typing import TYPE_CHECKING, Any

from datasette.filters import FilterArguments
from datasette.utils.asgi import BadRequest
from markupsafe import Markup

from scraper.browse.entities import KEY_COLUMNS, NAME_COLUMNS, entity_path
from scraper.browse.metadata import table_settings
from scraper.browse.reading import is_web_address
from scraper.browse.template import external_link
from scraper.search.conditions import substring_expression
from scraper.search.engine import SUBSTRINGS, Filters, matching_ids_query
from scraper.search.query import parse_query

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request
    from sqlite_utils import Database

SEARCHED = {"articles", "industry_articles"}  # the tables and views whose rows are articles
SEARCHED_COLUMNS = ("title", "lead", "body")
INDEXED = "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'index'"
LONGEST_CELL = 80  # characters of a URL in a cell


def read_tables(db: Database) -> list[dict[str, Any]]:
    """Return the visible tables and views: ``name``, and ``count`` of rows or None."""
    rows = count_rows(db)
    return [
        {"name": name, "count": rows.get(name)}
        for name, about in table_settings().items()
        if not about["hidden"]
    ]


def count_rows(db: Database) -> dict[str, int]:
    """Return the number of rows of each visible table that has an index.

    Tables of texts and views have none; counting them would read them whole.
    """
    indexed = {row[0] for row in db.execute(INDEXED)}
    return {
        name: db.table(name).count
        for name, about in table_settings().items()
        if name in indexed and not about["hidden"]
    }


def search_filter(
    request: Request, database: str, table: str, site: Datasette
) -> FilterArguments | None:
    """Return the condition for ``?_search=`` and ``?_search_title=`` on articles.

    Datasette's own search, which ``ArchiveDatabase`` switches off for them, finds only literal text
    of three or more characters; ours also handles Thai digits, decomposed sara am, short words and
    operators.

    Raises:
        BadRequest: a column is not searched, or cannot be searched for so short a word.
    """
    if table not in SEARCHED or database != site.get_database().name:
        return None
    text = (request.args.get("_search") or "").strip()
    conditions: list[str] = []
    values: list[Any] = []
    found: list[str] = []
    if text:
        sql, values = matching_ids_query(parse_query(text), Filters())
        # The unary plus keeps SQLite from reading the row of each hit before sorting.
        conditions.append(f"+id IN (SELECT id FROM ({sql}))")
        found.append(f"matching “{text}”")
    for name in request.args:
        column, wanted = name.removeprefix("_search_"), request.args[name].strip()
        if column != name and wanted:
            conditions.append(f"+id IN ({SUBSTRINGS})")
            values.append(_column_match(column, wanted))
            found.append(f"{column} matching “{wanted}”")
    numbers = count()
    return FilterArguments(
        [sub(r"\?", lambda _: f":search_{next(numbers)}", sql) for sql in conditions],
        {f"search_{number}": value for number, value in enumerate(values)},
        found,
        {"supports_search": True, "search": text},
    )


def _column_match(column: str, wanted: str) -> str:
    """Return the ``articles_fts`` query for one column."""
    if column not in SEARCHED_COLUMNS:
        raise BadRequest(f"Cannot search by the column {column}")
    expression = substring_expression(parse_query(wanted))
    if expression is None:
        raise BadRequest(f"“{wanted}”: a column search needs three or more characters")
    return f"{column} : {expression}"


def entity_cell(
    row: Any, value: Any, column: str, table: str | None, site: Datasette
) -> Markup | None:
    """Return a link to the page of a person, agency, ministry or province; None for other values.

    Args:
        row: the row of the cell.
        value: from the query; a dictionary with ``label`` for a reference to another table.
        column: its name.
        table: the table shown, None for a query.
        site: the Datasette that serves the archive.
    """
    if isinstance(value, dict):
        facet, key, name = KEY_COLUMNS.get(column), value["value"], value["label"]
    elif (table, column) in NAME_COLUMNS:
        facet, key_column = NAME_COLUMNS[table or "", column]
        key, name = row[key_column], value
    else:
        return None
    if facet is None or isinstance(key, dict):
        return None
    path = site.urls.path(entity_path(facet, key))
    return Markup('<a href="{}">{}</a>').format(path, name)


def linked_cell(value: Any, column: str, table: str | None, site: Datasette) -> Markup | None:
    """Return a link for a cell with a URL or an article id; None for other values.

    Args:
        value: from the query.
        column: its name; ``article_id`` in a custom query is linked to the article.
        table: the table shown, None for a query.
        site: the Datasette that serves the archive.
    """
    if column == "article_id" and table is None and isinstance(value, int):
        path = site.urls.row(site.get_database().name, "articles", str(value))
        return Markup('<a href="{}">{}</a>').format(path, value)
    if not isinstance(value, str) or not is_web_address(value) or " " in value.strip():
        return None
    return external_link(value, value if len(value) <= LONGEST_CELL else value[:LONGEST_CELL] + "…")
