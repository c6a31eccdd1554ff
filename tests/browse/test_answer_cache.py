"""The cache never returns a result from before a commit."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from scraper.browse.answer_cache import MAX_RESULTS, AnswerCache

if TYPE_CHECKING:
    from pathlib import Path


def test_least_recently_used_results_are_dropped() -> None:
    cache = AnswerCache(None)
    for number in range(MAX_RESULTS):
        cache.put(cache.state(), number, str(number))
    assert cache.get(cache.state(), 0) == "0"  # which makes it the latest
    cache.put(cache.state(), "one more", "yes")
    assert cache.get(cache.state(), 1) is None
    assert cache.get(cache.state(), 0) == "0"
    assert cache.get(cache.state(), "one more") == "yes"


def test_a_commit_invalidates_the_cache(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with closing(sqlite3.connect(path)) as writer, closing(sqlite3.connect(path)) as watch:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("CREATE TABLE t (x)")
        cache = AnswerCache(watch)
        before = cache.state()
        assert cache.get(before, "x") is None
        cache.put(before, "x", 1)
        writer.execute("INSERT INTO t VALUES (1)")
        assert cache.get(cache.state(), "x") == 1  # not committed
        writer.commit()
        assert cache.get(cache.state(), "x") is None
        cache.put(before, "x", 1)  # read before the commit, and late
        assert cache.get(cache.state(), "x") is None
