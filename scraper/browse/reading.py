"""Converts an article's text to HTML with line-break opportunities, dates and links.

All scraped text is escaped here. Offsets count characters of the original text.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import chain, pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup, escape

from scraper.browse.dates import english_date, thai_date, thai_weekday
from scraper.browse.line_breaks import runs
from scraper.pages.references import urls
from scraper.search.snippet import find_words
from scraper.thai.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from scraper.archive.versions import Row

# With tabindex, a tap or the tab key shows the meaning, as the mouse does; see site.css.
TIME = Markup('<time datetime="{}" title="{}" tabindex="0">')
BREAK = Markup("<wbr>")
ANCHOR = Markup('<mark id="hit">')
HIT, HIT_END = Markup("<mark>"), Markup("</mark>")
SPAN_WITHOUT_BREAKS = Markup('<span class="cut">{}</span>')
MAX_UNBROKEN = 30  # characters between two breaks, combining marks included
REPEAT = "ๆ"  # mai yamok, never at the beginning of a line
_BREAK_MARK = "\uffff"  # placeholder for a break; a noncharacter, which no text needs
_BLANKS = re.compile(r"[^\S\n]+")
# Sends no referrer and gives no search rank.
LINK_REL = "nofollow noopener noreferrer"


class TextMark(NamedTuple):
    """A span of a text to enclose in a tag."""

    start: int
    end: int
    opening: Markup
    closing: Markup


def is_web_address(url: str) -> bool:
    """Return whether a URL is HTTP(S) and may become a link, unlike ``javascript:``."""
    return url.lower().startswith(("http://", "https://"))


def word_starts(texts: Sequence[str], words: Iterable[str]) -> list[list[int]]:
    """Return the offsets in each text of words that may begin a line.

    Args:
        texts: headline, lead and body, in this order.
        words: their words in order, from ``article_words``.
    """
    whole = "\n".join(filter(None, texts))  # no empty lines, which folding would remove
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
    """Return marks for the date mentions of one field, with their meaning as a tooltip."""
    return [
        TextMark(
            row["position"],
            row["position"] + len(row["text"]),
            TIME.format(row["start_on"], mention_title(row)),
            Markup("</time>"),
        )
        for row in mentions
        if row["start_on"]
    ]


def mention_title(mention: Row) -> str:
    """Describe a date mention in both languages and eras, with its uncertainties."""
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
    """Return marks that link the URLs in a text."""
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
    text: str,
    words: Iterable[int] = (),
    marks: Iterable[TextMark] = (),
    hits: Iterable[tuple[int, int]] = (),
) -> list[Markup]:
    """Return the paragraphs of a text as markup.

    Browsers break Thai lines by their own dictionary, sometimes in the middle of a word. Paragraphs
    with known words get the class ``cut``, with which the style sheet allows breaks only there.

    Args:
        text: paragraphs joined by newlines.
        words: offsets at which words begin.
        marks: of overlapping marks, the first is used; marks across a newline are ignored.
        hits: spans to mark as found, inside of other marks and around them; no two overlap.
    """
    breaks = _breaks(text, words)
    kept = [*_kept_marks(text, marks)]
    tags = sorted([*_tags(kept), *_hit_tags(text, kept, hits)], key=itemgetter(0, 1))
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


def anchor_first_hit(fields: dict[str, list[Markup]]) -> dict[str, list[Markup]]:
    """Name the first marked hit of a text ``hit``, so that a link can jump to it.

    Args:
        fields: paragraphs by field, in order; a hit in the headline is in sight anyway.
    """
    for name in sorted(fields, key=lambda name: name == "title"):
        for number, line in enumerate(fields[name]):
            if HIT in line:
                fields[name][number] = line.replace(HIT, ANCHOR, 1)
                return fields
    return fields


def _markup(text: str, start: int, end: int, breaks: Sequence[int]) -> Markup:
    """Escape a part of a text and insert its breaks."""
    inner = breaks[bisect_left(breaks, start) : bisect_left(breaks, end)]
    words = chain(*(runs(text[begin:after]) for begin, after in pairwise([start, *inner, end])))
    # Escape all words at once: one by one, the 23,000 words of a cabinet résumé take 0.1 s.
    return escape(_BREAK_MARK.join(words)).replace(_BREAK_MARK, BREAK)


def _breaks(text: str, words: Iterable[int]) -> list[int]:
    """Return the offsets at which a line may break: words after a Thai letter, ends of spaces."""
    places = {w for w in words if 0 < w < len(text) and "\u0e01" <= text[w - 1] <= "\u0e5b"}
    return sorted(places | {match.end() for match in _BLANKS.finditer(text)}) if places else []


def _fit_a_line(places: Sequence[int]) -> bool:
    """Return whether the text between any two breaks fits on a line of a phone."""
    return all(after - before <= MAX_UNBROKEN for before, after in pairwise(places))


def _kept_marks(text: str, marks: Iterable[TextMark]) -> Iterator[TextMark]:
    last = 0
    for mark in sorted(marks, key=lambda mark: (mark.start, -mark.end)):
        if last <= mark.start < mark.end <= len(text) and "\n" not in text[mark.start : mark.end]:
            yield mark
            last = mark.end


# Where several tags meet: what ends is closed from the inside out, then what begins is opened.
_CLOSE_HIT, _CLOSE, _OPEN, _OPEN_HIT = range(4)


def _tags(marks: Iterable[TextMark]) -> Iterator[tuple[int, int, Markup]]:
    """Yield positions of opening and closing tags, with their order at one position."""
    for mark in marks:
        yield mark.start, _OPEN, mark.opening
        yield mark.end, _CLOSE, mark.closing


def _hit_tags(
    text: str, marks: Sequence[TextMark], hits: Iterable[tuple[int, int]]
) -> Iterator[tuple[int, int, Markup]]:
    """Yield the tags of hits, cut into pieces where another mark or a paragraph begins or ends."""
    edges = sorted({edge for mark in marks for edge in mark[:2]})
    for start, end in hits:
        within = edges[bisect_right(edges, start) : bisect_left(edges, end)]
        lines = [at for at in range(start, end) if text[at] == "\n"]
        cuts = sorted({start, end, *within, *lines, *(at + 1 for at in lines)})
        for begin, stop in pairwise(cuts):
            if text[begin:stop] != "\n":
                yield begin, _OPEN_HIT, HIT
                yield stop, _CLOSE_HIT, HIT_END
