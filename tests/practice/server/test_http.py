"""The practice site over real HTTP."""

from __future__ import annotations

import http.client
import re
import signal
import subprocess
import sys
import threading
from contextlib import ExitStack, closing
from time import perf_counter
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

import pytest

from scraper.practice.server.http import Served, serve
from scraper.practice.site.still import PracticeSite

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZE = 60
DETAILS = re.compile(r'href="/news/contents/details/(\d+)"')


@pytest.fixture(scope="module")
def site() -> PracticeSite:
    return PracticeSite(SIZE)


@pytest.fixture(scope="module")
def served(site: PracticeSite) -> Iterator[Served]:
    with serve(site) as served:
        yield served


def get(served: Served, path: str) -> str:
    with urlopen(served.url + path) as answer:
        assert answer.status == 200
        text: str = answer.read().decode()
        return text


def test_articles_answer_under_both_addresses(served: Served, site: PracticeSite) -> None:
    page = site.html(site.last).decode()
    assert get(served, f"/news/contents/details/{site.last}") == page
    assert get(served, f"/news/contents/ministry_details/{site.last}") == page


def test_numbers_without_an_article_answer_200(served: Served, site: PracticeSite) -> None:
    gap = next(n for n in range(site.first, site.last) if not site.exists(n))
    for number in (gap, site.last + 1, 999_999_999, 0):
        assert get(served, f"/news/contents/details/{number}") == site.html(number).decode()


@pytest.mark.parametrize(
    "path",
    [
        "/news",
        "/wp-admin",
        "/news/contents?page=0",
        "/news/contents?page=x",
        "/news/contents/details/1x",
    ],
)
def test_other_paths_are_not_found(served: Served, path: str) -> None:
    with pytest.raises(HTTPError, match="404") as caught:
        urlopen(served.url + path)
    caught.value.close()


def test_walking_the_pager_meets_every_article_once(served: Served, site: PracticeSite) -> None:
    seen: list[int] = []
    path, number = "/news/contents", 1
    while path:
        page = get(served, path)
        seen += map(int, DETAILS.findall(page))
        number += 1
        path = f"/news/contents?page={number}" if f'?page={number}"' in page else ""
    assert seen == sorted(site.numbers(), reverse=True)
    assert number == SIZE // 20 + 2


def test_home_shows_the_newest(served: Served, site: PracticeSite) -> None:
    assert DETAILS.findall(get(served, "/"))[0] == str(site.last)


def test_a_category_keeps_to_itself_over_its_pages(served: Served, site: PracticeSite) -> None:
    page = get(served, f"/news/contents?category={quote('ด้านเศรษฐกิจ')}")
    assert all(site.truth(int(n)).category == "ด้านเศรษฐกิจ" for n in DETAILS.findall(page))
    assert f"category={quote('ด้านเศรษฐกิจ')}&amp;page=2" in page


def test_search_results_have_absolute_addresses(served: Served) -> None:
    page = get(served, f"/search?keyword={quote('โครงการ')}")
    pattern = (
        r'<div class="col-xs-12 col-sm-9 col-md-10 news-2"><p><a href="'
        + re.escape(served.url)
        + r"/news/contents/details/\d+"
    )
    assert re.findall(pattern, page)
    assert not re.findall(pattern, get(served, "/search?keyword="))


def test_robots_txt(served: Served, site: PracticeSite) -> None:
    assert get(served, "/robots.txt").splitlines()[0] == "User-agent: *"
    assert "Crawl-delay" not in get(served, "/robots.txt")
    with serve(site, crawl_delay=2.5) as slow:
        assert "Crawl-delay: 2.5" in get(slow, "/robots.txt").splitlines()


def test_requests_are_logged_in_order(site: PracticeSite) -> None:
    with serve(site) as fresh:
        get(fresh, "/")
        get(fresh, "/search?keyword=a")
        assert fresh.requests == ["/", "/search?keyword=a"]


def test_one_connection_serves_many_pages_quickly(served: Served, site: PracticeSite) -> None:
    with closing(http.client.HTTPConnection(served.url.removeprefix("http://"))) as connection:
        start = perf_counter()
        for number in list(site.numbers()) * 3:
            connection.request("GET", f"/news/contents/details/{number}")
            answer = connection.getresponse()
            assert len(answer.read()) == int(answer.headers["Content-Length"])
        # With Nagle's algorithm each page would take 40 ms.
        assert (perf_counter() - start) / (3 * SIZE) < 0.02


def test_head_has_the_length_and_no_body(served: Served, site: PracticeSite) -> None:
    with closing(http.client.HTTPConnection(served.url.removeprefix("http://"))) as connection:
        connection.request("HEAD", f"/news/contents/details/{site.last}")
        answer = connection.getresponse()
        assert answer.read() == b""
        assert int(answer.headers["Content-Length"]) == len(site.html(site.last))


def test_leaving_ends_every_thread_and_connection(site: PracticeSite) -> None:
    before = {*threading.enumerate()}
    with ExitStack() as clients, serve(site) as served:
        for _ in range(5):
            connection = http.client.HTTPConnection(served.url.removeprefix("http://"))
            clients.callback(connection.close)
            connection.request("GET", "/robots.txt")
            connection.getresponse().read()
        assert len({*threading.enumerate()} - before) >= 6
    assert not {*threading.enumerate()} - before


def test_it_listens_on_loopback_by_default(served: Served) -> None:
    assert served.url.startswith("http://127.0.0.1:")


@pytest.mark.parametrize(
    ("options", "beginning"),
    [
        (["--size", "20"], "20 articles, numbers 1 to "),
        (
            ["--layout", "news", "--living", "--validators"],
            r"90 articles, numbers 20\d{5} to 20",
        ),
    ],
)
def test_the_module_serves_until_interrupted(options: list[str], beginning: str) -> None:
    command = [sys.executable, "-m", "scraper.practice", "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        line = process.stdout.readline()
        url = line.split()[-1]
        with urlopen(url + "robots.txt") as answer:
            assert answer.status == 200
        process.send_signal(signal.SIGTERM)  # a job in the background does not hear Ctrl-C
        assert process.wait(timeout=10) == 0
    assert re.match(beginning, line)


def test_a_living_site_needs_articles_that_are_there_already() -> None:
    command = [sys.executable, "-m", "scraper.practice", "--living", "--size", "100"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "needs a --size above" in done.stderr
