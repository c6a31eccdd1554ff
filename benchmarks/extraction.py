"""Fields of HTML pages: ours, PyThaiNLP's corpus method, trafilatura and newspaper4k.

All read the same practice pages, whose truth is known. A body is right as far as it has the same
pieces of text as headline to sign-off; white space does not count.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.peers import compared
from benchmarks.processes import Stopwatch
from benchmarks.results import overlap
from scraper.practice.site.still import PracticeSite

if TYPE_CHECKING:
    from benchmarks.results import Results
    from scraper.practice.site.truth import Truth

SITE_NAME = "รัฐบาลไทย-ข่าวทำเนียบรัฐบาล-"  # before each headline in the pages' <title>
UNMEASURED = 3  # pages read first, so that what is loaded late is loaded


class Fields(NamedTuple):
    """What a program found on a page: the day in ISO 8601, all text but the headline."""

    title: str
    text: str
    day: str | None


Reader = Callable[[bytes, str], Fields]


class Score(NamedTuple):
    """How a program read all pages; shares from 0 to 1, None for what it does not look for."""

    milliseconds: float
    titles: float
    texts: float
    days: float | None


def our_reader() -> Reader:
    """Return a reader by the stages parse and clean."""
    from pipelines.clean import Clean  # noqa: PLC0415
    from scraper.clock import now  # noqa: PLC0415
    from scraper.model import Capture, Origin  # noqa: PLC0415
    from scraper.pages import read  # noqa: PLC0415

    clean = Clean()

    def fields(html: bytes, url: str) -> Fields:
        capture = Capture(
            url=url, fetched_at=now(), origin=Origin.LIVE, body=html, digest="", status=200,
            content_type="text/html; charset=utf-8",
        )  # fmt: skip
        article = clean.process_item(read(capture)).article
        if article is None:
            return Fields("", "", None)
        text = "\n".join(filter(None, (article.lead, article.body, article.tail)))
        day = article.published_on
        return Fields(article.title, text, day.isoformat() if day else None)

    return fields


def corpus_method() -> Reader:
    """Return a reader as PyThaiNLP's corpora were made: Beautiful Soup, the block, a text file."""
    from bs4 import BeautifulSoup  # noqa: PLC0415

    place = tempfile.TemporaryDirectory()  # lives as long as the reader

    def fields(html: bytes, url: str) -> Fields:
        page = html.decode()
        title = re.search("<title>(.*?)</title>", page)
        block = BeautifulSoup(page, "lxml").find("div", {"class": "border-normal clearfix"})
        lines = block.text.split("\n") if block else []
        text = "\n".join(line.strip() for line in lines if line.strip())
        headline = title[1] if title else ""
        written = f"{headline}\n\n{text}\n\nที่มา : {url}"
        (Path(place.name) / f"{url.rpartition('/')[2]}.txt").write_text(written, "utf-8-sig")
        return Fields(headline, text, None)

    return fields


def trafilatura_reader() -> Reader:
    """Return a reader by trafilatura, with metadata."""
    import trafilatura  # noqa: PLC0415

    def fields(html: bytes, url: str) -> Fields:
        found = trafilatura.bare_extraction(html, url=url, with_metadata=True)
        if found is None:
            return Fields("", "", None)
        return Fields(found.title or "", found.text or "", found.date)

    return fields


def newspaper_reader() -> Reader:
    """Return a reader by newspaper4k, told that the pages are Thai."""
    import newspaper  # noqa: PLC0415

    def fields(html: bytes, url: str) -> Fields:
        article = newspaper.Article(url, language="th")
        article.download(input_html=html.decode())
        article.parse()
        day = article.publish_date
        return Fields(article.title, article.text, day.date().isoformat() if day else None)

    return fields


READERS = {
    "thaigov": our_reader,
    "PyThaiNLP's corpus method": corpus_method,
    "trafilatura": trafilatura_reader,
    "newspaper4k": newspaper_reader,
}
UNDATED = {"PyThaiNLP's corpus method"}  # it leaves the date in the text


def read_pages(program: str, size: int) -> Score:
    """Let a program read the pages of a practice site."""
    site = PracticeSite(max(size, 200))
    truths = [site.truth(number) for number in site.numbers()][:size]
    pages = [(site.html(truth.number), truth.url) for truth in truths]
    reader = READERS[program]()
    for page in pages[:UNMEASURED]:
        reader(*page)
    with Stopwatch() as watch:
        found = [reader(*page) for page in pages]
    return Score(
        1000 * watch.cpu / len(pages),
        fmean(_same_title(truth, fields) for truth, fields in zip(truths, found, strict=True)),
        fmean(
            overlap(_text(truth), fields.text) for truth, fields in zip(truths, found, strict=True)
        ),
        None
        if program in UNDATED
        else fmean(
            fields.day == truth.published_on.isoformat()
            for truth, fields in zip(truths, found, strict=True)
        ),
    )


def _same_title(truth: Truth, fields: Fields) -> bool:
    found = fields.title.strip().removeprefix(SITE_NAME)
    return "".join(found.split()) == "".join(truth.title.split())


def _text(truth: Truth) -> str:
    return "\n".join(filter(None, (truth.lead, truth.body, truth.tail)))


def measure(size: int, results: Results) -> None:
    """Let every program read the same pages."""
    figures = {
        "ms of CPU a page": "milliseconds",
        "headlines right, share": "titles",
        "text right, F1": "texts",
        "dates right, share": "days",
    }
    work = f"fields of {size:,} practice pages"
    results.comparisons += compared(read_pages, READERS, size, work, figures)
