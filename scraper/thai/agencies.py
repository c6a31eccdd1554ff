"""Finds every place where an article names an agency.

``names`` finds the names in the tables. Here an article's own definitions are added: the
abbreviation after a name in full, "กรม… (กสอ.)" or "กรม… หรือ กสอ.", means that agency in the whole
article, and one that the article defines as something else means no agency.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from difflib import SequenceMatcher
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from scraper.model import AgencyMentions
from scraper.reference import read_table
from scraper.thai.name_tables import NAME_CHARACTER, name_key, name_tables
from scraper.thai.names import is_whole_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from scraper.thai.names import NameMention, PlaceText

# What may follow a name in full: its kind of body, and a bracket with abbreviations.
_BRACKET = re.compile(r" ?(?:\((?:องค์การ)?มหาชน\) ?)?\(([^()\n]{2,90})\)")
_OR = re.compile(r" ?หรือ(?:เรียกว่า)? ?[\"“‘]?((?:[ก-ฮ]{1,6}\.){1,5})")
_SEPARATOR = re.compile(r" ?(?:[,:/]| หรือ|^หรือ) ?|^(?:ชื่อย่อ|เรียกโดยย่อว่า|เรียกย่อว่า) ?")
_NEW_ABBREVIATION = re.compile(r"[ก-ฮ]{2,6}\.|(?:[ก-ฮ]{1,2}\.){2,5}|[a-z]{3,8}")
_WRITTEN_ABBREVIATION = re.compile(
    f"(?<![{NAME_CHARACTER}.])(?:(?:[ก-ฮ]{{1,6}}\\.){{1,5}}(?![0-9]{{2}})|[a-z]{{2,8}}(?![{NAME_CHARACTER}]))"
)
# Behind the post of a person or the name of a board, a bracket abbreviates that, not the agency.
_POSTS_AND_BOARDS = (
    "อธิบดี", "ผู้อำนวยการ", "เลขาธิการ", "ผู้ว่าการ", "ผู้จัดการ", "ประธาน", "ปลัด", "หัวหน้า", "ที่ปรึกษา",
    "กรรมการ", "คณะกรรมการบริหาร", "ข้าราชการ", "พนักงาน",
)  # fmt: skip

_SHORTENED = re.compile("ฯ(?!ลฯ)")
_HEAD = re.compile("กรม|สำนัก(?:งาน)?|องค์การ|สถาบัน|กองทุน|ธนาคาร|มหาวิทยาลัย|การ")
_LONGEST_SHORTENED = 45
_SHORTEST_STEM = 4
"""Letters that a shortened name has after its head, if the article has no name in full."""

# Words that begin the name of a body, so a bracket after them defines its abbreviation.
_BODY = re.compile(
    "คณะ(?:อนุ)?กรรมการ|คณะทำงาน|สำนัก|กรม(?!การ)|กองทุน|ศูนย์|สถาบัน|สมาคม|สภา|มหาวิทยาลัย|องค์การ|บริษัท"
)
_LONGEST_BODY = 90
_MOST_BLANKS = 2
_SIMILAR = 0.62
"""Share of equal characters above which a defined name is a misspelling of the one known."""


class AgencyName(NamedTuple):
    """An agency named at one place of an article.

    Attributes:
        agency: slug in ``agencies.csv``.
        place: as in ``NameMention``.
        name: as the table spells it, or as written if the article itself defines it.
        start, end: offsets in the folded field, as in ``NameMention.spans``.
    """

    agency: str
    place: str
    name: str
    start: int
    end: int


def find_agencies(
    names: Sequence[NameMention], places: Sequence[PlaceText]
) -> tuple[AgencyName, ...]:
    """Return every mention of an agency, in the order of the text.

    An abbreviation that several agencies share stands for those that the article also names
    unambiguously, if any: กพร. in an article that also has กรมพัฒนาฝีมือแรงงาน. If there are none, it
    stands for each of them.

    Args:
        names: from ``find_names_in``.
        places: the article's places, from which the names are.
    """
    texts = {place: (text, offset) for place, text, offset in places}
    found = list(_known(names))
    own, foreign = _definitions(found, texts)
    decided = foreign | own.keys()
    found = [name for name in found if name_key(name.name.lower()) not in decided]
    taken = {(name.place, name.start) for name in found}
    if own:
        found += _occurrences(own, places, taken)
    found += _shortened(found, places)
    ranks = {place: rank for rank, place in enumerate(texts)}
    found.sort(key=lambda name: (ranks[name.place], name.start))
    return tuple(found)


def count_agencies(found: Iterable[AgencyName]) -> tuple[AgencyMentions, ...]:
    """Return the agencies an article names, by frequency, then by first mention.

    Args:
        found: from ``find_agencies``.
    """
    counts: defaultdict[str, dict[tuple[str, str], int]] = defaultdict(lambda: defaultdict(int))
    for name in found:
        counts[name.agency][name.place, name.name] += 1
    totals = {agency: sum(times.values()) for agency, times in counts.items()}
    return tuple(
        AgencyMentions(
            agency=agency,
            mentions=total,
            evidence=tuple(f"{place}: {name} ×{n}" for (place, name), n in counts[agency].items()),
        )
        for agency, total in sorted(totals.items(), key=lambda item: -item[1])
    )


def _known(names: Sequence[NameMention]) -> Iterator[AgencyName]:
    """Yield the names from the tables, ambiguous ones decided by the others where they can be."""
    unambiguous = {slugs[0] for named in names if len(slugs := _slugs(named)) == 1}
    for named in names:
        slugs = _slugs(named)
        for slug in [slug for slug in slugs if slug in unambiguous] or slugs:
            for start, end in named.spans:
                yield AgencyName(slug, named.place, named.name, start, end)


def _slugs(named: NameMention) -> list[str]:
    return [meaning.agency for meaning in named.meanings if meaning.agency]


# --- abbreviations that the article defines ------------------------------------------------------


def _definitions(
    found: Sequence[AgencyName], texts: dict[str, tuple[str, int]]
) -> tuple[dict[str, str], set[str]]:
    """Return the abbreviations defined as an agency, and those defined as something else."""
    abbreviations = name_tables().abbreviations
    own: dict[str, str] = {}
    decided: dict[str, bool] = {}  # the first bracket after the name of a body decides
    for name in found:
        text, offset = texts[name.place]
        key = name_key(name.name.lower())
        start, end = name.start - offset, name.end - offset
        if key not in abbreviations:
            of_post = text.endswith(_POSTS_AND_BOARDS, 0, start)
            for abbreviation in _defined_after(text, end):
                if _may_define(abbreviation, name.agency, of_post=of_post):
                    own.setdefault(abbreviation, name.agency)
        elif key not in decided and (body := _body_before(text, start, end)):
            decided[key] = _is_similar(body, name.agency)
    return own, {key for key, is_own in decided.items() if not is_own} - own.keys()


def _defined_after(text: str, end: int) -> Iterator[str]:
    """Yield the candidates for an abbreviation after a name: in brackets, or after หรือ."""
    if bracket := _BRACKET.match(text, end):
        yield from (piece.strip() for piece in _SEPARATOR.split(bracket[1]))
    elif alternative := _OR.match(text, end):
        yield alternative[1]


def _may_define(abbreviation: str, agency: str, *, of_post: bool) -> bool:
    """Return whether the letters after an agency's full name can abbreviate it."""
    known = {meaning.agency for meaning in name_tables().meanings.get(abbreviation, ())}
    if known - {None}:
        return agency in known
    if of_post or not _NEW_ABBREVIATION.fullmatch(abbreviation) or abbreviation in _ministries():
        return False
    return abbreviation.endswith(".") or any(
        initials.startswith(abbreviation) for initials in _initials()[agency]
    )


