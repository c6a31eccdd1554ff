"""Builds an article from a press release and what only its page or file name reveals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.model import Article, Attachment
from scraper.pages.language import language_of
from scraper.pages.links import addresses_of
from scraper.pages.references import article_links

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.pages.lines import TextLine
    from scraper.pages.press_release import PressRelease
    from scraper.sources import Address

_LANGUAGE_SAMPLE = 500  # characters


def to_article(  # noqa: PLR0913  one argument for each source of fields
    release: PressRelease,
    address: Address,
    *,
    parser: str,
    category: str | None,
    lines: Iterable[TextLine] = (),
    attachments: Iterable[Attachment] = (),
) -> Article:
    """Build the article of a press release.

    Args:
        release: the fields of the text.
        address: the article's.
        parser: name and version of the parser.
        category: the section of the site, None if unknown.
        lines: lines of the page with their links, if it is HTML.
        attachments: files the article shows or links to.
    """
    body = "\n".join(release.body)
    addresses = addresses_of(release.text_lines, lines, address.url)
    return Article(
        url=address.url,
        site=address.site.slug,
        layout=address.layout,
        site_id=address.number,
        title=release.title,
        lead=release.lead,
        body=body,
        tail="\n".join(release.tail),
        category=category,
        language=language_of(body[:_LANGUAGE_SAMPLE] or release.title),
        published_on=release.published_on,
        published_raw=release.published_raw,
        entered_on=release.entered_on,
        hashtags=release.hashtags,
        attachments=tuple(dict.fromkeys(attachments)),
        links=article_links(addresses, own=address.url),
        parser=parser,
    )
