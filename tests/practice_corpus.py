"""Writes the articles of a practice site in the text form of the public corpora."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.practice.site.still import PracticeSite


def write_corpus(site: PracticeSite, folder: Path) -> int:
    """Write one file per article and return how many."""
    count = 0
    for number in site.numbers():
        truth = site.truth(number)
        lines = [
            f"รัฐบาลไทย-ข่าวทำเนียบรัฐบาล-{truth.title}",
            "",
            "",
            truth.published_raw,
            truth.title,
            truth.lead or ".....",
            *(line for text in (truth.body, truth.tail) for line in text.split("\n") if line),
            "",
            f"ที่มา : {truth.url}",
        ]
        day = folder / "data" / f"{truth.published_on:%Y/%m/%d}"
        day.mkdir(parents=True, exist_ok=True)
        path = day / f"{(truth.category or '').strip()}_{number}_ab12.txt"
        path.write_text("\n".join(lines), encoding="utf-8")
        count += 1
    return count
