"""A site of shells: some good, some as hostile as possible."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from scraper.practice.server.http import Answer

if TYPE_CHECKING:
    from scraper.practice.server.http import Intercept

# Tighter limits, which are reached sooner.
BOUNDS = {"RENDER_TIMEOUT": 8, "RENDER_MAX_MEMORY": 500 << 20, "DOWNLOAD_MAXSIZE": 3_000_000}
CHECK = "document.title = 'Just a moment...'; document.body.append('Checking your browser');"
ARTICLE = """
  fetch("/api/" + location.pathname.split("/").pop()).then(answer => answer.json()).then(news => {
    document.getElementById("app").innerHTML =
      `<h1>${news.title}</h1><p>วันที่ : ${news.date}</p><p>${news.text}</p>`;
  }).catch(() => { document.getElementById("app").textContent = "ขออภัย ระบบขัดข้อง"; });
"""
CURIOUS = """
  alert("not dismissed");
  document.body.insertAdjacentHTML("beforeend", `<img src="/own/a.png"><video src="/own/a.mp4">
    </video><iframe src="/own/frame"></iframe><object data="/own/object"></object>
    <link rel="preload" as="font" href="/own/a.woff2"><link rel="stylesheet" href="/own/a.css">`);
  for (const source of ["/own/a.js", `//localhost:${location.port}/foreign.js`])
    document.head.append(Object.assign(document.createElement("script"), {src: source}));
  fetch(`http://localhost:${location.port}/foreign`, {mode: "no-cors"}).catch(() => null);
  fetch("/own/redirect", {mode: "no-cors"}).catch(() => null);
  fetch("/own/post", {method: "POST"}).catch(() => null);
  navigator.sendBeacon("/own/beacon", "here I am");
  navigator.serviceWorker.register("/own/worker.js").catch(() => null);
  new WebSocket(`ws://${location.host}/own/socket`).onerror = () => null;
  Object.assign(document.createElement("a"), {href: "data:,x", download: "x"}).click();
  document.body.dataset.agent = navigator.userAgent;
  document.body.dataset.languages = navigator.languages;
  document.body.dataset.day = new Date("2025-08-20T18:00Z").toLocaleDateString("th-TH");
"""
LOOPS, GROWS, FILLS_THE_HEAP, FILLS_THE_PAGE = (
    "for (;;) {}",
    "setInterval(() => document.body.append(document.createComment('x'.repeat(1e5))), 10);",
    "const all = []; for (;;) all.push(new Array(1e6).fill(all.length));",
    "for (;;) document.body.append('x'.repeat(1e6) + Math.random());",
)
# 4 MB of data in 40 answers; the limit is DOWNLOAD_MAXSIZE.
HEAVY = "for (let n = 0; n < 40; n++) fetch('/big/' + n)"
FORBIDDEN = "robots.txt forbids its data"
# By number: the script of a page, and why it fails; None if it is rendered.
PAGES: dict[int, tuple[str, str | None]] = {
    1: (ARTICLE, None),
    2: (ARTICLE + CURIOUS, None),
    3: (LOOPS, "not finished after 8 s"),
    4: (FILLS_THE_HEAP, "memory"),
    5: (FILLS_THE_PAGE, "more than 500 MB of memory"),
    6: (GROWS, "it grew to"),
    7: ("location.href = '/th/news/1'", "it navigates to"),
    8: ("location.reload()", "it navigates to"),
    9: ("window.open('/th/news/1')", "opens another window"),
    10: ("for (let n = 0; n < 90; n++) fetch('/own/' + n)", "sends more than 60 requests"),
    11: (ARTICLE, "HTTP 500"),  # the JSON is answered with HTTP 500
    12: (ARTICLE, None),  # the JSON is answered with HTTP 503 and Retry-After, then with the news
    13: (ARTICLE, "but it is not"),  # the JSON is truncated and not encoded as its header says
    14: (ARTICLE, "still waited for http"),  # the JSON is not answered in time
    15: (ARTICLE, None),
    16: ("fetch('/search?keyword=x')", FORBIDDEN),
    17: (ARTICLE, None),  # the JSON is redirected once, to another path
    18: (ARTICLE, "more than 5 redirects"),  # the JSON is redirected for ever
    19: (ARTICLE, FORBIDDEN),  # the JSON is redirected to a forbidden URL
    20: (HEAVY, "its scripts and data have more than 3,000,000 bytes"),
    21: (ARTICLE, "the answer broke off"),  # the JSON breaks off
}
# By number: where the JSON of a page is redirected.
REDIRECTS = {17: "/api/117", 18: "/api/18", 19: "/search?keyword=x"}


def shell(script: str, extra: str = "") -> Answer:
    page = (
        f'<!DOCTYPE html><html lang="th"><head><title>รัฐบาลไทย</title>{extra}</head>'
        f'<body><div id="app"></div><script>{script}</script></body></html>'
    )
    return Answer(200, page.encode(), headers=(("Content-Security-Policy", "default-src 'none'"),))


class Hostile:
    """Answers with the pages above and the JSON that some of them request."""

    def __init__(self) -> None:
        self.waited = False

    def __call__(self, path: str) -> Answer | None:
        if path.startswith("/th/news/"):
            return shell(PAGES[int(path.rsplit("/", 1)[1])][0])
        if path.startswith("/api/"):
            return self.news(int(path.rsplit("/", 1)[1]))
        if path.startswith("/big/"):
            return Answer(200, b" " * 100_000, "application/json")
        if path == "/own/redirect":
            return Answer(302, b"", headers=(("Location", "http://practice.example/elsewhere"),))
        return Answer(200, b"", "text/javascript") if path.startswith("/own/") else None

    def news(self, number: int) -> Answer:
        if number == 11:
            return Answer(500, b"out of order")
        if number == 12 and not self.waited:
            self.waited = True
            return Answer(503, b"later", headers=(("Retry-After", "0"),))
        if number in REDIRECTS:
            return Answer(302, b"", headers=(("Location", REDIRECTS[number]),))
        if number == 21:
            headers = (("Content-Length", "100"),)
            return Answer(200, b"{", "application/json", headers, cut=True)
        if number == 14:
            time.sleep(BOUNDS["RENDER_TIMEOUT"])
        if number == 13:
            return Answer(200, b"{", "application/json", (("Content-Encoding", "gzip"),))
        news = {
            "title": f"หัวข้อข่าวที่ {number}",
            "date": "21/08/2568 09:30",
            "text": f"เนื้อความของข่าวที่ {number} " * 9,
        }
        return Answer(200, json.dumps(news).encode(), "application/json")


def only_shells(script: str) -> Intercept:
    return lambda path: shell(script) if path.startswith("/th/news/") else None