@cache
def _ministries() -> frozenset[str]:
    return frozenset(row["abbreviation"] for row in read_table("ministries.csv"))


@cache
def _initials() -> dict[str, tuple[str, str]]:
    """Return the initials of each agency's English name, with and without small words: doh, dh."""
    initials = {}
    for row in read_table("agencies.csv"):
        letters = "".join(word[0] for word in re.findall("[A-Za-z]+", row["name_en"]))
        initials[row["slug"]] = (letters.lower(), "".join(filter(str.isupper, letters)).lower())
    return initials


def _body_before(text: str, start: int, end: int) -> str:
    """Return the name of the body that a bracket abbreviates, or an empty string."""
    if text[start - 1 : start] != "(" or text[end : end + 1] != ")" or text[start] < "ก":
        return ""
    before = text[max(0, start - _LONGEST_BODY) : start - 1].rstrip(" ")
    before = before.removesuffix("(องค์การมหาชน)").rstrip(" ")
    before = before[max(before.rfind(mark) for mark in "\n()") + 1 :]
    body = ""
    for match in _BODY.finditer(before):
        body = before[match.start() :]
        if " " not in body:
            break
    return body if body.count(" ") <= _MOST_BLANKS else ""


def _is_similar(body: str, agency: str) -> bool:
    """Return whether a name is one of an agency's, or a misspelling of one."""
    written = name_key(body)
    return any(
        written.endswith(name)
        or SequenceMatcher(None, written[-len(name) - 6 :], name, autojunk=False).ratio() > _SIMILAR
        for name in _full_names().get(agency, ())
    )


