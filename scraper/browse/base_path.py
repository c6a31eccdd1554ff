"""Serves the site under a path of another one, such as example.org/news/, behind a proxy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datasette.utils.asgi import Response

if TYPE_CHECKING:
    from scraper.browse.security import App, Message, Receive, Send


def with_base_path(app: App, base: str) -> App:
    """Wrap an ASGI app to answer under a base path, as well as without it.

    Args:
        app: the app, which knows paths without the base and writes links with it.
        base: begins and ends with a slash.
    """
    if base == "/":
        return app

    async def moved(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            if scope["path"] == base[:-1]:
                await Response.redirect(base, 301).asgi_send(send)
                return
            if scope["path"].startswith(base):
                scope = {**scope, "path": scope["path"][len(base) - 1 :]}
                if raw := scope.get("raw_path"):
                    scope["raw_path"] = raw[len(base.encode()) - 1 :]
        await app(scope, receive, send)

    return moved
