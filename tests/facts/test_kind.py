"""A new kind of fact needs only a declaration and a table."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pipelines.facts import Facts
from scraper import facts
from scraper.archive.article import article_details, find_articles
from scraper.archive.derived_rows import derived_rows, stored_derived_rows
from scraper.facts.kind import NONE, FactKind
from scraper.model import Incoming
from scraper.upkeep.reconcile import Reconciler
from tests.factories import make_article, make_capture, make_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.archive.writer import ArchiveWriter
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
def new_kind(writer: ArchiveWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    writer.db.executescript(
        "CREATE TABLE shouts (article_id INTEGER NOT NULL REFERENCES articles(id) "
        "ON DELETE CASCADE, word TEXT NOT NULL, PRIMARY KEY (article_id, word)) STRICT"
    )
    monkeypatch.setattr(facts, "KINDS", (*facts.KINDS, SHOUTS))


def store(writer: ArchiveWriter, article: Article) -> Page:
    (capture,) = writer.capture([Incoming(make_capture(article.site_id))])
    page = Facts().process_item(make_page(capture, article))
    writer.save([page])
    return page


def test_its_facts_are_found_stored_and_shown(writer: ArchiveWriter) -> None:
    article = make_article(body="โอ้! ฝนตก! โอ้!")
    store(writer, article)
    (row,) = find_articles(writer.db, article.url)
    assert article_details(writer.db, row)["shouts"] == [{"word": "โอ้!"}, {"word": "ฝนตก!"}]
    assert stored_derived_rows(writer.db, row["id"]) == derived_rows(article)


def test_a_reparse_reports_changed_facts(writer: ArchiveWriter) -> None:
    page = store(writer, make_article(body="โอ้!"))
    writer.db.execute("UPDATE shouts SET word = 'อ้าว!'")
    assert page.article
    number = page.capture.id or 0
    result = Reconciler(writer.db).reconcile(page.article.url, [number], {number: page}, {})
    assert [(c.field, c.before, c.after) for c in result.changes] == [("shouts", "อ้าว!", "โอ้!")]


def test_rows_of_a_group_are_one_line() -> None:
    rows = [{"word": word, "position": n} for n, word in enumerate(("โอ้!", "อ้าว!", "โอ้!"))]
    assert SHOUTS.lines(rows) == ["โอ้!", "อ้าว!", "โอ้!"]
    assert replace(SHOUTS, group=("word",)).lines(rows) == ["โอ้! ×2", "อ้าว!"]


def test_articles_are_filtered_by_it(writer: ArchiveWriter) -> None:
    store(writer, make_article(body="โอ้!"))
    store(writer, make_article(2, body="เงียบ"))

    def found(kind: FactKind, *values: str) -> list[int]:
        condition, parameters = kind.condition(values)
        sql = f"SELECT a.site_id FROM articles a WHERE {condition} ORDER BY 1"
        return [number for (number,) in writer.db.execute(sql, parameters)]

    assert found(SHOUTS, "โอ้!") == found(SHOUTS, "โอ้!", "อ้าว!") == [1]
    assert found(SHOUTS, "โอ้") == found(SHOUTS, NONE) == []  # without a facet, a value like others
    counted = replace(SHOUTS, facet="shout")
    assert found(counted, NONE) == [2]
    assert found(counted, NONE, "โอ้!") == [1, 2]
