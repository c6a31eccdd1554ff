"""``thaigov import``: what others collected becomes captures and articles."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scraper.archive.captures import Incoming
from scraper.archive.session import Session
from scraper.cli.options import db_option, json_option, print_run, scope_option
from scraper.clock import now
from scraper.imports.containers import size
from scraper.imports.corpus import count, read_corpus
from scraper.imports.ingest import ingest
from scraper.imports.problem import ImportProblem
from scraper.imports.warc import read_warc
from scraper.model import Capture, Scope
from scraper.progress import Meter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

NOTHING = "nothing of an article is in what was given"


def _incoming(
    session: Session, found: Iterable[Capture | Incoming | ImportProblem]
) -> Iterator[Incoming]:
    """Yield the captures; tell and note what cannot be read, and that there was nothing to read."""
    nothing = True
    for item in found:
        if isinstance(item, ImportProblem):
            click.echo(str(item), err=True)
            session.problem("import", item.kind, str(item))
            session.faults += item.kind != "left-out"
        else:
            nothing = False
            yield Incoming(item) if isinstance(item, Capture) else item
    if nothing and not session.faults:
        click.echo(NOTHING, err=True)
        session.problem("import", "nothing-found", NOTHING)
        session.faults += 1


_paths = click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATH…"
)
_workers = click.option(
    "--workers",
    type=click.IntRange(1),
    default=max(1, min(8, os.cpu_count() or 1)),
    show_default="one per core",
    help="Processes that read the texts.",
)


def _command(function: Callable[..., None]) -> click.Command:
    """Give an import its arguments and options."""
    options = (
        _paths,
        _workers,
        scope_option(Scope.ALL),
        db_option,
        json_option,
        click.pass_context,
    )
    for option in reversed(options):
        function = option(function)
    return click.command()(function)


@_command
def corpus(
    ctx: click.Context,
    paths: tuple[Path, ...],
    workers: int,
    scope: str,
    db: Path,
    as_json: bool,
) -> None:
    """Import files of the PyThaiNLP corpora: folders, .txt, .tar.gz or .zip.

    Importing the same files again only notes that they were seen again.
    """
    arguments = {"paths": [str(path) for path in paths], "scope": scope}
    session = Session(db, "import corpus", arguments, scope=Scope(scope))
    with session, Meter("import", count(paths)) as meter:
        found = read_corpus(paths, now())
        ingest(session, _incoming(session, found), workers=workers, advance=meter.advance)
    print_run(db, session.run_id, as_json=as_json)
    ctx.exit(session.exit_code)


@_command
def warc(
    ctx: click.Context,
    paths: tuple[Path, ...],
    workers: int,
    scope: str,
    db: Path,
    as_json: bool,
) -> None:
    """Import the articles' pages in .warc, .warc.gz, .wacz and .arc files, or folders of them.

    Whatever else a browser or crawler saved is passed over and counted. Importing the same files
    again only notes that they were seen again. The archive's own files bring it back whole.
    """
    arguments = {"paths": [str(path) for path in paths], "scope": scope}
    session = Session(db, "import warc", arguments, scope=Scope(scope))
    with session, Meter("import", size(paths), in_bytes=True) as meter:
        found = read_warc(paths, session.captures.recall, meter.advance)
        ingest(session, _incoming(session, found), workers=workers)
    print_run(db, session.run_id, as_json=as_json)
    ctx.exit(session.exit_code)
