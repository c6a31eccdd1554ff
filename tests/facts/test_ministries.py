"""Ministries and agencies as facts of an article."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from pipelines.facts import Facts
from scraper.archive.store import in_scope
from scraper.model import Scope
from tests.factories import make_article, make_capture, make_page

if TYPE_CHECKING:
    from scraper.model import Article


def with_facts(**fields: Any) -> Article:
    """Return an article of these fields after the facts stage."""
    page = Facts().process_item(make_page(make_capture(), make_article(**fields)))
    assert page.article is not None
    return page.article


def test_every_field_counts() -> None:
    article = with_facts(title="มท. เปิดงาน", lead="มท.", body="มท.\nก\nมท.", tail="#มหาดไทย\nมท.")
    assert [found.ministry for found in article.ministries] == ["interior"]
    assert article.ministries[0].score == 5 + 2 + 3 + 1 + 1


def test_agencies_are_counted_in_every_field_and_tag() -> None:
    article = with_facts(
        title="สมอ. เปิดงาน", lead="กสอ.", body="ก\nข\nกสอ.", tail="สศอ.", hashtags=("DIPROM",)
    )
    named = [(found.agency, found.mentions) for found in article.facts["agencies"]]
    assert named == [("diprom", 3), ("tisi", 1), ("oie", 1)]


def test_officers_count_for_their_ministry_of_that_day() -> None:
    title = "นายสุริยะ จึงรุ่งเรืองกิจ เปิดงาน"
    industry = with_facts(title=title, body="", published_on=date(2022, 1, 5))
    transport = with_facts(title=title, body="", published_on=date(2024, 1, 5))
    assert industry.ministries[0].ministry == "industry"
    assert transport.ministries[0].ministry == "transport"


def test_a_tag_counts_once_wherever_it_is() -> None:
    in_the_lead_field = with_facts(body="", hashtags=("ข่าวพม",))
    in_the_tail = with_facts(body="", tail="#ข่าวพม", hashtags=("ข่าวพม",))
    assert in_the_lead_field.ministries == in_the_tail.ministries
    assert in_the_tail.ministries[0].evidence == ("tail: #ข่าวพม ×1",)


def test_an_article_may_have_no_ministry() -> None:
    assert with_facts(title="ฝนตกทั่วไป", body="ทุกจังหวัด").ministries == ()


def test_the_section_says_who_speaks() -> None:
    title, body = "กสอ. ช่วยชาวสวน", "กสอ. เปิดอบรม"
    own = with_facts(title=title, body=body, category="ด้านเศรษฐกิจ")
    spoken = with_facts(title=title, body=body, category="ข่าวคณะโฆษก")
    assert [found.ministry for found in own.ministries] == ["industry"]
    assert [found.ministry for found in spoken.ministries] == ["prime-minister-office", "industry"]


@pytest.mark.parametrize("category", ["ด้านเศรษฐกิจ", "ข่าวคณะโฆษก", None])
def test_an_archive_of_industry_keeps_what_the_government_says_of_it(category: str | None) -> None:
    article = with_facts(title="โฆษกรัฐบาลย้ำ", body="กระทรวงอุตสาหกรรมเปิดอบรม", category=category)
    assert in_scope(article, Scope.INDUSTRY)


def test_a_second_post_of_the_prime_minister_is_not_a_ministry() -> None:
    written = "นายกรัฐมนตรี และ รมว.กลาโหม"
    article = with_facts(title="เปิดสะพาน", body=f"{written} ชมงานกรมทางหลวง", category="ด้านสังคม")
    assert [found.ministry for found in article.ministries] == ["transport"]
