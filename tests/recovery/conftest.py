"""A Wayback Machine with the pages of a practice site, some of them in several versions."""

from __future__ import annotations

import gzip
import os
from typing import TYPE_CHECKING

import pytest

from scraper.practice.site.still import PracticeSite
from tests.peers import peer
from tests.recovery.faulty_server import serving
from tests.recovery.pages_in_warc import Held, write_warc
from tests.recovery.wayback_front import Front, pywb

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# 300 pages in the tests, any number by hand.
SITE = PracticeSite(size=int(os.environ.get("THAIGOV_RECOVERY_PAGES", "300")))
HOME = "https://practice.example"
CHALLENGE = b"<html><head><title>Just a moment...</title></head><body></body></html>"


@pytest.fixture(scope="session")
def wayback_program() -> Path:
    """Return the path of pywb's program."""
    return peer("wayback")


def page_url(number: int, scheme: str = "https", details: str = "details") -> str:
    return f"{scheme}://practice.example/news/contents/{details}/{number}"


def held_copies() -> Iterator[Held]:
    """Yield the copies in the archive: each article once or more, in the forms that occur."""
    for position, number in enumerate(SITE.numbers()):
        body = SITE.html(number)
        month = f"2024{1 + position % 12:02d}"
        match position % 6:
            case 0:  # an older copy under another address of the same article
                yield Held(page_url(number, "http", "ministry_details"), "20230101000000", body)
            case 1:  # compressed by the site
                gzipped = (("Content-Encoding", "gzip"),)
                yield Held(page_url(number), month + "02030405", gzip.compress(body), gzipped)
                continue
            case 2:  # the newest copy is a bot check, archived as a page
                yield Held(page_url(number), "20250901000000", CHALLENGE)
            case 3:  # the newest copy is a missing page, archived as a page
                yield Held(page_url(number), "20250901000000", SITE.html(GONE))
            case 4:  # compressed twice: the decoded body is still gzip
                twice = gzip.compress(gzip.compress(body))
                gzipped = (("Content-Encoding", "gzip"),)
                yield Held(page_url(number), month + "02030405", twice, gzipped)
                continue
        yield Held(page_url(number), month + "02030405", body)


GONE = next(n for n in range(SITE.first, SITE.last) if not SITE.exists(n))


@pytest.fixture(scope="session")
def wayback_port(wayback_program: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Serve the copies with pywb."""
    folder = tmp_path_factory.mktemp("wayback")
    write_warc(folder / "held.warc.gz", held_copies())
    with pywb(wayback_program, folder, [folder / "held.warc.gz"]) as port:
        yield port


@pytest.fixture
def wayback(wayback_port: int) -> Iterator[Front]:
    """Serve the front without faults."""
    with serving(Front(wayback_port)) as front:
        yield front
