"""A small archive with every shape that an export must keep, and rows in every table of facts."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from scraper.archive.writer import ArchiveWriter
from scraper.export import FORMATS
from scraper.export.format import Options
from scraper.export.make import Made, load_format, make_export
from scraper.export.selection import ExportQuery
from scraper.facts.dates import FieldDate
from scraper.model import AgencyMentions, Incoming, MinistryScore, TextField
from scraper.thai.dates.date_mention import DateMention, Precision
from tests.factories import make_article, make_capture, make_page

if TYPE_CHECKING:
    from pathlib import Path

LONG = "ข้อความยาวมาก 😀 " * 3_000  # longer than a cell of a spreadsheet
ODD = 'ย่อหน้า "แรก", มีจุลภาค\n=1+1 บรรทัดที่สอง; อัฒภาค\n@SUM(A1) 😀'
IN_2024, IN_2025 = date(2024, 12, 31), date(2025, 1, 1)

INDUSTRY = MinistryScore(ministry="industry", score=9.5, evidence=("title: โรงงาน", "body: อก."))
ARTICLES: tuple[dict[str, Any], ...] = (
    {"number": 5, "title": "=1+1 หัวข้อสูตร", "body": ODD, "lead": "+66 2 123 4567 ความนำ",
     "published_on": IN_2024, "published_raw": "วันอังคารที่ 31 ธันวาคม 2567", "category": "ด้านเศรษฐกิจ",
     "entered_on": date(2025, 1, 2), "tail": "#น้ำตาล", "hashtags": ("น้ำตาล", "อ้อย")},
    {"number": 3, "title": "โรงงานสีเขียวเปิดใหม่", "published_on": IN_2025, "body": "เนื้อข่าวสั้น",
     "published_raw": None, "category": None,
     "ministries": (INDUSTRY,
                    MinistryScore(ministry="labour", score=5.0, evidence=("body: แรงงาน",))),
     "agencies": (AgencyMentions(agency="diw", mentions=2, evidence=("title: กรม", "body: กรอ.")),),
     "dates": (FieldDate(field=TextField.BODY, mention=DateMention(
         start=0, end=5, text="เนื้อ", start_on=date(1868, 10, 1), end_on=date(1868, 10, 1),
         precision=Precision.DAY, inferred=True, flags=("far", "wrong-weekday"))),
               FieldDate(field=TextField.BODY, mention=DateMention(
         start=6, end=8, text="ข่าว", start_on=None, end_on=None, flags=("impossible",))))},
    {"number": 9, "title": "Long words in English", "body": LONG.strip(), "language": "en",
     "published_on": IN_2025, "published_raw": "Wednesday 1 January 2025"},
    {"number": 7, "title": "ไม่มีวันที่", "published_on": None, "published_raw": None, "body": "ว่าง"},
)  # fmt: skip

# The kinds of these tables may be found in no article yet. {a} and {b} are articles 3 and 5.
ROWS = """
INSERT OR IGNORE INTO provinces VALUES ('TH-20', 'ชลบุรี', 'Chon Buri', 'east', 13.36, 100.98);
INSERT OR IGNORE INTO people VALUES (1, 'สมมติ ใจดี'), (2, 'สมหมาย อื่นใด');
INSERT INTO person_mentions VALUES
    ({a}, 'body', 0, 'นายสมมติ ใจดี', 1, 'นาย', '=รัฐมนตรี', NULL, 'full'),
    ({b}, 'body', 0, 'สมหมาย', 2, NULL, NULL, NULL, 'first');
INSERT INTO agency_mentions VALUES ({a}, 'body', 0, 'กรมโรงงาน', 'diw');
INSERT INTO place_mentions VALUES
    ({a}, 'body', 3, 'จ.ชลบุรี', 'province', 'TH-20', NULL, 'ชลบุรี'),
    ({a}, 'body', 9, 'ชลบุรี', 'province', 'TH-20', NULL, 'ชลบุรี');
INSERT INTO money_mentions VALUES
    ({a}, 'body', 4, '1.5 ล้านบาท', 1500000.0, NULL, 'THB', 1, NULL);
INSERT INTO events VALUES
    (1, {a}, '2025-01-15', '2025-01-15', '09:30', '16:00', 'ห้องประชุม, ชั้น 2; อาคาร',
     'TH-20', 1, 0.9),
    (2, {b}, '2025-02-01', '2025-02-03', '08:00', NULL, NULL, NULL, NULL, 0.5);
"""


def make_sample(db: Path) -> None:
    """Create the archive."""
    with ArchiveWriter(db, "test", {}) as writer:
        for fields in ARTICLES:
            number, rest = fields["number"], {k: v for k, v in fields.items() if k != "number"}
            moment = datetime(2025, 8, 21, 3, number, tzinfo=UTC)
            capture = make_capture(number, f"<p>หน้า {number}</p>".encode(), fetched_at=moment)
            (stored,) = writer.capture([Incoming(capture)])
            writer.save([make_page(stored, make_article(number, **rest))])
    with closing(sqlite3.connect(db)) as connection, connection:
        ids = dict(connection.execute("SELECT site_id, id FROM articles"))
        connection.executescript(ROWS.format(a=ids[3], b=ids[5]))


def export(
    db: Path, form: str, out: Path, query: ExportQuery | None = None, **options: Any
) -> Made:
    """Export an archive."""
    replace = options.pop("replace", False)
    return make_export(
        load_format(form), out, query or ExportQuery(), Options(db, **options), replace=replace
    )


def sql(db: Path, statement: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query."""
    with closing(sqlite3.connect(db)) as connection:
        return connection.execute(statement).fetchall()


def contents(path: Path) -> dict[str, bytes]:
    """Return every file of an export by its relative path, with the manifest of a file."""
    if path.is_dir():
        files = [found for found in path.rglob("*") if found.is_file()]
        return {found.relative_to(path).as_posix(): found.read_bytes() for found in files}
    beside = path.with_name(f"{path.name}.manifest.json")
    return {"": path.read_bytes(), "manifest": beside.read_bytes()}


EVERY_FORMAT = tuple(FORMATS)
