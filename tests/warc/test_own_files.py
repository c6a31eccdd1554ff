"""Reading an archive's own WARC files: names, places, records."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scraper.warc.own_files import OPEN, RecordPlace, files_of, finish, read_capture, read_record
from scraper.warc.record import WarcError
from scraper.warc.writer import WarcWriter
from tests.factories import MOMENT, make_capture
from tests.imports.warcs import WarcMaker

if TYPE_CHECKING:
    from pathlib import Path


def test_files_of_another_archive_are_not_listed(tmp_path: Path) -> None:
    for archive in ("news", "news-2", "old-news"):
        writer = WarcWriter(tmp_path, 7, MOMENT, archive)
        writer.write(make_capture(), make_capture().body, ())
        writer.close()
    (path,) = files_of(tmp_path, "news")
    assert path.name == "news-20250821030000-000007-00000.warc.gz"
    unfinished = path.rename(f"{path}{OPEN}")
    assert files_of(tmp_path, "news") == [unfinished]
    finish(unfinished)
    assert files_of(tmp_path, "news") == [path]


def test_finishing_an_empty_file_deletes_it(tmp_path: Path) -> None:
    path = tmp_path / f"x.warc.gz{OPEN}"
    path.touch()
    finish(path)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_file_and_a_wrong_offset_are_reported(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, 7, MOMENT)
    place = writer.write(make_capture(), make_capture().body, ())
    writer.close()
    with pytest.raises(WarcError, match=r"nowhere\.warc\.gz: this WARC file is missing"):
        read_capture(tmp_path, RecordPlace("nowhere.warc.gz", 0, 1))
    with pytest.raises(WarcError, match=f"no readable record of .* at offset {place.offset + 3}"):
        read_capture(tmp_path, place._replace(offset=place.offset + 3))
    with pytest.raises(WarcError, match="no readable record"):
        read_capture(tmp_path, place._replace(offset=place.offset + place.length))


@pytest.mark.parametrize(
    "fields",
    [{"X-Thaigov-Origin": "mars"}, {"WARC-Date": "yesterday"}, {"WARC-Type": "", "X": "y"}],
    ids=["unknown origin", "no date", "no type"],
)
def test_records_that_this_program_cannot_have_written_raise(fields: dict[str, str]) -> None:
    content = WarcMaker(gzip=False).add(1, b"<p>page", fields=fields).content
    if "WARC-Type" in fields:
        content = content.replace(b"WARC-Type: response", b"WARC-Kind: response")
    with pytest.raises(WarcError, match="without a readable record"):
        read_record(content)


def test_a_record_larger_than_a_page_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scraper.warc.records.MAX_BYTES", 100)
    record = read_record(WarcMaker(gzip=False).add(1, b"x" * 5_000).content)
    assert record.capture is not None
    assert record.capture.body == b"x" * 5_000
