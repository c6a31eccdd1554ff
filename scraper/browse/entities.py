"""Declares what the pages of persons, agencies, ministries and provinces show.

One table, ``ENTITIES``, drives one template and one reader. The declarations of facts decide which
articles name an entity, so the pages, the filters and the facets agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from scraper.facts import agencies, ministries, people, places
from scraper.facts.kind import NONE

if TYPE_CHECKING:
    from scraper.facts.kind import FactKind


class Section(NamedTuple):
    """A list on the page of an entity.

    Attributes:
        id: of the section in the page.
        th, en: its heading.
        sql: its rows for the entity ``:key``: ``name``, and where they apply ``key``, ``note``,
            ``articles``, ``first_on``, ``last_on``. ``{own}`` are the ids of the entity's articles.
        of: facet that the rows are values of; empty for none, then a name is searched for.
    """

    id: str
    th: str
    en: str
    sql: str
    of: str = ""


@dataclass(frozen=True, kw_only=True)
class EntityKind:
    """The pages of one kind of entity.

    Attributes:
        facet: its facet and filter, and the kind of its labels.
        path: of its pages, below ``/-/``.
        th, en: what the list of all is called.
        kind: the facts by which articles name one.
        row_sql: one of them by ``:key``: ``name_th``, ``name_en`` and what ``about`` names.
        list_sql: all of them, with ``key``, ``name`` and ``articles``, most articles first.
        about: the columns of ``row_sql`` that the head of the page shows.
        sections: the lists of the page, in order.
        column: of ``articles`` by which the chart divides.
        event: condition on ``events e`` for those of the entity ``:key``.
    """

    facet: str
    path: str
    th: str
    en: str
    kind: FactKind
    row_sql: str
    list_sql: str
    about: tuple[str, ...] = ()
    sections: tuple[Section, ...]
    column: str = "ministry"
    event: str

    @property
    def own_sql(self) -> str:
        """The query for the ids of the articles that name the entity ``:key``."""
        return f"SELECT article_id FROM {self.kind.table} WHERE {self.kind.key} = :key"

    def key_of(self, text: str) -> str | int | None:
        """Return the key that a URL has; None if it cannot be one."""
        if self.kind.entities is None:
            return text
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


MOST_ROWS = 15  # of a section; the search page has all
_COUNTED = "count(DISTINCT t.article_id) AS articles"
_ORDER = f"ORDER BY articles DESC, 1 LIMIT {MOST_ROWS}"

WITH_PEOPLE = Section(
    "with",
    "ร่วมข่าวกับ",
    "Together with",
    f"SELECT t.person AS key, p.name, {_COUNTED} FROM person_mentions t "
    "JOIN people p ON p.id = t.person WHERE t.article_id IN ({own}) AND t.person <> :key "
    f"GROUP BY t.person {_ORDER}",
    "person",
)
_WITH_AGENCIES = Section(
    "agencies",
    "หน่วยงานในข่าวเดียวกัน",
    "Agencies in the same articles",
    f"SELECT t.agency AS key, n.name_th AS name, {_COUNTED} FROM article_agencies t "
    "JOIN agencies n ON n.slug = t.agency WHERE t.article_id IN ({own}) AND t.agency <> :key "
    f"GROUP BY t.agency {_ORDER}",
    "agency",
)
_WHERE = Section(
    "where",
    "ที่ไหน",
    "Where",
    f"SELECT t.province AS key, v.name_th AS name, {_COUNTED} FROM place_mentions t "
    "JOIN provinces v ON v.code = t.province WHERE t.article_id IN ({own}) "
    f"GROUP BY t.province {_ORDER}",
    "province",
)
_MINISTRIES = Section(
    "ministries",
    "กระทรวงในข่าวเดียวกัน",
    "Ministries in the same articles",
    f"SELECT t.ministry AS key, n.name_th AS name, {_COUNTED} FROM article_ministries t "
    "JOIN ministries n ON n.slug = t.ministry WHERE t.article_id IN ({own}) "
    f"AND t.ministry <> :key GROUP BY t.ministry {_ORDER}",
    "ministry",
)
_PROGRAMMES = Section(
    "programmes",
    "โครงการและนโยบาย",
    "Programmes",
    f"SELECT t.name, t.kind AS note, {_COUNTED} FROM programme_mentions t "
    f"WHERE t.article_id IN ({{own}}) GROUP BY t.name {_ORDER}",
)
_POSTS = Section(
    "posts",
    "ตำแหน่งตามเวลา",
    "Posts over time",
    """
    SELECT m.agency AS key, m.post AS name, count(*) AS articles,
           min(a.published_on) AS first_on, max(a.published_on) AS last_on
    FROM (SELECT DISTINCT post, agency, article_id FROM person_mentions
          WHERE person = :key AND post IS NOT NULL) m
    JOIN articles a ON a.id = m.article_id
    GROUP BY m.post, m.agency ORDER BY first_on, last_on, 2
    """,
    "agency",
)
_OFFICERS = Section(
    "officers",
    "ผู้มีตำแหน่งในหน่วยงานนี้",
    "Who holds posts here",
    f"""
    SELECT m.person AS key, p.name, m.post AS note, m.articles, max(a.published_on) AS last_on
    FROM (SELECT person, post, article_id, count(*) OVER (PARTITION BY person) AS articles
          FROM (SELECT DISTINCT person, post, article_id FROM person_mentions WHERE agency = :key)
    ) m JOIN people p ON p.id = m.person JOIN articles a ON a.id = m.article_id
    GROUP BY m.person ORDER BY last_on DESC, m.articles DESC, p.name LIMIT {MOST_ROWS}
    """,
    "person",
)
_OWN_AGENCIES = Section(
    "own-agencies",
    "หน่วยงานในสังกัด",
    "Its agencies",
    """
    SELECT n.slug AS key, n.name_th AS name, count(t.article_id) AS articles
    FROM agencies n LEFT JOIN article_agencies t ON t.agency = n.slug
    WHERE n.ministry = :key GROUP BY n.slug ORDER BY articles DESC, name
    """,
    "agency",
)
_DISTRICTS = Section(
    "districts",
    "อำเภอและเขต",
    "Districts",
    f"SELECT d.name_th AS name, {_COUNTED} FROM place_mentions t "
    "JOIN districts d ON d.code = t.district WHERE t.province = :key "
    f"GROUP BY t.district {_ORDER}",
)

ENTITIES = {
    entity.facet: entity
    for entity in (
        EntityKind(
            facet="person",
            path="people",
            th="บุคคล",
            en="People",
            kind=people.KIND,
            row_sql="SELECT id AS key, name AS name_th, name AS name_en FROM people "
            "WHERE id = :key",
            list_sql="SELECT p.id AS key, p.name, count(DISTINCT t.article_id) AS articles "
            "FROM person_mentions t JOIN people p ON p.id = t.person "
            "GROUP BY t.person ORDER BY articles DESC, p.name",
            sections=(_POSTS, WITH_PEOPLE, _WHERE, _WITH_AGENCIES, _MINISTRIES, _PROGRAMMES),
            event="e.person = :key",
        ),
        EntityKind(
            facet="agency",
            path="agencies",
            th="หน่วยงาน",
            en="Agencies",
            kind=agencies.KIND,
            row_sql="SELECT slug AS key, name_th, name_en, abbreviation, ministry, first_on, "
            "last_on, successor FROM agencies WHERE slug = :key",
            list_sql="SELECT n.slug AS key, n.name_th AS name, n.name_en, n.abbreviation AS note, "
            "n.ministry, count(t.article_id) AS articles FROM agencies n "
            "LEFT JOIN article_agencies t ON t.agency = n.slug "
            "GROUP BY n.slug ORDER BY articles DESC, name",
            about=("abbreviation", "ministry", "first_on", "last_on", "successor"),
            sections=(_OFFICERS, WITH_PEOPLE, _WHERE, _WITH_AGENCIES, _MINISTRIES, _PROGRAMMES),
            event="e.article_id IN (SELECT article_id FROM article_agencies WHERE agency = :key)",
        ),
        EntityKind(
            facet="ministry",
            path="ministries",
            th="กระทรวง",
            en="Ministries",
            kind=ministries.KIND,
            row_sql="SELECT slug AS key, name_th, name_en, abbreviation FROM ministries "
            "WHERE slug = :key",
            list_sql="SELECT n.slug AS key, n.name_th AS name, n.name_en, n.abbreviation AS note, "
            "count(t.article_id) AS articles FROM ministries n "
            "LEFT JOIN article_ministries t ON t.ministry = n.slug "
            "GROUP BY n.slug ORDER BY articles DESC, name",
            about=("abbreviation",),
            sections=(WITH_PEOPLE, _OWN_AGENCIES, _WHERE, _MINISTRIES, _PROGRAMMES),
            column="category",
            event="e.article_id IN "
            "(SELECT article_id FROM article_ministries WHERE ministry = :key)",
        ),
        EntityKind(
            facet="province",
            path="provinces",
            th="จังหวัด",
            en="Provinces",
            kind=places.KIND,
            row_sql="SELECT code AS key, name_th, name_en, region FROM provinces WHERE code = :key",
            list_sql="SELECT v.code AS key, v.name_th AS name, v.name_en, v.region, "
            "count(DISTINCT t.article_id) AS articles FROM provinces v "
            "LEFT JOIN place_mentions t ON t.province = v.code "
            "GROUP BY v.code ORDER BY articles DESC, name",
            about=("region",),
            sections=(_DISTRICTS, WITH_PEOPLE, _WITH_AGENCIES, _MINISTRIES, _PROGRAMMES),
            event="e.province = :key",
        ),
    )
}
"""The kinds of entities that have pages, by facet."""

KEY_COLUMNS = {entity.kind.key: facet for facet, entity in ENTITIES.items()}
"""Columns of any table whose values are keys of entities, with the facet."""
NAME_COLUMNS = {
    ("people", "name"): ("person", "id"),
    ("agencies", "name_th"): ("agency", "slug"),
    ("ministries", "name_th"): ("ministry", "slug"),
    ("provinces", "name_th"): ("province", "code"),
}
"""Tables and columns that name entities, with the facet and the column of the key."""


def facet_path(facet: str, value: str) -> str:
    """Return the path of the page of a value of a facet, a name or key; empty if it has none."""
    if facet not in ENTITIES or value == NONE:
        return ""
    return entity_path(facet, ENTITIES[facet].kind.key_of(value))


def entity_path(facet: str, key: str | int) -> str:
    """Return the permanent path of an entity's page, below the site's base.

    >>> entity_path("agency", "diw")
    '/-/agencies/diw'
    """
    return f"/-/{ENTITIES[facet].path}/{key}"
