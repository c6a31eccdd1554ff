"""The statements that create the tables and views of people, agencies, places and other facts.

docs/schema.md explains the columns; migration ``m003_facts`` runs the statements.
"""

from __future__ import annotations

from scraper.archive.tables import day, one_of
from scraper.model import TextField


def mentions(name: str, *columns: str, extra_key: str = "") -> str:
    """Return the statement that creates a table of passages, each at a position in a field."""
    return f"""
    CREATE TABLE {name} (
        article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
        field TEXT NOT NULL CHECK (field IN {one_of(TextField)}),
        position INTEGER NOT NULL,
        text TEXT NOT NULL,
        {", ".join(columns)},
        PRIMARY KEY (article_id, field, position{extra_key})
    ) STRICT
    """


PEOPLE = (
    """
    CREATE TABLE people (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL
    ) STRICT
    """,
    mentions(
        "person_mentions",
        "person INTEGER NOT NULL REFERENCES people(id)",
        "title TEXT",
        "post TEXT",
        "agency TEXT REFERENCES agencies(slug)",
        "form TEXT NOT NULL CHECK (form IN ('full', 'first'))",
    ),
    "CREATE INDEX person_mentions_by_person ON person_mentions(person, article_id)",
    "CREATE INDEX person_mentions_by_agency ON person_mentions(agency) WHERE agency IS NOT NULL",
    # Delete a person whom no article mentions any more.
    """
    CREATE TRIGGER person_mentions_delete AFTER DELETE ON person_mentions
    WHEN NOT EXISTS (SELECT 1 FROM person_mentions WHERE person = old.person)
    BEGIN DELETE FROM people WHERE id = old.person; END
    """,
    """
    CREATE VIEW people_seen AS
    SELECT p.id AS person, p.name, count(DISTINCT m.article_id) AS articles,
           min(a.published_on) AS first_on, max(a.published_on) AS last_on
    FROM people p
    JOIN person_mentions m ON m.person = p.id
    JOIN articles a ON a.id = m.article_id
    GROUP BY p.id
    """,
    """
    CREATE VIEW people_posts AS
    SELECT m.person, p.name, m.post, m.agency, count(DISTINCT m.article_id) AS articles,
           min(a.published_on) AS first_on, max(a.published_on) AS last_on
    FROM person_mentions m
    JOIN people p ON p.id = m.person
    JOIN articles a ON a.id = m.article_id
    WHERE m.post IS NOT NULL
    GROUP BY m.person, m.post, m.agency
    """,
)

AGENCIES = (
    "ALTER TABLE agencies ADD COLUMN kind TEXT NOT NULL DEFAULT ''",
    f"ALTER TABLE agencies ADD COLUMN {day('first_on')}",
    f"ALTER TABLE agencies ADD COLUMN {day('last_on')}",
    # Not a foreign key: the rows are written in the order of the reference table.
    "ALTER TABLE agencies ADD COLUMN successor TEXT",
    # An abbreviation may stand for two agencies.
    mentions(
        "agency_mentions",
        "agency TEXT NOT NULL REFERENCES agencies(slug)",
        extra_key=", agency",
    ),
    "CREATE INDEX agency_mentions_by_agency ON agency_mentions(agency, article_id)",
)

PLACES = (
    """
    CREATE TABLE provinces (
        code TEXT PRIMARY KEY,
        name_th TEXT NOT NULL,
        name_en TEXT NOT NULL,
        region TEXT NOT NULL,
        latitude REAL NOT NULL,
        longitude REAL NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE districts (
        code TEXT PRIMARY KEY,
        name_th TEXT NOT NULL,
        name_en TEXT NOT NULL,
        province TEXT NOT NULL REFERENCES provinces(code)
    ) STRICT
    """,
    "CREATE INDEX districts_by_province ON districts(province)",
    mentions(
        "place_mentions",
        "kind TEXT NOT NULL CHECK (kind IN ('province', 'district', 'subdistrict'))",
        "province TEXT NOT NULL REFERENCES provinces(code)",
        "district TEXT REFERENCES districts(code)",
        "name_th TEXT NOT NULL",
    ),
    "CREATE INDEX place_mentions_by_province ON place_mentions(province, article_id)",
    "CREATE INDEX place_mentions_by_district ON place_mentions(district, article_id)",
)

