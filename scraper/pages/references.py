"""What a text refers to by marks of its own: hashtags, addresses of other articles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.sources import parse_address
from scraper.thai.text import WORD

if TYPE_CHECKING:
    from collections.abc import Iterable

# One tag or several joined ones, not inside a word, an address (/#part) or an entity (&#39;).
_JOINED = re.compile(rf"(?<![{WORD}/&=?%.:@-])#(?:[{WORD}]+#?)+")
_TAG = re.compile(rf"#([{WORD}]+)")
_URL = re.compile(r"https?://[^\s<>\"'“”‘’()\[\]]+")


def hashtags(lines: Iterable[str]) -> tuple[str, ...]:
    """Return the hashtags of a text in order, once each, without the ``#``.

    ``#ก#ข`` are two; ``#1`` is a number and no tag.

    >>> hashtags(["เปิดงานแล้ว #ไทย#30บาท ข้อ #2"])
    ('ไทย', '30บาท')
    """
    joined = (match for line in lines if "#" in line for match in _JOINED.findall(line))
    tags = (tag for match in joined for tag in _TAG.findall(match))
    return tuple(dict.fromkeys(tag for tag in tags if not tag.isdecimal() and tag.strip("_")))


def urls(line: str) -> list[str]:
    """Return the addresses written in a line."""
    return _URL.findall(line) if "://" in line else []


def article_links(addresses: Iterable[str], own: str) -> tuple[str, ...]:
    """Return the canonical addresses of articles among ``addresses``, once each, in order.

    Args:
        addresses: absolute URLs of any kind, article addresses or others.
        own: canonical address of the article that refers to them, which is left out.
    """
    found = (address.url for url in addresses if (address := parse_address(url)))
    return tuple(dict.fromkeys(url for url in found if url != own))
