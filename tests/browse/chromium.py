"""Chromium for tests and screenshots: a visit fails on script errors and foreign requests.

Everything that must not happen on a page is collected: messages of the content security policy,
errors of scripts, requests to any other host, calls of the hostile texts' ``owned()``.
"""

from __future__ import annotations

import os
import socket
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.browse.conftest import Site

CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
LOOKS: dict[str, dict[str, Any]] = {
    "desktop": DESKTOP,
    "phone": {"viewport": {"width": 360, "height": 780}, "has_touch": True},
    "dark": {**DESKTOP, "color_scheme": "dark"},
}

# In CI a missing browser is a failure, not a reason to look away.
needs_chromium = pytest.mark.skipif(
    not Path(CHROMIUM).exists() and not os.environ.get("CI"), reason=f"no Chromium at {CHROMIUM}"
)


@contextmanager
def started() -> Iterator[Browser]:
    """Yield a browser that runs while a block does."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@contextmanager
def listening(site: Site) -> Iterator[str]:
    """Serve a site on a free port while a block runs; yields its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        server = uvicorn.Server(uvicorn.Config(site.datasette.app(), log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [free]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{free.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def visit(
    browser: Browser, address: str, expected: tuple[str, ...] = (), **look: Any
) -> Iterator[Page]:
    """Yield a page of its own browser profile; afterwards nothing may have gone wrong in it.

    Args:
        browser: that opens it.
        address: of the site; a request to anywhere else is a fault.
        expected: pieces of messages that are none.
        **look: of the window, as Playwright takes it.
    """
    context = browser.new_context(base_url=address, **look)
    faults: list[str] = []
    context.expose_function("owned", lambda: faults.append("owned"))
    page = context.new_page()
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("dialog", lambda dialog: faults.append(dialog.message))
    page.on(
        "request", lambda r: None if r.url.startswith(address) else faults.append(f"asked {r.url}")
    )
    yield page
    context.close()
    assert [fault for fault in faults if not any(e in fault for e in expected)] == []


def keep(page: Page, name: str, folder: Path) -> None:
    """Take a picture of a page; THAIGOV_SCREENSHOTS names a folder that outlives the tests."""
    kept = Path(os.environ.get("THAIGOV_SCREENSHOTS") or folder)
    kept.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=kept / f"{name}.png", full_page=True)
