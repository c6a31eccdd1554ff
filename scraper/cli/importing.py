"""``thaigov import``: what others collected becomes captures and articles."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from scraper.archive.frontier_backup import FrontierBackup, latest_backup
from scraper.archive.writer import ArchiveWriter
from scraper.cli.failure import on_failure_option
from scraper.cli.options import (
    CORES,
    create_option,
    db_option,
    json_option,
    print_run,
    scope_option,
)
from scraper.clock import now
from scraper.files.problem import ImportProblem
from scraper.imports import corpus as corpora
from scraper.imports.ingest import ingest
from scraper.imports.warc import read_warc
from scraper.model import Capture, Incoming, Scope
from scraper.progress import Meter
from scraper.terminal import line, say
from scraper.warc import warc_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Found = Iterable[Capture | Incoming | FrontierBackup | ImportProblem]

NO_FAULTS = {"left-out", "claimed-origin"}
NOTHING = "nothing of an article is in what was given"


def _incoming(
    writer: ArchiveWriter, found: Found, owed: list[FrontierBackup]
) -> Iterator[Incoming]:
    """Yield the captures; tell and note what cannot be read, and that there was nothing to read.

    What an archive says of itself beside its captures is added to ``owed``.
    """
    nothing = True
    for item in found:
        if isinstance(item, ImportProblem):
            say(line(item), err=True)
            writer.problem("import", item.kind, str(item))
            writer.faults += item.kind not in NO_FAULTS
            continue
        if isinstance(item, FrontierBackup):
            owed.append(item)
            continue
        incoming = Incoming(item) if isinstance(item, Capture) else item
        nothing = False
        if (why := writer.captures.misplaced(incoming.capture)) is None:
            yield incoming
        else:
            say(line(why), err=True)
            writer.problem("import", "other-site", why)
            writer.faults += 1
    if nothing and not writer.faults:
        say(NOTHING, err=True)
        writer.problem("import", "nothing-found", NOTHING)
        writer.faults += 1


_paths = click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATH…"
)
_workers = click.option(
    "--workers",
    type=click.IntRange(1),
    default=CORES,
    show_default="one per core",
    help="Processes that read the texts.",
)


def _command(function: Callable[..., None]) -> click.Command:
    """Give an import its arguments and options."""
    options = (
        _paths,
        _workers,
        scope_option(Scope.ALL),
        on_failure_option,
        db_option,
        create_option,
        json_option,
        click.pass_context,
    )
    for option in reversed(options):
        function = option(function)
    return click.command()(function)


@_command
def corpus(ctx: click.Context, paths: tuple[Path, ...], **options: Any) -> None:
    """Import files of the PyThaiNLP corpora: folders, .txt, .tar.gz or .zip.

    Importing the same files again only notes that they were seen again.
    """

    def read(_writer: ArchiveWriter, meter: Meter) -> Found:
        return corpora.read_corpus(paths, now(), meter.advance)

    _run(ctx, "import corpus", paths, corpora.corpus_size(paths), read, **options)


@_command
@click.option(
    "--own",
    is_flag=True,
    help="These files were written by this archive, which is to be made anew: believe what they "
    "say of where each capture came from, of scopes, and of what was owed.",
)
def warc(ctx: click.Context, paths: tuple[Path, ...], *, own: bool, **options: Any) -> None:
    """Import the articles' pages in .warc, .warc.gz, .wacz and .arc files, or folders of them.

    Whatever else a browser or crawler saved is passed over and counted. Importing the same files
    again only notes that they were seen again. With --own an archive's own files restore it.
    """

    def read(writer: ArchiveWriter, meter: Meter) -> Found:
        found = read_warc(paths, writer.captures.find_revisited, meter.advance, own=own)
        is_chosen = ctx.get_parameter_source("scope") is not ParameterSource.DEFAULT
        return map(_unscoped, found) if is_chosen else found

    _run(ctx, "import warc", paths, warc_files.warcs_size(paths), read, **options)


def _unscoped(
    item: Incoming | FrontierBackup | ImportProblem,
) -> Incoming | FrontierBackup | ImportProblem:
    """Return a capture without the scope of the run that made it, anything else as it is."""
    if not isinstance(item, Incoming):
        return item
    return item._replace(capture=item.capture.model_copy(update={"scope": None}))


def _run(
    ctx: click.Context,
    command: str,
    paths: tuple[Path, ...],
    size: int,
    read: Callable[[ArchiveWriter, Meter], Found],
    *,
    workers: int,
    scope: str,
    db: Path,
    as_json: bool,
) -> None:
    """Run an import to its end and tell what it did.

    ``size`` is how many bytes on the disk ``read`` will read of ``paths``: progress is told in
    these, since the captures of earlier runs that are read first are none of them.
    """
    arguments = {"paths": [str(path) for path in paths], "scope": scope}
    writer = ArchiveWriter(db, command, arguments, scope=Scope(scope))
    with writer, Meter("import", size, in_bytes=True) as meter:
        owed: list[FrontierBackup] = []
        ingest(writer, _incoming(writer, read(writer, meter), owed), workers=workers)
        if (newest := latest_backup(owed)) is not None:
            writer.restore_frontier(newest)
    print_run(db, writer.run_id, as_json=as_json)
    ctx.exit(writer.exit_code)
