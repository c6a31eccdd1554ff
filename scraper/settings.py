"""Scrapy's settings: the order of the stages, and how gently we ask.

``thaigov`` and plain ``scrapy`` both use them. What an operator may want to change is read from
the environment: THAIGOV_DB, THAIGOV_CONTACT, THAIGOV_PERMISSION, THAIGOV_CHROMIUM.
"""

import os

from scraper import __version__

BOT_NAME = "thaigov"
SPIDER_MODULES = ["spiders"]

# The only place that orders the stages. Scrapy runs them for crawled pages; imports and reparse
# run the very same objects (scraper/stages.py).
ITEM_PIPELINES = {
    "pipelines.parse.Parse": 100,
    "pipelines.clean.Clean": 200,
    "pipelines.words.Words": 300,
    "pipelines.facts.Facts": 400,
    "pipelines.store.Store": 900,
}

# Reads pages in a worker process, so that no page can hold up a crawl (docs/decisions/0013).
ITEM_PROCESSOR = "scraper.crawl.page_reader.PageReader"
PAGE_WORKERS = 1  # processes that read the pages of a crawl; 0: the crawl's own, without bounds
PAGE_CPU_SECONDS = 30.0  # that reading a page may take; the longest real article: 1 s
PAGE_WALL_SECONDS = 300.0  # after which a worker that does not answer is given up
PAGE_MEMORY = 1024 * 1024 * 1024  # bytes that reading a page may take
# What a callback yields is handled one after the other: a spider asks on once its page is read.
CONCURRENT_ITEMS = 1

EXTENSIONS = {
    "scraper.crawl.shutdown.Shutdown": 50,
    "scraper.crawl.limits.RunLimits": 60,  # before the archive is opened: it may refuse the run
    "scraper.crawl.run.OpenArchive": 100,
    "scraper.crawl.report.CrawlProgress": 500,
    # Feeds (`scrapy crawl latest -O news.jsonl`) hold articles, not the bytes of pages.
    "scraper.crawl.export.ArticleFeeds": 0,
    "scrapy.extensions.feedexport.FeedExporter": None,  # in its place
    # Development aids that open ports or write memory figures.
    "scrapy.extensions.telnet.TelnetConsole": None,
}

SPIDER_MIDDLEWARES = {
    "scraper.crawl.pending_captures.ParsePendingFirst": 50,  # before the spider begins
}
DOWNLOADER = "scraper.crawl.downloader.CancellableDownloader"
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scraper.crawl.robots.Robots": 100,  # in its place
    "scraper.crawl.backoff.BackOff": 560,  # before Scrapy's own retries at 550
    "scraper.render.middleware.RenderShells": 570,  # after the original was captured
    "scraper.crawl.capture.CaptureResponses": 585,  # after decompression at 590
    "scraper.crawl.challenge.StopAtChallenge": 587,  # before it is captured as a page
    "scraper.crawl.truncated.RetryTruncated": 592,  # before decompression, which takes any start
    "scraper.crawl.redirects.KeepForeignRedirects": 610,  # before Scrapy's redirects at 600
    "scraper.crawl.limits.IndexPace": 620,  # next to the server: no repetition goes past it
    "scraper.crawl.capture.RememberPayload": 595,  # before it: the bytes as they came
}

# Pages that their scripts fill in go through the system's Chromium (docs/rendering.md).
DOWNLOAD_HANDLERS = dict.fromkeys(("http", "https"), "scraper.render.middleware.RenderingHandler")
CHROMIUM = os.environ.get("THAIGOV_CHROMIUM", "")
RENDER_TIMEOUT = 30.0  # seconds a page may take, in all
RENDER_MAX_REQUESTS = 60  # that a page may send to the site
RENDER_MAX_MEMORY = 1024 * 1024 * 1024  # bytes of its process; a common page: a quarter

# Who we are and how we behave. Loopback, where only practice sites live, is not slowed down
# (spiders/base.py).
CONTACT = os.environ.get("THAIGOV_CONTACT", "")
PERMISSION = os.environ.get("THAIGOV_PERMISSION", "")
USER_AGENT = f"thaigov/{__version__} (news archive; {CONTACT or 'no contact given'})"
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "thaigov"
ROBOTSTXT_PARSER = "scraper.crawl.robots_rules.RobotsRules"
CONCURRENT_REQUESTS = 1  # there is one host; what is not yet asked for can still be called off
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 2.0  # seconds between requests to one host, at least
DOWNLOAD_DELAY_JITTER = 0
INDEX_QUERIES_A_MINUTE = 24  # of a web archive, at most; 0 for any number
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 2.0
AUTOTHROTTLE_MAX_DELAY = 120.0
THAIGOV_BETWEEN = ""  # the hours in which a run may ask, such as 22:00-06:00 (Asia/Bangkok)
THAIGOV_MAX_REQUESTS = 0  # that a run may make; 0 for any number
DOWNLOAD_TIMEOUT = 60  # seconds for a whole answer
DOWNLOAD_VERIFY_CERTIFICATES = True  # what others slip in is not the site's
DOWNLOAD_MAXSIZE = 32 * 1024 * 1024  # bytes, decompressed; the largest article page is under 2 MB
RETRY_TIMES = 3
METAREFRESH_ENABLED = False  # a page that sends its reader on is a page all the same
BACKOFF_PAUSE = 60.0  # seconds to wait on 429 or 503 where the server does not say
COOKIES_ENABLED = False
# Only codings that every reader of WARC files undoes.
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5",
    "Accept-Language": "th,en;q=0.5",
    "Accept-Encoding": "gzip, deflate",
}

# Scrapy 2.19 opens a local HTTP server that runs Python by default: never in a cron job.
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False

# Relative to the folder the command is started in, like --db.
THAIGOV_DB = os.environ.get("THAIGOV_DB", "data/thaigov.db")
THAIGOV_SCOPE = "industry"
LOG_LEVEL = "INFO"
FEED_EXPORTERS = {"xml": "scraper.crawl.export.ArticleXml"}
FEED_EXPORT_ENCODING = "utf-8"  # Thai stays readable in JSON
# One line a page is told by our own report; Scrapy's dump of each item would repeat the article.
LOG_FORMATTER = "scraper.crawl.report.ShortLogFormatter"
