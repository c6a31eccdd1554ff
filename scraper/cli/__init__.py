"""The ``thaigov`` command: each command is loaded when it is called, errors become exit codes.

0 done                     3 done, but an expectation was not met
1 failed                   4 refused or blocked
2 usage                    5 another run holds the lock
141 the reader of the output closed it; the work itself is done
"""

from __future__ import annotations

import click

from scraper import __version__
from scraper.cli.group import LazyCommand, ThaigovGroup
from scraper.cli.stopping import stop_on_signals

COMMANDS = {
    "browse": LazyCommand(
        "scraper.cli.browse:browse",
        "Serve the archive as a web site: search, articles, tables, SQL and feeds.",
    ),
    "check": LazyCommand(
        "scraper.cli.check:check",
        "Report what is wrong with the archive, one sentence each; exit code 3 if anything is.",
    ),
    "check-page": LazyCommand(
        "scraper.cli.check_page:check_page",
        "Show what the parser finds on a page and what it misses.",
    ),
    "concordance": LazyCommand(
        "scraper.cli.concordance:concordance",
        "Print every occurrence of a term with the text around it, newest article first.",
    ),
    "crawl": LazyCommand(
        "scraper.cli.crawl:crawl",
        "Fetch new articles with the spider LATEST, or a range of numbers with NUMBERS.",
    ),
    "demo": LazyCommand(
        "scraper.cli.demo:demo",
        "Crawl the bundled practice site over HTTP and compare the archive with the truth.",
    ),
    "doctor": LazyCommand(
        "scraper.cli.doctor:doctor",
        "Check that this machine is ready to crawl; exit code 3 if something needs fixing.",
    ),
    "export": LazyCommand(
        "scraper.cli.export:export",
        "Write articles and their facts to OUT in another program's format.",
    ),
    "import": LazyCommand(
        "scraper.cli.importing:import_group", "Import corpora and WARC files that others collected."
    ),
    "merge": LazyCommand(
        "scraper.cli.merge:merge",
        "Join the archives of several crawlers into the one that --db names.",
    ),
    "recover": LazyCommand(
        "scraper.cli.recover:recover",
        "Fetch articles from web archives; a stored copy is never fetched twice.",
    ),
    "reparse": LazyCommand(
        "scraper.cli.reparse:reparse_command",
        "Read stored captures again with the current parsers and report what changed.",
    ),
    "schedule": LazyCommand(
        "scraper.cli.schedule:schedule",
        "Print a schedule: daily crawl, weekly deeper crawl, check, snapshot if wanted.",
    ),
    "search": LazyCommand("scraper.cli.search:search", "Find articles by any piece of their text."),
    "show": LazyCommand(
        "scraper.cli.show:show",
        "Show an article, its dates, its ministry with the evidence, and its captures.",
    ),
    "snapshot": LazyCommand(
        "scraper.cli.snapshot:snapshot",
        "Copy the archive into the one file OUT: consistent, compact, checked, read-only.",
    ),
    "status": LazyCommand(
        "scraper.cli.status:status",
        "Show what is in the archive, its backlog, and how the last runs went.",
    ),
    "verify": LazyCommand(
        "scraper.cli.verify:verify_command",
        "Check that the database and the WARC files agree; exit code 3 if anything is wrong.",
    ),
    "watch": LazyCommand(
        "scraper.cli.watch:watch_group",
        "Save questions, and report what is new or changed for each since its last report.",
    ),
    "words": LazyCommand(
        "scraper.cli.words:words",
        "Count a term per month, year or ministry, find the words near it, or compare two periods.",
    ),
}


@click.group(
    cls=ThaigovGroup, lazy=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__)
def main() -> None:
    """Build, search and read an archive of Thai government industry news."""
    stop_on_signals()
