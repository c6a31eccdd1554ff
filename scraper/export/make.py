"""Makes an export: reads the archive at one moment, writes beside the target, then renames.

Nothing is left under the final name, or beside it, unless everything was written. Only an earlier
export is ever replaced, and only if that is asked for.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, NamedTuple

from scraper.archive.database import open_for_reading
from scraper.archive.errors import ArchiveError, DiskError, explain_errors
from scraper.archive.publishing import remove, sync, work_folder
from scraper.export import FORMATS
from scraper.export.format import FormatError
from scraper.export.manifest import MANIFEST, manifest_of, read_manifest, with_files, write_json
from scraper.export.selection import Selection
from scraper.install import install_command
from scraper.progress import Meter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scraper.export.format import Format, Options
    from scraper.export.selection import ExportQuery

EXTRA = "export"


class Made(NamedTuple):
    """A finished export.

    Attributes:
        path: the file or folder, with symbolic links resolved.
        manifest_path: its manifest.
        manifest: the contents of that.
    """

    path: Path
    manifest_path: Path
    manifest: dict[str, Any]


def load_format(name: str) -> Format:
    """Import a format.

    Raises:
        FormatError: a package that it needs is not installed.
    """
    lazy = FORMATS[name]
    if missing := sorted(package for package in lazy.needs if find_spec(package) is None):
        raise FormatError(
            f"{name} needs {' and '.join(missing)}, which is not installed; run "
            f"`{install_command(EXTRA)}`"
        )
    found: Format = import_module(lazy.module).FORMAT
    return found


def make_export(
    form: Format, target: Path, query: ExportQuery, options: Options, *, replace: bool = False
) -> Made:
    """Write chosen articles of an archive.

    Args:
        form: from ``load_format``.
        target: the file or folder to write.
        query: which articles.
        options: of the format, with the archive.
        replace: an earlier export at ``target`` is replaced.

    Raises:
        ArchiveError: there is no archive, it is damaged, ``target`` may not be replaced, or cannot
            be written. No file was changed.
        ArchiveLockedError: another process is writing the same target.
        NothingFoundError: no article matches.
        FormatError: the format has nothing to write, or a program is missing.
        QueryError: the query has a syntax error.
    """
    target = target.resolve()
    beside = _manifest_path(form, target)
    _refuse_to_replace(form, target, options.archive, replace=replace)
    with work_folder(target) as folder, _explained_disk_errors(target):
        draft, draft_manifest = folder / target.name, folder / MANIFEST
        if form.is_folder:
            draft.mkdir()
            draft_manifest = draft / MANIFEST
        manifest = with_files(_write(form, draft, query, options, target), draft)
        write_json(draft_manifest, manifest)
        # Somebody may have made a file of this name meanwhile.
        _refuse_to_replace(form, target, options.archive, replace=replace)
        _publish(draft, target, draft_manifest, beside)
    return Made(target, beside, manifest)


def _write(
    form: Format, draft: Path, query: ExportQuery, options: Options, target: Path
) -> dict[str, Any]:
    """Write a draft and return its manifest; closing the archive checks that it did not change."""
    with open_for_reading(options.archive) as archive, explain_errors(options.archive):
        archive.execute("BEGIN")  # one moment of the archive, whatever is written meanwhile
        with Meter("export") as meter:
            selection = Selection(archive, query, meter.advance)
            meter.expect(len(selection))
            with _explained_disk_errors(target):
                notes = form.write(selection, draft, options)
        return manifest_of(selection, form, query, options, notes)


def _manifest_path(form: Format, target: Path) -> Path:
    """Return where the manifest is: inside a folder, beside a file."""
    return target / MANIFEST if form.is_folder else target.with_name(f"{target.name}.{MANIFEST}")


def _refuse_to_replace(form: Format, target: Path, archive: Path, *, replace: bool) -> None:
    """Raise ArchiveError unless nothing is at the target, or an export that may be replaced."""
    if not target.name or not target.parent.is_dir():
        raise ArchiveError(f"{target.parent}: no such folder; create it, or choose another path")
    beside = _manifest_path(form, target)
    taken = next((path for path in (target, beside) if path.exists()), None)
    if taken is None:
        return
    if target.exists() and archive.exists() and target.samefile(archive):
        raise ArchiveError(f"{target} is the archive itself; choose another path")
    if not replace:
        raise ArchiveError(
            f"{taken} exists; choose another path, or replace an earlier export with --force"
        )
    if (why := _why_no_export(form, target, beside)) is not None:
        raise ArchiveError(
            f"{target} exists and is not an export that --force may replace: {why}. Nothing was "
            f"changed. Choose another path"
        )


def _why_no_export(form: Format, target: Path, beside: Path) -> str | None:
    """Return why what is at a path is not an earlier export, None if it is one."""
    if (manifest := read_manifest(beside)) is None:
        return f"{beside.name} is not the manifest of an export"
    if not target.exists():
        return None
    if target.is_dir() is not form.is_folder:
        return "it is a folder" if target.is_dir() else "it is a file"
    if form.is_folder:
        listed = {entry["path"] for entry in manifest["files"]} | {MANIFEST}
        for path in target.rglob("*"):
            if not path.is_dir() and path.relative_to(target).as_posix() not in listed:
                return f"its manifest does not list {path.relative_to(target)}"
    return None


@contextmanager
def _explained_disk_errors(target: Path) -> Iterator[None]:
    """Convert errors about writing an export to an ArchiveError.

    SQLite's operational errors concern the export, all others the archive.
    """
    try:
        yield
    except sqlite3.OperationalError:
        with explain_errors(target):
            raise
    except ArchiveError:
        raise
    except OSError as error:
        cause = error.strerror or str(error)
        raise DiskError(f"{target}: cannot be written ({cause}); nothing was left there") from error


def _publish(draft: Path, target: Path, draft_manifest: Path, beside: Path) -> None:
    """Write an export to the disk and give it its name, replacing an earlier one."""
    if draft.is_dir():
        os.sync()  # one call instead of one for each of perhaps 100,000 files
        if target.exists():  # no file system of Python's can exchange two folders in one step
            old = draft.with_name("replaced")
            target.rename(old)
            draft.rename(target)
            remove(old)
        else:
            draft.rename(target)
    else:
        sync(draft)
        sync(draft_manifest)
        # The manifest first: where the export is, it is complete.
        draft_manifest.replace(beside)
        draft.replace(target)
    sync(target.parent)
