"""Encodes HTTP headers and field values so that they survive a WARC record.

A header may contain anything: non-ASCII bytes in its name, line ends that would begin another
header. Characters that would not read back are percent-encoded.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from warcio.statusandheaders import StatusAndHeaders

if TYPE_CHECKING:
    from collections.abc import Iterable

_NOT_TOKEN = re.compile(r"[^!#$%&'*+.^_`|~0-9A-Za-z-]")  # not allowed in a name (RFC 9110, 5.6.2)
_LINE_BREAKS = re.compile(r"[\0-\x08\x0a-\x1f\x7f\x85\u2028\u2029]+")
_NOT_ASCII = re.compile(r"[^\x20-\x7e\t]")


def field_value(text: str) -> str:
    """Return a text as a field value: one line of printable ASCII."""
    return _encoded(_NOT_ASCII, text)


def values_of(headers: Iterable[tuple[str, str]], name: str) -> str:
    """Return the values of a header joined by commas (RFC 9110, 5.3), empty if it is missing."""
    return ", ".join(value for given, value in headers if given.lower() == name.lower())


def status_line(status: int, headers: Iterable[tuple[str, str]]) -> StatusAndHeaders:
    """Return status and headers in warcio's form.

    Names become ASCII tokens and values one line each; warcio encodes non-ASCII values by RFC 8187.
    Headers without a name are dropped.
    """
    kept = [
        (_encoded(_NOT_TOKEN, name), _LINE_BREAKS.sub(" ", value))
        for name, value in headers
        if name
    ]
    return StatusAndHeaders(str(status), kept, protocol="HTTP/1.1")


def _encoded(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda found: quote(found[0], safe="", errors="surrogatepass"), text)
