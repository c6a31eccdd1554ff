"""Runs the stages outside Scrapy: the same objects, in the order of ``ITEM_PIPELINES``.

All stages but the last are pure: a page in, the page out. So they can run in other processes;
only the store stage needs the archive.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from scraper.model import Outcome, Page
from scraper.settings import ITEM_PIPELINES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.model import Capture

STORE = "pipelines.store.Store"


class Stage(Protocol):
    """What a stage is: it completes the page and hands it on."""

    def process_item(self, item: Page) -> Page:
        """Return the page with what this stage adds."""


def pure_stages() -> list[Stage]:
    """Return new objects of every stage before the store, in order."""
    stages: list[Stage] = []
    for path, _ in sorted(ITEM_PIPELINES.items(), key=lambda entry: entry[1]):
        if path != STORE:
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
        except (OSError, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001  a bug of ours costs one page, not an import
            return crashed(page.capture, type(stage).__name__.lower(), error)
    return page


def crashed(capture: Capture, stage: str, error: BaseException) -> Page:
    """Return the page of a capture that a stage failed on: unparsed, with the reason."""
    page = Page(capture=capture, outcome=Outcome.UNPARSED)
    page.add_problem(stage, "stage-crashed", f"{type(error).__name__}: {error}")
    return page
