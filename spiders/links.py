"""Reads the article links of a listing, in whatever form they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from scraper.crawl.listing import links_of
from scraper.sources import has_site_form, parse_address, resembles_article

if TYPE_CHECKING:
    from scrapy.http import Response

    from scraper.model import Layout
    from scraper.sources import Site


class ArticleLinks(NamedTuple):
    """The article links of a page.

    Attributes:
        articles: number and URL of each article, once each, in order.
        unread: links, as written, that look like an article's and could not be parsed.
    """

    articles: list[tuple[int, str]]
    unread: list[str]


def listed_articles(response: Response, site: Site, layout: Layout, home: str) -> ArticleLinks:
    """Return the links of a page to the articles of one site and layout.

    A link in an odd form (a session id, a doubled slash) is given as the article's canonical path.

    Args:
        response: the page.
        site: the site it belongs to.
        layout: links to articles of another layout are left out.
        home: scheme and host the site is crawled under.
    """
    articles: dict[int, str] = {}
    unread = []
    for href, url in links_of(response).items():
        address = parse_address(url)
        if address is None and href.strip().startswith("//"):  # a path with a slash too many
            address = parse_address(home + "/" + href.strip().lstrip("/"))
        if address is None:
            if resembles_article(url):
                unread.append(href)
        elif address.site is site and address.layout is layout:
            asked = url if has_site_form(url) else home + urlsplit(address.url).path
            articles.setdefault(address.number, asked)
    return ArticleLinks(list(articles.items()), unread)
