"""Reads the labels and the real articles that they belong to.

A label file has one JSON object per line for one article, with offsets into the text of its corpus
file (decoded, with ``\\n`` line ends) instead of words; so it contains no text of the article.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from scraper.files.problem import ImportProblem
from scraper.imports.corpus import read_corpus
from scraper.pages.charset import decode_page
from scraper.sources import parse_address

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.model import Capture

FOLDER_OF_LABELS = "labels"
HALVES = ("dev", "unseen")
CORPORA = ("thaigov-v1-sample.tar.gz", "thaigov-v2-sample.tar.gz")


@dataclass(frozen=True)
class Labelled:
    """An article with its labels: the capture of its corpus file, its text, and the JSON object."""

    number: int
    capture: Capture
    text: str
    labels: dict[str, Any]

    def quote(self, span: list[int]) -> str:
        """Return the words between two offsets."""
        return self.text[span[0] : span[1]]


def read_labels(path: Path) -> dict[int, dict[str, Any]]:
    """Return the label objects of a file, by the number of the article."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return {labels["id"]: labels for labels in map(json.loads, lines)}


def labelled_articles(labels: dict[int, dict[str, Any]], corpus: Path) -> list[Labelled]:
    """Return the labelled articles, in the order of the labels.

    Raises:
        LookupError: the corpora in the folder lack some of them.
    """
    captures: dict[int, Capture] = {}
    for found in read_corpus((corpus / name for name in CORPORA), datetime.now(UTC)):
        if isinstance(found, ImportProblem):
            continue
        address = parse_address(found.url)
        if address is not None and address.number in labels:
            captures.setdefault(address.number, found)
    if missing := sorted(set(labels) - set(captures)):
        raise LookupError(f"{corpus} lacks the articles {', '.join(map(str, missing))}")
    return [
        Labelled(number, captures[number], _text(captures[number]), fields)
        for number, fields in labels.items()
    ]


def _text(capture: Capture) -> str:
    text = decode_page(capture.body, capture.content_type).text
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
