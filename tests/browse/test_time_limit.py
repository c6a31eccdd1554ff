"""Queries that take too long are interrupted."""

from __future__ import annotations

import sqlite3

import pytest

from scraper.browse.time_limit import QueryTimeoutError, time_limit


def test_time_limit_interrupts_a_query() -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    connection = sqlite3.connect(":memory:")
    with pytest.raises(QueryTimeoutError), time_limit(connection, 0.05):
        connection.execute(endless).fetchone()
    with pytest.raises(sqlite3.OperationalError, match="no such"), time_limit(connection, 1):
        connection.execute("SELECT nowhere")
    assert connection.execute("SELECT 1").fetchone() == (1,)
    connection.close()
