"""Records that a worker makes, and which of them are read back."""

from __future__ import annotations

import gzip

import pytest

from scraper.model import Capture, Origin, Scope
from scraper.warc import make_record as module
from scraper.warc.make_record import make_record
from scraper.warc.own_files import read_record
from scraper.warc.record import WarcError
from tests.factories import make_capture, make_corpus_file


def test_a_record_has_the_capture_and_its_own_identity() -> None:
    file = make_corpus_file(7)
    made = make_record(file, file.body, (), Scope.INDUSTRY)
    found = read_record(gzip.decompress(made.member))
    assert found.capture == file.model_copy(update={"scope": Scope.INDUSTRY})
    assert (made.url, found.url) == (file.url, file.url)
    assert found.fields.get_header("WARC-Record-ID") == made.record_id
    assert make_record(file, file.body, ()).record_id != made.record_id


@pytest.mark.parametrize(
    ("capture", "is_read_back"),
    [
        (make_corpus_file(1), False),
        (make_corpus_file(1).model_copy(update={"url": "file:///ข่าว 1.txt"}), True),
        (make_corpus_file(1).model_copy(update={"content_type": "text/plain; name=ก"}), True),
        (make_capture(), True),  # HTTP headers may be anything
    ],
    ids=["plain fields", "odd URL", "odd type", "HTTP"],
)
def test_a_record_is_read_back_if_it_may_differ(
    monkeypatch: pytest.MonkeyPatch, capture: Capture, is_read_back: bool
) -> None:
    checked = []
    monkeypatch.setattr(module, "_check", lambda *record: checked.append(record))
    make_record(capture, capture.body, ())
    assert bool(checked) is is_read_back


def test_a_record_that_would_not_read_back_is_refused() -> None:
    broken = make_capture(url="https://practice.example/a\r\nb", origin=Origin.WARC, status=None)
    with pytest.raises(WarcError, match="does not read back"):
        make_record(broken, broken.body, ())
