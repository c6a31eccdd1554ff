"""A practice site whose content changes over time.

The clock is passed in, so that a test can advance it by a month while the server runs. The site
knows what it showed at any time, and what a visitor at given times could see.
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
    """What a number shows from a moment on; no article if the truth is None."""

    at: datetime
    truth: Truth | None


class Sighting(NamedTuple):
    """What consecutive visits to a number saw, all of them the same.

    Attributes:
        first, last: times of the first and last of these visits.
        truth: of the page; None if there was no article.
    """

    first: datetime
    last: datetime
    truth: Truth | None


class _State(NamedTuple):
    """The draft of a number from a moment on."""

    at: datetime
    draft: Draft | None


class LivingSite(BaseSite):
    """A site on which articles appear, change and disappear.

    Each article appears at its publication time, unless it is late. It keeps its place in the
    listings, which show the articles present now.

    Args:
        site: the articles in their initial state.
        changes: their changes; see ``changes.invent_changes``.
        now: returns the current time, timezone-aware; called for every page.
        listed: maximum number of articles in the listings; None for all. The pages of older ones
            remain.

    Raises:
        ValueError: a change affects a number without an article, or comes before the article
            appears, or at the same time as another.
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
        """Return the current draft of an article, None if there is none."""
        return self._draft_at(number, self.now())

    def newest(self, skipped: int = 0) -> Iterator[int]:
        """Yield the number of each current article, newest first, without the first ``skipped``."""
        now = self.now()
        unpublished = self._site.size - self._site.published_by(now)
        shown = (n for n in self._site.newest(unpublished) if self._is_shown(n, now))
        return islice(islice(shown, self._listed), skipped, None)

    def exists(self, number: int) -> bool:
        """Whether a number currently has an article."""
        return self._is_shown(number, self.now())

    def language(self, number: int) -> str:
        """Return the language of an article; it never changes.

        Raises:
            LookupError: no article ever has this number.
        """
        return self._site.language(number)

    def changed_at(self, number: int) -> datetime:
        """Return when an article's page last changed.

        Raises:
            LookupError: the number currently has no article.
        """
        self._draft(number)
        return max(state.at for state in self._states(number) if state.at <= self.now())

    def history(self, number: int) -> tuple[Version, ...]:
        """Return all versions of a number over time, including future ones.

        The last version has no truth if the article is removed for good.

        Raises:
            LookupError: no article ever has this number.
        """
        return tuple(
            Version(state.at, self._truth(state.draft, number)) for state in self._of(number)
        )

    def removed_at(self, number: int) -> datetime | None:
        """Return when an article is removed for good, None if it stays.

        Raises:
            LookupError: no article ever has this number.
        """
        at, draft = self._of(number)[-1]
        return at if draft is None else None

    def visible_history(self, number: int, visits: Iterable[datetime]) -> tuple[Sighting, ...]:
        """Return what a visitor at the given times sees, in time order.

        A change reverted between two visits is invisible; a visit before the article appears sees
        no article.
        """
        seen: list[Sighting] = []
        for visit in sorted(visits):
            truth = self._truth(self._draft_at(number, visit), number)
            if seen and seen[-1].truth == truth:
                seen[-1] = seen[-1]._replace(last=visit)
            else:
                seen.append(Sighting(visit, visit, truth))
        return tuple(seen)

    def _truth(self, draft: Draft | None, number: int) -> Truth | None:
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
            raise LookupError(f"the practice site has no article {number} at any time")
        return states

    def _live(self, number: int) -> tuple[_State, ...]:
        """Return the states of a number since its article appeared; empty for a gap."""
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
        """Return the draft of a number after a change."""
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
            raise ValueError(f"the practice site has no article {number} to change")
        moments = [self._site.changed_at(number), *(change.at for change in happened)]
        if any(one >= other for one, other in pairwise(moments)):
            raise ValueError(f"article {number} changes before it appears, or twice at a time")
        first, *rest = (change.kind for change in happened)
        if Kind.LATE in rest or first is Kind.UNDONE:
            raise ValueError(f"article {number} cannot be {first} and then {', '.join(rest)}")
