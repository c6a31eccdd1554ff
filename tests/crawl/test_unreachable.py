"""Sites that cannot be reached, over real sockets: each is told in one line that says why."""

from __future__ import annotations

import socket
import ssl
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from scraper.crawl.faults import explain
from scraper.practice.server.http import serve
from scraper.practice.site.still import PracticeSite
from tests.many_crawls import Crawl, crawl_all, query

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# The name is reserved for examples and never resolves (RFC 2606).
NOWHERE = "http://practice.example"
ONCE = {"RETRY_TIMES": 0, "CONTACT": "test@example.org", "PERMISSION": "none is needed"}


def self_signed(folder: Path) -> ssl.SSLContext:
    """Return what a server needs whose certificate nobody has signed but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "server.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


@contextmanager
def shaking_hands(context: ssl.SSLContext) -> Iterator[str]:
    """Serve TLS and nothing else; yield the address."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            with suppress(OSError):  # the client turns away, or the test is over
                while True:
                    connection = server.accept()[0]
                    with suppress(ssl.SSLError, ConnectionError):
                        context.wrap_socket(connection, server_side=True).close()

        Thread(target=answer, daemon=True).start()
        yield f"https://localhost:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def test_each_is_told_in_one_line(tmp_path: Path) -> None:
    with ExitStack() as servers:
        plain = servers.enter_context(serve(PracticeSite(size=20)))
        secure = servers.enter_context(shaking_hands(self_signed(tmp_path)))
        sites = {
            f"http://127.0.0.1:{free_port()}": "the connection was refused",
            NOWHERE: "no address is known for its host",
            secure: "no secure connection could be made (certificate verify failed)",
            plain.url.replace("http:", "https:"): "no secure connection could be made",
        }
        dbs = {site: tmp_path / f"{number}.db" for number, site in enumerate(sites)}
        told = crawl_all([Crawl(site, str(db), settings=ONCE) for site, db in dbs.items()])
        assert plain.requests == []
    for site, sentence in sites.items():
        (line,) = (line for line in told.splitlines() if f"{site}/robots.txt" in line)
        assert f"could not be read ({sentence}" in line
        assert "nothing may be asked without it. The run ends here" in line
        assert query(dbs[site], "SELECT outcome, exit_code, requests FROM runs") == [
            ("failed", 1, 0)
        ]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [(KeyError("x"), "KeyError: 'x'"), (ValueError("no. "), "ValueError: no. "), (None, "None")],
)
def test_what_is_not_known_is_told_by_its_name(error: Exception | None, sentence: str) -> None:
    assert sentence in explain(error)
