"""``thaigov demo``: crawls the practice site and compares the archive with the truth."""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path

import click

from scraper.archive.database import open_for_reading, real_path, warc_folder
from scraper.cli.crawl import run_spider
from scraper.cli.options import create_option, print_run
from scraper.model import Scope
from scraper.practice.judge.compare import differences
from scraper.practice.server.http import serve
from scraper.practice.site.still import PracticeSite
from scraper.terminal import line, say
from scraper.warc.own_files import files_of

TRY = """
Three things to try:

  {program} search 'โรงงาน OR "อุตสาหกรรม"' --db {db}
  {program} status --db {db}
  sqlite3 {db} "SELECT published_on, ministry, title FROM articles
    WHERE id IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'จังหวัด') LIMIT 5"

To read and search it in a web browser (Ctrl-C stops it):

  {program} browse --db {db} --open
"""

DEMO_DB = Path("data/demo/thaigov.db")


def _remove_archive(db: Path) -> None:
    """Remove an archive and its captures, and nothing else in the folder."""
    for path in files_of(warc_folder(db), real_path(db).stem):
        path.unlink()
    for suffix in ("", "-wal", "-shm"):
        db.with_name(db.name + suffix).unlink(missing_ok=True)


@click.command()
@click.option(
    "--size", default=240, show_default=True, type=click.IntRange(20), help="Number of pages."
)
@click.option(
    "--db",
    type=click.Path(path_type=Path, dir_okay=False),
    is_eager=True,
    default=DEMO_DB,
    show_default=True,
    help="Archive to create; only an earlier demo at the default path is replaced.",
)
@create_option
@click.pass_context
def demo(ctx: click.Context, size: int, db: Path) -> None:
    """Crawl the bundled practice site over HTTP and compare the archive with the truth."""
    if db.exists() and db != DEMO_DB:
        raise click.UsageError(f"{db} exists already; choose a new file for the demo")
    _remove_archive(db)
    site = PracticeSite(size=size)
    say(f"Crawling a practice site of {size:,} pages over HTTP …")
    begun = time.monotonic()
    with serve(site) as server:
        arguments = {"site": server.url, "first": str(site.first), "last": str(site.last)}
        run_id, exit_code = run_spider("numbers", arguments, db, Scope.ALL, "WARNING")
    print_run(db, run_id, as_json=False)
    say(f"Captures: {warc_folder(db)}. Took {time.monotonic() - begun:.1f} s.")
    with open_for_reading(db) as archive:
        found = list(differences(archive.conn, site))
    for difference in found[:20]:
        say(line(difference), err=True)
    if found:
        say(f"{len(found)} differences between the archive and the truth.", err=True)
        ctx.exit(3)
    say("Every article equals the truth of the practice site.")
    say(TRY.format(program=_program(), db=db))
    ctx.exit(exit_code)


def _program() -> str:
    """Return what to type to call this program from the current folder."""
    called = Path(sys.argv[0])
    if called.name != "thaigov" or shutil.which("thaigov") == str(called):
        return "thaigov"
    return os.path.relpath(called)
