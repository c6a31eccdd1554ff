"""Whose page a web archive has answered with: the page that was asked for, or another one.

Archives lead to the copy that is nearest in time, and a copy may itself be a redirect: to the home
page, to another article. What comes then is no copy of the page that was asked for.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper.sources import parse_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.http import Response

    from scraper.model import Capture
    from scraper.sources.indexes import Copy

# A replay address: a time, how the page is to be given (``id_``: as it came), whose page it is.
REPLAY = re.compile(r"/web/(?P<time>[0-9]{1,14})(?P<mode>[a-z]{2}_)?/(?P<original>\S+)")
# A link of a Link header (RFC 8288), whose address may hold commas and semicolons.
_PARAMETER = r'\s*;\s*([^\s=;,<>"]+)(?:\s*=\s*("(?:[^"\\]|\\.)*"|[^\s",;]*))?'
_PARAMETERS = re.compile(_PARAMETER, re.DOTALL)
_LINK = re.compile(rf"<(?P<url>[^<>]*)>(?P<parameters>(?:{_PARAMETER})*)", re.DOTALL)


def originals(response: Response) -> list[str]:
    """Return the addresses that an answer says it is a copy of, or leads to one of.

    That is ``Link: <…>; rel="original"`` (RFC 7089), however many headers there are, the replay
    address that answered, and the replay address that a redirect names.
    """
    values = [value.decode("utf-8", "replace") for value in response.headers.getlist("Link")]
    found = [url for value in values for url in _links(value, "original")]
    places = [response.url]
    if HTTPStatus.MULTIPLE_CHOICES <= response.status < HTTPStatus.BAD_REQUEST:
        location = (response.headers.get("Location") or b"").decode("utf-8", "replace")
        places.append(_joined(response, location))
    replays = filter(None, map(_replay, places))
    return [*found, *(replay["original"] for replay in replays)]


def is_another_page(response: Response, copy: Copy) -> bool:
    """Say whether an answer is, or leads to, a copy of another page than the one asked for.

    Scheme, ``www.``, a slash at the end, escapes and the like make no difference.
    """
    return any(_article(url) != copy.article for url in originals(response))


def is_raw(response: Response) -> bool:
    """Say whether an answer is the page as it came, without the archive's own additions."""
    replay = _replay(response.url)
    return replay is None or replay["mode"] == "id_"


def is_followed(response: Response, copy: Copy | None) -> bool:
    """Say whether an archive's redirect leads to a copy of the same page in the same archive."""
    target = _joined(response, (response.headers.get("Location") or b"").decode("utf-8", "replace"))
    replay = _replay(target)
    if replay is None or copy is None:
        return False
    is_here = urlsplit(target).hostname == urlsplit(response.url).hostname
    return is_here and _article(replay["original"]) == copy.article


def is_of_copy(capture: Capture, copy: Copy) -> bool:
    """Say whether a capture is of the page whose copy was asked for."""
    return _article(capture.url) == copy.article


def _article(url: str) -> str | None:
    address = parse_address(url)
    return None if address is None else address.url


def _replay(url: str) -> re.Match[str] | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return REPLAY.match(parts.path + (f"?{parts.query}" if parts.query else ""))


def _joined(response: Response, location: str) -> str:
    try:
        return response.urljoin(location.strip())
    except ValueError:
        return ""


def _links(header: str, relation: str) -> Iterator[str]:
    for link in _LINK.finditer(header):
        for name, value in _PARAMETERS.findall(link["parameters"]):
            if name.lower() == "rel" and relation in value.strip('"').lower().split():
                yield link["url"].strip()
