"""Whatever a hostile page tries, only allowed requests leave the browser."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

import pytest

from scraper.archive.capture_reader import CaptureReader
from scraper.archive.database import open_for_reading
from tests.commands import ENVIRONMENT
from tests.render.attack_recorder import Recorder, record

if not os.environ.get("CI"):
    pytest.importorskip("scrapy_playwright", reason="the extra `render` is not installed")
    if not shutil.which("chromium"):
        pytest.skip("Debian's package chromium is not installed", allow_module_level=True)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Runs in a worker; NAME is the name of the attack.
INSIDE = """
  fetch(`${ORIGIN}/evil/NAME`).catch(() => 0);
  fetch(`${ORIGIN}/own/NAME`, {method: 'POST', body: 'x'}).catch(() => 0);
  fetch('http://127.0.0.1:FOREIGN/NAME').catch(() => 0);
  try { new WebSocket(`${ORIGIN.replace('http', 'ws')}/evil/NAME-socket`) } catch {}
  try { importScripts(`${ORIGIN}/evil/NAME-import`) } catch {}
  try { const x = new XMLHttpRequest(); x.open('GET', `${ORIGIN}/evil/NAME-xhr`, false); x.send() }
  catch {}
  try { new EventSource(`${ORIGIN}/evil/NAME-events`) } catch {}
"""
RTC = """
  (Peer => { if (!Peer) return;
    const peer = new Peer({iceServers: [{urls: `stun:127.0.0.1:${udp}`}, {urls:
      [`turn:127.0.0.1:${udp}`, `turn:127.0.0.1:FOREIGN?transport=tcp`], username: "a",
      credential: "b"}]});
    peer.createDataChannel("x"); peer.createOffer().then(o => peer.setLocalDescription(o));
    (window.kept ??= []).push(peer); })
