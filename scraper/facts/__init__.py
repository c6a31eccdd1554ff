"""The kinds of facts that are read out of articles, one module each.

To add a kind: a module here with its ``KIND``, an entry in ``KINDS``, a migration that makes its
table, and its rows in docs/schema.md. The rules about Thai text themselves are in
``scraper.thai``. This package knows neither Scrapy nor SQLite: it declares queries and runs none.
"""

from __future__ import annotations

from scraper.facts import agencies, attachments, dates, hashtags, links, ministries

KINDS = (
    ministries.KIND,
    agencies.KIND,
    dates.KIND,
    hashtags.KIND,
    attachments.KIND,
    links.KIND,
)
"""Every kind, in the order in which `thaigov show` prints them."""
