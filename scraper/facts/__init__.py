"""The kinds of facts that are found in articles, one module each.

To add a kind: add a module with its ``KIND``, an entry in ``KINDS``, a migration that creates its
table, and its meaning in ``data/reference/data_dictionary.csv``. Rules about Thai text belong in
``scraper.thai``. This package knows neither Scrapy nor SQLite: it declares queries and runs none.
"""

from __future__ import annotations

from scraper.facts import (
    agencies,
    agency_mentions,
    attachments,
    contacts,
    dates,
    events,
    hashtags,
    laws,
    links,
    ministries,
    money,
    people,
    places,
    programmes,
)

KINDS = (
    ministries.KIND,
    agencies.KIND,
    agency_mentions.KIND,
    people.KIND,
    dates.KIND,
    places.KIND,
    events.KIND,
    programmes.KIND,
    money.KIND,
    laws.KIND,
    contacts.KIND,
    hashtags.KIND,
    attachments.KIND,
    links.KIND,
)
"""All kinds, in the order in which `thaigov show` prints them."""
