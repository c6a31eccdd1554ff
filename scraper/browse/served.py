"""The archive as Datasette serves it, without what would read the whole file for a small answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datasette.database import Database

from scraper.browse.memory import Memory
from scraper.browse.reads import recall
from scraper.browse.tables import count_rows

if TYPE_CHECKING:
    from pathlib import Path

    from datasette.app import Datasette

    from scraper.browse.facets import Facets


class Archive(Database):  # type: ignore[misc] # Datasette has no types
    """An archive.

    Attributes:
        memory: answers that were given since somebody wrote to it.
        hash: always None. Datasette would read the file whole, 3 GB where there are 100,000
            articles, while nobody else gets an answer.
        facets: of its articles, as they were last read.
    """

    hash = None

    def __init__(self, site: Datasette, path: Path, *, is_mutable: bool) -> None:
        """Open an archive for a site; ``is_mutable`` where another process may write to it."""
        super().__init__(site, str(path), is_mutable=is_mutable)
        self.facets: Facets | None = None
        self.memory = Memory(self.connect() if is_mutable else None)

    async def table_counts(self, limit: int = 0) -> dict[str, int | None]:  # noqa: ARG002 - Datasette's signature
        """Return how many rows tables have, None for those that only a whole reading could tell.

        Datasette's own limits the time of each, but SQLite does not stop in the middle of a count.
        """
        counts = await recall(self.ds, count_rows)
        return {name: counts.get(name) for name in await self.table_names()}
