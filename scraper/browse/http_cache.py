"""What browsers, readers of feeds and proxies may keep, and for how long.

Pages have no tag to ask again by: their scripts carry a nonce, which a browser that was told that
nothing changed would compare with that of the new answer.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from datasette.utils.asgi import Response

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request

    from scraper.browse.security import App, Message, Receive, Send

# Files, by the beginning of their address. Ours has a version behind it, which changes with them.
STATIC_CACHE_RULES = {
    "/-/thaigov/": b"public, max-age=31536000, immutable",
    "/-/static/": b"public, max-age=3600",
}


def cache_static_files(app: App) -> App:
    """Return an ASGI app that answers as another does, and says how long its files may be kept."""

    async def kept(scope: Message, receive: Receive, send: Send) -> None:
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

    return kept


def cache_headers(site: Datasette) -> dict[str, str]:
    """Return the header by which an answer may be kept as long as Datasette's own."""
    return {"cache-control": f"max-age={site.setting('default_cache_ttl')}"}


def with_etag(site: Datasette, request: Request, response: Response) -> Response:
    """Return an answer with a tag, without a body where the other side has the same already."""
    tag = f'"{sha256(response.body.encode()).hexdigest()[:32]}"'
    response.headers |= {"etag": tag, **cache_headers(site)}
    if tag in request.headers.get("if-none-match", ""):
        return Response("", 304, response.headers, response.content_type)
    return response
