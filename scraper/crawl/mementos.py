"""Decides whether a web archive answered with the requested page or with another one.

Archives redirect to the copy that is nearest in time, and a copy may itself be a redirect to the
home page or to another article. The final response is then not a copy of the requested page.
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

# A replay URL: time, mode (``id_``: the raw page), URL of the page.
REPLAY = re.compile(r"/web/(?P<time>[0-9]{1,14})(?P<mode>[a-z]{2}_)?/(?P<original>\S+)")
# A link of a Link header (RFC 8288); its URL may contain commas and semicolons.
_PARAMETER = r'\s*;\s*([^\s=;,<>"]+)(?:\s*=\s*("(?:[^"\\]|\\.)*"|[^\s",;]*))?'
_PARAMETERS = re.compile(_PARAMETER, re.DOTALL)
_LINK = re.compile(rf"<(?P<url>[^<>]*)>(?P<parameters>(?:{_PARAMETER})*)", re.DOTALL)


def canonical_url(url: str) -> str | None:
    """Return the canonical URL of an article's address, None if it is not an article's."""
    address = parse_address(url)
    return None if address is None else address.url


def original_urls(response: Response) -> list[str]:
    """Return the URLs of which a response claims to be, or redirects to, a copy.

    They come from all ``Link: <…>; rel="original"`` headers (RFC 7089), from the replay URL of the
    response, and from the replay URL that it redirects to.
    """
    values = [value.decode("utf-8", "replace") for value in response.headers.getlist("Link")]
    found = [url for value in values for url in _links(value, "original")]
    urls = [response.url]
    if HTTPStatus.MULTIPLE_CHOICES <= response.status < HTTPStatus.BAD_REQUEST:
        urls.append(_redirect_target(response))
    replays = filter(None, map(_replay, urls))
    return [*found, *(replay["original"] for replay in replays)]


def is_another_page(response: Response, copy: Copy) -> bool:
    """Return whether a response is, or redirects to, a copy of another page than the requested one.

    URLs are compared in canonical form: scheme, ``www.``, a final slash, escapes do not matter.
    """
    return any(canonical_url(url) != copy.article for url in original_urls(response))


def is_raw(response: Response) -> bool:
    """Return whether a response is the raw page, without additions of the archive."""
    replay = _replay(response.url)
    return replay is None or replay["mode"] == "id_"


def leads_to_same_page(response: Response, copy: Copy | None) -> bool:
    """Return whether an archive redirects to a copy of the same page on the same host."""
    target = _redirect_target(response)
    replay = _replay(target)
    if replay is None or copy is None:
        return False
    same_host = urlsplit(target).hostname == urlsplit(response.url).hostname
    return same_host and canonical_url(replay["original"]) == copy.article


def is_of_copy(capture: Capture, copy: Copy) -> bool:
    """Return whether a capture is of the page whose copy was requested."""
    return canonical_url(capture.url) == copy.article


def _replay(url: str) -> re.Match[str] | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return REPLAY.match(parts.path + (f"?{parts.query}" if parts.query else ""))


def _redirect_target(response: Response) -> str:
    location = (response.headers.get("Location") or b"").decode("utf-8", "replace")
    try:
        return response.urljoin(location.strip())
    except ValueError:
        return ""


def _links(header: str, relation: str) -> Iterator[str]:
    for link in _LINK.finditer(header):
        for name, value in _PARAMETERS.findall(link["parameters"]):
            if name.lower() == "rel" and relation in value.strip('"').lower().split():
                yield link["url"].strip()
