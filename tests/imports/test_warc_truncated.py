"""Truncated pages: kept and marked, never stored as the article, replaced by a complete copy."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import pytest

from scraper.archive.writer import ArchiveWriter
from scraper.imports.ingest import ingest
from scraper.imports.warc import read_warc
from scraper.model import Incoming
from scraper.practice.site.still import PracticeSite
from scraper.upkeep.reparse import CaptureSelection, reparse
from tests.imports.warcs import HTML, WarcMaker

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SITE = PracticeSite(size=20)
NUMBER = next(n for n in SITE.numbers() if SITE.truth(n).oddity == "plain")
PAGE = SITE.html(NUMBER)
HALF = PAGE[: len(PAGE) // 2]
GZIPPED = gzip.compress(PAGE)
ENCODED = ("Content-Encoding", "gzip")
CHUNKED = ("Transfer-Encoding", "chunked")
OLDER, NEWER = "2024-05-05T00:00:00Z", "2024-06-06T00:00:00Z"


def length(body: bytes, *, more: int = 0, name: str = "Content-Length") -> tuple[str, str]:
    return name, str(len(body) + more)


def page(body: bytes, *headers: tuple[str, str], **more: Any) -> Callable[[WarcMaker], WarcMaker]:
    return lambda maker: maker.add(NUMBER, body, headers=(HTML, *headers), date=NEWER, **more)


TRUNCATED = {
    "marked": page(HALF, fields={"WARC-Truncated": "length"}),
    "declared": page(HALF, length(PAGE)),
    "declared twice": page(HALF, length(PAGE), length(PAGE)),
    "declared in a list": page(HALF, ("Content-Length", f"{len(PAGE)}, {len(PAGE)}")),
    "declared differently": page(HALF, length(PAGE), length(HALF, more=-9)),
    "declared beside no coding": page(HALF, length(PAGE), ("Content-Encoding", "identity")),
    "declared by a replay": page(HALF, length(PAGE, name="X-Archive-Orig-Content-Length")),
    "declared by Common Crawl": page(HALF, length(PAGE, name="X-Crawl-Content-Length")),
    "less than was compressed": page(PAGE[:400], length(GZIPPED), ENCODED),
    "gzip": page(GZIPPED[:-300], ENCODED),
    "gzip without its trailer": page(GZIPPED[:-8], ENCODED),
    "gzip that no header names": page(GZIPPED[:-300]),
    "chunks": page(b"%x\r\n%s\r\n" % (len(HALF), HALF), CHUNKED),
    "a range": page(
        HALF, ("Content-Range", f"bytes 0-{len(HALF) - 1}/{len(PAGE)}"), status="206 Partial"
    ),
    "a range that is no 206": page(
        HALF, ("X-Archive-Orig-Content-Range", f"bytes 0-{len(HALF) - 1}/{len(PAGE)}")
    ),
    "a segment": page(HALF, fields={"WARC-Segment-Number": "1"}),
    "a range of unknown size": page(HALF, status="206 Partial"),
}
COMPLETE = {
    "no length": page(PAGE),
    "its length": page(PAGE, length(PAGE)),
    "one of two lengths": page(PAGE, length(PAGE), length(PAGE, more=9)),
    "decoded since": page(PAGE, length(GZIPPED), ENCODED),
    "compressed since": page(GZIPPED, length(PAGE), ENCODED),
    "compressed without a header": page(GZIPPED, length(PAGE)),
    "no number": page(PAGE, ("Content-Length", "many"), ("Content-Length", "-1")),
    "chunks beside a length": page(
        b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE), CHUNKED, length(PAGE, more=9)
    ),
    "all of a range": page(
        PAGE, ("Content-Range", f"bytes 0-{len(PAGE) - 1}/{len(PAGE)}"), status="206 Partial"
    ),
}
CAPTURES = "SELECT outcome, content_hash, digest FROM captures ORDER BY fetched_at, id"


def import_files(db: Path, *paths: Path, own: bool = False) -> dict[str, Any]:
    """Import files; return the content of the archive."""
    with ArchiveWriter(db, "import warc", {}) as writer:
        found = read_warc(paths, writer.captures.find_revisited, own=own)
        ingest(writer, (item for item in found if isinstance(item, Incoming)), workers=0)
        return content(writer)


def content(writer: ArchiveWriter) -> dict[str, Any]:
    return {
        "captures": writer.db.execute(CAPTURES).fetchall(),
        "revisions": writer.db.execute("SELECT revision FROM articles").fetchall(),
        "problems": writer.db.execute("SELECT kind FROM problems WHERE stage='pages'").fetchall(),
        "has": any(
            writer.frontier.has_article(url)
            for (url,) in writer.db.execute("SELECT article_url FROM captures")
        ),
    }


@pytest.mark.parametrize("form", TRUNCATED)
def test_a_truncated_page_is_marked_and_replaced_by_a_complete_copy(
    form: str, tmp_path: Path
) -> None:
    db = tmp_path / "thaigov.db"
    first = import_files(db, TRUNCATED[form](WarcMaker()).save(tmp_path / "cut.warc.gz"))
    assert [outcome for outcome, *_ in first["captures"]] == ["unparsed"]
    assert (first["has"], first["revisions"]) == (False, [])
    assert ("truncated",) in first["problems"]

    whole = WarcMaker().add(NUMBER, PAGE, date=OLDER).save(tmp_path / "whole.warc.gz")
    both = import_files(db, whole)
    assert [outcome for outcome, *_ in both["captures"]] == ["article", "unparsed"]
    assert (both["has"], both["revisions"]) == (True, [(1,)])

    # Reparsing, and restoring from the WARC files, give the same.
    with ArchiveWriter(db, "reparse", {}) as writer:
        reparse(writer, CaptureSelection().groups(writer.db), workers=0)
        assert content(writer) == both
    restored = import_files(tmp_path / "restored" / "thaigov.db", tmp_path / "warc", own=True)
    assert restored == both


@pytest.mark.parametrize("form", COMPLETE)
def test_lengths_of_something_else_are_ignored(form: str, tmp_path: Path) -> None:
    path = COMPLETE[form](WarcMaker()).save(tmp_path / "x.warc.gz")
    found = import_files(tmp_path / "thaigov.db", path)
    assert [outcome for outcome, *_ in found["captures"]] == ["article"]
    assert ("truncated",) not in found["problems"]


def test_the_same_bytes_may_be_truncated_once_and_complete_once(tmp_path: Path) -> None:
    maker = page(PAGE, length(PAGE, more=99))(WarcMaker()).add(NUMBER, PAGE, date=OLDER)
    path = maker.save(tmp_path / "x.warc.gz")
    found = import_files(tmp_path / "thaigov.db", path)
    assert [outcome for outcome, *_ in found["captures"]] == ["duplicate", "unparsed"]
    assert found["has"]
    assert import_files(tmp_path / "restored" / "thaigov.db", tmp_path / "warc", own=True) == found


@pytest.mark.parametrize("is_gzip", [True, False])
@pytest.mark.parametrize("is_last", [True, False])
def test_a_record_shorter_than_its_length_is_truncated(
    is_gzip: bool, is_last: bool, tmp_path: Path
) -> None:
    maker = WarcMaker(gzip=False).add(NUMBER, PAGE, date=NEWER)
    record = maker.content[: -len(PAGE) // 2]
    after = b"" if is_last else WarcMaker(gzip=is_gzip).add(NUMBER + 1, PAGE).content
    path = tmp_path / "x.warc.gz"
    path.write_bytes((gzip.compress(record) if is_gzip else record) + after)
    found = import_files(tmp_path / "thaigov.db", path)
    assert ("unparsed", None) in [capture[:2] for capture in found["captures"]]
    assert len(found["captures"]) == 2 - is_last
    assert ("truncated",) in found["problems"]


def test_a_truncated_404_is_still_a_missing_page(tmp_path: Path) -> None:
    maker = page(b"not fo", ("Content-Length", "9"), status="404 Not Found")(WarcMaker())
    found = import_files(tmp_path / "thaigov.db", maker.save(tmp_path / "x.warc.gz"))
    assert (found["captures"][0][0], found["problems"]) == ("missing", [])
