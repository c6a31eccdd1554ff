"""The rules read every trap as its truth says, in any release around it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from random import Random
from typing import Any

import pytest

from pipelines.facts import Facts
from scraper.facts import KINDS
from scraper.model import Article, Layout
from scraper.practice.prose.drafts import Entry
from scraper.practice.prose.traps import compose_trap, english_traps, trap_names
from scraper.practice.site.truth import Truth, truth_of
from tests.factories import make_article, make_capture, make_page

ENTRY = Entry(number=7, published_on=date(2025, 3, 14), position=0.5, earlier=None)
FIELDS = ("title", "lead", "body", "tail", "category", "published_on", "hashtags", "language")


def read(truth: Truth) -> Article:
    """Return an article with the texts of a page and the facts that the rules find."""
    article = make_article(7, **{name: getattr(truth, name) for name in FIELDS})
    page = Facts().process_item(make_page(make_capture(), article))
    assert page.problems == []
    assert page.article
    return page.article


@pytest.mark.parametrize("name", trap_names())
@pytest.mark.parametrize("layout", Layout)
def test_a_trap_is_read_right(name: str, layout: Layout) -> None:
    for seed in range(4):
        truth = truth_of(compose_trap(Random(seed), ENTRY, name), 7, layout)
        article = read(truth)
        for kind in KINDS:
            wanted = getattr(truth, kind.name, None)
            if kind.find is None or not kind.judged or wanted is None:
                continue
            columns = [kind.columns.index(column) for column in kind.judged]
            found = Counter(tuple(row[n] for n in columns) for row in kind.rows(article))
            assert found == Counter(map(kind.judged_row, wanted)), kind.name


def test_every_kind_of_trap_has_a_page() -> None:
    numbers = {int(name.split("-")[1]) for name in trap_names()}
    assert numbers == set(range(1, 31))
    assert english_traps() < set(trap_names())


def test_passages_are_where_the_truth_says() -> None:
    for name in trap_names():
        truth = truth_of(compose_trap(Random(1), ENTRY, name), 7, Layout.CONTENTS)
        values: tuple[Any, ...] = (
            *truth.people,
            *truth.places,
            *truth.money,
            *truth.contacts,
            *truth.programmes,
        )
        for value in values:
            field, position, text = value.at
            assert getattr(truth, field)[position : position + len(text)] == text
