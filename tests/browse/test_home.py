"""The figures of the home page equal those of plain queries."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlite_utils import Database

from scraper.archive.schema import migrations
from scraper.browse.home import CHART_MONTHS, months_until, read_home, rising_names

if TYPE_CHECKING:
    from tests.browse.conftest import Site


def count(db: Database, sql: str) -> int:
    (value,) = db.execute(sql).fetchone()
    return int(value)


def test_figures(archive: Database) -> None:
    home = read_home(archive)
    assert home.articles == count(archive, "SELECT count(*) FROM articles")
    assert (home.first, home.last) == archive.execute(
        "SELECT min(published_on), max(published_on) FROM articles"
    ).fetchone()
    assert home.run is not None
    assert home.run["command"] == "import practice"
    assert sum(source["articles"] for source in home.sources) == home.articles
    assert round(sum(source["share"] for source in home.sources), 6) == 1
    assert {source["origin"] for source in home.sources} == {"live", "wayback", "commoncrawl"}
    assert home.newest[0]["published_on"] == home.last
    assert len(home.newest) == 10


def test_the_chart_counts_every_article_of_its_months(archive: Database) -> None:
    chart = read_home(archive).chart
    months = {column.label: column.total for column in chart.columns}
    assert months == dict(
        archive.execute("SELECT substr(published_on, 1, 7), count(*) FROM articles GROUP BY 1")
    )
    assert "industry" in chart.series


def test_rising_names_are_mentioned_more_than_usual() -> None:
    mentions = [("steady", 1)] * 5 + [("steady", 0)] * 30 + [("new", 1)] * 4 + [("falling", 0)] * 9
    mentions += [("rare", 1)] * 2 + [("up", 1)] * 9 + [("up", 0)] * 6
    assert [(item.name, item.lately, item.usual) for item in rising_names(mentions)] == [
        ("up", 9, 1.0),
        ("new", 4, 0.0),
    ]


def test_an_agency_rises_by_the_articles_that_name_it(archive: Database) -> None:
    assert read_home(archive).agencies == [("diw", 3, 0.0)]  # not by how often they do


def test_months_until() -> None:
    months = months_until(date(2025, 2, 8), CHART_MONTHS)
    assert (months[0], months[-1], len(months)) == ("2023-03", "2025-02", CHART_MONTHS)


def test_an_empty_archive_has_a_home_page() -> None:
    db = Database(memory=True)
    migrations.apply(db)
    home = read_home(db)
    assert (home.articles, home.first, home.sources, home.chart.columns) == (0, None, [], ())


def test_the_page_shows_the_figures(practice: Site, archive: Database) -> None:
    home = read_home(archive)
    page = practice.page("/")
    assert f"<dd>{home.articles:,}</dd>" in page
    assert home.newest[0]["title"].split()[0] in page
    assert 'lang="th"' in page
    assert page.count('<svg class="chart"') == 1
    assert '?agency=diw" lang="th" title="Department of Industrial Works">กรมโรงงาน' in page
