"""An event is stored with its time, place, province and leader, and shown on one line."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from pipelines.facts import Facts
from scraper.archive.article import article_details, find_articles
from scraper.archive.derived_rows import derived_rows, stored_derived_rows
from scraper.facts.dates import find_field_dates
from scraper.facts.events import KIND, Event, event_brief, find_events
from scraper.facts.kind import ArticleText, Mention
from scraper.facts.places import find_place_mentions
from scraper.model import Article, Incoming, TextField
from tests.factories import make_article, make_capture, make_page

if TYPE_CHECKING:
    from scraper.archive.writer import ArchiveWriter

BODY = (
    "วันนี้ (๒๑ สิงหาคม ๒๕๖๘) เวลา ๐๙.๓๐ น. ณ สวนเมฆ อำเภอศรีราชา จังหวัดชลบุรี นายสมใจ ใจดี "
    "มอบหมายให้ นางมาลี ดีงาม เป็นประธานเปิดงานเมฆ โดยมีผู้แทนจากจังหวัดเลยเข้าร่วม"
)


class Person(NamedTuple):
    at: Mention
    person: int


def found_in(article: Article) -> list[Event]:
    text = ArticleText(article)
    article.facts["dates"] = tuple(find_field_dates(text))
    article.facts["places"] = tuple(find_place_mentions(text))
    return list(find_events(text))


def test_day_time_place_and_province() -> None:
    (event,) = found_in(make_article(body=BODY))
    assert event.start_on == event.end_on == date(2025, 8, 21)
    assert f"{event.start_time:%H:%M}" == "09:30"
    assert event.place == "สวนเมฆ อำเภอศรีราชา จังหวัดชลบุรี"
    assert event.province == "TH-20"  # not that of the guests


def test_the_province_of_the_dateline_and_of_the_headline() -> None:
    (event,) = found_in(make_article(body="จังหวัดเลย : วันที่ 20 ส.ค. 68 นายสมใจ ใจดี ประชุมทีม"))
    assert event.province == "TH-42"
    (event,) = found_in(make_article(title="ประชุมที่จังหวัดเลย", body="วันที่ 20 ส.ค. 68 ประชุมทีม"))
    assert event.province == "TH-42"
    (event,) = found_in(make_article(body="วันที่ 20 ส.ค. 68 ณ ตึกหนึ่ง ทำเนียบรัฐบาล นายสมใจ ประชุมทีม"))
    assert event.province == "TH-10"


def test_the_province_of_a_visit() -> None:
    body = "วันที่ 20 ส.ค. 68 ผู้แทนจังหวัดเลย ลงพื้นที่จังหวัดชลบุรี ติดตามงาน ณ สวนเมฆ"
    (event,) = found_in(make_article(body=body))
    assert (event.place, event.province) == ("สวนเมฆ", "TH-20")


def test_a_surname_is_not_a_place() -> None:
    body = "วันที่ 20 ส.ค. 68 นายสมใจ ณ เชียงใหม่ เป็นประธานเปิดงาน ณ สวนเมฆ"
    article = make_article(body=body)
    article.facts["people"] = (Person(Mention(TextField.BODY, 21, "สมใจ ณ เชียงใหม่"), 1),)
    (event,) = found_in(article)
    assert event.place == "สวนเมฆ"


def test_whoever_was_sent_leads() -> None:
    article = make_article(body=BODY)
    article.facts["people"] = tuple(
        Person(Mention(TextField.BODY, BODY.index(name), name), number)
        for number, name in enumerate(("นายสมใจ ใจดี", "นางมาลี ดีงาม"), 1)
    )
    (event,) = found_in(article)
    assert event.person == 2


def test_a_verb_inside_a_name_does_not_count() -> None:
    body = "วันนี้ (21 ส.ค. 68) นายอนุมัติ ประชุมดี เป็นประธานเปิดงานเมฆ"
    article = make_article(body=body)
    name = "อนุมัติ ประชุมดี"
    article.facts["people"] = (Person(Mention(TextField.BODY, body.index(name), name), 1),)
    (event,) = found_in(article)
    assert event.confidence > 0.6
    article = make_article(body=body.replace("เป็นประธานเปิดงานเมฆ", "เปิดเผยว่า ฝนดี"))
    article.facts["people"] = (Person(Mention(TextField.BODY, body.index(name), name), 1),)
    assert found_in(article) == []


def test_a_statement_has_no_event() -> None:
    assert found_in(make_article(body="วันนี้ (21 ส.ค. 68) นายสมใจ เปิดเผยว่า ฝนดี")) == []


def test_an_event_is_stored_and_shown(writer: ArchiveWriter) -> None:
    article = make_article(body=BODY)
    (capture,) = writer.capture([Incoming(make_capture())])
    writer.save([Facts().process_item(make_page(capture, article))])
    (row,) = find_articles(writer.db, article.url)
    (shown,) = article_details(writer.db, row)["events"]
    assert KIND.line(shown) == (
        "2025-08-21 09:30, สวนเมฆ อำเภอศรีราชา จังหวัดชลบุรี, ชลบุรี, มาลี ดีงาม (0.85)"
    )
    assert stored_derived_rows(writer.db, row["id"]) == derived_rows(article)
    (calendar,) = writer.db.query("SELECT start_on, province_name FROM events_calendar")
    assert calendar == {"start_on": "2025-08-21", "province_name": "ชลบุรี"}


def test_feeds_have_the_days() -> None:
    day, last = date(2025, 8, 21), date(2025, 8, 23)
    assert event_brief(Event(day, day, None, None, None, None, None, 0.5)) == "2025-08-21"
    assert (
        event_brief(Event(day, last, None, None, None, None, None, 0.5)) == "2025-08-21/2025-08-23"
    )
