"""Tests for the facts of contacts: values in one form, warnings."""

from __future__ import annotations

from scraper.facts.contacts import contact_line, contact_row
from tests.facts.test_money import with_facts


def test_values_are_in_one_form_and_texts_as_written() -> None:
    body = "โทร. ๐ ๒๕๕๕ ๐๑๒๓-๔ สายด่วน 1569 www.Example.go.th/Aa LINE @Namjai"
    article = with_facts(body=body)
    found = article.facts["contacts"]
    assert [(c.kind, c.at.text, c.value) for c in found] == [
        ("phone", "๐ ๒๕๕๕ ๐๑๒๓-๔", "025550123"),
        ("hotline", "1569", "1569"),
        ("url", "www.Example.go.th/Aa", "https://www.example.go.th/Aa"),
        ("line", "@Namjai", "@namjai"),
    ]
    assert all(body[c.at.position :].startswith(c.at.text) for c in found)


def test_warned_contacts_are_marked() -> None:
    (contact,) = with_facts(body="มิจฉาชีพใช้ไลน์ @namjai99 ชวนลงทุน").facts["contacts"]
    assert contact_row(contact)[-1] == 1
    row = {"kind": "line", "value": "@namjai99", "warned": 1}
    assert contact_line(row) == "line @namjai99 (warned of)"
    assert contact_line(row | {"warned": 0}) == "line @namjai99"
