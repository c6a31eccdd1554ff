"""The pages about words: compared terms, contexts, words of a period."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from scraper.browse import word_views
from scraper.browse.comparison import ComparisonQuery, read_comparison
from scraper.browse.line_chart import line_chart
from scraper.browse.word_views import read_typed_period
from scraper.search.engine import Filters, search
from scraper.statistics.concordance import make_concordance
from scraper.statistics.keyness import compare_periods
from scraper.thai.typed_dates import DayError

if TYPE_CHECKING:
    from sqlite_utils import Database

    from tests.browse.conftest import Site


def rows_of(site: Site, path: str) -> list[dict[str, str]]:
    sheet = site.get(path)
    assert sheet.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(sheet.text.removeprefix("\ufeff"))))


# --- compare -----------------------------------------------------------------------------------


def test_shares_equal_sql(archive: Database) -> None:
    compared = read_comparison(archive, ComparisonQuery(("โรงงาน", "ปี OR น้ำ"), months=12))
    for term in compared.terms:
        for month, share in term.shares.items():
            of = archive.execute(
                "SELECT count(*) FROM articles WHERE published_on LIKE ?", [f"{month}%"]
            ).fetchone()[0]
            year, number = map(int, month.split("-"))
            later = date(year + number // 12, number % 12 + 1, 1)
            found = search(
                archive,
                term.q,
                Filters(since=date(year, number, 1), until=date.fromordinal(later.toordinal() - 1)),
            ).total
            assert (share.articles, share.of) == (found, of)
            assert share.per_hundred == round(100 * found / of, 2)
        assert term.total.articles == sum(share.articles for share in term.shares.values()) > 0


def test_the_page_compares_five_terms_at_most(practice: Site) -> None:
    page = practice.page("/-/compare?q=โรงงาน&q=&q=ปี&q=ปี&q=จังหวัด&q=น้ำ&q=ข้าว&q=เกินมา")
    assert page.count('class="curve stroke-') == 2 * 5  # in chart and legend
    assert "ไม่ได้เทียบ เกินมา" in page
    assert page.count("<style") == 0
    ministry = practice.page("/-/compare?q=โรงงาน&ministry=industry&months=120")
    assert "&amp;ministry=industry" in ministry


def test_the_table_has_what_the_file_has(practice: Site) -> None:
    query = "q=โรงงาน&q=ปี&months=12"
    rows = rows_of(practice, f"/-/compare.csv?{query}")
    assert {row["term"] for row in rows} == {"โรงงาน", "ปี"}
    assert len(rows) == len(practice.get(f"/-/compare.json?{query}").json()["rows"])
    page = practice.page(f"/-/compare?{query}")
    assert all(f"{float(row['per_hundred']):.2f}" in page for row in rows)


@pytest.mark.parametrize("name", ["compare", "concordance", "keyness"])
def test_without_a_question_there_is_a_form(practice: Site, name: str) -> None:
    assert "<form" in practice.page(f"/-/{name}")
    assert practice.page(f"/-/{name}").count('aria-current="page"') == 1


def test_a_file_needs_a_term(practice: Site) -> None:
    for name in ("compare.json", "compare.csv", "concordance.json", "concordance.csv"):
        assert practice.get(f"/-/{name}").status_code == 400


def test_a_line_is_broken_where_there_are_no_articles() -> None:
    chart = line_chart(["1", "2", "3", "4"], {"a": {"1": 10.0, "2": 12.5, "4": 0.0}, "b": {}})
    a, b = chart.lines
    assert re.fullmatch(r"M[\d. ]+L[\d. ]+M[\d. ]+", a.path)
    assert (b.points, b.path) == ((), "")
    assert a.points[-1].y == chart.base
    assert min(point.y for point in a.points) >= chart.grid[-1].at
    assert [tick.text for tick in chart.grid] == ["0", "5", "10", "15"]


# --- concordance -------------------------------------------------------------------------------


def test_every_occurrence_is_on_one_page(
    practice: Site, archive: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(word_views, "ARTICLES_PER_PAGE", 4)
    whole = make_concordance(archive, "โรงงาน", width=50, limit=None)
    assert whole.articles > word_views.ARTICLES_PER_PAGE
    lines, skip = [], 0
    while skip is not None:
        data = practice.get(f"/-/concordance.json?q=โรงงาน&skip={skip}").json()
        assert (data["articles"], data["occurrences"]) == (whole.articles, whole.occurrences)
        lines += data["lines"]
        skip = data["next"]
    assert [(line["url"], line["position"]) for line in lines] == [
        (line.url, line.position) for line in whole.lines
    ]


def test_a_line_leads_to_its_place(practice: Site, archive: Database) -> None:
    page = practice.page("/-/concordance?q=โรงงาน")
    found = make_concordance(archive, "โรงงาน", limit=None)
    assert f"พบ {found.occurrences:,} แห่งใน {found.articles:,} ข่าว" in page
    link = re.findall(r'<tr><td><a href="([^"#]+)#hit"', page)[0]
    assert '<mark id="hit">โรงงาน</mark>' in practice.page(link).replace("<wbr>", "")


def test_lines_are_sorted_by_their_context(practice: Site) -> None:
    rows = rows_of(practice, "/-/concordance.csv?q=โรงงาน&order=after")
    after = [row["after"].strip() for row in rows]
    assert after == sorted(after)
    rows = rows_of(practice, "/-/concordance.csv?q=โรงงาน&order=before")
    before = [row["before"].strip()[::-1] for row in rows]
    assert before == sorted(before)


@pytest.mark.parametrize(
    ("query", "status", "shown"),
    [
        ("q=ฆฆฆ", 200, "ไม่พบคำนี้"),
        ("q=–", 400, 'role="alert"'),
        ("q=โรงงาน&since=x", 400, 'role="alert"'),
        ("q=โรงงาน&skip=99999", 200, "ไม่มีผลต่อจากนี้แล้ว"),
        ("q=โรงงาน&skip=x&width=x&order=x", 200, "kwic"),
    ],
)
def test_odd_questions_about_contexts(practice: Site, query: str, status: int, shown: str) -> None:
    assert shown in practice.page(f"/-/concordance?{query}", status)


# --- keyness -----------------------------------------------------------------------------------


def test_the_words_of_a_period_are_those_of_the_command(practice: Site, archive: Database) -> None:
    first, second = (date(2025, 8, 1), date(2025, 8, 31)), (date(2025, 6, 1), date(2025, 7, 31))
    found = compare_periods(archive, first, second, Filters(ministry="industry"), limit=40)
    query = "period=2568-08&against=2568-06..2568-07&ministry=industry"
    data = practice.get(f"/-/keyness.json?{query}").json()
    assert [word["word"] for word in data["more"]] == [word.word for word in found.more]
    assert data["period"]["articles"] == found.period.articles
    rows = rows_of(practice, f"/-/keyness.csv?{query}")
    assert len(rows) == len(found.more) + len(found.less)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2568-08", "2025-08-01", "2025-08-31"),
        ("2568-01..2568-03", "2025-01-01", "2025-03-31"),
        ("21/8/68..2568", "2025-08-21", "2025-12-31"),
    ],
)
def test_typed_periods(text: str, first: str, last: str) -> None:
    assert tuple(map(str, read_typed_period(text))) == (first, last)


def test_odd_periods_are_explained(practice: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DayError, match="ends before"):
        read_typed_period("2568..2567")
    assert "“x”" in practice.page("/-/keyness?period=x", 400)
    monkeypatch.setattr(word_views, "MOST_COMPARED", 2)
    assert "เกินไป" in practice.page("/-/keyness?period=2568-07", 400)


def test_a_month_is_compared_with_the_month_before(practice: Site) -> None:
    data = practice.get("/-/keyness.json?period=2568-08").json()
    assert (data["against"]["since"], data["against"]["until"]) == ("2025-07-01", "2025-07-31")
    data = practice.get("/-/keyness.json?period=10/8/2568..19/8/2568").json()
    assert (data["against"]["since"], data["against"]["until"]) == ("2025-07-31", "2025-08-09")
