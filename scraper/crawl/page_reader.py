"""Parses the pages of a crawl in a worker process, so that no page can block the reactor.

Scrapy sends each page through the stages of ``ITEM_PIPELINES``. This item processor runs those
before the store in a worker, in the same order, and leaves the others to Scrapy.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from scrapy.pipelines import ItemPipelineManager
from scrapy.utils.python import global_object_name

from scraper.archive.writer import ArchiveWriter
from scraper.model import Page
from scraper.stages.bounds import PageBounds
from scraper.stages.in_process import before_store, pure_stages, run_stages
from scraper.stages.jobs import ReadPages
from scraper.stages.pool import WorkerPool

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrapy.crawler import Crawler

    from scraper.model import Capture
    from scraper.stages.in_process import Stage


class PageReader(ItemPipelineManager):
    """Scrapy's item pipelines, with the stages before the store in a worker process.

    With ``PAGE_WORKERS = 0``, and in a run without an archive (``scrapy shell``), all stages run in
    this process, without limits on time and memory.
    """

    def __init__(self, *stages: Any, crawler: Crawler) -> None:
        paths = [global_object_name(type(stage)) for stage in stages]
        pure = before_store(paths)
        self._here: Sequence[Stage] | None = None
        self._crew: WorkerPool[Capture, Page] | None = None
        workers = crawler.settings.getint("PAGE_WORKERS")
        if workers and crawler.get_extension(ArchiveWriter) is not None:
            bounds = PageBounds.from_settings(crawler.settings)
            self._crew = WorkerPool(ReadPages(pure), workers, bounds)
            stages = stages[len(pure) :]
        super().__init__(*stages, crawler=crawler)

    @classmethod
    def of(cls, crawler: Crawler) -> PageReader:
        """Return the page reader of a run.

        Raises:
            TypeError: the setting ITEM_PROCESSOR names another class.
        """
        reader = crawler.engine.scraper.itemproc
        if not isinstance(reader, cls):
            raise TypeError(
                f"the setting ITEM_PROCESSOR names {type(reader)}, which is not a PageReader"
            )
        return reader

    async def read(self, capture: Capture) -> Page:
        """Run the stages before the store on a capture and return the page.

        Raises:
            WorkerError: no worker could be started.
            OSError, MemoryError: a stage failed because of the machine.
        """
        if self._crew is None:
            self._here = self._here or pure_stages()
            return run_stages(self._here, Page(capture=capture))
        (page,) = await asyncio.wrap_future(self._crew.submit([capture]))
        page.capture = capture  # the worker returns it without its bytes
        return page

    async def process_item_async(self, item: Any) -> Any:
        """Run all stages on an item and return it."""
        if self._crew is not None and isinstance(item, Page) and item.outcome is None:
            item = await self.read(item.capture)
        return await super().process_item_async(item)

    async def close_spider_async(self) -> None:
        """End the worker and close the stages."""
        self.abandon(None)
        await super().close_spider_async()

    def abandon(self, reason: Exception | None) -> None:
        """Stop parsing; pages not parsed yet, also the current one, fail with the reason."""
        if self._crew is not None:
            self._crew.close(reason)
