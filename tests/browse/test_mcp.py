"""The official client of the Model Context Protocol, against a site served with ``--mcp``."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import datasette_mcp
import pytest
from click.testing import CliRunner
from datasette.plugins import pm
from mcp import Client

from scraper.browse import app, mcp_tools, time_limit
from scraper.browse.app import Options
from scraper.cli import main
from tests.browse.chromium import listening
from tests.browse.conftest import served
from tests.conftest import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.browse.conftest import Site

    Call = Callable[..., Any]

OURS = {"search_news", "read_article", "list_canned_queries", "execute_canned_query"}
SQL = {"describe_tables", "list_databases", "get_database_schema", "execute_sql"}
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


@pytest.fixture(scope="module")
def served_to_models(practice_db: Path) -> Iterator[Site]:
    """Return the site of the practice archive, with the endpoint."""
    with served(practice_db, Options(mcp=True)) as site:
        yield site


@pytest.fixture(scope="module")
def endpoint(served_to_models: Site) -> Iterator[str]:
    """Return the address of the endpoint of a listening server."""
    with listening(served_to_models) as address:
        yield f"{address}/-/mcp"


@pytest.fixture(scope="module")
def call(endpoint: str) -> Call:
    """Return a function that calls a tool, and returns its answer or raises Refused."""

    def called(name: str, **arguments: Any) -> Any:
        async def one() -> Any:
            async with Client(endpoint) as client:
                return await client.call_tool(name, arguments)

        answer = asyncio.run(one())
        if answer.is_error:
            raise Refused(answer.content[0].text)
        return answer.structured_content

    return called


class Refused(Exception):  # noqa: N818 - a refusal is what is wanted
    """A tool refused."""


@pytest.mark.parametrize("mode", ["auto", "legacy"])  # today's clients, and those of 2025
def test_a_client_is_told_what_there_is(endpoint: str, mode: Any) -> None:
    async def look() -> tuple[str | None, list[Any]]:
        async with Client(endpoint, mode=mode) as client:
            return client.instructions, (await client.list_tools()).tools

    instructions, tools = asyncio.run(look())
    assert {tool.name for tool in tools} == OURS | SQL
    assert all(tool.annotations.read_only_hint and tool.description for tool in tools)
    assert instructions is not None
    assert "search_news" in instructions
    assert "writable" not in instructions


def test_search_in_thai_and_read_what_was_found(call: Call) -> None:
    page = call("search_news", query="จังหวัด", ministry="industry", since="2568", limit=3)
    assert page["total"] > 3
    assert len(page["articles"]) == 3
    more = call("search_news", query="จังหวัด", ministry="industry", since="2568", limit=3,
                after=page["next"])  # fmt: skip
    urls = [found["url"] for found in [*page["articles"], *more["articles"]]]
    assert len(set(urls)) == 6
    found = page["articles"][0]
    article = call("read_article", address=found["url"])
    assert article["title"] == found["title"]
    assert "จังหวัด" in article["title"] + article["text"]
    assert article["captures"]
    assert article["facts"]["Ministries"]
    assert "Dates" in article["facts"] or "People" in article["facts"]


def test_a_long_text_comes_in_parts(call: Call, archive: Any) -> None:
    (number, body) = archive.execute(
        "SELECT site_id, body FROM articles ORDER BY length(body) DESC LIMIT 1"
    ).fetchone()
    parts, offset, texts = 0, 0, []
    while offset is not None:
        article = call("read_article", address=str(number), offset=offset)
        texts.append(article["text"])
        offset, parts = article["next_offset"], parts + 1
    assert parts == -(-article["characters"] // mcp_tools.MOST_CHARACTERS) > 1
    assert body in "".join(texts)


def test_sql_and_what_tables_hold(call: Call) -> None:
    assert "published_on" in call("describe_tables", table="articles")
    tables = call("describe_tables")
    assert "person_mentions" in tables
    assert "watches" not in tables
    (name,) = call("list_databases")["databases"]
    sql = "SELECT count(*) AS n FROM articles WHERE ministry = 'industry'"
    (row,) = call("execute_sql", database=name, sql=sql)["rows"]
    assert row["n"] == call("search_news", ministry="industry", limit=1)["total"] > 0
    answer = call("execute_sql", database=name, sql="SELECT position FROM place_mentions, agencies")
    assert answer["truncated"]
    assert len(answer["rows"]) == 1000


def test_canned_queries(call: Call) -> None:
    names = {query["name"] for query in call("list_canned_queries")["queries"]}
    assert "first_use" in names
    answer = call("execute_canned_query", query="first_use", parameters={"term": "จังหวัด"})
    assert answer["rows"][0]["title"]
    assert not answer["truncated"]


@pytest.mark.parametrize(
    ("tool", "arguments", "message"),
    [
        ("execute_sql", {"sql": "DELETE FROM articles"}, "must be a SELECT"),
        ("execute_sql", {"sql": "ATTACH 'other.db' AS other"}, "must be a SELECT"),
        ("execute_sql", {"sql": ENDLESS}, "time limit"),
        ("execute_sql", {"sql": "SELECT body FROM articles"}, "characters, more than 200,000"),
        ("execute_sql", {"sql": "SELECT zeroblob(900000000)"}, "too big"),
        ("execute_sql", {"sql": "SELECT colour FROM articles"}, "no such column"),
        ("search_news", {"ministry": "magic"}, "'magic' is not a ministry; there are"),
        ("search_news", {"agency": "หน่วยงานที่ไม่มี"}, "is not an agency"),
        ("search_news", {"since": "2569", "until": "2568"}, "swap the two dates"),
        ("search_news", {"query": "จังหวัด", "after": "page two"}, "is not a position in these"),
        ("search_news", {"limit": 51}, "less than or equal to 50"),
        ("read_article", {"address": "77777777"}, "no article 77777777"),
        ("describe_tables", {"table": "watches"}, "no table 'watches'"),
        ("search_news", {"query": "จังหวัด", "year": "2568"}, "takes no year; it takes query, "),
        ("describe_tables", {"tables": ["articles"]}, "takes no tables; it takes table"),
        ("execute_canned_query", {"query": "nothing"}, "no canned query 'nothing'"),
        ("execute_canned_query", {"query": "first_use", "parameters": {"word": "น้ำ"}},
         "first_use takes no word; it takes term"),
        ("execute_canned_query", {"query": "ministry_activity", "parameters": {"since": "วันไหน"}},
         "is not a date"),
    ],
)  # fmt: skip
def test_refusals_say_why(call: Call, tool: str, arguments: dict[str, Any], message: str) -> None:
    given = {"database": "thaigov", **arguments} if tool == "execute_sql" else arguments
    with pytest.raises(Refused, match=message):
        call(tool, **given)


def test_every_tool_is_described() -> None:
    page = (REPOSITORY / "docs" / "mcp.md").read_text("utf-8")
    assert set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)) == OURS | SQL


def test_a_slow_search_is_stopped(
    served_to_models: Site, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served_to_models.datasette, "sql_time_limit_ms", 1e-6)
    monkeypatch.setattr(time_limit, "STEPS_PER_CHECK", 1)  # the archive is small
    with pytest.raises(Refused, match="took too long"):
        call("search_news", query="จังหวัด OR ประชาชน OR โครงการ", limit=50)


def test_nothing_was_written(practice_db: Path, call: Call) -> None:
    with pytest.raises(Refused):
        call("execute_sql", database="thaigov", sql="DROP TABLE articles")
    with closing(sqlite3.connect(practice_db)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT count(*) FROM articles").fetchone()[0] > 200


def test_web_pages_are_refused(served_to_models: Site) -> None:
    message = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list"})

    async def post(**headers: str) -> Any:
        client = served_to_models.datasette.client
        return await client.post("/-/mcp", content=message, headers=headers)

    answer = asyncio.run(post(origin="https://evil.example"))
    assert answer.status_code == 403
    assert "MCP client" in answer.text


def test_the_public_gets_no_sql(practice_db: Path) -> None:
    async def look() -> tuple[str | None, set[str]]:
        async with Client(datasette_mcp.create_mcp_server(site.datasette)) as client:
            return client.instructions, {tool.name for tool in (await client.list_tools()).tools}

    with served(practice_db, Options(public=True, mcp=True)) as site:
        instructions, tools = asyncio.run(look())
    assert tools == OURS
    assert "execute_sql" not in (instructions or "")


def test_without_the_package_the_command_says_how_to_get_it(
    practice_db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> None:
        raise ModuleNotFoundError(name="datasette_mcp")

    monkeypatch.setattr(app, "mcp_settings", missing)
    done = CliRunner().invoke(main, ["browse", "--mcp", "--port", "0", "--db", str(practice_db)])
    assert done.exit_code == 1
    assert "browse --mcp needs datasette-mcp, which is not installed; run" in done.output
    assert "requirements/mcp.txt" in done.output


def test_a_site_without_the_option_has_no_endpoint(practice: Site, public: Site) -> None:
    assert practice.get("/-/mcp").status_code == public.get("/-/mcp").status_code == 404
    assert datasette_mcp not in pm.get_plugins()
    assert practice.datasette.setting("sql_time_limit_ms") == 3000
