"""``thaigov import``: corpora and WARC files become captures and articles."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from scraper.archive.frontier_backup import FrontierBackup, latest_backup
from scraper.archive.writer import ArchiveWriter
from scraper.cli.import_parts import HARMLESS, NOTHING_FOUND, make_parts
from scraper.cli.on_failure import on_failure_option
from scraper.cli.options import (
    CORES,
    OutType,
    cluster_option,
    create_option,
    db_option,
    json_option,
    print_run,
    profile_option,
    profiling,
    scope_option,
    workers_on,
)
from scraper.clock import now
from scraper.files.problem import ImportProblem
from scraper.imports import corpus as corpora
from scraper.imports.ingest import ingest
from scraper.imports.warc import read_warc
from scraper.model import Capture, Incoming, Scope
from scraper.progress import Meter
from scraper.terminal import line, print_json, say
from scraper.warc import warc_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    FindRevisited = Callable[[str, datetime | None, str], Capture | None]
    Items = Iterable[Capture | Incoming | FrontierBackup | ImportProblem]


def _captures_of(
    writer: ArchiveWriter, items: Items, owed: list[FrontierBackup]
) -> Iterator[Incoming]:
    """Yield the captures; report and record problems, also that no capture was found.

    Frontier records of the archive's own WARC files are added to ``owed``.
    """
    is_empty = True
    for item in items:
        if isinstance(item, ImportProblem):
            say(line(item), err=True)
            writer.problem("import", item.kind, str(item))
            writer.faults += item.kind not in HARMLESS
            continue
        if isinstance(item, FrontierBackup):
            owed.append(item)
            continue
        incoming = Incoming(item) if isinstance(item, Capture) else item
        is_empty = False
        if (why := writer.captures.misplaced(incoming.capture)) is None:
            yield incoming
        else:
            say(line(why), err=True)
            writer.problem("import", "other-site", why)
            writer.faults += 1
    if is_empty and not writer.faults:
        say(NOTHING_FOUND, err=True)
        writer.problem("import", "nothing-found", NOTHING_FOUND)
        writer.faults += 1


@click.group("import")
def import_group() -> None:
    """Import corpora and WARC files that others collected."""


_paths = click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATH…"
)
_workers = click.option(
    "--workers",
    type=click.IntRange(1),
    default=CORES,
    show_default="one per core",
    help="Processes that parse the pages.",
)


_parts = click.option(
    "--parts",
    type=OutType(),
    metavar="OUT",
    help="Write Parquet files into the folder OUT instead of an archive; with --cluster its "
    "workers write them, so they must see that folder.",
)


def _import_command(function: Callable[..., None]) -> click.Command:
    """Make a command of ``import_group`` with the arguments and options of every import."""
    options = (
        _paths,
        _workers,
        cluster_option,
        _parts,
        scope_option(Scope.ALL),
        profile_option,
        on_failure_option,
        db_option,
        create_option,
        json_option,
        click.pass_context,
    )
    for option in reversed(options):
        function = option(function)
    return import_group.command()(function)


@_import_command
def corpus(ctx: click.Context, paths: tuple[Path, ...], **options: Any) -> None:
    """Import files of the PyThaiNLP corpora: folders, .txt, .tar.gz or .zip.

    Importing the same files again only updates when they were last seen.
    """

    def read(_find: FindRevisited, meter: Meter) -> Items:
        return corpora.read_corpus(paths, now(), meter.advance)

    _import(ctx, "import corpus", paths, corpora.corpus_size(paths), read, **options)


@_import_command
@click.option(
    "--own",
    is_flag=True,
    help="Restore this archive from its own files: trust what they say about the origin of each "
    "capture, the scopes and the frontier.",
)
def warc(ctx: click.Context, paths: tuple[Path, ...], *, own: bool, **options: Any) -> None:
    """Import the articles' pages in .warc, .warc.gz, .wacz and .arc files, or folders of them.

    Other pages in these files are skipped and counted. Importing the same files again only updates
    when they were last seen. With --own an archive is restored from its own files.
    """

    def read(find: FindRevisited, meter: Meter) -> Items:
        found = read_warc(paths, find, meter.advance, own=own)
        is_chosen = ctx.get_parameter_source("scope") is not ParameterSource.DEFAULT
        return map(_without_scope, found) if is_chosen else found

    _import(ctx, "import warc", paths, warc_files.warcs_size(paths), read, **options)


def _without_scope(
    item: Incoming | FrontierBackup | ImportProblem,
) -> Incoming | FrontierBackup | ImportProblem:
    """Return a capture without the scope of the run that made it, anything else unchanged."""
    if not isinstance(item, Incoming):
        return item
    return item._replace(capture=item.capture.model_copy(update={"scope": None}))


def _import(
    ctx: click.Context,
    command: str,
    paths: tuple[Path, ...],
    size: int,
    read: Callable[[FindRevisited, Meter], Items],
    *,
    workers: int,
    cluster: str | None,
    parts: Path | None,
    scope: str,
    profile: bool,
    db: Path,
    as_json: bool,
) -> None:
    """Run an import and print its summary.

    ``size`` is the number of bytes that ``read`` will read of ``paths``. Progress is shown in
    bytes, since captures left by earlier runs, which are read first, are not in these files.
    """
    if parts is not None:
        with Meter("import", size, in_bytes=True) as meter:
            found = read(lambda *_: None, meter)
            made = make_parts(found, parts, workers, Scope(scope), cluster)
        if as_json:
            print_json(made.summary())
        else:
            say(made.sentence())
        ctx.exit(made.exit_code)
    arguments = {"paths": [str(path) for path in paths], "scope": scope}
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count

    with workers_on(cluster, workers) as chosen:
        writer = ArchiveWriter(db, command, arguments, scope=Scope(scope))
        with writer, profiling(lambda: done, is_on=profile):
            with Meter("import", size, in_bytes=True) as meter:
                owed: list[FrontierBackup] = []
                items = read(writer.captures.find_revisited, meter)
                ingest(writer, _captures_of(writer, items, owed), workers=chosen, advance=advance)
            if (newest := latest_backup(owed)) is not None:
                writer.restore_frontier(newest)
    print_run(db, writer.run_id, as_json=as_json)
    ctx.exit(writer.exit_code)
