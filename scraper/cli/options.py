"""Options and parameter types that several commands share, and the summary of a run."""

from __future__ import annotations

import os
import re
import sys
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from scraper import timing
from scraper.archive.database import open_for_reading
from scraper.cli.messages import DB
from scraper.cli.on_failure import note
from scraper.model import Scope
from scraper.terminal import line, print_json, say
from scraper.thai.typed_dates import DayError, read_typed_date
from scraper.upkeep.status import run_summary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scraper.stages.executor import Workers


def _remember_db(ctx: click.Context, _: click.Parameter, db: Path) -> Path:
    """Keep the archive's path for the message of an error that does not name it."""
    ctx.meta[DB] = db
    return db


db_option = click.option(
    "--db",
    callback=_remember_db,
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="THAIGOV_DB",
    is_eager=True,  # so that --on-failure can name the archive when another option is wrong
    default=Path("data/thaigov.db"),
    show_default=True,
    help="Archive file; THAIGOV_DB sets another default.",
)


def _may_make_folder(ctx: click.Context, _: click.Parameter, create: bool) -> None:
    """Ask before making the archive's folder: its name may be mistyped."""
    db: Path = ctx.params["db"]
    folder = db.absolute().parent
    if (
        create
        or ctx.resilient_parsing
        or folder.exists()
        or ctx.get_parameter_source("db") is ParameterSource.DEFAULT
    ):
        return
    if not sys.stdin.isatty():
        raise click.UsageError(
            f"the folder {line(folder)} does not exist. If the name is right, add --create"
        )
    question = f"The folder {line(folder)} does not exist. Create it for a new archive?"
    click.confirm(question, abort=True, err=True)


# Beside db_option, for commands that create an archive if there is none.
create_option = click.option(
    "--create",
    is_flag=True,
    envvar="THAIGOV_CREATE",
    expose_value=False,
    callback=_may_make_folder,
    help="Create the archive's folder without asking; THAIGOV_CREATE=1 does the same.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")

log_level_option = click.option(
    "--log-level",
    default="WARNING",
    show_default=True,
    type=click.Choice(["DEBUG", "INFO", "WARNING", "ERROR"]),
    help="Lowest level of log lines to show.",
)


class OutType(click.Path):
    """A file or folder to write; no pipe, since what we write appears once it is complete."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path.

        Raises:
            click.BadParameter: it is ``-``, or exists and is a pipe or device.
        """
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        if str(path) == "-" or (path.exists() and not (path.is_file() or path.is_dir())):
            self.fail(f"{str(path)!r} is no file or folder; nothing else can be written to",
                      param, ctx)  # fmt: skip
        return path


class ClusterType(click.ParamType[str]):
    """The address of a Dask scheduler, or ``local:`` and a number of worker processes."""

    name = "address"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the address.

        Raises:
            click.BadParameter: it is neither.
        """
        if not re.fullmatch(r"(tcp|tls|ucx|ws|wss)://\S+:\d+|local:[1-9]\d*", str(value)):
            self.fail(f"{value!r} is not an address such as tcp://host:8786 or local:4", param, ctx)
        return str(value)


cluster_option = click.option(
    "--cluster",
    type=ClusterType(),
    help="Parse the pages on the workers of a Dask scheduler such as tcp://host:8786; local:4 "
    "starts one here with four.",
)


@contextmanager
def workers_on(address: str | None, processes: int) -> Iterator[Workers]:
    """Yield the workers that parse pages: a cluster, or this many processes if no address is given.

    Raises:
        WorkerError: no scheduler answers.
    """
    if address is None:
        yield processes
        return
    from scraper.stages.cluster import Cluster  # noqa: PLC0415  few commands need it

    with Cluster(address) as cluster:
        yield cluster


CORES = max(1, min(8, os.cpu_count() or 1))  # default number of worker processes


def scope_option(default: Scope) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the ``--scope`` option of a command."""
    return click.option(
        "--scope",
        type=click.Choice([scope.value for scope in Scope]),
        default=default.value,
        show_default=True,
        help="Which articles are kept: the Ministry of Industry's, or all.",
    )


class DateType(click.ParamType[date]):
    """A year, month or day of either era, in the forms ``read_typed_date`` accepts.

    Args:
        last: a month or year means its last day, not its first.
    """

    name = "date"

    def __init__(self, *, last: bool = False) -> None:
        self._last = last

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day.

        Raises:
            click.BadParameter: it is not a date.
        """
        try:
            period = read_typed_date(str(value))
        except DayError as error:
            self.fail(error.english, param, ctx)
        return period.last if self._last else period.first


def check_order(since: date | None, until: date | None) -> None:
    """Check that a first day is not after a last one.

    Raises:
        click.UsageError: it is, so nothing could be found.
    """
    if since and until and since > until:
        raise click.UsageError(f"{since} is after {until}; swap the two dates")


class ChoiceType(click.ParamType[str]):
    """A ministry, agency, person or province, as ``read_choice`` reads it.

    Args:
        name: the kind of thing.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the key.

        Raises:
            click.BadParameter: nothing, or more than one, is called so.
        """
        from scraper.search.choices import (  # noqa: PLC0415 - loads all rules about facts
            ChoiceError,
            read_choice,
        )

        try:
            return read_choice(self.name, str(value))
        except ChoiceError as error:
            self.fail(str(error), param, ctx)


class NumberRangeType(click.ParamType[tuple[int, int]]):
    """A range of article numbers such as ``19444-21653``, or one number."""

    name = "numbers"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        """Return both bounds.

        Raises:
            click.BadParameter: it is not a range, or an empty one.
        """
        first, dash, last = str(value).partition("-")
        bounds = (first, last if dash else first)
        if not all(n.isascii() and n.isdigit() for n in bounds) or int(first) > int(bounds[1]):
            self.fail(f"{value!r} is not a range; write 19444-21653 or one number", param, ctx)
        return int(first), int(bounds[1])


SHOWN_COUNTS = (
    "requests", "captures", "new", "changed", "unchanged", "gone", "missing", "out_of_scope",
    "attachments", "failed", "unparsed", "blocked", "problems",
)  # fmt: skip


profile_option = click.option(
    "--profile",
    is_flag=True,
    help="Print milliseconds per item by part and process, and which side waited.",
)


@contextmanager
def profiling(count: Callable[[], int], *, is_on: bool) -> Iterator[None]:
    """Run a block; then print to stderr what its parts took, if that is asked for.

    Args:
        count: returns the number of items, afterwards.
        is_on: whether it is asked for.
    """
    if not is_on:
        yield
        return
    times = timing.start()
    try:
        yield
    finally:
        timing.stop()
    for row in timing.report(times, count()):
        say(row, err=True)


def print_run(db: Path, run_id: int, *, as_json: bool) -> None:
    """Print what a run did: one sentence for people, its whole row for programs."""
    with open_for_reading(db) as archive:
        summary = run_summary(archive, run_id)
    counts = [
        f"{summary[name]:,} {name.replace('_', ' ')}" for name in SHOWN_COUNTS if summary[name]
    ]
    sentence = f"Run {run_id} {summary['outcome']}: {', '.join(counts) or 'nothing new'}. {db}"
    note(sentence, run=(run_id, summary["outcome"]))
    if as_json:
        print_json(summary)
    else:
        say(sentence)
