"""The practice site of the spiders' tests, its faults, and what its archive should hold."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from scraper.practice.judge.compare import differences
from scraper.practice.server.http import Answer
from scraper.practice.site.still import PracticeSite

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scraper.practice.server.http import Served

SIZE = 60
SITE = PracticeSite(size=SIZE)


def without_listing(path: str) -> Answer | None:
    return Answer(404, b"no such page") if path.startswith("/news/contents?") else None


def closed_to_robots(path: str) -> Answer | None:
    rules = b"User-agent: thaigov\nDisallow: /news/\n"
    return Answer(200, rules, "text/plain") if path == "/robots.txt" else None


def page_missing(number: int) -> Callable[[str], Answer | None]:
    """Return an interceptor that answers 404 for one article."""
    return lambda path: Answer(404, b"none") if path.endswith(f"/details/{number}") else None


class Challenge:
    """Answers with a bot check after some requests."""

    def __init__(self, after: int) -> None:
        self.remaining = after

    def __call__(self, _path: str) -> Answer | None:
        self.remaining -= 1
        page = b"<html><head><title>Just a moment...</title></head><body></body></html>"
        return Answer(403, page) if self.remaining < 0 else None


def articles_asked(served: Served) -> list[str]:
    return [path for path in served.requests if "/details/" in path]


def against_truth(db: Path) -> list[str]:
    with closing(sqlite3.connect(db)) as connection:
        return list(differences(connection, SITE))
