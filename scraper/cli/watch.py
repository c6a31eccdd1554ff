"""``thaigov watch``: saves questions, and tells what is new or changed for each."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from scraper.archive.database import explain_errors, open_for_reading, open_for_writing
from scraper.archive.lock import WriterLock
from scraper.cli.filters import filter_options
from scraper.cli.on_failure import VARIABLE, note, on_failure_option, run_hook
from scraper.cli.options import db_option, json_option
from scraper.cli.streams import Streams
from scraper.errors import ReportedError
from scraper.search.engine import Filters
from scraper.terminal import line, print_json, print_table, say
from scraper.watches.messages import MESSAGES
from scraper.watches.news import find_news, mark_told
from scraper.watches.saved import add_watch, find_watch, remove_watch, saved_watches

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sqlite_utils import Database

    from scraper.watches.news import WatchNews
    from scraper.watches.saved import Watch

NOTIFY_VARIABLE = "THAIGOV_NOTIFY"


@click.group("watch")
def watch_group() -> None:
    """Save questions, and report what is new or changed for each since its last report."""


@contextmanager
def _alone(db: Path) -> Iterator[Database]:
    """Open an existing archive for writing, while no other run writes to it."""
    open_for_reading(db).close()
    lock = WriterLock(db, is_run=False)
    try:
        archive = open_for_writing(db)
        try:
            with explain_errors(db):
                yield archive
        finally:
            archive.close()
    finally:
        lock.release()


@watch_group.command()
@click.argument("name")
@click.argument("query", nargs=-1, metavar="[QUERY]...")
@filter_options
@click.option("--existing", is_flag=True, help="Also report today's matches at the next run.")
@db_option
def add(name: str, query: tuple[str, ...], filters: Filters, existing: bool, db: Path) -> None:
    """Save a question under NAME: a query and filters, as for search.

    Articles that match today count as already reported.
    """
    text = " ".join(query) if query else None
    if text is None and filters == Filters():
        raise click.UsageError("which QUERY? Or choose articles with a filter such as --ministry")
    try:
        f"{name}{text}".encode()
    except UnicodeEncodeError:
        raise click.UsageError("NAME or QUERY is not valid UTF-8") from None
    with _alone(db) as archive:
        count = add_watch(archive, name, text, filters, existing=existing)
    counted = f"{count:,} article{'' if count == 1 else 's'}"
    told = "will be reported at the next run" if existing else "count as reported"
    say(f"Watching {line(name)}: {counted} that match today {told}")


@watch_group.command("list")
@db_option
@json_option
def list_watches(db: Path, as_json: bool) -> None:
    """List the saved questions, and when each was last reported."""
    with open_for_reading(db) as archive:
        watches = saved_watches(archive)
    if as_json:
        print_json(
            [{key: value for key, value in asdict(w).items() if key != "id"} for w in watches]
        )
    elif watches:
        rows = [
            {
                "name": watch.name,
                "question": watch.question,
                "saved": watch.created_at,
                "last told": watch.told_at or "never",
            }
            for watch in watches
        ]
        print_table("", rows)
    else:
        say("No question is saved; `thaigov watch add` saves one")


@watch_group.command()
@click.argument("name")
@db_option
def remove(name: str, db: Path) -> None:
    """Remove a saved question."""
    with _alone(db) as archive:
        remove_watch(archive, name)
    say(f"{line(name)} is no longer watched")


@watch_group.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--format",
    "form",
    type=click.Choice(list(MESSAGES)),
    default="text",
    show_default=True,
    help="Format of the message.",
)
@click.option(
    "--notify",
    metavar="COMMAND",
    envvar=NOTIFY_VARIABLE,
    help="Shell command to run for each question with news; it gets the message on standard input. "
    f"{NOTIFY_VARIABLE} also sets it.",
)
@click.option("--dry-run", is_flag=True, help="Print the message, and report it again next time.")
@click.option(
    "--catch-up", is_flag=True, help="Report nothing; all current matches count as reported."
)
@on_failure_option
@db_option
@click.pass_context
def run(
    ctx: click.Context,
    names: tuple[str, ...],
    form: str,
    notify: str | None,
    dry_run: bool,
    catch_up: bool,
    db: Path,
) -> None:
    """Report what is new or changed for each saved question, or for those named.

    Without --notify one message is printed. Nothing is reported twice, unless the command or the
    output fails: then the next run reports it again.
    """
    if dry_run and catch_up:
        raise click.UsageError("--dry-run stores nothing, and --catch-up only stores; choose one")
    if dry_run:
        with open_for_reading(db) as archive, explain_errors(db):
            found, faults = _find_all(archive, names)
            _print(found, form)
    else:
        with _alone(db) as archive:
            found, faults = _find_all(archive, names)
            mark_told(archive, (news for news in found if not news.items or catch_up))
            if catch_up:
                for news in found:
                    say(f"{line(news.summary)}, not reported")
            elif notify:
                faults += _notify_each(archive, found, form, notify, db)
            else:
                _print(found, form)
                if _is_written(ctx):
                    mark_told(archive, (news for news in found if news.items))
    ctx.exit(1 if faults else 0)


def _find_all(archive: Database, names: Sequence[str]) -> tuple[list[WatchNews], int]:
    """Return the news of each question, and how many questions could not be asked."""
    found, faults = [], 0
    for watch in _chosen(archive, names):
        try:
            found.append(find_news(archive, watch))
        except ReportedError as error:
            _report(f"{watch.name} could not be searched: {error}")
            faults += 1
    return found, faults


def _chosen(archive: Database, names: Sequence[str]) -> list[Watch]:
    if not names:
        return saved_watches(archive)
    return [find_watch(archive, name) for name in dict.fromkeys(names)]


def _print(found: Sequence[WatchNews], form: str) -> None:
    """Print one message about all questions with news; programs get one even if there are none."""
    if message := MESSAGES[form]([news for news in found if news.items]):
        say(message.rstrip("\n"))


def _is_written(ctx: click.Context) -> bool:
    """Return whether the output reached its reader.

    Raises:
        OutputError: it is lost.
    """
    if not isinstance(ctx.obj, Streams):
        return True
    ctx.obj.check()
    return ctx.obj.exit_code(0) == 0


def _notify_each(
    archive: Database, found: Sequence[WatchNews], form: str, command: str, db: Path
) -> int:
    """Run the command for each question with news; return how often it failed."""
    faults = 0
    for news in found:
        if not news.items:
            continue
        message = MESSAGES[form]([news])
        fault = run_hook(command, f"{message.rstrip()}\n", _environment(news, form, db))
        if fault is None:
            mark_told(archive, [news])
            say(line(news.summary))
        else:
            # Not the command itself: it may hold a token, and this goes into logs.
            _report(f"{news.summary}, not reported: the --notify command {fault}")
            faults += 1
    return faults


def _environment(news: WatchNews, form: str, db: Path) -> dict[str, str]:
    """Return the command's environment: ours and what it may want to know."""
    inherited = {
        name: value for name, value in os.environ.items() if name not in {VARIABLE, NOTIFY_VARIABLE}
    }
    return inherited | {
        "THAIGOV_WATCH": news.watch.name,
        "THAIGOV_WATCH_QUESTION": line(news.watch.question),
        "THAIGOV_WATCH_SUMMARY": line(news.summary),
        "THAIGOV_WATCH_NEW": str(news.new),
        "THAIGOV_WATCH_CHANGED": str(news.changed),
        "THAIGOV_WATCH_FORMAT": form,
        "THAIGOV_DB": str(db.absolute()),
    }


def _report(sentence: str) -> None:
    """Print a fault, and tell it the ``--on-failure`` command."""
    say(line(sentence), err=True)
    note(sentence)
