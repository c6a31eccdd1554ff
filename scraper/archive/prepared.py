"""A page as plain values, ready to store; a worker computes them, the writer binds them to SQL.

Everything that does not need the archive is computed here: columns, hashes, digests, fingerprints.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from scraper import facts
from scraper.archive.digests import digests_of_rows, to_json
from scraper.archive.related import pack, place_of
from scraper.archive.versions import VERSION_COLUMNS, version_values
from scraper.model import Outcome
from scraper.thai.likeness import fingerprints_of_squashed
from scraper.thai.text import squash_clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.archive.table_shapes import TableShape
    from scraper.archive.versions import Row
    from scraper.model import Article, AttachedFile, Page
    from scraper.warc.make_record import MadeRecord

# The columns of ``articles`` that the parser and the stages determine.
READ_COLUMNS = (
    "url", "site", "layout", "site_id", "category", "language", "published_raw", "entered_on",
    "ministry", "text_hash", *VERSION_COLUMNS,
)  # fmt: skip


class PreparedArticle(NamedTuple):
    """An article, ready to be stored.

    Attributes:
        columns: the values of ``READ_COLUMNS``.
        is_industry: whether an archive of the scope ``industry`` keeps it.
        facts: the rows of each of ``facts.KINDS``, without ``article_id``, as they are stored.
        entities: the rows of the entities of each of them.
        words: the words, joined by spaces.
        engine: name of the segmenter.
        digests: the JSON of ``_article_digests``.
        place: the article's rank in order of publication (``related.place_of``).
        fingerprints: of the body: 32-bit numbers, sorted, in the byte order of the machine.
    """

    columns: tuple[Any, ...]
    is_industry: bool
    facts: tuple[tuple[tuple[Any, ...], ...], ...]
    entities: tuple[tuple[tuple[Any, ...], ...], ...]
    words: str
    engine: str
    digests: str
    place: int
    fingerprints: bytes

    @property
    def url(self) -> str:
        """The canonical address."""
        url: str = self.columns[0]
        return url

    def values(self) -> Row:
        """Return the columns by name."""
        return dict(zip(READ_COLUMNS, self.columns, strict=True))


class PreparedPage(NamedTuple):
    """A page, ready to be stored.

    Attributes:
        outcome: an ``Outcome``, before scope and repeats are considered.
        problems: stage, kind and detail of each.
        article: None if the page shows none.
        file: what was read of an attached file, None for any other page.
    """

    outcome: str
    problems: tuple[tuple[str, str, str], ...]
    article: PreparedArticle | None = None
    file: AttachedFile | None = None


class PreparedCapture(NamedTuple):
    """A capture from a file, ready to be stored.

    Attributes:
        page: what was read from it.
        record: its WARC record; None if the writer makes it.
    """

    page: PreparedPage
    record: MadeRecord | None = None


def prepare(page: Page, shapes: Sequence[TableShape]) -> PreparedPage:
    """Return a page that passed the stages, ready to be stored.

    Args:
        page: the page.
        shapes: of the tables of ``facts.KINDS``, in their order.
    """
    return PreparedPage(
        (page.outcome or Outcome.UNPARSED).value,
        tuple((problem.stage, problem.kind, problem.detail) for problem in page.problems),
        None if page.article is None else prepare_article(page.article, shapes),
        page.file,
    )


def prepare_article(article: Article, shapes: Sequence[TableShape]) -> PreparedArticle:
    """Return a cleaned article, ready to be stored; ``shapes`` as for ``prepare``."""
    body = squash_clean(article.body)
    values = article_values(article, body)
    rows = tuple(
        shape.stored(kind.rows(article)) for kind, shape in zip(facts.KINDS, shapes, strict=True)
    )
    words, engine = " ".join(article.words), article.engine or ""
    digests = digests_of_rows(
        values, {k.table: found for k, found in zip(facts.KINDS, rows, strict=True)}, words, engine
    )
    return PreparedArticle(
        columns=tuple(values[name] for name in READ_COLUMNS),
        is_industry=is_industry(article),
        facts=rows,
        entities=tuple(tuple(dict.fromkeys(kind.entity_rows(article))) for kind in facts.KINDS),
        words=words,
        engine=engine,
        digests=to_json(digests),
        place=place_of(values["published_on"], article.site_id, article.url),
        fingerprints=pack(fingerprints_of_squashed(body)),
    )


def is_industry(article: Article) -> bool:
    """Return whether an archive of the scope ``industry`` keeps an article."""
    return any(score.ministry == "industry" for score in article.ministries)


def article_values(article: Article, body: str | None = None) -> Row:
    """Return the ``READ_COLUMNS`` of an article by name.

    Args:
        article: the article.
        body: its squashed body, if the caller has it.
    """
    body = squash_clean(article.body) if body is None else body
    return {
        "url": article.url,
        "site": article.site,
        "layout": article.layout.value,
        "site_id": article.site_id,
        "category": article.category,
        "language": article.language,
        "published_raw": article.published_raw,
        "entered_on": article.entered_on and article.entered_on.isoformat(),
        "ministry": article.ministries[0].ministry if article.ministries else None,
        # Equal in duplicates.
        "text_hash": sha256(body.encode()).hexdigest() if body else None,
        **version_values(article),
    }
