"""Sites that cannot be reached and answers that are broken, over real sockets.

Each is explained in one line, its page is tried again by the next run, and nothing is lost.
"""

from __future__ import annotations

import gzip
import itertools
import socket
import sqlite3
import ssl
import time
import zlib
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from scraper.crawl.faults import explain
from scraper.practice.judge.compare import differences
from scraper.practice.server.http import Answer, serve
from scraper.practice.site.still import PracticeSite
from tests.archive_dump import assert_sound
from tests.many_crawls import Crawl, crawl_all, query

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SITE = PracticeSite(size=20)
NUMBERS = list(SITE.numbers())
PAGE = SITE.html(NUMBERS[0])
DETAILS = "/news/contents/details/"


def dripping() -> Iterator[bytes]:
    while True:
        yield b"x"
        time.sleep(0.2)


def bomb() -> bytes:
    """Return 48 MiB compressed by gzip, which is more than the limit for a page."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(48)) + packer.flush()


def raw(body: bytes) -> Answer:
    return Answer(0, body, raw=True)


GZIP = (("Content-Encoding", "gzip"),)
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
# By explanation: the answer instead of an article.
BROKEN = {
    "the answer is larger than allowed": Answer(200, itertools.repeat(b"x" * 65536)),
    "gzip decompresses to more than 33,554,432 bytes": Answer(200, bomb(), headers=GZIP),
    "damaged gzip coding": Answer(200, gzip.compress(PAGE)[:-100], headers=GZIP),
    "the answer broke off": Answer(200, PAGE[:500], headers=(("Content-Length", "5000"),)),
    "the answer broke off ": raw(OK + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\nno number\r\n"),
    "no complete answer came in time": Answer(200, dripping()),
    "the answer is not HTTP": raw(b"ELEPHANT\x00\xff trumpets\r\n\r\n"),
    "the connection was closed without an answer": raw(b""),
    "the connection was lost without an answer": Answer(0, b"HTTP/1.1 2", raw=True, cut=True),
    "HTTP 500": Answer(500, b"out of order"),
    "HTTP 502": Answer(502, PAGE),
}
FAULTS = dict(zip(NUMBERS, BROKEN.items(), strict=False))
# Wrong headers of a good page, and pages that are stored though they cannot be parsed.
WRONG_CHARSET, OTHER_CHARSET, CUT, EMPTY = NUMBERS[-4:]


def with_wrong_headers(number: int) -> Answer | None:
    page = SITE.html(number)
    return {
        WRONG_CHARSET: Answer(200, page, "text/html; charset=klingon"),
        OTHER_CHARSET: Answer(200, page, "text/html; charset=tis-620"),
        CUT: Answer(200, page, headers=(("Content-Length", "100"),)),
        EMPTY: Answer(200, b""),
    }.get(number)


def broken(path: str) -> Answer | None:
    if DETAILS not in path:
        return None
    number = int(path.rpartition("/")[2])
    return FAULTS[number][1] if number in FAULTS else with_wrong_headers(number)


def test_a_broken_answer_is_explained_and_its_page_fetched_by_the_next_run(tmp_path: Path) -> None:
    db = tmp_path / "thaigov.db"
    arguments = {"first": str(SITE.first), "last": str(SITE.last)}
    quick = {"DOWNLOAD_TIMEOUT": 2, "DOWNLOAD_MAXSIZE": 4 << 20, "RETRY_TIMES": 0}
    with serve(SITE, intercept=broken) as served:
        log = crawl_all([Crawl(served.url, str(db), arguments, quick)])
    failed = dict(query(db, "SELECT url, last_error FROM frontier WHERE state = 'failed'"))
    assert len(failed) == len(FAULTS)
    for number, (explanation, _) in FAULTS.items():
        (error,) = (error for url, error in failed.items() if url.endswith(f"/{number}"))
        assert explanation.strip() in error
        assert f"{served.url}{DETAILS}{number} could not be fetched ({error})" in log
    unread = query(db, "SELECT url, outcome FROM captures WHERE outcome <> 'article'")
    assert [(int(url.rpartition("/")[2]), outcome) for url, outcome in unread] == [
        (CUT, "unparsed"),
        (EMPTY, "unparsed"),
    ]
    with serve(SITE) as served:
        crawl_all([Crawl(served.url, str(db), arguments)])
    with closing(sqlite3.connect(db)) as connection:
        assert list(differences(connection, SITE)) == []
    assert query(db, "SELECT count(*) FROM frontier WHERE state = 'failed'") == [(0,)]
    assert_sound(db)


@pytest.mark.parametrize("number", [WRONG_CHARSET, OTHER_CHARSET])
def test_pages_with_a_wrong_charset_are_in_thai(number: int) -> None:
    """Otherwise the wrong charset would not matter."""
    assert SITE.html(number).decode("utf-8").count("ก") > 10


# A reserved name, which never resolves (RFC 2606).
NOWHERE = "http://practice.example"
ONCE = {"RETRY_TIMES": 0, "CONTACT": "test@example.org", "PERMISSION": "none is needed"}


def self_signed(folder: Path) -> ssl.SSLContext:
    """Return the context of a server with a self-signed certificate."""
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
def tls_server(context: ssl.SSLContext) -> Iterator[str]:
    """Serve TLS handshakes only; yield the URL."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            with suppress(OSError):  # the client gave up, or the test is over
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


def test_an_unreachable_site_is_explained_in_one_line(tmp_path: Path) -> None:
    with ExitStack() as servers:
        plain = servers.enter_context(serve(PracticeSite(size=20)))
        secure = servers.enter_context(tls_server(self_signed(tmp_path)))
        sites = {
            f"http://127.0.0.1:{free_port()}": "the connection was refused",
            NOWHERE: "the name of its host does not resolve",
            secure: "no secure connection could be made (certificate verify failed)",
            plain.url.replace("http:", "https:"): "no secure connection could be made",
        }
        dbs = {site: tmp_path / f"{number}.db" for number, site in enumerate(sites)}
        log = crawl_all([Crawl(site, str(db), settings=ONCE) for site, db in dbs.items()])
        assert plain.requests == []
    for site, explanation in sites.items():
        (line,) = (line for line in log.splitlines() if f"{site}/robots.txt" in line)
        assert f"could not be read ({explanation}" in line
        assert "so no request may be sent. The run ends here" in line
        assert query(dbs[site], "SELECT outcome, exit_code, requests FROM runs") == [
            ("failed", 1, 0)
        ]


@pytest.mark.parametrize(
    ("error", "explanation"),
    [(KeyError("x"), "KeyError: 'x'"), (ValueError("no. "), "ValueError: no. "), (None, "None")],
)
def test_an_unknown_error_is_named(error: Exception | None, explanation: str) -> None:
    assert explanation in explain(error)
