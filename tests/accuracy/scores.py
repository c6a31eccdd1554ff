"""Compares the facts found in an article with its labels, kind by kind.

Each kind compares sets of items of one article (presence, not counts): what is expected, what is
found, and whether two items are the same. Facts are read from the rows that the archive would
store, so the comparison depends only on the contract of the tables.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from scraper.facts import KINDS
from scraper.reference import read_table
from scraper.thai.agencies import count_agencies, find_agencies
from scraper.thai.laws import complete_names, find_laws
from scraper.thai.names import find_names_in, split_places
from scraper.thai.people import split_posts
from scraper.thai.text import fold, squash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from scraper.model import Article
    from tests.accuracy.labelled import Labelled

Row = dict[str, Any]
NESTED_SHARE = 0.6
"""A post or law also counts if one wording contains the other and has this share of its length."""


@dataclass
class Score:
    """Counts of one kind over many articles, with the items that were wrong."""

    right: int = 0
    false: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Share of the found items that are right."""
        return self.right / ((self.right + len(self.false)) or 1)

    @property
    def recall(self) -> float:
        """Share of the expected items that are found."""
        return self.right / ((self.right + len(self.missed)) or 1)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.precision * self.recall / ((self.precision + self.recall) or 1)

    def add(
        self,
        number: int,
        expected: list[tuple[Any, ...]],
        found: list[tuple[Any, ...]],
        same: Callable[[tuple[Any, ...], tuple[Any, ...]], bool],
    ) -> None:
        """Add the items of one article; each expected item is right once."""
        open_items = list(expected)
        matched = set()
        for item in found:
            partner = next((e for e in open_items if same(e, item)), None)
            if partner is not None:
                open_items.remove(partner)
                matched.add(partner)
                self.right += 1
            elif not any(same(e, item) for e in matched):
                self.false.append(f"{number}: {item}")
        self.missed += [f"{number}: {item}" for item in open_items]


class Comparison(NamedTuple):
    """How one kind is compared.

    Attributes:
        expected: returns the items of the labels.
        found: returns the items of the article.
        same: whether an expected and a found item are the same.
        target: the precision and recall aimed at, on articles nobody has looked at.
    """

    expected: Callable[[Labelled], Iterable[tuple[Any, ...]]]
    found: Callable[[Article], Iterable[tuple[Any, ...]]]
    same: Callable[[tuple[Any, ...], tuple[Any, ...]], bool] = tuple.__eq__
    target: tuple[float, float] = (0, 0)


def rows(article: Article, table: str) -> list[Row]:
    """Return the rows of a table of facts, by column; none if no kind has the table."""
    return [
        dict(zip(kind.columns, row, strict=True))
        for kind in KINDS
        if kind.table == table
        for row in kind.rows(article)
    ]


def people(article: Article) -> dict[int, str]:
    """Return the names of the people an article mentions, by id."""
    return {
        int(str(key)): str(name)
        for kind in KINDS
        if kind.entities is not None and kind.entities.table == "people"
        for key, name in kind.entity_rows(article)
    }


def nested(expected: tuple[Any, ...], found: tuple[Any, ...]) -> bool:
    """Whether the last values are the same words, or one contains most of the other."""
    *of_expected, a = expected
    *of_found, b = found
    shorter, longer = sorted((str(a), str(b)), key=len)
    return (
        of_expected == of_found and shorter in longer and len(shorter) >= NESTED_SHARE * len(longer)
    )


def contained_post(expected: tuple[Any, ...], found: tuple[Any, ...]) -> bool:
    """Whether a post contains the expected one, or most of it."""
    return expected[0] == found[0] and (expected[1] in found[1] or nested(expected, found))


def letters(text: str | None) -> str:
    """Return the letters and digits of a text; separators are not compared."""
    return "".join(c for c in squash(text or "") if c.isalnum() or "\u0e30" <= c <= "\u0e4e")


@cache
def agency_slug(official: str) -> str:
    """Return the slug of an agency by its official name, the name itself if it is not known."""
    plain = squash(official.replace("(องค์การมหาชน)", ""))
    for row in read_table("agencies.csv"):
        if plain == squash(row["name_th"].replace("(องค์การมหาชน)", "")):
            return row["slug"]
    places = split_places(official, "", "", "")
    known = count_agencies(find_agencies(find_names_in(places), places))
    return known[0].agency if len(known) == 1 else official


def _spans(name: str, *keys: str) -> Callable[[Labelled], Iterable[tuple[Any, ...]]]:
    """Return a function that returns the values under some keys of each label in a list."""
    return lambda item: dict.fromkeys(
        tuple(label[key] for key in keys) for label in item.labels[name]
    )


def _columns(table: str, *columns: str) -> Callable[[Article], Iterable[tuple[Any, ...]]]:
    return lambda article: dict.fromkeys(
        tuple(row[column] for column in columns) for row in rows(article, table)
    )


def _expected_people(item: Labelled) -> Iterable[tuple[Any, ...]]:
    return dict.fromkeys((squash(item.quote(p["name"])),) for p in item.labels["people"])


def _expected_posts(item: Labelled) -> Iterable[tuple[Any, ...]]:
    return dict.fromkeys(
        (squash(item.quote(p["name"])), squash(item.quote(post)))
        for p in item.labels["people"]
        for post in p["posts"]
    )


