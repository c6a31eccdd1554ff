"""Bounds the memory of a busy site: how many answers are made at once, how many bytes wait.

Python uses one core whatever happens, so more answers at once do not finish sooner but are all in
memory. Requests beyond the bounds wait, and after a while are refused because the site is busy.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from datasette.utils.asgi import Response

from scraper.browse.sheets import CutShortError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from scraper.browse.security import App, Message, Receive, Send

ANSWERS = 4  # made at once
DOWNLOADS = 4  # sent at once, while they are read
WAITING_BYTES = 64 * 2**20  # of finished answers that clients have not taken yet
WAIT_SECONDS = 30  # for a turn
SEND_SECONDS = 300  # a client may take for one piece
NOT_BOUND = ("/-/healthz", "/-/static", "/-/thaigov/", "/robots.txt")
BUSY = "ขณะนี้มีผู้ใช้มาก โปรดลองใหม่ในอีกสักครู่ · The site is busy; try again in a few seconds"


class Room:
    """A budget of bytes for finished answers that wait to be sent."""

    def __init__(self, size: int) -> None:
        self._size = self._free = size
        self._changed = asyncio.Condition()

    @asynccontextmanager
    async def taken(self, size: int) -> AsyncIterator[None]:
        """Wait until there is room for an answer, and keep it while a block runs."""
        size = min(size, self._size)
        async with self._changed:
            await self._changed.wait_for(lambda: self._free >= size)
            self._free -= size
        try:
            yield
        finally:
            async with self._changed:
                self._free += size
                self._changed.notify_all()


class _Turn:
    """One answer: keeps its slot until it is made, or, for a download, until it is sent."""

    def __init__(self, turns: asyncio.Semaphore, room: Room, send: Send) -> None:
        self._turns, self._room, self._send = turns, room, send
        self._begun = self._over = False

    def end(self) -> None:
        if not self._over:
            self._over = True
            self._turns.release()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if self._begun:  # the page of an error, after half an answer
                raise CutShortError("a response was cut off; its error is above")
            self._begun = True
        async with asyncio.timeout(SEND_SECONDS), self._room.taken(len(message.get("body", b""))):
            if message["type"] == "http.response.body" and not message.get("more_body"):
                self.end()
            await self._send(message)


def with_bounds(app: App) -> App:
    """Wrap an ASGI app to bound the answers it makes at once."""
    answers, downloads = asyncio.Semaphore(ANSWERS), asyncio.Semaphore(DOWNLOADS)
    room = Room(WAITING_BYTES)

    async def bounded(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(NOT_BOUND):
            await app(scope, receive, send)
            return
        turns = downloads if _is_download(scope) else answers
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await turns.acquire()
        except TimeoutError:
            await Response.text(BUSY, 503, {"retry-after": "5"}).asgi_send(send)
            return
        turn = _Turn(turns, room, send)
        try:
            await app(scope, receive, turn.send)
        finally:
            turn.end()

    return bounded


def _is_download(scope: Message) -> bool:
    return scope["path"].endswith(".csv") or b"size=all" in scope["query_string"]
