"""Types and unique keys of the fact tables, by which workers convert rows as SQLite would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from scraper import facts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlite_utils import Database

    from scraper.facts.kind import FactKind, FactRow

_CONVERT = {"INTEGER": int, "REAL": float, "TEXT": str}


class TableShape(NamedTuple):
    """The shape of a fact table: a plain value that workers get instead of the database.

    Attributes:
        types: the declared types of ``FactKind.columns``.
        keys: the positions of the columns of each unique key, apart from ``article_id``.
    """

    types: tuple[str, ...]
    keys: tuple[tuple[int, ...], ...]

    def stored(self, rows: Iterable[FactRow]) -> tuple[tuple[Any, ...], ...]:
        """Return the rows of one article as the table stores them: the first of equal keys."""
        converts = [_CONVERT[name] for name in self.types]
        stored = [
            tuple(
                None if value is None else convert(value)
                for convert, value in zip(converts, row, strict=True)
            )
            for row in rows
        ]
        for key in self.keys:
            first: dict[Any, tuple[Any, ...]] = {}
            for row in stored:
                values = tuple(row[at] for at in key)
                # In SQL, NULLs are distinct from each other.
                first.setdefault(object() if None in values else values, row)
            stored = list(first.values())
        return tuple(stored)


def read_shapes(db: Database) -> tuple[TableShape, ...]:
    """Return the shapes of the tables of ``facts.KINDS``, in their order."""
    return tuple(_shape(db, kind) for kind in facts.KINDS)


def _shape(db: Database, kind: FactKind) -> TableShape:
    columns = db.execute(f"PRAGMA table_info({kind.table})").fetchall()
    types = {name: declared for _, name, declared, *_ in columns}
    keys = [[name for _, name, _, _, _, place in columns if place]]
    for _, index, is_unique, *_ in db.execute(f"PRAGMA index_list({kind.table})").fetchall():
        if is_unique:
            parts = db.execute(f"PRAGMA index_info({index})").fetchall()
            keys.append([name for _, _, name in parts])
    known = {"article_id", *kind.columns}
    return TableShape(
        tuple(types[name] for name in kind.columns),
        tuple(
            dict.fromkeys(
                tuple(kind.columns.index(name) for name in key if name != "article_id")
                for key in keys
                if "article_id" in key and known.issuperset(key)
            )
        ),
    )
