"""Responses are decoded by their bytes, whatever the header says; truncated ones are refused."""

from __future__ import annotations

import gzip
import zlib

import pytest
from backports import zstd
from scrapy import Request
from scrapy.http import HtmlResponse, Response
from scrapy.utils.test import get_crawler

from scraper.crawl.origins import ORIGIN
from scraper.crawl.truncated import BrokenAnswerError, RetryTruncated
from scraper.model import Origin

PAGE = "<html><p>ข่าวของกระทรวง".encode() * 300
URL = "https://practice.example/news/contents/details/1"
TYPE = {"Content-Type": "text/html; charset=utf-8"}


def process(body: bytes, origin: Origin | None = None, **headers: str) -> object:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    response = Response(URL, headers=TYPE | named, body=body)
    return RetryTruncated(get_crawler()).process_response(
        Request(URL, meta={ORIGIN: origin} if origin else {}), response
    )


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (PAGE, "none"),
        (PAGE, "utf-8"),
        (PAGE, "klingon"),
        (PAGE, "gzip"),
        (PAGE, "br"),
        (PAGE, "deflate"),
        (zlib.compress(PAGE), "gzip"),
        (zlib.compress(PAGE)[2:-4], "deflate"),
        (gzip.compress(gzip.compress(PAGE)), "gzip"),
        (zstd.compress(PAGE), "gzip"),
        (gzip.compress(PAGE), "gzip, none"),
    ],
)
@pytest.mark.parametrize("origin", [None, Origin.LIVE, Origin.WAYBACK])
def test_a_response_is_decoded_by_its_bytes(
    body: bytes, coding: str, origin: Origin | None
) -> None:
    found = process(body, origin, Content_Encoding=coding)
    assert isinstance(found, HtmlResponse)
    assert (found.body, found.headers.get("Content-Encoding")) == (PAGE, None)
    assert "ข่าว" in found.text


def test_an_undeclared_encoding_is_undone_except_in_archived_records() -> None:
    coded = gzip.compress(PAGE)
    found = process(coded, Origin.LIVE)
    assert isinstance(found, Response)
    assert found.body == PAGE
    found = process(coded, Origin.COMMONCRAWL)
    assert isinstance(found, Response)
    assert found.body == coded


def test_a_truncated_page_is_refused_except_from_web_archives() -> None:
    with pytest.raises(BrokenAnswerError, match="cannot be used"):
        process(gzip.compress(PAGE)[:-8], Origin.LIVE, Content_Encoding="gzip")
    with pytest.raises(BrokenAnswerError, match="bytes received"):
        process(PAGE, Origin.LIVE, Content_Length=str(len(PAGE) + 1))
    assert isinstance(
        process(gzip.compress(PAGE)[:-8], Origin.WAYBACK, Content_Encoding="gzip"), Response
    )
