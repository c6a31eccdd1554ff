"""Cuts Thai text into words, for the word index and for word statistics.

A Thai sentence has no blanks between its words: a dictionary and the shortest path through it
(PyThaiNLP's ``newmm``) decide where one ends. nlpo3, the same algorithm in Rust, is used where it
is installed, and must give the same words: an index of two segmentations finds half of what it
should. Where the two would differ, see ``_DISPUTED``.

This module knows no articles, no index and no files but the reference tables. Importing it is
cheap; the dictionary is loaded by the first call of ``segment`` (about half a second).
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import metadata
from pathlib import Path
from threading import Lock
from typing import Literal

from scraper.reference import read_table
from scraper.thai.text import to_ascii_digits

Backend = Literal["nlpo3", "newmm"]

# Raised when the rules of this module change the words it gives; part of the engine's name.
RULES = 1

# Consonants, vowels and marks that make up words. Not ฯ (paiyannoi), ๆ (mai yamok) and the other
# signs: dictionary words with them are few, and the engines disagree about them.
_THAI = "\u0e01-\u0e2e\u0e30-\u0e3a\u0e40-\u0e4e"
# A letter or digit of any other script; Thai digits have become ASCII before.
_OTHER = r"[^\W_\u0e00-\u0e7f]"
# One letter of a dotted abbreviation, such as each of ก.พ.ร., มี.ค., เม.ย.
_LETTER = "เ?[ก-ฮ][ิี]?"

# What a text consists of, one alternative a kind; whatever matches none is no word. A number has
# at most 21 groups of digits: otherwise 1,1,1,…a would be tried from each of its digits to the end.
_PIECE = re.compile(
    rf"""
      (?P<url> (?:https?://|www\.) [^\s"'()<>\[\]{{}}|“”‘’\u0e00-\u0e7f]* [0-9A-Za-z/] )
    | (?P<number> [0-9]++ (?:[.,][0-9]++){{0,20}}+ (?!{_OTHER}) )
    | (?P<other> {_OTHER}+ (?:[-'’&._@+]{_OTHER}+)* )       # COVID-19, R&D, name@host.go.th, 5G
    | (?<![{_THAI}]) (?P<abbreviation>
          (?:{_LETTER}\.)+ {_LETTER} (?:\.|(?![{_THAI}.]))  # ก.พ.ร., มี.ค
        | [ก-ฮ]{{2,5}} (?=\.)                                # รมว., กสอ.
      )
    | (?P<thai> [{_THAI}]+ )
    """,
    re.VERBOSE,
)

# An engine's time may grow with the square of the run, so longer runs are cut, not before a vowel
# or mark that belongs to the letter on its left. The longest run in 3,600 real articles has 733
# characters, and two of 664,000 exceed this.
LONGEST_RUN = 400
_RUN = re.compile(
    rf".{{1,{LONGEST_RUN}}}(?<![เ-ไ])(?![\u0e30-\u0e3a\u0e45\u0e47-\u0e4e])"
    rf"|.{{1,{LONGEST_RUN}}}"
)

# nlpo3 looks for the shortest path without marking where it has been: 200 characters of กรอกรอ…
# take it 25 ms, PyThaiNLP 0.4 ms. Runs longer than this are left to PyThaiNLP.
_LONGEST_FOR_NLPO3 = 120

# Letter clusters at which nlpo3 allows another cut than PyThaiNLP, found by comparing their rules
# and confirmed on 2,000,000 random runs: เหลียง, เวียร์, เทิย, สุวรรณ์, พันธุ์. Runs with one (2 %
# of real ones) are left to PyThaiNLP.
_DISPUTED = re.compile(
    """
      เ[ก-ฮ]{2}ี[่-๋]?ย
    | เ[ก-ฮ]ี[่-๋]?ย[ก-ฮ]{1,2}[ิุู]?์
    | เ[ก-ฮ][ิุู][่-๋]?ย
    | [ก-ฮ]รร[ก-ฮ]์
    | [ก-ฮ][ิุู]์
    """,
    re.VERBOSE,
)
# The versions that were compared; with any other, PyThaiNLP does all.
COMPARED = {"pythainlp": "5.4.", "nlpo3": "1.4."}

_WORD = re.compile(f"[{_THAI}]+")

# The dictionary has some titles of offices whole and some not. Without those that begin like this
# all are cut into their words, and กระทรวงอุตสาหกรรม counts for อุตสาหกรรม.
_TITLES = ("กระทรวง", "สำนักงาน", "กรมโรงงาน")

# Real runs repeat: of 584,000 in 3,000 articles 39 % are new. So do those made to take long.
_REMEMBERED_RUNS = 16_384

Cut = Callable[[str], list[str]]


@dataclass(frozen=True)
class Segmenter:
    """A loaded dictionary and what cuts by it.

    Attributes:
        engine: names the segmentation, such as ``newmm-5.4.0 dictionary-1f0c9a3e rules-1``: equal
            names mean equal words. It does not say what computed them, since both backends give
            the same; another dictionary or another PyThaiNLP gives another name.
        backend: what computes: ``nlpo3 1.4.0`` or ``newmm 5.4.0``; for the record of a run.
        words_of: cuts a run of Thai letters of at most ``LONGEST_RUN`` characters.
    """

    engine: str
    backend: str
    words_of: Callable[[str], tuple[str, ...]]

    def words(self, text: str) -> Iterator[str]:
        """Yield the words of a text, in order; see ``segment``."""
        for piece in _PIECE.finditer(to_ascii_digits(text)):
            if piece.lastgroup == "thai":
                for run in _RUN.findall(piece[0]):
                    yield from self.words_of(run)
            elif piece.lastgroup == "abbreviation":
                yield piece[0].replace(".", "")
            else:
                yield piece[0]


def segment(text: str) -> list[str]:
    """Return the words of a text, in order.

    Blanks, brackets, punctuation, ๆ, ฯ and marks without a letter are no words. Numbers
    (``1,234.50``), URLs, e-mail addresses and words of other scripts stay whole. Thai digits
    become ASCII and abbreviations lose their dots (``ก.พ.ร.`` and ``กพร.`` are one word), so that
    an index finds every spelling; nothing else is changed.

    Args:
        text: cleaned text (``scraper.thai.text.clean``); any length, in linear time.

    >>> segment("ประชุมครั้งที่ ๑/๒๕๖๘ (ก.พ.ร.)")
    ['ประชุม', 'ครั้ง', 'ที่', '1', '2568', 'กพร']
    """
    return list(segmenter().words(text))


_loading = Lock()


def segmenter() -> Segmenter:
    """Return the process's segmenter, loading the dictionary on the first call."""
    with _loading:
        return load_segmenter(_best_backend())


def _best_backend() -> Backend:
    known = all(_installed(name).startswith(version) for name, version in COMPARED.items())
    return "nlpo3" if known else "newmm"


@cache
def _installed(package: str) -> str:
    """Return the version of a package, empty if it is not installed.

    Remembered, since the answer takes reading files: a fourth of a worker's time if asked for
    every article.
    """
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


@cache
def load_segmenter(backend: Backend) -> Segmenter:
    """Load the dictionary for one backend, or return it if loaded already.

    Raises:
        ImportError: the backend is not installed.
        ReferenceTableError: a table of own words is absent or malformed.
    """
    words = _dictionary()
    digest = hashlib.sha256("\n".join(words).encode()).hexdigest()[:8]
    cut = _newmm(words)
    pythainlp = metadata.version("pythainlp")
    name = f"newmm {pythainlp}"
    if backend == "nlpo3":
        cut = _nlpo3(words, digest, otherwise=cut)
        name = f"nlpo3 {metadata.version('nlpo3')}"

    @lru_cache(_REMEMBERED_RUNS)
    def words_of(run: str) -> tuple[str, ...]:
        return tuple(filter(_has_consonant, cut(run)))

    return Segmenter(f"newmm-{pythainlp} dictionary-{digest} rules-{RULES}", name, words_of)


def _has_consonant(word: str) -> bool:
    # Nearly every word begins with one, and the rest with a vowel that does.
    return "ก" <= word[0] <= "ฮ" or any("ก" <= letter <= "ฮ" for letter in word)


def _dictionary() -> tuple[str, ...]:
    """Return PyThaiNLP's words and our own, sorted: runs of Thai letters, no titles of offices."""
    # Before its first import: PyThaiNLP would make a folder in the home directory, and might
    # fetch a corpus. A user's own setting wins, also under its former name, beside which
    # PyThaiNLP bears no other.
    os.environ.setdefault("PYTHAINLP_OFFLINE", "1")
    if "PYTHAINLP_READ_MODE" not in os.environ:
        os.environ.setdefault("PYTHAINLP_READ_ONLY", "1")
    from pythainlp.corpus import thai_words  # noqa: PLC0415 - 60 ms, see the module's docstring

    own = {row["word"] for row in read_table("vocabulary.csv")}
    theirs = {word for word in thai_words() if word in _TITLES or not word.startswith(_TITLES)}
    return tuple(sorted(filter(_WORD.fullmatch, own | theirs)))


def _newmm(words: tuple[str, ...]) -> Cut:
    from pythainlp.tokenize import newmm  # noqa: PLC0415
    from pythainlp.util import Trie  # noqa: PLC0415

    trie = Trie(words)
    return lambda run: newmm.segment(run, trie)


def _nlpo3(words: tuple[str, ...], name: str, otherwise: Cut) -> Cut:
    """Return nlpo3's cut by the same words, handing to ``otherwise`` what it cuts differently."""
    import nlpo3  # noqa: PLC0415

    # nlpo3 reads dictionaries from files only, once. A private file that lives for the moment
    # needs no agreement between processes.
    with tempfile.TemporaryDirectory(prefix="thaigov-") as folder:
        path = Path(folder) / "words.txt"
        path.write_text("\n".join(words), encoding="utf-8")
        nlpo3.load_dict(str(path), name)

    def cut(run: str) -> list[str]:
        if len(run) > _LONGEST_FOR_NLPO3 or _DISPUTED.search(run):
            return otherwise(run)
        return nlpo3.segment(run, name)

    return cut
