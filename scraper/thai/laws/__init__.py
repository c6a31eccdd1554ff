"""Finds named laws in a folded text: acts, decrees, drafts, the constitution, regulations.

A law's name begins with its kind (พระราชบัญญัติ, กฎกระทรวง) and runs into the sentence. Its end is, in
this order: the year that closes it, the end of a name in ``laws.csv``, and else the first
blank or the first word that no name has; see ``names``. The kind alone (พ.ร.บ.นี้) names no law.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from scraper.thai.laws.english import find_english_laws
from scraper.thai.laws.names import HEAD_WORDS, LawName, known_name_end, read_name
from scraper.thai.laws.regulations import issued_under, read_regulation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Law(NamedTuple):
    """A law named in a folded text.

    Attributes:
        kind: ``act``, ``decree``, ``draft``, ``constitution`` or ``regulation``.
        start: offset in the folded text.
        end: offset after the name.
        name: the name in one spelling: พระราชบัญญัติโรงงาน พ.ศ. 2535.
    """

    kind: str
    start: int
    end: int
    name: str


class _Head(NamedTuple):
    """How a word for laws is spelled out, and the kind of law it begins."""

    kind: str
    word: str


_HEADS = {
    "พระราชบัญญัติ": _Head("act", "พระราชบัญญัติ"),
    "พ.ร.บ.": _Head("act", "พระราชบัญญัติ"),
    "พ.ร.บ": _Head("act", "พระราชบัญญัติ"),
    "พรบ.": _Head("act", "พระราชบัญญัติ"),
    "พรบ": _Head("act", "พระราชบัญญัติ"),
    "พ.ร.ป.": _Head("act", "พระราชบัญญัติประกอบรัฐธรรมนูญ"),
    "ประมวลกฎหมาย": _Head("act", "ประมวลกฎหมาย"),
    "ประมวลรัษฎากร": _Head("act", "ประมวลรัษฎากร"),
    "พระราชกำหนด": _Head("decree", "พระราชกำหนด"),
    "พ.ร.ก.": _Head("decree", "พระราชกำหนด"),
    "พรก.": _Head("decree", "พระราชกำหนด"),
    "พระราชกฤษฎีกา": _Head("decree", "พระราชกฤษฎีกา"),
    "พ.ร.ฎ.": _Head("decree", "พระราชกฤษฎีกา"),
    "รัฐธรรมนูญ": _Head("constitution", "รัฐธรรมนูญ"),
    "กฎกระทรวง": _Head("regulation", "กฎกระทรวง"),
    "กฏกระทรวง": _Head("regulation", "กฎกระทรวง"),
    "ระเบียบ": _Head("regulation", "ระเบียบ"),
    "ประกาศ": _Head("regulation", "ประกาศ"),
    "ข้อบังคับ": _Head("regulation", "ข้อบังคับ"),
    "ข้อกำหนด": _Head("regulation", "ข้อกำหนด"),
    "คำสั่ง": _Head("regulation", "คำสั่ง"),
    "กฎหมาย": _Head("act", "พระราชบัญญัติ"),
    "กฏหมาย": _Head("act", "พระราชบัญญัติ"),
}
_HEAD = re.compile(HEAD_WORDS)
_ANY_LAW = frozenset({"กฎหมาย", "กฏหมาย"})
_ABBREVIATION = re.compile(r" ?\( ?(?:พ\.ร\.[บกฎป]\.?|พรบ\.?|พรก\.?) ?\)")
# Royal decrees that lower a tax: พระราชกฤษฎีกาออกตามความในประมวลรัษฎากร ว่าด้วย… (ฉบับที่ 2) พ.ศ. 2560.
_UNDER_THE_REVENUE_CODE = re.compile(r" ?(?:ซึ่ง)?ออกตามความในประมวลรัษฎากร(?= ?ว่าด้วย)")
_DRAFT = re.compile(r"(?:\( ?)?ร่าง ?\)? ?\Z")
_CONSTITUTION = re.compile(
    r"(?P<full>(?:แห่ง)?ราชอาณาจักรไทย)?(?: ?\(?(?:พ\.ศ\. ?|พุทธศักราช ?"
    r"|ปี ?)?(?P<year>2[45][0-9]{2})\)?)?(?P<short>ฯ| ?มาตรา ?[0-9])?"
)
# An article of the constitution: ตามมาตรา 178 ของรัฐธรรมนูญ.
_ARTICLE_OF = re.compile(
    r"มาตรา ?[0-9/]{1,6} ?(?:\([0-9]{1,2}\) ?)?(?:ของ|แห่ง)(?:บทบัญญัติ(?:แห่ง|ของ)?)?\Z"
)


def find_laws(text: str) -> list[Law]:
    """Return the laws named in a folded text, in order. Linear.

    They do not overlap, except that a regulation contains the act it is issued under.

    >>> [(law.kind, law.name) for law in find_laws("ตาม พ.ร.บ.โรงงาน พ.ศ.2535 ซึ่งกำหนดว่า")]
    [('act', 'พระราชบัญญัติโรงงาน พ.ศ. 2535')]
    """
    found = list(_laws(text))
    if "b.e." in text or "kingdom of thailand" in text:
        found += (Law(*law) for law in find_english_laws(text))
        found.sort(key=lambda law: law.start)
    return found


def complete_names(names: Iterable[str], shortened: Iterable[str] = ()) -> dict[str, str]:
    """Return each name of an article as the article writes it elsewhere in full.

    A name without its year gets the year, and one that is cut short (พ.ร.บ.การร่วมลงทุนฯ) the name
    that begins like it: of the same year, or of any year if it is long or in ``shortened``. A name
    for which the article gives two or none stays as it is.

    Args:
        names: the names of the laws of an article.
        shortened: those written with ฯ behind.
    """
    distinct = dict.fromkeys(names)
    cut = set(shortened)
    years: defaultdict[str, set[str]] = defaultdict(set)
    for name in distinct:
        stem, mark, _ = name.partition(" พ.ศ. ")
        if mark:
            years[stem].add(name)
    dated = {name: name.partition(" พ.ศ. ") for name in distinct}
    completed: dict[str, str] = {}
    for name in distinct:
        stem, _, year = dated[name]
        whole = years.get(name) or {
            longer
            for longer, (of_longer, _, its_year) in dated.items()
            if len(of_longer) > len(stem) >= _LEAST_STEM
            and of_longer.startswith(stem)
            and (its_year == year if year else name in cut or len(stem) >= _LONG_STEM)
        }
        completed[name] = next(iter(whole)) if len(whole) == 1 else name
    return completed


_LEAST_STEM = 18
"""Characters of a name that is cut short, with its word: พระราชบัญญัติ has 13."""
_LONG_STEM = 30
"""Characters of a name that is hardly another law's beginning, even without ฯ behind."""


