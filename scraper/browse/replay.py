"""Replays a captured page unchanged, in a sandbox that runs nothing and loads nothing.

The bytes come from the WARC file and are not changed. The page may be hostile, so it gets an origin
of its own without rights, and a policy that allows nothing: no scripts, styles, images, forms,
frames or plugins. A click on one of its links leads nowhere, since only our own pages may be shown
in the frame.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from datasette.utils import tilde_decode
from datasette.utils.asgi import NotFound, Response

from scraper.archive.capture_reader import CaptureReader
from scraper.archive.opening import warc_folder
from scraper.browse.archive_database import query
from scraper.browse.html_page import html_page
from scraper.browse.security import SANDBOX
from scraper.warc.record import WarcError

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request
    from sqlite_utils import Database

    from scraper.archive.versions import Row

HTML_TYPES = ("text/html", "application/xhtml+xml")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?(?P<charset>[\w.:-]{1,40})", re.IGNORECASE)
_CAPTURE = """
    SELECT c.*, a.id AS article_id, a.title FROM captures c
    LEFT JOIN articles a ON a.url = c.article_url WHERE c.id = ?
"""
NO_PAGE = "ไม่มีหน้าเว็บนี้ในแฟ้มสำเนา · This page is not in the WARC files beside this archive"


class ArchivedPage(NamedTuple):
    """The bytes of a captured page, and the content type to serve them with."""

    body: bytes
    content_type: str


def is_replayable(capture: Row, folder: Path) -> bool:
    """Return whether a capture is of an HTML page whose WARC file is in a folder."""
    kind = capture["content_type"].partition(";")[0].strip().lower()
    return kind in HTML_TYPES and any(
        (folder / f"{capture['warc_file']}{suffix}").is_file() for suffix in ("", ".open")
    )


def read_archived_page(db: Database, capture_id: int, folder: Path) -> ArchivedPage | None:
    """Return a captured HTML page; None if there is none, or its record cannot be read."""
    try:
        capture = CaptureReader(db, folder).load(capture_id)
    except WarcError:
        return None
    kind = capture.content_type.partition(";")[0].strip().lower()
    if kind not in HTML_TYPES:
        return None
    charset = _CHARSET.search(capture.content_type)
    given = f"; charset={charset['charset']}" if charset else ""
    return ArchivedPage(capture.body, f"{kind}{given}")


def find_capture(db: Database, capture_id: int) -> Row | None:
    """Return the row of a capture, with ``article_id`` and ``title`` of its article."""
    return next(db.query(_CAPTURE, [capture_id]), None)


async def framed_page(request: Request, datasette: Datasette) -> Response:
    """Serve the page around a captured page: what it is, and a frame with it."""
    capture = await query(datasette, find_capture, _capture_id(request, datasette))
    if capture is None or not is_replayable(capture, _folder(datasette)):
        raise NotFound(NO_PAGE)
    return await html_page(datasette, request, "replay.html", {"capture": capture})


async def raw(request: Request, datasette: Datasette) -> Response:
    """Serve a captured page itself, with the policy ``SANDBOX``."""
    found = await query(
        datasette, read_archived_page, _capture_id(request, datasette), _folder(datasette)
    )
    if found is None:
        raise NotFound(NO_PAGE)
    headers = {"content-security-policy": SANDBOX, "x-dns-prefetch-control": "off"}
    return Response(found.body, headers=headers, content_type=found.content_type)


def _capture_id(request: Request, site: Datasette) -> int:
    parts: dict[str, str] = request.url_vars
    if tilde_decode(parts["database"]) != site.get_database().route:
        raise NotFound("Database not found")
    return int(parts["id"])


def _folder(site: Datasette) -> Path:
    return warc_folder(Path(site.get_database().path))


ROUTES = [
    (r"^/(?P<database>[^/.]+)/captures/(?P<id>\d{1,18})/page$", framed_page),
    (r"^/(?P<database>[^/.]+)/captures/(?P<id>\d{1,18})/raw$", raw),
]
