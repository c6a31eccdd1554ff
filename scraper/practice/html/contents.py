"""Renders drafts, listings and search results in the ``contents`` layout.

The class attributes of the category, article block, headline and search results are those of the
real site, and so is the order of the text; all other tags are guesses in the style of such sites.
The article is surrounded by menus, a side bar and a footer that have their own dates, ministry
names and hashtags, so that a parser which reads the whole page goes wrong.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from scraper.practice.html.pasted import Paste, audio_player, furniture
from scraper.practice.prose.dates import long_date, short_date

if TYPE_CHECKING:
    from collections.abc import Iterable
    from random import Random

    from scraper.practice.prose.drafts import Draft

PREFIX, MIDDLE = "รัฐบาลไทย-", "ข่าวทำเนียบรัฐบาล-"
EPOCH = date(1970, 1, 1)


def article_page(draft: Draft, rng: Random) -> str:
    """Return the page of an article; ``rng`` only affects its dirt."""
    paste = Paste(draft, rng, hides_emails=True)
    body = paste.body((*draft.copies, *(text.string for text in (*draft.paragraphs, *draft.tail))))
    block = _BLOCK.substitute(
        category=_category(draft, rng),
        date=long_date(draft.published_on),
        views=f"<p>{draft.views:,}</p>" if draft.views else "",
        entered=f"<p>{short_date(draft.entered_on)}</p>" if draft.entered_on else "",
        printing=_PRINT if draft.printed else "",
        video=_VIDEO if draft.video else "",
        images="".join(_image(url) for url in draft.images),
        # Headlines can start with U+200B too.
        headline=paste.line(draft.title),
        lead="<br />".join(map(paste.line, draft.lead_lines)),
        audio=audio_player(draft.audio) if draft.audio else "",
        body=body,
        documents="".join(_document(url) for url in draft.documents),
        furniture=furniture(draft.furniture),
    )
    title = draft.page_title or escape(draft.title, quote=False)
    return page(PREFIX + (MIDDLE if draft.prefixed else "") + title, block)


def missing_page(*, epoch: bool) -> str:
    """Return the page sent, with status 200, for a number without an article.

    Args:
        epoch: use the variant dated 1 January 1970 instead of the one without text.
    """
    if not epoch:
        return page(PREFIX + MIDDLE, _ARTICLE_DIV.format(""))
    return page(
        PREFIX, _ARTICLE_DIV.format(f"<p><span></span><span> {long_date(EPOCH)} </span></p>")
    )


def listing_page(
    heading: str, articles: Iterable[tuple[str, str]], pages: Iterable[tuple[int, str]]
) -> str:
    """Return a page of headlines.

    Args:
        heading: heading of the page.
        articles: path and headline of each.
        pages: number and path of the listing pages to link to.
    """
    items = "\n".join(
        '<div class="col-xs-12 news-item">'
        f'<h4><a href="{escape(path)}">{escape(title)}</a></h4></div>'
        for path, title in articles
    )
    pager = "".join(f'<li><a href="{escape(path)}">{number}</a></li>' for number, path in pages)
    main = f"<h2>{escape(heading)}</h2>\n{items}\n<ul class='pagination'>{pager}</ul>"
    return page(PREFIX + heading, main)


def search_page(keyword: str, articles: Iterable[tuple[str, str]]) -> str:
    """Return a page of search results, given the URL and headline of each."""
    results = "\n".join(
        '<div class="col-xs-12 col-sm-9 col-md-10 news-2">'
        f'<p><a href="{escape(url)}">{escape(title)}</a></p></div>'
        for url, title in articles
    )
    return page(PREFIX + "ค้นหา", f"<h2>ผลการค้นหา {escape(keyword)}</h2>\n{results}")


def page(title: str, main: str) -> str:
    """Return a whole page, with menus, side bar and footer; ``title`` and ``main`` are HTML."""
    return _frame().substitute(title=title, main=main)


@cache
def _frame() -> Template:
    return Template(Path(__file__).with_name("frame.html").read_text("utf-8"))


_ARTICLE_DIV = '<div class="border-normal clearfix">\n{}\n</div>'
_PRINT = '<p class="hidden-print"><a href="javascript:window.print()">พิมพ์</a></p>'
_VIDEO = (
    '<div id="video-player3"></div><script>flowplayer("#video-player3", {clip: {sources: '
    '[{type: "video/mp4", src: "/uploads/video/news.mp4"}], title: "<p>ข่าว 1 มกราคม 2560</p>"}});'
    "</script>"
)
_BLOCK = Template(
    """<span class="Circular headtitle-2 font_level6 color2 col-xs-9 remove-xs">$category</span>
"""
    + _ARTICLE_DIV.format(
        """<p><span><i class="fa fa-calendar"></i></span><span>      $date      </span></p>
$views$entered$printing$video
<div class="col-xs-12 col-sm-6 padding-sm1 news-2"><figure>$images</figure></div>
<div class="col-xs-12 col-sm-6 padding-sm1 news-2"><h3 class="news-1 \
Circular color2"> $headline</h3><p> $lead</p></div>
<div class="clearfix"></div>$audio
$body
$documents$furniture"""
    )
    + """
<div class="col-sm-12 hidden-print"><p>แชร์ข่าวนี้</p><a href="/share/line">LINE</a></div>"""
)


def _category(draft: Draft, rng: Random) -> str:
    """Return the category as HTML; since August 2024 it ends in a space."""
    trailing = "\t" if "tab" in draft.dirt else rng.choice(("", " "))
    return escape(draft.category or "") + trailing


def _image(url: str) -> str:
    return f'<img class="img-responsive" src="{escape(url)}" alt="">'


def _document(url: str) -> str:
    return f'<p><a href="{escape(url)}" target="_blank"><i class="fa fa-download"></i></a></p>'
