"""Prepares the source of an HTML page, so that the parser reads as far as a browser does.

libxml2 ends the document at the first ``</html>``; a browser reads on. A comment, or an element
whose content is plain text, swallows the rest of the page when its end is missing; that is how HTML
works, but not what the author of an article meant. Here the source is mended where that is safe.
What was mended by guess, and what may have swallowed text, is returned in sentences for a problem.

Works on the source alone and in linear time; it knows no layout.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from functools import cache
from typing import NamedTuple

_ENDS = re.compile(r"</(body|html)(?=[\s/>])[^<>]*>", re.IGNORECASE)
_CDATA_BEGIN = "<![CDATA["
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")

_COMMENT = "<!--"
# Elements whose content is no markup, and comments.
_OPAQUE = re.compile(
    r"<(?:(?P<comment>!--)(?!-?>)"
    r"|(?P<name>script|style|title|textarea|xmp|iframe|noembed|noframes|plaintext)(?=[\s/>]))",
    re.IGNORECASE,
)
_COMMENT_END = re.compile("--!?>")
_IS_JSON = re.compile(r"[^<>]*json[^<>]*>", re.IGNORECASE)
_TAG_END = re.compile("[<>]")
# An author's angle bracket, or a tag without its ">", makes the words behind it attributes or a
# comment. Such a tag meets the next "<", or holds Thai, in which no attribute is named.
_OPEN_TAG = re.compile(r"<[a-zA-Z/!?][^<>ก-ฮ]*+(?:(?=<|\Z)|[ก-ฮ][^<>]*+)")
_VALUE = re.compile(r"=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'>]++)")
_OPEN_VALUE = re.compile(r"=\s*+[\"']")
_QUOTED_MARKUP = re.compile(r"=\s*+(?:\"([^\"<]*+<[^\"]*+)(\"|\Z)|'([^'<]*+<[^']*+)('|\Z))")
_ANY_TAG = re.compile(r"<(/?)(?!(?:br|hr|img|input|col|wbr)\b)[a-zA-Z]")
# What is not shown, or is not taken for text. A start without an end hides the rest of the page.
_HIDING = re.compile(
    r"<(/?)(article|main|nav|aside|footer|template|noscript|button|select)(?=[\s/>])", re.IGNORECASE
)
_TAG = re.compile(r"<[^<>]*>?")
_BLOCK_TAG = re.compile(r"<(/?)(?:div|p|article|main|section|table|td|li)(?=[\s/>])", re.IGNORECASE)
_THAI = re.compile("[ก-ฮ]")
_LETTER = re.compile(r"[^\W\d_]")
_MANY = 20  # letters of another script than Thai that are a text
_MOST_FAULTS = 20  # of one page that are named
_SHOWN = 60  # characters of a text in a problem


class Source(NamedTuple):
    """The source of a page, ready for the parser.

    Attributes:
        text: the HTML.
        faults: what was mended by guess or may be lost, one sentence each, no two alike.
    """

    text: str
    faults: tuple[str, ...]


def prepare(text: str) -> Source:
    """Return the source of a page as the parser should get it, and what is wrong with it."""
    # Parsers drop NUL; it must not hide a tag until then.
    text = text.replace("\0", "")
    faults: dict[str, None] = {}
    if behind := _behind_the_end(text):
        faults[f"there is text behind </html>: {behind!r}"] = None
    text = _ENDS.sub("", text)
    if _CDATA_BEGIN in text:
        text = _CDATA.sub("", text)
    text = _read_on(text, faults)
    told = list(faults)
    if len(told) > _MOST_FAULTS:
        told[_MOST_FAULTS:] = [f"there are {len(told) - _MOST_FAULTS} more faults"]
    return Source(text, tuple(told))


def _behind_the_end(text: str) -> str:
    """Return the beginning of what can be read behind the end of the document."""
    ends = [match.end() for match in _ENDS.finditer(text) if match[1].lower() == "html"]
    rest = text[ends[-1] :] if ends else ""
    pieces, end = [], 0
    while match := _OPAQUE.search(rest, end):
        pieces.append(rest[end : match.start()])
        end = _end_of(match, rest)[1]
    shown = " ".join(_TAG.sub(" ", "".join([*pieces, rest[end:]])).split())
    return shown[:_SHOWN] if _LETTER.search(shown) else ""


def _read_on(text: str, faults: dict[str, None]) -> str:
    """Return the text without the beginnings of comments and elements that never end."""
    pieces: list[str] = []
    at = 0
    endless: set[str] = set()  # looked for once, found nowhere further on
    hiding: Counter[str] = Counter()
    while match := _OPAQUE.search(text, at):
        pieces.append(_mend_tags(text[at : match.start()], faults, hiding))
        kind = _kind(match)
        begin, end = (-1, 0) if kind in endless else _end_of(match, text)
        if begin < 0:
            endless.add(kind)
            faults[f"{_shown(kind)} has no end; what follows it was read"] = None
            at = match.end() if kind == _COMMENT else _behind_tag(text, match.end())
            continue
        if swallowed := _swallowed(text[match.end() : begin], kind):
            faults[f"{_shown(kind)} seems to hold text of the page: {swallowed!r}"] = None
        pieces.append(text[match.start() : end])
        at = end
    pieces.append(_mend_tags(text[at:], faults, hiding))
    for name, more in hiding.items():
        if more:
            than = "starts than ends" if more > 0 else "ends than starts"
            faults[f"<{name}> has {abs(more)} more {than}"] = None
    return "".join(pieces)


def _mend_tags(text: str, faults: dict[str, None], hiding: Counter[str]) -> str:
    """Return markup with what was taken for tags turned into the text that it is.

    Args:
        text: markup without comments and scripts.
        faults: gets what was found.
        hiding: elements that may hide text; gets starts added and ends subtracted.
    """
    for match in _HIDING.finditer(text):
        hiding[match[2].lower()] += -1 if match[1] else 1
    text = _OPEN_TAG.sub(lambda match: _as_text(match, faults), text)
    for match in _QUOTED_MARKUP.finditer(text):
        value, is_open = match[1] or match[3], not (match[2] or match[4])
        ends = [bool(tag[1]) for tag in _ANY_TAG.finditer(value)]
        if is_open or value.endswith("=") or ends.count(True) != ends.count(False):
            faults[f"a value of an attribute seems to hold text: {value[:_SHOWN]!r}"] = None
    return text


def _kind(match: re.Match[str]) -> str:
    return _COMMENT if match["comment"] else match["name"].lower()


def _shown(kind: str) -> str:
    return "a comment" if kind == _COMMENT else f"<{kind}>"


def _end_of(match: re.Match[str], text: str) -> tuple[int, int]:
    """Return where the content of a comment or an element ends, and the end tag; -1 for never."""
    end = _end_pattern(_kind(match)).search(text, match.end())
    return end.span() if end else (-1, len(text))


@cache
def _end_pattern(kind: str) -> re.Pattern[str]:
    if kind == _COMMENT:
        return _COMMENT_END
    return re.compile(rf"</{kind}(?=[\s/>])[^<>]*+>?", re.IGNORECASE)


def _behind_tag(text: str, at: int) -> int:
    """Return where a tag ends: behind its ``>``, or before the next ``<`` where it has none."""
    end = _TAG_END.search(text, at)
    return len(text) if end is None else end.start() + (end[0] == ">")


def _as_text(match: re.Match[str], faults: dict[str, None]) -> str:
    """Return a tag as it is, or what was taken for one as text, if it holds words."""
    names = _VALUE.sub("", match[0])
    # "<" in a value between quotation marks is no beginning of a tag.
    is_open = match.end() == len(match.string) or match.string[match.end()] == "<"
    if not _THAI.search(names) and (not is_open or _OPEN_VALUE.search(names)):
        return match[0]
    faults[f"a tag seems to hold text: {match[0][:_SHOWN]!r}"] = None
    return f"&lt;{match[0][1:]}"


def _swallowed(content: str, kind: str = "") -> str:
    """Return the beginning of a text that opaque content holds, empty where it holds none.

    Commented-out markup, code and tool tips hold whole elements. Text that was swallowed holds the
    end of one that began before, or the beginning of another of the same kind.
    """
    if "<" not in content or (kind == "script" and _IS_JSON.match(content)):
        return ""
    tags = [bool(match[1]) for match in _BLOCK_TAG.finditer(content)]
    opener = kind if kind.startswith("<") else f"<{kind}"
    starts_again = bool(kind and tags) and opener in content.lower()
    if tags.count(True) <= tags.count(False) and not starts_again:
        return ""
    words = " ".join(_TAG.sub(" ", content).split()).removeprefix(">").strip()
    is_text = _THAI.search(words) or len(_LETTER.findall(words[:1000])) >= _MANY
    return words[:_SHOWN] if is_text else ""


_LONG_REFERENCE = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{8,});?")


def unescape(text: str) -> str:
    """Return a text with its HTML character references resolved; no input raises.

    `html.unescape` raises ValueError for a reference of more than 4,300 digits. As in browsers, a
    number beyond Unicode becomes U+FFFD.
    """
    return html.unescape(_LONG_REFERENCE.sub(_shorten, text))


def _shorten(match: re.Match[str]) -> str:
    mark = "&#x" if match[0][2] in "xX" else "&#"
    digits = match[0][len(mark) :].rstrip(";").lstrip("0") or "0"
    return f"{mark}{digits};" if len(digits) < 8 else "\ufffd"
