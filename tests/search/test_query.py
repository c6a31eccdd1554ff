from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.search.query import (
    NOTHING,
    AllOf,
    AnyOf,
    Node,
    Not,
    QueryError,
    Term,
    canonical_query,
    explain_query,
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
        ("30 บาท", Term("30 บาท")),
        ("-๓๐ ล้านบาท", Not(Term("๓๐ ล้านบาท"))),
        ("30 บาท ข้าว", AllOf((Term("30 บาท"), RICE))),
        ("2568 ข้าว", AllOf((Term("2568"), RICE))),
        ('"30" บาท', AllOf((Term("30"), Term("บาท")))),
        ("30 AND บาท", AllOf((Term("30"), Term("บาท")))),
        ("=30 บาท", AllOf((Term("30", whole_word=True), Term("บาท")))),
        ("30 =บาท", AllOf((Term("30"), Term("บาท", whole_word=True)))),
        ("50 %", Term("50")),
        ("น้ํา", Term("น้ำ")),  # sara am in two parts
        ("เเม่", Term("แม่")),  # two เ for แ
        ("and or not", AllOf((Term("and"), Term("or"), Term("not")))),
        ("1/2568", Term("1/2568")),
        ('"a AND b"', Term("a AND b")),
        ("น้ำตาล & อ้อย", AllOf((SUGAR, CANE))),
        ("น้ำตาล | อ้อย", AnyOf((SUGAR, CANE))),
        ("R&D", Term("R&D")),
        ("=น้ำตาล", Term("น้ำตาล", whole_word=True)),
        ('="กรม ที่ดิน"', Term("กรม ที่ดิน", whole_word=True)),
        ("-=น้ำตาล", Not(Term("น้ำตาล", whole_word=True))),
        ("a=b", Term("a=b")),
        ("น้ำตาล*", Term("น้ำตาล", prefix=True)),
        ("=โรง*", Term("โรง", whole_word=True, prefix=True)),
        ("ต่าง ๆ", Term("ต่างๆ")),
        ("กรมฯ ฯลฯ", AllOf((Term("กรมฯ"), Term("ฯลฯ")))),
    ],
)
def test_query_becomes_a_tree(query: str, tree: Node) -> None:
    assert parse_query(query) == tree


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ('"น้ำตาล', SUGAR),
        ("น้ำตาล”", SUGAR),
        ('น้ำตาล "อ้อย', AllOf((SUGAR, CANE))),
        ("(น้ำตาล", SUGAR),
        ("น้ำตาล)", SUGAR),
        (") น้ำตาล (อ้อย", AllOf((SUGAR, CANE))),
        ("น้ำตาล ()", SUGAR),
        ("น้ำตาล OR", SUGAR),
        ("OR น้ำตาล", SUGAR),
        ("น้ำตาล AND AND อ้อย", AllOf((SUGAR, CANE))),
        ("น้ำตาล NOT", SUGAR),
        ("น้ำตาล – ! : / อ้อย", AllOf((SUGAR, CANE))),
        ("น้ำตาล - อ้อย", AllOf((SUGAR, CANE))),
        ("AND", Term("AND")),
        ("OR NOT", AllOf((Term("OR"), Term("NOT")))),
        ('""', NOTHING),
        ("***", NOTHING),
        ("–", NOTHING),
        ("(" * 80 + "น้ำตาล" + ")" * 80, SUGAR),
        ("น้ำตาล " * 101, AllOf((SUGAR,) * 100)),
    ],
)
def test_what_cannot_be_an_operator_is_ignored_or_text(query: str, tree: Node) -> None:
    assert parse_query(query) == tree


@pytest.mark.parametrize("query", ["", "  "])
def test_an_empty_query_is_refused(query: str) -> None:
    with pytest.raises(QueryError, match="empty"):
        parse_query(query)


@given(st.text(alphabet='กขน้ำๆฯ ()"“”-*=&|AND OR NOT๑1\u200b\n', max_size=40))
def test_any_text_is_a_query_and_so_is_its_canonical_form(query: str) -> None:
    tree = parse_query(f"{query}ก")
    assert all(term.text.strip() for term in positive_terms(tree))
    assert parse_query(canonical_query(tree)) == tree
    assert explain_query(tree)


@pytest.mark.parametrize(
    ("query", "canonical", "thai"),
    [
        ("น้ำตาล AND อ้อย", "น้ำตาล อ้อย", "“น้ำตาล” และ “อ้อย”"),
        (
            "น้ำตาล (อ้อย | ข้าว) NOT ปี",
            "น้ำตาล (อ้อย OR ข้าว) -ปี",
            "“น้ำตาล” และ (“อ้อย” หรือ “ข้าว”) แต่ไม่มี “ปี”",
        ),
        ('="กรม ที่ดิน" โรง*', '="กรม ที่ดิน" โรง*', "คำว่า “กรม ที่ดิน” และ “โรง…”"),
        ("–", "", "ไม่มีตัวอักษรหรือตัวเลขให้ค้น"),
    ],
)
def test_a_query_is_explained(query: str, canonical: str, thai: str) -> None:
    tree = parse_query(query)
    assert (canonical_query(tree), explain_query(tree)) == (canonical, thai)


def test_positive_terms_leave_out_negated_ones() -> None:
    tree = parse_query("น้ำตาล (อ้อย OR ข้าว) NOT ราคา")
    assert positive_terms(tree) == [SUGAR, CANE, RICE]
