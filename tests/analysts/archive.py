"""The archive of ``make demo``, built without a server: docs/analysts.md reads nothing else of it.

It differs from the demo's only in what the HTTP crawl adds: times, runs, addresses without a page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.archive.writer import ArchiveWriter
from scraper.imports.ingest import ingest
from scraper.model import Incoming, Layout
from scraper.practice.site.still import PracticeSite
from scraper.sources import PRACTICE, article_url
from tests.factories import make_capture

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SIZE = 240  # pages, as `thaigov demo` has by default


def build_archive(path: Path) -> None:
    """Create the archive."""
    with ArchiveWriter(path, "import practice", {}) as writer:
        ingest(writer, _captures(PracticeSite(SIZE)), workers=0)


def _captures(site: PracticeSite) -> Iterator[Incoming]:
    for number in site.numbers():
        url = article_url(PRACTICE, Layout.CONTENTS, number)
        yield Incoming(make_capture(number, site.html(number), url=url))
