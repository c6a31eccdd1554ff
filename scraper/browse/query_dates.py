"""Rejects invalid dates in the parameters of canned queries (status 400)."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from datasette.utils.asgi import Request

from scraper.browse.html_page import error_page
from scraper.browse.metadata import canned_queries
from scraper.thai.typed_dates import DayError, read_typed_date

if TYPE_CHECKING:
    from datasette.app import Datasette

    from scraper.browse.security import App, Message, Receive, Send

_DATE_PARAMETER = re.compile(r"\biso_(?:date|end)\(:(\w+)\)")
_QUERY = re.compile(r"/[^/]+/(\w+)(?:\.\w+)?")


@cache
def date_parameters() -> dict[str, frozenset[str]]:
    """Return the names of the date parameters of each canned query."""
    return {query.name: frozenset(_DATE_PARAMETER.findall(query.sql)) for query in canned_queries()}


def refuse_invalid_dates(app: App, site: Datasette) -> App:
    """Wrap an ASGI app to answer invalid dates with status 400."""

    async def checked(scope: Message, receive: Receive, send: Send) -> None:
        error = _date_error(Request(scope, receive)) if scope["type"] == "http" else None
        if error is None:
            await app(scope, receive, send)
        else:
            # Datasette does both in inner layers; the error page has no form to protect.
            await site.invoke_startup()
            scope.setdefault("csrftoken", str)
            response = await error_page(site, Request(scope, receive), error)
            await response.asgi_send(send)

    return checked


def _date_error(request: Request) -> DayError | None:
    """Return the error of the first invalid date parameter, or None."""
    match = _QUERY.fullmatch(request.path)
    for name in sorted(date_parameters().get(match[1], ())) if match else ():
        try:
            if typed := (request.args.get(name) or "").strip():
                read_typed_date(typed)
        except DayError as error:
            return error
    return None
