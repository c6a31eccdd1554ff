"""Compares two press releases: the same text, nearly the same, one inside the other, or a series.

Texts are compared by their shingles, all sequences of 40 characters, in the body without white
space and with every digit as 0. Serial releases, such as a daily report or the visits of one
inspector to many provinces, share a template and differ in numbers and places; these decide, not
the number of shingles, whether two texts report the same thing.

To find pairs without comparing all, each text has fingerprints: the smallest hash in each window of
100 shingles. This is MinHash, taken window by window (winnowing: Schleimer, Wilkerson and Aiken,
2003). Two texts that share 139 characters in a row share a fingerprint, so a short release is found
in a cabinet résumé fifty times as long, where one MinHash for each text finds nothing.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple
from zlib import crc32

from scraper.thai.text import squash

SHINGLE = 40  # characters; shorter ones are often titles of posts and ministries
WINDOW = 100  # shingles
# Thresholds were set by reading all pairs above .1 of 3,400 real articles.
NEAR = 0.8
CONTAINED = 0.8
SERIES = 0.5
SHORTEST_CONTAINED = 200  # characters; shorter texts are greetings and captions
FOREIGN_NUMBERS = 0.1  # share of a contained text's numbers that the longer text may lack

_NUMBER = re.compile("[0-9]+")
# The first letters of a name after a word for a kind of place. The names need not be known.
_PLACE = re.compile("(?:จังหวัด|อำเภอ|ตำบล|เขต|จ\\.|อ\\.|ต\\.)([ก-ฮ][ก-๎]{3})")
_DIGIT = re.compile("[1-9]")
_BYTES = 2  # of a character in UTF-16, apart from emoji


class LikenessKind(StrEnum):
    """How two texts are alike.

    ``repost``: the same body, apart from white space. ``near``: at least 0.8 of the shingles.
    ``contained``: at least 0.8 of the shorter text's shingles are in the longer one.
    ``series``: at least 0.5 of the shingles, but each has numbers or places that the other lacks.
    """

    REPOST = "repost"
    NEAR = "near"
    CONTAINED = "contained"
    SERIES = "series"


class Likeness(NamedTuple):
    """The result of a comparison.

    Attributes:
        kind: how the texts are alike.
        similarity: from 0 to 1: the shingles in both, as a share of those in either; for
            ``contained``, as a share of those in the shorter text.
    """

    kind: LikenessKind
    similarity: float


class ComparedText(NamedTuple):
    """What is compared of an article.

    Attributes:
        title, body: without white space.
        published_on: the day of publication, as ISO text.
        shingles: of the body, as hashes of this process.
        numbers, places: in title and body.
    """

    title: str
    body: str
    published_on: str | None
    shingles: frozenset[int]
    numbers: frozenset[str]
    places: frozenset[str]


def read_compared_text(title: str, body: str, published_on: str | None) -> ComparedText:
    """Return what is compared of an article."""
    title, body = squash(title), squash(body)
    masked = _DIGIT.sub("0", body)
    last = max(1, len(masked) - SHINGLE + 1)
    return ComparedText(
        title,
        body,
        published_on,
        frozenset(hash(masked[at : at + SHINGLE]) for at in range(last)),
        frozenset(_NUMBER.findall(f"{title}\n{body}")),
        frozenset(_PLACE.findall(f"{title}\n{body}")),
    )


def likeness(one: ComparedText, other: ComparedText) -> Likeness | None:
    """Return how two texts are alike; None if they are not. The order does not matter."""
    if one.body == other.body:
        return Likeness(LikenessKind.REPOST, 1.0)
    common = len(one.shingles & other.shingles)
    resemblance = common / (len(one.shingles) + len(other.shingles) - common)
    containment = common / min(len(one.shingles), len(other.shingles))
    differs = _report_different_things(one, other)
    if resemblance >= NEAR and not differs:
        return Likeness(LikenessKind.NEAR, round(resemblance, 3))
    if resemblance < NEAR and containment >= CONTAINED and _may_contain(one, other):
        return Likeness(LikenessKind.CONTAINED, round(containment, 3))
    if resemblance >= SERIES and differs:
        return Likeness(LikenessKind.SERIES, round(resemblance, 3))
    return None


def _report_different_things(one: ComparedText, other: ComparedText) -> bool:
    """Return whether each text has a number, or each a place, that the other lacks.

    A corrected release, with the same headline on the same day, reports the same thing.
    """
    if one.title == other.title and one.published_on == other.published_on:
        return False
    return bool(
        (one.numbers - other.numbers and other.numbers - one.numbers)
        or (one.places - other.places and other.places - one.places)
    )


def _may_contain(one: ComparedText, other: ComparedText) -> bool:
    """Return whether the shorter text is long enough, and its numbers are in the longer one."""
    short, long = sorted((one, other), key=lambda text: (len(text.shingles), text.body))
    foreign = len(short.numbers - long.numbers)
    return len(short.body) >= SHORTEST_CONTAINED and foreign <= len(short.numbers) * FOREIGN_NUMBERS


def fingerprints(body: str) -> list[int]:
    """Return the fingerprints of a text, sorted: 32-bit numbers, about one for 50 characters.

    None for a text without characters. Takes linear time.
    """
    return fingerprints_of_squashed(squash(body))


def fingerprints_of_squashed(body: str) -> list[int]:
    """Return the fingerprints of a text that has been squashed already."""
    masked = _DIGIT.sub("0", body)
    if not masked:
        return []
    encoded = masked.encode("utf-16-le")
    width = SHINGLE * _BYTES
    last = max(_BYTES, len(encoded) - width + _BYTES)
    hashes = [crc32(encoded[at : at + width]) for at in range(0, last, _BYTES)]
    return sorted(_window_minima(hashes))


def _window_minima(values: list[int]) -> set[int]:
    """Return the minimum of each window of ``WINDOW`` values; of all values if there are fewer."""
    found = set()
    smallest = min(values[:WINDOW])
    at = values.index(smallest)
    while True:
        found.add(smallest)
        # Stays the minimum until a smaller value comes into the window, or it leaves the window.
        following = values[at + 1 : at + 1 + WINDOW]
        least = min(following, default=smallest + 1)
        if least <= smallest:
            step = next(step for step, value in enumerate(following) if value <= smallest)
        elif len(following) == WINDOW:
            step = following.index(least)
        else:
            return found
        at += 1 + step
        smallest = values[at]