"""


def inside(name: str) -> str:
    return INSIDE.replace("NAME", name)


def in_blob(name: str) -> str:
    return f"blob('const ORIGIN = \"' + own + '\";' + {inside(name)!r})"


ATTACKS: dict[str, str] = {
    # Workers and worklets
    "shared": f"quiet(() => new SharedWorker({in_blob('shared')}));",
    "shared-url": "quiet(() => new SharedWorker(evil('shared-url')));",
    "worker": f"quiet(() => new Worker({in_blob('worker')}));",
    "worker-url": "quiet(() => new Worker(evil('worker-url')));",
    "module-worker": "quiet(() => new Worker(evil('module-worker'), {type: 'module'}));",
    "service": "quiet(() => navigator.serviceWorker.register(evil('service')));",
    "service-prototype": "quiet(() => ServiceWorkerContainer.prototype.register.call("
    "navigator.serviceWorker, evil('service-prototype')));",
    "audio-worklet": "quiet(() => new OfflineAudioContext(1, 1, 8000).audioWorklet"
    ".addModule(evil('audio-worklet')));",
    "paint-worklet": "quiet(() => CSS.paintWorklet.addModule(evil('paint-worklet')));",
    # Frames
    "frame": "add(`<iframe src='${evil('frame')}'></iframe>`);",
    "srcdoc": "add('<iframe></iframe>'); document.querySelector('iframe:last-of-type').srcdoc = "
    "`<script>fetch('${evil('srcdoc')}').catch(() => 0)<` + '/script>';",
    "blank-frame": "(f => { document.body.append(f); quiet(() => f.contentWindow.fetch("
    "evil('blank-frame'))); quiet(() => f.contentWindow.fetch(allowed('blank-frame'), "
    "{method: 'POST'})); })(document.createElement('iframe'));",
    "object": "add(`<object data='${evil('object')}'></object><embed src='${evil('object')}'>`);",
    "form": "add(`<iframe name='sink'></iframe><form method='post' target='sink' "
    "action='${allowed('form')}'></form>`); document.forms[0].submit();",
    # Elements and style
    "image": "new Image().src = evil('image'); new Image().src = `${foreign}/image`;",
    "media": "add(`<video autoplay src='${evil('media')}' poster='${evil('media')}'></video>"
    "<audio autoplay src='${evil('media')}'></audio>`);",
    "style": "add(`<style>@import '${evil('style')}'; @font-face {font-family: f; src: url("
    "'${evil('style')}')} body {background: url('${evil('style')}'); font-family: f}</style>`);",
    "icon": "add(`<link rel='icon' href='${evil('icon')}'><link rel='manifest' "
    "href='${evil('icon')}'>`);",
    "svg": "add(`<svg><image href='${evil('svg')}'/><use href='${evil('svg')}#a'/></svg>`);",
    # Hints
    "hints": "for (const rel of ['preconnect', 'dns-prefetch', 'prefetch', 'prerender', 'preload',"
    " 'modulepreload', 'next']) for (const to of [evil('hints'), `${foreign}/hints`])"
    " add(`<link rel='${rel}' as='fetch' href='${to}'>`);",
    "speculation": "(s => { s.type = 'speculationrules'; s.textContent = JSON.stringify({prefetch:"
    " [{urls: [evil('speculation')], eagerness: 'immediate'}], prerender: [{urls: "
    "[evil('speculation')], eagerness: 'immediate'}]}); document.head.append(s); })"
    "(document.createElement('script'));",
    # Requests by script
    "get": "quiet(() => fetch(evil('get')));",
    "methods": "for (const method of ['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS']) "
    "quiet(() => fetch(allowed('methods'), {method}));",
    "foreign": "quiet(() => fetch(`${foreign}/foreign`, {mode: 'no-cors'}));",
    "xhr": "(x => { x.open('POST', allowed('xhr')); x.send('x'); })(new XMLHttpRequest());",
    "beacon": "navigator.sendBeacon(allowed('beacon'), 'x');",
    "events": "new EventSource(evil('events'));",
    "socket": "new WebSocket(evil('socket').replace('http', 'ws'));",
    "foreign-socket": "new WebSocket(foreign.replace('http', 'ws'));",
    "transport": "quiet(() => new WebTransport(`https://127.0.0.1:${udp}/`).ready);",
    "import": "quiet(() => import(evil('import')));",
    "later": "quiet(() => fetchLater(evil('later'), {activateAfter: 200}));",
    "ping": "add(`<a id='p' href='#x' ping='${allowed('ping')}'>x</a>`);"
    " document.getElementById('p').click();",
    "identity": "quiet(() => navigator.credentials.get({identity: {providers: [{configURL:"
    " evil('identity'), clientId: 'x'}]}}));",
    # WebRTC
    "rtc": f"{RTC}(globalThis.RTCPeerConnection ?? globalThis.webkitRTCPeerConnection);",
    "rtc-frame": f"(f => {{ document.body.append(f); {RTC}(f.contentWindow.RTCPeerConnection); }})"
    "(document.createElement('iframe'));",
    "rtc-srcdoc": "add('<iframe></iframe>'); (f => f.onload = () => "
    f"{RTC}(f.contentWindow.RTCPeerConnection))([...document.querySelectorAll('iframe')].pop());",
}
# Each has its own page, which it closes or which is closed for it.
ALONE: dict[str, str] = {
    "download": "for (let n = 0; n < 5; n++) for (const to of [evil('download'), "
    "`${foreign}/download`]) Object.assign(document.createElement('a'), {href: to, download: 'x'})"
    ".click();",
    "download-allowed": "for (let n = 0; n < 5; n++) Object.assign(document.createElement('a'), "
    "{href: allowed('download-allowed'), download: 'x'}).click();",
    "popup": "(w => { quiet(() => w.fetch(evil('popup'))); quiet(() => w.fetch(allowed('popup'), "
    "{method: 'POST'})); })(window.open(''));",
    "popup-rtc": f"{RTC}(window.open('')?.RTCPeerConnection);",
    "popup-url": "window.open(evil('popup-url')); window.open(`${foreign}/popup-url`);",
    "navigation": "location.href = evil('navigation');",
    "refresh": "add(`<meta http-equiv='refresh' content='0;url=${evil('refresh')}'>`);",
    "leaving": "for (const moment of ['pagehide', 'unload', 'beforeunload', 'visibilitychange'])"
    " addEventListener(moment, () => { fetch(evil('leaving'), {keepalive: true});"
    " navigator.sendBeacon(allowed('leaving'), 'x');"
    " fetch(allowed('leaving'), {method: 'POST', keepalive: true}); });",
    "flood": "new Worker(blob(`for (let n = 0; n < 300; n++) fetch('${allowed('flood')}?' + n)"
    ".catch(() => 0)`));",
    "shared-flood": "quiet(() => new SharedWorker(blob(`for (let n = 0; n < 300; n++) "
    "fetch('${allowed('shared-flood')}?' + n).catch(() => 0)`)));",
}
LEAVES = """
  localStorage.left = sessionStorage.left = window.name = "left"; document.cookie = "left=1";
  caches.open("left").then(cache => cache.put("/left", new Response("left")));
  indexedDB.open("left");
  navigator.storage.getDirectory().then(root => root.getFileHandle("left", {create: true}));
  quiet(() => new SharedWorker(blob("onconnect = () => 0"), "left"));
