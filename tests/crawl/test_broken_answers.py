"""Answers that are broken in every way HTTP knows: told in plain words, asked again, never lost."""

from __future__ import annotations

import gzip
import itertools
import sqlite3
import time
import zlib
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from scraper.practice.judge.compare import differences
from scraper.practice.server.http import Answer, serve
from scraper.practice.site.still import PracticeSite
from tests.archive_dump import assert_sound
from tests.many_crawls import Crawl, crawl_all, query

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SITE = PracticeSite(size=20)
NUMBERS = list(SITE.numbers())
PAGE = SITE.html(NUMBERS[0])
DETAILS = "/news/contents/details/"


def dripping() -> Iterator[bytes]:
    while True:
        yield b"x"
        time.sleep(0.2)


def bomb() -> bytes:
    """Return gzip of 48 MiB, which is more than a page may have."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(48)) + packer.flush()


def raw(body: bytes) -> Answer:
    return Answer(0, body, raw=True)


GZIP = (("Content-Encoding", "gzip"),)
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
# What comes instead of an article, and how that is told.
BROKEN = {
    "the answer is larger than a page may be": Answer(200, itertools.repeat(b"x" * 65536)),
    "gzip decompresses to more than 33,554,432 bytes": Answer(200, bomb(), headers=GZIP),
    "damaged gzip coding": Answer(200, gzip.compress(PAGE)[:-100], headers=GZIP),
    "the answer broke off": Answer(200, PAGE[:500], headers=(("Content-Length", "5000"),)),
    "the answer broke off ": raw(OK + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\nno number\r\n"),
    "no whole answer came in time": Answer(200, dripping()),
    "the answer is no HTTP": raw(b"ELEPHANT\x00\xff trumpets\r\n\r\n"),
    "the connection was closed without an answer": raw(b""),
    "the connection was lost without an answer": Answer(0, b"HTTP/1.1 2", raw=True, cut=True),
    "HTTP 500": Answer(500, b"out of order"),
    "HTTP 502": Answer(502, PAGE),
}
FAULTS = dict(zip(NUMBERS, BROKEN.items(), strict=False))
# What a careless server says of a page that is right, or a little wrong, is no reason to lose it.
WRONG_CHARSET, OTHER_CHARSET, CUT, EMPTY = NUMBERS[-4:]


def careless(number: int) -> Answer | None:
    page = SITE.html(number)
    return {
        WRONG_CHARSET: Answer(200, page, "text/html; charset=klingon"),
        OTHER_CHARSET: Answer(200, page, "text/html; charset=tis-620"),
        CUT: Answer(200, page, headers=(("Content-Length", "100"),)),
        EMPTY: Answer(200, b""),
    }.get(number)


def broken(path: str) -> Answer | None:
    if DETAILS not in path:
        return None
    number = int(path.rpartition("/")[2])
    return FAULTS[number][1] if number in FAULTS else careless(number)


def test_a_broken_answer_is_owed_and_its_fault_is_told(tmp_path: Path) -> None:
    db = tmp_path / "thaigov.db"
    arguments = {"first": str(SITE.first), "last": str(SITE.last)}
    quick = {"DOWNLOAD_TIMEOUT": 2, "DOWNLOAD_MAXSIZE": 4 << 20, "RETRY_TIMES": 0}
    with serve(SITE, intercept=broken) as served:
        told = crawl_all([Crawl(served.url, str(db), arguments, quick)])
    owed = dict(query(db, "SELECT url, last_error FROM frontier WHERE state = 'failed'"))
    assert len(owed) == len(FAULTS)
    for number, (sentence, _) in FAULTS.items():
        (error,) = (error for url, error in owed.items() if url.endswith(f"/{number}"))
        assert sentence.strip() in error
        assert f"{served.url}{DETAILS}{number} could not be fetched ({error})" in told
    unread = query(db, "SELECT url, outcome FROM captures WHERE outcome <> 'article'")
    assert [(int(url.rpartition("/")[2]), outcome) for url, outcome in unread] == [
        (CUT, "unparsed"),
        (EMPTY, "unparsed"),
    ]
    with serve(SITE) as served:
        crawl_all([Crawl(served.url, str(db), arguments)])
    with closing(sqlite3.connect(db)) as connection:
        assert list(differences(connection, SITE)) == []
    assert query(db, "SELECT count(*) FROM frontier WHERE state = 'failed'") == [(0,)]
    assert_sound(db)


@pytest.mark.parametrize("number", [WRONG_CHARSET, OTHER_CHARSET])
def test_the_pages_are_in_thai(number: int) -> None:
    """So that a wrong charset would be seen."""
    assert SITE.html(number).decode("utf-8").count("ก") > 10
