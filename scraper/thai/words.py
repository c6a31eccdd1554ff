"""Segments Thai text into words, for the word index and for word statistics.

Thai has no spaces between words: a dictionary and the shortest path through it (PyThaiNLP's
``newmm``) decide where a word ends. nlpo3, the same algorithm in Rust, is used if installed and
must give the same words, since an index of two segmentations misses half of its hits. For text
where the two would differ see ``_DISPUTED``.

Importing this module is cheap; the first call of ``segment`` loads the dictionary (half a second).
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from threading import Lock
from typing import Literal

from scraper.reference import read_table
from scraper.thai.digits import to_ascii_digits
from scraper.thai.pythainlp_data import use_packaged_data

Backend = Literal["nlpo3", "newmm"]

# Increased when a change in this module changes its words; part of the engine's name.
RULES_VERSION = 1

# Consonants, vowels and marks. Not ฯ (paiyannoi), ๆ (mai yamok) and other signs: few dictionary
# words have them, and the engines disagree about those.
_LETTERS = "\u0e01-\u0e2e\u0e30-\u0e3a\u0e40-\u0e4e"
# A letter or digit of any other script; Thai digits have been replaced by ASCII ones.
_OTHER = r"[^\W_\u0e00-\u0e7f]"
# An initial in a dotted abbreviation such as ก.พ.ร., มี.ค., เม.ย.
_INITIAL = "เ?[ก-ฮ][ิี]?"

# One alternative per kind of word; whatever matches none is not a word. A number has at most 21
# groups of digits, or 1,1,1,…a would be tried from each of its digits to the end.
_WORD_OR_RUN = re.compile(
    rf"""
      (?P<long> [{_LETTERS}]{{6,}}+ )  # tried first: most pieces are, and can be nothing else
    | (?P<url> (?:https?://|www\.) [^\s"'()<>\[\]{{}}|“”‘’\u0e00-\u0e7f]* [0-9A-Za-z/] )
    | (?P<number> [0-9]++ (?:[.,][0-9]++){{0,20}}+ (?!{_OTHER}) )
    | (?P<other> {_OTHER}+ (?:[-'’&._@+]{_OTHER}+)* )       # COVID-19, R&D, name@host.go.th, 5G
    | (?<![{_LETTERS}]) (?P<abbreviation>
          (?:{_INITIAL}\.)+ {_INITIAL} (?:\.|(?![{_LETTERS}.]))  # ก.พ.ร., มี.ค
        | [ก-ฮ]{{2,5}} (?=\.)                                # รมว., กสอ.
      )
    | (?P<short> [{_LETTERS}]+ )
    """,
    re.VERBOSE,
)

_RUNS = frozenset({"long", "short"})  # the groups that are segmented by the dictionary

# The engines may take quadratic time, so longer runs of Thai letters are cut, but not before a
# vowel or mark that belongs to the letter before. The longest run in 3,600 real articles has 733
# characters, and two of 664,000 runs exceed this limit.
LONGEST_RUN = 400
_RUN = re.compile(
    rf".{{1,{LONGEST_RUN}}}(?<![เ-ไ])(?![\u0e30-\u0e3a\u0e45\u0e47-\u0e4e])"
    rf"|.{{1,{LONGEST_RUN}}}"
)

# nlpo3 searches the shortest path without marking visited nodes: for 200 characters of กรอกรอ… it
# takes 25 ms, PyThaiNLP 0.4 ms. PyThaiNLP segments runs longer than this.
_LONGEST_FOR_NLPO3 = 120

# Letter clusters that nlpo3 may cut differently from PyThaiNLP, found by comparing their rules and
# confirmed on 2,000,000 random runs: เหลียง, เวียร์, เทิย, สุวรรณ์, พันธุ์. PyThaiNLP segments runs
# with one of them, 2 % of real runs.
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
# The versions that were compared; with any other versions, nlpo3 is not used.
COMPARED_VERSIONS = {"pythainlp": "5.4.", "nlpo3": "1.4."}

_THAI_WORD = re.compile(f"[{_LETTERS}]+")

# The dictionary has some names of offices as one word. Without those that start like this, all are
# segmented, and กระทรวงอุตสาหกรรม is found by อุตสาหกรรม.
_OFFICES = ("กระทรวง", "สำนักงาน", "กรมโรงงาน")

# Runs repeat: of 171 in an article 93 are new.
_CACHED_RUNS = 32_768

# A call of nlpo3 costs as much as ten words, so many runs go into one, with spaces between them.
_CHARACTERS_A_CALL = 4_096

SegmentRun = Callable[[str], list[str]]
SegmentRuns = Callable[[list[str]], list[list[str]]]


@dataclass(frozen=True)
class Segmenter:
    """A loaded dictionary and the engine that segments by it.

    Attributes:
        engine: identifies the segmentation, such as ``newmm-5.4.0 dictionary-1f0c9a3e rules-1``:
            equal names mean equal words. It depends on dictionary and PyThaiNLP version, not on
            the backend, since both give the same words.
        backend: ``nlpo3 1.4.0`` or ``newmm 5.4.0``, stored with each run.
        words_of: segments runs of Thai letters of at most ``LONGEST_RUN`` characters; returns the
            words of each.
    """

    engine: str
    backend: str
    words_of: Callable[[Iterable[str]], dict[str, tuple[str, ...]]]

    def words(self, text: str) -> Iterator[str]:
        """Yield the words of a text, in order; see ``segment``."""
        found = _WORD_OR_RUN.finditer(to_ascii_digits(text))
        pieces = [(piece.lastgroup, piece[0]) for piece in found]
        runs = (run for kind, piece in pieces if kind in _RUNS for run in _runs_of(piece))
        words_of = self.words_of(dict.fromkeys(runs))
        for kind, piece in pieces:
            if kind in _RUNS:
                for run in _runs_of(piece):
                    yield from words_of[run]
            elif kind == "abbreviation":
                yield piece.replace(".", "")
            else:
                yield piece


def _runs_of(piece: str) -> Sequence[str]:
    """Return Thai letters as the runs that are segmented; nearly always as one."""
    is_one = len(piece) <= LONGEST_RUN and not "เ" <= piece[-1] <= "ไ"
    return (piece,) if is_one else _RUN.findall(piece)


def segment(text: str) -> list[str]:
    """Return the words of a text, in order.

    Blanks, brackets, punctuation, ๆ, ฯ and marks without a letter are not words. Numbers
    (``1,234.50``), URLs, e-mail addresses and words of other scripts stay whole. Thai digits
    become ASCII and abbreviations lose their dots (``ก.พ.ร.`` and ``กพร.`` are the same word), so
    that an index finds every spelling. Nothing else changes.

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
    known = all(_installed(name).startswith(version) for name, version in COMPARED_VERSIONS.items())
    return "nlpo3" if known else "newmm"


@cache
def _installed(package: str) -> str:
    """Return the version of a package, empty if it is not installed.

    Cached, since it reads files: uncached, a worker spent a fourth of its time here.
    """
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


@cache
def load_segmenter(backend: Backend) -> Segmenter:
    """Return the segmenter of a backend; the first call loads the dictionary.

    Raises:
        ImportError: the backend is not installed.
        ReferenceTableError: the table of our own words is absent or malformed.
    """
    words = _dictionary()
    digest = hashlib.sha256("\n".join(words).encode()).hexdigest()[:8]
    newmm = _newmm(words)
    cut: SegmentRuns = lambda runs: list(map(newmm, runs))  # noqa: E731
    pythainlp = metadata.version("pythainlp")
    name = f"newmm {pythainlp}"
    if backend == "nlpo3":
        cut = _nlpo3(words, digest, otherwise=newmm)
        name = f"nlpo3 {metadata.version('nlpo3')}"

    known: dict[str, tuple[str, ...]] = {}

    def words_of(runs: Iterable[str]) -> dict[str, tuple[str, ...]]:
        found = {run: known.get(run) for run in runs}
        new = [run for run, words in found.items() if words is None]
        cut_words = (tuple(filter(_has_consonant, words)) for words in cut(new))
        learned = dict(zip(new, cut_words, strict=True))
        if len(known) > _CACHED_RUNS:
            known.clear()
        known.update(learned)
        return {**found, **learned}  # type: ignore[dict-item]

    return Segmenter(f"newmm-{pythainlp} dictionary-{digest} rules-{RULES_VERSION}", name, words_of)


def _has_consonant(word: str) -> bool:
    # Nearly every word starts with one, and most others have one in second place.
    return "ก" <= word[0] <= "ฮ" or any("ก" <= letter <= "ฮ" for letter in word)


def _dictionary() -> tuple[str, ...]:
    """Return PyThaiNLP's words and our own, sorted: Thai letters only, no names of offices."""
    use_packaged_data()
    from pythainlp.corpus import thai_words  # noqa: PLC0415 - 60 ms, see the module's docstring

    own = {row["word"] for row in read_table("vocabulary.csv")}
    theirs = {word for word in thai_words() if word in _OFFICES or not word.startswith(_OFFICES)}
    return tuple(sorted(filter(_THAI_WORD.fullmatch, own | theirs)))


def _newmm(words: tuple[str, ...]) -> SegmentRun:
    from pythainlp.tokenize import newmm  # noqa: PLC0415

    from scraper.thai.word_prefixes import WordPrefixes  # noqa: PLC0415

    trie = WordPrefixes(words)
    return lambda run: newmm.segment(run, trie)


def _nlpo3(words: tuple[str, ...], name: str, otherwise: SegmentRun) -> SegmentRuns:
    """Return nlpo3's segmentation; ``otherwise`` segments the runs on which it would differ."""
    import nlpo3  # noqa: PLC0415

    # nlpo3 reads dictionaries only from files, once. With a private temporary file, processes do
    # not interfere.
    with tempfile.TemporaryDirectory(prefix="thaigov-") as folder:
        path = Path(folder) / "words.txt"
        path.write_text("\n".join(words), encoding="utf-8")
        nlpo3.load_dict(str(path), name)

    def cut(runs: list[str]) -> list[list[str]]:
        alike = [
            run for run in runs if len(run) <= _LONGEST_FOR_NLPO3 and not _DISPUTED.search(run)
        ]
        segmented = dict(zip(alike, _cut_joined(alike, name), strict=True))
        return [segmented[run] if run in segmented else otherwise(run) for run in runs]

    return cut


def _cut_joined(runs: list[str], name: str) -> Iterator[list[str]]:
    """Yield the words of each run, by few calls of nlpo3, which keeps a space as a word."""
    import nlpo3  # noqa: PLC0415

    waiting: list[str] = []
    size = 0
    for number, run in enumerate(runs, 1):
        waiting.append(run)
        size += len(run)
        if size < _CHARACTERS_A_CALL and number < len(runs):
            continue
        words: list[str] = []
        for word in nlpo3.segment(" ".join(waiting), name):
            if word == " ":
                yield words
                words = []
            else:
                words.append(word)
        yield words
        waiting, size = [], 0
