"""Declared lengths against received bytes. test_warc_truncated imports such pages."""

from __future__ import annotations

import pytest

from scraper.warc.truncation import shortfall

BODY = b"x" * 1_000


@pytest.mark.parametrize(
    ("headers", "status", "expected"),
    [
        ([("Content-Length", "1001")], 200, "1,000 of 1,001 bytes"),
        ([("content-length ", " 1001 ")], None, "1,000 of 1,001 bytes"),
        ([("Content-Length", "1001"), ("Content-Encoding", "none")], 200, "of 1,001"),
        ([("Content-Length", "900, 1100")], 200, "of 1,100"),
        ([("Content-Length", "9000"), ("Content-Encoding", "gzip")], 200, "of 9,000"),
        ([("Content-Range", "bytes 5-1004/1005")], 206, "bytes 5 to 1,004 of 1,005"),
        ([("Content-Range", "bytes 0-999/*")], 206, "a part of the page"),
        ([("Content-Range", "bytes 0-999/2000")], 200, "bytes 0 to 999 of 2,000"),
        ([("X-Archive-Orig-Content-Range", "bytes 0-999/2000")], 200, "bytes 0 to 999 of 2,000"),
        ([("Content-Range", "bytes 0-999/1000")], 200, None),
        ([("Content-Range", "bytes */1000")], 200, None),
        ([("Content-Length", "1100"), ("Content-Encoding", "gzip")], 200, None),
        ([("Content-Length", "1000, 1100")], 200, None),
        ([("Content-Length", "1" * 5_000)], 200, None),
        ([("Content-Length", "١٠٠٠٠")], 200, None),
        ([("Content-Length", "9000")], 304, None),
        ([("Content-Length", "9000")], 204, None),
        ([("Content-Length", "9000"), ("Transfer-Encoding", "gzip, Chunked")], 200, None),
        ([("Content-Range", "bytes 0-999/1000")], 206, None),
        ([], 200, None),
    ],
)
def test_shortfall(
    headers: list[tuple[str, str]], status: int | None, expected: str | None
) -> None:
    found = shortfall(BODY, BODY, headers, status)
    assert (expected in found) if expected and found else found == expected


def test_the_longer_of_payload_and_body_counts() -> None:
    declared = [("Content-Length", "1000")]
    assert shortfall(b"x" * 10, BODY, declared) is None
    assert shortfall(BODY, b"x" * 10, declared) is None
    assert shortfall(b"", b"", declared) is not None
