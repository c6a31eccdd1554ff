"""What is known of each site: hosts, addresses, measured ranges. Facts, no fetching, no parsing.

An article has one *canonical address*, whatever scheme, host alias or path its copies were
found under. It is the identity of the article in the archive.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from scraper.model import Layout

PATHS = {
    # layout: (pattern of a path, canonical path). The two generations number independently.
    Layout.CONTENTS: (
        re.compile(r"^/news/contents/(?:ministry_)?details/(?P<number>[0-9]{1,9})/?$"),
        "/news/contents/details/{number}",
    ),
    Layout.NEWS: (
        re.compile(r"^/(?P<language>th|en)/news/(?P<number>[0-9]{1,9})/?$"),
        "/{language}/news/{number}",
    ),
}
# A path with the shape of an article's, whether or not we can read its number.
ARTICLE_LIKE = re.compile(r"^(?:/news/contents/(?:ministry_)?details|/[a-z]{2}/news)/(?=[^/]*\d)")


@dataclass(frozen=True)
class Site:
    """A site whose articles the archive keeps.

    Attributes:
        slug: value of ``articles.site``.
        home: scheme and host of canonical addresses.
        hosts: every host name the site answers under.
        first, last: lowest and highest known article number per layout.
        layout: the generation of articles that the site publishes today.
        earliest: for each layout, pairs of an article number and the first day (ISO) on which
            that number or a higher one can have been on the site. Ascending; a month is allowed
            for what was published out of order.
        listings: for each layout that has one, the paths of its lists of articles, the newest
            first, one for each language; ``{page}`` counts from 1.
        longest_gap: longest run of numbers without an article, so far as measured; a crawl may
            take a longer one for the end of the numbers.
        longest_silence: days from one day with a publication to the next, at most, so far as
            measured; after a longer silence something is wrong.
    """

    slug: str
    home: str
    hosts: frozenset[str]
    first: dict[Layout, int]
    last: dict[Layout, int]
    layout: Layout
    earliest: dict[Layout, tuple[tuple[int, str], ...]]
    listings: dict[Layout, tuple[str, ...]]
    longest_gap: int
    longest_silence: int

    def layouts_of(self, first: int | None, last: int | None) -> list[Layout]:
        """Return the layouts that may hold an article number between two bounds (None: no bound).

        A layout that has ended holds no number above its last. Where the numbers of today's
        layout begin is not known, so it may hold any.
        """
        return [
            layout
            for layout in self.earliest
            if (layout is self.layout or first is None or first <= self.last[layout])
            and (last is None or layout is Layout.NEWS or last >= self.first[layout])
        ]

    def seen_from(self, layout: Layout, first: int | None) -> str:
        """Return the first day (ISO) on which a number from ``first`` on can have been seen."""
        days = [day for number, day in self.earliest[layout] if number <= (first or 0)]
        return max(days, default=self.earliest[layout][0][1])


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
    layout=Layout.NEWS,
    # The contents layout by the articles of the corpora, of which those of 2021 and 2022 were all
    # fetched in November 2022; the news layout opened in October 2025.
    earliest={
        Layout.CONTENTS: (
            (1, "2016-07-01"),
            (5_000, "2017-06-01"),
            (10_000, "2018-01-01"),
            (20_000, "2019-06-01"),
            (30_000, "2020-03-01"),
            (40_000, "2021-02-01"),
            (65_000, "2023-01-01"),
            (75_000, "2023-10-01"),
            (90_000, "2024-10-01"),
            (100_000, "2025-08-01"),
        ),
        Layout.NEWS: ((1, "2025-09-01"),),
    },
    # No listing of the contents layout is known. That there is an English one, and how the pages
    # of either are numbered, is a guess.
    listings={Layout.NEWS: ("/th/news?page={page}", "/en/news?page={page}")},
    # The public corpora lack 19444-21653, but nobody knows whether the site did; the longest
    # run that was really walked is 137.
    longest_gap=137,
    # The weeks after 28 December 2020 (New Year) and 10 April 2023 (Songkran), among 2,998 of the
    # 63,137 pages of August 2020 to September 2025. All pages together cannot have a longer one.
    longest_silence=7,
)

PRACTICE = Site(
    slug="practice",
    home="https://practice.example",
    # Served on loopback under any port; the reserved name keeps its articles one and the same.
    hosts=frozenset({"practice.example", "localhost", "127.0.0.1", "::1"}),
    # No number is one in both layouts, so that a mistaken one is noticed.
    first={Layout.CONTENTS: 1, Layout.NEWS: 2_000_001},
    last={Layout.CONTENTS: 1_100_000, Layout.NEWS: 3_100_000},
    layout=Layout.CONTENTS,
    earliest={Layout.CONTENTS: ((1, "2016-07-01"),), Layout.NEWS: ((1, "2016-07-01"),)},
    listings={
        Layout.CONTENTS: ("/news/contents?page={page}",),
        Layout.NEWS: ("/th/news?page={page}", "/en/news?page={page}"),
    },
    longest_gap=137,
    longest_silence=7,
)

SITES = (THAIGOV, PRACTICE)


def site_of(url: str) -> Site | None:
    """Return the site a URL belongs to by its host, or None for a foreign or malformed URL."""
    try:
        host = urlsplit(url.strip().replace("\\", "/")).hostname
    except ValueError:
        return None
    host = (host or "").removesuffix(".")
    return next((site for site in SITES if host in site.hosts), None)


def _path(url: str) -> str:
    """Return a URL's path in the one form that the patterns of ``PATHS`` know.

    Without doubled slashes, dot segments, ``/index.php`` and ``;jsessionid=…``, in lower case, with
    escapes decoded once. The query (``utm_source``, ``fbclid``) and the fragment do not count.
    """
    path = unquote(urlsplit(url.strip().replace("\\", "/")).path).lower()
    segments: list[str] = []
    for segment in path.split("/"):
        name = segment.partition(";")[0].strip()
        if name == "..":
            segments = segments[:-1]
        elif name not in {"", "."}:
            segments.append(name)
    if segments[:1] == ["index.php"]:
        segments = segments[1:]
    return "/" + "/".join(segments)


def parse_address(url: str) -> Address | None:
    """Return what an article's URL says, or None for any other URL.

    >>> parse_address("http://thaigov.go.th/news/contents/ministry_details/99987").url
    'https://www.thaigov.go.th/news/contents/details/99987'
    >>> parse_address("https://www.thaigov.go.th//index.php/TH/news/%31;jsessionid=A?fbclid=B").url
    'https://www.thaigov.go.th/th/news/1'
    """
    site = site_of(url)
    if site is None:
        return None
    path = _path(url)
    for layout, (pattern, _) in PATHS.items():
        if match := pattern.match(path):
            number = int(match["number"])
            language = match.groupdict().get("language", "th")
            url = article_url(site, layout, number, language)
            return Address(site, layout, number, language, url)
    return None


def is_plain(url: str) -> bool:
    """Say whether an article's URL has one of the forms that its site itself uses."""
    path, query = urlsplit(url)[2:4]
    return not query and any(pattern.match(path) for pattern, _ in PATHS.values())


def resembles_article(url: str) -> bool:
    """Say whether a URL that ``parse_address`` cannot read has the shape of an article's.

    Such a link is worth telling a person about: the site may have changed its addresses.
    """
    try:
        path = _path(url)
    except ValueError:  # no URL at all, such as http://[
        return bool(re.search(r"/news/\S*\d", url, re.IGNORECASE))
    return site_of(url) is not None and bool(ARTICLE_LIKE.match(path))


def article_url(site: Site, layout: Layout, number: int, language: str = "th") -> str:
    """Return the canonical address of an article."""
    return site.home + PATHS[layout][1].format(number=number, language=language)
