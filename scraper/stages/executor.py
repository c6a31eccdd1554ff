"""Interfaces of what runs a job over batches of items: local worker processes or a cluster."""

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
            WorkerError: no worker can run it; it is unknown how far the batch got.
        """


class Executor(Protocol[_Item_contra, Result]):
    """Runs one job on several batches at once, each item within bounds."""

    @property
    def slots(self) -> int:
        """How many batches run at once; may change."""

    def submit(self, batch: Sequence[_Item_contra]) -> Pending[Result]:
        """Start a batch."""

    def close(self) -> None:
        """Drop unfinished batches."""


class Machines(Protocol):
    """Other machines that run jobs: a cluster."""

    def pool(self, job: Job[Item, Result]) -> Executor[Item, Result]:
        """Return an executor that runs a job there."""


Workers = int | Machines
"""A number of processes here, or other machines."""
