"""Files of results are complete, safe in a spreadsheet, and made in bounded memory."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import sqlite3
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from scraper.archive.writer import ArchiveWriter
from scraper.browse import downloads, row_bounds, sheets
from scraper.browse.app import Options
from scraper.browse.downloads import ARTICLES
from scraper.browse.load import Room, with_bounds
from scraper.browse.sheets import CutShortError, Sheet
from scraper.upkeep.snapshot import make_snapshot
from tests.browse.conftest import served, store
from tests.factories import make_article

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any

    from sqlite_utils import Database

    from scraper.browse.security import Message, Receive, Send
    from tests.browse.conftest import Site

BOM = b"\xef\xbb\xbf"


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("batch", [7, 500])
@pytest.mark.parametrize("query", ["q=อ้อย", "q=อ้อย&sort=changed", "ministry=energy", "q=ฆฆฆฆ"])
def test_files_have_all_hits_in_the_order_of_the_pages(
    public: Site, query: str, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "BATCH", batch)
    page = public.get(f"/-/search.json?{query}&size=100").json()
    ids = [hit["id"] for hit in page["hits"]]
    sheet = rows_of(public.page(f"/-/search.csv?{query}"))
    whole = public.get(f"/-/search.json?{query}&size=all").json()
    assert [int(row["id"]) for row in sheet] == [hit["id"] for hit in whole["hits"]] == ids
    assert whole["total"] == len(ids) == page["total"]
    for hit, known, row in zip(whole["hits"], page["hits"], sheet, strict=True):
        assert "snippet" not in hit
        assert hit["title"]["text"] == known["title"]["text"] == row["title"]
        assert {**hit, "title": 0} == {n: v for n, v in known.items() if n != "snippet"} | {
            "title": 0
        }
    some = rows_of(public.page(f"/-/search.csv?{query}&size=3&page=2"))
    assert some == sheet[3:6]


def test_a_file_without_hits_has_the_names_of_the_columns(public: Site) -> None:
    assert public.page("/-/search.csv?q=ฆฆฆฆ") == ",".join(ARTICLES.columns) + "\r\n"


@pytest.mark.parametrize("query", ["since=x", "after=1,2,3"])
def test_a_file_that_cannot_be_made_is_an_error(public: Site, query: str) -> None:
    for path in ("search.csv?", "search.json?size=all&"):
        answer = public.get(f"/-/{path}{query}")
        assert (answer.status_code, answer.json()["ok"]) == (400, False)


@pytest.mark.parametrize(
    "path",
    ["/-/search.csv?", "/thaigov/articles.csv?", "/thaigov/articles.csv?_stream=1&",
     "/thaigov/first_use.csv?", "/thaigov/articles/1.csv?"],
)  # fmt: skip
def test_a_byte_order_mark_is_there_on_request(public: Site, path: str) -> None:
    plain = public.get(path).content
    assert not plain.startswith(BOM)
    assert public.get(f"{path}_bom=0").content == plain
    assert public.get(f"{path}_bom=1").content == BOM + plain


def test_a_table_is_streamed_whole(
    public: Site, archive: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public.datasette, "max_returned_rows", 100)
    for order in ("", "&_sort=precision", "&_sort_desc=inferred"):
        rows = rows_of(public.page(f"/thaigov/date_mentions.csv?_stream=1&_size=max{order}"))
        keys = {(row["article_id"], row["field"], row["position"]) for row in rows}
        assert len(rows) == len(keys) == archive.table("date_mentions").count > 200
    link = public.page("/thaigov/date_mentions")
    assert "_bom=1&amp;_stream=1" in link


@pytest.mark.parametrize("size", ["max", "101", "1000", "100", "7"])
def test_pages_of_texts_are_bounded_in_public(
    public: Site, practice: Site, archive: Database, size: str
) -> None:
    path = f"/thaigov/industry_articles.json?_size={size}&_col=title"
    page = public.get(path).json()
    number = archive.execute("SELECT count(*) FROM industry_articles").fetchone()[0]
    assert len(page["rows"]) == min(number, 7 if size == "7" else 100)
    articles = public.get(f"/thaigov/articles.json?_col=title&_size={size}").json()
    following = public.get(articles["next_url"].removeprefix("http://localhost")).json()
    assert articles["rows"][-1] != following["rows"][0]
    assert len(articles["rows"]) == (7 if size == "7" else 100)
    assert public.get(f"/thaigov/articles.json?_size=x{size}").status_code == 400
    assert len(public.get("/thaigov/captures.json?_size=max&_col=id").json()["rows"]) > 100
    assert len(practice.get("/thaigov/articles.json?_size=max&_col=id").json()["rows"]) > 100


def test_a_query_is_a_whole_file_or_an_error(
    practice: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT {}) SELECT i FROM n"
    )
    numbers = quote(numbers, safe="{}")
    sql = f"/thaigov.csv?sql={numbers}"
    assert "syntax error" in practice.page("/thaigov.csv?sql=select+from", 400)
    assert len(practice.page(sql.format(2500)).splitlines()) == 2501
    monkeypatch.setattr("scraper.browse.archive_database.MAX_FILE_ROWS", 2000)
    assert "ask for fewer rows" in practice.page(sql.format(2500), 413)
    assert len(practice.page(sql.format(2000)).splitlines()) == 2001
    page = practice.get(f"/thaigov.json?sql={numbers.format(2500)}").json()
    assert (len(page["rows"]), page["truncated"]) == (1000, True)


def test_a_file_does_not_change_what_is_asked_after_it(practice: Site) -> None:
    async def ask() -> bool:
        await practice.datasette.client.get("/-/search.csv?q=อ้อย")
        return sheets.whole_answer.get()

    assert asyncio.run(ask()) is False


def test_rows_that_are_too_large_are_refused(
    practice: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_bounds, "MAX_BYTES", 10_000)
    assert "ask for fewer rows" in practice.page("/thaigov?sql=select+body+from+articles", 413)


@pytest.mark.parametrize(
    ("written", "safe"),
    [
        ("a,=1+1\r\n", "a,'=1+1\r\n"),
        ("=SUM(A1)\r\n", "'=SUM(A1)\r\n"),
        ('"=HYPERLINK(""x"",1)",b\r\n', '"\'=HYPERLINK(""x"",1)",b\r\n'),
        ('"@a,b",-cmd\r\n', "\"'@a,b\",'-cmd\r\n"),
        ('a,"\t=1"\r\n', 'a,"\'\t=1"\r\n'),
        ("-5,+5.25,-1e-7\r\n", "-5,+5.25,-1e-7\r\n"),
        ('"a\r\n=b","c\n-d"\r\n', '"a\r\n=b","c\n-d"\r\n'),
        ('"ก""",=x\r\n', '"ก""",\'=x\r\n'),
    ],
)
def test_no_cell_is_a_formula(written: str, safe: str) -> None:
    whole = Sheet(bom=False)
    assert whole.safe(written.encode(), is_last=True).decode() == safe
    piecewise = Sheet(bom=True)
    pieces = [piecewise.safe(bytes([byte]), is_last=False) for byte in written.encode()]
    assert b"".join([*pieces, piecewise.safe(b"", is_last=True)]) == BOM + safe.encode()


