"""An archive whose articles a test stores and edits."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from scraper.archive.writer import ArchiveWriter
from scraper.model import Incoming
from tests.factories import MOMENT, make_article, make_capture, make_page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Store = Callable[..., None]


def store_article(db: Path, number: int, day: int = 0, **fields: Any) -> None:
    """Store what the site showed of an article on a day after ``MOMENT``."""
    article = make_article(number, **fields)
    body = f"{article.title}\n{article.body}\n{day}".encode()
    capture = make_capture(number, body=body, fetched_at=MOMENT + timedelta(days=day))
    with ArchiveWriter(db, "test", {}) as writer:
        (stored,) = writer.capture([Incoming(capture)])
        writer.save([make_page(stored, article)])


@pytest.fixture
def store(db_path: Path) -> Store:
    """Return what stores an article in the archive at ``db_path``; there are three already."""

    def store(number: int, day: int = 0, **fields: Any) -> None:
        store_article(db_path, number, day, **fields)

    store(1, body="โรงงานน้ำตาลเปิด")
    store(2, body="โรงงานกระดาษเปิด")
    store(3, body="ตลาดน้ำเปิด")
    return store
