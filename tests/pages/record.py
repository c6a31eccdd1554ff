"""Records pages of the practice site with the expected results of parsing.

``python -m tests.pages.record`` rewrites ``recorded/``: for each layout one page per oddity, and
some plain ones. Pages filled in by scripts are recorded as rendered by Chromium. Expectations come
from the site's truth, never from a parser. Other pages may be added by hand, each with its JSON.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from scraper.facts import KINDS
from scraper.model import Layout
from scraper.pages.shell import is_shell
from scraper.practice.judge.compare import PageRecord, record
from scraper.practice.prose.oddities import MISSING, ODDITIES, PAIRS, RESUME
from scraper.practice.server.http import serve
from scraper.practice.site.deliveries import GONE_SHELL, NEWS_ODDITIES
from scraper.practice.site.still import PracticeSite
from scraper.sources import PRACTICE, article_url

if TYPE_CHECKING:
    from collections.abc import Iterable

RECORDED = Path(__file__).with_name("recorded")
NAMES = {
    Layout.CONTENTS: (RESUME, *PAIRS, *ODDITIES, *MISSING),
    # Oddities of the text alone are recorded in the other layout.
    Layout.NEWS: (
        *NEWS_ODDITIES,
        GONE_SHELL,
        *("english", "related-news", "no-body", "picture-post", "radio", "table", "word-markup"),
        *("headline-five-times", "split-headline", "entity-in-title", "hidden-email"),
    ),
}
PLAIN = 6
OF_STAGES = {"ministry", *(kind.name for kind in KINDS if kind.find)}
"""Stages whose problems are not recorded; ``practice.judge`` compares whole archives."""

_CHROMIUM = (
    *("/usr/bin/chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--blink-settings=imagesEnabled=false", "--virtual-time-budget=5000", "--dump-dom"),
)


def expected(site: PracticeSite, number: int) -> PageRecord:
    """Return the expected result of parsing and cleaning a page."""
    if not site.exists(number):
        return {"url": article_url(PRACTICE, site.layout, number), "outcome": "missing"}
    truth = record(site.truth(number))
    return {
        "outcome": "article",
        **{name: value for name, value in truth.items() if name not in OF_STAGES},
    }


def rendered(url: str) -> str:
    """Return the HTML of a page as rendered by Chromium.

    Raises:
        subprocess.SubprocessError: Chromium failed, or took longer than a minute.
        OSError: Chromium is not installed.
    """
    done = subprocess.run([*_CHROMIUM, url], capture_output=True, check=True, timeout=60)
    return done.stdout.decode()


def write(site: PracticeSite, numbers: Iterable[tuple[str, int]]) -> None:
    """Write the page and the expectation of each name and number."""
    with serve(site) as served:
        for name, number in numbers:
            wanted = expected(site, number)
            html = site.html(number).decode()
            if is_shell(html):
                path = str(wanted["url"]).removeprefix(PRACTICE.home)
                html = rendered(f"{served.url}{path}").replace(served.url, PRACTICE.home)
            file = RECORDED / f"{site.layout}-{name}.html"
            file.write_text(html, "utf-8")
            text = json.dumps(wanted, ensure_ascii=False, indent=1)
            file.with_suffix(".json").write_text(f"{text}\n", "utf-8")


def main() -> None:
    """Write the pages of both layouts, named after layout and oddity."""
    RECORDED.mkdir(exist_ok=True)
    for layout, names in NAMES.items():
        # A short summary of a cabinet meeting keeps the repository small.
        site = PracticeSite(200, layout=layout, resume_length=6000)
        numbers = {name: site.number_of(name) for name in names}
        plain = [number for number in site.numbers() if site.truth(number).oddity == "plain"]
        numbers |= {f"plain-{n}": plain[n * len(plain) // PLAIN] for n in range(PLAIN)}
        write(site, numbers.items())


if __name__ == "__main__":
    main()
