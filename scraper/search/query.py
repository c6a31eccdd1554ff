"""Parses the search query language into a tree. Independent of SQL.

    น้ำตาล อ้อย            both, anywhere in the text (AND or & may be written)
    "โรงงานน้ำตาล"         this exact phrase
    อ้อย OR ข้าว           either one (also |)
    อ้อย NOT ข้าว, -ข้าว   the first without the second
    (อ้อย OR ข้าว) ราคา    grouping
    =ตราด, ="กรมที่ดิน"    whole words only, not a part of อัตราดอกเบี้ย
    โรงงาน*                a word that begins so; the same as โรงงาน unless it is short or after =
    30 บาท                 a number and its unit are one term, as 30บาท is

Operators must be upper case; lower-case English words are searched for. Every string is a query: a
sign that cannot be an operator where it is written is ignored or searched for as text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.errors import ReportedError
from scraper.reference import read_table
from scraper.thai.text import clean_line

if TYPE_CHECKING:
    from collections.abc import Sequence


class QueryError(ReportedError, ValueError):
    """The query cannot be answered; the message says why."""

    exit_code = 2


@dataclass(frozen=True)
class Term:
    """A literal string to find, cleaned the same way as the articles.

    Attributes:
        text: the string.
        whole_word: whether it must not be a part of a longer word.
        prefix: whether the last word is only the beginning of one.
    """

    text: str
    whole_word: bool = False
    prefix: bool = False


@dataclass(frozen=True)
class Not:
    """Matches what ``node`` does not match."""

    node: Node


@dataclass(frozen=True)
class AllOf:
    """Matches what all of ``nodes`` match."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True)
class AnyOf:
    """Matches what at least one of ``nodes`` matches; nothing if there are none."""

    nodes: tuple[Node, ...]


Node = Term | Not | AllOf | AnyOf
NOTHING = AnyOf(())
"""The tree of a query without a letter or digit."""

_TOKEN = re.compile(
    r"""
        (?P<paren>[()])
      | (?P<minus>(?<![^\s(])-)(?==?["“(\w])
      | (?P<whole>(?<![^\s(-])=)(?=["“\w])
      | ["“](?P<phrase>[^"“”]*)["”]
      | (?P<word>[^\s()"“”]+)
    """,
    re.VERBOSE,
)
# ๆ repeats the word before it, ฯ abbreviates it; both may be written after a space. Not ฯลฯ (etc.).
_BLANK_BEFORE_SIGN = re.compile(r"\s+(?=ๆ|ฯ(?!ลฯ))")
_NUMBER = re.compile("[0-9๐-๙][0-9๐-๙.,]*")
_COUNTERS = [row["written"] for row in read_table("counters.csv") if row["written"][0] >= "ก"]
_UNIT = re.compile(f"(?:{'|'.join(map(re.escape, _COUNTERS))})+")
OPERATORS = {"AND": "AND", "&": "AND", "&&": "AND", "OR": "OR", "|": "OR", "||": "OR", "NOT": "NOT"}
MAX_DEPTH = 20  # nested brackets; further ones are ignored. SQLite's parser stack is limited
MAX_TERMS = 100  # further ones are ignored; SQLite limits the size of expressions, too


def parse_query(query: str) -> Node:
    """Parse a query.

    Raises:
        QueryError: the query is empty.
    """
    if not query.strip():
        raise QueryError("the query is empty")
    tokens = _tokens(query)
    if not any(isinstance(token, Term) for token in tokens):  # AND alone is a word
        tokens = [Term(str(token)) for token in tokens if str(token).isalpha()]
    node = _Parser(tokens).any_of(0)
    return NOTHING if node is None else node


def _tokens(query: str) -> list[str | Term]:
    """Split a query into operators and brackets (strings) and terms."""
    tokens: list[str | Term] = []
    terms = 0
    is_whole = False
    bare_number = ""  # the term just read, if it is a number without quotation marks or signs
    for match in _TOKEN.finditer(_BLANK_BEFORE_SIGN.sub("", clean_line(query))):
        number, bare_number = bare_number, ""
        if match["whole"]:
            is_whole = True
            continue
        if match["paren"] or match["minus"]:
            tokens.append(match["paren"] or "NOT")
        elif match["word"] in OPERATORS and not is_whole:
            tokens.append(OPERATORS[match["word"]])
        elif number and _UNIT.fullmatch(match["word"] or ""):
            tokens[-1] = Term(f"{number} {match['word']}")
        elif terms < MAX_TERMS:
            text = clean_line(match["word"] if match["phrase"] is None else match["phrase"])
            # A star only in a word: in a phrase it is text.
            starred = match["phrase"] is None and text.endswith("*")
            text = text.rstrip("*") if starred else text
            is_prefix = starred and not _needs_quotes(text)
            if any(character.isalnum() for character in text):
                tokens.append(Term(text, is_whole, is_prefix))
                terms += 1
                if match["word"] and not is_whole and _NUMBER.fullmatch(text):
                    bare_number = text
        is_whole = False
    return tokens


