"""Reads the amounts of money by ministry and by programme. Reads no texts.

Amounts are not added up: the same money is named in many articles. Prices per unit are left out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlencode

from scraper.browse.charts import NONE, Chart, largest_series, stacked_chart

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlite_utils import Database

    from scraper.archive.versions import Row

NEAR = 100  # characters between a programme's name and an amount that belongs to it
MOST_PROGRAMMES = 60
MILLION = 1_000_000
LEAST = (0, MILLION, 100 * MILLION, 1_000 * MILLION)  # baht, to choose from
BY_MINISTRY, BY_PROGRAMME = "ministry", "programme"
CSV_COLUMNS = ("name", "articles", "amounts", "largest", "published_on", "title", "article")

# Nearly every amount is in baht, so an index of currencies would only be a detour (the unary plus).
_BAHT = "+currency = 'THB' AND per IS NULL AND coalesce(high, low) >= :least"
# Of each article the largest amount, then its day and ministry from an index.
OF_ARTICLES = f"""
    WITH m AS MATERIALIZED (
        SELECT article_id, count(*) AS amounts, max(coalesce(high, low)) AS largest
        FROM money_mentions WHERE {_BAHT} GROUP BY article_id
    )
    SELECT a.id, substr(a.published_on, 1, 4) AS year, a.ministry, m.amounts, m.largest
    FROM articles a INDEXED BY articles_by_day CROSS JOIN m ON m.article_id = a.id
"""
OF_PROGRAMMES = f"""
    SELECT name, count(*) AS articles, sum(n) AS amounts, max(largest) AS largest, article_id
    FROM (
        SELECT p.name, p.article_id, count(DISTINCT m.position) AS n,
               max(coalesce(m.high, m.low)) AS largest
        FROM programme_mentions p
        CROSS JOIN money_mentions m ON m.article_id = p.article_id AND m.field = p.field
             AND m.position BETWEEN p.position - {NEAR} AND p.position + length(p.text) + {NEAR}
        WHERE {_BAHT} GROUP BY p.name, p.article_id
    ) GROUP BY name ORDER BY articles DESC, amounts DESC, name LIMIT {MOST_PROGRAMMES}
"""
ARTICLE = "SELECT id, title, published_on, ministry, url FROM articles WHERE id = ?"


@dataclass(frozen=True)
class MoneyQuery:
    """What a reader chose, from the query string.

    Attributes:
        year: of publication, CE; empty for all.
        least: baht, one of ``LEAST``: smaller amounts are left out.
    """

    year: str = ""
    least: int = 0

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> Self:
        """Parse a query string; replace values that are not on offer by the defaults."""
        year, least = arguments.get("year", ""), arguments.get("least", "")
        return cls(
            year=year if len(year) == 4 and year.isascii() and year.isdecimal() else "",
            least=next((n for n in LEAST if str(n) == least), 0),
        )

    def query_string(self, **changes: Any) -> str:
        """Return the query string of this choice, with additions."""
        chosen = {**asdict(self), **changes}
        return "?" + urlencode({name: value for name, value in chosen.items() if value})


@dataclass(frozen=True)
class MoneyInArticles:
    """Amounts in baht.

    Attributes:
        years: in which articles name amounts, newest first.
        chart: articles per year that name one, by ministry.
        ministries: ``name`` (slug), ``articles``, ``amounts``, ``largest`` and ``article``, the
            one with the largest; most articles first.
        programmes: the same by programme, of amounts within ``NEAR`` characters of its name.
    """

    years: list[str]
    chart: Chart
    ministries: list[Row]
    programmes: list[Row]


def read_money(db: Database, choice: MoneyQuery) -> MoneyInArticles:
    """Read the amounts of money of a year, or of all."""
    found = list(db.query(OF_ARTICLES, {"least": choice.least}))
    series: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in found:
        if row["year"]:
            series[row["ministry"] or NONE][row["year"]] += 1
    years = sorted({row["year"] for row in found if row["year"]})
    chosen = [row for row in found if choice.year in ("", row["year"])]
    return MoneyInArticles(
        years=years[::-1],
        chart=stacked_chart(years, largest_series(series)),
        ministries=_with_articles(db, _by_ministry(chosen)),
        programmes=_with_articles(db, _programmes(db, choice, {row["id"] for row in chosen})),
    )


def _by_ministry(rows: list[Row]) -> list[Row]:
    merged: dict[str, Row] = {}
    for row in rows:
        name = row["ministry"] or NONE
        one = merged.setdefault(name, {"name": name, "articles": 0, "amounts": 0, "largest": -1})
        one["articles"] += 1
        one["amounts"] += row["amounts"]
        if row["largest"] > one["largest"]:
            one |= {"largest": row["largest"], "article_id": row["id"]}
    return sorted(merged.values(), key=lambda one: (-one["articles"], one["name"]))


def _programmes(db: Database, choice: MoneyQuery, ids: set[int]) -> list[Row]:
    """Return the programmes; those of a year from the articles of that year."""
    sql = OF_PROGRAMMES
    if choice.year:
        listed = ", ".join(map(str, ids)) or "NULL"
        sql = sql.replace("GROUP BY p.name", f"AND p.article_id IN ({listed}) GROUP BY p.name")
    return list(db.query(sql, {"least": choice.least}))


def _with_articles(db: Database, rows: list[Row]) -> list[Row]:
    return [{**row, "article": next(db.query(ARTICLE, [row["article_id"]]))} for row in rows]
