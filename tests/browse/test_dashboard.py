"""The figures of the dashboard equal those of plain queries and come from indexes only."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlite_utils import Database

from scraper.archive.schema import migrations
from scraper.archive.writer import ArchiveWriter
from scraper.browse import dashboard, trends
from scraper.browse.app import Options
from scraper.browse.charts import largest_series
from scraper.browse.dashboard import MIN_BLOCKS, DashboardQuery, read_dashboard
from tests.browse.conftest import TWIN, served, store
from tests.browse.plans import whole_reads
from tests.factories import make_article

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.browse.charts import Chart
    from tests.browse.conftest import Site


def totals(chart: Chart) -> dict[str, int]:
    return {column.label: column.total for column in chart.columns}


def series(chart: Chart, name: str) -> int:
    number = chart.series.index(name)
    return sum(b.value for column in chart.columns for b in column.blocks if b.series == number)


@pytest.fixture(scope="module")
def board(archive: Database) -> dashboard.Dashboard:
    return read_dashboard(archive, 24, "")


def test_volume_is_counted_by_month(archive: Database, board: dashboard.Dashboard) -> None:
    months = dict(
        archive.execute("SELECT substr(published_on, 1, 7), count(*) FROM articles GROUP BY 1")
    )
    for chart in (board.ministries, board.categories, board.sources):
        assert totals(chart) == months
    assert board.articles == sum(months.values())
    assert (board.months[0], board.months[-1]) == (min(months), max(months))
    (wayback,) = archive.execute(
        "SELECT count(*) FROM articles a JOIN captures c ON c.id = a.capture_id "
        "WHERE c.origin = 'wayback'"
    ).fetchone()
    assert series(board.sources, "wayback") == wayback


def test_volume_of_one_ministry_by_year(archive: Database) -> None:
    years = read_dashboard(archive, dashboard.YEARLY_FROM_MONTHS, "industry")
    assert totals(years.categories) == dict(
        archive.execute(
            "SELECT substr(published_on, 1, 4), count(*) FROM articles "
            "WHERE ministry = 'industry' GROUP BY 1"
        )
    )
    assert years.ministries.series == ("industry",)
    assert {item.ministry for item in years.edited} <= {"industry"}


def test_days_without_news_are_counted(archive: Database, board: dashboard.Dashboard) -> None:
    days = archive.execute("SELECT DISTINCT published_on FROM articles").fetchall()
    span = "SELECT julianday(max(published_on)) - julianday(min(published_on)) + 1 FROM articles"
    assert board.quiet_days == archive.execute(span).fetchone()[0] - len(days)
    assert board.days_ago is not None
    assert board.days_ago > 0


def test_edits_and_removals_count_when_seen(archive: Database, board: dashboard.Dashboard) -> None:
    (edits,) = archive.execute("SELECT count(*) FROM article_revisions").fetchone()
    assert series(board.changes, "edited") == edits > 0
    assert series(board.changes, "removed") == 1
    assert sum(item.edited for item in board.edited) == edits
    assert [item.removed for item in board.edited if item.removed] == [1]
    first = board.edited[0]
    assert first.edited + first.removed >= board.edited[-1].edited + board.edited[-1].removed
    assert first.articles == series(board.ministries, first.ministry)


def test_numbers_are_counted_in_blocks(archive: Database, board: dashboard.Dashboard) -> None:
    (numbers,) = board.numbers
    assert (numbers.first, numbers.last) == (1, TWIN + 2)
    assert sum(totals(numbers.chart).values()) == numbers.articles == archive["articles"].count
    assert MIN_BLOCKS <= len(numbers.chart.columns) <= 4 * MIN_BLOCKS + 2
    assert totals(numbers.chart)[str(TWIN // numbers.size * numbers.size)] == 3


@pytest.mark.parametrize(
    "name",
    [
        "PUBLICATION_SPAN",
        "ARTICLES_PER_MONTH",
        "DAYS_WITH_ARTICLES",
        "SOURCES_PER_MONTH",
        "NUMBER_RANGES",
        "NUMBERS_PER_BLOCK",
        "EDITS_PER_MONTH",
        "REMOVALS_PER_MONTH",
        "USE_PER_MONTH",
    ],
)
def test_queries_read_no_table_of_texts(archive: Database, name: str) -> None:
    sql = getattr(dashboard, name, None) or getattr(trends, name)
    given = {
        "since": "2024-01-01", "width": 7, "ministry": "", "size": 10, "site": "practice",
        "layout": "contents", "after": "2024-01-01", "until": "2026-01-01",
    }  # fmt: skip
    matching = "SELECT id, published_on FROM articles"
    assert whole_reads(archive.conn, sql.format(matching=matching, width=7), given) == []


def test_an_empty_archive_has_a_dashboard() -> None:
    db = Database(memory=True)
    migrations.apply(db)
    board = read_dashboard(db, 24, "")
    assert (board.months, board.articles, board.days_ago, board.quiet_days) == ([], 0, None, 0)
    assert trends.read_word_trends(db, 30, "") is None
    assert trends.read_term_use(db, "คำ", 24, "").first is None


@pytest.mark.parametrize(
    ("given", "choice"),
    [
        ({}, DashboardQuery()),
        ({"months": "60", "days": "90", "q": " คำ "}, DashboardQuery(60, "", 90, "คำ")),
        ({"ministry": "industry"}, DashboardQuery(ministry="industry")),
        ({"months": "61", "days": "-1", "ministry": "<b>", "q": ""}, DashboardQuery()),
    ],
)
def test_values_not_on_offer_are_replaced_by_defaults(
    given: dict[str, str], choice: DashboardQuery
) -> None:
    assert DashboardQuery.read(given) == choice


def test_query_string() -> None:
    assert DashboardQuery(q="คำ").query_string(q="a&b") == "?months=24&days=30&q=a%26b"


def test_small_series_are_combined() -> None:
    values = {name: Counter({"m": n}) for n, name in enumerate("abcdefgh", 1)}
    values["none"] = Counter({"m": 99})
    assert list(largest_series(values)) == ["h", "g", "f", "e", "d", "c", "others", "none"]
    assert largest_series(values)["others"] == {"m": 3}


def test_use_of_a_term(archive: Database) -> None:
    use = trends.read_term_use(archive, "จังหวัด", 24, "")
    holding = "FROM articles WHERE title || coalesce(lead, '') || body LIKE '%จังหวัด%'"
    assert use.total == archive.execute(f"SELECT count(*) {holding}").fetchone()[0]
    assert use.total == sum(totals(use.chart).values())
    assert use.first is not None
    first = archive.execute(f"SELECT min(published_on) {holding}").fetchone()[0]
    assert use.first["published_on"] == first
    industry = trends.read_term_use(archive, "จังหวัด", 24, "industry")
    assert 0 < industry.total < use.total
    assert trends.read_term_use(archive, "(", 24, "").total == 0


def test_rising_words_match_plain_queries(archive: Database) -> None:
    words = trends.read_word_trends(archive, 90, "")
    assert words is not None
    for period in (words.period, words.against):
        bounds = (period.since.isoformat(), period.until.isoformat())
        counted = "SELECT count(*) FROM articles WHERE published_on BETWEEN ? AND ?"
        assert archive.execute(counted, bounds).fetchone() == (period.articles,)
    for word in words.more[:5]:
        for count, period in ((word.articles, words.period), (word.against, words.against)):
            (found,) = archive.execute(
                "SELECT count(*) FROM article_words w JOIN articles a ON a.id = w.article_id "
                "WHERE ' ' || w.words || ' ' LIKE ? AND a.published_on BETWEEN ? AND ?",
                [f"% {word.word} %", period.since.isoformat(), period.until.isoformat()],
            ).fetchone()
            assert count == found, word


def test_the_page_shows_the_choice(practice: Site, board: dashboard.Dashboard) -> None:
    page = practice.page("/-/dashboard?q=จังหวัด&months=12&ministry=industry")
    assert '<option value="12" selected>' in page
    assert '<option value="industry" selected>' in page
    assert "“จังหวัด”" in page
    assert page.count('<svg class="chart"') == page.count("<table") - 2  # edits and runs beside
    assert "ministry=industry" in page
    assert f"{board.articles:,}" in practice.page("/-/dashboard")


def test_only_a_live_run_is_shown_as_running(db_path: Path) -> None:
    with ArchiveWriter(db_path, "test", {}) as writer:
        store(writer, 1, make_article(1), b"1")
        with served(db_path, Options()) as site:
            assert "กำลังทำงาน" in site.page("/-/dashboard")
    with closing(sqlite3.connect(db_path)) as connection, connection:
        connection.execute("UPDATE runs SET outcome = NULL, finished_at = NULL")  # as if killed
    with served(db_path, Options()) as site:
        page = site.page("/-/dashboard")
    assert "ไม่เสร็จสิ้น" in page
    assert "กำลังทำงาน" not in page