def test_cells_of_any_length_are_read_in_time_that_grows_with_them() -> None:
    sheet = Sheet(bom=False)
    row = f'"{"ก=" * 500_000}",=1\r\n'.encode()
    half = len(row) // 2
    assert sheet.safe(row[:half], is_last=False) == b""
    assert sheet.safe(row[half:], is_last=True) == row.replace(b",=1", b",'=1")


def test_formulas_of_an_archive_are_defused_in_every_file(hostile: Site) -> None:
    for path in (
        "/-/search.csv",
        "/thaigov/articles.csv?_size=max",
        "/thaigov/first_use.csv?term=owned",
    ):
        for row in rows_of(hostile.page(path)):
            assert not row["title"].startswith(("=", "@", "+"))


def test_half_a_file_is_cut_off() -> None:
    sheet = Sheet(bom=False)
    with pytest.raises(CutShortError):
        sheet.safe(b"a,b\r\nno such table: x", is_last=True)


def test_an_error_on_the_way_cuts_the_connection(
    practice: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "BATCH", 50)
    real, asked = downloads.read_articles, []

    def broken(db: Database, ids: Sequence[int]) -> Any:
        asked.append(ids)
        if len(asked) > 2:
            raise sqlite3.DatabaseError("malformed")
        return real(db, ids)

    monkeypatch.setattr(downloads, "read_articles", broken)
    with pytest.raises(CutShortError):
        practice.get("/-/search.json?size=all")


