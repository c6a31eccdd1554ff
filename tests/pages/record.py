"""Records pages of the practice site with what a parser must make of them.

``python -m tests.pages.record`` rewrites ``recorded/``: one page per layout and oddity, and some
plain ones. What is expected comes from the site's truth, never from a parser. Pages of other
origins may be put beside them by hand, each with its JSON.
"""

from __future__ import annotations

import json
from pathlib import Path

from scraper.model import Layout
from scraper.practice.compare import Record, record
from scraper.practice.oddities import MISSING, ODDITIES, PAIRS, RESUME
from scraper.practice.site import PracticeSite
from scraper.sources import PRACTICE, article_url

RECORDED = Path(__file__).with_name("recorded")
NAMES = (RESUME, *PAIRS, *ODDITIES, *MISSING)
PLAIN = 6
OF_STAGES = ("dates", "ministry")
"""What is not a parser's to tell; ``scraper.practice.compare`` judges it in a whole archive."""


def expected(site: PracticeSite, number: int) -> Record:
    """Return what the parser and the cleaning stage must make of a page."""
    if not site.exists(number):
        return {"url": article_url(PRACTICE, Layout.CONTENTS, number), "outcome": "missing"}
    truth = record(site.truth(number))
    return {
        "outcome": "article",
        **{name: value for name, value in truth.items() if name not in OF_STAGES},
    }


def main() -> None:
    """Write a page and its expectation for each oddity, under a name that tells both."""
    RECORDED.mkdir(exist_ok=True)
    # A short summary of a cabinet meeting keeps the repository small.
    site = PracticeSite(200, resume_length=6000)
    numbers = {name: site.number_of(name) for name in NAMES}
    plain = [number for number in site.numbers() if site.truth(number).oddity == "plain"]
    numbers |= {f"plain-{n}": plain[n * len(plain) // PLAIN] for n in range(PLAIN)}
    for name, number in numbers.items():
        path = RECORDED / f"{Layout.CONTENTS}-{name}.html"
        path.write_bytes(site.html(number))
        text = json.dumps(expected(site, number), ensure_ascii=False, indent=1)
        path.with_suffix(".json").write_text(f"{text}\n", "utf-8")


if __name__ == "__main__":
    main()
