"""Repeats, and records that a killed run left."""

from __future__ import annotations

import gzip
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from scraper.archive.writer import ArchiveWriter
from scraper.model import Incoming
from scraper.warc.own_files import OPEN
from scraper.warc.writer import WarcWriter
from tests.factories import MOMENT, make_article, make_capture, make_page
from tests.imports.warcs import WarcMaker

if TYPE_CHECKING:
    from pathlib import Path

OURS = {"X-Thaigov-Origin": "live"}
INVALID = {
    "not a record": gzip.compress(b"nothing"),
    "an empty member": gzip.compress(b""),
    "a year without its zero": WarcMaker().add(9, date="900-01-01T00:00:00", fields=OURS).content,
    "no date": WarcMaker().add(9, date="soon", fields=OURS).content,
    "an unknown origin": WarcMaker().add(9, fields={"X-Thaigov-Origin": "mars"}).content,
    "no status": WarcMaker().add(9, status="many", fields=OURS).content,
}


@pytest.mark.parametrize("kind", INVALID)
def test_an_invalid_record_is_skipped_and_reported(kind: str, tmp_path: Path) -> None:
    warc = WarcWriter(tmp_path / "warc", 1, MOMENT)
    place = warc.write(make_capture(1, b"first"), b"first", ())
    warc.mark_dirty()
    warc.close()
    path = tmp_path / "warc" / (place.file + OPEN)
    with path.open("ab") as file:
        file.write(INVALID[kind] + gzip.compress(b"torn")[:-3])
    with ArchiveWriter(tmp_path / "thaigov.db", "crawl latest", {}) as writer:
        assert writer.salvaged == 1
        problems = writer.db.execute("SELECT kind, detail FROM problems").fetchall()
    assert [kind for kind, _ in problems] == ["unreadable-record"]
    assert "it was skipped and stays in the file" in problems[0][1]
    assert not path.exists()
    assert (tmp_path / "warc" / place.file).read_bytes().endswith(INVALID[kind])
    with ArchiveWriter(tmp_path / "thaigov.db", "crawl latest", {}) as writer:
        assert (writer.salvaged, writer.faults) == (0, 0)


def test_repeated_bytes_are_stored_as_a_revisit_and_read_back(writer: ArchiveWriter) -> None:
    first = make_capture(fetched_at=MOMENT)
    later = make_capture(fetched_at=MOMENT + timedelta(days=1))
    writer.capture([Incoming(first)])
    (stored,) = writer.capture([Incoming(later)])
    writer.save([make_page(stored, make_article())])
    lengths = [n for (n,) in writer.db.execute("SELECT warc_length FROM captures").fetchall()]
    assert stored.id is not None
    assert writer.captures.load(stored.id) == later.model_copy(update={"id": stored.id})
    assert writer.db.execute("SELECT outcome FROM captures WHERE id = 2").fetchone() == (
        "duplicate",
    )
    assert len(lengths) == 2
