"""Security headers, and a Jinja extension that makes all templates comply with them.

Scraped text is hostile. Templates escape it; if one ever fails to, the content security policy
still prevents the page from running scripts in it and from exchanging data with other hosts.

Datasette's own templates contain inline scripts, style sheets and style attributes, which a strict
policy forbids. ``InlineCode`` rewrites them at compile time: scripts and style sheets get the nonce
of the response, and style attributes are removed (our style sheet replaces them). So the policy
applies to every page, including those of other Datasette plugins.
"""

from __future__ import annotations

import re
import secrets
import sqlite3
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from jinja2.ext import Extension

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping

    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    App = Callable[[Message, Receive, Send], Awaitable[None]]

POLICY = {
    "default-src": "'none'",
    "script-src": "'nonce-{nonce}'",
    "style-src": "'self' 'nonce-{nonce}'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "frame-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
# Of a download, in case a browser shows it all the same: no origin, no scripts, nothing loaded.
DOWNLOAD_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"
HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
OPEN_DATA = {
    b"access-control-allow-origin": b"*",
    b"access-control-expose-headers": b"link, etag",
}
PRIVATE_COLUMNS = {("runs", "arguments")}
SANDBOX = "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
"""The policy of an archived page: it has no rights and may load nothing, even when opened alone."""
NO_ROBOTS = {"x-robots-tag": "noindex, nofollow"}

_nonce: ContextVar[str] = ContextVar("nonce", default="")
_INLINE = re.compile(r"<(script|style)(?=[\s>])")
# The value may be a Jinja expression with quotation marks in it.
_STYLE = re.compile(r'\sstyle="(?:\{\{.*?\}\}|[^"{])*"')


def hide_private_columns(connection: sqlite3.Connection) -> None:
    """Make columns with paths of the machine and the operator's permission NULL in every query."""

    def allowed(action: int, table: str | None, column: str | None, *_: str | None) -> int:
        if action == sqlite3.SQLITE_READ and (table, column) in PRIVATE_COLUMNS:
            return sqlite3.SQLITE_IGNORE
        return sqlite3.SQLITE_OK

    connection.set_authorizer(allowed)


def nonce() -> str:
    """Return the nonce of the current response."""
    return _nonce.get()


class InlineCode(Extension):
    """Makes inline scripts and styles in templates comply with the content security policy."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002 - Jinja's signature
        """Add nonces to a template's source and remove style attributes."""
        return _STYLE.sub("", _INLINE.sub(r'<\1 nonce="{{ csp_nonce() }}"', source))


def with_security_headers(app: App, *, robots: bool) -> App:
    """Wrap an ASGI app to add security headers.

    Args:
        app: the app to wrap.
        robots: whether search engines may index the pages.
    """
    fixed = {**HEADERS, **({} if robots else NO_ROBOTS)}

    async def protected(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        _nonce.set(secrets.token_urlsafe(16))
        policy = "; ".join(f"{name} {value}" for name, value in POLICY.items())
        pages = {**fixed, "content-security-policy": policy.format(nonce=nonce())}
        downloads = {**fixed, "content-security-policy": DOWNLOAD_POLICY}

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                ours = downloads if _is_download(message) else pages
                message = {**message, "headers": _secured(message.get("headers", []), ours)}
            await send(message)

        await app(scope, receive, send_with_headers)

    return protected


def with_open_data(app: App) -> App:
    """Wrap an ASGI app to let pages of other sites read JSON, CSV and feeds, but no HTML."""

    async def opened(scope: Message, receive: Receive, send: Send) -> None:
        async def send_opened(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = {name.lower(): value for name, value in message["headers"]}
                if not headers.get(b"content-type", b"").startswith(b"text/html"):
                    headers |= OPEN_DATA
                    message = {**message, "headers": list(headers.items())}
            await send(message)

        await app(scope, receive, send_opened)

    return opened


def _secured(
    given: Iterable[tuple[bytes, bytes]], headers: Mapping[str, str]
) -> list[tuple[bytes, bytes]]:
    """Return the headers of a response with ours in place of its own; ``SANDBOX`` is kept."""
    given = [(name.lower(), value) for name, value in given]
    ours = {name.encode(): value.encode() for name, value in headers.items()}
    if (b"content-security-policy", SANDBOX.encode()) in given:
        ours |= {b"content-security-policy": SANDBOX.encode(), b"x-frame-options": b"SAMEORIGIN"}
    return [*(item for item in given if item[0] not in ours), *ours.items()]


def _is_download(message: Message) -> bool:
    """Return whether the head of a response says that it is to be saved, not shown."""
    return any(
        name.lower() == b"content-disposition" and value.startswith(b"attachment")
        for name, value in message.get("headers", [])
    )
