"""Pages as HTTP responses, and what becomes of an exception: its status and message."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Base400, Forbidden, Response
from datasette.views.base import DatasetteError

from scraper.browse.archive_database import QueryTimeoutError
from scraper.browse.http_cache import cache_headers
from scraper.terminal import say
from scraper.thai.typed_dates import DayError

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request

TIMEOUT_MESSAGE = "คำค้นนี้ใช้เวลานานเกินไป ลองเจาะจงกว่านี้ · The search took too long; try a narrower one"


async def html_page(
    site: Datasette, request: Request, template: str, context: dict[str, Any], status: int = 200
) -> Response:
    """Return a page rendered from a template; browsers may cache it if it is no error."""
    body = await site.render_template(template, context, request=request)
    return Response.html(body, status=status, headers=cache_headers(site) if status == 200 else {})


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
        case QueryTimeoutError():
            return 503, TIMEOUT_MESSAGE
        case DayError():
            return 400, str(exception)
        case Base400():
            return exception.status, str(exception)
        case DatasetteError():
            return exception.status, exception.message
        case Forbidden():
            return 403, "ไม่เปิดให้ดู · Not open to you"
        case _:
            return 500, "เกิดข้อผิดพลาดในโปรแกรม · Internal error; see the server's log"
