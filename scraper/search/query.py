"""Parses the search query language into a tree. Independent of SQL.

    น้ำตาล อ้อย            both, anywhere in the text (AND may be written)
    "โรงงานน้ำตาล"         this exact phrase
    อ้อย OR ข้าว           either one
    อ้อย NOT ข้าว, -ข้าว   the first without the second
    (อ้อย OR ข้าว) ราคา    grouping

Operators must be upper case; lower-case English words are searched for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from scraper.errors import ReportedError
from scraper.thai.text import clean_line


class QueryError(ReportedError, ValueError):
    """The query has a syntax error; the message says what and where."""

    exit_code = 2


@dataclass(frozen=True)
class Term:
    """A literal string to find, cleaned the same way as the articles."""

    text: str


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
    """Matches what at least one of ``nodes`` matches."""

    nodes: tuple[Node, ...]


Node = Term | Not | AllOf | AnyOf

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<paren>[()])
      | (?P<minus>-)(?=["“(\w])
      | ["“](?P<phrase>[^"“”]*)(?P<close>["”]?)
      | (?P<word>[^\s()"“”]+)
    )""",
    re.VERBOSE,
)
OPERATORS = {"AND", "OR", "NOT", "(", ")"}
MAX_DEPTH = 20  # nested brackets and negations; SQLite's parser stack is limited
MAX_TERMS = 100  # SQLite limits the size of expressions, too


def parse_query(query: str) -> Node:
    """Parse a query.

    Raises:
        QueryError: the query is empty, too long or too deeply nested, a bracket or quotation mark
            is not closed, or an operator lacks an operand.
    """
    tokens = _tokens(query)
    if sum(isinstance(token, Term) for token in tokens) > MAX_TERMS:
        raise QueryError(f"more than {MAX_TERMS} words; put quotation marks around a phrase")
    parser = _Parser(tokens)
    node = parser.any_of(0)
    if parser.lookahead is not None:
        raise QueryError(f"“{parser.lookahead}” has no matching opening bracket")
    return node


def _tokens(query: str) -> list[str | Term]:
    """Split a query into operators and brackets (strings) and terms."""
    tokens: list[str | Term] = []
    position = 0
    query = query.strip()
    while position < len(query):
        match = _TOKEN.match(query, position)
        if match is None:
            raise QueryError(f"cannot read “{query[position:]}”")
        position = match.end()
        if match["phrase"] is not None:
            if not match["close"]:
                raise QueryError(f"the quotation mark before “{match['phrase']}” is not closed")
            tokens.append(_cleaned_term(match["phrase"]))
        elif match["minus"] is not None:
            tokens.append("NOT")
        elif (sign := match["paren"] or match["word"]) in OPERATORS:
            tokens.append(sign)
        else:
            tokens.append(_cleaned_term(sign))
    return tokens


def _cleaned_term(text: str) -> Term:
    cleaned = clean_line(text)
    if not any(character.isalnum() for character in cleaned):
        raise QueryError(f"“{text}” contains no letter or digit to search for")
    return Term(cleaned)


class _Parser:
    """Recursive descent: ``OR`` binds weakest, then ``AND`` (or a blank), then ``NOT``."""

    def __init__(self, tokens: list[str | Term]) -> None:
        if not tokens:
            raise QueryError("the query is empty")
        self._tokens = iter(tokens)
        self.lookahead: str | Term | None = None
        self._advance()

    def _advance(self) -> None:
        self.lookahead = next(self._tokens, None)

    def any_of(self, depth: int) -> Node:
        nodes = [self._all_of(depth)]
        while self.lookahead == "OR":
            self._advance()
            nodes.append(self._all_of(depth))
        return nodes[0] if len(nodes) == 1 else AnyOf(tuple(nodes))

    def _all_of(self, depth: int) -> Node:
        nodes = [self._operand(depth)]
        while self.lookahead not in {None, "OR", ")"}:
            if self.lookahead == "AND":
                self._advance()
            nodes.append(self._operand(depth))
        return nodes[0] if len(nodes) == 1 else AllOf(tuple(nodes))

    def _operand(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise QueryError(f"more than {MAX_DEPTH} levels of brackets")
        lookahead = self.lookahead
        if isinstance(lookahead, Term):
            self._advance()
            return lookahead
        if lookahead == "NOT":
            self._advance()
            return Not(self._operand(depth + 1))
        if lookahead == "(":
            self._advance()
            node = self.any_of(depth + 1)
            if self.lookahead != ")":
                raise QueryError("a bracket is not closed")
            self._advance()
            return node
        raise QueryError(f"a search term is missing before “{lookahead or 'the end'}”")


def positive_terms(node: Node) -> list[Term]:
    """Return the terms that are not negated, in order: those to highlight and rank by."""
    match node:
        case Term():
            return [node]
        case Not():
            return []
        case AllOf(nodes) | AnyOf(nodes):
            return [term for child in nodes for term in positive_terms(child)]
