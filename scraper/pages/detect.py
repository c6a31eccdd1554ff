"""What kind of answer a capture is: an article's page, a missing one, a challenge, something else.

Looks at the address, the status, the media type and the first 8 KiB only; it reads no article and
decides no outcome of a page that has the site's article block.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import cache
from http import HTTPStatus

from scraper.model import Capture, Origin
from scraper.reference import read_table

CHALLENGE_REACH = 8192  # characters at the head of a page
# A page with this block is the site's own, whatever scripts a proxy added to it.
_ARTICLE_BLOCK = "border-normal"
_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_REFUSED = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS})


class Form(Enum):
    """The form of a capture's bytes, which decides the parser together with the layout."""

    HTML = "html"
    TEXT = "text"
    OTHER = "other"


def form_of(capture: Capture) -> Form:
    """Return the form of a capture by its media type; without one it is held to be HTML."""
    media_type = capture.content_type.partition(";")[0].strip().lower()
    if capture.origin is Origin.CORPUS or media_type == "text/plain":
        return Form.TEXT
    if media_type in ("", "text/html", "application/xhtml+xml"):
        return Form.HTML
    return Form.OTHER


def is_gone(capture: Capture) -> bool:
    """Whether the server said that there is no such page (HTTP 404 or 410)."""
    return capture.status in _GONE


def block_reason(capture: Capture, text: str) -> str | None:
    """Return why a page is a refusal or a bot check in one sentence, or None where it is neither.

    A challenge may come with any status, 200 included. An article that mentions a firewall is
    none: the site's article block settles it.
    """
    if capture.status not in _REFUSED and _ARTICLE_BLOCK in text:
        return None
    service = challenge_service(text)
    if capture.status in _REFUSED:
        return f"expected a page, found HTTP {capture.status} from {service or 'the server'}"
    return f"expected a page, found the bot check or ban of {service}" if service else None


def challenge_service(text: str) -> str | None:
    """Return who a challenge or ban page comes from, by ``challenge_markers.csv``; None if none."""
    head = text[:CHALLENGE_REACH]
    return next((service for service, marker in _markers() if marker.search(head)), None)


@cache
def _markers() -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = read_table("challenge_markers.csv")
    return tuple((row["service"], re.compile(row["marker"], re.IGNORECASE)) for row in rows)
