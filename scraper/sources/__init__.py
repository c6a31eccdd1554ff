"""Facts about each site: hosts, article URLs, measured ranges. No fetching, no parsing of pages.

An article has one *canonical URL*, whatever scheme, host alias or path its copies were found
under. It is the article's identity in the archive.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from scraper.model import Layout

PATHS = {
    # layout: (pattern of a path, canonical path). The two layouts number independently.
    Layout.CONTENTS: (
        re.compile(r"^/news/contents/(?:ministry_)?details/(?P<number>[0-9]{1,9})/?$"),
        "/news/contents/details/{number}",
    ),
    Layout.NEWS: (
        re.compile(r"^/(?P<language>th|en)/news/(?P<number>[0-9]{1,9})/?$"),
        "/{language}/news/{number}",
    ),
}
# A path shaped like an article's, whether or not its number can be parsed.
ARTICLE_LIKE = re.compile(r"^(?:/news/contents/(?:ministry_)?details|/[a-z]{2}/news)/(?=[^/]*\d)")
# The same elsewhere in a URL: below another folder (/amp/news/5), in the query (/index.php?/news/5,
# /news?id=5) or in the fragment (/#/th/news/5). Pages and uploads have numbers, too.
_ELSEWHERE = re.compile(r"(?<![^/?#&=])news(?:[/?&#;=][a-z_-]*){0,6}[/=](?<!page=)\d+(?![^/?&#;=])")


@dataclass(frozen=True)
class Site:
    """A site whose articles the archive keeps.

    Attributes:
        slug: value of ``articles.site``.
        home: scheme and host of canonical URLs.
        hosts: every host name of the site.
        file_hosts: host names of its attachments, under the same operator.
        first, last: lowest and highest known article number per layout.
        layout: the layout in which the site publishes today.
        earliest: for each layout, pairs of an article number and the first day (ISO) on which
            that number or a higher one can have been on the site. Ascending, with a month's
            allowance for articles published out of order.
        listings: for each layout that has any, the paths of its listings, newest articles first,
            one per language; ``{page}`` counts from 1.
        longest_gap: longest measured run of numbers without an article; after a longer one a
            crawl may assume that the numbers have ended.
        longest_silence: most days measured from one day with a publication to the next; after
            more days something is wrong.
    """

    slug: str
    home: str
    hosts: frozenset[str]
    file_hosts: frozenset[str]
    first: dict[Layout, int]
    last: dict[Layout, int]
    layout: Layout
    earliest: dict[Layout, tuple[tuple[int, str], ...]]
    listings: dict[Layout, tuple[str, ...]]
    longest_gap: int
    longest_silence: int

    def layouts_of(self, first: int | None, last: int | None) -> list[Layout]:
        """Return the layouts that may contain numbers between two bounds (None: no bound).

        A layout that has ended has no number above its last. The first number of today's layout
        is unknown, so it may contain any.
        """
        return [
            layout
            for layout in self.earliest
            if (layout is self.layout or first is None or first <= self.last[layout])
            and (last is None or layout is Layout.NEWS or last >= self.first[layout])
        ]

    def first_day(self, layout: Layout, first: int | None) -> str:
        """Return the first day (ISO) on which a number from ``first`` on can have been online."""
        days = [day for number, day in self.earliest[layout] if number <= (first or 0)]
        return max(days, default=self.earliest[layout][0][1])


class Address(NamedTuple):
    """The parts of an article's URL.

    Attributes:
        number: the article's number, ``articles.site_id``.
        language: ``th`` or ``en``.
        url: the canonical URL.
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
    file_hosts=frozenset({"media.thaigov.go.th"}),
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
    # No listing of the contents layout is known. The English listing, and the page numbers of
    # both, are guesses.
    listings={Layout.NEWS: ("/th/news?page={page}", "/en/news?page={page}")},
    # The public corpora lack 19444-21653, but it is unknown whether the site did; the longest
    # gap actually crawled is 137.
    longest_gap=137,
    # The weeks after 28 December 2020 (New Year) and 10 April 2023 (Songkran), in a sample of 2,998
    # of the 63,137 pages of August 2020 to September 2025. All pages cannot have a longer one.
    longest_silence=7,
)

PRACTICE = Site(
    slug="practice",
    home="https://practice.example",
    # Served on loopback on any port; the reserved name gives its articles one identity.
    hosts=frozenset({"practice.example", "localhost", "127.0.0.1", "::1"}),
    file_hosts=frozenset({"media.practice.example"}),
    # No number occurs in both layouts, so that a mix-up is noticed.
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
    """Return the site of a URL by its host, None for any other or malformed URL."""
    try:
        host = urlsplit(url.strip().replace("\\", "/")).hostname
    except ValueError:
        return None
    host = (host or "").removesuffix(".")
    return next((site for site in SITES if host in site.hosts), None)


def _normal_path(url: str) -> str:
    """Return a URL's path in the form the patterns of ``PATHS`` match.

    Without doubled slashes, dot segments, ``/index.php`` and ``;jsessionid=…``, in lower case, with
    escapes decoded once. Query (``utm_source``, ``fbclid``) and fragment are dropped.
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
    """Return the parts of an article's URL, None for any other URL.

    >>> parse_address("http://thaigov.go.th/news/contents/ministry_details/99987").url
    'https://www.thaigov.go.th/news/contents/details/99987'
    >>> parse_address("https://www.thaigov.go.th//index.php/TH/news/%31;jsessionid=A?fbclid=B").url
    'https://www.thaigov.go.th/th/news/1'
    """
    site = site_of(url)
    if site is None:
        return None
    path = _normal_path(url)
    for layout, (pattern, _) in PATHS.items():
        if match := pattern.match(path):
            number = int(match["number"])
            language = match.groupdict().get("language", "th")
            url = article_url(site, layout, number, language)
            return Address(site, layout, number, language, url)
    return None


def has_site_form(url: str) -> bool:
    """Return whether an article's URL has one of the forms that the site itself uses."""
    path, query = urlsplit(url)[2:4]
    return not query and any(pattern.match(path) for pattern, _ in PATHS.values())


def resembles_article(url: str) -> bool:
    """Return whether a URL that ``parse_address`` rejects looks like an article's.

    Such a link is worth a warning: the site may have changed its URLs.
    """
    try:
        path = _normal_path(url)
    except ValueError:  # not a URL, such as http://[
        return bool(re.search(r"/news/\S*\d", url, re.IGNORECASE))
    if site_of(url) is None or path.startswith("/uploads/"):
        return False
    parts = urlsplit(url)
    anywhere = unquote(f"{path}?{parts.query}#{parts.fragment}").lower()
    return bool(ARTICLE_LIKE.match(path) or _ELSEWHERE.search(anywhere))


def article_url(site: Site, layout: Layout, number: int, language: str = "th") -> str:
    """Return the canonical URL of an article."""
    return site.home + PATHS[layout][1].format(number=number, language=language)
