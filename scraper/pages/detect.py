"""Classifies answers: a page of the site, a refusal, a challenge or something else.

Looks only at status, media type, headers, title and known markers of an article.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import cache
from http import HTTPStatus

from scraper.model import Capture, Headers, Origin
from scraper.pages.fields import has_site_title
from scraper.pages.news.markers import headline_in
from scraper.reference import read_table

CHALLENGE_REACH = 8192  # characters at the head of a page
# A page with this block or a date line is the site's, whatever scripts a proxy has added to it.
_ARTICLE_BLOCK = "border-normal"
_LABELLED_DATE = re.compile(r"วันที่\s*:\s*\d{1,2}/\d{1,2}/\d{4}")
_TITLE_ELEMENT = re.compile(r"<title\b[^<>]*>([^<]*)", re.IGNORECASE)
_REFUSED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS})


class Form(Enum):
    """The form of a capture's bytes. Form and layout select the parser."""

    HTML = "html"
    TEXT = "text"
    OTHER = "other"


def form_of(capture: Capture) -> Form:
    """Return the form of a capture by its media type; HTML if it has none."""
    media_type = capture.content_type.partition(";")[0].strip().lower()
    if capture.origin is Origin.CORPUS or media_type == "text/plain":
        return Form.TEXT
    if media_type in ("", "text/html", "application/xhtml+xml"):
        return Form.HTML
    return Form.OTHER


def block_reason(capture: Capture, text: str, headers: Headers = ()) -> str | None:
    """Explain in one sentence why a page is a refusal or a bot check; None if it is neither.

    A challenge may have any status, even 200. A page with a marker of an article is not a challenge
    because of its text (the article may quote one), only because of a header.

    Args:
        capture: the page.
        text: its decoded body.
        headers: of the answer, if known.
    """
    service = _service_by_header(capture.status, headers)
    if service is None and (capture.status in _REFUSED or not has_article_marker(text)):
        service = _service_by_marker(text)
    if capture.status in _REFUSED:
        return f"expected a page, found HTTP {capture.status} from {service or 'the server'}"
    return f"expected a page, found the bot check or ban of {service}" if service else None


def has_article_marker(text: str) -> bool:
    """Whether a page has an article block or a date line, as articles of the site have."""
    return _ARTICLE_BLOCK in text or bool(_LABELLED_DATE.search(text))


def page_title(text: str) -> str | None:
    """Return the content of the ``title`` element as written, None if the page has none."""
    match = _TITLE_ELEMENT.search(text)
    return match[1] if match else None


def is_site_page(text: str) -> bool:
    """Whether a page that came with HTTP 200 belongs to the site, in any layout.

    Its title begins as the site's titles do, or it has a marker of an article. Captive portals,
    parked domains and the maintenance pages of proxies have neither. Not meant for shells, which
    may have no title; check what a browser made of them.
    """
    title = page_title(text) or ""
    return has_site_title(title) or headline_in(title) is not None or has_article_marker(text)


def challenge_service(text: str, status: int | None = None, headers: Headers = ()) -> str | None:
    """Return the service that sent a challenge or ban (``challenge_*.csv``), else None."""
    return _service_by_header(status, headers) or _service_by_marker(text)


def _service_by_marker(text: str) -> str | None:
    head = text[:CHALLENGE_REACH]
    return next((service for service, marker in _markers() if marker.search(head)), None)


def _service_by_header(status: int | None, headers: Headers) -> str | None:
    given = [(name.lower(), value) for name, value in headers]
    for service, statuses, name, value in _header_markers():
        if (not statuses or status in statuses) and any(
            name == given_name and value.search(text) for given_name, text in given
        ):
            return service
    return None


@cache
def _markers() -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = read_table("challenge_markers.csv")
    return tuple((row["service"], re.compile(row["marker"], re.IGNORECASE)) for row in rows)


@cache
def _header_markers() -> tuple[tuple[str, frozenset[int], str, re.Pattern[str]], ...]:
    return tuple(
        (
            row["service"],
            frozenset(int(status) for status in row["status"].split("|") if status),
            row["header"],
            re.compile(row["value"], re.IGNORECASE),
        )
        for row in read_table("challenge_headers.csv")
    )