def test_a_client_that_leaves_ends_the_work(
    practice: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "BATCH", 1)
    monkeypatch.setattr(sheets, "PIECE", 100)
    asked: list[Sequence[int]] = []
    real = downloads.read_articles

    def counted(db: Database, ids: Sequence[int]) -> Any:
        asked.append(ids)
        return real(db, ids)

    monkeypatch.setattr(downloads, "read_articles", counted)
    sent: list[Message] = []

    async def visit() -> None:
        gone = asyncio.Event()
        scope: Message = {"type": "http", "method": "GET", "path": "/-/search.csv",
                 "raw_path": None, "query_string": b"", "headers": []}  # fmt: skip

        async def receive() -> Message:
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            sent.append(message)
            gone.set()
            await asyncio.sleep(0)

        await practice.datasette.app()(scope, receive, send)

    asyncio.run(visit())
    assert 0 < len(asked) < 50
    assert not practice.datasette.get_database()._opened[-1].in_transaction


def test_a_file_shows_one_state_while_the_snapshot_is_replaced(
    db_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "BATCH", 2)
    with ArchiveWriter(db_path, "test", {}) as writer:
        for number in range(1, 7):
            store(writer, number, make_article(number, title=f"เก่า {number}"), b"%d" % number)
    path = make_snapshot(db_path, tmp_path / "thaigov.db")
    with ArchiveWriter(db_path, "test", {}) as writer:
        writer.db.execute("UPDATE articles SET title = 'ใหม่'")
    newer = make_snapshot(db_path, tmp_path / "newer.db")
    real = downloads.read_articles

    def replaced(db: Database, ids: Sequence[int]) -> Any:
        rows = real(db, ids)
        if newer.exists():
            newer.replace(path)
        return rows

    monkeypatch.setattr(downloads, "read_articles", replaced)
    with served(path, Options(public=True)) as site:
        assert {row["title"][:4] for row in rows_of(site.page("/-/search.csv"))} == {"เก่า"}
        assert {row["title"] for row in rows_of(site.page("/-/search.csv"))} == {"ใหม่"}


def test_requests_beyond_the_bound_wait_or_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scraper.browse.load.ANSWERS", 2)
    monkeypatch.setattr("scraper.browse.load.WAIT_SECONDS", 0.05)
    at_once: list[int] = [0, 0]

    async def visits() -> list[int]:
        release = asyncio.Event()

        async def app(_scope: Message, _receive: Receive, send: Send) -> None:
            at_once[0] += 1
            at_once[1] = max(at_once)
            await release.wait()
            at_once[0] -= 1
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"x"})

        bounded = with_bounds(app)

        async def visit(path: str) -> int:
            sent: list[Message] = []

            async def send(message: Message) -> None:
                sent.append(message)

            scope = {"type": "http", "path": path, "query_string": b""}
            await bounded(scope, asyncio.Queue().get, send)
            return int(sent[0]["status"])

        first = [asyncio.ensure_future(visit("/thaigov/articles.json")) for _ in range(5)]
        while not all(task.done() for task in first[2:]):
            await asyncio.wait(first[2:])
        assert at_once[0] == 2
        release.set()
        assert await visit("/-/healthz") == 200
        return [await task for task in first]

    assert asyncio.run(visits()) == [200, 200, 503, 503, 503]


def test_bytes_that_clients_have_not_taken_are_bounded() -> None:
    async def wait() -> list[str]:
        room, told = Room(10), []

        async def take(name: str, size: int) -> None:
            async with room.taken(size):
                told.append(name)
                await asyncio.sleep(0)
                await asyncio.sleep(0)
                told.append(name.upper())

        await asyncio.gather(take("a", 6), take("b", 6), take("c", 99))
        return told

    assert asyncio.run(wait()) == ["a", "A", "b", "B", "c", "C"]


def test_text_is_sent_compressed_to_those_who_take_it(public: Site) -> None:
    for path in ("/", "/-/search.csv", "/thaigov/articles.json", "/-/thaigov/site.css"):
        packed = public.get(path, {"accept-encoding": "gzip"})
        assert packed.headers["content-encoding"] == "gzip"
        assert "accept-encoding" in packed.headers["vary"].lower()
        assert "content-encoding" not in public.get(path, {"accept-encoding": "identity"}).headers
    assert json.loads(public.get("/thaigov.json").text)
