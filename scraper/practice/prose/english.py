"""English releases, which the site has in its government news categories (2.4 % of pages)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from scraper.practice.prose.dates import DateWriter
from scraper.practice.prose.drafts import Draft, Entry
from scraper.practice.prose.elements import element_fact, money, person, province
from scraper.practice.prose.releases import add_files, add_header
from scraper.practice.prose.scenes import templates
from scraper.practice.prose.written import Text, fill, join, with_fact

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

_WIDTHS = range(60, 111)  # characters in a line of a hard-wrapped page


def compose_english(rng: Random, entry: Entry) -> Draft:
    """Return an English release of the government, which names only invented agencies."""
    dates = DateWriter(rng, entry.published_on)
    same = {
        name: rng.choice(templates(name, "english")) for name in ("agency", "topic", "province")
    }
    agency = same["agency"]
    fixed: dict[str, Text | str] = {
        **same,
        "province": with_fact(same["province"], province(same["province"])),
    }

    def director(post: str = "") -> Text:
        title, _, name = rng.choice(templates("person", "english")).partition(" ")
        return join((f"{title} ", with_fact(name, person(name, title, post)), post and f", {post}"))

    varying: dict[str, Callable[[], Text | str]] = {
        "day": lambda: dates.english(dates.before(0, 3)),
        "soon": lambda: dates.english(dates.after(5, 60)),
        "range": dates.english_days,
        "person": director,
        "director": lambda: director(f"Director of the {agency}"),
        "n": lambda: f"{rng.randint(40, 4000):,}",
        "few": lambda: str(rng.randint(3, 12)),
        "money": lambda: _baht(rng.randint(1, 40), rng.randint(1, 9)),
        "percent": lambda: str(rng.randint(55, 95)),
    }

    def sentence(template: str) -> Text:
        return fill(template, lambda name: fixed.get(name) or varying[name](), element_fact)

    body = list(templates("body", "english"))
    chosen = rng.sample(body, rng.randint(3, len(body)))
    headline = sentence(rng.choice(templates("title", "english")))
    draft = Draft(
        headline=headline,
        paragraphs=(
            sentence(rng.choice(templates("opening", "english"))),
            *(sentence(template) for template in chosen),
        ),
        published_on=entry.published_on,
        ministry="prime-minister-office",
        category="Government News",
        lead_lines=(headline.string,),
        language="en",
    )
    return add_files(add_header(draft, rng, entry), rng, entry)


def _baht(millions: int, tenths: int) -> Text:
    """Return an amount in English."""
    return with_fact(f"{millions}.{tenths} million baht", money(millions * 1e6 + tenths * 1e5))


def hard_wrapped(rng: Random, draft: Draft) -> Draft:
    """Return a draft with its paragraphs wrapped into lines, never inside a fact."""
    width = rng.choice(_WIDTHS)
    lines = (line for paragraph in draft.paragraphs for line in _wrap(paragraph, width))
    return replace(draft, paragraphs=tuple(lines), layout="breaks")


def _wrap(text: Text, width: int) -> list[Text]:
    """Wrap a text into lines of at most ``width`` characters, at spaces outside facts."""
    starts = [0]
    last = 0
    for blank in (match.start() for match in re.finditer(" |$", text.string)):
        if any(start <= blank + 1 and blank < end for start, end, _ in text.marks):
            continue  # also before a fact: Mr. stays beside the name
        if blank - starts[-1] > width and last > starts[-1]:
            starts.append(last + 1)
        last = blank
    ends = [*(start - 1 for start in starts[1:]), len(text)]
    return [text.part(start, end) for start, end in zip(starts, ends, strict=True)]
