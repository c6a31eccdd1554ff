"""Places become mentions with the passage as written."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from scraper.archive.article import article_details, find_articles
from scraper.facts.kind import ArticleText, Mention
from scraper.facts.places import KIND, find_place_mentions
from scraper.model import Incoming, TextField
from tests.factories import make_article, make_capture, make_page

if TYPE_CHECKING:
    from scraper.archive.writer import ArchiveWriter


class Person(NamedTuple):
    at: Mention


def test_the_passage_is_quoted_as_written() -> None:
    article = make_article(title="เเพร่ภาพที่จ\u200b.ตาก", body="อ.เมือง จ.  นํ\u200bา\nจังหวัดเลย")
    found = list(find_place_mentions(ArticleText(article)))
    assert [(m.at.field, m.at.text, m.province) for m in found] == [
        (TextField.TITLE, "จ\u200b.ตาก", "TH-63"),
        (TextField.BODY, "จังหวัดเลย", "TH-42"),
    ]


@given(st.text(alphabet="จังหวัดชลบุรีอ.เมืองต \u200b\u0e4d\u0e32เ๑İ\n", max_size=80))
def test_the_text_is_the_slice(body: str) -> None:
    article = make_article(title="จ.ตาก", body=body)
    for mention in find_place_mentions(ArticleText(article)):
        at = mention.at
        written = getattr(article, at.field)
        assert written[at.position : at.position + len(at.text)] == at.text


def test_a_province_inside_a_person_s_name_does_not_count() -> None:
    article = make_article(title="สมใจ ระยอง พบชาวระยอง", body="")
    assert len(list(find_place_mentions(ArticleText(article)))) == 2
    article.facts["people"] = (Person(Mention(TextField.TITLE, 0, "สมใจ ระยอง")),)
    (mention,) = find_place_mentions(ArticleText(article))
    assert mention.at.position == 16


def test_places_are_stored_and_shown(writer: ArchiveWriter) -> None:
    article = make_article(title="ฝนตกที่ชลบุรี", body="ที่อำเภอศรีราชา")
    places = tuple(find_place_mentions(ArticleText(article)))
    article.facts["places"] = places
    (capture,) = writer.capture([Incoming(make_capture())])
    writer.save([make_page(capture, article)])
    (row,) = find_articles(writer.db, article.url)
    shown = article_details(writer.db, row)["places"]
    assert [KIND.line(place) for place in shown] == [
        "ชลบุรี = province ชลบุรี, TH-20",
        "อำเภอศรีราชา = district ศรีราชา, TH-20",
    ]
    condition, values = KIND.condition(["TH-20"])
    (found,) = writer.db.execute(
        f"SELECT count(*) FROM articles a WHERE {condition}", values
    ).fetchone()
    assert found == 1
