"""Makes WARC files with warcio, record by record, and imports them."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scraper.files.problem import ImportProblem
from scraper.imports.warc import read_warc
from scraper.model import Incoming, Layout
from scraper.sources import PRACTICE, article_url

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.model import Capture

BODY = "<p>ข่าว".encode() * 200
DATE = "2024-05-06T07:08:09Z"
HTML = ("Content-Type", "text/html; charset=UTF-8")


def url_of(number: int) -> str:
    return article_url(PRACTICE, Layout.CONTENTS, number)


def read_all(*paths: Path, **arguments: object) -> tuple[list[Incoming], list[ImportProblem]]:
    """Import files; return the captures and the problems."""
    found = list(read_warc(paths, **arguments))  # type: ignore[arg-type]
    incoming = [item for item in found if isinstance(item, Incoming)]
    return incoming, [item for item in found if isinstance(item, ImportProblem)]


def read_captures(*paths: Path) -> list[Capture]:
    """Import files that have no problems."""
    incoming, problems = read_all(*paths)
    assert problems == []
    return [item.capture for item in incoming]


def kinds_of(problems: list[ImportProblem]) -> list[str]:
    return [problem.kind for problem in problems]


class WarcMaker:
    """Builds a WARC file from records.

    Attributes:
        starts: offset of each record, in order.
    """

    def __init__(self, *, gzip: bool = True) -> None:
        self.starts: list[int] = []
        self._file = BytesIO()
        self._writer = WARCWriter(self._file, gzip=gzip)

    def add(
        self,
        url: str | int,
        body: bytes = b"<p>page</p>",
        *,
        kind: str = "response",
        date: str = DATE,
        status: str = "200 OK",
        headers: tuple[tuple[str, str], ...] = (HTML,),
        fields: dict[str, str] | None = None,
    ) -> WarcMaker:
        """Add a record; a number means the URL of that article."""
        http = StatusAndHeaders(status, list(headers), protocol="HTTP/1.1")
        return self._write(
            self._writer.create_warc_record(
                url if isinstance(url, str) else url_of(url),
                kind,
                payload=BytesIO(body),
                length=len(body),
                warc_content_type=headers[0][1] if kind == "resource" else "",
                warc_headers_dict={"WARC-Date": date} | (fields or {}),
                http_headers=http if kind in {"response", "revisit"} else None,
            )
        )

    def info(self) -> WarcMaker:
        return self._write(self._writer.create_warcinfo_record("x.warc.gz", {"software": "test"}))

    def save(self, path: Path) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.content)
        return path

    @property
    def content(self) -> bytes:
        return self._file.getvalue()

    def _write(self, record: object) -> WarcMaker:
        self.starts.append(self._file.tell())
        self._writer.write_record(record)
        return self
