"""WARC records as captures: which are wanted, what is said of them, and what revisits repeat."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from hashlib import sha1, sha256
from typing import TYPE_CHECKING

import brotli
import pytest

from scraper.files.problem import ImportProblem
from scraper.imports.warc import read_warc
from scraper.model import Capture, Incoming, Origin
from scraper.pages import read as read_page
from scraper.practice.site.still import PracticeSite
from scraper.warc import records
from scraper.warc.record import digest_of
from scraper.warc.writer import WarcWriter
from tests.factories import MOMENT, make_capture
from tests.imports.warcs import DATE, HTML, WarcMaker, url_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BODY = "<p>ข่าว".encode() * 200


def read(*paths: Path, **arguments: object) -> tuple[list[Incoming], list[ImportProblem]]:
    found = list(read_warc(paths, **arguments))  # type: ignore[arg-type]
    incoming = [item for item in found if isinstance(item, Incoming)]
    return incoming, [item for item in found if isinstance(item, ImportProblem)]


def captures(*paths: Path) -> list[Capture]:
    incoming, problems = read(*paths)
    assert problems == []
    return [item.capture for item in incoming]


def kinds(problems: list[ImportProblem]) -> list[str]:
    return [problem.kind for problem in problems]


def test_a_page_becomes_a_capture(tmp_path: Path) -> None:
    path = WarcMaker().info().add(7, BODY).save(tmp_path / "x.warc.gz")
    (found,), problems = read(path)
    assert found.capture == Capture(
        url=url_of(7),
        fetched_at=datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC),
        origin=Origin.WARC,
        status=200,
        content_type=HTML[1],
        body=BODY,
        digest=digest_of(BODY),
        source="x.warc.gz",
    )
    assert (found.payload, found.headers, problems) == (BODY, (HTML,), [])


def test_what_tells_nothing_of_an_article_is_counted(tmp_path: Path) -> None:
    maker = (
        WarcMaker()
        .info()
        .add("https://practice.example/assets/x.css", b"css")
        .add("https://elsewhere.example/news/contents/details/7", BODY)
        .add("urn:text:" + url_of(7), b"text", kind="resource")
        .add(url_of(7), b"GET / HTTP/1.1\r\n\r\n", kind="request")
        .add(7, BODY)
        .add(8, b"", status="302 Found", headers=(HTML, ("Location", "/")))
        .add(8, b"", status="304 Not Modified")
        .add(9, b"gone", status="404 Not Found")
        .add(9, b"down", status="503 Service Unavailable")
        .add(9, b"no", status="403 Forbidden")
        .add(10, b"{}", headers=(("Content-Type", "application/json"),))
        .add(11, BODY, kind="resource")
        .add(url_of(12) + "?fbclid=x", BODY)
    )
    incoming, (problem,) = read(maker.save(tmp_path / "x.warc.gz"))
    assert [(item.capture.url, item.capture.status) for item in incoming] == [
        (url_of(7), 200),
        (url_of(9), 404),
        (url_of(9), 403),
        (url_of(11), None),
        (url_of(12) + "?fbclid=x", 200),
    ]
    assert problem.kind == "left-out"
    told = ("7 records", "3 other addresses", "2 redirects", "1 server errors", "1 other media")
    assert all(part in problem.detail for part in told), problem.detail


@pytest.mark.parametrize(
    ("date", "second"),
    [
        ("2024-05-06T07:08:09Z", "07:08:09"),
        ("2024-05-06T07:08:09.123456789Z", "07:08:09"),
        ("2024-05-06T14:08:09+07:00", "07:08:09"),
        ("2024-05-06T07:08:09", "07:08:09"),
        ("2024-05-06T07:08Z", "07:08:00"),
        ("2024-05-06", "00:00:00"),
    ],
)
def test_dates(date: str, second: str, tmp_path: Path) -> None:
    (capture,) = captures(WarcMaker().add(1, BODY, date=date).save(tmp_path / "x.warc.gz"))
    assert capture.fetched_at.isoformat() == f"2024-05-06T{second}+00:00"


@pytest.mark.parametrize("date", ["", "soon", "2024-02-30T00:00:00Z", "0001-01-01T00:00:00+14:00"])
def test_what_is_no_date(date: str, tmp_path: Path) -> None:
    incoming, problems = read(WarcMaker().add(1, BODY, date=date).save(tmp_path / "x.warc.gz"))
    assert (incoming, kinds(problems)) == ([], ["no-date"])


OURS = {"X-Thaigov-Origin": "corpus", "X-Thaigov-Source": "data/%E0%B8%81%09_1.txt"}


def test_records_of_an_archive_are_restored_with_their_origin(tmp_path: Path) -> None:
    maker = (
        WarcMaker()
        .add(1, BODY, kind="resource", fields=OURS)
        .add("https://practice.example/elsewhere", BODY, fields={"X-Thaigov-Origin": "live"})
        .add("file:///etc/passwd", BODY, kind="resource", fields=OURS)
        .add("", BODY, fields=OURS)
        .add("https://elsewhere.example/", BODY, fields={"X-Thaigov-Origin": "live"})
        .add(2, BODY, fields={"X-Thaigov-Origin": "unheard of"})
    )
    found, (problem,) = read(maker.save(tmp_path / "x.warc.gz"), own=True)
    assert [(item.capture.origin, item.capture.source) for item in found] == [
        (Origin.CORPUS, "data/ก\t_1.txt"),
        (Origin.LIVE, None),
        (Origin.WARC, "x.warc.gz"),
    ]
    assert (problem.kind, "3 other addresses" in problem.detail) == ("left-out", True)


def test_what_a_stranger_claims_of_the_origin_is_not_believed(tmp_path: Path) -> None:
    maker = WarcMaker().add(1, BODY, fields=OURS | {"X-Thaigov-Origin": "live"})
    maker.add("https://practice.example/elsewhere", BODY, fields={"X-Thaigov-Origin": "live"})
    (found,), (left_out, claimed) = read(maker.save(tmp_path / "x.warc.gz"))
    assert (found.capture.origin, found.capture.source) == (Origin.WARC, "x.warc.gz")
    assert (left_out.kind, claimed.kind) == ("left-out", "claimed-origin")
    assert "add --own" in claimed.detail


def chunked(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


ENCODED = ("Content-Encoding", "gzip")
CHUNKED = ("Transfer-Encoding", "chunked")


@pytest.mark.parametrize(
    ("content", "payload", "headers"),
    [
        (gzip.compress(BODY), gzip.compress(BODY), (HTML, ENCODED)),
        (chunked(BODY), BODY, (HTML, CHUNKED)),
        (BODY, BODY, (HTML, CHUNKED)),
        (BODY, BODY, (HTML, ENCODED)),
        (chunked(gzip.compress(BODY)), gzip.compress(BODY), (HTML, ENCODED, CHUNKED)),
        (brotli.compress(BODY), brotli.compress(BODY), (HTML, ("Content-Encoding", "br"))),
        (gzip.compress(gzip.compress(BODY)),) * 2 + ((HTML, ENCODED),),
    ],
)
def test_codings_are_undone(
    content: bytes, payload: bytes, headers: tuple[tuple[str, str], ...], tmp_path: Path
) -> None:
    path = WarcMaker().add(1, content, headers=headers).save(tmp_path / "x.warc.gz")
    (found,), problems = read(path)
    assert (found.capture.body, found.payload, problems) == (BODY, payload, [])
    assert found.headers == tuple(header for header in headers if header != CHUNKED)


def test_an_import_reads_back_from_the_archive_as_it_was(tmp_path: Path) -> None:
    """What the import decodes, a later reading of our own record decodes alike."""
    maker = WarcMaker()
    for number, (content, *headers) in enumerate(
        [
            (gzip.compress(gzip.compress(BODY)), ENCODED),
            (chunked(b"abc\r\n" + BODY), CHUNKED),
            (brotli.compress(BODY), ("Content-Encoding", "br")),
            (BODY, ENCODED),
        ]
    ):
        maker.add(number, content, headers=(HTML, *headers))
    incoming, _ = read(maker.save(tmp_path / "x.warc.gz"))
    writer = WarcWriter(tmp_path / "ours", 1, MOMENT)
    for item in incoming:
        writer.write(item.capture, item.payload or b"", item.headers)
    writer.close()
    again, problems = read(tmp_path / "ours", own=True)
    assert ([item.capture for item in again], problems) == ([i.capture for i in incoming], [])


DOUBTS: dict[str, Callable[[WarcMaker], WarcMaker]] = {
    "digest-mismatch": lambda m: m.add(1, BODY, fields={"WARC-Payload-Digest": "sha1:AAAA"}),
    "damaged-coding": lambda m: m.add(1, gzip.compress(BODY * 9)[:-20], headers=(HTML, ENCODED)),
    "truncated": lambda m: m.add(1, BODY, fields={"WARC-Truncated": "length"}),
}
USELESS: dict[str, Callable[[WarcMaker], WarcMaker]] = {
    "no-date": lambda m: m.add(1, BODY, date="yesterday"),
    "no-status": lambda m: m.add(1, BODY, status="99999999999999999999 OK"),
    "unresolved-revisit": lambda m: m.add(1, b"", kind="revisit"),
    "too-large": lambda m: m.add(1, b"x" * 99_999),
}


@pytest.mark.parametrize("kind", [*DOUBTS, *USELESS])
def test_problems_are_named_and_tell_the_place(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "MAX_BYTES", 90_000)
    maker = (DOUBTS | USELESS)[kind](WarcMaker().add(9, BODY)).add(10, BODY)
    incoming, (problem,) = read(maker.save(tmp_path / "x.warc.gz"))
    assert len(incoming) == (3 if kind in DOUBTS else 2)
    assert problem.kind == kind
    assert f"byte {maker.starts[1]:,} ({url_of(1)})" in str(problem)


@pytest.mark.parametrize(
    "digest",
    [
        f"sha256:{sha256(gzip.compress(BODY, mtime=0)).hexdigest()}",
        f"sha1:{sha1(gzip.compress(BODY, mtime=0)).hexdigest().upper()}",
        f"sha1:{sha1(BODY).hexdigest()}",
        "blake9:whatever",
    ],
)
def test_digests_in_the_forms_that_exist(digest: str, tmp_path: Path) -> None:
    maker = WarcMaker().add(
        1,
        gzip.compress(BODY, mtime=0),
        headers=(HTML, ENCODED),
        fields={"WARC-Payload-Digest": digest},
    )
    assert len(captures(maker.save(tmp_path / "x.warc.gz"))) == 1


DAY = "2024-05-07T00:00:00Z"
REFERS = {
    "address and time": {"WARC-Refers-To-Target-URI": url_of(1), "WARC-Refers-To-Date": DATE},
    "digest": {"WARC-Payload-Digest": f"sha256:{digest_of(BODY)}"},
}
STATED = {"WARC-Payload-Digest": f"sha256:{digest_of(BODY)}"}


@pytest.mark.parametrize("refers", REFERS)
@pytest.mark.parametrize("order", ["after", "before", "in a file after", "in a file before"])
def test_a_revisit_has_the_bytes_of_its_original_and_its_own_time(
    refers: str, order: str, tmp_path: Path
) -> None:
    one = WarcMaker()
    other = WarcMaker() if "file" in order else one
    steps: list[Callable[[], WarcMaker]] = [
        lambda: one.add(1, BODY, fields=STATED),
        lambda: other.add(1, b"", kind="revisit", date=DAY, fields=REFERS[refers]),
    ]
    for step in reversed(steps) if "before" in order else steps:
        step()
    paths = [one.save(tmp_path / "one.warc.gz")]
    if other is not one:
        paths.append(other.save(tmp_path / "other.warc.gz"))
    if "before" in order:
        paths.reverse()
    first, second = sorted(captures(*paths), key=lambda capture: capture.fetched_at)
    assert (first.body, second.body) == (BODY, BODY)
    assert (first.digest, second.digest) == (digest_of(BODY),) * 2
    assert second.fetched_at == datetime(2024, 5, 7, tzinfo=UTC)


def test_revisits_of_what_is_no_page_are_passed_over(tmp_path: Path) -> None:
    maker = (
        WarcMaker()
        .add(1, b"", status="302 Found", fields=STATED)
        .add(1, b"", kind="revisit", date=DAY, fields=REFERS["address and time"])
    )
    incoming, (problem,) = read(maker.save(tmp_path / "x.warc.gz"))
    assert (incoming, problem.kind) == ([], "left-out")


def test_a_revisit_of_the_archives_own_capture(tmp_path: Path) -> None:
    asked = []

    def recall(*question: object) -> Capture:
        asked.append(question)
        return make_capture(1, BODY, digest=digest_of(gzip.compress(BODY)))

    fields = {"WARC-Payload-Digest": f"sha256:{digest_of(gzip.compress(BODY))}"}
    maker = WarcMaker().add(1, b"", kind="revisit", date=DAY, fields=fields)
    maker.add(url_of(1) + "/", b"", kind="revisit", date=DAY, fields=REFERS["address and time"])
    (same, other), problems = read(maker.save(tmp_path / "x.warc.gz"), recall=recall)
    assert problems == []
    assert asked == [
        (url_of(1), None, digest_of(gzip.compress(BODY))),
        (url_of(1), datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC), ""),
    ]
    assert (same.capture.digest, same.capture.origin) == (digest_of(gzip.compress(BODY)), "warc")
    assert (other.capture.digest, other.capture.url) == (digest_of(BODY), url_of(1) + "/")


def test_a_page_in_windows_874_is_read(tmp_path: Path) -> None:
    site = PracticeSite(size=20)
    number = next(n for n in site.numbers() if site.truth(n).oddity == "plain")
    html = site.html(number).decode().replace("utf-8", "windows-874").encode("cp874", "replace")
    headers = (("Content-Type", "text/html"),)
    maker = WarcMaker().add(number, html, headers=headers)
    (capture,) = captures(maker.save(tmp_path / "x.warc.gz"))
    article = read_page(capture).article
    assert article is not None
    assert article.title == site.truth(number).title
    assert article.published_on == site.truth(number).published_on
