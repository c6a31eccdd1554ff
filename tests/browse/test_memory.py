"""Answers are given again, but never one from before a commit."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from scraper.browse.memory import MOST, Memory

if TYPE_CHECKING:
    from pathlib import Path


def test_the_last_answers_are_kept() -> None:
    memory = Memory(None)
    for question in range(MOST):
        memory.keep(memory.state(), question, str(question))
    assert memory.find(memory.state(), 0) == "0"  # which makes it the latest
    memory.keep(memory.state(), "one more", "yes")
    assert memory.find(memory.state(), 1) is None
    assert memory.find(memory.state(), 0) == "0"
    assert memory.find(memory.state(), "one more") == "yes"


def test_a_commit_of_another_connection_ends_them(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with closing(sqlite3.connect(path)) as writer, closing(sqlite3.connect(path)) as watch:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("CREATE TABLE t (x)")
        memory = Memory(watch)
        before = memory.state()
        assert memory.find(before, "x") is None
        memory.keep(before, "x", 1)
        writer.execute("INSERT INTO t VALUES (1)")
        assert memory.find(memory.state(), "x") == 1  # not committed
        writer.commit()
        assert memory.find(memory.state(), "x") is None
        memory.keep(before, "x", 1)  # read before the commit, and late
        assert memory.find(memory.state(), "x") is None