MONEY = (
    mentions(
        "money_mentions",
        "low REAL NOT NULL",
        "high REAL CHECK (high >= low)",
        "currency TEXT NOT NULL",
        "approximate INTEGER NOT NULL CHECK (approximate IN (0, 1))",
        "per TEXT",
    ),
    "CREATE INDEX money_mentions_by_amount ON money_mentions(currency, low)",
    """
    CREATE VIEW money_by_ministry AS
    SELECT substr(a.published_on, 1, 4) AS year, a.ministry, m.currency,
           count(DISTINCT a.id) AS articles, count(*) AS mentions,
           max(coalesce(m.high, m.low)) AS largest
    FROM money_mentions m
    JOIN articles a ON a.id = m.article_id
    GROUP BY 1, 2, 3
    """,
)

LAWS = (
    mentions(
        "law_mentions",
        "kind TEXT NOT NULL "
        "CHECK (kind IN ('act', 'decree', 'draft', 'constitution', 'regulation'))",
        "name TEXT NOT NULL",
    ),
    "CREATE INDEX law_mentions_by_name ON law_mentions(name, article_id)",
)

PROGRAMMES = (
    mentions(
        "programme_mentions",
        "kind TEXT NOT NULL CHECK (kind IN ('project', 'programme', 'policy', 'campaign'))",
        "name TEXT NOT NULL",
    ),
    "CREATE INDEX programme_mentions_by_name ON programme_mentions(name, article_id)",
)

CONTACTS = (
    mentions(
        "contacts",
        "kind TEXT NOT NULL "
        "CHECK (kind IN ('phone', 'hotline', 'url', 'email', 'facebook', 'line'))",
        "value TEXT NOT NULL",
        "warned INTEGER NOT NULL CHECK (warned IN (0, 1))",
    ),
    "CREATE INDEX contacts_by_value ON contacts(kind, value)",
)

EVENTS = (
    f"""
    CREATE TABLE events (
        id INTEGER PRIMARY KEY,
        article_id INTEGER NOT NULL UNIQUE REFERENCES articles(id) ON DELETE CASCADE,
        {day("start_on")},
        {day("end_on")},
        start_time TEXT,
        end_time TEXT,
        place TEXT,
        province TEXT REFERENCES provinces(code),
        person INTEGER REFERENCES people(id) ON DELETE SET NULL,
        confidence REAL NOT NULL CHECK (confidence BETWEEN 0 AND 1)
    ) STRICT
    """,
    "CREATE INDEX events_by_day ON events(start_on, end_on)",
    "CREATE INDEX events_by_province ON events(province) WHERE province IS NOT NULL",
    "CREATE INDEX events_by_person ON events(person) WHERE person IS NOT NULL",
    """
    CREATE VIEW events_calendar AS
    SELECT e.start_on, e.end_on, e.start_time, e.end_time, e.place, v.name_th AS province_name,
           p.name AS led_by, a.ministry, a.title, a.url, e.article_id, e.confidence
    FROM events e
    JOIN articles a ON a.id = e.article_id
    LEFT JOIN provinces v ON v.code = e.province
    LEFT JOIN people p ON p.id = e.person
    ORDER BY e.start_on, e.start_time
    """,
)

POSTS = (
    # In the order of people_posts, which then needs no sorting, and only as many rows as are shown.
    (
        "CREATE INDEX person_mentions_by_post ON person_mentions(person, post, agency, article_id) "
        "WHERE post IS NOT NULL"
    ),
)

FACT_TABLES = (
    *PEOPLE, *AGENCIES, *PLACES, *MONEY, *LAWS, *PROGRAMMES, *CONTACTS, *EVENTS,
)  # fmt: skip
