"""Makes every CSV file of the site safe for spreadsheets, with a byte order mark on request.

Datasette writes the CSV of tables and queries row by row, and an error into the middle of the file;
our own files pass through here too. If a file does not end with a whole row, the connection is
broken off, so that no client takes the file for complete.
"""

from __future__ import annotations

import codecs
import re
from contextvars import ContextVar
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from scraper.export.cells import FORMULA_STARTS, defused

if TYPE_CHECKING:
    from scraper.browse.security import App, Message, Receive, Send

BOM_PARAMETER = "_bom"  # 1 for a byte order mark, by which Excel recognizes UTF-8
PIECE = 64 * 1024  # characters that are sent at once
_NO = {"", "0", "off", "false", "no"}
_CELL = re.compile(r'("(?:[^"]++|"")*+"|[^,\r\n"]*+)(,|\r?\n)')
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?", re.IGNORECASE)

whole_answer: ContextVar[bool] = ContextVar("whole_answer", default=False)
"""Whether the current request is for a file, which has all rows of a query."""


class CutShortError(Exception):
    """An answer broke off after its beginning had been sent."""


class Sheet:
    """Makes a CSV file safe, piece by piece."""

    def __init__(self, *, bom: bool) -> None:
        self._rest = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._begin = codecs.BOM_UTF8 if bom else b""

    def safe(self, piece: bytes, *, is_last: bool) -> bytes:
        """Return the complete rows received so far, once there are many or the file ends.

        Raises:
            CutShortError: the file does not end with a row.
        """
        self._rest += self._decoder.decode(piece, is_last)
        if not is_last and len(self._rest) < PIECE:
            return b""
        end = _end_of_rows(self._rest)
        rows, self._rest = self._rest[:end], self._rest[end:]
        if is_last and self._rest:
            raise CutShortError(f"a CSV file was cut off: {self._rest[:200]}")
        begin, self._begin = self._begin, b""
        return begin + _CELL.sub(_safe_cell, rows).encode()


def _end_of_rows(text: str) -> int:
    """Return where the last complete row ends, ignoring line ends inside quotation marks."""
    end = text.rfind("\n")
    while end >= 0 and text.count('"', 0, end) % 2:
        end = text.rfind("\n", 0, end)
    return end + 1


def _safe_cell(match: re.Match[str]) -> str:
    cell, end = match.groups()
    quote = cell[:1] if cell.startswith('"') else ""
    text = cell[len(quote) :]
    if not text.startswith(FORMULA_STARTS) or _NUMBER.fullmatch(text):
        return match[0]
    return f"{quote}{defused(text)}{end}"


def with_safe_sheets(app: App) -> App:
    """Wrap an ASGI app to make its CSV files safe and complete."""

    async def safe(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].endswith(".csv"):
            await app(scope, receive, send)
            return
        token = whole_answer.set(True)
        given = parse_qs(scope["query_string"].decode("latin-1")).get(BOM_PARAMETER, [""])
        sheet = Sheet(bom=given[0].lower() not in _NO)
        is_sheet = False

        async def send_safe(message: Message) -> None:
            nonlocal is_sheet
            if message["type"] == "http.response.start":
                kinds = (value for name, value in message["headers"] if name == b"content-type")
                is_sheet = message["status"] == 200 and next(kinds, b"").startswith(
                    (b"text/csv", b"text/plain")
                )
            elif is_sheet:
                is_last = not message.get("more_body")
                message = {**message, "body": sheet.safe(message["body"], is_last=is_last)}
                if not (is_last or message["body"]):
                    return
            await send(message)

        try:
            await app(scope, receive, send_safe)
        finally:  # a client in this process asks several times in one context
            whole_answer.reset(token)

    return safe
