"""Conditional requests: only unchanged pages are answered with 304."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.client import HTTPConnection, HTTPResponse
from typing import TYPE_CHECKING

import pytest

from scraper.model import Layout
from scraper.practice.server.http import Served, serve
from scraper.practice.site.changes import Change, Kind
from tests.practice.site.test_living import SITES, Clock, at, living, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.practice.site.living import LivingSite

(NUMBER,) = plain(1)
PATH = f"/news/contents/details/{NUMBER}"
CHANGED = at(6, 9)

Place = tuple[Served, "LivingSite", Clock]


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    site, clock = living(changes=[Change(NUMBER, CHANGED, Kind.PARAGRAPH)])
    with serve(site, validators=True) as served:
        yield served, site, clock


def ask(served: Served, path: str = PATH, **headers: str) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection(served.url.removeprefix("http://"))
    try:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers=sent)
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


def http_date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def test_an_etag_is_that_of_what_the_page_says(place: Place) -> None:
    served, site, clock = place
    clock.moment = at(4)
    answer, body = ask(served)
    tag = answer.headers["ETag"]
    assert body == site.html(NUMBER)
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again, nothing = ask(served, If_None_Match=known)
        assert (again.status, nothing) == (304, b"")
        assert again.headers["ETag"] == tag
    assert ask(served, If_None_Match='"other"')[0].status == 200

    clock.moment = CHANGED
    answer, body = ask(served, If_None_Match=tag)
    assert answer.status == 200
    assert answer.headers["ETag"] != tag
    assert body == site.html(NUMBER)


def test_a_date_counts_where_no_etag_was_sent(place: Place) -> None:
    served, _, clock = place
    clock.moment = at(8)
    answer, _ = ask(served)
    assert answer.headers["Last-Modified"] == http_date(CHANGED)
    later, earlier = (http_date(CHANGED + timedelta(minutes=n)) for n in (0, -1))
    assert ask(served, If_Modified_Since=later)[0].status == 304
    for since in (earlier, "yesterday", "Thu, 32 Aug 2025 00:00:00 GMT", "2025-08-21"):
        assert ask(served, If_Modified_Since=since)[0].status == 200
    assert ask(served, If_Modified_Since=later, If_None_Match='"other"')[0].status == 200


def test_only_pages_that_hold_an_article_have_them(place: Place) -> None:
    served, _, clock = place
    clock.moment = at(8)
    for path in ("/robots.txt", "/news/contents", "/news/contents/details/999999", "/none"):
        answer, _ = ask(served, path, If_None_Match="*")
        assert answer.status in (200, 404)
        assert "ETag" not in answer.headers
    # A shell always says the same, whatever becomes of the article; its JSON does not.
    site = SITES[Layout.NEWS]
    number = site.number_of("slow-json")
    with serve(site, validators=True) as news:
        paths = {
            f"/{site.language(number)}/news/{number}": False,
            f"/api/news/{number}?lang={site.language(number)}": True,
            f"/th/news/{site.number_of('server-rendered')}": True,
        }
        for path, has_tag in paths.items():
            assert ("ETag" in ask(news, path)[0].headers) is has_tag


def test_without_the_option_nothing_is_conditional() -> None:
    site = SITES[Layout.CONTENTS]
    with serve(site) as served:
        answer, body = ask(served, If_None_Match="*")
        assert (answer.status, body) == (200, site.html(NUMBER))
        assert not {"ETag", "Last-Modified"} & {*answer.headers}


def test_the_log_has_what_came_with_a_request() -> None:
    with serve(SITES[Layout.CONTENTS]) as served:
        ask(served, User_Agent="thaigov/1 (+mailto:a@example.org)", X_Other="1")
        ask(served, "/robots.txt")
    first, second = served.log
    assert [first.path, second.path] == served.requests == [PATH, "/robots.txt"]
    assert first.method == "GET"
    assert first.headers["user-agent"] == "thaigov/1 (+mailto:a@example.org)"
    assert first.headers["x-other"] == "1"
    assert first.at < second.at
