"""Makes HTTP headers and field values that can be written into a WARC record and read back.

A header may hold anything: bytes outside ASCII in its name, line ends that would begin another
header. What a reader could not take back is percent-encoded.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from warcio.statusandheaders import StatusAndHeaders

if TYPE_CHECKING:
    from collections.abc import Iterable

_NO_TOKEN = re.compile(r"[^!#$%&'*+.^_`|~0-9A-Za-z-]")  # not allowed in a name (RFC 9110, 5.6.2)
_LINE_ENDS = re.compile(r"[\0-\x08\x0a-\x1f\x7f\x85\u2028\u2029]+")
_NO_ASCII = re.compile(r"[^\x20-\x7e\t]")


def field_value(text: str) -> str:
    """Return a text as the value of a field: printable ASCII in one line."""
    return _encoded(_NO_ASCII, text)


def values_of(headers: Iterable[tuple[str, str]], name: str) -> str:
    """Return the values of a header, joined as HTTP says (RFC 9110, 5.3); empty for none."""
    return ", ".join(value for given, value in headers if given.lower() == name.lower())


def status_line(status: int, headers: Iterable[tuple[str, str]]) -> StatusAndHeaders:
    """Return status and headers as warcio writes them.

    Names become tokens of ASCII and values one line each; values outside ASCII are left to warcio,
    which encodes them as RFC 8187 says. A header without a name is left out.
    """
    kept = [
        (_encoded(_NO_TOKEN, name), _LINE_ENDS.sub(" ", value)) for name, value in headers if name
    ]
    return StatusAndHeaders(str(status), kept, protocol="HTTP/1.1")


def _encoded(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda found: quote(found[0], safe="", errors="surrogatepass"), text)
