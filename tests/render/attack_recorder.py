"""A hostile site on loopback that records everything it receives, by any protocol."""

from __future__ import annotations

import json
import socket
from collections import defaultdict
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

ROBOTS = b"User-agent: *\nDisallow: /evil/\n"
# The page gets its text only after the attack had time to run.
ARTICLE = """
  const own = `http://${location.host}`, foreign = "http://127.0.0.1:FOREIGN", udp = "UDP";
  const evil = name => `${own}/evil/${name}`, allowed = name => `${own}/own/${name}`;
  const quiet = work => { try { return Promise.resolve(work()).catch(() => null); }
                          catch { return null; } };
  const blob = text => URL.createObjectURL(new Blob([text], {type: "text/javascript"}));
  const add = html => document.body.insertAdjacentHTML("beforeend", html);
  setTimeout(() => fetch("/api/" + location.pathname.split("/").pop()).then(a => a.json())
    .then(news => { document.getElementById("app").innerHTML =
      `<h1>${news.title}</h1><p>วันที่ : ${news.date}</p><p>${news.text}</p>`; }), 1300);
"""


class Recorder:
    """Everything that the site and two other ports received.

    Attributes:
        requests: method and path of each HTTP request to the site; WEBSOCKET for an upgrade.
        packets: lengths of the UDP packets.
        connections: the first bytes of each TCP connection to another port.
    """

    def __init__(self, scripts: Mapping[int, str]) -> None:
        self.scripts = scripts
        self.url = ""
        self.requests: list[tuple[str, str]] = []
        self.packets: list[int] = []
        self.connections: list[bytes] = []
        self.ports: dict[str, int] = {}

    def forbidden(self) -> dict[str, list[str]]:
        """Return the forbidden requests by the name of the attack: all but GETs of allowed URLs."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for method, path in self.requests:
            folder, _, name = path[1:].partition("/")
            if method != "GET" or folder == "evil":
                found[name.partition("?")[0]].append(f"{method} {path}")
        return dict(found)

    def answer(self, path: str) -> tuple[str, bytes]:
        """Return content type and body of the answer for a path."""
        folder, _, name = path[1:].partition("/")
        if path == "/robots.txt":
            return "text/plain", ROBOTS
        if path.startswith("/th/news/"):
            script = ARTICLE + self.scripts[int(path.rsplit("/", 1)[1])]
            for word, port in self.ports.items():
                script = script.replace(word, str(port))
            page = (
                "<!DOCTYPE html><html lang=th><head><title>รัฐบาลไทย</title></head><body>"
                f'<div id="app"></div><script>{script}</script></body></html>'
            )
            return "text/html; charset=utf-8", page.encode()
        if folder == "api":
            text = f"เนื้อความของข่าวที่ {name} " * 9
            news = {"title": f"หัวข้อข่าวที่ {name}", "date": "21/08/2568 09:30", "text": text}
            return "application/json", json.dumps(news).encode()
        return "text/javascript", b""


@contextmanager
def record(scripts: Mapping[int, str]) -> Iterator[Recorder]:
    """Serve pages with attacks, by number, and listen on two other ports."""
    recorder = Recorder(scripts)
    with ExitStack() as stack:
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(recorder))
        server.daemon_threads = True
        stack.enter_context(server)
        udp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        udp.bind(("127.0.0.1", 0))
        tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        recorder.ports = {"FOREIGN": tcp.getsockname()[1], "UDP": udp.getsockname()[1]}
        recorder.url = f"http://127.0.0.1:{server.server_address[1]}"
        listeners = [
            Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}),
            Thread(target=_until_closed, args=(udp, lambda: _packet(udp, recorder))),
            Thread(target=_until_closed, args=(tcp, lambda: _connection(tcp, recorder))),
        ]
        for listener in listeners:
            listener.start()
        try:
            yield recorder
        finally:
            recorder.ports = {}
            server.shutdown()
            udp.settimeout(0.01)
            tcp.settimeout(0.01)
            for kind, port in (
                (socket.SOCK_DGRAM, udp.getsockname()[1]),
                (socket.SOCK_STREAM, tcp.getsockname()[1]),
            ):
                with socket.socket(socket.AF_INET, kind) as last:  # wakes the listener
                    last.connect(("127.0.0.1", port))
                    last.send(b"end")
            for listener in listeners:
                listener.join()


def _until_closed(_socket: socket.socket, listen: Callable[[], bytes]) -> None:
    while listen() != b"end":
        pass


def _packet(udp: socket.socket, recorder: Recorder) -> bytes:
    data = udp.recv(4096)
    if recorder.ports:
        recorder.packets.append(len(data))
    return data


def _connection(tcp: socket.socket, recorder: Recorder) -> bytes:
    connection, _ = tcp.accept()
    with connection:
        connection.settimeout(2)
        try:
            data = connection.recv(200)
        except TimeoutError:  # a preconnect says nothing
            data = b""
    if recorder.ports:
        recorder.connections.append(data)
    return data


def _handler(recorder: Recorder) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            is_socket = self.headers.get("Upgrade", "").lower() == "websocket"
            recorder.requests.append(("WEBSOCKET" if is_socket else self.command, self.path))
            length = int(self.headers.get("Content-Length") or 0)
            self.rfile.read(length)
            content_type, body = recorder.answer(self.path)
            self.send_response(200)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()
            self.wfile.write(body if self.command != "HEAD" else b"")

        def log_message(self, *_: Any) -> None:
            """Log nothing."""

    for method in ("POST", "PUT", "DELETE", "HEAD", "OPTIONS", "CONNECT"):
        setattr(Handler, f"do_{method}", Handler.do_GET)
    return Handler
