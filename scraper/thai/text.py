"""Cleans Thai text from web pages and folds it for matching.

`clean` repairs what a reader cannot see: invisible characters, odd blanks, decomposed vowels, marks
in the wrong order. Visible text does not change. `fold` goes further, so that texts can be compared
and searched; a fold is never shown, and `Folded.original_span` maps back to the original.

Counts in comments are files, of the 63,241 measured.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from scraper.thai.digits import to_ascii_digits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

WORD = r"\w\u0e01-\u0e3a\u0e40-\u0e5b"
r"""Like ``\w``, with the Thai vowel signs and tone marks that Python leaves out.

For use inside a character set.
"""

# --- single characters -------------------------------------------------------------------------

# Soft hyphen 49, zero width space 6,609, joiners, direction marks (one inside a date), BOM 6.
# The zero width joiner is not here: see _characters.
_INVISIBLE = chain(
    (0xAD, 0x61C, 0x180E, 0xFEFF),
    range(0x200B, 0x200D),
    range(0x200E, 0x2010),
    range(0x202A, 0x202F),
    range(0x2060, 0x2065),
    range(0x2066, 0x2070),
)
# No-break space 32,281; controls (U+009F is a bullet in tables); and everything that str.splitlines
# treats as a line end but is not one (U+2028 22).
_OTHER_BLANKS = chain(
    range(0x0A),
    range(0x0B, 0x0D),
    range(0x0E, 0x20),
    range(0x7F, 0xA1),
    (0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000),
    range(0x2000, 0x200B),
)
# Fonts of the 1990s have marks at other heights from U+F700 on; this is that block, in order.
_FONT_VARIANTS = zip(range(0xF700, 0xF71B), "ฐิีึื่้๊๋์่้๊๋์ญัํ็่้๊๋์ฺุู", strict=True)

_CHARACTERS: dict[str, str] = {
    **dict.fromkeys(map(chr, _INVISIBLE), ""),
    **dict.fromkeys(map(chr, _OTHER_BLANKS), " "),
    **{chr(code): letter for code, letter in _FONT_VARIANTS},
    # A lone surrogate cannot be encoded as UTF-8, so the archive could not store it.
    **dict.fromkeys(map(chr, range(0xD800, 0xE000)), "\ufffd"),
    "\r": "\n",  # CRLF becomes two line ends, which are merged with other white space
}

# --- Thai letters ------------------------------------------------------------------------------

_UPPER, _LOWER, _TONES = "ัิีึื็", "ฺุู", "่้๊๋"
_SARA_AM, _NIKHAHIT, _SARA_AA = "ำ", "ํ", "า"
# The order of the marks on a letter, which NFC does not change: upper vowels, which have no
# combining class, then by class, then the marks that close a syllable.
_RANK = {mark: rank for rank, mark in enumerate(f"{_UPPER}{_LOWER}{_TONES}์๎{_NIKHAHIT}{_SARA_AM}")}
_RANK.update(dict.fromkeys(_TONES, _RANK["่"]))  # two tones keep their order: either may be meant
_MARKS = "".join(_RANK)

# --- rules -------------------------------------------------------------------------------------


class _Repair(NamedTuple):
    """A repair: pattern, replacement, and a quick test whether a text may need it."""

    pattern: re.Pattern[str]
    replace: Callable[[re.Match[str]], str]
    needed: Callable[[str], bool] = bool


def _repair_marks(match: re.Match[str]) -> str:
    """Return a letter with its marks in order, each once, and sara am composed.

    Sara am decomposed 2,164, with the tone before, between or after its parts 160; doubled marks
    218; tone before vowel 230.
    """
    letter, marks = match[0][0], list(match[0][1:])
    closing = marks.pop() if marks[-1] == _SARA_AA else ""
    kept = set(marks)
    if _NIKHAHIT in kept and (closing or _SARA_AM in kept):
        kept = kept - {_NIKHAHIT} | {_SARA_AM}
        marks.append(_SARA_AM)
        closing = ""
    in_order = sorted(dict.fromkeys(mark for mark in marks if mark in kept), key=_RANK.__getitem__)
    return letter + "".join(in_order) + closing


def _break_run(match: re.Match[str]) -> str:
    """Return the characters with a joiner after every ``_LONGEST_RUN`` combining marks."""
    pieces: list[str] = []
    run = 0
    for character in match[0]:
        run = run + 1 if unicodedata.combining(character) else 0
        if run > _LONGEST_RUN:
            pieces.append(_GRAPHEME_JOINER)
            run = 1
        pieces.append(character)
    return "".join(pieces)


def _may_have_long_run(text: str) -> bool:
    # Every eighth character: checking all would slow `clean` by a third.
    return len(text) > _LONGEST_RUN and bool(_THREE_OF_A_RUN.search(text[::8]))


def _fold_space(match: re.Match[str]) -> str:
    return "\n" if "\n" in match[0] else " "


# Every pattern starts with a set of characters, which the regex engine finds quickly, and matches
# only what it changes; so a clean text costs little more than one pass.
_EMOJI = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
# All characters that NFC may join to the one before, and some more; not ASCII, not most of Thai.
_JOINS = "[^\\0-\x7f\u0e00-\u0e37\u0e3b-\u0e47\u0e4c-\u0e7f]"
# NFC sorts the marks of a letter in quadratic time, so long runs are broken as in the Stream-Safe
# Text Format (UAX 15). No language has more than a few marks on a letter.
_LONGEST_RUN = 30
_GRAPHEME_JOINER = "\u034f"
_THREE_OF_A_RUN = re.compile(f"{_JOINS}{{3}}")
_REPAIRS = (
    _Repair(
        re.compile(f"[{''.join(map(re.escape, _CHARACTERS))}]"),
        lambda match: _CHARACTERS[match[0]],
    ),
    # A joiner composes an emoji of several; elsewhere it is just invisible.
    _Repair(re.compile(f"\u200d(?:(?<![{_EMOJI}]\u200d)|(?![{_EMOJI}]))"), lambda _: ""),
    _Repair(re.compile(f"{_JOINS}{{{_LONGEST_RUN + 1},}}"), _break_run, needed=_may_have_long_run),
    normal_form := _Repair(
        # From one character that NFC never joins to the one before, up to the next such.
        re.compile(f"[\\0-\x7f\u0e00-\u0e7f]?{_JOINS}+"),
        lambda match: unicodedata.normalize("NFC", match[0]),
        needed=lambda text: not unicodedata.is_normalized("NFC", text),
    ),
    _Repair(
        re.compile(
            # A letter with two marks or more, except vowel and tone (or thanthakhat), and tone and
            # sara am; or a letter with nikhahit and sara aa.
            f"[ก-ฮ](?![{_UPPER}{_LOWER}][{_TONES}์](?![{_MARKS}])|[{_TONES}]{_SARA_AM}(?![{_MARKS}]))"
            f"(?:[{_MARKS}]{{2,}}{_SARA_AA}?|{_NIKHAHIT}{_SARA_AA})"
        ),
        _repair_marks,
    ),
    normal_form,  # again: there may have been marks of another script among the Thai ones
    _Repair(re.compile("เเ+"), lambda _: "แ"),  # 931
    _Repair(re.compile(r"[ \n]{2,}"), _fold_space),
    _Repair(
        re.compile(r"\A[ \n]|[ \n]\Z"),
        lambda _: "",
        needed=lambda text: text != text.strip(" \n"),
    ),
)


# --- cleaning ----------------------------------------------------------------------------------


def clean(text: str) -> str:
    r"""Return the text without hidden faults; its words do not change.

    The result is in NFC (never NFKC, which splits every ำ), with one ``\n`` between lines, no
    empty lines, no blanks at the ends of lines and no white space but single blanks. Emoji, other
    scripts, U+FFFD and private characters other than those of old Thai fonts are kept.
    Idempotent. Linear in the length; never raises.

    >>> clean("  น\u0e4d\u0e49า\xa0\xa0 เเพร่\r\n\r\n2566\u200b ")
    'น้ำ แพร่\n2566'
    """
    for repair in _REPAIRS:
        if repair.needed(text):
            text = repair.pattern.sub(repair.replace, text)
    return text


def clean_line(text: str) -> str:
    """Return the cleaned text on one line."""
    return clean(text).replace("\n", " ")


# --- folding -----------------------------------------------------------------------------------


def fold(text: str) -> str:
    r"""Return the text for matching: cleaned, with ASCII digits, in lower case.

    Line ends stay ``\n``: a pattern that allows only blanks does not match across lines.
    Lower case instead of case folding, which turns ß into ss: a fold is as long as the clean text.

    >>> fold("ปี ๒๕๖๖\xa0ของ BOI")
    'ปี 2566 ของ boi'
    """
    return _lower(to_ascii_digits(clean(text)))


def _lower(text: str) -> str:
    # İ is the only letter whose lower case has two characters.
    return text.replace("İ", "i").lower()


def squash(text: str) -> str:
    """Return a fold without white space: equal for two typesettings of a headline."""
    return squash_clean(clean(text))


def squash_clean(text: str) -> str:
    """Return ``squash`` of a text that ``clean`` returned, in less than half the time."""
    return _lower(to_ascii_digits(text)).replace(" ", "").replace("\n", "")


@dataclass(frozen=True, slots=True)
class Folded:
    """A fold with the original offsets of its characters; ``text`` is ``fold(original)``."""

    text: str
    _starts: Sequence[int] = field(repr=False)
    _ends: Sequence[int] = field(repr=False)

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in the original of ``self.text[start:end]``.

        The span is longer if a character was made of several. An empty span lies before the
        character at ``start``.

        Raises:
            ValueError: unless ``0 <= start <= end <= len(self.text)``.
        """
        if not 0 <= start <= end <= len(self.text):
            raise ValueError(f"no span {start}-{end} in a text of {len(self.text)} characters")
        first = self._starts[start] if start < len(self.text) else self._ends[-1] if start else 0
        return first, (self._ends[end - 1] if end > start else first)