def _found_posts(article: Article) -> Iterable[tuple[Any, ...]]:
    names = people(article)
    return dict.fromkeys(
        (squash(names[row["person"]]), squash(post))
        for row in rows(article, "person_mentions")
        if row["post"] and row["form"] == "full"
        for post in split_posts(row["post"])
    )


def same_law(expected: tuple[Any, ...], found: tuple[Any, ...]) -> bool:
    """Whether two laws are of one kind and a wording of one is a wording of the other."""
    return any(nested((expected[0], a), (found[0], b)) for a in expected[1:] for b in found[1:])


def _laws(wordings: Iterable[tuple[str, str, str]]) -> list[tuple[Any, ...]]:
    """Return each law once, its kind and wordings, from kind, name and words of each mention."""
    laws: defaultdict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for kind, name, words in wordings:
        laws[kind, name][squash(words)] = None
    return [(kind, *words) for (kind, _), words in laws.items()]


def _expected_laws(item: Labelled) -> Iterable[tuple[Any, ...]]:
    quotes = [(law["kind"], item.quote(law["span"])) for law in item.labels["laws"]]
    read = [find_laws(fold(quote)) for _, quote in quotes]
    names = [laws[0].name if laws else quote for laws, (_, quote) in zip(read, quotes, strict=True)]
    whole = complete_names(names)
    pairs = zip(quotes, names, strict=True)
    return _laws((kind, whole[name], quote) for (kind, quote), name in pairs)


def _found_laws(article: Article) -> Iterable[tuple[Any, ...]]:
    return _laws(
        (str(row["kind"]), str(row["name"]), str(row["text"]))
        for row in rows(article, "law_mentions")
    )


def _expected_event(item: Labelled) -> Iterable[tuple[Any, ...]]:
    event = item.labels["event"]
    return [(event["start_on"], event["end_on"])] if event else []


def _found_event(article: Article) -> Iterable[tuple[Any, ...]]:
    return [(e["start_on"], e["end_on"]) for e in rows(article, "events") if e["start_on"]]


def _found_dates(article: Article) -> Iterable[tuple[Any, ...]]:
    return dict.fromkeys(
        (row["start_on"], row["end_on"])
        for row in rows(article, "date_mentions")
        if row["precision"] == "day" and row["start_on"]
    )


def _border(name: str) -> Comparison:
    def expected(item: Labelled) -> Iterable[tuple[Any, ...]]:
        span = item.labels["borders"][name]
        return [(letters(item.quote(span)),)] if span and letters(item.quote(span)) else []

    def found(article: Article) -> Iterable[tuple[Any, ...]]:
        text = letters(getattr(article, name))
        return [(text,)] if text else []

    return Comparison(expected, found, target=(0.99, 0.99))


def same_ministry(expected: tuple[Any, ...], found: tuple[Any, ...]) -> bool:
    """Whether the ministry found is one of the acceptable ones."""
    return found[0] in expected[0] if expected[0] else found[0] is None


KINDS_COMPARED = {
    "people": Comparison(
        _expected_people,
        lambda article: [(squash(name),) for name in people(article).values()],
        target=(0.95, 0.92),
    ),
    "posts": Comparison(_expected_posts, _found_posts, contained_post, (0.90, 0.85)),
    "agencies": Comparison(
        lambda item: dict.fromkeys((agency_slug(a["name"]),) for a in item.labels["agencies"]),
        _columns("article_agencies", "agency"),
        target=(0.95, 0.85),
    ),
    "provinces": Comparison(
        lambda item: [(code,) for code in item.labels["provinces"]],
        lambda article: dict.fromkeys(
            (row["province"],)
            for row in rows(article, "place_mentions")
            if row["kind"] == "province"
        ),
        target=(0.97, 0.95),
    ),
    "money": Comparison(
        _spans("money", "low", "high", "currency"),
        _columns("money_mentions", "low", "high", "currency"),
        target=(0.97, 0.95),
    ),
    "phones": Comparison(
        _spans("phones", "value"),
        lambda article: dict.fromkeys(
            (row["value"],)
            for row in rows(article, "contacts")
            if row["kind"] in {"phone", "hotline"}
        ),
        target=(0.97, 0.95),
    ),
    "laws": Comparison(_expected_laws, _found_laws, same_law, (0.90, 0.85)),
    "event days": Comparison(_expected_event, _found_event, target=(0.90, 0.80)),
    "ministry": Comparison(
        lambda item: [(tuple(item.labels["ministry"]),)],
        lambda article: [(article.ministries[0].ministry if article.ministries else None,)],
        same_ministry,
        (0.95, 0.95),
    ),
    "dates": Comparison(_spans("dates", "start_on", "end_on"), _found_dates, target=(0.99, 0.99)),
    **{name: _border(name) for name in ("title", "lead", "body", "tail")},
}
"""The kinds that are compared, in the order of docs/accuracy.md."""


def score_all(read: Iterable[tuple[Labelled, Article]]) -> dict[str, Score]:
    """Return the score of each kind over articles with their labels."""
    scores: dict[str, Score] = defaultdict(Score)
    for item, article in read:
        for name, kind in KINDS_COMPARED.items():
            expected, found = list(kind.expected(item)), list(kind.found(article))
            scores[name].add(item.number, expected, found, kind.same)
    return dict(scores)
