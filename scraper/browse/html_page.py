"""Renders our templates, with one line for what goes wrong in a question."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Response

from scraper.browse.archive_database import QueryTimeoutError
from scraper.browse.http_cache import cache_headers
from scraper.search.query import QueryError
from scraper.thai.typed_dates import DayError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from datasette.app import Datasette
    from datasette.utils.asgi import Request

QUESTION_ERRORS = (QueryError, DayError, QueryTimeoutError)
"""What a page explains to its reader, with ``problem_of``."""

TOO_SLOW = (
    "คำถามนี้ใช้เวลานานเกินไป ลองเจาะจงกว่านี้ เช่น ช่วงเวลาที่สั้นลง · "
    "The question took too long; try a narrower one, such as a shorter period"
)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


async def html_page(
    site: Datasette, request: Request, template: str, context: dict[str, Any], status: int = 200
) -> Response:
    """Return a page; only one with status 200 may be cached."""
    body = await site.render_template(template, context, request=request)
    return Response.html(body, status=status, headers=cache_headers(site) if status == 200 else {})


def problem_of(error: Exception) -> tuple[str, int]:
    """Return what one of ``QUESTION_ERRORS`` tells the reader, and the status of the page."""
    if isinstance(error, QueryTimeoutError):
        return TOO_SLOW, 503
    return str(error), 400


def csv_file(name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    """Return a table as a CSV file.

    Texts are untrusted: a cell that a spreadsheet would take for a formula gets an apostrophe.
    Spreadsheets recognize UTF-8 by the byte order mark.
    """
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(columns)
    writer.writerows([_unformula(value) for value in row] for row in rows)
    headers = {"content-disposition": f'attachment; filename="{name}.csv"'}
    return Response("\ufeff" + sheet.getvalue(), headers=headers, content_type="text/csv")


def _unformula(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value
