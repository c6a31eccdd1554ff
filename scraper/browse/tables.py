"""The list of tables, and our changes to Datasette's table pages: search and links."""

from __future__ import annotations

from itertools import count
from re import sub
from typing import TYPE_CHECKING, Any

from datasette.filters import FilterArguments
from datasette.utils.asgi import BadRequest
from markupsafe import Markup

from scraper.browse.metadata import table_settings
from scraper.browse.reading import is_web_address
from scraper.browse.template import external_link
from scraper.search.engine import Filters, matching_ids_query
from scraper.search.query import QueryError, parse_query

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request
    from sqlite_utils import Database

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
    """Return the condition for ``?_search=`` on the table of articles, in our query language.

    Datasette's own search finds only literal text of three or more characters; ours also handles
    Thai digits, decomposed sara am, short words and operators.

    Raises:
        BadRequest: the query has a syntax error.
    """
    if table != "articles" or database != site.get_database().name:
        return None
    text = (request.args.get("_search") or "").strip()
    shown = {"supports_search": True, "search": text}
    if not text:
        return FilterArguments([], extra_context=shown)
    try:
        sql, values = matching_ids_query(parse_query(text), Filters())
    except QueryError as error:
        raise BadRequest(f"“{text}”: {error}") from error
    numbers = count()
    named = sub(r"\?", lambda _: f":search_{next(numbers)}", sql)
    return FilterArguments(
        # The unary plus keeps SQLite from reading the row of each hit before sorting.
        [f"+id IN (SELECT id FROM ({named}))"],
        {f"search_{number}": value for number, value in enumerate(values)},
        [f"matching “{text}”"],
        shown,
    )


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
