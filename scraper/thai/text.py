"""Cleans Thai text as web pages really hold it, and folds it for matching.

`clean` mends what a reader cannot see: invisible characters, odd blanks, decomposed vowels, marks
in the wrong order. What a reader sees stays as it was. `fold` goes further, so that texts can be
compared and searched; a fold is never shown, and `Folded.original_span` leads back to what is.

Counts in comments are files out of the 63,241 measured. This module knows nothing of articles,
dates or HTML.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_THAI, _ASCII = "๐๑๒๓๔๕๖๗๘๙", "0123456789"

THAI_DIGITS = str.maketrans(_ASCII, _THAI)
"""Translation table from ASCII digits to Thai ones."""

ASCII_DIGITS = str.maketrans(_THAI, _ASCII)
"""Translation table from Thai digits to ASCII ones."""

WORD = r"\w\u0e01-\u0e3a\u0e40-\u0e5b"
r"""What ``\w`` should be, for the inside of a regular expression's set.

Python's own leaves out the Thai vowel signs and tone marks, and so cuts words in two.
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
# No-break space 32,281; controls (U+009F is a bullet in tables); and all that str.splitlines
# takes for a line end although nobody meant one (U+2028 22).
_BLANKS = chain(
    range(0x0A),
    range(0x0B, 0x0D),
    range(0x0E, 0x20),
    range(0x7F, 0xA1),
    (0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000),
    range(0x2000, 0x200B),
)
# Fonts of the 1990s drew marks at other heights from U+F700 on; this is that block, in order.
_OLD_FONT = zip(range(0xF700, 0xF71B), "ฐิีึื่้๊๋์่้๊๋์ญัํ็่้๊๋์ฺุู", strict=True)

_CHARACTERS: dict[str, str] = {
    **dict.fromkeys(map(chr, _INVISIBLE), ""),
    **dict.fromkeys(map(chr, _BLANKS), " "),
    **{chr(code): letter for code, letter in _OLD_FONT},
    # Half a surrogate pair cannot be written as UTF-8, so no archive could keep it.
    **dict.fromkeys(map(chr, range(0xD800, 0xE000)), "\ufffd"),
    "\r": "\n",  # the run of line ends that CRLF becomes is folded with all other white space
}

# --- Thai letters ------------------------------------------------------------------------------

_UPPER, _LOWER, _TONES = "ัิีึื็", "ฺุู", "่้๊๋"
_SARA_AM, _NIKHAHIT, _SARA_AA = "ำ", "ํ", "า"
# The order of marks over one letter. It is one that NFC leaves alone: upper vowels first, since
# they have no combining class, then by class, then the marks that close a syllable.
_RANK = {mark: rank for rank, mark in enumerate(f"{_UPPER}{_LOWER}{_TONES}์๎{_NIKHAHIT}{_SARA_AM}")}
_RANK.update(dict.fromkeys(_TONES, _RANK["่"]))  # two tones: which is meant nobody can tell
_MARKS = "".join(_RANK)

# --- rules -------------------------------------------------------------------------------------


class _Rule(NamedTuple):
    """One kind of repair: what to look for, what to put there, and whether it is worth looking."""

    pattern: re.Pattern[str]
    replace: Callable[[re.Match[str]], str]
    needed: Callable[[str], bool] = bool


