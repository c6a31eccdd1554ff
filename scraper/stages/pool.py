"""A pool of worker processes that run a job; one that ends is replaced, and no page is lost.

A thread of the parent serves each worker, so that neither the archive nor Scrapy's reactor waits
for a page. A worker sends one result at a time. When it ends, the items whose results arrived are
done, the next one is the page it failed on, and the rest goes to a new worker.
"""

from __future__ import annotations

import signal
import threading
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TYPE_CHECKING, Generic, NamedTuple

from scraper import settings, timing
from scraper.stages.bounds import PageBounds, ReadingError
from scraper.stages.child import WorkerSetup
from scraper.stages.jobs import Item, Result
from scraper.stages.signals import STOP_SIGNALS, uninterrupted
from scraper.stages.worker import EXIT_SECONDS, Worker, WorkerError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from scraper.stages.jobs import Job

MAX_MESSAGE = 8 << 20  # bytes of items sent to a worker at once
MAX_STARTS = 3  # workers in a row that may die before their first page
MAX_KILLED = 3  # pages in a row whose workers may be killed from outside


class _Task(NamedTuple):
    """A batch of items, and the future of their results."""

    batch: Sequence[Any]
    future: Future[list[Any]]


class WorkerPool(Generic[Item, Result]):
    """Worker processes that run a job within bounds.

    Args:
        job: what to do with each item.
        workers: the most processes to start; they start when there is work for them.
        bounds: of each page; by default those of the settings.
    """

    def __init__(
        self, job: Job[Item, Result], workers: int, bounds: PageBounds | None = None
    ) -> None:
        self._job = job
        self._max_workers = workers
        bounds = bounds or PageBounds.from_settings(vars(settings))
        self._setup = WorkerSetup(job, bounds, timing.is_on())
        self._tasks: SimpleQueue[_Task | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()  # guards everything below
        self._unfinished = 0  # tasks
        self._workers: set[Worker] = set()
        self._starting: list[Worker] = []
        self._free: list[Worker] = []
        self._killed = 0  # pages in a row whose workers were killed
        self._closed: Exception | None = None  # why it was closed

    @property
    def slots(self) -> int:
        """How many batches are worked on at once."""
        return self._max_workers

    def submit(self, batch: Sequence[Item]) -> Future[list[Result]]:
        """Return a future of the results of a batch, in order.

        The future raises WorkerError if no worker can be started, or the error of a stage if the
        machine failed; in both cases it is unknown how far the batch got.

        Raises:
            WorkerError: no process or thread can be started.
        """
        future: Future[list[Result]] = Future()
        if self._closed is not None:
            future.set_exception(self._closed)
            return future
        with uninterrupted():
            with self._lock:
                self._unfinished += 1
                needs_worker = len(self._threads) < min(self._unfinished, self._max_workers)
            if needs_worker:
                # Started by the caller's thread, which continues while the worker loads.
                worker = self._start_worker()
                with self._lock:
                    self._starting.append(worker)
                self._start_thread()
            self._tasks.put(_Task(batch, future))
        return future

    def close(self, reason: Exception | None = None) -> None:
        """Kill all workers, even in the middle of a page; batches without results fail.

        Args:
            reason: raised by the futures that have no result yet.
        """
        with uninterrupted():
            with self._lock:
                self._closed = self._closed or reason or WorkerError("the run is over")
                workers = tuple(self._workers)
            for _ in self._threads:
                self._tasks.put(None)
            for worker in workers:
                worker.kill()
            for thread in self._threads:
                thread.join(EXIT_SECONDS)
            for worker in tuple(self._workers):
                self._discard(worker)
            while not self._tasks.empty():  # tasks that no thread has taken
                if (task := self._tasks.get()) is not None:
                    task.future.set_exception(self._closed)

    def _start_thread(self) -> None:
        thread = threading.Thread(target=self._run_tasks, name="reading", daemon=True)
        try:
            thread.start()
        except RuntimeError as error:
            if not self._threads:
                raise WorkerError(f"no thread can be started to read pages ({error})") from error
            return  # the other threads do the work
        self._threads.append(thread)

    def _run_tasks(self) -> None:
        """Run tasks until the pool is closed."""
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)  # left to the main thread
        while (task := self._tasks.get()) is not None:
            if not task.future.set_running_or_notify_cancel():
                continue
            try:
                results = self._results(task.batch)
            except BaseException as error:  # noqa: BLE001  the future raises it
                task.future.set_exception(error)
            else:
                task.future.set_result(results)
            with self._lock:
                self._unfinished -= 1

    def _results(self, batch: Sequence[Item]) -> list[Result]:
        results: list[Result] = []
        while len(results) < len(batch):
            message = _first_message(batch[len(results) :], self._job.size)
            if fault := self._add_results(results, message):
                results.append(self._try_alone(batch[len(results)], fault))
        return results

    def _add_results(self, results: list[Result], items: Sequence[Item]) -> ReadingError | None:
        """Add results until the worker fails; return the error of the next item, if any."""
        worker = self._ready_worker()
        try:
            for result in worker.results(items):
                results.append(result)
                self._killed = 0
        except ReadingError as fault:
            self._discard(worker)
            if self._closed is not None:
                raise self._closed from fault
            return fault
        except BaseException:
            self._discard(worker)
            raise
        with self._lock:
            self._free.append(worker)
        return None

    def _try_alone(self, item: Item, fault: ReadingError) -> Result:
        """Try an item again on which a worker failed; give up on it if that fails, too.

        The worker may have been killed by a person, or short of memory after other pages. There is
        no second try after too much CPU time.
        """
        results: list[Result] = []
        again: ReadingError | None = fault
        if not fault.is_certain:
            again = self._add_results(results, [item])
        if again is None:
            return results[0]
        if again.was_killed:
            self._count_killed()
        return self._job.failed(item, again)

    def _count_killed(self) -> None:
        with self._lock:
            self._killed += 1
            if self._killed >= MAX_KILLED:
                raise WorkerError(
                    "worker processes keep being killed from outside, which happens when the "
                    "machine is short of memory. Pages read so far are kept; run the command "
                    "again, with fewer --workers if memory is short"
                )

    def _ready_worker(self) -> Worker:
        """Return a free worker, or a new one.

        Raises:
            WorkerError: none can be started.
        """
        with self._lock:
            if self._closed is not None:
                raise self._closed
            if self._free:
                return self._free.pop()
        for _ in range(MAX_STARTS):
            with self._lock:
                worker = self._starting.pop() if self._starting else None
            worker = worker or self._start_worker()
            try:
                worker.wait_until_ready()
            except ReadingError as error:
                fault = error
                self._discard(worker)
            except BaseException:
                self._discard(worker)
                raise
            else:
                return worker
        raise WorkerError(
            f"worker processes end before their first page ({fault}), as happens with too little "
            f"memory (`ulimit -v`). Captures are kept; run the command again"
        )

    def _start_worker(self) -> Worker:
        with self._lock:  # so that none starts while ``close`` kills them
            if self._closed is not None:
                raise self._closed
            try:
                worker = Worker(self._setup)
            except OSError as error:
                raise WorkerError(
                    f"no process can be started to read pages ({error}). Captures are kept; run "
                    f"the command again when the machine has enough memory, processes and open "
                    f"files, or with fewer --workers"
                ) from error
            self._workers.add(worker)
        return worker

    def _discard(self, worker: Worker) -> None:
        worker.kill_and_wait()
        with self._lock:
            self._workers.discard(worker)


def _first_message(items: Sequence[Item], size_of: Callable[[Item], int]) -> Sequence[Item]:
    """Return the first items that fit into one message, at least one."""
    size = 0
    for count, item in enumerate(items):
        size += size_of(item)
        if size > MAX_MESSAGE and count:
            return items[:count]
    return items
