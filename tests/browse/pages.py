"""One list of the pages of the site, for tests that look at every one of them.

``test_hostile_pages`` fails for a route of ours without an example here.
"""

from __future__ import annotations

# Placeholders: {text} search words, {name} the archive, and ids of something in it.
PAGES = (
    "/",
    "/-/search",
    "/-/search?q={text}",
    "/-/search?q={text}&versions=1",
    "/-/search?q={text}&attachments=1",
    "/-/dashboard",
    "/-/dashboard?q={text}&days=90",
    "/-/tables",
    "/-/compare?q={text}&q=owned",
    "/-/concordance?q={text}",
    "/-/keyness?period=2568-08&against=2568-07",
    "/-/people",
    "/-/people?q={text}",
    "/-/people/{person}",
    "/-/agencies",
    "/-/agencies/{agency}",
    "/-/ministries",
    "/-/ministries/{ministry}",
    "/-/provinces",
    "/-/provinces/{province}",
    "/-/map?q={text}",
    "/-/calendar?month=2568-08",
    "/-/money",
    "/{name}/articles/{article}?q={text}",
    "/{name}/articles/{article}/versions/1?q={text}",
    "/{name}/captures/{capture}/page",
    "/{name}/captures/{capture}/raw",
)
# Routes of ours that are files, or lead to one of the pages.
FILES = (
    "/-/thaigov/site.css",
    "/robots.txt",
    "/sitemap.xml",
    "/-/opensearch.xml",
    "/-/healthz",
    "/-/feed.atom",
    "/llms.txt",
    "/llms-full.txt",
    "/-/at",
    "/-/at/practice/contents/1",
    f"/-/at/practice/contents/1/{'0' * 64}",
    f"/-/attachments/{'0' * 64}",
)
# Whatever any of the pages reads.
PARAMETERS = (
    "q", "ministry", "not_ministry", "agency", "person", "province", "category", "year", "source",
    "has", "tag", "since", "until", "sort", "page", "after", "size", "versions", "attachments",
    "months", "days", "month", "period", "against", "order", "width", "by", "least", "term",
)  # fmt: skip
