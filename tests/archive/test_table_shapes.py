"""Rows as the tables of facts store them, known without the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper import facts
from scraper.archive.table_shapes import TableShape, read_shapes

if TYPE_CHECKING:
    from scraper.archive.writer import ArchiveWriter


def test_every_kind_has_a_shape_of_its_columns(writer: ArchiveWriter) -> None:
    shapes = dict(zip((kind.name for kind in facts.KINDS), read_shapes(writer.db), strict=True))
    for kind in facts.KINDS:
        assert len(shapes[kind.name].types) == len(kind.columns)
    assert shapes["money"].keys  # a passage at a place
    assert "REAL" in shapes["ministries"].types


def test_values_get_the_types_of_their_columns_and_the_first_of_equal_keys_is_kept() -> None:
    shape = TableShape(("TEXT", "INTEGER", "REAL"), ((0, 1),))
    rows = [("a", True, 1), ("a", 1, 2), ("b", None, None), ("b", None, 3)]
    assert shape.stored(rows) == (("a", 1, 1.0), ("b", None, None), ("b", None, 3.0))
    assert [type(value) for value in shape.stored(rows)[0]] == [str, int, float]
