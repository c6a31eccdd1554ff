"""Agencies as facts of an article: each passage, and their summary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.facts import Facts
from scraper.archive.article import article_details, find_articles
from scraper.facts.agency_mentions import KIND
from scraper.model import Incoming
from tests.factories import make_article, make_capture, make_page

if TYPE_CHECKING:
    from scraper.archive.writer import ArchiveWriter
    from scraper.model import Article


def with_facts(**fields: Any) -> Article:
    """Return an article of these fields after the facts stage."""
    page = Facts().process_item(make_page(make_capture(), make_article(**fields)))
    assert page.article is not None
    return page.article


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"title": "กสอ. เปิดงาน"}, [("diprom", "title", 0, "กสอ.")]),
        ({"lead": "โดย DIPROM"}, [("diprom", "lead", 4, "DIPROM")]),
        ({"body": "ก\nข\nค กสอ."}, [("diprom", "body", 6, "กสอ.")]),
        ({"tail": "#กสอ."}, [("diprom", "tail", 1, "กสอ.")]),
        # as written: Thai digits before it, spaces inside it
        ({"body": "๑๒ กรม ประมง"}, [("fisheries", "body", 3, "กรม ประมง")]),
        # tags that no field contains have no position
        ({"body": "", "hashtags": ("DIPROM",)}, []),
    ],
)
def test_where_agencies_are_named(
    fields: dict[str, Any], expected: list[tuple[str, str, int, str]]
) -> None:
    found = with_facts(**{"title": "ก", "body": "ก", **fields}).facts["agency_mentions"]
    assert [(m.agency, m.at.field, m.at.position, m.at.text) for m in found] == expected


@given(
    st.lists(st.sampled_from(["กสอ.", "กรมประมง", " ", "\n", "ํา", "ก", "๒", "(", ")"]), max_size=20)
)
def test_a_passage_is_the_text_at_its_position(pieces: list[str]) -> None:
    body = "".join(pieces).strip()
    found = with_facts(title="ก", body=body).facts["agency_mentions"]
    for mention in found:
        _, position, text = mention.at
        assert body[position : position + len(text)] == text != ""
    assert [m.at.position for m in found] == sorted(m.at.position for m in found)


def test_the_summary_counts_the_passages_and_the_tags() -> None:
    article = with_facts(title="กสอ.", body="กสอ. พบ สมอ.", hashtags=("DIPROM",))
    assert len(article.facts["agency_mentions"]) == 3
    counts = {found.agency: found.mentions for found in article.facts["agencies"]}
    assert counts == {"diprom": 3, "tisi": 1}


def test_mentions_are_stored_and_shown(writer: ArchiveWriter) -> None:
    article = make_article(title="กพร. ดูงาน", body="อบรมฝีมือแรงงานในเหมือง")
    (capture,) = writer.capture([Incoming(make_capture())])
    writer.save([Facts().process_item(make_page(capture, article))])
    (row,) = find_articles(writer.db, article.url)
    shown = article_details(writer.db, row)["agency_mentions"]
    # an abbreviation that may mean two agencies
    assert [(m["agency"], m["position"]) for m in shown] == [("dpim", 0), ("skill-development", 0)]
    assert KIND.line(shown[0]) == "title 0: กพร. = dpim"


def test_agencies_without_a_ministry_are_stored(writer: ArchiveWriter) -> None:
    sql = "SELECT ministry, kind, first_on, successor FROM agencies WHERE slug = ?"
    assert writer.db.execute(sql, ["nacc"]).fetchone() == (None, "independent", None, None)
    assert writer.db.execute(sql, ["tot"]).fetchone() == ("digital", "enterprise", None, "nt")
