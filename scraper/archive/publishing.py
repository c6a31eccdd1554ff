"""Publishes files atomically: writes beside the target and moves into place once complete."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from scraper.archive.errors import ArchiveError
from scraper.archive.lock import ArchiveLockedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCK = "lock"


@contextmanager
def work_folder(target: Path) -> Iterator[Path]:
    """Yield an empty folder beside the target, for one process at a time; remove it afterwards.

    Files of a killed process are removed first.

    Raises:
        ArchiveError: the folder of the target cannot be written.
        ArchiveLockedError: another process is writing the same target.
    """
    folder = target.with_name(f".{target.name}.making")
    lock = FileLock(folder / LOCK)
    try:
        folder.mkdir(exist_ok=True)
        lock.acquire(timeout=0)
        for left in folder.iterdir():
            if left.name != LOCK:
                remove(left)
    except Timeout:
        raise ArchiveLockedError(
            f"{target}: another process is writing it; try again later"
        ) from None
    except OSError as error:
        raise ArchiveError(f"{target}: cannot write to its folder ({error})") from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # the next process removes the rest
        lock.release()


def remove(path: Path) -> None:
    """Remove a file, or a folder with all it contains."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def sync(path: Path) -> None:
    """Write a file or a folder's list of names to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
