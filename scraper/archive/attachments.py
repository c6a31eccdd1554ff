"""Stores attached files and their texts, and schedules which attachments to fetch.

A file is stored once, however many articles link to it: its text is keyed by the digest of its
bytes. The queue is the frontier, which holds the addresses of files as well as of articles.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from scraper.archive.attachment_rows import ADDRESS, link_files, write_file
from scraper.archive.prepared import prepare
from scraper.archive.store import replace_problems
from scraper.archive.visit_schedule import SLACK, next_visit
from scraper.clock import from_iso, now, to_iso
from scraper.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlite_utils import Database

    from scraper.archive.frontier import Frontier
    from scraper.archive.prepared import PreparedPage
    from scraper.model import Capture, Page
    from scraper.sources import Site

STORED, TOO_LARGE, OTHER_TYPE = "attachments", "too_large", "other_type"
# Newest articles first, so that a run that is cut short has the files readers want most.
WANTED = f"""
    SELECT {ADDRESS} AS address, a.url, f.etag, f.last_modified, f.last_outcome
    FROM attachments a JOIN articles t ON t.id = a.article_id AND t.site = :site
    LEFT JOIN frontier f ON f.url = {ADDRESS}
    WHERE a.kind IN (SELECT value FROM json_each(:kinds))
    AND (f.url IS NULL OR (f.run_id <> :run_id AND (
        :again OR (f.state <> 'done' AND f.due_at <= :now)
        OR (:larger AND f.last_outcome = '{TOO_LARGE}'))))
    GROUP BY address ORDER BY max(t.published_on) DESC, max(t.id) DESC, address
"""


class WantedFile(NamedTuple):
    """An attachment to fetch.

    Attributes:
        address: of the file itself, its key in the archive.
        url: the one the article links to, perhaps a proxy's.
        etag, last_modified: validators of its last answer, if it is stored.
    """

    address: str
    url: str
    etag: str | None
    last_modified: str | None


class AttachmentStore:
    """Stores the attachments of one archive, and lists those to fetch."""

    def __init__(self, db: Database, run_id: int, frontier: Frontier) -> None:
        self._db = db
        self._run_id = run_id
        self._frontier = frontier

    def wanted(
        self, site: Site, kinds: Iterable[str], *, again: bool = False, larger: bool = False
    ) -> list[WantedFile]:
        """Return the attachments of a site's articles to fetch, those of new articles first.

        These are the ones never tried, and those that are due after a failure.

        Args:
            site: whose articles.
            kinds: of attachments, such as ``document``.
            again: also those that are stored.
            larger: also those that were too large for an earlier run.
        """
        rows = self._db.query(
            WANTED,
            {
                "site": site.slug,
                "kinds": json.dumps([*kinds]),
                "run_id": self._run_id,
                "again": int(again),
                "larger": int(larger),
                "now": to_iso(now() + SLACK),
            },
        )
        return [
            WantedFile(
                row["address"],
                row["url"],
                *(
                    (row["etag"], row["last_modified"])
                    if row["last_outcome"] in {STORED, "unchanged"}
                    else (None, None)
                ),
            )
            for row in rows
        ]

    def save(self, page: Page, *, repeat: bool = False) -> str:
        """Write what was read of an attachment; see ``save_prepared``."""
        return self.save_prepared(page.capture, prepare(page, ()), repeat=repeat)

    def save_prepared(self, capture: Capture, page: PreparedPage, *, repeat: bool = False) -> str:
        """Write what was read of an attachment; return the name of the count it belongs to.

        Args:
            capture: of an attachment, with its id.
            page: what was read from it.
            repeat: an earlier capture of the same URL has the same bytes.

        Returns:
            ``attachments``; ``unchanged`` for a repeat; otherwise the outcome.
        """
        with self._db.atomic():
            replace_problems(self._db, self._run_id, capture.id, capture.url, page.problems)
            if page.file is not None:
                write_file(self._db, capture.digest, page.file)
            self._db.execute(
                "UPDATE captures SET outcome = ? WHERE id = ?",
                [page.outcome, capture.id],
            )
            link_files(self._db, f"{ADDRESS} = ?", [capture.attachment])
        if page.outcome != Outcome.ATTACHMENT:
            return page.outcome
        return "unchanged" if repeat else STORED

    def record_visit(self, capture: Capture, result: str) -> None:
        """Record the answer of an address; retry if the file is missing or the answer is no file.

        Retries follow the schedule of articles: 1, 3, 7, 14 and 30 days after the first try.

        Args:
            capture: of an attachment.
            result: from ``save``, or why its bytes were not fetched.
        """
        if result == Outcome.BLOCKED:
            return  # the run ends, and the next one retries
        is_open = result in {Outcome.MISSING, Outcome.UNPARSED}
        self._record(capture.attachment or capture.url, result, is_open=is_open)

    def leave_out(self, address: str, reason: str) -> None:
        """Record that the file of an address is not wanted: ``too_large`` or ``other_type``."""
        self._record(address, reason, is_open=False)

    def _record(self, address: str, result: str, *, is_open: bool) -> None:
        moment = now()
        row = self._db.execute("SELECT known_at FROM frontier WHERE url = ?", [address]).fetchone()
        known_at = from_iso(row[0]) if row else moment
        due_at = next_visit(known_at, moment) if is_open else None
        self._frontier.write_visit(address, known_at, due_at, moment, result)
