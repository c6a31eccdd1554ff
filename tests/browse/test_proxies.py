"""The proxies of docs/publish.md, as they are written there, in front of a real site."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

PUBLISH = Path(__file__).parents[2] / "docs" / "publish.md"
HOST = "news.example.org"
NGINX = """daemon off; pid {folder}/pid; error_log {folder}/errors; events {{}}
http {{ access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p;
fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
{lines} }}"""


def lines(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", PUBLISH.read_text("utf-8"), re.DOTALL)
    return str(found)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


@contextmanager
def running(command: list[str], url: str) -> Iterator[httpx.Client]:
    """Run a proxy while a block does; yields a client once it answers."""
    with (
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process,
        httpx.Client(base_url=url, verify=False, headers={"host": HOST}) as client,
    ):
        try:
            end = time.monotonic() + 20
            while True:
                try:
                    client.get("/-/healthz")
                except httpx.TransportError:
                    assert process.poll() is None, "the proxy ended"
                    assert time.monotonic() < end, "the proxy does not answer"
                else:
                    break
            yield client
        finally:
            process.terminate()


@pytest.mark.skipif(not shutil.which("nginx", path="/usr/sbin:/usr/bin"), reason="no nginx here")
@pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl here")
def test_nginx_as_documented(home: str, tmp_path: Path) -> None:
    key, certificate, port = tmp_path / "key", tmp_path / "certificate", free_port()
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-subj", f"/CN={HOST}", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    written = lines("nginx")
    for old, new in (
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("/etc/ssl/news.example.org.pem", str(certificate)),
        ("/etc/ssl/news.example.org.key", str(key)),
        ("http://127.0.0.1:8001", home),
    ):
        assert old in written
        written = written.replace(old, new)
    config = tmp_path / "nginx.conf"
    config.write_text(NGINX.format(folder=tmp_path, lines=written))
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin") or ""
    with running([nginx, "-c", str(config)], f"https://127.0.0.1:{port}") as client:
        feed = client.get("/-/feed.atom").text
        assert f'href="https://{HOST}/-/feed.atom' in feed
        sheet = client.get("/-/search.csv?_bom=1")
        assert sheet.content.startswith(b"\xef\xbb\xbf")
        answers = [client.get("/robots.txt").status_code for _ in range(60)]
    assert set(answers) == {200, 429}
    assert answers[:10] == [200] * 10


@pytest.mark.skipif(not shutil.which("caddy"), reason="no caddy here")
def test_caddy_as_documented(home: str, tmp_path: Path) -> None:
    port = free_port()
    written = lines("caddy")
    assert written.startswith(f"{HOST} {{")
    config = tmp_path / "Caddyfile"
    config.write_text(
        "{\nadmin off\nauto_https off\nstorage file_system " + str(tmp_path) + "\n}\n"
        + written.replace(HOST, f"http://{HOST}:{port}").replace(
            "127.0.0.1:8001", home.removeprefix("http://"))
    )  # fmt: skip
    command = ["caddy", "run", "--config", str(config), "--adapter", "caddyfile"]
    with running(command, f"http://127.0.0.1:{port}") as client:
        assert f'href="http://{HOST}/-/feed.atom' in client.get("/-/feed.atom").text
        assert "พบ" in client.get("/-/search").text
