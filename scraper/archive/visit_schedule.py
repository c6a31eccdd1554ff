"""When an address that is followed is requested again.

Visits become rarer with time, because most edits and removals happen soon after publication.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

VISIT_DELAYS = tuple(timedelta(days=days) for days in (1, 3, 7, 14, 30))  # after it became known
CONFIRM_DELAY = timedelta(days=1)  # after an article was first found missing
# Daily runs do not start at the same second, so an address that is due soon counts as due.
SLACK = timedelta(hours=3)
RECENT_AGE = VISIT_DELAYS[-1]  # older articles are not visited again
FREE_RETRIES = 3  # consecutive failed runs before an address is retried less often


def next_visit(known_at: datetime, visited_at: datetime) -> datetime | None:
    """Return when an address is due after a visit, or None after the last visit.

    Visits that were due while no crawl ran are skipped.
    """
    due = (known_at + delay for delay in VISIT_DELAYS)
    return next((moment for moment in due if moment > visited_at + SLACK), None)


def retry_delay(attempts: int) -> timedelta:
    """Return how long to wait after some consecutive failures: 0 days at first, 8 at most."""
    return timedelta(days=0 if attempts < FREE_RETRIES else min(2 ** (attempts - FREE_RETRIES), 8))
