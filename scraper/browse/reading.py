"""Turns an article's text into markup for reading: places to break a line, dates, addresses.

Everything that was scraped is escaped here, piece by piece; only the tags between the pieces are
ours. Offsets are characters of the text as written.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup, escape

from scraper.browse.dates import english_date, thai_date, thai_weekday
from scraper.pages.references import urls
from scraper.search.snippet import find_words
from scraper.thai.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Row = dict[str, Any]
BREAK = Markup("<wbr>")
SPAN_WITHOUT_BREAKS = Markup('<span class="cut">{}</span>')
MAX_UNBROKEN = 30  # characters without a break, of which marks above and below take no room
REPEAT = "ๆ"  # mai yamok, which never begins a line
_BREAK_MARK = (
    "\uffff"  # stands for a break; no character, so that a text that has one loses nothing
)
_BLANKS = re.compile(r"[^\S\n]+")
# What a page may not learn of its reader, nor gain from being linked to.
LINK_REL = "nofollow noopener noreferrer"


class TextMark(NamedTuple):
    """A piece of a text that a tag is put around."""

    start: int
    end: int
    opening: Markup
    closing: Markup


def is_web_address(url: str) -> bool:
    """Say whether an address may become a link: never ``javascript:`` and its like."""
    return url.lower().startswith(("http://", "https://"))


def word_starts(texts: Sequence[str], words: Iterable[str]) -> list[list[int]]:
    """Return where words begin in each of some texts, that a line may begin with.

    Args:
        texts: headline, lead and body, in this order.
        words: what the stages cut them into, as ``article_words`` has them.
    """
    whole = "\n".join(filter(None, texts))  # not a blank line, which folding would close
    kept = [word for word in words if word]
    spans = find_words(whole, kept, {fold(word) for word in set(kept)})
    starts: list[list[int]] = []
    begin = position = 0
    for text in texts:
        end, own = begin + len(text), []
        while position < len(spans) and (start := spans[position][0]) < end:
            if whole[start] != REPEAT:
                own.append(start - begin)
            position += 1
        starts.append(own)
        begin = end + 1 if text else end
    return starts


def date_marks(mentions: Iterable[Row]) -> list[TextMark]:
    """Return the marks of the date mentions of one field: what each of them means, on hover."""
    return [
        TextMark(
            row["position"],
            row["position"] + len(row["text"]),
            Markup('<time datetime="{}" title="{}">').format(row["start_on"], mention_title(row)),
            Markup("</time>"),
        )
        for row in mentions
        if row["start_on"]
    ]


def mention_title(mention: Row) -> str:
    """Return what a date mention means, in both languages and eras, and what is doubtful of it."""
    days = list(dict.fromkeys((mention["start_on"], mention["end_on"] or mention["start_on"])))
    thai = " – ".join(f"{thai_date(day)}" for day in days)
    if mention["precision"] == "day" and len(days) == 1:
        thai = f"วัน{thai_weekday(days[0])}ที่ {thai}"
    hours = "–".join(filter(None, (mention["start_time"], mention["end_time"])))
    notes = [
        f"เวลา {hours} น." if hours else "",
        " – ".join(f"{english_date(day)}" for day in days),
        "ปีอนุมานจากวันเผยแพร่ · year inferred" if mention["inferred"] else "",
        mention["flags"],
    ]
    return " · ".join(filter(None, [thai, *notes]))


def address_marks(text: str) -> list[TextMark]:
    """Return marks that make the web addresses written in a text links."""
    marks, at = [], 0
    for line in text.split("\n"):
        position = at
        for url in urls(line):
            start = text.index(url, position)
            position = start + len(url)
            opening = Markup('<a href="{}" rel="{}">').format(url, LINK_REL)
            marks.append(TextMark(start, position, opening, Markup("</a>")))
        at += len(line) + 1
    return marks


def paragraphs(
    text: str, words: Iterable[int] = (), marks: Iterable[TextMark] = ()
) -> list[Markup]:
    """Return the paragraphs of a text as markup.

    A browser cuts Thai by a dictionary of its own, and now and then in the middle of a word. Where
    our words are known, lines are broken at them only, which the style sheet says of ``cut``.

    Args:
        text: paragraphs joined by newlines.
        words: offsets at which words begin.
        marks: of those that overlap, the first is taken; one across a newline is left out.
    """
    breaks = _breaks(text, words)
    tags = sorted(_tags(text, marks), key=itemgetter(0, 1))
    done, lines, at = 0, [], 0
    for line in text.split("\n"):
        begin, end, pieces = at, at + len(line), []
        own = breaks[bisect_right(breaks, begin) : bisect_left(breaks, end)]
        while done < len(tags) and tags[done][0] <= end:
            position, _, tag = tags[done]
            pieces += [_markup(text, at, position, own), tag]
            at, done = position, done + 1
        whole = Markup("").join([*pieces, _markup(text, at, end, own)])
        lines.append(
            SPAN_WITHOUT_BREAKS.format(whole) if own and _fit_a_line([begin, *own, end]) else whole
        )
        at = end + 1
    return [line for line in lines if line]


def _markup(text: str, start: int, end: int, breaks: Sequence[int]) -> Markup:
    """Return a piece of a text as markup, with those of the breaks that are in it."""
    inner = breaks[bisect_left(breaks, start) : bisect_left(breaks, end)]
    words = [text[begin:after] for begin, after in pairwise([start, *inner, end])]
    # A résumé of the cabinet has 23,000 words; to escape one at a time takes a tenth of a second.
    return escape(_BREAK_MARK.join(words)).replace(_BREAK_MARK, BREAK)


def _breaks(text: str, words: Iterable[int]) -> list[int]:
    """Return where a line may be broken: before each word after a Thai letter, behind blanks."""
    places = {w for w in words if 0 < w < len(text) and "\u0e01" <= text[w - 1] <= "\u0e5b"}
    return sorted(places | {match.end() for match in _BLANKS.finditer(text)}) if places else []


def _fit_a_line(places: Sequence[int]) -> bool:
    """Say whether every piece between two places fits a line, on a phone too."""
    return all(after - before <= MAX_UNBROKEN for before, after in pairwise(places))


def _tags(text: str, marks: Iterable[TextMark]) -> Iterator[tuple[int, int, Markup]]:
    """Yield where tags open and close; at one place the closing one comes first."""
    last = 0
    for mark in sorted(marks, key=lambda mark: (mark.start, -mark.end)):
        if last <= mark.start < mark.end <= len(text) and "\n" not in text[mark.start : mark.end]:
            yield mark.start, 2, mark.opening
            yield mark.end, 0, mark.closing
            last = mark.end
