"""Corpus files, invented and real."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from scraper import pages
from scraper.imports.corpus import read_corpus
from scraper.model import Capture, Outcome, Page
from scraper.pages.corpus import category_of, source_address
from scraper.pages.fields import line_key
from scraper.thai.dates import read_short_date
from tests.pages.samples import BODY, HEADLINE, LEAD, LONG, SHORT, URL, capture, corpus_text

if TYPE_CHECKING:
    from pathlib import Path

NAME = "data/2025/08/22/ด้านเศรษฐกิจ _312_98cf1f5b-1a2b-4c3d-8e4f-0123456789ab.txt"


def read(text: str | bytes, source: str = NAME) -> Page:
    return pages.read(capture(text, source=source))


def test_file_becomes_an_article() -> None:
    page = read(corpus_text(LONG, SHORT, "พิมพ์", HEADLINE, LEAD, *BODY, "#ว่าว"))
    assert page.outcome is Outcome.ARTICLE
    assert page.problems == []
    article = page.article
    assert article
    assert (article.url, article.site_id, article.parser) == (URL, 70001, "corpus/2")
    assert (article.title, article.lead, article.body) == (HEADLINE, LEAD, "\n".join(BODY))
    assert (article.tail, article.hashtags) == ("#ว่าว", ("ว่าว",))
    assert article.published_on == article.entered_on == date(2025, 8, 21)
    assert article.category == "ด้านเศรษฐกิจ"


def test_old_file_with_bom_crlf_and_view_count() -> None:
    text = corpus_text(LONG, "8,018", "พิมพ์", HEADLINE, LEAD, *BODY)
    page = read(b"\xef\xbb\xbf" + text.replace("\n", "  \r\n \xa0\r\n").encode())
    assert page.article
    assert (page.article.lead, page.article.body) == (LEAD, "\n".join(BODY))


def test_line_separator_does_not_end_a_line() -> None:
    page = read(corpus_text(LONG, HEADLINE, LEAD, BODY[0] + "\u2028" + BODY[1]))
    assert page.article
    assert page.article.body == " ".join(BODY)


def test_player_script_is_removed() -> None:
    script = ['$("#video-player3").css("a");', "flowplayer.conf = {", "};", "clip: {", "});"]
    page = read(corpus_text(LONG, *script, HEADLINE, LEAD, *BODY))
    assert page.article
    assert page.article.body == "\n".join(BODY)
    assert page.problems == []


def test_last_source_line_counts() -> None:
    text = corpus_text(LONG, HEADLINE, LEAD, "ที่มา : https://example.org/ก", *BODY)
    assert source_address(text) == URL
    page = read(text)
    assert page.article
    assert page.article.body.startswith("ที่มา : https://example.org/ก")


@pytest.mark.parametrize(
    ("text", "outcome", "problem"),
    [
        (corpus_text(LONG, HEADLINE, LEAD, source=None), Outcome.UNPARSED, "no-source-url"),
        (corpus_text(source="ที่มา : https://a.example/1"), Outcome.UNPARSED, "foreign-source-url"),
        ("", Outcome.UNPARSED, "no-source-url"),
        (corpus_text("วันพฤหัสบดีที่ 1 มกราคม 2513", title="รัฐบาลไทย-"), Outcome.MISSING, None),
    ],
)
def test_files_without_an_article(text: str, outcome: Outcome, problem: str | None) -> None:
    page = read(text)
    assert page.outcome is outcome
    assert [problem.kind for problem in page.problems] == ([problem] if problem else [])


@pytest.mark.parametrize(
    ("source", "category"),
    [
        ("data/2020/09/17/ข่าวทำเนียบรัฐบาล_41.txt", "ข่าวทำเนียบรัฐบาล"),
        ("Government News\t_2_af323462-1a2b-4c3d-8e4f-0123456789ab.txt", "Government News"),
        ("ข่าวรอง นรม  รมตนร _1_19dfdac4-1a2b-4c3d-8e4f-0123456789ab.txt", "ข่าวรอง นรม รมตนร"),
        ("ทดสอบ_2_3.txt", "ทดสอบ_2"),
        ("2023/11/08/_1_80cefbb0-1a2b-4c3d-8e4f-0123456789ab.txt", None),
        ("000_3e201b7ebf565534.txt", None),
        ("13.txt", None),
        (None, None),
    ],
)
def test_category_is_read_from_the_file_name(source: str | None, category: str | None) -> None:
    assert category_of(source) == category


def real_pages(*paths: Path) -> list[Page]:
    captures = list(read_corpus(paths, datetime(2026, 1, 1, tzinfo=UTC)))
    assert all(isinstance(capture, Capture) for capture in captures), captures
    return [pages.read(capture) for capture in captures if isinstance(capture, Capture)]


@pytest.mark.parametrize(
    ("corpus", "files"), [("v2-sample", 3_000), ("v1-sample", 400), ("v1-whitespace-sample", 200)]
)
def test_every_real_file_is_an_article_or_has_a_problem(
    shared: Path, corpus: str, files: int
) -> None:
    found = real_pages(shared / "corpus" / f"thaigov-{corpus}.tar.gz")
    assert len(found) == files
    outcomes = Counter(page.outcome for page in found)
    # One television talk without an address, two deleted pages.
    assert outcomes[Outcome.UNPARSED] <= 1
    assert outcomes[Outcome.MISSING] <= 2
    assert all(page.problems for page in found if page.outcome is Outcome.UNPARSED)
    articles = [page.article for page in found if page.article]
    assert len(articles) + outcomes[Outcome.UNPARSED] + outcomes[Outcome.MISSING] == files
    assert sum(bool(article.body) for article in articles) >= 0.98 * files
    for article in articles:
        lines = article.body.split("\n")
        assert article.title
        assert article.published_on
        assert article.category
        assert "พิมพ์" not in lines
        assert not any(map(read_short_date, lines)), article.url
        assert line_key(article.title) not in map(line_key, lines[:3]), article.url
