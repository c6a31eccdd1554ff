"""Tools for language-model clients: search, read an article, look up a table, ask a canned query.

They return plain values and refuse with a sentence that says what to do, since a model reads it.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import BaseModel, Field

from scraper.archive.article import article_details, find_articles
from scraper.browse.archive_database import query as ask_archive
from scraper.browse.metadata import table_settings
from scraper.browse.time_limit import QueryTimeoutError
from scraper.errors import ReportedError
from scraper.facts import KINDS
from scraper.reference import read_table
from scraper.search.engine import search as search_archive
from scraper.search.given_filters import checked_filters, storable
from scraper.search.paging import Order

if TYPE_CHECKING:
    from collections.abc import Iterator

    from datasette.app import Datasette
    from mcp.server.mcpserver import MCPServer
    from sqlite_utils import Database

    from scraper.search.engine import Results

READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
MOST_ARTICLES = 50  # of one search
MOST_CHARACTERS = 20_000  # of a text in one answer; the longest article has 240,000
MOST_LINES = 100  # of a kind of fact
TOO_SLOW = "This took too long and was stopped. Ask for fewer articles: a narrower query or period."

_MINISTRIES = ", ".join(row["slug"] for row in read_table("ministries.csv"))
QueryText = Annotated[
    str | None,
    Field(
        description="Any piece of Thai or English text of three characters or more, whole words "
        'of any length; "a phrase", AND, OR, NOT, brackets, =word, word*. None: all articles.'
    ),
]
Ministry = Annotated[str | None, Field(description=f"One of: {_MINISTRIES}")]
Agency = Annotated[str | None, Field(description="Slug, abbreviation or official Thai name")]
PersonName = Annotated[str | None, Field(description="First name and surname, without title")]
ProvinceName = Annotated[str | None, Field(description="Thai or English name, or a code: TH-20")]
Category = Annotated[str | None, Field(description="As the site names it: ด้านเศรษฐกิจ")]
Day = Annotated[
    str | None, Field(description="Day, month or year, in either era: 2025-08, 2568, 21/8/68")
]
Limit = Annotated[int, Field(ge=1, le=MOST_ARTICLES)]
ArticleAddress = Annotated[str, Field(description="The article's URL, or the number in it")]
Offset = Annotated[int, Field(ge=0, description="Where in a long text to begin")]


class FoundNews(BaseModel):
    """An article that a search found; ``excerpt`` is around the first hit."""

    url: str
    number: int
    published_on: str | None
    ministry: str | None
    category: str | None
    title: str
    excerpt: str


class FoundPage(BaseModel):
    """One page of a search; ``next`` is the value of ``after`` for the next page."""

    total: int
    articles: list[FoundNews]
    next: str | None


class NewsText(BaseModel):
    """An article; ``next_offset`` is where to go on reading, ``facts`` have a heading each."""

    url: str
    title: str
    published_on: str | None
    ministry: str | None
    category: str | None
    language: str
    revision: int
    gone_at: str | None
    text: str
    characters: int
    next_offset: int | None
    facts: dict[str, list[str]]
    captures: list[str]


def add_tools(site: Datasette, server: MCPServer) -> None:
    """Add our tools to a server."""

    @server.tool(annotations=READS)
    async def search_news(  # noqa: PLR0913, PLR0917 - all are options of the client
        query: QueryText = None,
        ministry: Ministry = None,
        agency: Agency = None,
        person: PersonName = None,
        province: ProvinceName = None,
        category: Category = None,
        since: Day = None,
        until: Day = None,
        newest_first: bool = False,
        limit: Limit = 10,
        after: str | None = None,
    ) -> FoundPage:
        """Search Thai government news: the best matches, or the newest with newest_first.

        Start here. Read an article of the result with read_article, and cite its url.
        """
        with refusals():
            filters = checked_filters(
                ministry=ministry, agency=agency, person=person, province=province,
                category=category, tag=None, since=since, until=until,
            )  # fmt: skip

            def find(db: Database) -> Results:
                words = storable(query or "").strip()
                order = Order.NEW if newest_first or not words else Order.BEST
                return search_archive(
                    db, words or None, filters, order=order, limit=limit, after=after
                )

            return _page(await ask_archive(site, find))

    @server.tool(annotations=READS)
    async def read_article(address: ArticleAddress, offset: Offset = 0) -> NewsText:
        """Read an article and the facts found in it: dates, people, agencies, money, events.

        A long text comes in parts: call again with offset set to next_offset. Days in facts are
        of the common era.
        """
        with refusals():
            return await ask_archive(site, _read, storable(address), offset)

    @server.tool(annotations=READS)
    async def describe_tables(table: str | None = None) -> dict[str, str]:
        """Say what each table and view holds, or with a table's name what each of its columns does.

        Read this before execute_sql. Texts are long: select few columns, use substr() and LIMIT.
        """
        shown = {name: about for name, about in table_settings().items() if not about["hidden"]}
        if table is None:
            return {name: about["description"] for name, about in shown.items()}
        if table not in shown:
            raise ToolError(f"There is no table {table!r}; there are {', '.join(shown)}.")
        columns: dict[str, str] = shown[table]["columns"]
        return columns or {table: shown[table]["description"]}


@contextmanager
def refusals() -> Iterator[None]:
    """Turn our errors into refusals that the client sees."""
    try:
        yield
    except QueryTimeoutError as error:
        raise ToolError(TOO_SLOW) from error
    except ReportedError as error:
        raise ToolError(str(error)) from error


def _page(results: Results) -> FoundPage:
    """Return one page of a search."""
    hits = [
        FoundNews(
            url=hit.url,
            number=hit.site_id,
            published_on=hit.published_on,
            ministry=hit.ministry,
            category=hit.category,
            title=hit.title.text,
            excerpt=hit.snippet.text,
        )
        for hit in results.hits
    ]
    return FoundPage(total=results.total, articles=hits, next=results.next)


def _read(db: Database, address: str, offset: int) -> NewsText:
    """Return an article.

    Raises:
        ToolError: there is none, or several.
    """
    rows = find_articles(db, address)
    if not rows:
        raise ToolError(f"There is no article {address} here; search_news finds articles.")
    if len(rows) > 1:
        several = "; ".join(row["url"] for row in rows)
        raise ToolError(f"Several articles have the number {address}; give the URL: {several}")
    article = article_details(db, rows[0])
    text = "\n\n".join(filter(None, (article[field] for field in ("lead", "body", "tail"))))
    end = offset + MOST_CHARACTERS
    return NewsText(
        **{
            name: article[name]
            for name in (
                "url", "title", "published_on", "ministry", "category", "language", "revision",
                "gone_at",
            )
        },
        text=text[offset:end],
        characters=len(text),
        next_offset=end if end < len(text) else None,
        facts={} if offset else _facts(article),
        captures=[
            f"{row['fetched_at']} {row['origin']} sha256:{row['digest']}"
            for row in article["captures"][:MOST_LINES]
        ],
    )  # fmt: skip


def _facts(article: dict[str, Any]) -> dict[str, list[str]]:
    """Return the lines of `thaigov show` by heading, of each kind as many as fit."""
    lines = {kind.heading: kind.lines(article[kind.name]) for kind in KINDS if kind.heading}
    return {
        heading: [*found[:MOST_LINES], *_rest(found)] for heading, found in lines.items() if found
    }


def _rest(lines: list[str]) -> list[str]:
    left_out = len(lines) - MOST_LINES
    return [f"… and {left_out} more: ask execute_sql for them"] if left_out > 0 else []
