"""The kinds of facts that are found in articles, one module each.

To add a kind: add a module with its ``KIND``, an entry in ``KINDS``, a migration that creates its
table, and its rows in docs/schema.md. Rules about Thai text belong in ``scraper.thai``. This
package knows neither Scrapy nor SQLite: it declares queries and runs none.
"""

from __future__ import annotations

from scraper.facts import agencies, attachments, dates, hashtags, links, ministries, people

KINDS = (
    ministries.KIND,
    agencies.KIND,
    people.KIND,
    dates.KIND,
    hashtags.KIND,
    attachments.KIND,
    links.KIND,
)
"""All kinds, in the order in which `thaigov show` prints them."""
