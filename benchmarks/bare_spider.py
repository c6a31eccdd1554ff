"""The least that a crawl can be: Scrapy downloads pages and selects the article's block.

``python -m benchmarks.bare_spider URL FIRST LAST`` prints how many blocks it found. It stores
nothing and asks for one page at a time, as ours does.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import scrapy
from scrapy.crawler import CrawlerProcess

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from scrapy.http import Response

SETTINGS = {
    "CONCURRENT_REQUESTS": 1,
    "DOWNLOAD_DELAY": 0,
    "LOG_LEVEL": "ERROR",
    "REMOTE_CONTROL_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
}


class BareSpider(scrapy.Spider):
    """Visits a range of article numbers."""

    name = "bare"
    found = 0

    async def start(self) -> AsyncIterator[Any]:
        """Request every number."""
        url, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
        for number in range(first, last + 1):
            yield scrapy.Request(f"{url}/news/contents/details/{number}")

    def parse(self, response: Response) -> Iterator[dict[str, str]]:
        """Yield the block's text."""
        text = "\n".join(response.css("div.border-normal.clearfix ::text").getall()).strip()
        if text:
            BareSpider.found += 1
            yield {"url": response.url, "text": text}


if __name__ == "__main__":
    process = CrawlerProcess(SETTINGS)
    process.crawl(BareSpider)
    process.start()
    print(BareSpider.found)
