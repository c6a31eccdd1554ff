"""Parser of the text files of the public corpora, made from pages of the ``contents`` layout.

A file is the title, blank lines, the lines of the article block, and ``ที่มา : `` with the URL. The
category is only in the file name.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from scraper.model import Outcome, Page
from scraper.pages.assemble import to_article
from scraper.pages.fields import fields_of_lines, headline_of
from scraper.pages.press_release import read_press_release
from scraper.sources import parse_address
from scraper.thai.text import clean, clean_line

if TYPE_CHECKING:
    from collections.abc import Sequence

PARSER = "corpus/2"

_SOURCE = re.compile(r"^[ \t\xa0]*ที่มา[ \xa0]*:[ \xa0]*(https?://\S+)", re.MULTILINE)
# ด้านเศรษฐกิจ _312_98cf1f5b-….txt, or only the number in files from before 2022
_FILE_NAME = re.compile(
    r"(?P<category>.*?)_\d+(?:_[0-9a-f]{8}(?:-[0-9a-f]{4,12}){4})?\.txt", re.IGNORECASE
)
# A script left in two of 600 files: $("#video-player3")… to the end of its last call.
_PLAYER_BEGIN, _PLAYER_END = '$("#video-player', "});"


def read_corpus_page(page: Page, text: str) -> None:
    """Parse a corpus file; set the outcome, article and problems of its page.

    Args:
        page: a page whose ``capture.source`` is the name of the file.
        text: the file's text.
    """
    source = _last_source(text)
    address = parse_address(source[1]) if source else None
    if source is None or address is None:
        kind = "foreign-source-url" if source else "no-source-url"
        found = f"found {source[1]}" if source else "found none"
        page.outcome = Outcome.UNPARSED
        page.add_problem("corpus", kind, f"expected a line 'ที่มา : ' with an article, {found}")
        return
    title, *lines = clean(text[: source.start()]).split("\n")
    fields = fields_of_lines(headline_of(title), _without_player(lines))
    release = read_press_release(fields)
    if release.is_empty:
        page.outcome = Outcome.MISSING
        return
    page.outcome = Outcome.ARTICLE
    page.problems.extend(release.problems)
    category = category_of(page.capture.source)
    if category is None:
        detail = f"expected CATEGORY_1.txt for a name, found {page.capture.source!r}"
        page.add_problem("corpus", "no-category", detail)
    page.article = to_article(
        release,
        address,
        parser=PARSER,
        category=category,
    )


def source_address(text: str) -> str | None:
    """Return the URL in the last ``ที่มา : `` line of a corpus file, None without one."""
    source = _last_source(text)
    return source[1] if source else None


def category_of(source: str | None) -> str | None:
    """Return the category in the name of a corpus file, without trailing spaces or TAB.

    >>> category_of("data/2025/09/03/ด้านเศรษฐกิจ _3_98cf1f5b-0000-4000-8000-000000000000.txt")
    'ด้านเศรษฐกิจ'
    """
    match = _FILE_NAME.fullmatch(PurePosixPath(source).name) if source else None
    return (clean_line(match["category"]) or None) if match else None


def _last_source(text: str) -> re.Match[str] | None:
    return max(_SOURCE.finditer(text), key=re.Match.start, default=None)


def _without_player(lines: Sequence[str]) -> Sequence[str]:
    """Remove the script of a video player above the text."""
    begin = next((n for n, line in enumerate(lines[:9]) if line.startswith(_PLAYER_BEGIN)), None)
    if begin is None or _PLAYER_END not in lines:
        return lines
    return [*lines[:begin], *lines[lines.index(_PLAYER_END) + 1 :]]
