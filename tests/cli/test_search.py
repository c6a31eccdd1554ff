"""``thaigov search``: what was meant, and superseded versions."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from scraper.archive.writer import ArchiveWriter
from scraper.cli.search import search
from scraper.model import Incoming
from tests.factories import MOMENT, make_article, make_capture, make_page

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an archive of an article with a superseded version."""
    path = tmp_path_factory.mktemp("search") / "a.db"
    with ArchiveWriter(path, "import", {}) as writer:
        for day, body in enumerate(("โรงงานเก่าปิดแล้ว", "โรงงานใหม่")):
            moment = MOMENT + timedelta(days=day)
            capture = make_capture(1, body.encode(), fetched_at=moment)
            (stored,) = writer.capture([Incoming(capture)])
            article = make_article(1, body=body, words=("โรงงาน", "ใหม่"))
            writer.save([make_page(stored, article)])
    return path


def run(db: Path, *arguments: str, expect: int = 0) -> str:
    answer = CliRunner().invoke(search, [*arguments, "--db", str(db)])
    assert answer.exit_code == expect, answer.output
    return answer.output


def test_what_was_meant_is_suggested(db: Path) -> None:
    said = run(db, "โรงงาร")
    assert said.startswith("0 found")
    assert "Did you mean: โรงงาน (1)" in said
    found = json.loads(run(db, "โรงงาร", "--json"))
    assert found["suggestions"] == [{"query": "โรงงาน", "total": 1}]


def test_superseded_versions_are_found(db: Path) -> None:
    said = run(db, "ปิดแล้ว", "--versions")
    assert "version 1, seen 2025-08-21 · no longer in the current version" in said
    assert "1 found, 1-1 shown" in said
    found = json.loads(run(db, "โรงงาน", "--versions", "--json"))
    assert (found["total"], found["hits"][0]["is_current"]) == (1, True)
    assert "0 found" in run(db, "ใหม่", "--versions")


def test_versions_have_an_order_of_their_own(db: Path) -> None:
    assert "--by-date" in run(db, "ก", "--versions", "--by-date", expect=2)
