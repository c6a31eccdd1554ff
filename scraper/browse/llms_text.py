"""``/llms.txt`` and ``/llms-full.txt``: what a language model needs to know to use the site.

Written from the metadata alone, so it costs no query. The package datasette-llms-txt would count
every table at each request, which SQLite cannot interrupt, and show rows of tables that nobody may
see (docs/mcp.md).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from datasette.utils.asgi import Response

from scraper.browse.adoption import adopted
from scraper.browse.metadata import ABOUT, canned_queries, table_settings
from scraper.browse.permalinks import absolute_address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from datasette.app import Datasette
    from datasette.utils.asgi import Request

_EXAMPLE = "%E0%B9%82%E0%B8%A3%E0%B8%87%E0%B8%87%E0%B8%B2%E0%B8%99"  # โรงงาน, factory

DAYS = (
    "Days are ISO, of the common era; parameters take the Buddhist era, too (2568-08). Cite an "
    "article by its `url`."
)


async def short(request: Request, datasette: Datasette) -> Response:
    """Serve ``/llms.txt``."""
    return _text(request, datasette, columns=False)


async def full(request: Request, datasette: Datasette) -> Response:
    """Serve ``/llms-full.txt``, which also describes every column."""
    return _text(request, datasette, columns=True)


ROUTES = [(r"^/llms\.txt$", short), (r"^/llms-full\.txt$", full)]


def _text(request: Request, site: Datasette, *, columns: bool) -> Response:
    address = partial(absolute_address, site, request)
    name = site.get_database().route
    lines = [
        f"# {ABOUT['title']}", "", f"> {ABOUT['description']}", "",
        f"From {ABOUT['source_url']}. {ABOUT['license']}.",
        DAYS, "",
        *_ways(address, name, site),
        "", "## Tables", "",
        *_tables(address, name, columns=columns),
        "", "## Canned queries", "",
        *(
            f"- [{query.title}]({address(f'/{name}/{query.name}.json')}): {query.description}"
            for query in canned_queries()
        ),
        "", "## Optional", "",
        f"- [All columns]({address('/llms-full.txt')}): this page with the columns of each table",
    ]  # fmt: skip
    return Response.text("\n".join(lines) + "\n")


def _ways(address: Callable[[str], str], name: str, site: Datasette) -> Iterator[str]:
    """Yield the ways to ask the site."""
    yield "## How to ask"
    yield ""
    search = address(f"/-/search.json?q={_EXAMPLE}&ministry=industry&since=2568&size=20")
    yield (
        f"- [Search]({search}): any piece of Thai text; `q` takes phrases in quotation marks, AND, "
        "OR, NOT. Filters: ministry, agency, person, province (each repeated for any of several, "
        "`not_agency` and so on to exclude, `none`), category, since, until; sort=new. "
        "`next_url` leads on."
    )
    yield (
        f"- [An article]({address(f'/{name}/articles/1.json?_shape=objects')}): a row of `articles`"
        " by `id`; a hit of the search has its `id` and its `page`."
    )
    yield (
        f"- [Rows of a table]({address(f'/{name}/events.json?_shape=objects&_size=20')}): "
        "`column=value` and `column__gte=value` filter, `_sort_desc=column` sorts."
    )
    if site.setting("default_allow_sql"):
        sql = address(f"/{name}.json?_shape=objects&sql=SELECT+count(*)+FROM+articles")
        limit = site.setting("sql_time_limit_ms")
        yield (
            f"- [SQL]({sql}): one SELECT of SQLite, at most {limit} ms and "
            f"{site.setting('max_returned_rows')} rows. Texts are long: select few columns."
        )
    if (found := adopted(site)) and found.mcp:
        yield f"- [MCP]({address('/-/mcp')}): a Model Context Protocol server, Streamable HTTP"


def _tables(address: Callable[[str], str], name: str, *, columns: bool) -> Iterator[str]:
    for table, about in table_settings().items():
        if about["hidden"]:
            continue
        yield f"- [{table}]({address(f'/{name}/{table}.json')}): {about['description']}"
        if columns:
            for column, meaning in about["columns"].items():
                yield f"  - `{column}`: {meaning}"
