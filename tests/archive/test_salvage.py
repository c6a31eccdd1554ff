"""What a run that was killed leaves: all that can be read is taken in, the rest is named."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from scraper.archive.salvage import salvage, unfinished
from scraper.archive.writer import ArchiveWriter
from scraper.warc.own_files import OPEN, finish, read_capture
from scraper.warc.writer import WarcWriter
from tests.factories import MOMENT, make_capture
from tests.imports.warcs import WarcMaker

if TYPE_CHECKING:
    from pathlib import Path

OURS = {"X-Thaigov-Origin": "live"}
STRANGE = {
    "no record": gzip.compress(b"nothing"),
    "an empty member": gzip.compress(b""),
    "a year without its zero": WarcMaker().add(9, date="900-01-01T00:00:00", fields=OURS).content,
    "no date": WarcMaker().add(9, date="soon", fields=OURS).content,
    "an unknown origin": WarcMaker().add(9, fields={"X-Thaigov-Origin": "mars"}).content,
    "no status": WarcMaker().add(9, status="many", fields=OURS).content,
}


@pytest.mark.parametrize("kind", STRANGE)
def test_a_member_that_is_no_record_stops_nothing(kind: str, tmp_path: Path) -> None:
    warc = WarcWriter(tmp_path / "warc", 1, MOMENT)
    place = warc.write(make_capture(1, b"first"), b"first", ())
    warc.mark_dirty()
    warc.close()
    path = tmp_path / "warc" / (place.file + OPEN)
    with path.open("ab") as file:
        file.write(STRANGE[kind] + gzip.compress(b"torn")[:-3])
    with ArchiveWriter(tmp_path / "thaigov.db", "crawl latest", {}) as writer:
        assert writer.salvaged == 1
        told = writer.db.execute("SELECT kind, detail FROM problems").fetchall()
    assert [name for name, _ in told] == ["unreadable-record"]
    assert "it was passed over and stays in the file" in told[0][1]
    assert not path.exists()
    assert (tmp_path / "warc" / place.file).read_bytes().endswith(STRANGE[kind])
    with ArchiveWriter(tmp_path / "thaigov.db", "crawl latest", {}) as writer:
        assert (writer.salvaged, writer.faults) == (0, 0)


HEADERS = (("Content-Type", "text/html; charset=utf-8"),)


def killed(out: WarcWriter) -> Path:
    """Leave the file of a writer as a killed process does; return its path."""
    out.close()
    (closed,) = out.folder.glob("*.warc.gz")
    return closed.rename(f"{closed}.open")


@pytest.mark.parametrize("cut", [1, 20, 150])
def test_salvage_cuts_off_a_torn_record_and_yields_complete_ones(tmp_path: Path, cut: int) -> None:
    out = WarcWriter(tmp_path, 7, MOMENT)
    known = out.write(make_capture(1), make_capture(1).body, HEADERS)
    unknown = out.write(make_capture(2), make_capture(2).body, HEADERS)
    out.write(make_capture(3), make_capture(3).body, HEADERS)
    path = killed(out)
    path.write_bytes(path.read_bytes()[:-cut])

    assert unfinished(tmp_path, "thaigov") == [path]
    found = list(salvage(path, known.offset + known.length))
    finish(path)

    assert found == [(make_capture(2), unknown)]
    closed = tmp_path / known.file
    assert closed.stat().st_size == unknown.offset + unknown.length
    assert not unfinished(tmp_path, "thaigov")


def test_salvage_removes_garbage_after_the_last_record(tmp_path: Path) -> None:
    out = WarcWriter(tmp_path, 7, MOMENT)
    known = out.write(make_capture(1), make_capture(1).body, HEADERS)
    path = killed(out)
    path.write_bytes(path.read_bytes() + b"\0" * 5_000)
    assert list(salvage(path, known.offset + known.length)) == []
    assert read_capture(tmp_path, known) == make_capture(1)


def test_salvage_deletes_a_file_without_a_complete_record(tmp_path: Path) -> None:
    path = tmp_path / "thaigov-x.warc.gz.open"
    path.write_bytes(b"\x1f\x8b\x08")
    assert list(salvage(path, 0)) == []
    finish(path)
    assert list(tmp_path.iterdir()) == []
