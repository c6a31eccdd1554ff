"""What a practice site says to a request, in the terms of HTTP."""

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
    """An answer, right or wrong.

    Attributes:
        body: all of it, or pieces that are sent as they come. The length of pieces is not told;
            the connection is closed behind them.
        headers: in order; a ``Content-Length`` among them is sent in place of the right one.
        changed_at: since when the page says this, where that is known.
        cut: whether the connection is reset behind the body instead of closed in order.
        raw: whether the body is all that is sent, so that it has to hold the status line and the
            headers too.
    """

    status: int
    body: bytes | Iterable[bytes]
    content_type: str = HTML
    headers: tuple[tuple[str, str], ...] = ()
    changed_at: datetime | None = None
    cut: bool = False
    raw: bool = False


def html_answer(page: str | bytes, changed_at: datetime | None = None) -> Answer:
    """Return the answer that is a page."""
    body = page.encode() if isinstance(page, str) else page
    return Answer(HTTPStatus.OK, body, changed_at=changed_at)


def json_answer(data: object, changed_at: datetime | None = None) -> Answer:
    """Return the answer that is JSON."""
    body = json.dumps(data, ensure_ascii=False).encode()
    return Answer(HTTPStatus.OK, body, JSON, changed_at=changed_at)


def moved_answer(address: str) -> Answer:
    """Return the answer that sends to another address (307)."""
    return Answer(HTTPStatus.TEMPORARY_REDIRECT, b"", headers=(("Location", address),))
