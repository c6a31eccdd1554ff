"""Translates a query tree to queries of the full-text indexes, and to a condition in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from scraper.search.query import AllOf, AnyOf, Node, Not, Term
from scraper.search.spellings import is_substring, spellings
from scraper.thai.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Condition: TypeAlias = "tuple[str, list[Any]]"
"""SQL, and its parameters."""


def quoted(term: str) -> str:
    """Quote a term as an FTS5 string."""
    return '"' + term.replace('"', '""') + '"'


def substring_match(term: str) -> str:
    """Return the ``articles_fts`` query for a term in all its spellings."""
    return " OR ".join(map(quoted, spellings(term)))


def word_match(term: Term) -> str:
    """Return the ``article_words_fts`` query for a term: its words in a row."""
    words = [fold(term.text)]
    if term.whole_word:
        from scraper.thai.words import segmenter  # noqa: PLC0415 - loads a dictionary

        words = list(segmenter().words(term.text)) or words
    return quoted(" ".join(words)) + ("*" if term.prefix else "")


def substring_expression(node: Node) -> str | None:
    """Translate a tree to one ``articles_fts`` query.

    None if that is impossible: for short terms, which need the other index, and for a tree with
    only negations.
    """
    match node:
        case Term(text):
            return f"({substring_match(text)})" if is_substring(node) else None
        case Not():
            return None
        case AnyOf(nodes):
            return _joined_expressions(" OR ", map(substring_expression, nodes))
        case AllOf(nodes):
            wanted = [substring_expression(child) for child in nodes if not isinstance(child, Not)]
            unwanted = [
                substring_expression(child.node) for child in nodes if isinstance(child, Not)
            ]
            found = _joined_expressions(" AND ", wanted) if wanted else None
            return _joined_expressions(" NOT ", [found, *unwanted]) if unwanted else found


def _joined_expressions(operator: str, expressions: Iterable[str | None]) -> str | None:
    parts = list(expressions)
    known = [part for part in parts if part is not None]
    return f"({operator.join(known)})" if parts and len(known) == len(parts) else None


def sql_condition(
    node: Node, of_substrings: Callable[[str], Condition], of_term: Callable[[Term], Condition]
) -> Condition:
    """Return an SQL condition for a tree, and its parameters.

    Args:
        node: from ``parse_query``.
        of_substrings: returns the condition for a query of a trigram index.
        of_term: returns the condition for a term that such an index cannot find.
    """
    if (whole := substring_expression(node)) is not None:
        return of_substrings(whole)
    match node:
        case Term():
            return of_term(node)
        case Not(Not(child)):  # many in a row overflow SQLite's parser
            return sql_condition(child, of_substrings, of_term)
        case Not(child):
            sql, values = sql_condition(child, of_substrings, of_term)
            return f"NOT ({sql})", values
        case AllOf(nodes) | AnyOf(nodes):
            conditions = [sql_condition(child, of_substrings, of_term) for child in nodes]
            operator = " AND " if isinstance(node, AllOf) else " OR "
            sql = operator.join(f"({sql})" for sql, _ in conditions)
            return sql or "0", [value for _, values in conditions for value in values]
