"""What a worker does with each item: the whole interface between the stages and their workers.

A *job* is a small value that travels to a worker once, pickled. There the worker calls ``load``,
and then applies the function that it returned to one item after another. A *batch* is a list of
items; its result is the list of their results in the same order. Items and results are pickled
too. Whatever runs jobs (this process, ``WorkerPool``, a scheduler on other machines) knows no more
than this.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeVar

from scraper import timing
from scraper.archive.prepared import PreparedCapture, prepare
from scraper.model import Incoming, Page, Scope
from scraper.stages.in_process import (
    pure_paths,
    pure_stages,
    read_page,
    run_stages,
    without_body,
)
from scraper.warc.make_record import make_record
from scraper.warc.record import WarcError

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.archive.table_shapes import TableShape
    from scraper.model import Capture
    from scraper.stages.bounds import ReadingError
    from scraper.warc.make_record import MadeRecord

Item = TypeVar("Item")
Result = TypeVar("Result")
_Made_co = TypeVar("_Made_co", covariant=True)


class Job(Protocol[Item, _Made_co]):
    """What a worker does with each item. It must be picklable, and its functions pure."""

    def load(self) -> Callable[[Item], _Made_co]:
        """Load the stages and return the function that makes the result of an item.

        The function raises an error only for a failure of the machine, not of the item.
        """

    def failed(self, item: Item, error: ReadingError) -> _Made_co:
        """Return the result of an item that exceeded a bound or ended its worker."""

    def size(self, item: Item) -> int:
        """Return the approximate size of an item in bytes."""

    def item(self, capture: Capture) -> Item:
        """Wrap a capture as an item; a worker warms up with a made-up capture."""


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
        page = error.unparsed_page(item)
        page.capture = without_body(item)
        return page

    def size(self, item: Capture) -> int:
        """Return the number of bytes of the capture."""
        return len(item.body)

    def item(self, capture: Capture) -> Capture:
        """Return the capture."""
        return capture


@dataclass(frozen=True)
class PrepareCaptures:
    """Reads captures from files and prepares everything that is stored of them.

    The result is a ``PreparedCapture``. The item's record is made too, unless its capture is stored
    already (it has an id) or the record depends on the one before it (a rendered page).

    Attributes:
        shapes: of the tables of facts, from the archive (``ArticleStore.shapes``).
        scope: which articles the run keeps.
        stages: import paths of the stages.
    """

    shapes: tuple[TableShape, ...]
    scope: Scope = Scope.ALL
    stages: tuple[str, ...] = field(default_factory=pure_paths)

    def load(self) -> Callable[[Incoming], PreparedCapture]:
        """Return the function that runs the stages on a capture and prepares it."""
        stages = pure_stages(self.stages)

        def work(item: Incoming) -> PreparedCapture:
            page = run_stages(stages, Page(capture=item.capture))
            with timing.part("prepare rows"):
                prepared = prepare(page, self.shapes)
            with timing.part("make WARC record"):
                return PreparedCapture(prepared, self._record(item))

        return work

    def _record(self, item: Incoming) -> MadeRecord | None:
        capture = item.capture
        if capture.id is not None or capture.rendered:
            return None
        payload = capture.body if item.payload is None else item.payload
        try:
            return make_record(capture, payload, item.headers, self.scope)
        except WarcError:
            return None  # the writer makes it again, and reports why it cannot

    def failed(self, item: Incoming, error: ReadingError) -> PreparedCapture:
        """Return the capture as an unparsed page; the writer makes its record."""
        return PreparedCapture(prepare(error.unparsed_page(item.capture), self.shapes))

    def size(self, item: Incoming) -> int:
        """Return the number of bytes of the capture."""
        return len(item.capture.body) + len(item.payload or b"")

    def item(self, capture: Capture) -> Incoming:
        """Return the capture as it comes from a file."""
        return Incoming(capture)
