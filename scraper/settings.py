"""Scrapy's settings: the order of the stages, and the pace and limits of a crawl.

Both ``thaigov`` and plain ``scrapy`` use them. Operators set these by environment variables:
THAIGOV_DB, THAIGOV_CONTACT, THAIGOV_PERMISSION, THAIGOV_CHROMIUM.
"""

import os

from scraper import __version__

BOT_NAME = "thaigov"
SPIDER_MODULES = ["spiders"]

# The only place that orders the stages. Scrapy runs them for crawled pages; imports and reparse
# run objects of the same classes (scraper/stages/).
ITEM_PIPELINES = {
    "pipelines.parse.Parse": 100,
    "pipelines.clean.Clean": 200,
    "pipelines.words.Words": 300,
    "pipelines.facts.Facts": 400,
    "pipelines.store.Store": 900,
}

# Reads pages in a worker process, so that no page can block a crawl (docs/decisions/0013).
ITEM_PROCESSOR = "scraper.crawl.page_reader.PageReader"
PAGE_WORKERS = 1  # processes that read the pages of a crawl; 0: the crawl's own, without bounds
PAGE_CPU_SECONDS = 30.0  # per page; the longest real article takes 1 s
PAGE_WALL_SECONDS = 300.0  # per page, until a worker that does not answer is killed
PAGE_MEMORY = 1024 * 1024 * 1024  # bytes per page
# What a callback yields is handled in order: a page is read before the next request is made.
CONCURRENT_ITEMS = 1

EXTENSIONS = {
    "scraper.crawl.shutdown.Shutdown": 50,
    "scraper.crawl.limits.RunLimits": 60,  # before the archive is opened: it may refuse the run
    "scraper.crawl.run.CrawlWriter": 100,
    "scraper.crawl.report.CrawlProgress": 500,
    # Feeds (`scrapy crawl latest -O news.jsonl`) contain articles, not the bytes of pages.
    "scraper.crawl.export.ArticleFeeds": 0,
    "scrapy.extensions.feedexport.FeedExporter": None,  # replaced by ArticleFeeds
    # Development aids that open ports or write memory figures.
    "scrapy.extensions.telnet.TelnetConsole": None,
}

SPIDER_MIDDLEWARES = {
    "scraper.crawl.pending_captures.ParsePendingFirst": 50,  # before the spider starts
}
DOWNLOADER = "scraper.crawl.downloader.CancellableDownloader"
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scraper.crawl.robots.Robots": 100,  # instead
    "scraper.crawl.backoff.BackOff": 560,  # before Scrapy's own retries at 550
    "scraper.render.middleware.RenderShells": 570,  # after the original is captured
    "scraper.crawl.capture.CaptureResponses": 585,  # after decompression at 590
    "scraper.crawl.challenge.StopAtChallenge": 587,  # before CaptureResponses sees the answer
    "scraper.crawl.truncated.RetryTruncated": 592,  # before decompression, which accepts cut data
    "scraper.crawl.redirects.KeepForeignRedirects": 610,  # before Scrapy's redirects at 600
    "scraper.crawl.limits.IndexPace": 620,  # last, so that it sees every retry
    "scraper.crawl.capture.RememberPayload": 595,  # before decompression: the bytes as received
}

# Pages filled in by scripts are rendered by the system's Chromium (docs/rendering.md).
DOWNLOAD_HANDLERS = dict.fromkeys(("http", "https"), "scraper.render.middleware.RenderingHandler")
CHROMIUM = os.environ.get("THAIGOV_CHROMIUM", "")
RENDER_TIMEOUT = 30.0  # seconds per page, in total
RENDER_MAX_REQUESTS = 60  # per page, to the site
RENDER_MAX_MEMORY = 1024 * 1024 * 1024  # bytes per browser process; most pages need a quarter

# Who we are and how we behave. Practice sites, on loopback addresses, are crawled without delay
# (spiders/base.py).
CONTACT = os.environ.get("THAIGOV_CONTACT", "")
PERMISSION = os.environ.get("THAIGOV_PERMISSION", "")
USER_AGENT = f"thaigov/{__version__} (news archive; {CONTACT or 'no contact given'})"
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "thaigov"
ROBOTSTXT_PARSER = "scraper.crawl.robots_rules.RobotsRules"
CONCURRENT_REQUESTS = 1  # one host; waiting requests can still be cancelled
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 2.0  # least seconds between requests to one host
DOWNLOAD_DELAY_JITTER = 0
INDEX_QUERIES_A_MINUTE = 24  # to a web archive, at most; 0: no limit
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 2.0
AUTOTHROTTLE_MAX_DELAY = 120.0
THAIGOV_BETWEEN = ""  # hours in which a run may send requests, such as 22:00-06:00 (Bangkok)
THAIGOV_MAX_REQUESTS = 0  # per run; 0: no limit
DOWNLOAD_TIMEOUT = 60  # seconds for a whole answer
DOWNLOAD_VERIFY_CERTIFICATES = True  # only the site itself may answer
DOWNLOAD_MAXSIZE = 32 * 1024 * 1024  # bytes, decompressed; the largest article page is under 2 MB
RETRY_TIMES = 3
METAREFRESH_ENABLED = False  # a page that redirects its reader is captured as a page
BACKOFF_PAUSE = 60.0  # seconds to wait after 429 or 503 if the server does not say how long
COOKIES_ENABLED = False
# Only content encodings that every reader of WARC files can decode.
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5",
    "Accept-Language": "th,en;q=0.5",
    "Accept-Encoding": "gzip, deflate",
}

# By default Scrapy 2.19 opens a local HTTP server that runs Python code: not in a cron job.
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False

# Relative to the working directory, like --db.
THAIGOV_DB = os.environ.get("THAIGOV_DB", "data/thaigov.db")
THAIGOV_SCOPE = "industry"
LOG_LEVEL = "INFO"
FEED_EXPORTERS = {"xml": "scraper.crawl.export.ArticleXml"}
FEED_EXPORT_ENCODING = "utf-8"  # Thai stays readable in JSON
# Our own report logs one line per page; Scrapy's dump of each item would repeat the article.
LOG_FORMATTER = "scraper.crawl.report.ShortLogFormatter"
