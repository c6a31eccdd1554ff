"""What runs the stages over batches of captures: worker processes here, or a cluster's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.model import Capture, Page


class Pending(Protocol):
    """The pages of a batch that is being read."""

    def result(self) -> list[Page]:
        """Wait for the pages of the batch, in order, and return them.

        Raises:
            WorkerError: nothing can read them; they are unread.
        """


class Executor(Protocol):
    """Reads batches of captures, several at once, each page within bounds."""

    @property
    def slots(self) -> int:
        """How many batches are read at once; may change."""

    def submit(self, captures: Sequence[Capture]) -> Pending:
        """Begin to read a batch."""

    def close(self) -> None:
        """Give up what is not read yet."""
