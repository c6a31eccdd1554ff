"""What a worker does with each item: the whole interface between the stages and their workers.

A *job* is a small value that travels to a worker once, pickled. There the worker calls ``load``,
and then the function that it returned on one item after the other. A *batch* is a list of items,
and what comes back is the list of their results in the same order. Items and results are pickled,
too. Whoever runs jobs (this process, ``WorkerPool``, a scheduler on other machines) knows no more
than this.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeVar

from scraper.stages.in_process import pure_paths, pure_stages, read_page, without_body

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.model import Capture, Page
    from scraper.stages.bounds import ReadingError

Item = TypeVar("Item")
Result = TypeVar("Result")
_Made = TypeVar("_Made", covariant=True)


class Job(Protocol[Item, _Made]):
    """What a worker does with each item. It must be picklable, and its functions pure."""

    def load(self) -> Callable[[Item], _Made]:
        """Load the stages and return the function that makes the result of an item.

        The function raises an error only for a failure of the machine, not of the item.
        """

    def failed(self, item: Item, error: ReadingError) -> _Made:
        """Return the result of an item that exceeded a bound or ended its worker."""

    def size(self, item: Item) -> int:
        """Return the size of an item in bytes, about."""

    def item(self, capture: Capture) -> Item:
        """Return the item of a capture; a worker warms up with one of its own."""


@dataclass(frozen=True)
class ReadPages:
    """Reads captures: a ``Capture`` with its bytes in, its ``Page`` without them out.

    Attributes:
        stages: import paths of the stages.
    """

    stages: tuple[str, ...] = field(default_factory=pure_paths)

    def load(self) -> Callable[[Capture], Page]:
        """Return the function that runs the stages on a capture."""
        stages = pure_stages(self.stages)
        return lambda capture: read_page(stages, capture)

    def failed(self, item: Capture, error: ReadingError) -> Page:
        """Return the capture's page, which is unparsed."""
        return error.unparsed_page(without_body(item))

    def size(self, item: Capture) -> int:
        """Return the number of bytes of the capture."""
        return len(item.body)

    def item(self, capture: Capture) -> Capture:
        """Return the capture."""
        return capture
