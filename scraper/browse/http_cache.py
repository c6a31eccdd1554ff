"""HTTP caching: cache-control headers and ETags.

HTML pages have no ETag: a browser would combine a cached page, with its old nonce, with the content
security policy of the 304 response, which has a new one.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from datasette.utils.asgi import Response

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request

    from scraper.browse.security import App, Message, Receive, Send

# By path prefix. URLs of our files contain a version that changes with their content.
STATIC_CACHE_RULES = {
    "/-/thaigov/": b"public, max-age=31536000, immutable",
    "/-/static/": b"public, max-age=3600",
}


def cache_static_files(app: App) -> App:
    """Wrap an ASGI app to add cache-control headers to static files."""

    async def with_cache_control(scope: Message, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        rule = next(
            (STATIC_CACHE_RULES[begin] for begin in STATIC_CACHE_RULES if path.startswith(begin)),
            None,
        )

        async def send_with_rule(message: Message) -> None:
            if rule and message["type"] == "http.response.start" and message["status"] == 200:
                message = {**message, "headers": [*message["headers"], (b"cache-control", rule)]}
            await send(message)

        await app(scope, receive, send_with_rule)

    return with_cache_control


def cache_headers(site: Datasette) -> dict[str, str]:
    """Return a cache-control header with Datasette's default lifetime."""
    return {"cache-control": f"max-age={site.setting('default_cache_ttl')}"}


def weak_tag(content: str) -> str:
    """Return an ETag for content that may be sent compressed or not."""
    return f'W/"{sha256(content.encode()).hexdigest()[:32]}"'


def is_known(request: Request, tag: str) -> bool:
    """Return whether a client already has the content with an ETag."""
    return tag.removeprefix("W/") in request.headers.get("if-none-match", "")


def with_etag(site: Datasette, request: Request, response: Response) -> Response:
    """Add an ETag to a response; return a 304 if the client already has the same content."""
    tag = weak_tag(response.body)
    response.headers |= {"etag": tag, **cache_headers(site)}
    if is_known(request, tag):
        return Response("", 304, response.headers, response.content_type)
    return response
