"""Lines of boilerplate, and statements of pages without an article."""

from __future__ import annotations

import pytest

from scraper.pages.news.boilerplate import boilerplate_kind, statement
from scraper.reference import read_table
from tests.pages.samples import BODY, HEADLINE, LEAD


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("(current)", "pager"),
        ("‹", "pager"),
        ("Next", "pager"),
        ("3 (current)", "pager"),
        ("เอกสารประกอบ", "files"),
        ("อัลบั้มภาพ", "files"),
        ("ข่าวที่เกี่ยวข้อง", "related"),
        ("กำลังโหลด…", "loading"),
        ("Loading...", "loading"),
        ("ทำเนียบรัฐบาล ถนนตัวอย่าง", "footer"),
        ("โทร. ๐ ๒๐๐๐ ๐๐๐๐", "footer"),
        ("© 2568 สงวนลิขสิทธิ์", "footer"),
        ("Facebook | X | YouTube", "footer"),
        ("12", None),
        (HEADLINE, None),
        (LEAD, None),
        (BODY[0], None),
        ("Loading of goods begins at the new port", None),
        ("โทร. " + "0" * 300, None),
    ],
)
def test_boilerplate_kinds(line: str, kind: str | None) -> None:
    assert boilerplate_kind(line) == kind


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (["ไม่พบหน้าที่ต้องการ"], "missing"),
        (["เมนู", "ขออภัย ไม่พบข่าวที่ท่านค้นหา", "กลับหน้าหลัก"], "missing"),
        (["ข่าวนี้ถูกลบแล้ว"], "missing"),
        (["404", "This page could not be found."], "missing"),
        (["The article you were looking for does not exist."], "missing"),
        (["404 Not Found"], "missing"),
        (["404"], None),
        (["ไม่พบข่าวปลอมในพื้นที่"], None),
        (["ไม่พบหน้าที่ต้องการ", "เกิดข้อผิดพลาด"], "error"),
        (["ไม่พบข้อมูล เนื่องจากระบบขัดข้อง"], "error"),
        (["Something went wrong."], "error"),
        (["ระบบปิดปรับปรุงชั่วคราว"], "error"),
        ([], None),
        (BODY, None),
        (["ไม่พบหน้าที่ต้องการ" + "ๆ" * 120], None),
    ],
)
def test_statements(lines: list[str], says: str | None) -> None:
    assert statement(lines) == says


def test_tables_have_no_unknown_kinds() -> None:
    kinds = {row["kind"] for row in read_table("page_furniture.csv")}
    assert kinds == {"footer", "pager", "files", "related", "loading"}
    assert {row["says"] for row in read_table("missing_markers.csv")} == {"missing", "error"}
