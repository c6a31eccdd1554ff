from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.search.query import (
    AllOf,
    AnyOf,
    Node,
    Not,
    QueryError,
    Term,
    parse_query,
    positive_terms,
)

SUGAR, CANE, RICE = Term("น้ำตาล"), Term("อ้อย"), Term("ข้าว")


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("น้ำตาล", SUGAR),
        ("  น้ำตาล  ", SUGAR),
        ("น้ำตาล อ้อย", AllOf((SUGAR, CANE))),
        ("น้ำตาล AND อ้อย", AllOf((SUGAR, CANE))),
        ("น้ำตาล OR อ้อย", AnyOf((SUGAR, CANE))),
        ("น้ำตาล NOT อ้อย", AllOf((SUGAR, Not(CANE)))),
        ("น้ำตาล -อ้อย", AllOf((SUGAR, Not(CANE)))),
        ("NOT อ้อย", Not(CANE)),
        ("น้ำตาล อ้อย OR ข้าว", AnyOf((AllOf((SUGAR, CANE)), RICE))),
        ("น้ำตาล (อ้อย OR ข้าว)", AllOf((SUGAR, AnyOf((CANE, RICE))))),
        ('"น้ำตาล อ้อย"', Term("น้ำตาล อ้อย")),
        ("“น้ำตาล  อ้อย”", Term("น้ำตาล อ้อย")),
        ('-"น้ำตาล"', Not(SUGAR)),
        ("covid-19", Term("covid-19")),
        ("น้ํา", Term("น้ำ")),  # sara am in two parts
        ("เเม่", Term("แม่")),  # two เ for แ
        ("and or not", AllOf((Term("and"), Term("or"), Term("not")))),
        ("1/2568", Term("1/2568")),
        ('"a AND b"', Term("a AND b")),
    ],
)
def test_query_becomes_a_tree(query: str, tree: Node) -> None:
    assert parse_query(query) == tree


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ('"น้ำตาล', "not closed"),
        ("(น้ำตาล", "not closed"),
        ("น้ำตาล)", "no matching opening bracket"),
        ("AND", "missing before “AND”"),
        ("น้ำตาล OR", "missing before “the end”"),
        ("NOT", "missing before “the end”"),
        ('""', "no letter or digit"),
        ("***", "no letter or digit"),
        ("(" * 80 + "ก" + ")" * 80, "levels of brackets"),
        ("กขค " * 101, "more than 100 words"),
    ],
)
def test_syntax_errors_are_explained(query: str, complaint: str) -> None:
    with pytest.raises(QueryError, match=complaint):
        parse_query(query)


@given(st.text(alphabet='กขน้ำ ()"“”-*AND OR NOT๑1\u200b\n', max_size=40))
def test_any_text_is_parsed_or_rejected(query: str) -> None:
    try:
        tree = parse_query(query)
    except QueryError:
        return
    assert all(term.text.strip() for term in positive_terms(tree))


def test_positive_terms_leave_out_negated_ones() -> None:
    tree = parse_query("น้ำตาล (อ้อย OR ข้าว) NOT ราคา")
    assert positive_terms(tree) == [SUGAR, CANE, RICE]