def fold_with_offsets(text: str) -> Folded:
    """Return ``fold(text)`` with offsets into ``text``. Linear in the length."""
    starts: Sequence[int] = range(len(text))
    ends: Sequence[int] = range(1, len(text) + 1)
    for repair in _REPAIRS:
        if repair.needed(text) and (matches := list(repair.pattern.finditer(text))):
            text, starts, ends = _replace(matches, repair.replace, text, starts, ends)
    return Folded(_lower(to_ascii_digits(text)), starts, ends)


def _replace(
    matches: list[re.Match[str]],
    replace: Callable[[re.Match[str]], str],
    text: str,
    starts: Sequence[int],
    ends: Sequence[int],
) -> tuple[str, list[int], list[int]]:
    """Apply a repair to a text and to the original offsets of its characters."""
    pieces: list[str] = []
    new_starts: list[int] = []
    new_ends: list[int] = []
    at = 0
    for match in matches:
        start, end = match.span()
        new = replace(match)
        pieces += (text[at:start], new)
        if len(new) == end - start:  # character by character, mostly a blank for a blank
            new_starts += starts[at:end]
            new_ends += ends[at:end]
        else:
            new_starts += chain(starts[at:start], [starts[start]] * len(new))
            new_ends += chain(ends[at:start], [ends[end - 1]] * len(new))
        at = end
    pieces.append(text[at:])
    new_starts += starts[at:]
    new_ends += ends[at:]
    return "".join(pieces), new_starts, new_ends
