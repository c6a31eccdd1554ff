"""Writes docs/library.md from the library itself: ``python -m tests.api.reference``.

Signatures, meanings, errors and examples come from ``scraper.api``; a test runs the examples.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from scraper import api
from tests.conftest import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

PAGE = REPOSITORY / "docs" / "library.md"
HEAD = '''# Library

Written by `python -m tests.api.reference` from the library itself; do not edit. A test runs every
example.

`scraper.api` reads Thai text and archives from Python:

```pycon
>>> from scraper.api import find_dates, find_people, open_archive
>>> [person.name for person in find_people("นายสมใจ ใจดี อธิบดีกรมโรงงานอุตสาหกรรม กล่าว")]
['สมใจ ใจดี']
>>> with open_archive("data/thaigov.db") as archive:
...     for found in archive.search("โรงงาน", agency="กรอ.", since="2568"):
...         print(found.published_on, found.title)
2025-08-21 กรมโรงงานอุตสาหกรรมตรวจโรงงานน้ำตาล
```

Install it as the program, from a checkout: `pip install .`; frames need pandas, too, nothing else
does. What is on this page is kept: names and attributes are added, not renamed. Other modules of
`scraper` may change. Importing `scraper.api` takes a third of a second and loads neither a
dictionary nor a database; the first call that needs one does.

The texts and articles of the examples are invented.

## With pandas

```pycon
>>> import pandas
>>> with open_archive("data/thaigov.db") as archive:
...     money = archive.frame("""
...         SELECT a.published_on, a.ministry, m.low FROM money_mentions m
...         JOIN articles a ON a.id = m.article_id WHERE m.currency = 'THB'""")
>>> money.groupby([money.published_on.dt.year, "ministry"]).low.sum().to_dict()
{(2025, 'industry'): 1500000.0}
>>> texts = pandas.Series(["ใช้งบ 5 ล้านบาท", "ราคาตันละ 1,200 บาท"])
>>> texts.map(lambda text: [amount.low for amount in find_money(text)]).tolist()
[[5000000.0], [1200.0]]
```

[schema.md](schema.md) describes the tables and views, [search.md](search.md) the query language,
[accuracy.md](accuracy.md) how often each kind of fact is right.
'''
SECTIONS = {
    "Texts": ("clean", "fold", "segment"),
    "Facts in texts": (
        "find_dates", "find_people", "find_agencies", "find_ministries", "find_places",
        "find_money", "find_laws", "find_programmes", "find_contacts",
    ),
    "Archives": ("open_archive", "OpenArchive"),
    "Values": (
        "Passage", "DatePassage", "PersonPassage", "AgencyPassage", "PlacePassage",
        "MoneyPassage", "LawPassage", "ProgrammePassage", "ContactPassage", "MinistryScore",
        "SearchPage", "FoundArticle", "ArchivedArticle", "ArchivedEvent",
    ),
    "Errors": (
        "ReportedError", "ArchiveError", "ArticleNotFoundError", "FilterError", "QueryError",
        "SqlError", "PandasMissingError",
    ),
}  # fmt: skip
NOTES = {
    "Facts in texts": "The string is read as the body of an article is. Passages come in reading "
    "order; `start` and `end` are offsets into the string as given, so that "
    "`text[found.start:found.end] == found.text`. Time is linear in the length.\n",
    "Values": "All are immutable and compare by value. `TextField`, `Precision` and `Layout` are "
    "strings.\n",
    "Errors": "Every message says what was wrong and what to do. A function raises no others, but "
    "for `TypeError` where an argument has the wrong type.\n",
}
WIDTH = 96
_HEADING = re.compile(r"^(Args|Raises|Returns|Attributes):$", re.MULTILINE)
_ENTRY = re.compile(r"^    (\S[^:\n]*): (.*(?:\n {8}.*)*)", re.MULTILINE)


class Docstring(NamedTuple):
    """The parts of a docstring.

    Attributes:
        text: its paragraphs.
        entries: names and meanings, by heading.
        example: doctest lines; empty if there are none.
    """

    text: str
    entries: dict[str, list[tuple[str, str]]]
    example: str


def read_docstring(value: Any) -> Docstring:
    """Return the parts of the docstring of a function or class."""
    written, prompt, example = (inspect.getdoc(value) or "").partition(">>> ")
    text, *rest = _HEADING.split(written)
    entries = {
        heading: [(name, plain(meaning)) for name, meaning in _ENTRY.findall(body)]
        for heading, body in zip(rest[::2], rest[1::2], strict=True)
    }
    return Docstring(text.strip(), entries, prompt + example.strip())


def plain(text: str) -> str:
    """Return the words of a docstring on one line, as Markdown."""
    words = " ".join(text.split()).replace("``", "`").replace("|", r"\|")
    return re.sub(r"docs/(\w+\.md)", r"[\1](\1)", words)


def signature(name: str, function: Callable[..., Any]) -> str:
    """Return the first line of a function as written, over several lines if it is long."""
    found = inspect.signature(function)
    pieces: list[str] = []
    for one in found.parameters.values():
        if one.kind is one.KEYWORD_ONLY and "*" not in pieces:
            pieces.append("*")
        if one.name != "self":
            default = "" if one.default is one.empty else f" = {one.default!r}"
            pieces.append(f"{one.name}: {one.annotation}{default}".replace("'", '"'))
    returned = found.return_annotation.replace("pd.", "pandas.")
    line = f"def {name}({', '.join(pieces)}) -> {returned}: ..."
    if len(line) <= WIDTH:
        return line
    listed = "".join(f"    {piece},\n" for piece in pieces)
    return f"def {name}(\n{listed}) -> {returned}: ..."


def table(heading: str, rows: Sequence[tuple[str, ...]]) -> str:
    """Return a Markdown table whose first column is code."""
    columns = heading.split(" | ")
    lines = [f"| {heading} |", "|" + "---|" * len(columns)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def function_part(title: str, name: str, function: Callable[..., Any], level: int) -> str:
    """Return the part of the page about a function or method."""
    found = read_docstring(function)
    parts = [
        f"{'#' * level} {title}\n",
        f"```python\n{signature(name, function)}\n```\n",
        paragraphs(found.text),
    ]
    if arguments := found.entries.get("Args"):
        parts.append(table("argument | meaning", [(code(n), meaning) for n, meaning in arguments]))
    if errors := found.entries.get("Raises"):
        parts.append(table("raises | when", [(code(n), meaning) for n, meaning in errors]))
    if found.example:
        parts.append(f"```pycon\n{found.example}\n```\n")
    return "\n".join(parts)


def class_part(name: str, value: type) -> str:
    """Return the part of the page about a class: attributes with types, then methods."""
    found = read_docstring(value)
    parts = [f"### {name}\n", paragraphs(found.text)]
    rows = [
        (code(names), type_of(value, names), meaning)
        for names, meaning in found.entries.get("Attributes", [])
    ]
    if rows and all(kind for _, kind, _ in rows):
        parts.append(table("attribute | type | meaning", rows))
    elif rows:
        parts.append(table("attribute | meaning", [(names, text) for names, _, text in rows]))
    bases = [base.__name__ for base in value.__bases__ if base.__name__ in api.__all__]
    if bases and dataclasses.is_dataclass(value):
        parts.insert(2, f"Also has the attributes of `{bases[0]}`.\n")
    for method, function in vars(value).items():
        if inspect.isfunction(function) and not method.startswith("_") and method != "of_row":
            parts.append(function_part(f"{name}.{method}", method, function, 4))
    return "\n".join(parts)


def type_of(value: type, names: str) -> str:
    """Return the types of some attributes, as code; empty if none is written."""
    types = inspect.get_annotations(value)
    found = dict.fromkeys(types[name] for name in names.split(", ") if name in types)
    return ", ".join(f"`{one}`" for one in found).replace("|", r"\|")


def error_part() -> str:
    """Return the table of the errors."""
    rows = []
    for name in SECTIONS["Errors"]:
        error = getattr(api, name)
        bases = ", ".join(f"`{base.__name__}`" for base in error.__bases__)
        rows.append((code(name), bases, plain(read_docstring(error).text)))
    return table("error | is a | meaning", rows)


def code(names: str) -> str:
    """Return names as code, each by itself."""
    return ", ".join(f"`{name}`" for name in names.split(", "))


def paragraphs(text: str) -> str:
    """Return the paragraphs of a docstring as Markdown."""
    return "\n".join(plain(part).replace(r"\|", "|") + "\n" for part in text.split("\n\n"))


def parts() -> Iterator[str]:
    """Yield the parts of the page."""
    yield HEAD
    for section, names in SECTIONS.items():
        yield f"## {section}\n"
        if section in NOTES:
            yield NOTES[section]
        if section == "Errors":
            yield error_part()
            continue
        for name in names:
            value = getattr(api, name)
            is_class = inspect.isclass(value)
            yield class_part(name, value) if is_class else function_part(name, name, value, 3)


def reference() -> str:
    """Return the text of docs/library.md."""
    return "\n".join(parts())


if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")
