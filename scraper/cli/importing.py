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
from scraper.imports.corpus import ImportProblem, count, read_corpus
from scraper.imports.ingest import ingest
from scraper.model import Scope
from scraper.progress import Meter

if TYPE_CHECKING:
    from collections.abc import Iterator


def _incoming(session: Session, paths: tuple[Path, ...]) -> Iterator[Incoming]:
    """Yield the captures; tell and note the files that cannot be read."""
    for found in read_corpus(paths, now()):
        if isinstance(found, ImportProblem):
            click.echo(str(found), err=True)
            session.problem("import", found.kind, str(found))
            session.faults += found.kind != "left-out"
        else:
            yield Incoming(found)


@click.command()
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATH…"
)
@click.option(
    "--workers",
    type=click.IntRange(1),
    default=max(1, min(8, os.cpu_count() or 1)),
    show_default="one per core",
    help="Processes that read the texts.",
)
@scope_option(Scope.ALL)
@db_option
@json_option
@click.pass_context
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
        ingest(session, _incoming(session, paths), workers=workers, advance=meter.advance)
    print_run(db, session.run_id, as_json=as_json)
    ctx.exit(session.exit_code)
