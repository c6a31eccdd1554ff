"""Cabinet meeting summaries: dozens of matters on one page, the longest kind of page.

The 261 real ones have a median of 119,000 characters and a maximum of 241,538, in 1,972 lines.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING

from scraper.practice.prose.dates import full_date
from scraper.practice.prose.drafts import Draft, Entry
from scraper.practice.prose.releases import add_files
from scraper.practice.prose.scenes import Scene, rows_by, templates
from scraper.practice.prose.written import Text, join

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

_NAMING = ("{ministry}", "{name}", "{person}", "{other}", "{given}")


def compose_resume(rng: Random, entry: Entry, length: int) -> Draft:
    """Return the summary of a meeting, with a body of at least ``length`` characters.

    The meeting was on the day before publication. The release belongs to the Office of the Prime
    Minister, although agencies of all ministries submit its matters.
    """
    met = full_date(entry.published_on - timedelta(days=1))
    headline = join(("สรุปผลการประชุมคณะรัฐมนตรี วันที่ ", met))
    lines: list[Text] = [
        join(("การประชุมคณะรัฐมนตรีวันที่ ", met, " มีเรื่องสำคัญที่พิจารณา ดังนี้")),
        Text("เอกสารนี้ทำขึ้นเพื่อให้ประชาชนทราบโดยสังเขป ไม่ใช้อ้างอิงแทนมติฉบับเต็ม"),
    ]
    written = 0
    matters = _matters(rng, entry)
    while written < length:
        matter = next(matters)
        lines += matter
        written += sum(map(len, matter))
    draft = Draft(
        headline=headline,
        paragraphs=tuple(lines),
        published_on=entry.published_on,
        ministry="prime-minister-office",
        category="สรุปข่าวการประชุม ครม.",
        lead_lines=(headline.string,),
        printed=True,
        # The short date is the day of the meeting, the long date the day after.
        entered_on=entry.published_on - timedelta(days=1),
        layout="word",
    )
    return replace(add_files(draft, rng, entry), documents=())


def _matters(rng: Random, entry: Entry) -> Iterator[list[Text]]:
    """Yield the lines of each matter: heading, decision, reasons."""
    reasons = [text for text in templates("body") if not any(slot in text for slot in _NAMING)]
    ministries = [ministry for ministry in rows_by("topics", "ministry") if ministry]
    for number in count(1):
        scene = Scene(rng, rng.choice(ministries), entry.published_on)
        lines = [join((f"{number}. ", scene.sentence("matter"))), scene.sentence("resolved")]
        if rng.random() < 0.3:
            lines.append(scene.sentence("dated"))
        lines += (
            join((scene.fill(rng.choice(reasons)) for _ in range(rng.randint(1, 3))), " ")
            for _ in range(rng.randint(2, 9))
        )
        yield lines
