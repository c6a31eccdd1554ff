"""Comparing archives: silent on a faithful one, a sentence for each kind of difference."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from scraper.model import Incoming
from scraper.practice.judge.compare import differences
from scraper.practice.site.still import PracticeSite
from tests.factories import make_capture, make_page
from tests.practice.judge.faithful import faithful

if TYPE_CHECKING:
    import sqlite3

    from scraper.archive.writer import ArchiveWriter

SITE = PracticeSite(20, seed=4)


@pytest.fixture
def archive(writer: ArchiveWriter) -> sqlite3.Connection:
    """Return a faithful archive of the whole site."""
    for number in SITE.numbers():
        (stored,) = writer.capture([Incoming(make_capture(number, body=SITE.html(number)))])
        writer.save([make_page(stored, faithful(SITE.truth(number)))])
    connection: sqlite3.Connection = writer.db.conn
    return connection


def test_a_faithful_archive_differs_in_nothing(archive: sqlite3.Connection) -> None:
    assert list(differences(archive, SITE)) == []


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        ("UPDATE articles SET title = title || '!' WHERE site_id = 5", "title should be"),
        ("UPDATE articles SET lead = 'x' WHERE site_id = 5", "lead should be"),
        ("UPDATE articles SET language = 'en' WHERE site_id = 5", "language should be"),
        ("UPDATE articles SET layout = 'news' WHERE site_id = 5", "layout should be"),
        ("UPDATE articles SET body = replace(body, ' ', '  ') WHERE site_id = 5", "body should be"),
        ("UPDATE articles SET tail = tail || '#' WHERE site_id = 5", "tail should be"),
        ("UPDATE articles SET category = NULL WHERE site_id = 5", "category should be"),
        (
            "UPDATE articles SET published_on = '2024-02-29' WHERE site_id = 5",
            "published_on should",
        ),
        ("UPDATE articles SET published_raw = 'x' WHERE site_id = 5", "published_raw should be"),
        ("UPDATE articles SET entered_on = '2024-02-29' WHERE site_id = 5", "entered_on should be"),
        (
            "INSERT INTO hashtags SELECT id, 'new' FROM articles WHERE site_id = 5",
            "hashtags: absent [], not expected ['new']",
        ),
        (
            "INSERT INTO article_links SELECT id, 'x:' FROM articles WHERE site_id = 5",
            "links: absent []",
        ),
        (
            """DELETE FROM attachments
            WHERE article_id = (SELECT id FROM articles WHERE site_id = 5)""",
            "attachments: absent ['image",
        ),
    ],
)
def test_each_column_is_compared(archive: sqlite3.Connection, sql: str, sentence: str) -> None:
    archive.execute(sql)
    (found,) = differences(archive, SITE)
    assert found.startswith("article 5 (")
    assert sentence in found


def test_ministries_are_compared(archive: sqlite3.Connection) -> None:
    archive.execute("UPDATE articles SET ministry = NULL WHERE ministry IS NOT NULL")
    wanted = sum(SITE.truth(number).ministry is not None for number in SITE.numbers())
    found = list(differences(archive, SITE))
    assert len(found) == wanted > 10
    assert all("ministry should be" in line for line in found)


def test_invented_agencies_are_not_in_the_tables(archive: sqlite3.Connection) -> None:
    archive.execute("INSERT INTO article_agencies SELECT id, 'diw', 1, '' FROM articles LIMIT 1")
    (found,) = differences(archive, SITE)
    assert "agencies: absent [], not expected ['diw']" in found


@pytest.mark.parametrize(
    "change",
    [
        "start_on = '2001-01-01'",
        "inferred = 1 - inferred",
        "flags = 'impossible'",
        "start_time = '23:59'",
    ],
)
def test_the_meaning_of_dates_is_compared(archive: sqlite3.Connection, change: str) -> None:
    dated = sum(bool(SITE.truth(number).dates) for number in SITE.numbers())
    archive.execute(f"UPDATE date_mentions SET {change}")
    found = list(differences(archive, SITE))
    assert len(found) == dated > 5
    assert all(" dates: absent [" in line for line in found)


def test_missing_and_extra_articles_are_differences(archive: sqlite3.Connection) -> None:
    archive.execute("UPDATE articles SET site_id = 9000 WHERE site_id = 5")
    assert list(differences(archive, SITE)) == [
        "article 9000 is in the archive and should not be",
        "article 5 is missing from the archive",
    ]
    archive.execute("UPDATE articles SET site_id = 5, url = url || '#' WHERE site_id = 9000")
    assert list(differences(archive, SITE)) == [
        "article 5 is in the archive and should not be",
        "article 5 is missing from the archive",
    ]


def test_only_the_numbers_asked_for_are_compared(archive: sqlite3.Connection) -> None:
    archive.execute("DELETE FROM articles WHERE site_id > 6")
    numbers = [n for n in SITE.numbers() if n <= 6]
    assert list(differences(archive, SITE, numbers)) == []


def test_truth_cannot_be_changed() -> None:
    truth = SITE.truth(SITE.first)
    assert replace(truth, title="x") != truth
    assert SITE.truth(SITE.first) == truth
