"""The trace of a parser shows what it looked for and found."""

from __future__ import annotations

from bs4 import BeautifulSoup
from parsel import Selector

from scraper.pages.trace import SelectorTrace


def test_first_match_is_shown_as_clean_text() -> None:
    html = "<p> ก <b>ข</b></p>"
    trace = SelectorTrace()
    trace.note("soup", "p", BeautifulSoup(html, "lxml").find_all("p"))
    trace.note("selector", "p", Selector(text=html).css("p"))
    trace.note("text", "a line", ["ล" * 100])
    trace.note("nothing", "h1", [])
    assert [(result.name, result.first) for result in trace.results] == [
        ("soup", "ก ข"),
        ("selector", "ก ข"),
        ("text", "ล" * 80 + "…"),
        ("nothing", ""),
    ]
