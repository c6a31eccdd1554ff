"""What a run that was killed leaves: all that can be read is taken in, the rest is named."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from scraper.archive.writer import ArchiveWriter
from scraper.warc.own_files import OPEN
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