def _laws(text: str) -> Iterator[Law]:
    end = 0
    inner = -1  # where the act of a regulation begins
    for match in _HEAD.finditer(text):
        if match.start() < end and match.start() != inner:
            continue
        head = _HEADS[match[0]]
        draft = _DRAFT.search(text, max(end, match.start() - 8), match.start())
        if head.kind == "constitution":
            law = _constitution(text, match, draft is not None)
        elif head.word == "ประมวลรัษฎากร":
            law = Law(head.kind, match.start(), match.end(), head.word)
        elif head.kind == "regulation":
            # กฎระเบียบ are rules of any kind.
            is_any = head.word == "ระเบียบ" and text.endswith("กฎ", 0, match.start())
            found = None if is_any else read_regulation(text, match.end(), head.word)
            law = _law(head, match.start(), found)
        elif match[0] in _ANY_LAW:
            law = _act_by_subject(text, match)
        else:
            law = _by_name(text, match, head)
        if law is None:
            continue
        if draft:
            law = law._replace(kind="draft", start=draft.start(), name=f"ร่าง{law.name}")
        yield law
        end = max(end, law.end)
        if head.kind == "regulation":
            inner = _act_inside(text, law)


def _by_name(text: str, match: re.Match[str], head: _Head) -> Law | None:
    """Return an act, decree or code whose name follows its word, behind an abbreviation or not."""
    behind = _ABBREVIATION.match(text, match.end())
    begin = behind.end() if behind else match.end()
    word = head.word
    if under := _UNDER_THE_REVENUE_CODE.match(text, begin):
        begin, word = under.end(), f"{word}ออกตามความในประมวลรัษฎากร"
    return _law(head, match.start(), read_name(text, begin, word))


_ISSUED, _ACCORDING = "ออกตาม", "ตามความใน"


def _act_inside(text: str, law: Law) -> int:
    """Return the offset of the act that a regulation is issued under, -1 if its name has none."""
    at = text.find(_ISSUED, law.start, law.end)
    if at < 0:
        at = text.find(_ACCORDING, law.start, law.end)
    issued = issued_under(text, at) if at >= 0 else None
    return issued.start if issued else -1


def _law(head: _Head, start: int, found: LawName | None) -> Law | None:
    return found and Law(head.kind, start, found.end, found.name)


def _constitution(text: str, match: re.Match[str], draft: bool) -> Law | None:
    """Return the constitution where it is named in full, with a year or with an article."""
    rest = _CONSTITUTION.match(text, match.end())
    if rest is None or text.endswith(("ศาล", "ประกอบ", "องค์กรตาม", "อิสระตาม"), 0, match.start()):
        return None
    article = _ARTICLE_OF.search(text, max(0, match.start() - 40), match.start())
    if not (rest["full"] or rest["year"] or rest["short"] or article) or draft:
        return None
    year = f" พ.ศ. {rest['year']}" if rest["year"] else ""
    end = rest.start("short") if rest["short"] else rest.end()
    return Law("constitution", match.start(), end, f"รัฐธรรมนูญแห่งราชอาณาจักรไทย{year}")


def _act_by_subject(text: str, match: re.Match[str]) -> Law | None:
    """Return an act that is named as a law: กฎหมายคุ้มครองข้อมูลส่วนบุคคล, กฎหมายว่าด้วยโรงงาน."""
    formula = _ABOUT.match(text, match.end())
    begins = (formula.end(), formula.start(), formula.end("word")) if formula else (match.end(),)
    for begin in begins:
        found = known_name_end(text, begin, "พระราชบัญญัติ")
        if found and (formula or found.end - begin >= _LONG_ENOUGH):
            return Law("act", match.start(), found.end, found.name)
    return None


_ABOUT = re.compile(r"(?P<word> ?ว่าด้วย ?)(?:การ)?")


_LONG_ENOUGH = 12
"""Characters of an act's name after กฎหมาย; shorter ones (กฎหมายอาหาร) are mostly no names."""
