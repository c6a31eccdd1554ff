"""What kind of answer a capture is: a page of the site, a refusal, a challenge, something else.

Looks at the status, the media type, the title and the anchors only; it reads no article and decides
no outcome of a page that has an anchor of one.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import cache
from http import HTTPStatus

from scraper.model import Capture, Origin
from scraper.pages.fields import has_site_title
from scraper.pages.news.markers import headline_in
from scraper.reference import read_table

Headers = tuple[tuple[str, str], ...]  # names and values of HTTP headers, in order

CHALLENGE_REACH = 8192  # characters at the head of a page
# A page with this block or a date line is the site's own, whatever scripts a proxy added to it.
_ARTICLE_BLOCK = "border-normal"
_DATE_LINE = re.compile(r"วันที่\s*:\s*\d{1,2}/\d{1,2}/\d{4}")
_TITLE = re.compile(r"<title\b[^<>]*>([^<]*)", re.IGNORECASE)
_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_REFUSED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS})


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


def block_reason(capture: Capture, text: str, headers: Headers = ()) -> str | None:
    """Return why a page is a refusal or a bot check in one sentence, or None where it is neither.

    A challenge may come with any status, 200 included. An article that mentions a firewall is
    none: an anchor of the site settles it, unless a header says otherwise.

    Args:
        capture: the page.
        text: of it, decoded.
        headers: of its answer, where they are known.
    """
    service = _service_by_header(capture.status, headers)
    if service is None and (capture.status in _REFUSED or not has_anchor(text)):
        service = _service_by_marker(text)
    if capture.status in _REFUSED:
        return f"expected a page, found HTTP {capture.status} from {service or 'the server'}"
    return f"expected a page, found the bot check or ban of {service}" if service else None


def has_anchor(text: str) -> bool:
    """Whether a page has the block or the date line in which the site shows an article."""
    return _ARTICLE_BLOCK in text or bool(_DATE_LINE.search(text))


def is_of_site(text: str) -> bool:
    """Whether a page that came with HTTP 200 is the site's at all, of whichever layout.

    Its title begins as the site's titles do, or it has an anchor of an article. A captive portal, a
    parked domain, the maintenance page of a proxy have neither. Ask it of what a browser made of a
    shell, not of the shell: that may come without a title.
    """
    match = _TITLE.search(text)
    title = match[1] if match else ""
    return has_site_title(title) or headline_in(title) is not None or has_anchor(text)


def challenge_service(text: str, status: int | None = None, headers: Headers = ()) -> str | None:
    """Return who a challenge or ban comes from, by ``challenge_*.csv``; None if it is none."""
    return _service_by_header(status, headers) or _service_by_marker(text)


def _service_by_marker(text: str) -> str | None:
    head = text[:CHALLENGE_REACH]
    return next((service for service, marker in _markers() if marker.search(head)), None)


def _service_by_header(status: int | None, headers: Headers) -> str | None:
    given = [(name.lower(), value) for name, value in headers]
    for service, statuses, name, value in _header_marks():
        if (not statuses or status in statuses) and any(
            name == known and value.search(text) for known, text in given
        ):
            return service
    return None


@cache
def _markers() -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = read_table("challenge_markers.csv")
    return tuple((row["service"], re.compile(row["marker"], re.IGNORECASE)) for row in rows)


@cache
def _header_marks() -> tuple[tuple[str, frozenset[int], str, re.Pattern[str]], ...]:
    return tuple(
        (
            row["service"],
            frozenset(int(status) for status in row["status"].split("|") if status),
            row["header"],
            re.compile(row["value"], re.IGNORECASE),
        )
        for row in read_table("challenge_headers.csv")
    )
