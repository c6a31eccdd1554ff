"""Metadata of an article's page for search engines and messengers: schema.org data and a card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from scraper.browse.dates import thai_date
from scraper.browse.reading import is_web_address
from scraper.browse.template import label

if TYPE_CHECKING:
    from scraper.archive.versions import Row

SCHEMA = "https://schema.org"
PUBLISHER = {
    "@type": "GovernmentOrganization", "name": "รัฐบาลไทย", "alternateName": "Royal Thai Government",
    "url": "https://www.thaigov.go.th/",
}  # fmt: skip
DESCRIPTION = 200  # characters that messengers show
HEADLINE = 1000  # characters; some hold a whole article
IN_URL = (
    "%/:?=&#[]@!$'()*+,;~"  # what may stand in a URL; the site's file names hold Thai and spaces
)


def description(row: Row) -> str:
    """Return the beginning of an article's text, on one line."""
    text = " ".join(((row["lead"] or "") + "\n" + (row["body"] or ""))[: 4 * DESCRIPTION].split())
    if len(text) <= DESCRIPTION:
        return text or thai_date(row["published_on"] or "") or ""
    cut = text[:DESCRIPTION]
    blank = cut.rfind(" ")
    return (cut[:blank] if blank > DESCRIPTION // 2 else cut).rstrip() + "…"


def image(row: Row) -> str:
    """Return the URL of an article's first picture; empty if it has none."""
    urls = (file["url"] for file in row["attachments"] if file["kind"] == "image")
    return next((quote(url, safe=IN_URL) for url in urls if is_web_address(url)), "")


def news_article(row: Row, page: str) -> dict[str, Any]:
    """Return an article as a ``NewsArticle`` of schema.org.

    Args:
        row: from ``archive.article.article_details``.
        page: absolute URL of its page here.
    """
    found: dict[str, Any] = {
        "@context": SCHEMA,
        "@type": "NewsArticle",
        "headline": (row["title"] or "")[:HEADLINE],
        "description": description(row),
        "datePublished": row["published_on"],
        "dateModified": row["changed_at"] if row["revision"] > 1 else row["published_on"],
        "inLanguage": row["language"],
        "articleSection": row["category"],
        "keywords": [tag["tag"] for tag in row["hashtags"]],
        "url": page,
        "mainEntityOfPage": page,
        "isBasedOn": row["url"],
        "image": image(row),
        "isAccessibleForFree": True,
        "author": [
            {
                "@type": "GovernmentOrganization",
                "name": label("ministry", ministry["ministry"]),
                "alternateName": label("ministry", ministry["ministry"], "en"),
            }
            for ministry in row["ministries"]
        ]
        or PUBLISHER,
        "publisher": PUBLISHER,
    }
    return {name: value for name, value in found.items() if value not in (None, "", [])}