"""
FINDS = """
  (async () => {
    const found = [localStorage.left, sessionStorage.left, window.name, document.cookie];
    found.push(...await caches.keys());
    found.push(...(await indexedDB.databases()).map(database => database.name));
    for await (const name of (await navigator.storage.getDirectory()).keys()) found.push(name);
    document.body.dataset.found = found.filter(Boolean).join();
  })();
"""
ATTACKS_PER_PAGE = 5
NAMES = [*ATTACKS]
PAGES = [
    "\n".join(ATTACKS[name] for name in NAMES[start : start + ATTACKS_PER_PAGE])
    for start in range(0, len(NAMES), ATTACKS_PER_PAGE)
]
SCRIPTS = dict(enumerate([*PAGES, *ALONE.values(), LEAVES, FINDS], 1))


class Run(NamedTuple):
    """A finished crawl of the hostile site."""

    site: Recorder
    db: Path
    log: str


@pytest.mark.parametrize(
    ("url", "page", "same"),
    [
        ("https://www.thaigov.go.th/api/1", "https://www.thaigov.go.th/th/news/1", True),
        ("https://api.thaigov.go.th/1", "https://www.thaigov.go.th/th/news/1", True),
        ("https://notthaigov.go.th/1", "https://www.thaigov.go.th/th/news/1", False),
        ("https://www.thaigov.go.th.example/1", "https://www.thaigov.go.th/th/news/1", False),
        ("https://thaigov.go.th@example.com/1", "https://www.thaigov.go.th/th/news/1", False),
        ("ftp://www.thaigov.go.th/1", "https://www.thaigov.go.th/th/news/1", False),
        ("http://127.0.0.1:8568/api/1", "http://127.0.0.1:8568/th/news/1", True),
        ("http://127.0.0.1:8001/api/1", "http://127.0.0.1:8568/th/news/1", False),
        ("http://localhost:8568/api/1", "http://127.0.0.1:8568/th/news/1", False),
    ],
)
def test_is_same_site(url: str, page: str, *, same: bool) -> None:
    request_filter = pytest.importorskip("scraper.render.request_filter")
    assert request_filter.is_same_site(url, page) is same


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """Crawl all pages once."""
    db = tmp_path_factory.mktemp("attacks") / "a.db"
    with record(SCRIPTS) as site:
        walk = [f"-asite={site.url}", "-alayout=news", "-afirst=1", f"-alast={len(SCRIPTS)}"]
        settings = ["-sTHAIGOV_SCOPE=all", "-sRENDER_TIMEOUT=10"]
        done = subprocess.run(
            [sys.executable, "-W", "error", "-m", "scrapy", "crawl", "numbers", *walk, *settings],
            capture_output=True,
            text=True,
            env=ENVIRONMENT | {"THAIGOV_DB": str(db)},
            timeout=300,
            check=True,
        )
        yield Run(site, db, done.stderr)


@pytest.mark.parametrize("name", [*ATTACKS, *ALONE])
def test_an_attack_sends_nothing(run: Run, name: str) -> None:
    sent = run.site.forbidden()
    assert [sent[key] for key in sent if re.match(rf"{name}(-\w+)?$", key)] == []


def test_nothing_else_is_sent(run: Run) -> None:
    assert run.site.forbidden() == {}
    assert run.site.packets == [], "UDP"
    assert run.site.connections == [], "TCP to another port"


@pytest.mark.parametrize("name", ["flood", "shared-flood", "download-allowed"])
def test_allowed_requests_are_limited_and_counted(run: Run, name: str) -> None:
    sent = sum(path.startswith(f"/own/{name}") for _, path in run.site.requests)
    assert sent <= 60
    with closing(sqlite3.connect(run.db)) as archive:
        ((counted,),) = archive.execute("SELECT requests FROM runs").fetchall()
    assert counted >= len(run.site.requests)


def test_nothing_is_left_for_the_next_page(run: Run) -> None:
    archive = open_for_reading(run.db)
    (capture_id,) = archive.execute(
        "SELECT id FROM captures WHERE rendered AND url LIKE ?", [f"%/news/{len(SCRIPTS)}"]
    ).fetchone()
    page = CaptureReader(archive, run.db.parent / "warc").load(capture_id).body.decode()
    archive.close()
    assert 'data-found=""' in page


def test_pages_are_rendered_all_the_same(run: Run) -> None:
    """The attacks had time to run, and allowed requests are still answered."""
    with closing(sqlite3.connect(run.db)) as archive:
        rendered = {
            int(url.rsplit("/", 1)[1])
            for (url,) in archive.execute("SELECT url FROM captures WHERE rendered")
        }
    assert {*range(1, len(PAGES) + 1), len(SCRIPTS) - 1, len(SCRIPTS)} <= rendered
