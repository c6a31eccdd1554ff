"""Runs the stages outside Scrapy: the same objects, in the order of ``ITEM_PIPELINES``.

All stages before the store are pure: a page in, the page out. So they can run in other processes
(``scraper.reading``); only the store stage needs the archive.
"""

from __future__ import annotations

import errno
from importlib import import_module
from itertools import takewhile
from typing import TYPE_CHECKING, Protocol

from scraper.model import Outcome, Page
from scraper.settings import ITEM_PIPELINES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scraper.model import Capture

STORE = "pipelines.store.Store"
# Errors of the operating system that say nothing about the page: the next one would fail, too.
MACHINE_ERRNO = frozenset(
    {errno.EACCES, errno.EDQUOT, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOENT, errno.ENOMEM,
     errno.ENOSPC, errno.EPERM, errno.EROFS}
)  # fmt: skip


class Stage(Protocol):
    """What a stage is: it completes the page and hands it on."""

    def process_item(self, item: Page) -> Page:
        """Return the page with what this stage adds."""


def before_store(paths: Iterable[str]) -> tuple[str, ...]:
    """Return the import paths of the pure stages, given those of all stages in order."""
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


def run(stages: Sequence[Stage], page: Page) -> Page:
    """Send a page through stages; one that a stage fails on comes back as ``crashed`` makes it.

    Raises:
        OSError, MemoryError: it is the machine that failed; the page can be read on another day.
    """
    for stage in stages:
        try:
            page = stage.process_item(page)
        except MemoryError:
            raise
        except Exception as error:
            if is_machine_fault(error):
                raise
            return crashed(page.capture, type(stage).__name__.lower(), error)
    return page


def is_machine_fault(error: Exception) -> bool:
    """Return whether an error of a stage is about the machine and not about the page.

    Some functions raise OSError for a value they cannot handle, such as a time stamp. Such a page
    would end every run if that counted as a fault of the machine.
    """
    return isinstance(error, OSError) and (
        error.filename is not None or error.errno in MACHINE_ERRNO
    )


def crashed(capture: Capture, stage: str, error: BaseException) -> Page:
    """Return the page of a capture that a stage failed on: unparsed, with the reason."""
    page = Page(capture=capture, outcome=Outcome.UNPARSED)
    page.add_problem(stage, "stage-crashed", f"{type(error).__name__}: {error}")
    return page