@cache
def _full_names() -> dict[str, list[str]]:
    """Return the Thai names of each agency, without abbreviations."""
    tables = name_tables()
    names: defaultdict[str, list[str]] = defaultdict(list)
    for key, meanings in tables.meanings.items():
        if key not in tables.abbreviations and len(key) > 6 and "ก" <= key[0] <= "ฮ":
            for meaning in meanings:
                if meaning.agency:
                    names[meaning.agency].append(key)
    return names


def _occurrences(
    own: dict[str, str], places: Sequence[PlaceText], taken: set[tuple[str, int]]
) -> Iterator[AgencyName]:
    """Yield the occurrences of defined abbreviations, except inside longer ones."""
    for place, text, offset in places:
        for match in _WRITTEN_ABBREVIATION.finditer(text):
            agency = own.get(match[0])
            start = match.start() + offset
            if agency and (place, start) not in taken:
                yield AgencyName(agency, place, _shown(match[0]), start, match.end() + offset)


def _shown(abbreviation: str) -> str:
    """Return an abbreviation as its table spells it; folding made English ones lower case."""
    return name_tables().spelling.get(abbreviation, abbreviation.upper())


# --- names shortened with ฯ ----------------------------------------------------------------------


def _shortened(found: Sequence[AgencyName], places: Sequence[PlaceText]) -> Iterator[AgencyName]:
    """Yield the names that ฯ shortens, such as กรมพินิจฯ, where only one agency can be meant."""
    ends = {(name.place, name.end) for name in found}
    in_article = {name.agency for name in found}
    for place, text, offset in places:
        for match in _SHORTENED.finditer(text):
            end = match.start()
            if {(place, end + offset), (place, match.end() + offset)} & ends:
                continue
            begin = max(0, end - _LONGEST_SHORTENED, *(text.rfind(b, 0, end) + 1 for b in " \n"))
            for head in _HEAD.finditer(text, begin, end):
                agency = _only_agency(text[head.start() : end], head[0], in_article)
                if agency and is_whole_name(text, head.start(), match.end()):
                    written = text[head.start() : match.end()]
                    yield AgencyName(
                        agency, place, written, head.start() + offset, match.end() + offset
                    )
                    break


def _only_agency(stem: str, head: str, in_article: set[str]) -> str | None:
    """Return the only agency whose official name begins with a stem; the article's come first."""
    if len(stem) == len(head):
        return None
    officials = _sorted_officials()
    agencies = []
    for name, agency in islice(officials, bisect_left(officials, (stem, "")), None):
        if not name.startswith(stem):
            break
        agencies.append(agency)
    named = [agency for agency in agencies if agency in in_article]
    if len(named) == 1:
        return named[0]
    long_enough = head != "การ" and len(stem) >= len(head) + _SHORTEST_STEM
    return agencies[0] if len(agencies) == 1 and long_enough else None


@cache
def _sorted_officials() -> list[tuple[str, str]]:
    return sorted(name_tables().officials.items())
