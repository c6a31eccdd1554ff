"""One declaration is all that a new kind of fact needs, beside its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipelines.facts import Facts
from scraper import facts
from scraper.archive.article import details, find
from scraper.archive.derived_rows import dependent, stored_dependent
from scraper.facts.kind import FactKind
from scraper.model import Incoming
from scraper.upkeep.reconcile import Rereader
from tests.factories import make_article, make_capture, make_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.archive.writer import Session
    from scraper.facts.kind import ArticleText
    from scraper.model import Article, Page


def shouts(text: ArticleText) -> Iterator[str]:
    yield from (word for word in text.article.body.split() if word.endswith("!"))


SHOUTS = FactKind(
    name="shouts",
    table="shouts",
    columns=("word",),
    find=shouts,
    row=lambda word: (word,),
    heading="Shouts",
    line=lambda found: str(found["word"]),
    judged=("word",),
    key="word",
    filter="shout",
)


@pytest.fixture(autouse=True)
def declared(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    session.db.executescript(
        "CREATE TABLE shouts (article_id INTEGER NOT NULL REFERENCES articles(id) "
        "ON DELETE CASCADE, word TEXT NOT NULL, PRIMARY KEY (article_id, word)) STRICT"
    )
    monkeypatch.setattr(facts, "KINDS", (*facts.KINDS, SHOUTS))


def store(session: Session, article: Article) -> Page:
    (capture,) = session.capture([Incoming(make_capture())])
    page = Facts().process_item(make_page(capture, article))
    session.save([page])
    return page


def test_it_is_found_stored_and_shown(session: Session) -> None:
    article = make_article(body="โอ้! ฝนตก! โอ้!")
    store(session, article)
    (row,) = find(session.db, article.url)
    assert details(session.db, row)["shouts"] == [{"word": "โอ้!"}, {"word": "ฝนตก!"}]
    assert stored_dependent(session.db, row["id"]) == dependent(article)


def test_a_reparse_reports_what_changed(session: Session) -> None:
    page = store(session, make_article(body="โอ้!"))
    session.db.execute("UPDATE shouts SET word = 'อ้าว!'")
    assert page.article
    number = page.capture.id or 0
    result = Rereader(session.db).judge(page.article.url, [number], {number: page}, {})
    assert [(c.field, c.before, c.after) for c in result.changes] == [("shouts", "อ้าว!", "โอ้!")]


def test_it_filters(session: Session) -> None:
    store(session, make_article(body="โอ้!"))
    sql = f"SELECT a.site_id FROM articles a WHERE {SHOUTS.filter_sql}"
    assert session.db.execute(sql, ["โอ้!"]).fetchall() == [(1,)]
    assert session.db.execute(sql, ["โอ้"]).fetchall() == []
