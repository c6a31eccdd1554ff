"""What a Dask worker runs: works on a batch in worker processes of its own, within the same bounds.

So a page that takes too much time or memory ends one of those processes, never the Dask worker
(docs/decisions/0013-bounds-of-a-page.md). This module does not need Dask.
"""

from __future__ import annotations

import pickle
import platform
import threading
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pipelines
import scraper
from scraper.reference import table_path
from scraper.stages.pool import WorkerPool
from scraper.stages.worker import WorkerError

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.stages.child import WorkerSetup

IDLE_SECONDS = 60.0  # after which a Dask worker ends its processes, which hold 200 MB each
# Besides our code, what decides how a page is read.
PACKAGES = ("beautifulsoup4", "lxml", "nlpo3", "parsel", "pydantic", "pythainlp")


class Batch(NamedTuple):
    """What a Dask worker receives.

    Attributes:
        items: what to work on.
        setup: the job, and the bounds of a page.
        slots: how many batches the Dask worker may read at once.
        code: ``code_version`` of the sender.
        then: function that the worker applies to the results; a list of its value is returned.
    """

    items: list[Any]
    setup: WorkerSetup
    slots: int
    code: str
    then: Callable[[list[Any]], Any] | None = None


@cache
def code_version() -> str:
    """Return a text that differs between machines whose code reads pages differently."""
    digest = sha256()
    for package in (scraper, pipelines):
        folder = Path(package.__file__ or "").parent
        for path in sorted(folder.rglob("*.py")):
            digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    for path in sorted(table_path("ministries.csv").parent.glob("*.csv")):
        digest.update(path.name.encode() + path.read_bytes())
    packages = ", ".join(f"{name} {_version(name)}" for name in PACKAGES)
    python = ".".join(platform.python_version_tuple()[:2])
    return f"thaigov {scraper.__version__} ({digest.hexdigest()[:12]}), Python {python}, {packages}"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"


class _IdlePool:
    """The worker processes of this Dask worker; they end after some time without a batch."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pool: WorkerPool[Any, Any] | None = None
        self._setup: WorkerSetup | None = None
        self._busy = 0
        self._timer: threading.Timer | None = None

    def work(self, batch: Batch) -> list[Any]:
        """Do the job on a batch; several threads may do so at once."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            if self._pool is None or (self._setup != batch.setup and not self._busy):
                self._close()
                self._setup = batch.setup
                self._pool = WorkerPool(batch.setup.job, batch.slots, batch.setup.bounds)
            if self._setup != batch.setup:
                raise WorkerError("this worker is busy with another run with different bounds")
            self._busy += 1
            future = self._pool.submit(batch.items)
        try:
            return future.result()
        except Exception as error:
            with self._lock:
                self._close(error)  # the run ends, and this is why
            raise
        finally:
            with self._lock:
                self._busy -= 1
                if not self._busy:
                    self._timer = threading.Timer(IDLE_SECONDS, self._end)
                    self._timer.daemon = True
                    self._timer.start()

    def _end(self) -> None:
        with self._lock:
            if not self._busy:
                self._close()

    def _close(self, reason: Exception | None = None) -> None:
        if self._pool is not None:
            self._pool.close(reason)
            self._pool = None


_idle_pool = _IdlePool()


def do_batch(message: bytes) -> bytes:
    """Work on a batch and return its results, both pickled.

    Raises:
        WorkerError: this machine has other code than the sender, or cannot start a process.
    """
    batch: Batch = pickle.loads(message)  # noqa: S301  from our own command
    if batch.code != code_version():
        raise WorkerError(
            f"the worker on {platform.node()} has different code from this machine: "
            f"{code_version()}; here it is {batch.code}. Install the same version on both"
        )
    results = _idle_pool.work(batch)
    made = results if batch.then is None else [batch.then(results)]
    return pickle.dumps(made, pickle.HIGHEST_PROTOCOL)
