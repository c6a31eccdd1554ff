"""Tests for the facts of laws: passages, and names completed within the article."""

from __future__ import annotations

from scraper.facts.laws import law_line
from tests.facts.test_money import with_facts


def test_a_year_given_once_completes_the_name_everywhere() -> None:
    article = with_facts(title="แก้ พ.ร.บ.แมวจร", body="พระราชบัญญัติแมวจร พ.ศ. ๒๕๓๕ กำหนดว่า พ.ร.บ.นี้")
    found = article.facts["laws"]
    assert [(law.at.field, law.at.text, law.kind) for law in found] == [
        ("title", "พ.ร.บ.แมวจร", "act"),
        ("body", "พระราชบัญญัติแมวจร พ.ศ. ๒๕๓๕", "act"),
    ]
    assert {law.name for law in found} == {"พระราชบัญญัติแมวจร พ.ศ. 2535"}


def test_a_line_has_kind_and_name() -> None:
    assert law_line({"kind": "act", "name": "พระราชบัญญัติแมวจร"}) == "act: พระราชบัญญัติแมวจร"
