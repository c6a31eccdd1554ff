"""The names of ministers, officials and spokespersons, as texts write them, with their terms.

The tables ``officers.csv`` and ``officer_posts.csv`` list the people and the short forms of posts.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from scraper.reference import ReferenceTableError, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator

_FIRST_NAME = "~"  # in the forms of officer_posts.csv


class OfficerName(NamedTuple):
    """A text that names an officer.

    Attributes:
        name: full name, or first name with a post: ``สมใจ ใจดี``, ``ปลัดฯ สมใจ``.
        ministry: slug of the officer's ministry.
        first, last: first and last day for which the name counts.
    """

    name: str
    ministry: str
    first: date
    last: date


def officer_names() -> Iterator[OfficerName]:
    """Yield the names of all officers; terms of one name in one ministry do not overlap.

    Raises:
        ReferenceTableError: an officer has a post without forms.
    """
    forms = {row["post"]: row["forms"].split("|") for row in read_table("officer_posts.csv")}
    terms: defaultdict[tuple[str, str], list[tuple[date, date]]] = defaultdict(list)
    for row in read_table("officers.csv"):
        term = (
            date.fromisoformat(row["from"]),
            date.fromisoformat(row["until"]) if row["until"] else date.max,
        )
        for name in _names(row, forms):
            terms[name, row["ministry"]].append(term)
    for (name, ministry), of_name in terms.items():
        for first, last in _without_overlaps(of_name):
            yield OfficerName(name, ministry, first, last)


def _names(row: dict[str, str], forms: dict[str, list[str]]) -> list[str]:
    """Return the full name and, with each form of each post, the first name."""
    first_name = row["name"].split(" ", 1)[0]
    names = [row["name"], first_name] if row["alone"] else [row["name"]]
    for post in row["post"].split("|"):
        if post not in forms:
            raise ReferenceTableError(
                f"officers.csv: {row['name']} has the post {post}, which is not in "
                f"officer_posts.csv"
            )
        names += [form.replace(_FIRST_NAME, first_name) for form in forms[post]]
    return list(dict.fromkeys(names))  # in the order of the tables, whatever the hash seed


def _without_overlaps(terms: list[tuple[date, date]]) -> list[tuple[date, date]]:
    """Return the terms in order of time; terms that overlap or adjoin are joined."""
    joined: list[tuple[date, date]] = []
    for first, last in sorted(terms):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined
