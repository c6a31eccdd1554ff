"""What is measured on: real articles if they are here, else those of the practice site."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from scraper.clock import now
from scraper.imports.corpus import read_corpus
from scraper.model import Capture
from scraper.practice.site.still import PracticeSite
from tests.practice_corpus import write_corpus

if TYPE_CHECKING:
    from collections.abc import Iterator

TARBALLS = ("thaigov-v2-sample.tar.gz", "thaigov-v1-sample.tar.gz")


@dataclass(frozen=True)
class Sizes:
    """How much is measured.

    Attributes:
        articles: of the import, and pages of the crawl.
        pages: HTML pages that are parsed.
        dated: articles whose dates are found.
        grown: practice articles of the large archive.
        asked: words and articles that are asked for on the pages.
    """

    articles: int
    pages: int
    dated: int
    grown: int
    asked: int


DEFAULT = Sizes(articles=3000, pages=1000, dated=150, grown=20_000, asked=100)
QUICK = Sizes(articles=300, pages=40, dated=20, grown=3_000, asked=10)


@dataclass(frozen=True)
class Corpus:
    """Articles as files of the public corpora.

    Attributes:
        folder: with a file for each article.
        what: what they are, for the tables.
    """

    folder: Path
    what: str

    def texts(self) -> list[str]:
        """Return the text of every file, in a stable order."""
        return [path.read_text("utf-8-sig") for path in sorted(self.folder.rglob("*.txt"))]


def make_corpus(place: Path | None, size: int, folder: Path) -> Corpus:
    """Write the corpus that is measured into a folder.

    Args:
        place: folder of the tarballs of real articles; None or absent for practice articles.
        size: most articles.
        folder: new.
    """
    tarballs = [place / name for name in TARBALLS if (place / name).is_file()] if place else []
    if not tarballs:
        return practice_corpus(size, folder)
    count = sum(_write(folder, capture) for capture in islice(_captures(tarballs), size))
    return Corpus(folder, f"{count:,} real articles")


def practice_corpus(size: int, folder: Path) -> Corpus:
    """Write the articles of a practice site into a folder."""
    count = write_corpus(PracticeSite(max(size, 20)), folder)
    return Corpus(folder, f"{count:,} practice articles")


def _captures(tarballs: list[Path]) -> Iterator[Capture]:
    return (item for item in read_corpus(tarballs, now()) if isinstance(item, Capture))


def _write(folder: Path, capture: Capture) -> bool:
    name = PurePosixPath(capture.source or "")
    if name.is_absolute() or ".." in name.parts:
        return False
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(capture.body)
    return True
