"""What is known of each site: hosts, addresses, measured ranges. Facts, no fetching, no parsing.

An article has one *canonical address*, whatever scheme, host alias or path its copies were
found under. It is the identity of the article in the archive.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from scraper.model import Layout

PATHS = {
    # layout: (pattern of a path, canonical path). The two generations number independently.
    Layout.CONTENTS: (
        re.compile(r"^/news/contents/(?:ministry_)?details/(?P<number>\d{1,9})/?$"),
        "/news/contents/details/{number}",
    ),
    Layout.NEWS: (
        re.compile(r"^/(?P<language>th|en)/news/(?P<number>\d{1,9})/?$"),
        "/{language}/news/{number}",
    ),
}


@dataclass(frozen=True)
class Site:
    """A site whose articles the archive keeps.

    Attributes:
        slug: value of ``articles.site``.
        home: scheme and host of canonical addresses.
        hosts: every host name the site answers under.
        first, last: lowest and highest known article number per layout.
        listing: path of a page of the newest articles, ``{page}`` from 1.
        longest_gap: longest run of numbers without an article, so far as measured; a crawl may
            take a longer one for the end of the numbers.
    """

    slug: str
    home: str
    hosts: frozenset[str]
    first: dict[Layout, int]
    last: dict[Layout, int]
    listing: str
    longest_gap: int


class Address(NamedTuple):
    """An article's address, taken apart.

    Attributes:
        site: the site it belongs to.
        layout: generation of the URL.
        number: the article's number, ``articles.site_id``.
        language: ``th`` or ``en``.
        url: the canonical form.
    """

    site: Site
    layout: Layout
    number: int
    language: str
    url: str


THAIGOV = Site(
    slug="thaigov",
    home="https://www.thaigov.go.th",
    hosts=frozenset({"www.thaigov.go.th", "thaigov.go.th"}),
    # The contents layout ended in September 2025; numbers of the news layout as seen in 2026.
    first={Layout.CONTENTS: 1, Layout.NEWS: 162_975},
    last={Layout.CONTENTS: 100_611, Layout.NEWS: 169_370},
    # No listing of the contents layout is known; the paging of this one is a guess.
    listing="/th/news?page={page}",
    # The public corpora lack 19444-21653, but nobody knows whether the site did; the longest
    # run that was really walked is 137.
    longest_gap=137,
)

PRACTICE = Site(
    slug="practice",
    home="https://practice.example",
    # Served on loopback under any port; the reserved name keeps its articles one and the same.
    hosts=frozenset({"practice.example", "localhost", "127.0.0.1", "::1"}),
    first={Layout.CONTENTS: 1, Layout.NEWS: 1},
    last={Layout.CONTENTS: 1_100_000, Layout.NEWS: 1_100_000},
    listing="/news/contents?page={page}",
    longest_gap=137,
)

SITES = (THAIGOV, PRACTICE)


def site_of(url: str) -> Site | None:
    """Return the site a URL belongs to by its host, or None for a foreign or malformed URL."""
    try:
        host = urlsplit(url.strip()).hostname
    except ValueError:
        return None
    return next((site for site in SITES if host in site.hosts), None)


def parse_address(url: str) -> Address | None:
    """Return what an article's URL says, or None for any other URL.

    >>> parse_address("http://thaigov.go.th/news/contents/ministry_details/99987").url
    'https://www.thaigov.go.th/news/contents/details/99987'
    """
    site = site_of(url)
    if site is None:
        return None
    path = urlsplit(url.strip()).path
    for layout, (pattern, _) in PATHS.items():
        if match := pattern.match(path):
            number = int(match["number"])
            language = match.groupdict().get("language", "th")
            url = article_url(site, layout, number, language)
            return Address(site, layout, number, language, url)
    return None


def article_url(site: Site, layout: Layout, number: int, language: str = "th") -> str:
    """Return the canonical address of an article."""
    return site.home + PATHS[layout][1].format(number=number, language=language)
