"""Captured pages are replayed byte for byte, in a sandbox that runs and loads nothing."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from scraper.archive.writer import ArchiveWriter
from scraper.browse.app import Options
from scraper.browse.security import SANDBOX
from tests.browse.chromium import LOOKS, keep, listening, needs_chromium, visit
from tests.browse.conftest import served, store
from tests.browse.test_accessibility import faults
from tests.factories import make_article

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.browse.conftest import Site

# Every way out that HTML has; EVIL is the address of a server that listens.
HOSTILE = """<!DOCTYPE html><html><head><title>page</title>
<base href="EVIL/base/" target="_top">
<meta http-equiv="refresh" content="0;url=EVIL/refresh">
<script>top.document.title = "owned"; fetch("EVIL/fetch")</script><script src="EVIL/js"></script>
<script type="module" src="EVIL/module"></script>
<link rel="stylesheet" href="EVIL/css"><link rel="preload" as="image" href="EVIL/preload">
<link rel="prefetch" href="EVIL/prefetch"><link rel="icon" href="EVIL/icon">
<link rel="preconnect" href="EVIL/"><link rel="manifest" href="EVIL/manifest">
<style>body { background: url(EVIL/background) } @import "EVIL/import";</style>
</head><body onload="location='EVIL/onload'" style="background: url(EVIL/style)">
<p>หน้าที่เก็บไว้</p>
<img src="EVIL/img" srcset="EVIL/srcset 2x" onerror="location='EVIL/onerror'">
<svg onload="fetch('EVIL/svg')"><image href="EVIL/svgimage"/><use href="EVIL/use#x"/></svg>
<iframe src="EVIL/iframe"></iframe><iframe srcdoc="<script>top.owned()</script>"></iframe>
<object data="EVIL/object"></object><embed src="EVIL/embed">
<video src="EVIL/video" poster="EVIL/poster" autoplay><track default src="EVIL/track"></video>
<audio src="EVIL/audio" autoplay></audio>
<form action="EVIL/form"><input autofocus onfocus="this.form.submit()"><button>send</button></form>
<a id="out" href="EVIL/link" ping="EVIL/ping">out</a>
<a id="top" href="EVIL/top" target="_top">top</a><a id="blank" href="EVIL/b" target="_blank">b</a>
</body></html>"""


@contextmanager
def evil_server() -> Iterator[tuple[str, list[str]]]:
    """Yield the address of a server of another origin, and the paths that it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(204)
            self.end_headers()

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", asked
        finally:
            server.shutdown()
            thread.join()


def archive_of(folder: Path, body: bytes, content_type: str) -> Path:
    path = folder / "thaigov.db"
    with ArchiveWriter(path, "import", {}) as writer:
        store(writer, 1, make_article(1), body, content_type=content_type)
    return path


def test_the_bytes_are_served_with_a_policy_that_allows_nothing(tmp_path: Path) -> None:
    body = "<p>ก".encode("tis-620")
    path = archive_of(tmp_path, body, 'text/html; charset="tis-620"')
    with served(path, Options()) as site:
        raw = site.get("/thaigov/captures/1/raw")
        assert raw.content == body
        assert raw.headers["content-type"] == "text/html; charset=tis-620"
        assert raw.headers["content-security-policy"] == SANDBOX
        assert raw.headers["x-frame-options"] == "SAMEORIGIN"
        assert raw.headers["x-content-type-options"] == "nosniff"
        page = site.get("/thaigov/captures/1/page")
        assert "frame-src 'self'" in page.headers["content-security-policy"]
        assert '<iframe class="replayed" sandbox ' in page.text
        assert 'href="/thaigov/captures/1/page"' in site.page("/thaigov/articles/1")


@pytest.mark.parametrize("content_type", ["text/plain", "image/svg+xml", "text/xml", ""])
def test_only_html_is_replayed(tmp_path: Path, content_type: str) -> None:
    with served(archive_of(tmp_path, b"<p>", content_type), Options()) as site:
        for part in ("page", "raw"):
            assert site.get(f"/thaigov/captures/1/{part}").status_code == 404
        assert "/captures/1/page" not in site.page("/thaigov/articles/1")


def test_without_the_warc_file_there_is_no_page(tmp_path: Path) -> None:
    path = archive_of(tmp_path, b"<p>", "text/html")
    for file in (tmp_path / "warc").iterdir():
        file.write_bytes(b"damaged")
    with served(path, Options()) as site:
        assert site.get("/thaigov/captures/1/raw").status_code == 404
        for file in (tmp_path / "warc").iterdir():
            file.unlink()
        for page in ("captures/1/raw", "captures/1/page", "captures/9/raw", "captures/9/page"):
            assert site.get(f"/thaigov/{page}").status_code == 404
        assert site.get("/other/captures/1/raw").status_code == 404
        assert "/captures/1/page" not in site.page("/thaigov/articles/1")


def test_only_the_policy_of_the_sandbox_replaces_ours(practice: Site) -> None:
    policy = practice.get("/thaigov/captures/1").headers["content-security-policy"]
    assert policy != SANDBOX
    assert "sandbox" not in policy


@needs_chromium
@pytest.mark.parametrize("look", LOOKS)
def test_the_page_around_it_is_accessible(tmp_path: Path, browser: Browser, look: str) -> None:
    path = archive_of(tmp_path, "<p>หน้าที่เก็บไว้".encode(), "text/html; charset=utf-8")
    with (
        served(path, Options()) as site,
        listening(site) as address,
        visit(browser, address, **LOOKS[look]) as page,
    ):
        page.goto("/thaigov/captures/1/page")
        keep(page, f"replay-{look}", tmp_path)
        assert faults(page) == []


@needs_chromium
def test_a_hostile_page_runs_and_loads_nothing(tmp_path: Path, browser: Browser) -> None:
    with evil_server() as (evil, asked):
        body = HOSTILE.replace("EVIL", evil).encode()
        path = archive_of(tmp_path, body, "text/html; charset=utf-8")
        with served(path, Options()) as site, listening(site) as address:
            context = browser.new_context(base_url=address)
            owned: list[str] = []
            context.expose_function("owned", lambda: owned.append("owned"))
            page = context.new_page()
            for start in ("/thaigov/captures/1/page", "/thaigov/captures/1/raw"):
                page.goto(start)
                replayed = next(f for f in page.frames if f.url.endswith("/raw"))
                replayed.locator("p").wait_for()
                assert replayed.locator("p").inner_text() == "หน้าที่เก็บไว้"
                assert page.url == address + start
                assert "owned" not in page.title()
            page.goto("/thaigov/captures/1/page")
            replayed = next(f for f in page.frames if f.url.endswith("/raw"))
            for link in ("#top", "#blank", "button", "#out"):
                replayed.locator(link).click()
                page.wait_for_load_state("networkidle")
                assert page.url == address + "/thaigov/captures/1/page"
            assert len(context.pages) == 1
            assert (owned, asked) == ([], [])
            # Without the sandbox, the same page does its worst.
            with context.expect_event("request", lambda request: request.url == f"{evil}/img"):
                page.set_content(body.decode(), wait_until="commit")
            context.close()
