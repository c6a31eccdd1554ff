"""Repairs HTML source so that the parser reads as much of a page as a browser does.

libxml2 ends the document at the first ``</html>``; a browser reads on. An unclosed comment, script
or other raw-text element hides the rest of the page, which is valid HTML but not what the author of
an article meant. Repairs that are guesses, and places where text may be lost, are reported as
faults, one sentence each.

Works on the source of any layout, in linear time.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from functools import cache, lru_cache
from typing import NamedTuple

from scraper.pages.language import THAI_CONSONANT

_DOCUMENT_END = re.compile(r"</(body|html)(?=[\s/>])[^<>]*>", re.IGNORECASE)
_CDATA_BEGIN = "<![CDATA["
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")

_COMMENT_START = "<!--"
# Comments, and elements whose content is not markup.
_OPAQUE = re.compile(
    r"<(?:(?P<comment>!--)(?!-?>)"
    r"|(?P<name>script|style|title|textarea|xmp|iframe|noembed|noframes|plaintext)(?=[\s/>]))",
    re.IGNORECASE,
)
_COMMENT_END = re.compile("--!?>")
_IS_JSON = re.compile(r"[^<>]*json[^<>]*>", re.IGNORECASE)
_CODE_KINDS = ("script", "style")
_REFERENCE = re.compile(r"&#?\w{1,32};")
_CODE = re.compile(r"[{}=;]")
# A comment that begins in a script, with another script in it, hides the end of the script.
_ESCAPED_COMMENT = r"\u003c!--"  # the same to JavaScript and JSON
# The start of a tag at which the bytes of a page end.
_PARTIAL_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*+\Z")
_TAG_END = re.compile("[<>]")
# An author's angle bracket, or a tag without its ">", turns the words after it into attributes or a
# comment. Such a tag runs into the next "<" or contains Thai, which no attribute name does.
_OPEN_TAG = re.compile(r"<[a-zA-Z/!?][^<>ก-ฮ]*+(?:(?=<|\Z)|[ก-ฮ][^<>]*+)")
_VALUE = re.compile(r"=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'>]++)")
_OPEN_VALUE = re.compile(r"=\s*+[\"']")
_QUOTED_MARKUP = re.compile(r"=\s*+(?:\"([^\"<]*+<[^\"]*+)(\"|\Z)|'([^'<]*+<[^']*+)('|\Z))")
_QUOTED_SENTENCE = re.compile(r"=\s*+(?:\"([^\"<>]*+>[^\"<]*+)\"|'([^'<>]*+>[^'<]*+)')")
_ANY_TAG = re.compile(r"<(/?)(?!(?:br|hr|img|input|col|wbr)\b)[a-zA-Z]")
# Elements left out of the text. A start without an end hides the rest of the page.
_HIDING = ("article", "main", "nav", "aside", "footer", "template", "noscript", "button", "select")
_HIDING_ROLE = re.compile(
    r"<(?!nav\b|aside\b|footer\b|main\b)([a-z]\w*)\s[^<>]*?\brole\s*+=\s*+"
    r"[\"']?(?:navigation|complementary|search|contentinfo)\b",
    re.IGNORECASE,
)
_MAX_NAMES = 10  # of elements with such a role
_ANY_MARKUP = re.compile(r"<[^<>]*>?")
_BLOCK_TAG = re.compile(r"<(/?)(?:div|p|article|main|section|table|td|li)(?=[\s/>])", re.IGNORECASE)
LETTER = re.compile(r"[^\W\d_]")
"""A letter of any script."""
LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_MIN_LETTERS = 20  # of another script than Thai, to count as text
_MAX_FAULTS = 20  # reported one by one for a page
_EXCERPT = 60  # characters of a text in a fault


class RepairedHtml(NamedTuple):
    """HTML source, ready for the parser.

    Attributes:
        text: the HTML.
        faults: what was repaired by guessing or may be lost, one sentence each, without duplicates.
    """

    text: str
    faults: tuple[str, ...]


def repair_html(text: str) -> RepairedHtml:
    """Return the source of a page as the parser should get it, with its faults."""
    # Parsers drop NUL; it must not hide a tag until then.
    text = text.replace("\0", "")
    faults: dict[str, None] = {}
    if rest := _text_after_document(text):
        faults[f"there is text after </html>: {rest!r}"] = None
    text, ends = _DOCUMENT_END.subn("", text)
    if not ends:
        text = _without_partial_tag(text, faults)
    if _CDATA_BEGIN in text:
        text = _CDATA.sub("", text)
    text = _open_unclosed(text, faults)
    reported = list(faults)
    if len(reported) > _MAX_FAULTS:
        reported[_MAX_FAULTS:] = [f"there are {len(reported) - _MAX_FAULTS} more faults"]
    return RepairedHtml(text, tuple(reported))


def has_document_end(text: str) -> bool:
    """Return whether a page has a ``</body>`` or ``</html>``; one without may be cut off."""
    return _DOCUMENT_END.search(text.replace("\0", "")) is not None


def _without_partial_tag(text: str, faults: dict[str, None]) -> str:
    """Remove the tag at which a page ends before its ``>``."""
    match = _PARTIAL_TAG.search(text, max(text.rfind("<"), 0))
    if match is None or THAI_CONSONANT.search(_VALUE.sub("", match[0])):
        return text
    faults[f"it ends in a tag: {match[0][:_EXCERPT]!r}"] = None
    return text[: match.start()]


def _text_after_document(text: str) -> str:
    """Return the beginning of the readable text after the last ``</html>``."""
    ends = [match.end() for match in _DOCUMENT_END.finditer(text) if match[1].lower() == "html"]
    rest = text[ends[-1] :] if ends else ""
    pieces, end = [], 0
    while match := _OPAQUE.search(rest, end):
        pieces.append(rest[end : match.start()])
        end = _end_of(match, rest)[1]
    shown = " ".join(_ANY_MARKUP.sub(" ", "".join([*pieces, rest[end:]])).split())
    return shown[:_EXCERPT] if LETTER_OR_DIGIT.search(shown) else ""


def _open_unclosed(text: str, faults: dict[str, None]) -> str:
    """Remove the start of comments and opaque elements that are never closed."""
    pieces: list[str] = []
    at = 0
    unclosed: set[str] = set()  # kinds with no end further on
    hiding: Counter[str] = Counter()
    hiding_tag = _hiding_tag(text)
    while match := _OPAQUE.search(text, at):
        pieces.append(_escape_false_tags(text[at : match.start()], faults, hiding, hiding_tag))
        kind = _opaque_kind(match)
        begin, end = (-1, 0) if kind in unclosed else _end_of(match, text)
        if begin < 0:
            unclosed.add(kind)
            faults[f"{_kind_name(kind)} is never closed; the text after it was read"] = None
            at = match.end() if kind == _COMMENT_START else _after_tag(text, match.end())
            continue
        content = text[match.end() : begin]
        if swallowed := _swallowed_text(content, kind):
            faults[f"{_kind_name(kind)} seems to contain text of the page: {swallowed!r}"] = None
        if kind == "script" and _COMMENT_START in content and "<script" in content.lower():
            content = content.replace(_COMMENT_START, _ESCAPED_COMMENT)
        pieces += (match[0], content, text[begin:end])
        at = end
    pieces.append(_escape_false_tags(text[at:], faults, hiding, hiding_tag))
    for name, more in hiding.items():
        if more:
            than = "starts than ends" if more > 0 else "ends than starts"
            faults[f"<{name}> has {abs(more)} more {than}"] = None
    return "".join(pieces)


def _hiding_tag(text: str) -> re.Pattern[str]:
    """Return the pattern of tags of elements that may hide text, by name or by role."""
    by_role = {match[1].lower() for match in _HIDING_ROLE.finditer(text)}
    return _tag_of(tuple(sorted(by_role)[:_MAX_NAMES]))


@lru_cache(maxsize=64)
def _tag_of(by_role: tuple[str, ...]) -> re.Pattern[str]:
    names = "|".join((*_HIDING, *by_role))
    return re.compile(rf"<(/?)({names})(?=[\s/>])", re.IGNORECASE)


def _escape_false_tags(
    text: str, faults: dict[str, None], hiding: Counter[str], hiding_tag: re.Pattern[str]
) -> str:
    """Escape what looks like a tag but is text.

    Args:
        text: markup without comments and scripts.
        faults: collects what was found.
        hiding: starts minus ends of each element that may hide text; updated.
        hiding_tag: matches the tags of these elements.
    """
    for match in hiding_tag.finditer(text):
        hiding[match[2].lower()] += -1 if match[1] else 1
    text = _OPEN_TAG.sub(lambda match: _escape_if_text(match, faults), text)
    for match in _QUOTED_MARKUP.finditer(text):
        value, is_open = match[1] or match[3], not (match[2] or match[4])
        ends = [bool(tag[1]) for tag in _ANY_TAG.finditer(value)]
        if is_open or value.endswith("=") or ends.count(True) != ends.count(False):
            faults[f"an attribute value seems to contain text: {value[:_EXCERPT]!r}"] = None
    for match in _QUOTED_SENTENCE.finditer(text):
        value = match[1] or match[2]
        if len(LETTER.findall(value.partition(">")[2])) >= _MIN_LETTERS:
            faults[f"an attribute value seems to contain text: {value[:_EXCERPT]!r}"] = None
    return text


def _opaque_kind(match: re.Match[str]) -> str:
    return _COMMENT_START if match["comment"] else match["name"].lower()


def _kind_name(kind: str) -> str:
    return "a comment" if kind == _COMMENT_START else f"<{kind}>"


def _end_of(match: re.Match[str], text: str) -> tuple[int, int]:
    """Return the span of the end of a comment or element; begins at -1 if it is never closed."""
    end = _end_pattern(_opaque_kind(match)).search(text, match.end())
    return end.span() if end else (-1, len(text))


@cache
def _end_pattern(kind: str) -> re.Pattern[str]:
    if kind == _COMMENT_START:
        return _COMMENT_END
    return re.compile(rf"</{kind}(?=[\s/>])[^<>]*+>?", re.IGNORECASE)


def _after_tag(text: str, at: int) -> int:
    """Return the end of a tag: after its ``>``, or before the next ``<`` if it has none."""
    end = _TAG_END.search(text, at)
    return len(text) if end is None else end.start() + (end[0] == ">")


def _escape_if_text(match: re.Match[str], faults: dict[str, None]) -> str:
    """Return a tag unchanged, or escaped if it contains words."""
    names = _VALUE.sub("", match[0])
    # "<" in a quoted value does not begin a tag.
    is_open = match.end() == len(match.string) or match.string[match.end()] == "<"
    if not THAI_CONSONANT.search(names) and (not is_open or _OPEN_VALUE.search(names)):
        return match[0]
    faults[f"a tag seems to contain text: {match[0][:_EXCERPT]!r}"] = None
    return f"&lt;{match[0][1:]}"


def _swallowed_text(content: str, kind: str) -> str:
    """Return the beginning of page text inside opaque content, empty if there is none.

    Commented-out markup, code and tooltips contain whole elements. Swallowed text contains the end
    of an element that began before it, or the start of another comment or element of its kind; in
    a script or style it has no sign of code.
    """
    lower = content.lower()
    opener = kind if kind == _COMMENT_START else f"<{kind}"
    if kind == "script" and _IS_JSON.match(content):
        return ""
    tags = [bool(match[1]) for match in _BLOCK_TAG.finditer(content)] if "<" in content else []
    is_suspect = tags.count(True) > tags.count(False)
    if kind == _COMMENT_START:
        is_suspect |= opener in lower + "--"  # its end may be that of ``<!--!>``
    elif opener in lower:
        is_suspect |= bool(tags)
    elif kind in _CODE_KINDS:
        content = content.partition(">")[2]
        is_suspect |= not _CODE.search(_REFERENCE.sub("", content))
    if not is_suspect:
        return ""
    words = " ".join(_ANY_MARKUP.sub(" ", content).split()).removeprefix(">").strip()
    is_text = THAI_CONSONANT.search(words) or len(LETTER.findall(words[:1000])) >= _MIN_LETTERS
    return words[:_EXCERPT] if is_text else ""


_LONG_REFERENCE = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{8,});?")


def unescape(text: str) -> str:
    """Resolve the HTML character references of any text.

    `html.unescape` raises ValueError for a reference of more than 4,300 digits. As in browsers, a
    number beyond Unicode becomes U+FFFD.
    """
    return html.unescape(_LONG_REFERENCE.sub(_shorten_reference, text))


def _shorten_reference(match: re.Match[str]) -> str:
    mark = "&#x" if match[0][2] in "xX" else "&#"
    digits = match[0][len(mark) :].rstrip(";").lstrip("0") or "0"
    return f"{mark}{digits};" if len(digits) < 8 else "\ufffd"
