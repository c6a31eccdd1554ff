"""Who runs a job over batches of items: worker processes here, or those of a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from scraper.stages.jobs import Item, Result

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.stages.jobs import Job

_Item_contra = TypeVar("_Item_contra", contravariant=True)


class Pending(Protocol[Result]):
    """The results of a batch that is being worked on."""

    def result(self) -> list[Result]:
        """Wait for the results of the batch, in order, and return them.

        Raises:
            WorkerError: nobody can work on it; nothing is known of the batch.
        """


class Executor(Protocol[_Item_contra, Result]):
    """Does one job, with several batches at once, and each item within bounds."""

    @property
    def slots(self) -> int:
        """How many batches are worked on at once; may change."""

    def submit(self, batch: Sequence[_Item_contra]) -> Pending[Result]:
        """Begin to work on a batch."""

    def close(self) -> None:
        """Give up what is not done yet."""


class Machines(Protocol):
    """Other machines that do jobs: a cluster."""

    def pool(self, job: Job[Item, Result]) -> Executor[Item, Result]:
        """Return who does a job there."""


Workers = int | Machines
"""A number of processes here, or other machines."""
