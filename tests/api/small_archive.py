"""Creates an archive of two invented articles, for tests and the examples of docs/library.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.archive.writer import ArchiveWriter
from scraper.imports.ingest import ingest
from scraper.model import Incoming, Layout, Scope
from scraper.sources import THAIGOV, article_url
from scraper.warc.record import digest_of
from tests.factories import make_corpus_file

if TYPE_CHECKING:
    from pathlib import Path

NUMBER, OTHER = 87574, 87575
TITLE = "กรมโรงงานอุตสาหกรรมตรวจโรงงานน้ำตาล"
BODY = (
    "นายสมใจ ใจดี อธิบดีกรมโรงงานอุตสาหกรรม เปิดเผยว่า เมื่อวันที่ 20 สิงหาคม 2568 เวลา 09.00-24.00 น. "
    "กระทรวงอุตสาหกรรมตรวจโรงงานที่ อ.ศรีราชา จ.ชลบุรี ตาม พ.ร.บ.โรงงาน พ.ศ. 2535 "
    "ด้วยงบประมาณกว่า 1.5 ล้านบาท ในโครงการ “โรงงานใส่ใจ”\n"
    "สอบถามได้ที่ โทร. 0 2430 6000"
)
OTHER_TITLE, OTHER_BODY = "โรงงานของชาวบ้านเปิดแล้ว", "ชาวบ้านเปิดโรงงานเล็ก ๆ ของตนเอง"


def _file(number: int, title: str, body: str, day: str) -> Incoming:
    url = article_url(THAIGOV, Layout.CONTENTS, number)
    text = f"รัฐบาลไทย-ข่าวทำเนียบรัฐบาล-{title}\n\n\n{day}\n{title}\n.....\n{body}\n\nที่มา : {url}"
    return Incoming(
        make_corpus_file(number).model_copy(
            update={"url": url, "body": text.encode(), "digest": digest_of(text.encode())}
        )
    )


def write_archive(path: Path) -> None:
    """Write the archive."""
    with ArchiveWriter(path, "import corpus", {}, scope=Scope.ALL) as writer:
        ingest(
            writer,
            [
                _file(NUMBER, TITLE, BODY, "วันพฤหัสบดีที่ 21 สิงหาคม 2568"),
                _file(OTHER, OTHER_TITLE, OTHER_BODY, "วันศุกร์ที่ 22 สิงหาคม 2568"),
            ],
            workers=0,
        )
