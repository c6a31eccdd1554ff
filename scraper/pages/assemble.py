"""Makes an article of a release and of what only its page or its file name tells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.model import Article, Attachment
from scraper.pages.references import article_links

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.pages.press_release import PressRelease
    from scraper.sources import Address

_THAI = re.compile("[ก-ฮ]")
_LATIN = re.compile("[A-Za-z]")
_ENOUGH = 500  # characters that tell the language


def to_article(  # noqa: PLR0913  one argument for each source of facts
    release: PressRelease,
    address: Address,
    *,
    parser: str,
    category: str | None,
    addresses: Iterable[str],
    attachments: Iterable[Attachment] = (),
) -> Article:
    """Return the article of a release.

    Args:
        release: the text, taken apart.
        address: where the article lives.
        parser: name and version of the parser.
        category: the section of the site, None where unknown.
        addresses: URLs the text refers to, in order; those of other articles become ``links``.
        attachments: files the article shows or links to.
    """
    body = "\n".join(release.body)
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
        language=language_of(body[:_ENOUGH] or release.title),
        published_on=release.published_on,
        published_raw=release.published_raw,
        entered_on=release.entered_on,
        hashtags=release.hashtags,
        attachments=tuple(dict.fromkeys(attachments)),
        links=article_links(addresses, own=address.url),
        parser=parser,
    )


def language_of(text: str) -> str:
    """Return ``th`` or ``en``: English pages share sections and addresses with Thai ones.

    English is what has fewer Thai consonants than a tenth of its Latin letters; names in
    brackets occur on English pages.
    """
    return "en" if len(_THAI.findall(text)) * 10 < len(_LATIN.findall(text)) else "th"
