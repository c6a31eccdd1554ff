"""Values for the HTTP answers of a practice site."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

HTML, JSON, SCRIPT = (
    f"{kind}; charset=UTF-8" for kind in ("text/html", "application/json", "text/javascript")
)


class Answer(NamedTuple):
    """An HTTP answer, valid or deliberately broken.

    Attributes:
        body: the whole body, or chunks that are sent as they are produced, without a length; the
            connection is closed after them.
        headers: in order; a ``Content-Length`` among them replaces the correct one.
        changed_at: when the page last changed, if known.
        cut: whether the connection is reset after the body instead of closed normally.
        raw: whether only the body is sent, so it has to include status line and headers.
    """

    status: int
    body: bytes | Iterable[bytes]
    content_type: str = HTML
    headers: tuple[tuple[str, str], ...] = ()
    changed_at: datetime | None = None
    cut: bool = False
    raw: bool = False


def html_answer(page: str | bytes, changed_at: datetime | None = None) -> Answer:
    """Return an HTML page."""
    body = page.encode() if isinstance(page, str) else page
    return Answer(HTTPStatus.OK, body, changed_at=changed_at)


def json_answer(data: object, changed_at: datetime | None = None) -> Answer:
    """Return data as JSON."""
    body = json.dumps(data, ensure_ascii=False).encode()
    return Answer(HTTPStatus.OK, body, JSON, changed_at=changed_at)


def moved_answer(address: str) -> Answer:
    """Return a temporary redirect (307)."""
    return Answer(HTTPStatus.TEMPORARY_REDIRECT, b"", headers=(("Location", address),))
