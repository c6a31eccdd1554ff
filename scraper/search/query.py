"""The query language of a search: what a person types, as a tree. Knows nothing of SQL.

    น้ำตาล อ้อย            both, anywhere in the text (AND may be written)
    "โรงงานน้ำตาล"         these characters in this order
    อ้อย OR ข้าว           either
    อ้อย NOT ข้าว, -ข้าว   the first without the second
    (อ้อย OR ข้าว) ราคา    grouping

Operators are upper case, so that lower-case English words stay words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from scraper.thai.text import clean_line


class QueryError(ValueError):
    """A query that cannot be understood; the message says what is wrong and where."""


@dataclass(frozen=True)
class Term:
    """Characters to be found as they stand, cleaned as the articles are."""

    text: str


@dataclass(frozen=True)
class Not:
    """Everything that does not match ``node``."""

    node: Node


@dataclass(frozen=True)
class AllOf:
    """What matches every one of ``nodes``."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True)
class AnyOf:
    """What matches at least one of ``nodes``."""

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
MAX_DEPTH = 20  # levels of brackets and negations; the stack of SQLite's parser is finite
MAX_TERMS = 100  # SQLite's expressions are finite too


def parse_query(query: str) -> Node:
    """Return the tree of a query.

    Raises:
        QueryError: the query is empty, a bracket or quotation mark is left open, or an operator
            has nothing to work on.
    """
    tokens = _tokens(query)
    if sum(isinstance(token, Term) for token in tokens) > MAX_TERMS:
        raise QueryError(f"more than {MAX_TERMS} words; a piece of text goes in quotation marks")
    parser = _Parser(tokens)
    node = parser.any_of(0)
    if parser.next_token is not None:
        raise QueryError(f"“{parser.next_token}” has no opening bracket before it")
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
        raise QueryError(f"“{text}” holds no letter or digit to search for")
    return Term(cleaned)


class _Parser:
    """Recursive descent: ``OR`` binds weakest, then ``AND`` (or a blank), then ``NOT``."""

    def __init__(self, tokens: list[str | Term]) -> None:
        if not tokens:
            raise QueryError("the query is empty")
        self._tokens = iter(tokens)
        self.next_token: str | Term | None = None
        self._advance()

    def _advance(self) -> None:
        self.next_token = next(self._tokens, None)

    def any_of(self, depth: int) -> Node:
        nodes = [self._all_of(depth)]
        while self.next_token == "OR":
            self._advance()
            nodes.append(self._all_of(depth))
        return nodes[0] if len(nodes) == 1 else AnyOf(tuple(nodes))

    def _all_of(self, depth: int) -> Node:
        nodes = [self._operand(depth)]
        while self.next_token not in {None, "OR", ")"}:
            if self.next_token == "AND":
                self._advance()
            nodes.append(self._operand(depth))
        return nodes[0] if len(nodes) == 1 else AllOf(tuple(nodes))

    def _operand(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise QueryError(f"more than {MAX_DEPTH} levels of brackets")
        next_token = self.next_token
        if isinstance(next_token, Term):
            self._advance()
            return next_token
        if next_token == "NOT":
            self._advance()
            return Not(self._operand(depth + 1))
        if next_token == "(":
            self._advance()
            node = self.any_of(depth + 1)
            if self.next_token != ")":
                raise QueryError("a bracket is not closed")
            self._advance()
            return node
        raise QueryError(f"something to search for is missing before “{next_token or 'the end'}”")


def positive_terms(node: Node) -> list[Term]:
    """Return the terms whose presence speaks for a hit, in order: what to mark and to rank by."""
    match node:
        case Term():
            return [node]
        case Not():
            return []
        case AllOf(nodes) | AnyOf(nodes):
            return [term for child in nodes for term in positive_terms(child)]
