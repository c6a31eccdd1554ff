"""The captures of a crawl can be replayed by pywb, byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.request import urlopen

from scraper.practice.server.http import serve
from scraper.practice.site.still import PracticeSite
from tests.commands import thaigov
from tests.recovery.wayback_front import pywb

if TYPE_CHECKING:
    from pathlib import Path

SITE = PracticeSite(size=20)


def test_pywb_replays_a_crawl(wayback_program: Path, db_path: Path) -> None:
    numbers = list(SITE.numbers())[:5]
    with serve(SITE) as served:
        bounds = ["-a", f"first={numbers[0]}", "-a", f"last={numbers[-1]}"]
        crawl = ["crawl", "numbers", "--site", served.url, *bounds, "--scope", "all"]
        thaigov(*crawl, "--db", db_path)
        thaigov(*crawl, "--db", db_path, "-a", "again=1")  # revisit records
    folder = db_path.parent / "pywb"
    folder.mkdir()
    warcs = sorted((db_path.parent / "warc").iterdir())
    assert len(warcs) == 2
    with pywb(wayback_program, folder, warcs) as port:
        for number in numbers:
            page = f"{served.url}/news/contents/details/{number}"
            with urlopen(f"http://127.0.0.1:{port}/all/2100id_/{page}") as answer:
                assert answer.read() == SITE.html(number)
                assert answer.headers["Memento-Datetime"]
