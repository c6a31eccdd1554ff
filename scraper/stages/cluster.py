"""Runs jobs on the workers of a Dask cluster, in place of a ``WorkerPool``.

If a worker dies, the scheduler gives its batches to another one. Only the command that submitted
the job writes, and it takes the results in the order of the items.
"""

from __future__ import annotations

import logging
import pickle
from concurrent.futures import CancelledError
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from scraper import settings
from scraper.install import install_command
from scraper.stages.bounds import PageBounds
from scraper.stages.child import WorkerSetup
from scraper.stages.cluster_task import Batch, code_version, do_batch
from scraper.stages.jobs import Item, Result
from scraper.stages.worker import WorkerError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scraper.stages.jobs import Job

T = TypeVar("T")
LOCAL = "local:"
EXTRA = "cluster"
CONNECT_SECONDS = 10  # within which a scheduler must answer, also after its connection was lost
TICK_SECONDS = 2  # between two looks at the cluster while a batch is being read
EMPTY_TICKS = 30  # in a row without any worker, after which a run ends
MAX_DEATHS = 3  # times that one batch may exhaust Dask's own retries (three workers each)
KEPT = "Pages read so far are kept; run the command again, and it goes on"


class Cluster:
    """A Dask cluster; a context manager that disconnects from it.

    Args:
        address: of its scheduler, such as ``tcp://host:8786``; ``local:4`` starts one here with
            four worker processes, which end with this command.

    Raises:
        WorkerError: Dask is not installed, or no scheduler answers.
    """

    def __init__(self, address: str) -> None:
        if find_spec("distributed") is None:
            raise WorkerError(
                f"--cluster needs distributed, which is not installed; run "
                f"`{install_command(EXTRA)}`"
            )
        dask: Any = import_module("dask")
        distributed: Any = import_module("distributed")

        # We report each failure once, in a sentence. Dask sets levels on some of its own loggers.
        for name in [*logging.root.manager.loggerDict]:
            if name.partition(".")[0] == "distributed":
                logging.getLogger(name).setLevel(logging.CRITICAL)
        dask.config.set(
            {
                "distributed.comm.timeouts.connect": CONNECT_SECONDS,
                "distributed.admin.large-graph-warning-threshold": "1 GiB",  # captures travel in it
            }
        )
        self.address = address
        self._local: Any = None
        try:
            if address.startswith(LOCAL):
                self._local = distributed.LocalCluster(
                    n_workers=int(address.removeprefix(LOCAL)), threads_per_worker=1,
                    processes=True, dashboard_address=None, silence_logs=logging.CRITICAL,
                )  # fmt: skip
            self.client: Any = distributed.Client(
                self._local or address, timeout=CONNECT_SECONDS, set_as_default=False
            )
        except (OSError, ValueError) as error:
            raise WorkerError(
                f"no Dask scheduler answers at {address} ({str(error) or 'no answer'}). Start one "
                f"with `dask scheduler`, or correct the address"
            ) from error

    @property
    def slots(self) -> int:
        """How many batches its workers read at once; one if it has no worker yet."""
        return max(1, sum(int(worker["nthreads"]) for worker in self.workers()))

    def workers(self) -> list[dict[str, Any]]:
        """Return the scheduler's latest information about its workers."""
        return list(self.client.scheduler_info(n_workers=-1).get("workers", {}).values())

    def pool(
        self, job: Job[Item, Result], bounds: PageBounds | None = None
    ) -> ClusterPool[Item, Result]:
        """Return a pool that runs a job within bounds; by default those of the settings."""
        bounds = bounds or PageBounds.from_settings(vars(settings))
        return ClusterPool(self, WorkerSetup(job, bounds, is_timed=False))

    def pool_with(
        self, job: Job[Item, Any], then: Callable[[list[Any]], Result]
    ) -> ClusterPool[Item, Result]:
        """Return a pool that runs a job and then, on the same worker, ``then`` on each batch.

        The result of a batch is a list of what ``then`` returns for its results.
        """
        bounds = PageBounds.from_settings(vars(settings))
        return ClusterPool(self, WorkerSetup(job, bounds, is_timed=False), then)

    def close(self) -> None:
        """Cancel unfinished batches and disconnect."""
        with suppress(Exception):  # it may be gone, which has been said
            self.client.close(timeout=CONNECT_SECONDS)
        if self._local is not None:
            with suppress(Exception):
                self._local.close(timeout=CONNECT_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class ClusterPool(Generic[Item, Result]):
    """Runs a job on a cluster; the counterpart of ``WorkerPool``."""

    def __init__(
        self,
        cluster: Cluster,
        setup: WorkerSetup,
        then: Callable[[list[Any]], Result] | None = None,
    ) -> None:
        self._cluster = cluster
        self._setup = setup
        self._then = then

    @property
    def slots(self) -> int:
        """How many batches are worked on at once."""
        return self._cluster.slots

    def submit(self, batch: Sequence[Item]) -> ClusterTask[list[Result]]:
        """Submit a batch to the scheduler."""
        nthreads = max((worker["nthreads"] for worker in self._cluster.workers()), default=1)
        task = Batch([*batch], self._setup, nthreads, code_version(), self._then)
        return ClusterTask(self._cluster, do_batch, task)

    def close(self) -> None:
        """Do nothing: closing the cluster cancels unfinished batches."""


class ClusterTask(Generic[T]):
    """A task on a cluster, retried if the workers that run it die.

    Args:
        cluster: the cluster.
        function: what the worker calls, with pickled arguments and result.
        arguments: its argument.
    """

    def __init__(
        self, cluster: Cluster, function: Callable[[bytes], bytes], arguments: object
    ) -> None:
        self._cluster = cluster
        self._function = function
        self._message = pickle.dumps(arguments, pickle.HIGHEST_PROTOCOL)
        self._future = self._submit()

    def result(self) -> T:
        """Wait for the result.

        Raises:
            WorkerError: the cluster has no scheduler or no worker any more, its workers die again
                and again, or one refuses.
            Exception: a stage raised it about the worker's machine.
        """
        killed: Any = import_module("distributed").KilledWorker
        for _ in range(MAX_DEATHS):
            try:
                result: T = pickle.loads(self._wait())  # noqa: S301  from our own worker
            except killed:
                self._future = self._submit()
            else:
                return result
        raise WorkerError(f"the workers of {self._cluster.address} keep dying. {KEPT}")

    def _submit(self) -> Any:
        try:
            return self._cluster.client.submit(self._function, self._message, pure=False)
        except Exception as error:
            raise self._gone(error) from error

    def _wait(self) -> bytes:
        """Return the pickled result, looking at the cluster meanwhile."""
        empty = 0
        while True:
            try:
                found: bytes = self._future.result(timeout=TICK_SECONDS)
            except TimeoutError:
                empty = 0 if self._cluster.workers() else empty + 1
                if empty >= EMPTY_TICKS:
                    raise WorkerError(f"{self._cluster.address} has no workers. {KEPT}") from None
            except (CancelledError, OSError) as error:
                raise self._gone(error) from error
            else:
                return found

    def _gone(self, error: Exception) -> WorkerError:
        reason = getattr(error, "reason", None) or str(error) or type(error).__name__
        return WorkerError(
            f"the Dask scheduler at {self._cluster.address} does not answer any more "
            f"({str(reason).splitlines()[0]}). {KEPT}, also without --cluster"
        )
