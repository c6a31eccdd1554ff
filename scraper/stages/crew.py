"""Some worker processes that read pages; one that ends is replaced, and its pages are not lost.

A thread of the parent looks after each worker, so that neither the archive's work nor Scrapy's
reactor waits for a page. The worker hands back one page after the other: those that came are
read, the next one is the page that it failed on, and the others are given to a new worker.
"""

from __future__ import annotations

import signal
import threading
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TYPE_CHECKING, NamedTuple

from scraper import settings
from scraper.stages.bounds import Bounds, ReadingError
from scraper.stages.child import Order
from scraper.stages.in_process import pure_paths
from scraper.stages.signals import ENDING, uninterrupted
from scraper.stages.worker import DYING_SECONDS, Worker, WorkerError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.model import Capture, Page

PORTION = 8 << 20  # bytes of captures that a worker is given at once
MOST_STARTS = 3  # workers in a row that die before their first page
MOST_KILLED = 3  # pages in a row whose workers were killed from outside


class _Task(NamedTuple):
    """Captures to read, and where their pages go."""

    captures: Sequence[Capture]
    future: Future[list[Page]]


class Crew:
    """Worker processes that read pages within bounds.

    Args:
        workers: how many processes at most; they are started when there is work for them.
        bounds: of each page; default those of the settings.
        stages: import paths of the stages; default the pure ones of ``ITEM_PIPELINES``.
    """

    def __init__(
        self, workers: int, bounds: Bounds | None = None, stages: Sequence[str] | None = None
    ) -> None:
        self._most = workers
        self._order = Order(
            tuple(pure_paths() if stages is None else stages), bounds or Bounds.of(vars(settings))
        )
        self._tasks: SimpleQueue[_Task | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()  # of all that follows
        self._unfinished = 0  # tasks
        self._workers: set[Worker] = set()
        self._starting: list[Worker] = []
        self._free: list[Worker] = []
        self._killed = 0  # pages in a row
        self._reason: Exception | None = None  # why nothing is read any more

    def submit(self, captures: Sequence[Capture]) -> Future[list[Page]]:
        """Return the pages of captures to come, in order, without the bytes of their captures.

        The future raises WorkerError where no worker can be had, and what a stage raised about
        the machine; in both cases the captures are unread.

        Raises:
            WorkerError: no process or thread can be started.
        """
        future: Future[list[Page]] = Future()
        if self._reason is not None:
            future.set_exception(self._reason)
            return future
        with uninterrupted():
            with self._lock:
                self._unfinished += 1
                is_short = len(self._threads) < min(self._unfinished, self._most)
            if is_short:
                # The first workers by the caller's thread: while they start, it goes on.
                worker = self._start_worker()
                with self._lock:
                    self._starting.append(worker)
                self._start_thread()
            self._tasks.put(_Task(captures, future))
        return future

    def close(self, reason: Exception | None = None) -> None:
        """End all workers, also in the middle of a page; what is not read yet fails.

        Args:
            reason: what the futures raise that have no result yet.
        """
        with uninterrupted():
            with self._lock:
                self._reason = self._reason or reason or WorkerError("the run is over")
                workers = tuple(self._workers)
            for _ in self._threads:
                self._tasks.put(None)
            for worker in workers:
                worker.kill()
            for thread in self._threads:
                thread.join(DYING_SECONDS)
            for worker in tuple(self._workers):
                self._dismiss(worker)
            while not self._tasks.empty():  # no thread was left for it
                if (task := self._tasks.get()) is not None:
                    task.future.set_exception(self._reason)

    def _start_thread(self) -> None:
        thread = threading.Thread(target=self._serve, name="reading", daemon=True)
        try:
            thread.start()
        except RuntimeError as error:
            if not self._threads:
                raise WorkerError(f"no thread can be started to read pages ({error})") from error
            return  # the others do the work
        self._threads.append(thread)

    def _serve(self) -> None:
        """Take one task after the other: the life of a thread."""
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)  # they are the main thread's
        while (task := self._tasks.get()) is not None:
            if not task.future.set_running_or_notify_cancel():
                continue
            try:
                pages = self._read(task.captures)
            except BaseException as error:  # noqa: BLE001  whoever waits raises it
                task.future.set_exception(error)
            else:
                task.future.set_result(pages)
            with self._lock:
                self._unfinished -= 1

    def _read(self, captures: Sequence[Capture]) -> list[Page]:
        pages: list[Page] = []
        while len(pages) < len(captures):
            rest = captures[len(pages) :]
            if fault := self._add_pages(pages, _portion(rest)):
                pages.append(self._read_alone(captures[len(pages)], fault))
        return pages

    def _add_pages(self, pages: list[Page], captures: Sequence[Capture]) -> ReadingError | None:
        """Read captures as far as one worker gets; return what it failed on, if anything."""
        worker = self._worker()
        try:
            for page in worker.read(captures):
                pages.append(page)
                self._killed = 0
        except ReadingError as fault:
            self._dismiss(worker)
            if self._reason is not None:
                raise self._reason from fault
            return fault
        except BaseException:
            self._dismiss(worker)
            raise
        with self._lock:
            self._free.append(worker)
        return None

    def _read_alone(self, capture: Capture, fault: ReadingError) -> Page:
        """Read a page that a worker failed on by itself; set it aside if that fails, too.

        The worker may have been ended by a person, or have been short of memory after other
        pages. A page that took too much CPU time would only do so again.
        """
        pages: list[Page] = []
        again: ReadingError | None = fault
        if not fault.is_certain:
            again = self._add_pages(pages, [capture])
        if again is None:
            return pages[0]
        if again.was_killed:
            self._count_killed()
        page = again.set_aside(capture)
        page.capture = capture.model_copy(update={"body": b""})
        return page

    def _count_killed(self) -> None:
        with self._lock:
            self._killed += 1
            if self._killed >= MOST_KILLED:
                raise WorkerError(
                    "worker processes are ended from outside again and again, as a machine short "
                    "of memory does. What was read is kept; run the command again, with fewer "
                    "--workers if it was memory"
                )

    def _worker(self) -> Worker:
        """Return a worker that is ready for work, a new one if there is none.

        Raises:
            WorkerError: none can be started.
        """
        with self._lock:
            if self._reason is not None:
                raise self._reason
            if self._free:
                return self._free.pop()
        for _ in range(MOST_STARTS):
            with self._lock:
                worker = self._starting.pop() if self._starting else None
            worker = worker or self._start_worker()
            try:
                worker.greet()
            except ReadingError as error:
                fault = error
                self._dismiss(worker)
            except BaseException:
                self._dismiss(worker)
                raise
            else:
                return worker
        raise WorkerError(
            f"worker processes end before their first page ({fault}). What was captured is kept; "
            f"run the command again"
        )

    def _start_worker(self) -> Worker:
        with self._lock:  # so that none is started behind the back of ``close``
            if self._reason is not None:
                raise self._reason
            try:
                worker = Worker(self._order)
            except OSError as error:
                raise WorkerError(
                    f"no process can be started to read pages ({error}). What was captured is "
                    f"kept; run the command again when the machine has memory, processes and open "
                    f"files to spare, or with fewer --workers"
                ) from error
            self._workers.add(worker)
        return worker

    def _dismiss(self, worker: Worker) -> None:
        worker.dismiss()
        with self._lock:
            self._workers.discard(worker)


def _portion(captures: Sequence[Capture]) -> Sequence[Capture]:
    """Return the first captures that are not too large together, at least one."""
    size = 0
    for count, capture in enumerate(captures):
        size += len(capture.body)
        if size > PORTION and count:
            return captures[:count]
    return captures
