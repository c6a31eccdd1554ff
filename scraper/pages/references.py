"""Finds hashtags, URLs and links to other articles in a text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.sources import parse_address
from scraper.thai.text import WORD

if TYPE_CHECKING:
    from collections.abc import Iterable

# One tag or several joined ones; not inside a word, a URL (/#part) or an entity (&#39;).
_JOINED_TAGS = re.compile(rf"(?<![{WORD}/&=?%.:@-])#(?:[{WORD}]+#?)+")
_HASHTAG = re.compile(rf"#([{WORD}]+)")
_TAG_LINE = re.compile(r"[^\w#]*+(?:#[^\s#]++[\s,|]*+)+")
_URL_IN_TEXT = re.compile(r"https?://[^\s<>\"'“”‘’()\[\]]+")


def hashtags(lines: Iterable[str]) -> tuple[str, ...]:
    """Return the distinct hashtags of a text in order, without the ``#``.

    ``#ก#ข`` are two tags; ``#1`` is a number, not a tag, unless it is on a line of tags.

    >>> hashtags(["เปิดงานแล้ว #ไทย#30บาท ข้อ #2"])
    ('ไทย', '30บาท')
    >>> hashtags(["#ว่าว #1300"])
    ('ว่าว', '1300')
    """
    found: dict[str, None] = {}
    for line in lines:
        if "#" not in line:
            continue
        joined = _JOINED_TAGS.findall(line)
        tags = [tag for match in joined for tag in _HASHTAG.findall(match) if tag.strip("_")]
        words = [tag for tag in tags if not tag.isdecimal()]
        found.update(dict.fromkeys(tags if words and _TAG_LINE.fullmatch(line) else words))
    return tuple(found)


def urls(line: str) -> list[str]:
    """Return the URLs written in a line."""
    return _URL_IN_TEXT.findall(line) if "://" in line else []


def article_links(addresses: Iterable[str], own: str) -> tuple[str, ...]:
    """Return the distinct canonical URLs of articles among ``addresses``, in order.

    Args:
        addresses: absolute URLs of any kind.
        own: canonical URL of the referring article, which is left out.
    """
    found = (address.url for url in addresses if (address := parse_address(url)))
    return tuple(dict.fromkeys(url for url in found if url != own))
