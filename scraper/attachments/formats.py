"""The formats of attachments that are fetched, by suffix, media type and first bytes."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

_OFFICE = "application/vnd.openxmlformats-officedocument"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # container of Word and Excel files until 2007
ZIP = b"PK\x03\x04"
DIRECTORY_REACH = 1 << 16  # bytes at the end of a zip file whose names are looked at
HEADER_REACH = 1024  # bytes before %PDF that readers accept


@dataclass(frozen=True)
class FileFormat:
    """A format of files.

    Attributes:
        name: key of ``FORMATS``, and the suffix of a saved file.
        kind: of the attachment, ``document`` or ``image``.
        title: as messages say it.
        suffixes: of addresses, in lower case.
        media_types: by which servers declare it.
    """

    name: str
    kind: str
    title: str
    suffixes: tuple[str, ...]
    media_types: tuple[str, ...]


FORMATS = {
    found.name: found
    for found in (
        FileFormat("pdf", "document", "a PDF file", ("pdf",), ("application/pdf",)),
        FileFormat(
            "docx", "document", "a Word file", ("docx",), (f"{_OFFICE}.wordprocessingml.document",)
        ),
        FileFormat(
            "xlsx", "document", "an Excel file", ("xlsx",), (f"{_OFFICE}.spreadsheetml.sheet",)
        ),
        FileFormat("doc", "document", "an old Word file", ("doc",), ("application/msword",)),
        FileFormat("xls", "document", "an old Excel file", ("xls",), ("application/vnd.ms-excel",)),
        FileFormat("jpg", "image", "a JPEG picture", ("jpg", "jpeg"), ("image/jpeg",)),
        FileFormat("png", "image", "a PNG picture", ("png",), ("image/png",)),
        FileFormat("gif", "image", "a GIF picture", ("gif",), ("image/gif",)),
        FileFormat("webp", "image", "a WebP picture", ("webp",), ("image/webp",)),
    )
}
"""The formats that are fetched. A picture that can contain scripts (SVG) is none."""

# Servers name these for any file; a page or text may be an error message.
VAGUE_TYPES = frozenset(
    {"", "application/octet-stream", "application/download", "application/force-download",
     "application/x-download", "binary/octet-stream", "application/zip", "text/html",
     "application/xhtml+xml", "text/plain"}
)  # fmt: skip
_SIGNATURES = ((b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"GIF8", "gif"))
_OLE_STREAMS = (("WordDocument", "doc"), ("Workbook", "xls"), ("Book", "xls"))


def format_named(address: str) -> FileFormat | None:
    """Return the format that the suffix of an address names, None for any other suffix."""
    name = address.partition("?")[0].rpartition("/")[2]
    suffix = name.rpartition(".")[2].strip().lower() if "." in name else None
    return next((known for known in FORMATS.values() if suffix in known.suffixes), None)


def media_type_of(content_type: str) -> str:
    """Return the media type of a Content-Type, in lower case and without parameters."""
    return content_type.partition(";")[0].strip().lower()


def may_be_file(content_type: str) -> bool:
    """Return whether an answer with this Content-Type may be an attachment, or an error."""
    declared = media_type_of(content_type)
    return declared in VAGUE_TYPES or any(
        declared in known.media_types for known in FORMATS.values()
    )


def format_of(body: bytes) -> FileFormat | None:
    """Return the format of a file, judged by its bytes alone; None if it is none of ``FORMATS``."""
    name = _name_of(body)
    return FORMATS[name] if name else None


def is_locked_office(body: bytes) -> bool:
    """Return whether a file is a Word or Excel file that needs a password.

    Such a file is a container whose parts say so, whatever its suffix.
    """
    return body.startswith(OLE) and _utf16("EncryptedPackage") in body


def file_name(address: str) -> str:
    """Return the readable name of a file, given its address."""
    try:
        path = urlsplit(address.replace("#", "%23")).path
    except ValueError:  # such as http://[
        path = address
    return unquote(path).rpartition("/")[2].strip() or "file"


def _name_of(body: bytes) -> str | None:
    if b"%PDF-" in body[:HEADER_REACH]:
        return "pdf"
    if body.startswith(ZIP):
        # The directory at the end names the parts; in a cut file, only the first parts are known.
        seen = body[:DIRECTORY_REACH] + body[-DIRECTORY_REACH:]
        parts = ((b"word/", "docx"), (b"xl/", "xlsx"))
        return next((name for part, name in parts if part in seen), None)
    if body.startswith(OLE):
        named = (name for stream, name in _OLE_STREAMS if _utf16(stream) in body)
        return next(named, "docx" if is_locked_office(body) else None)
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "webp"
    return next((name for signature, name in _SIGNATURES if body.startswith(signature)), None)


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")
