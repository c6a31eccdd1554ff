"""What a headline says of the event below it."""

from __future__ import annotations

import re
from typing import NamedTuple

from scraper.thai.events.words import Sense, event_words

_ANNOUNCES = re.compile(r"เตรียม|กำหนดการ|วันที่|[0-9] ?(?:[ก-ฮ]\.[ก-ฮ]\.|มี\.ค|เม\.ย|มิ\.ย)")


class Headline(NamedTuple):
    """A headline.

    Attributes:
        weight: what it adds to the confidence in an event: somebody does something, or says it.
        announces: whether it names a day or what will be.
    """

    weight: float
    announces: bool


def read_headline(title: str) -> Headline:
    """Return what a folded headline says of an event."""
    weight = 0.0
    for word in event_words(title, 0, len(title)):
        if word.sense is not Sense.AFTER:
            weight = -0.1 if word.sense is Sense.SAYING else 0.1
            break
    return Headline(weight, _ANNOUNCES.search(title) is not None)
