"""Lists the occurrences of a term in their contexts, newest article first (a concordance)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from scraper.search.engine import Filters, matching
from scraper.search.snippet import word_spans
from scraper.statistics.terms import WordReader, find_occurrences
from scraper.thai.display_width import first_columns, last_columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlite_utils import Database

CONTEXT = 40  # columns on each side

# For each field, the columns of a line are cut from that field only.
_ARTICLE = """SELECT a.site_id, a.url, a.published_on, a.title, a.lead, a.body, w.words
    FROM articles a JOIN article_words w ON w.article_id = a.id WHERE a.id = ?"""
FIELDS = ("title", "lead", "body")


@dataclass(frozen=True)
class ConcordanceLine:
    """An occurrence of a term.

    Attributes:
        published_on: day of the article, as ISO text.
        site_id, url: its number and address.
        field: ``title``, ``lead`` or ``body``.
        position: of the term in the field, in characters from 0.
        before, after: text on either side, on one line, in at most as many columns as asked for.
        text: the term as written.
    """

    published_on: str | None
    site_id: int
    url: str
    field: str
    position: int
    before: str
    text: str
    after: str


@dataclass(frozen=True)
class Concordance:
    """The occurrences of a term.

    Attributes:
        term: as given.
        words: the words of the term, in a row.
        articles, occurrences: all that pass the filters.
        lines: at most as many as asked for.
    """

    term: str
    words: tuple[str, ...]
    articles: int
    occurrences: int
    lines: tuple[ConcordanceLine, ...]


def make_concordance(  # noqa: PLR0913 - all are options of the reader
    db: Database,
    term: str,
    filters: Filters | None = None,
    *,
    width: int = CONTEXT,
    limit: int | None = 20,
    articles: range | None = None,
) -> Concordance:
    """List the occurrences of a term that ``count_term`` counts.

    An occurrence whose place in the text is not found, because a line of signs divides its words,
    is counted but has no line.

    Args:
        db: an archive.
        term: see ``find_occurrences``.
        filters: which articles.
        width: columns of context on each side.
        limit: maximum number of lines, None for all; only as many articles are read.
        articles: which of the articles are read, counted from 0; None for all.

    Raises:
        QueryError: the term has no letter or digit, or is too long.
    """
    found = find_occurrences(db, term)
    sql, values = matching(None, filters or Filters())
    rows = db.execute(f"{sql} ORDER BY a.published_on DESC, a.site_id DESC, a.id", values)
    chosen = [article_id for article_id, _ in rows if article_id in found.articles]
    read = chosen if articles is None else chosen[articles.start : articles.stop]
    lines = (
        line for article_id in read for line in _article_lines(db, article_id, found.words, width)
    )
    return Concordance(
        term,
        found.words,
        len(chosen),
        sum(found.articles[article_id] for article_id in chosen),
        tuple(islice(lines, limit)),
    )


def _article_lines(
    db: Database, article_id: int, phrase: Sequence[str], width: int
) -> Iterator[ConcordanceLine]:
    site_id, url, published_on, *texts, words = db.execute(_ARTICLE, [article_id]).fetchone()
    texts = [text or "" for text in texts]
    whole = "\n".join(texts)
    starts = [sum(len(text) + 1 for text in texts[:number]) for number in range(len(texts))]
    for start, end in _phrase_spans(db, whole, words.split(" "), phrase):
        number = max(number for number, begin in enumerate(starts) if begin <= start)
        field, text, at = FIELDS[number], texts[number], start - starts[number]
        # A column has one visible character, so four times the width is enough text for it.
        before = text[max(0, at - 4 * width) : at].replace("\n", " ")
        after = text[end - starts[number] :][: 4 * width].replace("\n", " ")
        yield ConcordanceLine(
            published_on,
            site_id,
            url,
            field,
            at,
            last_columns(before, width),
            whole[start:end].replace("\n", " "),
            first_columns(after, width),
        )


def _phrase_spans(
    db: Database, text: str, words: Sequence[str], phrase: Sequence[str]
) -> Iterator[tuple[int, int]]:
    """Yield the spans of a text where a phrase occurs, in order."""
    reader = WordReader(db)
    divided: list[str] = []
    spans: list[tuple[int, int] | None] = []
    for word, span in word_spans(text, words):
        parts = list(reader.divided([word]))
        divided += parts
        spans += [span] * len(parts)
    size = len(phrase)
    for at, word in enumerate(divided):
        if word == phrase[0] and divided[at : at + size] == list(phrase):
            first, last = spans[at], spans[at + size - 1]
            if first and last:
                yield first[0], last[1]
