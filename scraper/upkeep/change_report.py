"""What another reading of the same captures changed: counts per field, and a few examples.

Values in, text out: this module knows neither the database nor the parsers.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scraper.archive.versions import Row

AROUND = 24  # characters of unchanged text shown on either side of a difference
LONGEST = 160  # characters of a value shown in all


class Change(NamedTuple):
    """A field of an article, or of a capture, that reads differently.

    Attributes:
        field: a column or a table, such as ``lead`` or ``date_mentions``.
        url: the address of the article or the capture.
        before, after: the values as text, None where there was or is none.
    """

    field: str
    url: str
    before: str | None
    after: str | None


class Changes:
    """Counts changes by field and keeps the first few of each.

    Args:
        examples: how many to keep of each field.
    """

    def __init__(self, examples: int) -> None:
        self._most = examples
        self.counts: Counter[str] = Counter()
        self.examples: defaultdict[str, list[Change]] = defaultdict(list)

    def add(self, changes: Iterable[Change]) -> None:
        """Count changes; an example's values are cut down to where they differ."""
        for change in changes:
            self.counts[change.field] += 1
            kept = self.examples[change.field]
            if len(kept) < self._most:
                before, after = around_difference(change.before, change.after)
                kept.append(change._replace(before=before, after=after))

    def fields(self) -> list[Row]:
        """Return a row per field that changed, the most frequent first."""
        return [
            {"field": name, "changes": count, "examples": self.examples[name]}
            for name, count in self.counts.most_common()
        ]


def compare(url: str, before: Row, after: Row) -> list[Change]:
    """Return the fields in which two rows differ; they have the same columns.

    Of values that are lists, the change tells only the members that came or went.
    """
    return [
        Change(name, url, *_told(before[name], after[name]))
        for name in after
        if before[name] != after[name]
    ]


def _told(before: object, after: object) -> tuple[str | None, str | None]:
    if isinstance(before, list) and isinstance(after, list):
        gone = [member for member in before if member not in after]
        come = [member for member in after if member not in before]
        if gone or come:
            return _lines(gone), _lines(come)
        return _lines(before), _lines(after)  # the same members in another order
    return _text(before), _text(after)


def _lines(members: Sequence[object]) -> str | None:
    return "; ".join(_text(member) or "" for member in members) or None


def _text(value: object) -> str | None:
    if isinstance(value, tuple):
        return " ".join(str(part) for part in value if part not in {None, ""})
    return None if value is None else str(value)


def around_difference(before: str | None, after: str | None) -> tuple[str | None, str | None]:
    """Return two texts cut down to the part in which they differ, with a little on either side.

    >>> around_difference("ก" * 100 + "1", "ก" * 100 + "2")[0] == "…" + "ก" * 24 + "1"
    True
    """
    if before is None or after is None:
        return _piece(before, 0, 0), _piece(after, 0, 0)
    shortest = min(len(before), len(after))
    start = next((n for n in range(shortest) if before[n] != after[n]), shortest)
    rest = shortest - start
    same_end = next((n for n in range(rest) if before[-1 - n] != after[-1 - n]), rest)
    return _piece(before, start, same_end), _piece(after, start, same_end)


def _piece(text: str | None, same_start: int, same_end: int) -> str | None:
    if text is None:
        return None
    begin = max(0, same_start - AROUND)
    end = min(len(text) - max(0, same_end - AROUND), begin + LONGEST)
    return "…" * (begin > 0) + text[begin:end] + "…" * (end < len(text))
