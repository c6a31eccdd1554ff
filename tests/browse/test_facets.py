"""Facet counts from bit sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.browse.facets import FACETS, FacetCount, Facets, bits
from tests.browse.plans import whole_reads

if TYPE_CHECKING:
    from sqlite_utils import Database

IDS = st.sets(st.integers(0, 300))


@given(IDS, IDS)
def test_common_bits_are_common_articles(some: set[int], others: set[int]) -> None:
    assert (bits(some) & bits(others)).bit_count() == len(some & others)
    assert bits(some) == sum(1 << place for place in some)


def test_values_without_hits_are_omitted_and_the_rest_sorted() -> None:
    sets = {
        "ministry": {"b": bits([1, 2]), "a": bits([2, 3]), "c": bits([1, 2, 3]), "d": bits([9])},
        "year": {"2567": bits([1, 2]), "2568": bits([3])},
    }
    assert Facets(sets).count([3, 2, 1, 99]) == {
        "ministry": [FacetCount("c", 3), FacetCount("a", 2), FacetCount("b", 2)],
        "year": [FacetCount("2568", 1), FacetCount("2567", 2)],
    }
    assert Facets(sets).count([]) == {"ministry": [], "year": []}


@pytest.mark.parametrize("name", FACETS)
def test_facets_are_read_from_indexes(archive: Database, name: str) -> None:
    assert whole_reads(archive.conn, FACETS[name], {"after": 0}) == []
