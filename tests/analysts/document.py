"""The blocks of docs/analysts.md: their code, and the answers written below them."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.conftest import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

PAGE = REPOSITORY / "docs" / "analysts.md"
# A question, its SQL, and the table below it.
_BLOCK = re.compile(
    r"^### (?P<number>\d+)\..*\n(?:(?!#|```).*\n)*"
    r"```sql\n(?P<code>(?:(?!```).*\n)*)```\n(?P<answer>\n(?:\|.*\n)+)?",
    re.MULTILINE,
)
# A question in another program.
_OTHER = re.compile(
    r"^\*\*(?P<number>\d+) in (?P<program>\w+)\*\*\n\n```\w+\n(?P<code>(?:(?!```).*\n)*)```",
    re.MULTILINE,
)


class Answer(NamedTuple):
    """What a query gives."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]


class Other(NamedTuple):
    """A question asked in another program."""

    number: int
    program: str
    code: str


def sql_of(page: str) -> dict[int, str]:
    """Return the SQL of each question."""
    return {int(found["number"]): found["code"] for found in _BLOCK.finditer(page)}


def others_of(page: str) -> list[Other]:
    """Return the questions asked in other programs."""
    return [
        Other(int(found["number"]), found["program"], found["code"])
        for found in _OTHER.finditer(page)
    ]


def ask(db: Path, sql: str) -> Answer:
    """Ask an archive with plain SQLite, read-only."""
    with closing(sqlite3.connect(f"file:{db}?mode=ro", uri=True)) as connection:
        cursor = connection.execute(sql)
        return Answer([column[0] for column in cursor.description], cursor.fetchall())


def with_answers(page: str, answer: Callable[[str], Answer]) -> str:
    """Return the page with the answer of each question below its SQL."""

    def answered(found: re.Match[str]) -> str:
        block = found[0].removesuffix(found["answer"]) if found["answer"] else found[0]
        return f"{block}\n{_table(answer(found['code']))}"

    return _BLOCK.sub(answered, page)


def _table(answer: Answer) -> str:
    rows = [answer.columns, ["---"] * len(answer.columns), *answer.rows]
    return "".join(f"| {' | '.join(map(_cell, row))} |\n" for row in rows)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if value.is_integer() else f"{value:,.10g}"
    return "" if value is None else str(value).replace("|", "\\|")


def normal(rows: Sequence[Sequence[Any]]) -> Iterator[tuple[str, ...]]:
    """Yield rows so that programs with other types for the same values agree."""
    for row in rows:
        yield tuple(_normal(value) for value in row)


def _normal(value: object) -> str:
    try:
        return f"{float(str(value)):.6g}"
    except ValueError:
        return str(value)