class _Parser:
    """Recursive descent: ``OR`` binds weakest, then ``AND`` (or a space), then ``NOT``.

    Operators without an operand and brackets without a partner are ignored.
    """

    def __init__(self, tokens: Sequence[str | Term]) -> None:
        self._tokens = tokens
        self._at = 0

    @property
    def _next(self) -> str | Term | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def any_of(self, depth: int) -> Node | None:
        """Parse up to the closing bracket of this depth; None if there is no term."""
        nodes = [self._all_of(depth)]
        while self._next is not None and (depth == 0 or self._next != ")"):
            self._at += 1  # OR, or a bracket without a partner
            nodes.append(self._all_of(depth))
        found = [node for node in nodes if node is not None]
        return AnyOf(tuple(found)) if len(found) > 1 else found[0] if found else None

    def _all_of(self, depth: int) -> Node | None:
        nodes: list[Node] = []
        while self._next not in {None, "OR"}:
            if self._next == ")":
                if depth:
                    break
                self._at += 1
                continue
            node = self._operand(depth)
            nodes += [] if node is None else [node]
        return AllOf(tuple(nodes)) if len(nodes) > 1 else nodes[0] if nodes else None

    def _operand(self, depth: int) -> Node | None:
        sign = self._next
        self._at += 1
        if isinstance(sign, Term):
            return sign
        if sign == "NOT" and self._next not in {None, "OR", "AND", ")"}:
            node = self._operand(depth)
            return node.node if isinstance(node, Not) else Not(node) if node is not None else None
        if sign == "(" and depth < MAX_DEPTH:
            node = self.any_of(depth + 1)
            self._at += self._next == ")"
            return node
        return None  # an operator without an operand


def positive_terms(node: Node) -> list[Term]:
    """Return the terms that are not negated, in order: those to highlight and rank by."""
    match node:
        case Term():
            return [node]
        case Not():
            return []
        case AllOf(nodes) | AnyOf(nodes):
            return [term for child in nodes for term in positive_terms(child)]


def canonical_query(node: Node) -> str:
    """Write a tree back as a query in one canonical spelling."""
    match node:
        case Term(text, whole_word, prefix):
            bare = f"{text}*" if prefix else text
            shown = f'"{text}"' if _needs_quotes(text) else bare
            return f"={shown}" if whole_word else shown
        case Not(child):
            return f"-{_bracketed(child)}"
        case AllOf(nodes):
            return _joined([*map(_bracketed, nodes)])
        case AnyOf(nodes):
            return " OR ".join(map(_bracketed, nodes))


def _joined(parts: list[str]) -> str:
    """Join queries that must all match; AND keeps a number and a unit two terms."""
    written = parts[0]
    for part in parts[1:]:
        is_unit = _UNIT.fullmatch(part) and _NUMBER.fullmatch(written.split(" ")[-1].lstrip("-"))
        written += f"{' AND ' if is_unit else ' '}{part}"
    return written


def _needs_quotes(text: str) -> bool:
    """Return whether a term would be parsed differently without quotation marks."""
    return text in OPERATORS or re.match(r"[^\W_ๆฯ][^\s()\"“”]*(?<!\*)\Z", text) is None


def _bracketed(node: Node) -> str:
    written = canonical_query(node)
    return f"({written})" if isinstance(node, AllOf | AnyOf) else written


def explain_query(node: Node) -> str:
    """Return in Thai what a tree matches, such as ``“อ้อย” และ (“ข้าว” หรือ “ปี”)``."""
    match node:
        case Term(text, whole_word, prefix):
            return f"{'คำว่า ' if whole_word else ''}“{text}{'…' if prefix else ''}”"
        case Not(child):
            return f"ไม่มี {_explained_part(child)}"
        case AllOf(nodes):
            return " และ ".join(map(_explained_part, nodes)).replace(" และ ไม่มี ", " แต่ไม่มี ")
        case AnyOf(()):
            return "ไม่มีตัวอักษรหรือตัวเลขให้ค้น"
        case AnyOf(nodes):
            return " หรือ ".join(map(_explained_part, nodes))


def _explained_part(node: Node) -> str:
    written = explain_query(node)
    return f"({written})" if isinstance(node, AllOf | AnyOf) else written
