"""A practice site that lives: at every moment it shows what is published by then, as it is then.

The clock is given from outside, so that a test can let a month go by while the server runs. What
the site showed at any moment is known, and so is what a visitor at given moments can have seen.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import lru_cache
from itertools import islice, pairwise
from typing import TYPE_CHECKING, NamedTuple

from scraper.clock import BANGKOK
from scraper.practice.site.base import BaseSite
from scraper.practice.site.changes import EDITS, Kind
from scraper.practice.site.truth import truth_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from scraper.practice.prose.drafts import Draft
    from scraper.practice.site.changes import Change
    from scraper.practice.site.still import PracticeSite
    from scraper.practice.site.truth import Truth


class Version(NamedTuple):
    """What a number shows from a moment on; nothing where the truth is None."""

    at: datetime
    truth: Truth | None


class Sighting(NamedTuple):
    """What a visitor saw under a number, from one visit to another, without a change between.

    Attributes:
        first, last: of these visits.
        truth: of the page; None where there was none.
    """

    first: datetime
    last: datetime
    truth: Truth | None


class _State(NamedTuple):
    """What stands behind a number from a moment on."""

    at: datetime
    draft: Draft | None


class LivingSite(BaseSite):
    """A site on which articles appear, change and go.

    Each article appears at its own moment, unless it is late; it keeps its place in the listings,
    which show what is there at present.

    Args:
        site: the articles, as they are at first.
        changes: what happens to them; see ``changes.invent_changes``.
        now: tells the present moment, with its time zone; asked anew for every page.
        listed: how many articles the listings show at most; None for all. The pages of older ones
            stay.

    Raises:
        ValueError: a change happens to a number without an article, or before the article
            appears, or at the same moment as another.
    """

    def __init__(
        self,
        site: PracticeSite,
        changes: Iterable[Change],
        now: Callable[[], datetime],
        listed: int | None = None,
    ) -> None:
        super().__init__(site.layout, site.seed)
        self.now = now
        self._listed = listed
        self._site = site
        self._changes: defaultdict[int, list[Change]] = defaultdict(list)
        for change in sorted(changes, key=lambda change: change.at):
            self._changes[change.number].append(change)
        for number, happened in self._changes.items():
            self._check(number, happened)
        self._states = lru_cache(maxsize=1024)(self._live)

    def draft(self, number: int) -> Draft | None:
        """Return what stands behind an article at present, None where there is none."""
        return self._draft_at(number, self.now())

    def newest(self, skipped: int = 0) -> Iterator[int]:
        """Yield the number of each article there is at present, without the first ``skipped``."""
        now = self.now()
        unpublished = self._site.size - self._site.published_by(now)
        shown = (n for n in self._site.newest(unpublished) if self._is_shown(n, now))
        return islice(islice(shown, self._listed), skipped, None)

    def exists(self, number: int) -> bool:
        """Whether a number has an article at present."""
        return self._is_shown(number, self.now())

    def language(self, number: int) -> str:
        """Return the language of an article, which never changes.

        Raises:
            LookupError: no article ever has this number.
        """
        return self._site.language(number)

    def changed_at(self, number: int) -> datetime:
        """Return since when an article's page says what it says.

        Raises:
            LookupError: the number has no article at present.
        """
        self._draft(number)
        return max(state.at for state in self._states(number) if state.at <= self.now())

    def history(self, number: int) -> tuple[Version, ...]:
        """Return all that a number shows in the course of time, the future too.

        The last version has no truth where the article is removed for good.

        Raises:
            LookupError: no article ever has this number.
        """
        return tuple(
            Version(state.at, self._told(state.draft, number)) for state in self._of(number)
        )

    def removed_at(self, number: int) -> datetime | None:
        """Return when an article is removed for good, None if it stays.

        Raises:
            LookupError: no article ever has this number.
        """
        at, draft = self._of(number)[-1]
        return at if draft is None else None

    def visible_history(self, number: int, visits: Iterable[datetime]) -> tuple[Sighting, ...]:
        """Return what a visitor sees who comes at given moments, in the order of time.

        What is changed and changed back between two visits cannot be seen; a visit to a number
        before its article appears sees that there is none.
        """
        seen: list[Sighting] = []
        for visit in sorted(visits):
            truth = self._told(self._draft_at(number, visit), number)
            if seen and seen[-1].truth == truth:
                seen[-1] = seen[-1]._replace(last=visit)
            else:
                seen.append(Sighting(visit, visit, truth))
        return tuple(seen)

    def _told(self, draft: Draft | None, number: int) -> Truth | None:
        return truth_of(draft, number, self.layout) if draft else None

    def _is_shown(self, number: int, moment: datetime) -> bool:
        if number in self._changes:
            return self._draft_at(number, moment) is not None
        return self._site.exists(number) and self._site.changed_at(number) <= moment

    def _draft_at(self, number: int, moment: datetime) -> Draft | None:
        past = [state for state in self._states(number) if state.at <= moment]
        return past[-1].draft if past else None

    def _of(self, number: int) -> tuple[_State, ...]:
        if not (states := self._states(number)):
            raise LookupError(f"the practice site never has an article {number}")
        return states

    def _live(self, number: int) -> tuple[_State, ...]:
        """Return what happens to a number, from its appearance on; nothing for a gap."""
        draft = self._site.draft(number)
        if draft is None:
            return ()
        states = [_State(self._site.changed_at(number), draft)]
        for change in self._changes.get(number, ()):
            if change.kind is Kind.LATE:
                states = [_State(change.at, draft)]
            else:
                states.append(_State(change.at, self._after(change, states)))
        return tuple(states)

    def _after(self, change: Change, states: list[_State]) -> Draft | None:
        """Return what stands behind a number after a change."""
        if change.kind is Kind.REMOVED:
            return None
        if change.kind is Kind.UNDONE:
            return states[-2].draft
        entry = self._site.entry(change.number)
        if change.kind is Kind.REUSED:
            entry = entry._replace(published_on=change.at.astimezone(BANGKOK).date())
        before = next(state.draft for state in reversed(states) if state.draft)
        rng = self._rng(f"{change.kind}:{len(states)}", change.number)
        after = EDITS[change.kind](rng, entry, before)
        if change.kind is Kind.REUSED:
            after = replace(after, published_at=change.at.astimezone(BANGKOK).time())
        return after

    def _check(self, number: int, happened: list[Change]) -> None:
        if not self._site.exists(number):
            raise ValueError(f"the practice site has no article {number} that could change")
        moments = [self._site.changed_at(number), *(change.at for change in happened)]
        if any(one >= other for one, other in pairwise(moments)):
            raise ValueError(f"article {number} changes before it appears, or twice at a time")
        first, *rest = (change.kind for change in happened)
        if Kind.LATE in rest or first is Kind.UNDONE:
            raise ValueError(f"article {number} cannot be {first} and then {', '.join(rest)}")
