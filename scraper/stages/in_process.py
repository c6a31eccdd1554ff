"""Runs the stages outside Scrapy: the same objects, in the order of ``ITEM_PIPELINES``.

All stages before the store are pure (a page in, the page out), so they can run in worker
processes; only the store stage needs the archive.
"""

from __future__ import annotations

import errno
from importlib import import_module
from itertools import takewhile
from typing import TYPE_CHECKING, Protocol

from scraper import timing
from scraper.model import Outcome, Page
from scraper.settings import ITEM_PIPELINES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scraper.model import Capture

STORE = "pipelines.store.Store"
# Errors of the operating system that are not about the page: the next one would fail, too.
MACHINE_ERRNO = frozenset(
    {errno.EACCES, errno.EDQUOT, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOENT, errno.ENOMEM,
     errno.ENOSPC, errno.EPERM, errno.EROFS}
)  # fmt: skip


class Stage(Protocol):
    """A step that adds something to a page."""

    def process_item(self, item: Page) -> Page:
        """Return the page with what this stage adds to it."""


def before_store(paths: Iterable[str]) -> tuple[str, ...]:
    """Return the pure stages among the import paths of all stages in order."""
    return tuple(takewhile(lambda path: path != STORE, paths))


def pure_paths() -> tuple[str, ...]:
    """Return the import paths of the pure stages of ``ITEM_PIPELINES``, in order."""
    return before_store(sorted(ITEM_PIPELINES, key=lambda path: ITEM_PIPELINES[path]))


def pure_stages(paths: Iterable[str] | None = None) -> list[Stage]:
    """Return new stage objects, in order.

    Args:
        paths: import paths of their classes; default the pure ones of ``ITEM_PIPELINES``.
    """
    stages: list[Stage] = []
    for path in pure_paths() if paths is None else paths:
        module, name = path.rsplit(".", 1)
        stages.append(getattr(import_module(module), name)())
    return stages


def run_stages(stages: Sequence[Stage], page: Page) -> Page:
    """Send a page through stages; return ``crashed_page`` if one raises an error.

    Raises:
        OSError, MemoryError: the machine failed, not the page; the page can be read later.
    """
    for stage in stages:
        try:
            with timing.part(type(stage).__name__.lower()):
                page = stage.process_item(page)
        except MemoryError:
            raise
        except Exception as error:
            if is_machine_fault(error):
                raise
            return crashed_page(page.capture, type(stage).__name__.lower(), error)
    return page


def is_machine_fault(error: Exception) -> bool:
    """Return whether an error of a stage is about the machine and not about the page.

    Some functions raise OSError for a value they cannot handle, such as a time stamp. If that
    counted as a fault of the machine, such a page would end every run.
    """
    return isinstance(error, OSError) and (
        error.filename is not None or error.errno in MACHINE_ERRNO
    )


def crashed_page(capture: Capture, stage: str, error: BaseException) -> Page:
    """Return the page of a capture on which a stage failed: unparsed, with the reason."""
    page = Page(capture=capture, outcome=Outcome.UNPARSED)
    page.add_problem(stage, "stage-crashed", f"{type(error).__name__}: {error}")
    return page


def read_page(stages: Sequence[Stage], capture: Capture) -> Page:
    """Run a capture through stages and return its page, without the capture's bytes."""
    page = run_stages(stages, Page(capture=capture))
    page.capture = without_body(page.capture)
    return page


def without_body(capture: Capture) -> Capture:
    """Return a capture without its bytes, which the receiver of its page already has."""
    return capture.model_copy(update={"body": b""})
