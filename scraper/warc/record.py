"""A parsed WARC record, and the extension fields that this program writes into its own."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from scraper.errors import ReportedError

if TYPE_CHECKING:
    from warcio.statusandheaders import StatusAndHeaders

# Any reader may ignore extension fields. They are needed to restore an archive from its WARC files.
ORIGIN_FIELD = "X-Thaigov-Origin"
SOURCE_FIELD = "X-Thaigov-Source"
CUT_FIELD = "X-Thaigov-Cut"  # why bytes are missing; WARC-Truncated only says that they are
SCOPE_FIELD = "X-Thaigov-Scope"  # of runs that did not keep every article
ATTACHMENT_FIELD = "X-Thaigov-Attachment"  # address of the file, percent-encoded
DIGEST_PREFIX = "sha256:"


class WarcError(ReportedError):
    """A WARC file or record cannot be read; the message names the file and the offset."""


class Record(NamedTuple):
    """A record of a WARC file, or of an ARC file with its fields named as in a WARC.

    Attributes:
        offset: where the record begins in the file, or the gzip member that contains it.
        kind: ``WARC-Type``: ``warcinfo``, ``response``, ``resource``, ``revisit`` and so on.
        fields: the record's own header.
        http: status line and headers, of HTTP records only.
        content: the bytes after both headers; None if the record was too large to be kept.
    """

    offset: int
    kind: str
    fields: StatusAndHeaders
    http: StatusAndHeaders | None
    content: bytes | None


def digest_of(payload: bytes) -> str:
    """Return the SHA-256 of a payload in hexadecimal, the ``digest`` of a capture."""
    return sha256(payload).hexdigest()