def _mend_marks(match: re.Match[str]) -> str:
    """Return a letter with its marks in order, each once, and sara am in one piece.

    Sara am decomposed 2,164, also with the tone before, between or after its parts 160; doubled
    marks 218; tone before vowel 230.
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
    """Return the characters with a joiner after every ``_LONGEST_RUN`` combining marks in a row."""
    pieces: list[str] = []
    run = 0
    for character in match[0]:
        run = run + 1 if unicodedata.combining(character) else 0
        if run > _LONGEST_RUN:
            pieces.append(_GRAPHEME_JOINER)
            run = 1
        pieces.append(character)
    return "".join(pieces)


def _may_hold_a_long_run(text: str) -> bool:
    # Every eighth character, because looking at all of them would slow `clean` by a third.
    return len(text) > _LONGEST_RUN and bool(_THREE_OF_A_RUN.search(text[::8]))


def _fold_space(match: re.Match[str]) -> str:
    return "\n" if "\n" in match[0] else " "


# Every pattern begins with one set of characters, which the regex engine skips to at full speed,
# and matches only what it will change; so a clean text costs little more than reading it.
_EMOJI = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
# Whatever NFC may join to what stands before it, and more: neither ASCII nor most of Thai.
_JOINS = "[^\\0-\x7f\u0e00-\u0e37\u0e3b-\u0e47\u0e4c-\u0e7f]"
# NFC sorts the marks over one letter in quadratic time, so long runs are broken the way UAX 15
# (Stream-Safe Text Format) breaks them. No language has more than a few marks on a letter.
_LONGEST_RUN = 30
_GRAPHEME_JOINER = "\u034f"
_THREE_OF_A_RUN = re.compile(f"{_JOINS}{{3}}")
_RULES = (
    _Rule(
        re.compile(f"[{''.join(map(re.escape, _CHARACTERS))}]"),
        lambda match: _CHARACTERS[match[0]],
    ),
    # A joiner holds an emoji of several people together; elsewhere it is one more invisible.
    _Rule(re.compile(f"\u200d(?:(?<![{_EMOJI}]\u200d)|(?![{_EMOJI}]))"), lambda _: ""),
    _Rule(re.compile(f"{_JOINS}{{{_LONGEST_RUN + 1},}}"), _break_run, needed=_may_hold_a_long_run),
    normal_form := _Rule(
        # From one character that NFC never joins to what stands before it up to the next one.
        re.compile(f"[\\0-\x7f\u0e00-\u0e7f]?{_JOINS}+"),
        lambda match: unicodedata.normalize("NFC", match[0]),
        needed=lambda text: not unicodedata.is_normalized("NFC", text),
    ),
    _Rule(
        re.compile(
            # A letter, then two marks or more, unless they are a vowel and what closes it, or a
            # tone and sara am; or nikhahit and sara aa.
            f"[ก-ฮ](?![{_UPPER}{_LOWER}][{_TONES}์](?![{_MARKS}])|[{_TONES}]{_SARA_AM}(?![{_MARKS}]))"
            f"(?:[{_MARKS}]{{2,}}{_SARA_AA}?|{_NIKHAHIT}{_SARA_AA})"
        ),
        _mend_marks,
    ),
    normal_form,  # again: marks of another script may have stood among the Thai ones
    _Rule(re.compile("เเ+"), lambda _: "แ"),  # 931
    _Rule(re.compile(r"[ \n]{2,}"), _fold_space),
    _Rule(
        re.compile(r"\A[ \n]|[ \n]\Z"),
        lambda _: "",
        needed=lambda text: text != text.strip(" \n"),
    ),
)


# --- cleaning ----------------------------------------------------------------------------------


def clean(text: str) -> str:
    r"""Return a text as it was meant: same words, none of the hidden faults.

    The result is in NFC (never NFKC, which splits every ำ), has one ``\n`` between lines, no
    empty line, no blank at either end of a line and no other white space than single blanks.
    Emoji, other scripts, private characters that are no old Thai font and U+FFFD are kept.
    Cleaning twice changes nothing more. Time is linear in the length; no input raises.

    >>> clean("  น\u0e4d\u0e49า\xa0\xa0 เเพร่\r\n\r\n2566\u200b ")
    'น้ำ แพร่\n2566'
    """
    for rule in _RULES:
        if rule.needed(text):
            text = rule.pattern.sub(rule.replace, text)
    return text


def clean_line(text: str) -> str:
    """Return a text cleaned and on one line."""
    return clean(text).replace("\n", " ")


# --- folding -----------------------------------------------------------------------------------


def fold(text: str) -> str:
    r"""Return a text for matching: cleaned, ASCII digits, lower case.

    Line ends stay ``\n``: a pattern that allows only blanks does not match across lines.
    Lower case, not case folding: that turns ß into ss, and a fold should be as long as the clean
    text. Thai has no case.

    >>> fold("ปี ๒๕๖๖\xa0ของ BOI")
    'ปี 2566 ของ boi'
    """
    return _lower(to_ascii_digits(clean(text)))


def _lower(text: str) -> str:
    # İ is the only letter whose small form is two characters.
    return text.replace("İ", "i").lower()


def squash(text: str) -> str:
    """Return a fold without any white space: equal for two settings of one headline."""
    return fold(text).replace(" ", "").replace("\n", "")


@dataclass(frozen=True, slots=True)
class Folded:
    """A fold that knows where its characters came from.

    Attributes:
        text: ``fold(original)``.
    """

    text: str
    _starts: Sequence[int] = field(repr=False)
    _ends: Sequence[int] = field(repr=False)

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in the original text of ``self.text[start:end]``.

        A character that was made of several stands for all of them, so the span may be longer.
        An empty span is placed before the character at ``start``.

        Raises:
            ValueError: unless ``0 <= start <= end <= len(self.text)``.
        """
        if not 0 <= start <= end <= len(self.text):
            raise ValueError(f"no span {start}-{end} in a text of {len(self.text)} characters")
        first = self._starts[start] if start < len(self.text) else self._ends[-1] if start else 0
        return first, (self._ends[end - 1] if end > start else first)


def fold_with_offsets(text: str) -> Folded:
    """Return ``fold(text)`` with the way back to ``text``. Linear in the length."""
    starts: Sequence[int] = range(len(text))
    ends: Sequence[int] = range(1, len(text) + 1)
    for rule in _RULES:
        if rule.needed(text) and (matches := list(rule.pattern.finditer(text))):
            text, starts, ends = _replace(matches, rule.replace, text, starts, ends)
    return Folded(_lower(to_ascii_digits(text)), starts, ends)


def _replace(
    matches: list[re.Match[str]],
    replace: Callable[[re.Match[str]], str],
    text: str,
    starts: Sequence[int],
    ends: Sequence[int],
) -> tuple[str, list[int], list[int]]:
    """Apply a rule to a text and to the original offsets of its characters."""
    pieces: list[str] = []
    new_starts: list[int] = []
    new_ends: list[int] = []
    at = 0
    for match in matches:
        start, end = match.span()
        new = replace(match)
        pieces += (text[at:start], new)
        if len(new) == end - start:  # one for one, above all a blank for a blank
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


# --- digits ------------------------------------------------------------------------------------

_HAS_THAI_DIGIT = re.compile(f"[{_THAI}]")


def to_ascii_digits(text: str) -> str:
    """Return a text with ASCII digits for Thai ones."""
    # str.translate takes as long as all of `clean`, and 95 % of the files have no Thai digit.
    return text.translate(ASCII_DIGITS) if _HAS_THAI_DIGIT.search(text) else text


def to_thai_digits(text: str) -> str:
    """Return a text with Thai digits for ASCII ones."""
    return text.translate(THAI_DIGITS)
