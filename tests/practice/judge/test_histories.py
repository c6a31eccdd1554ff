"""Comparing histories: silent on a faithful archive, a sentence for each difference."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from scraper.model import Incoming, Layout
from scraper.practice.judge.histories import history_differences
from scraper.practice.site.changes import Change, Kind
from scraper.warc.record import digest_of
from tests.factories import make_capture, make_page
from tests.practice.judge.faithful import faithful
from tests.practice.site.test_living import at, living, plain

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

    from scraper.archive.writer import ArchiveWriter
    from scraper.practice.site.living import LivingSite

EDITED, REMOVED, REUSED = plain(3)
CHANGES = [
    Change(EDITED, at(5, 9), Kind.PARAGRAPH),
    Change(EDITED, at(9, 9), Kind.HEADLINE),
    Change(REMOVED, at(5, 9), Kind.REMOVED),
    Change(REUSED, at(12, 9), Kind.REUSED),
]
VISITS = [at(day) + timedelta(minutes=5) for day in (2, 4, 6, 10, 16)]


def visit(writer: ArchiveWriter, site: LivingSite, number: int, moment: datetime) -> None:
    """Store what a perfect crawler would on a visit."""
    (sighting,) = site.visible_history(number, [moment])
    body = repr(sighting.truth).encode()
    capture = make_capture(number, body=body, digest=digest_of(body), fetched_at=moment)
    (stored,) = writer.capture([Incoming(capture)])
    article = None
    if truth := sighting.truth:
        article = faithful(truth)
    writer.save([make_page(stored, article)])


@pytest.fixture
def site() -> LivingSite:
    site, _ = living(Layout.CONTENTS, CHANGES)
    return site


@pytest.fixture
def archive(writer: ArchiveWriter, site: LivingSite) -> sqlite3.Connection:
    """Return an archive of visits on some days of a month."""
    for moment in VISITS:
        for number in (EDITED, REMOVED, REUSED):
            visit(writer, site, number, moment)
    connection: sqlite3.Connection = writer.db.conn
    return connection


def test_a_faithful_archive_differs_in_nothing(
    archive: sqlite3.Connection, site: LivingSite
) -> None:
    assert [*history_differences(archive, site)] == []
    revisions = dict(archive.execute("SELECT site_id, revision FROM articles"))
    assert revisions == {EDITED: 3, REMOVED: 1, REUSED: 2}
    (gone,) = archive.execute("SELECT site_id FROM articles WHERE gone_at IS NOT NULL").fetchall()
    assert gone == (REMOVED,)


OF_ARTICLE = "article_id = (SELECT id FROM articles WHERE site_id = {0})"
DIFFERENCES = [
    (
        "UPDATE article_revisions SET body = 'x' WHERE revision = 1 AND " + OF_ARTICLE,
        EDITED,
        "version 1 differs from what was seen in body",
    ),
    (
        "DELETE FROM article_revisions WHERE revision = 2 AND " + OF_ARTICLE,
        EDITED,
        "3 versions were seen, 2 are stored",
    ),
    ("UPDATE articles SET title = 'x' WHERE site_id = {0}", EDITED, "title should be"),
    ("DELETE FROM attachments WHERE " + OF_ARTICLE, EDITED, "attachments: absent"),
    (
        "UPDATE articles SET gone_at = '2025-08-20T00:00:00Z' WHERE site_id = {0}",
        EDITED,
        "gone since None, and is",
    ),
    (
        "UPDATE articles SET gone_at = NULL WHERE site_id = {0}",
        REMOVED,
        "gone since 2025-08-15T20:05:00Z",
    ),
    ("DELETE FROM articles WHERE site_id = {0}", REUSED, "was seen, and is missing"),
    (
        "DELETE FROM captures WHERE article_url LIKE '%/{0}'",
        REUSED,
        "without a capture that shows it",
    ),
    (
        "UPDATE captures SET outcome = 'missing' WHERE article_url LIKE '%/{0}'",
        REUSED,
        "was there on 2025-08-11T20:05:00Z, and is kept otherwise",
    ),
    (
        "UPDATE captures SET outcome = 'article' WHERE article_url LIKE '%/{0}'",
        REMOVED,
        "was not there on 2025-08-15T20:05:00Z, and is kept otherwise",
    ),
    (
        "UPDATE captures SET fetched_at = '2025-08-01T00:00:00Z' WHERE article_url LIKE '%/{0}'",
        REUSED,
        "is in the archive and was never there to be seen",
    ),
]


def test_each_kind_of_difference_is_reported(archive: sqlite3.Connection, site: LivingSite) -> None:
    archive.execute("PRAGMA foreign_keys = OFF")
    for sql, number, sentence in DIFFERENCES:
        archive.execute("SAVEPOINT untouched")
        assert archive.execute(sql.format(number)).rowcount > 0, sql
        found = [*history_differences(archive, site)]
        assert all(f"/details/{number}" in line for line in found), sql
        assert sentence in "\n".join(found), sql
        archive.execute("ROLLBACK TO untouched")
    assert [*history_differences(archive, site)] == []
