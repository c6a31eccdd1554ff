"""Renders our templates, error pages included, and tables as CSV."""

from __future__ import annotations

import csv
import io
import traceback
from json import JSONDecodeError
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from datasette.database import QueryInterrupted
from datasette.utils.asgi import Base400, Forbidden, Response
from datasette.views.base import DatasetteError

from scraper.browse.http_cache import cache_headers
from scraper.browse.row_bounds import AnswerTooLargeError
from scraper.browse.time_limit import QueryTimeoutError
from scraper.search.query import QueryError
from scraper.terminal import say
from scraper.thai.typed_dates import DayError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from datasette.app import Datasette
    from datasette.utils.asgi import Request
    from jinja2 import Environment

QUESTION_ERRORS = (QueryError, DayError, QueryTimeoutError)
"""What a page explains to its reader, with ``problem_of``."""

TOO_SLOW = (
    "คำถามนี้ใช้เวลานานเกินไป จึงหยุดไว้ก่อน ลองเจาะจงกว่านี้ เช่น ช่วงเวลาที่สั้นลง · "
    "The question took too long and was stopped; try a narrower one, such as a shorter period"
)
environments: WeakKeyDictionary[Datasette, Environment] = WeakKeyDictionary()
"""That of our pages, by site."""


async def html_page(
    site: Datasette, request: Request, template: str, context: dict[str, Any], status: int = 200
) -> Response:
    """Return a page rendered from a template; browsers may cache it if it is no error.

    ``own_query`` in the context is the query string of its canonical URL.
    """
    if status == 200:
        path = site.urls.path(request.path + str(context.get("own_query", "")))
        context = {**context, "canonical": site.absolute_url(request, path)}
    page = environments[site].get_template(template)
    body = await site.render_template(page, context, request=request)
    return Response.html(body, status=status, headers=cache_headers(site) if status == 200 else {})


def problem_of(error: Exception) -> tuple[str, int]:
    """Return the message and the HTTP status for one of ``QUESTION_ERRORS``."""
    if isinstance(error, QueryTimeoutError):
        return TOO_SLOW, 503
    return str(error), 400


def csv_file(name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """Return a table as a CSV file, which ``sheets`` makes safe for spreadsheets."""
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(columns)
    writer.writerows(rows)
    headers = {"content-disposition": f'attachment; filename="{name}.csv"'}
    return Response(sheet.getvalue(), headers=headers, content_type="text/csv; charset=utf-8")


async def error_page(datasette: Datasette, request: Request, exception: Exception) -> Response:
    """Return an error page, or JSON if that was requested."""
    status, message = _status_and_message(exception)
    if status == 500:
        say("".join(traceback.format_exception(exception)), err=True, end="")
    if request.path.endswith(".json"):
        return Response.json({"ok": False, "error": message, "status": status}, status=status)
    context = {"status": status, "message": message}
    return await html_page(datasette, request, "error.html", context, status)


def _status_and_message(exception: Exception) -> tuple[int, str]:
    """Return the HTTP status of an error and a message without internal details."""
    match exception:
        # Of a query that took too long, Datasette's message is HTML with its source.
        case QueryTimeoutError() | QueryInterrupted() | DatasetteError(message_is_html=True):
            answer = 503, TOO_SLOW
        case AnswerTooLargeError():
            answer = 413, str(exception)
        case DayError():
            answer = 400, str(exception)
        case Base400():
            answer = exception.status, str(exception)
        case DatasetteError():  # it is about the request, such as an unknown column to sort by
            answer = 400 if exception.status == 500 else exception.status, exception.message
        case JSONDecodeError():  # of ``_through``
            answer = 400, f"ค่าไม่ใช่ JSON · A value is not JSON ({exception})"
        case Forbidden():
            answer = 403, "ไม่เปิดให้ดู · Not open to you"
        case _:
            answer = 500, "เกิดข้อผิดพลาดในโปรแกรม · Internal error; see the server's log"
    return answer
