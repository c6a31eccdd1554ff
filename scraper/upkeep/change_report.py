"""Reports what a second reading of the same captures changed: counts per field, a few examples.

Values in, text out: this module knows neither the database nor the parsers.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scraper.archive.versions import Row

CONTEXT_CHARS = 24  # characters of unchanged text shown on either side of a difference
MAX_SHOWN = 160  # characters shown of a value


class FieldChange(NamedTuple):
    """A field of an article or a capture that reads differently.

    Attributes:
        field: a column or a table, such as ``lead`` or ``date_mentions``.
        url: the address of the article or the capture.
        before, after: the values as text, or None for no value.
    """

    field: str
    url: str
    before: str | None
    after: str | None


class ChangeReport:
    """Counts changes by field and keeps the first few of each.

    Args:
        examples: how many to keep per field.
    """

    def __init__(self, examples: int) -> None:
        self._max_examples = examples
        self.counts: Counter[str] = Counter()
        self.examples: defaultdict[str, list[FieldChange]] = defaultdict(list)

    def add(self, changes: Iterable[FieldChange]) -> None:
        """Count changes; the values of an example are cut down to the part that differs."""
        for change in changes:
            self.counts[change.field] += 1
            kept = self.examples[change.field]
            if len(kept) < self._max_examples:
                before, after = around_difference(change.before, change.after)
                kept.append(change._replace(before=before, after=after))

    def fields(self) -> list[Row]:
        """Return a row per field that changed, the most frequent first."""
        return [
            {"field": name, "changes": count, "examples": self.examples[name]}
            for name, count in self.counts.most_common()
        ]


def changed_fields(url: str, before: Row, after: Row) -> list[FieldChange]:
    """Return the fields in which two rows with the same columns differ.

    Of lists, only the members that were added or removed are shown.
    """
    return [
        FieldChange(name, url, *_change_text(before[name], after[name]))
        for name in after
        if before[name] != after[name]
    ]


def _change_text(before: object, after: object) -> tuple[str | None, str | None]:
    if isinstance(before, list) and isinstance(after, list):
        removed = [member for member in before if member not in after]
        added = [member for member in after if member not in before]
        if removed or added:
            return _list_text(removed), _list_text(added)
        return _list_text(before), _list_text(after)  # the same members in another order
    return _value_text(before), _value_text(after)


def _list_text(members: Sequence[object]) -> str | None:
    return "; ".join(_value_text(member) or "" for member in members) or None


def _value_text(value: object) -> str | None:
    if isinstance(value, tuple):
        return " ".join(str(part) for part in value if part not in {None, ""})
    return None if value is None else str(value)


def around_difference(before: str | None, after: str | None) -> tuple[str | None, str | None]:
    """Return two texts cut down to the part in which they differ, with some context.

    >>> around_difference("ก" * 100 + "1", "ก" * 100 + "2")[0] == "…" + "ก" * 24 + "1"
    True
    """
    if before is None or after is None:
        return _excerpt(before, 0, 0), _excerpt(after, 0, 0)
    shortest = min(len(before), len(after))
    start = next((n for n in range(shortest) if before[n] != after[n]), shortest)
    rest = shortest - start
    same_end = next((n for n in range(rest) if before[-1 - n] != after[-1 - n]), rest)
    return _excerpt(before, start, same_end), _excerpt(after, start, same_end)


def _excerpt(text: str | None, same_start: int, same_end: int) -> str | None:
    if text is None:
        return None
    begin = max(0, same_start - CONTEXT_CHARS)
    end = min(len(text) - max(0, same_end - CONTEXT_CHARS), begin + MAX_SHOWN)
    return "…" * (begin > 0) + text[begin:end] + "…" * (end < len(text))
