"""Serves stored attachments from the WARC files: as downloads, never as pages of this site.

Files are not ours and may be hostile: a PDF may contain scripts, and a picture may turn out to be
HTML. A file is sent as a download without a specific type. The browser may neither guess a type
nor show it; if one did, the policy would put it into a sandbox without an origin.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from datasette.utils.asgi import NotFound, Response

from scraper.archive.capture_reader import CaptureReader
from scraper.archive.database import warc_folder
from scraper.archive.opening import real_path
from scraper.attachments.formats import FORMATS, file_name
from scraper.browse.archive_database import query
from scraper.browse.http_cache import cache_headers
from scraper.warc.record import WarcError

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request
    from sqlite_utils import Database

    from scraper.archive.versions import Row

ATTACHMENT_PATH = r"^/-/attachments/(?P<digest>[0-9a-f]{64})$"
NOT_HERE = "ไม่มีไฟล์นี้ · No such file in this archive"
NO_WARC = "ไม่มีสำเนาของไฟล์นี้ที่นี่ · The WARC file with the copy is not here"
LONGEST_NAME = 120  # characters
CAPTURE = """
    SELECT c.id, c.attachment_url, t.format FROM attachment_texts t
    JOIN captures c ON c.digest = t.digest AND c.attachment_url IS NOT NULL
    AND c.outcome = 'attachment' WHERE t.digest = ? ORDER BY c.id LIMIT 1
"""


class Download(NamedTuple):
    """A stored file and the name to save it by."""

    body: bytes
    name: str
    format: str


async def download(request: Request, datasette: Datasette) -> Response:
    """Serve ``/-/attachments/<digest>``: the bytes of a file, to be saved."""
    digest = request.url_vars["digest"]
    tag = f'"{digest}"'
    kept = {"etag": tag, **cache_headers(datasette)}
    if tag in request.headers.get("if-none-match", ""):
        return Response("", 304, kept)
    folder = warc_folder(real_path(Path(datasette.get_database().path)))
    file = await query(datasette, read_file, folder, digest)
    if not may_serve(datasette, file.format):
        raise NotFound(NOT_HERE)
    plain = f"{digest[:12]}.{file.format}"
    headers = {
        **kept,
        "content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''"
        f"{quote(file.name, safe='')}",
        "cross-origin-resource-policy": "same-origin",
    }
    return Response(file.body, headers=headers, content_type="application/octet-stream")


def read_file(db: Database, folder: Path, digest: str) -> Download:
    """Return a stored file from the WARC files in a folder.

    Raises:
        NotFound: the archive has no such file, or its WARC file is not there or damaged.
    """
    if "attachment_texts" not in db.table_names():
        raise NotFound(NOT_HERE)
    row = db.execute(CAPTURE, [digest]).fetchone()
    if row is None:
        raise NotFound(NOT_HERE)
    capture_id, address, name = row
    try:
        capture = CaptureReader(db, folder).load(capture_id)
    except WarcError as error:
        raise NotFound(NO_WARC) from error
    return Download(capture.body, saved_name(address, name), name)


def saved_name(address: str, suffix: str) -> str:
    """Return the name to save a file by: readable, without characters special to any system."""
    letters = (
        character
        for character in file_name(address)
        if not unicodedata.category(character).startswith("C") and character not in '\\/:*?"<>|'
    )
    name = "".join(letters).strip(". ")[:LONGEST_NAME] or "file"
    known = FORMATS[suffix].suffixes
    return name if name.lower().endswith(tuple(f".{end}" for end in known)) else f"{name}.{suffix}"


def may_serve(site: Datasette, name: str) -> bool:
    """Return whether files of a format may be served; pictures are not in public (copyright)."""
    return not site.plugin_config("thaigov")["public"] or FORMATS[name].kind != "image"


def copy_path(site: Datasette, digest: str, name: str, *, is_here: bool) -> str | None:
    """Return the URL path of the archived copy of a file, None if it is not served here.

    Args:
        site: the Datasette that serves the archive.
        digest: of the file.
        name: its format.
        is_here: from ``copies_are_here``.
    """
    if not (is_here and may_serve(site, name)):
        return None
    return str(site.urls.path(f"/-/attachments/{digest}"))


def copies_are_here(site: Datasette) -> bool:
    """Return whether the WARC files lie beside the archive; beside a snapshot they do not."""
    return any(warc_folder(real_path(Path(site.get_database().path))).glob("*.warc.gz*"))


def stored_files(site: Datasette, row: Row) -> dict[str, Row]:
    """Return what is stored of an article's attachments, by their URL.

    Args:
        site: the Datasette that serves the archive.
        row: of the article, from ``archive.article.article_details``.

    Returns:
        The rows with ``path``, from ``copy_path``.
    """
    files: list[Row] = row["stored_files"]
    is_here = bool(files) and copies_are_here(site)
    return {
        file["url"]: {
            **file,
            "path": copy_path(site, file["digest"], file["format"], is_here=is_here),
        }
        for file in files
    }
