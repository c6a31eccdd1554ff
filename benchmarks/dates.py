"""Dates in Thai prose: ours, dateparser's search, and PyThaiNLP told where each date is."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.peers import compared
from benchmarks.processes import Stopwatch
from benchmarks.results import precision_of
from scraper.practice.site.still import PracticeSite

if TYPE_CHECKING:
    from benchmarks.results import Precision, Results
    from scraper.practice.site.truth import Truth

Days = tuple[date | None, date | None]
Finder = Callable[["Truth"], Iterable[Days]]

BUDDHIST_ERA = 543
FORMATS = ("%d %B %Y", "%d %b %Y", "%d %B %y", "%d %b %y")


class Found(NamedTuple):
    """What a program took and found."""

    milliseconds: float
    right: Precision


def _fields(truth: Truth) -> list[str]:
    return [text for text in (truth.lead, truth.body, truth.tail) if text]


def our_finder() -> Finder:
    """Return our search."""
    from scraper.thai.dates import find_dates  # noqa: PLC0415

    def find(truth: Truth) -> Iterable[Days]:
        for text in _fields(truth):
            for mention in find_dates(text, truth.published_on):
                yield mention.start_on, mention.end_on

    return find


def dateparser_finder() -> Finder:
    """Return dateparser's search in each line, its years of the Buddhist era put right."""
    from dateparser.search import search_dates  # noqa: PLC0415

    warnings.simplefilter("ignore")  # its own deprecations

    def find(truth: Truth) -> Iterable[Days]:
        for line in "\n".join(_fields(truth)).split("\n"):
            for _, moment in search_dates(line, languages=["th", "en"]) or ():
                year = moment.year - BUDDHIST_ERA * (moment.year > 2400)
                with suppress(ValueError):  # 29 February of another year
                    day = moment.replace(year=year).date()
                    yield day, day

    return find


def pythainlp_finder() -> Finder:
    """Return PyThaiNLP's thai_strptime on the passages that are dates; it has no search."""
    from pythainlp.util import thai_strptime  # noqa: PLC0415

    def find(truth: Truth) -> Iterable[Days]:
        for found in truth.dates:
            for form in FORMATS:
                with suppress(ValueError, IndexError, TypeError, KeyError):
                    day = thai_strptime(found.mention.text, form).date()
                    yield day, day
                    break

    return find


FINDERS = {
    "thaigov": our_finder,
    "dateparser, era put right": dateparser_finder,
    "PyThaiNLP, given the passages": pythainlp_finder,
}


def find_all(program: str, size: int) -> Found:
    """Let a program find the dates of practice articles."""
    site = PracticeSite(max(size, 200))
    truths = [site.truth(number) for number in site.numbers()][:size]
    find = FINDERS[program]()
    list(find(truths[0]))
    with Stopwatch() as watch:
        found = [list(find(truth)) for truth in truths]
    expected = [
        [(each.mention.start_on, each.mention.end_on) for each in truth.dates] for truth in truths
    ]
    right = precision_of(zip(expected, found, strict=True))
    return Found(1000 * watch.cpu / size, right)


def measure(size: int, results: Results) -> None:
    """Let every program find the dates of the same articles."""
    figures = {
        "ms of CPU an article": "milliseconds",
        "found and right, share": "right.recall",
        "right of those found, share": "right.precision",
    }
    work = f"dates in {size:,} practice articles"
    results.comparisons += compared(find_all, FINDERS, size, work, figures)
